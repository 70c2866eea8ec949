//! Whose something is: an account of the domain, or one of the host.

use std::fmt;
use std::str::FromStr;

use bailiwick_adtypes::sid::Sid;
use serde::{Deserialize, Serialize};

/// What the text of a host account begins with.
const HOST_PREFIX: &str = "uid:";
/// First octets of keys.
const KEY_DOMAIN: u8 = b'd';
const KEY_HOST: u8 = b'h';

/// An account. Its text is a SID, or `uid:` and a number. Neither is ever given to another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// An account of the domain, by its SID.
    Domain(Sid),
    /// An account of the host, by its number.
    Host(u32),
}

/// A text is no subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectError;

impl Subject {
    /// The key of what is kept for it.
    pub(crate) fn key(&self) -> Vec<u8> {
        match self {
            Subject::Domain(sid) => {
                let mut key = vec![KEY_DOMAIN];
                sid.write_bytes(&mut key);
                key
            }
            Subject::Host(uid) => [&[KEY_HOST][..], &uid.to_be_bytes()].concat(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Domain(sid) => sid.fmt(f),
            Subject::Host(uid) => write!(f, "{HOST_PREFIX}{uid}"),
        }
    }
}

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Subject, SubjectError> {
        match text.strip_prefix(HOST_PREFIX) {
            Some(uid) => uid.parse().map(Subject::Host).map_err(|_| SubjectError),
            None => text.parse().map(Subject::Domain).map_err(|_| SubjectError),
        }
    }
}

impl fmt::Display for SubjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a subject is a SID, or `uid:` and a number")
    }
}

impl std::error::Error for SubjectError {}

impl TryFrom<String> for Subject {
    type Error = SubjectError;

    fn try_from(text: String) -> Result<Subject, SubjectError> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> String {
        subject.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_have_texts_and_keys_of_their_own() {
        for text in ["S-1-5-21-1-2-3-1104", "uid:1026"] {
            let subject: Subject = text.parse().unwrap();
            assert_eq!(subject.to_string(), text);
        }
        assert_eq!(Subject::Host(1).key(), b"h\0\0\0\x01");
        for text in ["", "uid:", "uid:-1", "ada"] {
            assert_eq!(text.parse::<Subject>(), Err(SubjectError), "{text}");
        }
    }
}
