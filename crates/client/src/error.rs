//! What can go wrong with a call.

use std::fmt;
use std::time::Duration;

use crate::address::AddressFault;
use crate::answer::AnswerFault;
use crate::envelope::EnvelopeFault;
use crate::handshake::HandshakeFault;
use crate::refusal::{Refusal, Refused};
use crate::task::TaskId;
use crate::trust::TrustFault;

/// What can go wrong with a call, from our side to the server's.
///
/// It holds no secret: neither what was sent nor what was answered is in it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address is none.
    Address(AddressFault),
    /// There is nobody to trust over TLS.
    Trust(TrustFault),
    /// The server cannot be reached: no such host, nobody listens, or its certificate is not trusted.
    Connect(Box<dyn std::error::Error + Send + Sync>),
    /// The connection broke, or the server does not speak HTTP. Whether the call was carried out nobody knows.
    Transport(Box<dyn std::error::Error + Send + Sync>),
    /// The server did not answer in time. Whether the call was carried out nobody knows.
    TimedOut {
        /// How long was waited.
        after: Duration,
    },
    /// The server did not answer with 200, so something else than the web API spoke.
    Status(u16),
    /// The answer is longer than allowed.
    LongAnswer {
        /// How long it may be.
        octets_max: usize,
    },
    /// The answer is none that the web API gives to this call.
    Answer {
        /// The API that was called.
        api: String,
        /// The method that was called.
        method: String,
        /// What is wrong with it.
        fault: AnswerFault,
    },
    /// The server does not offer this API, or not in a version that is known here.
    NotOffered {
        /// The API.
        api: String,
    },
    /// A secret cannot be sealed for its way over plain HTTP.
    Envelope(EnvelopeFault),
    /// The handshake of DSM 7 failed.
    Handshake(HandshakeFault),
    /// The server said no.
    Refused(Refused),
    /// A task of the server goes on longer than one wants to wait. It was not stopped.
    TaskUnfinished {
        /// The task.
        task: TaskId,
        /// How long was waited.
        after: Duration,
    },
}

impl Error {
    /// What the server's no means, when this is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Error::Refused(refused) => Some(&refused.refusal),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Address(fault) => fault.fmt(f),
            Error::Trust(fault) => fault.fmt(f),
            Error::Connect(_) => f.write_str("the server cannot be reached"),
            Error::Transport(_) => f.write_str("the connection to the server broke"),
            Error::TimedOut { after } => write!(f, "the server did not answer within {after:?}"),
            Error::Status(status) => write!(f, "the server answered with HTTP status {status}"),
            Error::LongAnswer { octets_max } => write!(f, "the answer is longer than {octets_max} octets"),
            Error::Answer { api, method, fault } => write!(f, "{api} {method}: {fault}"),
            Error::NotOffered { api } => write!(f, "the server does not offer {api}"),
            Error::Envelope(fault) => fault.fmt(f),
            Error::Handshake(fault) => fault.fmt(f),
            Error::Refused(refused) => refused.fmt(f),
            Error::TaskUnfinished { task, after } => write!(f, "the task {task} is not finished after {after:?}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Connect(source) | Error::Transport(source) => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl From<AddressFault> for Error {
    fn from(fault: AddressFault) -> Error {
        Error::Address(fault)
    }
}

impl From<TrustFault> for Error {
    fn from(fault: TrustFault) -> Error {
        Error::Trust(fault)
    }
}

impl From<EnvelopeFault> for Error {
    fn from(fault: EnvelopeFault) -> Error {
        Error::Envelope(fault)
    }
}

impl From<HandshakeFault> for Error {
    fn from(fault: HandshakeFault) -> Error {
        Error::Handshake(fault)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        Error::Refused(refused)
    }
}
