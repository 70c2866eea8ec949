//! The subcommands, one per file.

mod config;
mod init;
mod serve;

use std::process::ExitCode;

use clap::Subcommand;

use crate::exit::Failure;

/// What can be asked of the binary.
#[derive(Subcommand)]
pub enum Command {
    Serve(serve::Serve),
    Init(init::Init),
    Config(config::ShowConfig),
}

impl Command {
    /// Runs it.
    ///
    /// # Errors
    /// Why it failed, in words for its caller.
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Command::Serve(serve) => serve.run(),
            Command::Init(init) => init.run(),
            Command::Config(config) => config.run(),
        }
    }
}
