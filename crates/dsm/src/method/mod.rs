//! The methods, one per file, in folders that follow the names of their APIs.

pub mod active_directory;
pub mod api;
pub mod directory_server;
pub mod entry;
pub mod forgotten_password;
pub mod health;
pub mod host;
pub mod membership;
pub mod second_factor;
