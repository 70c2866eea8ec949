//! What users and groups of the host may be called.

/// The most characters of a user's name.
pub const USER_NAME_CHARACTERS_MAX: usize = 64;
/// The most characters of a group's name.
pub const GROUP_NAME_CHARACTERS_MAX: usize = 32;
/// The most characters of a description.
pub const DESCRIPTION_CHARACTERS_MAX: usize = 64;
/// The most octets of the e-mail addresses of an account.
pub const EMAIL_OCTETS_MAX: usize = 512;

/// What no name holds, beside control characters.
const FORBIDDEN: &str = "!\"#$%&'()*+,/:;<=>?@[]\\^{}|~`";

/// Names that no user is given: they are accounts of the system, or pass for one.
const RESERVED: &[&str] = &[
    "root",
    "rootuser",
    "rootusr",
    "admin",
    "administrator",
    "adm",
    "adminuser",
    "adminusr",
    "user",
    "guest",
    "SynologyCMS",
    "MAILER-DAEMON",
    "POSTMASTER",
    "anonymous",
    "backup",
    "bin",
    "daemon",
    "dbus",
    "dovecot",
    "ftp",
    "games",
    "http",
    "ldap",
    "lp",
    "mail",
    "man",
    "mysql",
    "news",
    "nobody",
    "ntp",
    "operator",
    "postfix",
    "postgres",
    "proxy",
    "smmsp",
    "sshd",
    "supervisor",
    "sync",
    "sys",
    "system",
    "syslog",
    "uucp",
    "www",
    "www-data",
];

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// There is none.
    Empty,
    /// It has more characters than the maximum.
    TooLong {
        /// The most there may be.
        maximum: usize,
    },
    /// It holds a character that no name holds, or begins or ends with one that it must not.
    Character,
}

/// Which names users cannot have.
pub struct UsernamePolicy;

impl UsernamePolicy {
    /// The names, in the order in which they are shown.
    pub fn names() -> &'static [&'static str] {
        RESERVED
    }

    /// Whether a name is among them, in any case of letters.
    pub fn reserves(name: &str) -> bool {
        RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
    }
}

/// Makes sure that a user can have the name, as far as its form goes.
///
/// # Errors
/// See [`NameFault`].
pub fn check_user_name(name: &str) -> Result<(), NameFault> {
    check(name, USER_NAME_CHARACTERS_MAX)
}

/// Makes sure that a group can have the name, as far as its form goes.
///
/// # Errors
/// See [`NameFault`].
pub fn check_group_name(name: &str) -> Result<(), NameFault> {
    check(name, GROUP_NAME_CHARACTERS_MAX)
}

/// Whether a text will do as a description.
pub(crate) fn is_description(text: &str) -> bool {
    text.chars().count() <= DESCRIPTION_CHARACTERS_MAX && !text.chars().any(char::is_control)
}

/// Whether a text is nothing, or e-mail addresses separated by commas or semicolons. What an address is, its own mail
/// server knows; what cannot be one is refused.
pub(crate) fn is_email(text: &str) -> bool {
    let is_address = |address: &str| {
        let Some((local, host)) = address.rsplit_once('@') else { return false };
        let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
        !local.is_empty() && !host.is_empty() && local.chars().all(is_plain) && host.chars().all(is_plain)
    };
    text.is_empty() || text.len() <= EMAIL_OCTETS_MAX && text.split([',', ';']).all(|part| is_address(part.trim()))
}

fn check(name: &str, maximum: usize) -> Result<(), NameFault> {
    let is_forbidden = |c: char| c.is_control() || c != ' ' && c.is_whitespace() || FORBIDDEN.contains(c);
    match name {
        "" => Err(NameFault::Empty),
        _ if name.chars().count() > maximum => Err(NameFault::TooLong { maximum }),
        _ if name.chars().any(is_forbidden) => Err(NameFault::Character),
        _ if name.starts_with(['-', ' ']) || name.ends_with(' ') => Err(NameFault::Character),
        // A folder called so would be another one.
        "." | ".." => Err(NameFault::Character),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_and_little_else() {
        for good in ["ada", "Ada Lovelace", "a-b_c.d", "Жанна", "7", "_x", &"x".repeat(64)] {
            assert_eq!(check_user_name(good), Ok(()), "{good}");
        }
        for bad in ["-a", " a", "a ", ".", "..", "a/b", "a\\b", "a:b", "a,b", "a@b", "a\nb", "a\u{a0}b", "a`b", "a~"] {
            assert_eq!(check_user_name(bad), Err(NameFault::Character), "{bad}");
        }
        assert_eq!(check_user_name(""), Err(NameFault::Empty));
        assert_eq!(check_user_name(&"x".repeat(65)), Err(NameFault::TooLong { maximum: 64 }));
        assert_eq!(check_group_name(&"x".repeat(33)), Err(NameFault::TooLong { maximum: 32 }));
    }

    #[test]
    fn the_names_of_the_system_are_reserved_and_those_of_people_are_not() {
        let first = ["root", "rootuser", "rootusr", "admin", "administrator", "adm", "adminuser", "adminusr", "user"];
        assert_eq!(UsernamePolicy::names()[..first.len()], first);
        for name in ["ROOT", "www-data", "synologycms"] {
            assert!(UsernamePolicy::reserves(name), "{name}");
        }
        for name in ["test", "toto", "test_api", "test_user", "test_user2"] {
            assert!(!UsernamePolicy::reserves(name), "{name}");
        }
    }

    #[test]
    fn addresses_may_be_several_or_none() {
        for good in ["", "a@b.c", "a@b, c@d", "a@b;c@d", "ä@ö"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a", "a@", "@b", "a b@c", "a@b,", "<a@b>", "a@b\nBcc: c@d", &format!("{}@b", "a".repeat(600))] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
