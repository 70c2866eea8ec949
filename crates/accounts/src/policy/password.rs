//! What the passwords of host accounts must be like. Each rule can be switched on and off.

use bailiwick_credential::Password;
use serde::{Deserialize, Serialize};

use super::{Policy, PolicyError, common_passwords};

/// The most characters of a password.
const PASSWORD_CHARACTERS_MAX: usize = 127;
/// The most octets of a password: what its most characters take.
pub const PASSWORD_OCTETS_MAX: usize = 4 * PASSWORD_CHARACTERS_MAX;
/// What the minimum length can be set to.
const MIN_LENGTH: std::ops::RangeInclusive<u8> = 6..=127;
/// How many former passwords can be excluded.
const HISTORY_LENGTH_MAX: u8 = 24;
/// How many are when nobody says.
pub const HISTORY_LENGTH_USUAL: u8 = 5;
/// A password of so many characters is strong when it has three kinds of them.
const STRONG_LENGTH: usize = 12;

/// The rules. The switches for resetting by e-mail and for a change at the next sign-in belong to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordPolicy {
    /// Whoever lost his password can set a new one by e-mail.
    pub reset_by_email: bool,
    /// A password that an administrator sets must be changed at the next sign-in.
    pub must_change: bool,
    /// It holds neither the user's name nor his description.
    pub exclude_user_name: bool,
    /// It has a digit and a letter.
    pub include_digit: bool,
    /// It has ASCII punctuation.
    pub include_special: bool,
    /// It has an upper-case and a lower-case ASCII letter.
    pub mixed_case: bool,
    /// It is not one that everybody tries.
    pub exclude_common: bool,
    /// It has at least [`PasswordPolicy::min_length`] characters.
    pub min_length_enabled: bool,
    /// The least number of characters, 6 to 127.
    pub min_length: u8,
    /// It is none of the last [`PasswordPolicy::history_length`].
    pub exclude_history: bool,
    /// How many former passwords count, the current one included; 0 to 24.
    pub history_length: u8,
}

impl Default for PasswordPolicy {
    fn default() -> PasswordPolicy {
        PasswordPolicy {
            reset_by_email: false,
            must_change: false,
            exclude_user_name: true,
            include_digit: true,
            include_special: false,
            mixed_case: true,
            exclude_common: false,
            min_length_enabled: true,
            min_length: 8,
            exclude_history: false,
            history_length: 0,
        }
    }
}

/// Why a password cannot be an account's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// There is none, or it is no text, or has more than 127 characters.
    Malformed,
    /// It has too few characters.
    TooShort {
        /// How many there must be.
        minimum: u8,
    },
    /// It holds the user's name or description.
    HoldsUserName,
    /// It has no digit or no letter.
    NoDigitOrLetter,
    /// It has no upper-case or no lower-case letter.
    NotMixedCase,
    /// It has no punctuation.
    NoSpecial,
    /// Everybody tries it.
    Common,
    /// It was the account's password before, or is.
    InHistory,
    /// The last change is too recent.
    TooYoung,
    /// The account's password is not its owner's to change.
    NotChangeable,
    /// The old password is not the account's.
    WrongOld,
}

impl PasswordPolicy {
    /// Makes sure that a password obeys the rules that can be told by looking at it. History needs a hash and is
    /// looked at where that is made.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self, password: &Password, user_name: &str, description: &str) -> Result<(), PasswordFault> {
        let text = std::str::from_utf8(password.expose()).map_err(|_| PasswordFault::Malformed)?;
        let length = text.chars().count();
        if length == 0 || length > PASSWORD_CHARACTERS_MAX {
            return Err(PasswordFault::Malformed);
        }
        if self.min_length_enabled && length < usize::from(self.min_length) {
            return Err(PasswordFault::TooShort { minimum: self.min_length });
        }
        if self.exclude_user_name && [user_name, description].into_iter().any(|part| holds(text, part)) {
            return Err(PasswordFault::HoldsUserName);
        }
        if self.include_digit && !(text.chars().any(char::is_numeric) && text.chars().any(char::is_alphabetic)) {
            return Err(PasswordFault::NoDigitOrLetter);
        }
        let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
        if self.mixed_case && !(has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)) {
            return Err(PasswordFault::NotMixedCase);
        }
        if self.include_special && !has(u8::is_ascii_punctuation) {
            return Err(PasswordFault::NoSpecial);
        }
        if self.exclude_common && common_passwords::holds(text) {
            return Err(PasswordFault::Common);
        }
        Ok(())
    }

    /// How many former passwords are excluded, the current one included.
    pub(crate) fn excluded_history(&self) -> usize {
        match (self.exclude_history, self.history_length) {
            (false, _) => 0,
            (true, 0) => usize::from(HISTORY_LENGTH_USUAL),
            (true, length) => usize::from(length),
        }
    }
}

impl Policy for PasswordPolicy {
    const KEY: &'static [u8] = b"password";

