//! The drivers over real sockets, with a directory that is as simple as can be.

mod changes;
mod client;
mod endings;
mod expired_passwords;
mod fake;
mod hashing_pool;
mod pages;
mod passwords;
mod searches;
mod sign_in;
mod started;
mod web;
