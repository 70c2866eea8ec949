//! Proofs that a session's owner has just shown his password again, for what asks for one more look.

use std::ops::ControlFlow;
use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_domain::Context;
use bailiwick_store::{Error, Space, Store};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// When a proof ends, by the digest of its token and its session: 8 octets of file time, big-endian.
pub(crate) const CONFIRMATION: Space = Space("password-confirmation");

/// How long a proof holds, in seconds.
const LIFETIME_SECONDS: u64 = 300;
/// Octets of a token before it is written as text.
const TOKEN_OCTETS: usize = 32;
/// The longest token that is looked up.
const TOKEN_TEXT_OCTETS_MAX: usize = 64;
/// The most proofs that are removed at once because they have ended.
const ENDED_MAX: usize = 64;

/// The proofs, in a store that was opened with [`crate::SPACES`]. Of a token only its digest is kept.
#[derive(Clone)]
pub struct Confirmations {
    store: Arc<dyn Store>,
}

impl Confirmations {
    /// The proofs in a store.
    pub fn new(store: Arc<dyn Store>) -> Confirmations {
        Confirmations { store }
    }

    /// A new token for a session whose owner has shown his password. `session` is whatever tells sessions apart.
    ///
    /// # Errors
    /// The store's.
    pub fn issue(&self, context: &Context<'_>, session: &str) -> Result<String, Error> {
        let mut octets = [0; TOKEN_OCTETS];
        (context.random)(&mut octets);
        let token = URL_SAFE_NO_PAD.encode(octets);
        let key = digest(session, &token);
        let end = context.now.after(Interval::from_seconds(LIFETIME_SECONDS));
        self.store.transact(|transaction| {
            let mut ended = Vec::new();
            transaction.scan(CONFIRMATION, &[], None, &mut |key, value| {
                if !holds(value, context.now) {
                    ended.push(key.to_vec());
                }
                if ended.len() == ENDED_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            for key in &ended {
                transaction.delete(CONFIRMATION, key)?;
            }
            transaction.put(CONFIRMATION, &key, &end.0.to_be_bytes())
        })??;
        Ok(token)
    }

    /// Whether the token was issued for the session and holds still.
    ///
    /// # Errors
    /// The store's.
    pub fn holds(&self, session: &str, token: &str, now: FileTime) -> Result<bool, Error> {
        if token.len() > TOKEN_TEXT_OCTETS_MAX {
            return Ok(false);
        }
        let transaction = self.store.read()?;
        Ok(transaction.get(CONFIRMATION, &digest(session, token))?.is_some_and(|end| holds(end, now)))
    }
}

fn holds(end: &[u8], now: FileTime) -> bool {
    end.try_into().is_ok_and(|end| now < FileTime(i64::from_be_bytes(end)))
}

/// The token has a fixed alphabet without this separator, so that no two pairs are one text.
fn digest(session: &str, token: &str) -> [u8; 32] {
    Sha256::new().chain_update(token).chain_update([0]).chain_update(session).finalize().into()
}

#[cfg(test)]
mod tests {
    use bailiwick_domain::{Limits, Requester};
    use bailiwick_store::Memory;

    use super::*;

    #[test]
    fn a_token_is_one_sessions_for_five_minutes() {
        let confirmations = Confirmations::new(Arc::new(Memory::open(crate::SPACES)));
        let requester = Requester::system();
        let at = FileTime::from_unix_seconds;
        let issue = |seconds, fill: u8, session: &str| {
            let random = move |octets: &mut [u8]| octets.fill(fill);
            let context = Context {
                requester: &requester,
                now: at(seconds),
                random: &random,
                limits: Limits::default(),
                request_id: 1,
            };
            confirmations.issue(&context, session).unwrap()
        };
        let token = issue(0, 1, "one");
        assert_eq!(token.len(), 43);
        assert!(confirmations.holds("one", &token, at(299)).unwrap());
        assert!(!confirmations.holds("one", &token, at(300)).unwrap());
        assert!(!confirmations.holds("two", &token, at(1)).unwrap());
        assert!(!confirmations.holds("one", "", at(1)).unwrap());
        issue(300, 2, "one");
        assert!(!confirmations.holds("one", &token, at(1)).unwrap(), "an ended one is removed");
    }
}
