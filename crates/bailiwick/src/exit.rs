//! How the process ends: each kind of failure has a code of its own, listed in `--help`.

use std::fmt;
use std::process::ExitCode;

use bailiwick_directory::OpenError;
use bailiwick_server::StartError;
use bailiwick_server::config::ConfigError;
use bailiwick_server::data_folder::FolderError;
use bailiwick_server::telemetry::LogError;

/// Records of an import were refused.
pub const RECORDS_REFUSED: u8 = 10;

/// Why a command failed, in words for its caller.
#[derive(Debug)]
pub enum Failure {
    /// The configuration is wrong.
    Config(ConfigError),
    /// Logging cannot begin.
    Log(LogError),
    /// The server or its data folder cannot be opened.
    Start(StartError),
    /// Something of the operating system.
    System {
        /// What was being done.
        doing: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl Failure {
    /// The code that the process exits with.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Config(_) | Failure::Log(_) => 3,
            Failure::Start(error) => start_code(error),
            Failure::System { .. } => 1,
        })
    }
}

fn start_code(error: &StartError) -> u8 {
    match error {
        StartError::DomainNeeded | StartError::PasswordFile { .. } | StartError::Provision(_) => 3,
        StartError::Listen(_) => 4,
        StartError::Folder(FolderError::InUse { .. }) => 6,
        StartError::Folder(_) => 5,
        StartError::OtherDomain { .. } => 7,
        StartError::Open(error) => open_code(error),
        StartError::Certificate(_) | StartError::System(_) => 1,
    }
}

fn open_code(error: &OpenError) -> u8 {
    match error {
        OpenError::NotProvisioned => 5,
        OpenError::NewerFormat { .. } => 8,
        OpenError::Damaged { .. } | OpenError::Store(bailiwick_store::Error::Corrupt { .. }) => 9,
        OpenError::Store(bailiwick_store::Error::InUse { .. }) => 6,
        OpenError::Store(bailiwick_store::Error::NotWritable { .. }) => 5,
        OpenError::Store(_) => 1,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Config(error) => error.fmt(f),
            Failure::Log(error) => error.fmt(f),
            Failure::Start(error) => error.fmt(f),
            Failure::System { doing, source } => write!(f, "{doing}: {source}"),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Failure {
        Failure::Config(error)
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Failure {
        Failure::Log(error)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Failure {
        Failure::Start(error)
    }
}
