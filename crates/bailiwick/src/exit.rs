//! How the process ends: each kind of failure has a code of its own, listed in `--help`.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use bailiwick_accounts::OpenError as HostError;
use bailiwick_accounts::administration::{Refusal as HostRefusal, mail, second_factor, token};
use bailiwick_adtypes::ldif::LdifError;
use bailiwick_directory::OpenError;
use bailiwick_domain::administration;
use bailiwick_server::StartError;
use bailiwick_server::config::ConfigError;
use bailiwick_server::data_folder::FolderError;
use bailiwick_server::telemetry::LogError;

use crate::domain::{ConnectionError, Refused};

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
    /// A running server cannot be reached, or the connection broke.
    Connection {
        /// The server.
        address: String,
        /// Why.
        source: ConnectionError,
    },
    /// A running server does not let us in.
    SignIn {
        /// The server.
        address: String,
        /// Why.
        refused: Refused,
    },
    /// What was asked of the domain is refused as a whole.
    Refused {
        /// What was being done.
        doing: String,
        /// Why.
        refused: Refused,
    },
    /// A use-case of administration failed.
    Administration(administration::Error),
    /// What was asked of the host is refused.
    Host(HostRefusal),
    /// A name or filter cannot be read.
    Query {
        /// The text.
        text: String,
    },
    /// The store failed.
    Store {
        /// How.
        reason: String,
    },
    /// No server has kept an audit here.
    NoAudit {
        /// The data folder.
        folder: PathBuf,
    },
    /// The input is no LDIF that can be read to its end.
    Ldif {
        /// The input.
        input: String,
        /// What is wrong, and in which line.
        source: LdifError,
    },
    /// The input is of another domain.
    OtherBase {
        /// The input.
        input: String,
        /// The line.
        line: u64,
        /// The name that is there.
        dn: String,
        /// What the names of this domain end with.
        base: String,
    },
    /// The flags contradict each other, or something is missing among them.
    Usage {
        /// What is wrong.
        text: &'static str,
    },
    /// Something of the operating system.
    System {
        /// What was being done.
        doing: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl Failure {
    /// The server answers what was not asked.
    pub fn unexpected_answer() -> Failure {
        Failure::Usage { text: "the server answers what was not asked: it is of another version" }
    }

    /// The code that the process exits with.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Config(_) | Failure::Log(_) => 3,
            Failure::Start(error) => start_code(error),
            Failure::NoAudit { .. } => 5,
            Failure::Usage { .. } | Failure::Query { .. } => 2,
            Failure::Ldif { .. } | Failure::OtherBase { .. } => 11,
            Failure::Connection { .. } | Failure::SignIn { .. } => 12,
            Failure::Administration(
                administration::Error::NoSuchObject { .. } | administration::Error::Ambiguous { .. },
            ) => 13,
            Failure::Administration(_)
            | Failure::Host(_)
            | Failure::Refused { .. }
            | Failure::Store { .. }
            | Failure::System { .. } => 1,
        })
    }
}

fn start_code(error: &StartError) -> u8 {
    match error {
        StartError::DomainNeeded
        | StartError::PasswordFile { .. }
        | StartError::Mail(_)
        | StartError::PasswordCost
        | StartError::Provision(_) => 3,
        StartError::Listen(_) => 4,
        StartError::Folder(FolderError::InUse { .. }) => 6,
        StartError::Folder(_) => 5,
        StartError::OtherDomain { .. } => 7,
        StartError::Open(error) => open_code(error),
        StartError::Host(HostError::NewerFormat { .. }) => 8,
        StartError::Host(HostError::Damaged) => 9,
        StartError::Host(HostError::Store(error)) => store_code(error),
        StartError::Certificate(_) | StartError::System(_) => 1,
    }
}

fn open_code(error: &OpenError) -> u8 {
    match error {
        OpenError::NotProvisioned => 5,
        OpenError::NewerFormat { .. } => 8,
        OpenError::Damaged { .. } => 9,
        OpenError::Store(error) => store_code(error),
    }
}

