//! Tokens: what programs show instead of a name and a password. Each stands for one account, for some scopes, and for a
//! time.
//!
//! The text of a token is shown once. What is kept is a digest of it: the text has 256 unpredictable bits, so nobody
//! finds one that fits. Last uses are kept in memory and written now and then, since a token may be used on every request.

mod scope;
mod stored;

use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, Space, Store};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::second_factor::Subject;
use stored::Stored;

pub use scope::{Scope, Scopes, UnknownScope};

/// Tokens by their id.
pub(crate) const TOKEN: Space = Space("token");

/// What the text of a token begins with, so that one that lies about is recognised.
const PREFIX: &str = "bwt_";
const ID_OCTETS: usize = 8;
const SECRET_OCTETS: usize = 32;
/// How many tokens a host keeps.
pub const TOKENS_MAX: usize = 10_000;
/// The most characters of a note.
pub const NOTE_CHARACTERS_MAX: usize = 200;

/// What a token is known by, once its text is gone: 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId([u8; ID_OCTETS]);

/// What a new token is to be.
pub struct NewToken<'a> {
    /// The account that it acts as.
    pub subject: Subject,
    /// Its name, for people who look at the list.
    pub account: &'a str,
    /// What it is for, for the same people.
    pub note: &'a str,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it ends; none is never.
    pub expires: Option<FileTime>,
}

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is known by.
    pub id: TokenId,
    /// The account that it acts as.
    pub subject: Subject,
    /// The account's name when it was made.
    pub account: String,
    /// What it is for.
    pub note: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created: FileTime,
    /// When it ends; none is never.
    pub expires: Option<FileTime>,
    /// When it was last used.
    pub last_used: Option<FileTime>,
}

/// Why a token is not made.
#[derive(Debug)]
pub enum Error {
    /// There are [`TOKENS_MAX`] already.
    TooMany,
    /// The note is too long.
    LongNote,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

/// The tokens of a host.
pub struct Tokens {
    store: Arc<dyn Store>,
    /// Uses that are not written yet.
    used: Mutex<HashMap<TokenId, FileTime>>,
}

impl Tokens {
    /// The tokens in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>) -> Tokens {
        Tokens { store, used: Mutex::default() }
    }

