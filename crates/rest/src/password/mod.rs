//! Passwords as callers send them: Base64 of text, or of what RSA made of it. Sections 8.2 and 8.3.

mod key;

use bailiwick_credential::Password;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

pub use key::{DecryptionKey, KeyError};

use crate::settings::Encoding;

/// Why octets are no password. D-53 has all failures of decryption look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordInput {
    /// It is not Base64.
    NotBase64,
    /// It cannot be decrypted.
    NotDecrypted,
    /// It is no text in the encoding of the configuration.
    NotText,
    /// There is nothing in it.
    Empty,
}

impl PasswordInput {
    /// What the caller is told.
    pub fn message(self) -> &'static str {
        match self {
            PasswordInput::NotBase64 => "The password is no Base64 text.",
            PasswordInput::NotDecrypted => "The password cannot be decrypted.",
            PasswordInput::NotText => "The password is no text in the configured encoding.",
            PasswordInput::Empty => "The password was null or empty.",
        }
    }
}

/// Reads a password that came in the clear within the request.
///
/// # Errors
/// See [`PasswordInput`].
pub fn decode(text: &str, encoding: Encoding) -> Result<Password, PasswordInput> {
    let octets = STANDARD.decode(text.trim()).map(Zeroizing::new).map_err(|_| PasswordInput::NotBase64)?;
    read(&octets, encoding)
}

/// Reads a password that the caller encrypted with the server's key.
///
/// # Errors
/// See [`PasswordInput`].
pub fn decrypt(text: &str, key: &DecryptionKey, encoding: Encoding) -> Result<Password, PasswordInput> {
    let sealed = STANDARD.decode(text.trim()).map_err(|_| PasswordInput::NotBase64)?;
    let octets = key.decrypt(&sealed).ok_or(PasswordInput::NotDecrypted)?;
    read(&octets, encoding)
}

fn read(octets: &[u8], encoding: Encoding) -> Result<Password, PasswordInput> {
    if octets.is_empty() {
        return Err(PasswordInput::Empty);
    }
    match encoding {
        Encoding::Utf8 => {
            str::from_utf8(octets).map_err(|_| PasswordInput::NotText)?;
            Ok(Password::new(octets))
        }
        Encoding::Utf16 => {
            if !octets.len().is_multiple_of(2) {
                return Err(PasswordInput::NotText);
            }
            let units = octets.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            let text: Result<String, _> = char::decode_utf16(units).collect();
            let text = Zeroizing::new(text.map_err(|_| PasswordInput::NotText)?);
            Ok(Password::new(text.as_bytes()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, encoding: Encoding, expected: Result<&str, PasswordInput>) {
        let found = decode(text, encoding);
        let found = found.as_ref().map(|password| str::from_utf8(password.expose()).unwrap()).map_err(|fault| *fault);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_example_of_the_specification_is_a_password() {
        check("UEBzc3cwcmQh", Encoding::Utf8, Ok("P@ssw0rd!"));
        check(" UEBzc3cwcmQh\n", Encoding::Utf8, Ok("P@ssw0rd!"));
        check("UABAAA==", Encoding::Utf16, Ok("P@"));
    }

    #[test]
    fn d_05_what_is_no_base64_is_refused() {
        check("P@ssw0rd!", Encoding::Utf8, Err(PasswordInput::NotBase64));
        check("UEBzc3cwcmQ", Encoding::Utf8, Err(PasswordInput::NotBase64));
        check("", Encoding::Utf8, Err(PasswordInput::Empty));
    }

    #[test]
    fn d_06_what_is_no_text_is_refused() {
        check("/w==", Encoding::Utf8, Err(PasswordInput::NotText));
        check("UAA=", Encoding::Utf16, Ok("P"));
        check("UA==", Encoding::Utf16, Err(PasswordInput::NotText));
        check("ANg=", Encoding::Utf16, Err(PasswordInput::NotText));
    }
}