fn store_code(error: &bailiwick_store::Error) -> u8 {
    match error {
        bailiwick_store::Error::Corrupt { .. } => 9,
        bailiwick_store::Error::InUse { .. } => 6,
        bailiwick_store::Error::NotWritable { .. } => 5,
        _ => 1,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Config(error) => error.fmt(f),
            Failure::Log(error) => error.fmt(f),
            Failure::Start(error) => error.fmt(f),
            Failure::Connection { address, source } => write!(f, "{address}: {source}"),
            Failure::SignIn { address, refused } => write!(f, "{address} refuses the sign-in: {refused}"),
            Failure::Refused { doing, refused } => write!(f, "{doing} is refused: {refused}"),
            Failure::Administration(error) => administration_words(f, error),
            Failure::Host(refusal) => host_words(f, refusal),
            Failure::Query { text } => write!(f, "`{text}` cannot be read"),
            Failure::Store { reason } => write!(f, "the store failed: {reason}"),
            Failure::NoAudit { folder } => write!(f, "{} holds no audit", folder.display()),
            Failure::Ldif { input, source } => write!(f, "{input}, {source}"),
            Failure::OtherBase { input, line, dn, base } => {
                write!(f, "{input}, line {line}: `{dn}` is not of this domain, whose names end with `{base}`")
            }
            Failure::Usage { text } => f.write_str(text),
            Failure::System { doing, source } => write!(f, "{doing}: {source}"),
        }
    }
}

fn host_words(f: &mut fmt::Formatter<'_>, refusal: &HostRefusal) -> fmt::Result {
    match refusal {
        HostRefusal::SecondFactor(refusal) => f.write_str(match refusal {
            second_factor::Refusal::AlreadyActive => {
                "the account has one-time codes already; `bailiwick user otp disable` takes them away"
            }
            second_factor::Refusal::NotEnrolled => {
                "the account has no one-time codes; `bailiwick user otp enable` begins with them"
            }
            second_factor::Refusal::WrongCode => {
                "the code is not right, or not good any more; look at the device's clock and try the next one"
            }
            second_factor::Refusal::TooManyWrongCodes { .. } => {
                "there were too many wrong codes; none counts for a quarter of an hour"
            }
            second_factor::Refusal::Unreadable => {
                "the account's seed does not open with the secret.key of this folder; disable the codes and enable them anew"
            }
        }),
        HostRefusal::Mail(refusal) => f.write_str(match refusal {
            mail::Refusal::NoSuchLetter => "no letter has this number; `bailiwick mail list` shows those that there are",
            mail::Refusal::NoText => "the letter's text is gone: it was sent or given up",
            mail::Refusal::Full => "the outbox is full of letters that wait",
            mail::Refusal::Address => "no letter can go to this address",
            mail::Refusal::Form => "the subject or the text is too long",
        }),
        HostRefusal::Token(refusal) => f.write_str(match refusal {
            token::Refusal::UnknownScope => "a token is for one scope at least, and for scopes that there are",
            token::Refusal::TooMany => "there are too many tokens; revoke those that nobody uses",
            token::Refusal::LongNote => "the note is too long",
            token::Refusal::NoSuchToken => "there is no such token; `bailiwick token list` shows all",
        }),
        HostRefusal::TooLong => f.write_str("it is done, but the answer is too long for the way back"),
        HostRefusal::Unavailable { reason } => write!(f, "the store failed: {reason}"),
    }
}

fn administration_words(f: &mut fmt::Formatter<'_>, error: &administration::Error) -> fmt::Result {
    use administration::Error;
    match error {
        Error::NoSuchObject { kind, selector } => write!(f, "there is no {kind} `{selector}`"),
        Error::Ambiguous { kind, selector } => {
            write!(f, "`{selector}` is the name of more than one {kind}; say which by its DN")
        }
        Error::InvalidName { text } => write!(f, "`{text}` cannot be the name of an object"),
        Error::KeepsChanging => f.write_str("others keep changing the object; try again"),
        Error::NotGranted => {
            f.write_str("the object has no such entry of its own; what it inherits is revoked above it")
        }
        Error::Unsaid { attribute } => write!(f, "the directory does not say {attribute}"),
        Error::Directory(bailiwick_domain::Error::Unavailable { reason }) => f.write_str(reason),
        Error::Directory(error) => {
            let (code, text) = bailiwick_server::ldap::describe(error);
            fmt::Display::fmt(&Refused { code, text }, f)
        }
    }
}

impl From<administration::Error> for Failure {
    fn from(error: administration::Error) -> Failure {
        Failure::Administration(error)
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
