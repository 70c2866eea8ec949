//! Passwords as changes: the one form that every face uses, and what can be wrong with a password.
//!
//! The form is Active Directory's own ([MS-ADTS] 3.1.1.3.1.5): `unicodePwd` with the password in double quotes and
//! UTF-16LE. Setting another's password is a replacement; changing one's own deletes the old and adds the new one in
//! the same modification, which proves that the old one is known.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_credential::Password;

use crate::Change;

/// The attribute that passwords are written to.
const UNICODE_PWD: &str = "unicodePwd";
/// Every name of the attributes that passwords are written to: unicodePwd and userPassword, with their OIDs.
const PASSWORD_ATTRIBUTES: [&str; 4] = [UNICODE_PWD, "userPassword", "1.2.840.113556.1.4.90", "2.5.4.35"];

/// What is wrong with a password that was to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// The old password is not the account's.
    WrongOld,
    /// It has fewer characters than the policy wants.
    TooShort {
        /// Its UTF-16 units.
        length: usize,
        /// What the policy wants.
        minimum: usize,
    },
    /// It has too few kinds of characters, or holds the account's name.
    NotComplex,
    /// It was the account's password before.
    InHistory,
    /// The last change is too recent.
    TooYoung,
    /// It is not text in quotes, or too long.
    Malformed,
    /// The account cannot be enabled without a password.
    Missing,
}

impl Change {
    /// Sets the password of an account, whatever it was.
    ///
    /// # Errors
    /// `Malformed` for a password that is no UTF-8 text.
    pub fn set_password(name: ObjectName, new: &Password) -> Result<Change, PasswordFault> {
        let modifications = vec![modification(Operation::Replace, new)?];
        Ok(Change::Modify { name, modifications, permissive: false, sd_flags: None })
    }

    /// Changes the password of an account from `old` to `new`.
    ///
    /// # Errors
    /// `Malformed` for a password that is no UTF-8 text.
    pub fn change_password(name: ObjectName, old: &Password, new: &Password) -> Result<Change, PasswordFault> {
        let modifications = vec![modification(Operation::Delete, old)?, modification(Operation::Add, new)?];
        Ok(Change::Modify { name, modifications, permissive: false, sd_flags: None })
    }

    /// Whether applying it hashes passwords, so that a driver runs it in the hashing pool.
    pub fn sets_password(&self) -> bool {
        match self {
            Change::Add { attributes, .. } => attributes.iter().any(|attribute| is_password(&attribute.name)),
            Change::Modify { modifications, .. } => {
                modifications.iter().any(|modification| is_password(&modification.attribute))
            }
            Change::Rename(_) | Change::Delete { .. } => false,
        }
    }
}

fn is_password(name: &str) -> bool {
    let name = name.strip_prefix("OID.").or(name.strip_prefix("oid.")).unwrap_or(name);
    PASSWORD_ATTRIBUTES.iter().any(|attribute| attribute.eq_ignore_ascii_case(name))
}

fn modification(operation: Operation, password: &Password) -> Result<Modification, PasswordFault> {
    let text = std::str::from_utf8(password.expose()).map_err(|_| PasswordFault::Malformed)?;
    let quoted = "\"".encode_utf16().chain(text.encode_utf16()).chain("\"".encode_utf16());
    let value = quoted.flat_map(u16::to_le_bytes).collect();
    Ok(Modification { operation, attribute: UNICODE_PWD.to_owned(), values: vec![value] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> ObjectName {
        ObjectName::parse("CN=Ada,DC=example,DC=com").unwrap()
    }

    #[test]
    fn a_password_is_quoted_and_in_units_of_two_octets() {
        let Ok(Change::Modify { modifications, .. }) = Change::set_password(name(), &Password::new("aé".as_bytes()))
        else {
            panic!("a modification")
        };
        assert_eq!(modifications[0].values, [b"\"\0a\0\xe9\0\"\0".to_vec()]);
        assert_eq!(Change::set_password(name(), &Password::new(&[0xff])).map(drop), Err(PasswordFault::Malformed));
    }

    #[test]
    fn a_driver_sees_which_changes_hash() {
        let change = Change::change_password(name(), &Password::new(b"a"), &Password::new(b"b")).unwrap();
        assert!(change.sets_password());
        assert!(!Change::Delete { name: name(), tree: false }.sets_password());
        assert!(is_password("USERPASSWORD") && is_password("OID.2.5.4.35") && !is_password("cn"));
    }
}