    fn check(&self) -> Result<(), PolicyError> {
        if !MIN_LENGTH.contains(&self.min_length) {
            return Err(PolicyError::OutOfRange { setting: "min_length" });
        }
        if self.history_length > HISTORY_LENGTH_MAX {
            return Err(PolicyError::OutOfRange { setting: "history_length" });
        }
        Ok(())
    }
}

/// How hard a password is to guess, for a meter beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Short, or one that everybody tries.
    Weak,
    /// Neither.
    Medium,
    /// Long, with several kinds of characters.
    Strong,
}

/// Estimates how hard a password is to guess.
pub fn strength(password: &Password) -> Strength {
    let Ok(text) = std::str::from_utf8(password.expose()) else { return Strength::Weak };
    let length = text.chars().count();
    let has = |is: fn(char) -> bool| usize::from(text.chars().any(is));
    let kinds = has(char::is_uppercase)
        + has(char::is_lowercase)
        + has(char::is_numeric)
        + has(|character| !character.is_alphanumeric());
    if length < usize::from(PasswordPolicy::default().min_length) || kinds < 2 || common_passwords::holds(text) {
        return Strength::Weak;
    }
    match length >= STRONG_LENGTH && kinds >= 3 {
        true => Strength::Strong,
        false => Strength::Medium,
    }
}

fn holds(password: &str, part: &str) -> bool {
    !part.is_empty() && password.to_lowercase().contains(&part.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: PasswordPolicy = PasswordPolicy {
        reset_by_email: false,
        must_change: false,
        exclude_user_name: false,
        include_digit: false,
        include_special: false,
        mixed_case: false,
        exclude_common: false,
        min_length_enabled: false,
        min_length: 8,
        exclude_history: false,
        history_length: 0,
    };

    fn check(policy: &PasswordPolicy, password: &str) -> Result<(), PasswordFault> {
        policy.check(&Password::new(password.as_bytes()), "Ada", "of London")
    }

    #[test]
    fn each_rule_counts_when_it_is_on_and_only_then() {
        let short = PasswordPolicy { min_length_enabled: true, ..NONE };
        let name = PasswordPolicy { exclude_user_name: true, ..NONE };
        let digit = PasswordPolicy { include_digit: true, ..NONE };
        let special = PasswordPolicy { include_special: true, ..NONE };
        let mixed = PasswordPolicy { mixed_case: true, ..NONE };
        let common = PasswordPolicy { exclude_common: true, ..NONE };
        for (policy, good, bad, fault) in [
            (&short, "ääääääää", "1234567", PasswordFault::TooShort { minimum: 8 }),
            (&name, "lovelace", "xADAx", PasswordFault::HoldsUserName),
            (&name, "London", "Lady OF LONDON", PasswordFault::HoldsUserName),
            (&digit, "a1", "aa", PasswordFault::NoDigitOrLetter),
            (&digit, "1a", "11", PasswordFault::NoDigitOrLetter),
            (&mixed, "aA", "aa", PasswordFault::NotMixedCase),
            (&mixed, "Aa", "AÄä", PasswordFault::NotMixedCase),
            (&special, "a.", "a§", PasswordFault::NoSpecial),
            (&common, "xyzzy-plugh", "PassWord", PasswordFault::Common),
        ] {
            assert_eq!(check(policy, good), Ok(()), "{good}");
            assert_eq!(check(policy, bad), Err(fault), "{bad}");
            assert_eq!(check(&NONE, bad), Ok(()), "{bad}");
        }
    }

    #[test]
    fn no_password_is_empty_or_endless_or_no_text() {
        assert_eq!(check(&NONE, ""), Err(PasswordFault::Malformed));
        assert_eq!(check(&NONE, &"ä".repeat(127)), Ok(()));
        assert_eq!(check(&NONE, &"a".repeat(128)), Err(PasswordFault::Malformed));
        assert_eq!(NONE.check(&Password::new(&[0xff]), "", ""), Err(PasswordFault::Malformed));
    }

    #[test]
    fn history_that_is_switched_on_without_a_number_has_one() {
        let policy = |exclude_history, history_length| PasswordPolicy { exclude_history, history_length, ..NONE };
        assert_eq!(policy(false, 7).excluded_history(), 0);
        assert_eq!(policy(true, 0).excluded_history(), 5);
        assert_eq!(policy(true, 7).excluded_history(), 7);
    }

    #[test]
    fn a_meter_tells_weak_from_strong() {
        let strength = |text: &str| super::strength(&Password::new(text.as_bytes()));
        for (text, expected) in [
            ("", Strength::Weak),
            ("Password1", Strength::Weak),
            ("aaaaaaaaaaaaaa", Strength::Weak),
            ("aB3.", Strength::Weak),
            ("violet-7", Strength::Medium),
            ("Violet-Harbour-7", Strength::Strong),
        ] {
            assert_eq!(strength(text), expected, "{text}");
        }
    }
}