    /// Makes a token and gives its text, which nobody can find out afterwards.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn create(&self, context: &Context<'_>, new: &NewToken<'_>) -> Result<(Token, Zeroizing<String>), Error> {
        if new.note.chars().count() > NOTE_CHARACTERS_MAX {
            return Err(Error::LongNote);
        }
        let mut octets = Zeroizing::new([0; ID_OCTETS + SECRET_OCTETS]);
        (context.random)(octets.as_mut_slice());
        let mut id = [0; ID_OCTETS];
        id.copy_from_slice(&octets[..ID_OCTETS]);
        let token = Token {
            id: TokenId(id),
            subject: new.subject,
            account: new.account.to_owned(),
            note: new.note.to_owned(),
            scopes: new.scopes,
            created: context.now,
            expires: new.expires,
            last_used: None,
        };
        let stored = Stored::new(&token, &digest(&octets[ID_OCTETS..])).to_octets();
        self.store.transact(|transaction| {
            let mut count = 0;
            transaction.scan(TOKEN, &[], None, &mut |_, _| {
                count += 1;
                ControlFlow::Continue(())
            })?;
            match count < TOKENS_MAX {
                true => Ok(transaction.put(TOKEN, &id, &stored)?),
                false => Err(Error::TooMany),
            }
        })??;
        let mut text = Zeroizing::new(PREFIX.to_owned());
        URL_SAFE_NO_PAD.encode_string(octets.as_slice(), &mut text);
        Ok((token, text))
    }

    /// The token that somebody shows, if it is one and has not ended; the use is noted.
    ///
    /// # Errors
    /// The store's.
    pub fn verify(&self, shown: &str, now: FileTime) -> Result<Option<Token>, StoreError> {
        let Some((id, secret)) = parse(shown) else { return Ok(None) };
        let Some(stored) = self.read(id)? else { return Ok(None) };
        // Digests of unpredictable secrets tell nothing by how far they are alike.
        if stored.digest() != Some(digest(secret.as_slice())) {
            return Ok(None);
        }
        let Some(token) = stored.token(id).filter(|token| token.expires.is_none_or(|end| now < end)) else {
            return Ok(None);
        };
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(id, now);
        Ok(Some(token))
    }

    /// All tokens, the oldest first.
    ///
    /// # Errors
    /// The store's.
    pub fn list(&self) -> Result<Vec<Token>, StoreError> {
        let transaction = self.store.read()?;
        let mut tokens = Vec::new();
        transaction.scan(TOKEN, &[], None, &mut |key, value| {
            tokens.extend(TokenId::read(key).and_then(|id| Stored::parse(value)?.token(id)));
            ControlFlow::Continue(())
        })?;
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for token in &mut tokens {
            token.last_used = used.get(&token.id).copied().or(token.last_used);
        }
        tokens.sort_by_key(|token| (token.created, token.id));
        Ok(tokens)
    }

    /// Ends a token at once. Says whether there was one.
    ///
    /// # Errors
    /// The store's.
    pub fn revoke(&self, id: TokenId) -> Result<bool, StoreError> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        self.store.transact(|transaction| transaction.delete(TOKEN, &id.0))?
    }

    /// Writes the last uses that are in memory only.
    ///
    /// # Errors
    /// The store's; the uses stay in memory then.
    pub fn flush(&self) -> Result<(), StoreError> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if used.is_empty() {
            return Ok(());
        }
        self.store.transact(|transaction| {
            for (id, at) in &used {
                // A token that was revoked meanwhile is not brought back.
                let stored = transaction.get(TOKEN, &id.0)?.and_then(Stored::parse);
                if let Some(stored) = stored {
                    transaction.put(TOKEN, &id.0, &stored.used(*at).to_octets())?;
                }
            }
            Ok(())
        })??;
        self.used.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, at| used.get(id) != Some(at));
        Ok(())
    }

    fn read(&self, id: TokenId) -> Result<Option<Stored>, StoreError> {
        let transaction = self.store.read()?;
        Ok(transaction.get(TOKEN, &id.0)?.and_then(Stored::parse))
    }
}

/// The parts of a token's text; none when it is no such text.
fn parse(text: &str) -> Option<(TokenId, Zeroizing<[u8; SECRET_OCTETS]>)> {
    let mut octets = Zeroizing::new([0; ID_OCTETS + SECRET_OCTETS + 2]);
    let length = URL_SAFE_NO_PAD.decode_slice(text.strip_prefix(PREFIX)?, octets.as_mut_slice()).ok()?;
    let (id, secret) = octets[..length].split_first_chunk()?;
    Some((TokenId(*id), Zeroizing::new(secret.try_into().ok()?)))
}

fn digest(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

impl TokenId {
    fn read(octets: &[u8]) -> Option<TokenId> {
        octets.try_into().ok().map(TokenId)
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl FromStr for TokenId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<TokenId, Self::Err> {
        // A sign would be taken for part of a number.
        let text = if text.len() == 2 * ID_OCTETS && !text.starts_with('+') { text } else { "" };
        u64::from_str_radix(text, 16).map(|number| TokenId(number.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back() {
        let id = TokenId([0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff]);
        assert_eq!(id.to_string(), "00010203fcfdfeff");
        assert_eq!("00010203FCFDFEFF".parse(), Ok(id));
        for text in ["", "1", "00010203fcfdfefg", "+0010203fcfdfeff", "00010203fcfdfeff0"] {
            assert!(text.parse::<TokenId>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([7; ID_OCTETS + SECRET_OCTETS]));
        assert_eq!(parse(&text).map(|(id, secret)| (id, *secret)), Some((TokenId([7; 8]), [7; 32])));
        for text in ["", PREFIX, &text[1..], &text[..text.len() - 1], &format!("{text}AA"), &text.repeat(100)] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
