//! What the owner of the data folder asks of the host, in a form that goes over a socket.
//!
//! The store's readers remember what they read, so while a server has the folder open, no other process writes there:
//! the shell sends its [`Request`] to the server, which performs it, or performs it on the folder itself while no
//! server runs. A new noun adds a variant to [`Request`], [`Answer`] and [`Refusal`], and a module here.

pub mod mail;
pub mod second_factor;
mod secret;
pub mod token;

use std::fmt;

use bailiwick_domain::{Action, Context, Error, Event, Face, Witness};
use serde::{Deserialize, Serialize};

use crate::Accounts;

pub use secret::Secret;

/// The most octets of a request in its form for the socket.
pub const REQUEST_OCTETS_MAX: usize = 64 * 1024;
/// The most octets of what came of it. A noun of which there can be many is listed in pages.
pub const ANSWER_OCTETS_MAX: usize = 4 * 1024 * 1024;

/// What is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Of second factors.
    SecondFactor(second_factor::Request),
    /// Of tokens.
    Token(token::Request),
    /// Of the outbox.
    Mail(mail::Request),
}

/// What comes of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Of second factors.
    SecondFactor(second_factor::Answer),
    /// Of tokens.
    Token(token::Answer),
    /// Of the outbox.
    Mail(mail::Answer),
}

/// Why nothing comes of it. Nothing has been changed then, unless a variant says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Of second factors.
    SecondFactor(second_factor::Refusal),
    /// Of tokens.
    Token(token::Refusal),
    /// Of the outbox.
    Mail(mail::Refusal),
    /// The answer has more than [`ANSWER_OCTETS_MAX`]. What was asked for has been done.
    TooLong,
    /// The store failed.
    Unavailable {
        /// How, for the owner.
        reason: String,
    },
}

/// Octets that are no request or no answer: too many, or of another version of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shell and server are of different versions")
    }
}

impl std::error::Error for Unreadable {}

/// Performs what is asked for, and lets `witness` know of everything that changes something or tries to.
///
/// # Errors
/// See [`Refusal`].
pub fn perform(
    accounts: &Accounts,
    context: &Context<'_>,
    witness: &dyn Witness,
    face: Face,
    request: Request,
) -> Result<Answer, Refusal> {
    let noted = request.noted();
    let result = match request {
        Request::SecondFactor(request) => second_factor::perform(accounts, context, request).map(Answer::SecondFactor),
        Request::Token(request) => token::perform(accounts, context, request).map(Answer::Token),
        Request::Mail(request) => mail::perform(accounts, context, request).map(Answer::Mail),
    };
    if let Some(Noted { use_case, subject }) = noted {
        witness.witness(Event {
            at: context.now,
            request_id: context.request_id,
            face,
            requester: context.requester.clone(),
            action: Action::Administer { use_case, subject },
            result: result.as_ref().map(drop).map_err(Error::from),
        });
    }
    result
}

/// What the audit notes of a request.
struct Noted {
    use_case: &'static str,
    subject: String,
}

impl Request {
    /// The form for the socket.
    pub fn to_octets(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a request has text keys and no type that JSON lacks")
    }

    /// Reads the form for the socket.
    ///
    /// # Errors
    /// See [`Unreadable`].
    pub fn parse(octets: &[u8]) -> Result<Request, Unreadable> {
        if octets.len() > REQUEST_OCTETS_MAX {
            return Err(Unreadable);
        }
        serde_json::from_slice(octets).map_err(|_| Unreadable)
    }

    /// None for a request that only reads.
    fn noted(&self) -> Option<Noted> {
        match self {
            Request::SecondFactor(request) => request.noted(),
            Request::Token(request) => request.noted(),
            Request::Mail(request) => request.noted(),
        }
    }
}

/// The form for the socket of what came of a request; one that would be too long is a refusal.
pub fn to_octets(result: &Result<Answer, Refusal>) -> Vec<u8> {
    let octets = serde_json::to_vec(result).expect("an answer has text keys and no type that JSON lacks");
    match octets.len() > ANSWER_OCTETS_MAX {
        true => to_octets(&Err(Refusal::TooLong)),
        false => octets,
    }
}

/// Reads the form for the socket of what came of a request.
///
/// # Errors
/// See [`Unreadable`].
pub fn parse_result(octets: &[u8]) -> Result<Result<Answer, Refusal>, Unreadable> {
    if octets.len() > ANSWER_OCTETS_MAX {
        return Err(Unreadable);
    }
    serde_json::from_slice(octets).map_err(|_| Unreadable)
}

/// What the audit says of a refusal.
impl From<&Refusal> for Error {
    fn from(refusal: &Refusal) -> Error {
        match refusal {
            Refusal::SecondFactor(refusal) => refusal.into(),
            Refusal::Token(refusal) => refusal.into(),
            Refusal::Mail(refusal) => refusal.into(),
            Refusal::TooLong => Error::AdministrativeLimit,
            Refusal::Unavailable { reason } => Error::Unavailable { reason: reason.clone() },
        }
    }
}

impl From<bailiwick_store::Error> for Refusal {
    fn from(error: bailiwick_store::Error) -> Refusal {
        Refusal::Unavailable { reason: error.to_string() }
    }
}
