//! The drivers over real sockets, with a directory that is as simple as can be.

mod changes;
mod client;
mod endings;
mod fake;
mod pages;
mod passwords;
mod searches;
mod sign_in;
mod started;
mod web;
