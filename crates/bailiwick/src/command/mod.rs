//! The subcommands, one per file.

mod acl;
mod audit;
mod completion;
mod computer;
mod config;
mod export;
mod group;
mod import;
mod init;
mod mail;
mod otp;
mod password;
mod reach;
mod serve;
mod token;
mod unit;
mod user;
mod verb;

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
    User(user::User),
    Group(group::Group),
    Unit(unit::Unit),
    Computer(computer::Computer),
    Password(password::PasswordCommand),
    Acl(acl::Acl),
    Token(token::Token),
    Mail(mail::Mail),
    Audit(audit::ShowAudit),
    Config(config::ShowConfig),
    Completion(completion::Completion),
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
            Command::User(user) => user.run(),
            Command::Group(group) => group.run(),
            Command::Unit(unit) => unit.run(),
            Command::Computer(computer) => computer.run(),
            Command::Password(password) => password.run(),
            Command::Acl(acl) => acl.run(),
            Command::Token(token) => token.run(),
            Command::Mail(mail) => mail.run(),
            Command::Audit(audit) => audit.run(),
            Command::Config(config) => config.run(),
            Command::Completion(completion) => completion.run(),
        }
    }
}
