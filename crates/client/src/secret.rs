//! What must not be seen: passwords, session ids and tokens. They cannot print, and are wiped when dropped.

use std::fmt;
use std::io;

use serde::{Deserialize, Deserializer};
use zeroize::{Zeroize, Zeroizing};

/// A text that nobody may see: a password, a one-time code, a session id, a token.
///
/// It has no `Display`, its `Debug` tells nothing, and its memory is wiped when it is dropped. Copies that the network
/// stack makes of what is sent cannot be wiped.
///
/// ```
/// let password = bailiwick_client::Secret::new("Swordfish-77");
/// assert_eq!(format!("{password:?}"), "Secret(…)");
/// assert_eq!(password.expose(), "Swordfish-77");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text. A `String` is taken as it is, so no copy of it stays behind.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text, for whoever must send or store it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret::new(text)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
    }
}

/// Octets on their way out that hold a secret: wiped when dropped, and when they outgrow their place.
#[derive(Default)]
pub(crate) struct WipedBuffer(Zeroizing<Vec<u8>>);

impl WipedBuffer {
    /// Room for most requests, so that little is moved.
    const INITIAL_OCTETS: usize = 1024;

    /// Appends octets.
    pub fn push(&mut self, octets: &[u8]) {
        let needed = self.0.len() + octets.len();
        if needed > self.0.capacity() {
            // A vector that grows by itself would leave its old octets in freed memory.
            let room = needed.max(2 * self.0.capacity()).max(WipedBuffer::INITIAL_OCTETS);
            let mut roomier = Zeroizing::new(Vec::with_capacity(room));
            roomier.extend_from_slice(&self.0);
            self.0.zeroize();
            self.0 = roomier;
        }
        self.0.extend_from_slice(octets);
    }
}

impl AsRef<[u8]> for WipedBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl io::Write for WipedBuffer {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.push(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_that_outgrows_its_place_keeps_its_octets() {
        let mut buffer = WipedBuffer::default();
        let mut expected = Vec::new();
        for round in 0..3000_u32 {
            buffer.push(&round.to_le_bytes());
            expected.extend_from_slice(&round.to_le_bytes());
        }
        assert_eq!(buffer.as_ref(), expected);
    }

    #[test]
    fn a_secret_inside_something_does_not_print_either() {
        let printed = format!("{:?}", Some(Secret::new("hunter2")));
        assert_eq!(printed, "Some(Secret(…))");
    }
}
