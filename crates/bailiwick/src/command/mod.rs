//! The subcommands, one per file.

mod audit;
mod config;
mod export;
mod import;
mod init;
mod reach;
mod serve;

use std::process::ExitCode;

use clap::Subcommand;

use crate::exit::Failure;

/// What can be asked of the binary.
#[derive(Subcommand)]
pub enum Command {
    Serve(serve::Serve),
    Init(init::Init),
    Import(import::Import),
    Export(export::Export),
    Audit(audit::ShowAudit),
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
            Command::Import(import) => import.run(),
            Command::Export(export) => export.run(),
            Command::Audit(audit) => audit.run(),
            Command::Config(config) => config.run(),
        }
    }
}
