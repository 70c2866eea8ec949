//! Which passwords are complex: the rule of Active Directory's own filter, which DOMAIN_PASSWORD_COMPLEX turns on.
//! [MS-SAMR] 3.1.1.7.2 leaves it to the product; the rule is that of "Passwords must meet complexity requirements".

/// Kinds of characters that a password must have.
const KINDS_MIN: usize = 3;
/// Names and parts of names shorter than this may be in a password.
const NAME_CHARACTERS_MIN: usize = 3;
/// What separates the parts of a displayName.
const SEPARATORS: [char; 8] = [',', '.', '-', '_', ' ', '#', '\t', '\u{2013}'];

/// Whether the password has three of five kinds of characters and neither the account's name nor a part of the
/// person's in it, in any case.
pub(crate) fn is_complex(password: &str, account_name: &str, display_name: &str) -> bool {
    kinds(password) >= KINDS_MIN && !holds_name(password, account_name, display_name)
}

/// Capitals, small letters, digits, letters without case, and everything else.
fn kinds(password: &str) -> usize {
    let has = |kind: fn(char) -> bool| usize::from(password.chars().any(kind));
    has(char::is_uppercase)
        + has(char::is_lowercase)
        + has(|c| c.is_ascii_digit())
        + has(|c| c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase())
        + has(|c| !c.is_alphabetic() && !c.is_ascii_digit())
}

fn holds_name(password: &str, account_name: &str, display_name: &str) -> bool {
    let password = password.to_lowercase();
    let is_in = |name: &str| name.chars().count() >= NAME_CHARACTERS_MIN && password.contains(&name.to_lowercase());
    is_in(account_name) || display_name.split(SEPARATORS).any(is_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_kinds_of_characters_are_needed() {
        for (password, expected) in [
            ("Sommer2026", true),
            ("sommer-2026", true),
            ("SOMMER-2026", true),
            ("Sommer-Wind", true),
            ("sommer2026", false),
            ("SommerWind", false),
            ("20262026", false),
            ("Sommer語", true),
            ("", false),
        ] {
            assert_eq!(is_complex(password, "ada", ""), expected, "{password}");
        }
    }

    #[test]
    fn names_are_not_part_of_a_password() {
        for (password, expected) in [
            ("xxADA.bc-1", false),
            ("Lovelace-1", false),
            ("My-KING-12", false),
            ("Mr-Of-12345", true),
            ("Ad-Lovelac3", true),
        ] {
            assert_eq!(is_complex(password, "ada", "Ada,King of\tLovelace"), expected, "{password}");
        }
        assert!(is_complex("xx-AB-12", "ab", "ab"), "names of two characters do not count");
    }
}
