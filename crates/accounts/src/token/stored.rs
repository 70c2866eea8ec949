//! The form in which a token is kept: JSON, with times as FILETIME numbers.

use bailiwick_adtypes::file_time::FileTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use super::{Token, TokenId};
use crate::second_factor::Subject;

/// A token as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    digest: String,
    subject: Subject,
    account: String,
    note: String,
    scopes: String,
    created: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used: Option<i64>,
}

impl Stored {
    pub fn new(token: &Token, digest: &[u8; 32]) -> Stored {
        Stored {
            digest: STANDARD_NO_PAD.encode(digest),
            subject: token.subject,
            account: token.account.clone(),
            note: token.note.clone(),
            scopes: token.scopes.to_string(),
            created: token.created.0,
            expires: token.expires.map(|time| time.0),
            last_used: token.last_used.map(|time| time.0),
        }
    }

    pub fn to_octets(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a token has text keys and no type that JSON lacks")
    }

    /// Reads the form; none when it is not one.
    pub fn parse(octets: &[u8]) -> Option<Stored> {
        serde_json::from_slice(octets).ok()
    }

    pub fn digest(&self) -> Option<[u8; 32]> {
        STANDARD_NO_PAD.decode(&self.digest).ok()?.try_into().ok()
    }

    /// The token; none when it has scopes of a newer program, which may mean less than what is known here.
    pub fn token(self, id: TokenId) -> Option<Token> {
        Some(Token {
            id,
            subject: self.subject,
            scopes: self.scopes.parse().ok()?,
            account: self.account,
            note: self.note,
            created: FileTime(self.created),
            expires: self.expires.map(FileTime),
            last_used: self.last_used.map(FileTime),
        })
    }

    pub fn used(self, at: FileTime) -> Stored {
        Stored { last_used: Some(at.0), ..self }
    }
}
