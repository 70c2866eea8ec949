//! The AD REST API of a real server, and what its requests leave behind for LDAP.

mod client;
mod documentation;
mod golden;
mod input;
mod points;
mod search;
mod sign_in;
mod tags;
