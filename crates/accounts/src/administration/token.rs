//! Tokens, as the owner of the data folder makes, lists and revokes them.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::{AttributeFault, Context, Error};
use serde::{Deserialize, Serialize};

use super::{Noted, Secret};
use crate::Accounts;
use crate::second_factor::Subject;
use crate::token::{self, NewToken, Scopes, TokenId};

/// What is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// A new token.
    Create {
        /// The account that it acts as.
        subject: Subject,
        /// The account's name.
        account: String,
        /// What it is for.
        note: String,
        /// The names of its scopes, with commas in between.
        scopes: String,
        /// When it ends, in seconds since 1970; none is never.
        expires: Option<i64>,
    },
    /// All tokens.
    List,
    /// To end a token.
    Revoke {
        /// Which.
        id: String,
    },
}

/// What comes of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is made.
    Created {
        /// Its text, which is shown once.
        text: Secret,
        /// What it is.
        token: Box<Listed>,
    },
    /// All there are, the oldest first.
    Listed(Vec<Listed>),
    /// It has ended.
    Revoked,
}

/// A token as the list has it. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Listed {
    /// What it is known by.
    pub id: String,
    /// The account that it acts as.
    pub subject: Subject,
    /// The account's name when it was made.
    pub account: String,
    /// What it is for.
    pub note: String,
    /// The names of its scopes, with commas in between.
    pub scopes: String,
    /// When it was made.
    pub created: i64,
    /// When it ends; none is never.
    pub expires: Option<i64>,
    /// When it was last used.
    pub last_used: Option<i64>,
}

/// Why nothing comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// A name is no scope, or there is none.
    UnknownScope,
    /// There are too many tokens already.
    TooMany,
    /// The note is too long.
    LongNote,
    /// There is no such token.
    NoSuchToken,
}

pub(super) fn perform(accounts: &Accounts, context: &Context<'_>, request: Request) -> Result<Answer, super::Refusal> {
    let tokens = &accounts.tokens;
    Ok(match request {
        Request::Create { subject, account, note, scopes, expires } => {
            let scopes: Scopes = scopes.parse().map_err(|_| Refusal::UnknownScope)?;
            if scopes.is_empty() {
                return Err(Refusal::UnknownScope.into());
            }
            let expires = expires.map(FileTime::from_unix_seconds);
            let new = NewToken { subject, account: &account, note: &note, scopes, expires };
            let (token, text) = tokens.create(context, &new)?;
            Answer::Created { text: Secret::new(&text), token: Box::new(token.into()) }
        }
        Request::List => Answer::Listed(tokens.list()?.into_iter().map(Listed::from).collect()),
        Request::Revoke { id } => {
            let id: TokenId = id.parse().map_err(|_| Refusal::NoSuchToken)?;
            match tokens.revoke(id)? {
                true => Answer::Revoked,
                false => return Err(Refusal::NoSuchToken.into()),
            }
        }
    })
}

impl Request {
    pub(super) fn noted(&self) -> Option<Noted> {
        let (use_case, subject) = match self {
            Request::Create { subject, .. } => ("token.create", subject.to_string()),
            Request::Revoke { id } => ("token.revoke", id.clone()),
            Request::List => return None,
        };
        Some(Noted { use_case, subject })
    }
}

impl From<token::Token> for Listed {
    fn from(token: token::Token) -> Listed {
        Listed {
            id: token.id.to_string(),
            subject: token.subject,
            account: token.account,
            note: token.note,
            scopes: token.scopes.to_string(),
            created: token.created.unix_seconds(),
            expires: token.expires.map(FileTime::unix_seconds),
            last_used: token.last_used.map(FileTime::unix_seconds),
        }
    }
}

impl From<Refusal> for super::Refusal {
    fn from(refusal: Refusal) -> super::Refusal {
        super::Refusal::Token(refusal)
    }
}

impl From<token::Error> for super::Refusal {
    fn from(error: token::Error) -> super::Refusal {
        match error {
            token::Error::TooMany => Refusal::TooMany.into(),
            token::Error::LongNote => Refusal::LongNote.into(),
            token::Error::Store(error) => error.into(),
        }
    }
}

/// What the audit says of a refusal.
impl From<&Refusal> for Error {
    fn from(refusal: &Refusal) -> Error {
        match refusal {
            Refusal::UnknownScope => Error::attribute("scope", AttributeFault::Unacceptable),
            Refusal::LongNote => Error::attribute("note", AttributeFault::OutOfRange),
            Refusal::TooMany => Error::AdministrativeLimit,
            Refusal::NoSuchToken => Error::NoSuchObject { matched: String::new() },
        }
    }
}
