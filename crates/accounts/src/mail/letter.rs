//! One letter: to whom, about what, and the text.

use std::fmt;

use zeroize::Zeroizing;

/// The longest address. RFC 5321 section 4.5.3.1.3 gives a path 256 octets, its angle brackets included.
pub const ADDRESS_OCTETS_MAX: usize = 254;
/// The longest subject: one line of RFC 5322 section 2.1.1.
pub const SUBJECT_OCTETS_MAX: usize = 200;
/// The longest text.
pub const TEXT_OCTETS_MAX: usize = 64 * 1024;

/// A letter. Its text may hold what only the receiver may know, such as a link that resets a password: it is wiped when
/// dropped, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    to: String,
    subject: String,
    text: Zeroizing<String>,
}

/// A letter cannot be written so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterError {
    /// The address is none that a letter can go to.
    Address,
    /// The subject is empty, too long, or more than one line.
    Subject,
    /// The text is too long.
    Text,
}

impl Letter {
    /// A letter to one address.
    ///
    /// # Errors
    /// See [`LetterError`].
    pub fn new(to: &str, subject: &str, text: Zeroizing<String>) -> Result<Letter, LetterError> {
        let to = to.trim();
        if !is_address(to) {
            return Err(LetterError::Address);
        }
        if subject.is_empty() || subject.len() > SUBJECT_OCTETS_MAX || subject.chars().any(char::is_control) {
            return Err(LetterError::Subject);
        }
        if text.len() > TEXT_OCTETS_MAX {
            return Err(LetterError::Text);
        }
        Ok(Letter { to: to.to_owned(), subject: subject.to_owned(), text })
    }

    /// The address it goes to.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// What it is about.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The text, for the receiver and for the administrator of the host.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("to", &self.to).field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Whether a letter can go to this address: `local@domain` of RFC 5321 section 4.1.2 without quoting, comments, spaces
/// and control characters. Whether somebody reads it is for the mail server to find out.
fn is_address(text: &str) -> bool {
    let is_atom = |c: char| !c.is_control() && !c.is_whitespace() && !"()<>[]:;@\\,\"".contains(c);
    text.len() <= ADDRESS_OCTETS_MAX
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
                && domain.split('.').all(|label| {
                    let is_label = |c: char| c.is_alphanumeric() || c == '-';
                    !label.is_empty() && label.chars().all(is_label) && !label.starts_with('-') && !label.ends_with('-')
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(to: &str, subject: &str, text: &str) -> Result<Letter, LetterError> {
        Letter::new(to, subject, Zeroizing::new(text.to_owned()))
    }

    #[test]
    fn an_address_is_local_and_domain() {
        for (address, good) in [
            ("ada@example.com", true),
            (" ada@example.com ", true),
            ("a.d-a+x_y'z@sub.example.com", true),
            ("ada@localhost", true),
            ("ädä@bücher.example", true),
            ("", false),
            ("ada", false),
            ("ada@", false),
            ("@example.com", false),
            ("ada@@example.com", false),
            ("ada @example.com", false),
            ("ada@example..com", false),
            ("ada@-example.com", false),
            (".ada@example.com", false),
            ("ada@example.com\r\nBcc: eve@example.com", false),
            ("ada@example.com, eve@example.com", false),
            ("<ada@example.com>", false),
            ("\"a b\"@example.com", false),
        ] {
            assert_eq!(letter(address, "Hello", "").is_ok(), good, "{address:?}");
        }
        let long = format!("{}@example.com", "a".repeat(ADDRESS_OCTETS_MAX));
        assert_eq!(letter(&long, "Hello", ""), Err(LetterError::Address));
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(letter("ada@example.com", "Hello\r\nBcc: eve@example.com", ""), Err(LetterError::Subject));
        assert_eq!(letter("ada@example.com", "", ""), Err(LetterError::Subject));
        assert_eq!(letter("ada@example.com", &"x".repeat(SUBJECT_OCTETS_MAX + 1), ""), Err(LetterError::Subject));
        assert_eq!(letter("ada@example.com", "Hello", &"x".repeat(TEXT_OCTETS_MAX + 1)), Err(LetterError::Text));
    }

    #[test]
    fn the_text_is_never_printed() {
        let letter = letter("ada@example.com", "Hello", "https://dc1/reset#secret").unwrap();
        assert!(!format!("{letter:?}").contains("secret"));
    }
}
