//! What the whole-product tests share: the real binary on free ports, a domain of its own for each test, and the
//! clients that talk to it.
//!
//! A test says `let server = Server::start();` and has a provisioned domain `example.com` in a folder that nobody
//! else uses; everything goes away when the server is dropped.

mod binary;
mod client;
mod domain;
mod entry;
mod mail_server;
mod organisation;
mod program;
mod server;

pub use binary::{command, repository};
pub use client::{Client, Ended};
pub use domain::{ADMINISTRATOR, BASE, Domain, PASSWORD, USERS, cheap_flags};
pub use entry::{Entry, entries};
pub use mail_server::MailServer;
pub use organisation::{load_organisation, person};
pub use program::{Output, python, python_command, python_of, python_with, run};
pub use server::{Exited, Running, Server, ServerCommand};
