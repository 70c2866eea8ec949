//! The binary's commands, run as a person runs them.

mod config;
mod export;
mod folder;
mod import;
mod serve;
