//! A password in memory: wiped when dropped, never printed.

use std::fmt;

use zeroize::Zeroizing;

/// The octets of a password, UTF-8 when it came from a person.
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// Takes a copy of these octets.
    pub fn new(octets: &[u8]) -> Password {
        Password(Zeroizing::new(octets.to_vec()))
    }

    /// The octets, for hashing and nothing else.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
