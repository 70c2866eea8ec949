//! Cursors: where a search goes on, in the hands of the caller.
//!
//! A position of the directory holds keys of its indexes, and so values of objects that the caller may not see. A cursor
//! is a sealed position: it tells its bearer nothing, and opens only for the same caller and the same search. Nothing is
//! kept on this side, so there is nothing to run out of.

use bailiwick_credential::Vault;
use bailiwick_domain::{Identity, Position, Requester};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Search;

/// The longest cursor: a position of the directory at its longest, sealed and as text.
pub const CURSOR_OCTETS_MAX: usize = 12_288;

/// Makes and reads cursors. They live as long as the key of the vault, which may be one of this run.
#[derive(Debug)]
pub struct Cursors {
    vault: Vault,
}

/// A text is no cursor of this search and this caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCursor;

impl Cursors {
    /// Cursors under the key of `vault`.
    pub fn new(vault: Vault) -> Cursors {
        Cursors { vault }
    }

    /// The cursor for a position. `random` fills the nonce.
    pub fn seal(
        &self,
        search: &Search,
        requester: &Requester,
        position: &Position,
        random: &dyn Fn(&mut [u8]),
    ) -> String {
        let mut nonce = [0; bailiwick_credential::NONCE_OCTETS];
        random(&mut nonce);
        URL_SAFE_NO_PAD.encode(self.vault.seal(nonce, &purpose(search, requester), &position.0))
    }

    /// The position of a cursor.
    ///
    /// # Errors
    /// [`InvalidCursor`]: of another search, of another caller, of another run, or not one of ours.
    pub fn open(&self, search: &Search, requester: &Requester, cursor: &str) -> Result<Position, InvalidCursor> {
        if cursor.len() > CURSOR_OCTETS_MAX {
            return Err(InvalidCursor);
        }
        let sealed = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| InvalidCursor)?;
        let position = self.vault.open(&purpose(search, requester), &sealed).map_err(|_| InvalidCursor)?;
        Ok(Position(position.to_vec()))
    }
}

/// What a cursor is for: all of the search that decides which objects come in which order, and who asks.
fn purpose(search: &Search, requester: &Requester) -> Vec<u8> {
    let who = match &requester.identity {
        Identity::Anonymous => "nobody".to_owned(),
        Identity::System => "system".to_owned(),
        Identity::Account { sid, .. } => sid.to_string(),
    };
    let request = &search.request;
    format!(
        "search cursor\n{who}\n{}\n{:?}\n{:?}\n{}",
        request.base, request.scope, request.options.sort, request.filter
    )
    .into_bytes()
}

impl std::fmt::Display for InvalidCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("The cursor is not one of this search.")
    }
}

impl std::error::Error for InvalidCursor {}
