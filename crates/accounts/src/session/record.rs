//! A session as it lies in the file: JSON, so that a later program can add members. Members that are unknown are passed
//! over; a record that cannot be read is no session.

use serde::{Deserialize, Serialize};

use crate::second_factor::Subject;

/// The members, in the order in which they are written.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub subject: Subject,
    pub name: String,
    pub stamp: i64,
    pub application: String,
    #[serde(default)]
    pub is_long: bool,
    /// A file time.
    pub since: i64,
    /// A file time.
    pub last_use: i64,
    /// The digest of the token, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The sealed binding, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce_highest: Option<u64>,
}

impl Record {
    pub fn parse(octets: &[u8]) -> Option<Record> {
        serde_json::from_slice(octets).ok()
    }

    pub fn to_octets(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are always JSON")
    }
}
