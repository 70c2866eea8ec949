//! The outbox, as the host's administrator looks after it.

use bailiwick_domain::{Context, Error};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Noted, Secret};
use crate::Accounts;
use crate::mail::{Letter, LetterError, OutboxError, Slip};

/// The most slips of one answer.
const SLIPS_MAX: usize = 500;

/// What is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// The letters with numbers above one, in order, as many as go into an answer.
    List {
        /// The number; 0 begins at the first letter.
        after: u64,
    },
    /// A letter that waits, with its text.
    Show {
        /// Which.
        number: u64,
    },
    /// To send a letter at once, and to begin counting attempts anew.
    Retry {
        /// Which.
        number: u64,
    },
    /// To take a letter out, sent or not.
    Remove {
        /// Which.
        number: u64,
    },
    /// A new letter.
    Write {
        /// To whom.
        to: String,
        /// What it is about.
        subject: String,
        /// The text.
        text: Secret,
    },
}

/// What comes of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Letters; none are left when there is none.
    Slips(Vec<Slip>),
    /// A letter.
    Letter {
        /// What is known of it.
        slip: Slip,
        /// Its text.
        text: Secret,
    },
    /// It is in the outbox, under this number.
    Written {
        /// The number.
        number: u64,
    },
    /// It is done.
    Done,
}

/// Why nothing comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// No letter has the number.
    NoSuchLetter,
    /// The letter's text is gone.
    NoText,
    /// The outbox is full.
    Full,
    /// No letter can go to the address.
    Address,
    /// No letter has such a subject or text.
    Form,
}

pub(super) fn perform(accounts: &Accounts, context: &Context<'_>, request: Request) -> Result<Answer, super::Refusal> {
    let outbox = &accounts.outbox;
    Ok(match request {
        Request::List { after } => Answer::Slips(outbox.list(after, SLIPS_MAX)?),
        Request::Show { number } => {
            let (slip, letter) = outbox.show(number)?;
            Answer::Letter { slip, text: Secret::new(letter.text()) }
        }
        Request::Retry { number } => {
            outbox.retry(number, context.now)?;
            Answer::Done
        }
        Request::Remove { number } => {
            outbox.remove(number)?;
            Answer::Done
        }
        Request::Write { to, subject, text } => {
            let letter = Letter::new(&to, &subject, Zeroizing::new(text.expose().to_owned()))?;
            Answer::Written { number: outbox.put(&letter, context.now, context.random)? }
        }
    })
}

impl Request {
    pub(super) fn noted(&self) -> Option<Noted> {
        let (use_case, subject) = match self {
            Request::List { .. } => return None,
            // A letter may hold what resets somebody's password, so that it was read is noted.
            Request::Show { number } => ("mail.show", number.to_string()),
            Request::Retry { number } => ("mail.retry", number.to_string()),
            Request::Remove { number } => ("mail.remove", number.to_string()),
            Request::Write { to, .. } => ("mail.write", to.clone()),
        };
        Some(Noted { use_case, subject })
    }
}

impl From<OutboxError> for super::Refusal {
    fn from(error: OutboxError) -> super::Refusal {
        super::Refusal::Mail(match error {
            OutboxError::NoSuchLetter => Refusal::NoSuchLetter,
            OutboxError::NoText => Refusal::NoText,
            OutboxError::Full => Refusal::Full,
            OutboxError::Store(error) => return error.into(),
        })
    }
}

impl From<LetterError> for super::Refusal {
    fn from(error: LetterError) -> super::Refusal {
        super::Refusal::Mail(match error {
            LetterError::Address => Refusal::Address,
            LetterError::Subject | LetterError::Text => Refusal::Form,
        })
    }
}

/// What the audit says of a refusal.
impl From<&Refusal> for Error {
    fn from(refusal: &Refusal) -> Error {
        match refusal {
            Refusal::NoSuchLetter | Refusal::NoText => Error::NoSuchObject { matched: String::new() },
            Refusal::Full => Error::AdministrativeLimit,
            Refusal::Address | Refusal::Form => Error::InvalidName,
        }
    }
}
