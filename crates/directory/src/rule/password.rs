//! Passwords in changes: what a write of unicodePwd or userPassword means, and which passwords the policy takes.
//! [MS-ADTS] 3.1.1.3.1.5, [MS-SAMR] 3.1.1.7 and 3.1.1.8.7.
//!
//! A replacement resets the password, and so does an addition to userPassword alone. A deletion of the old value and an addition of the new one
//! in one change is a change by somebody who knows the old one. Nothing else is a write of a password.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::modification::{self, Modification, Operation};
use bailiwick_credential::{ForeignHash, Password};
use bailiwick_domain::{AttributeFault, Error, PasswordFault, Refusal};
use zeroize::Zeroizing;

use crate::policy::Policy;
use crate::policy::complexity;
use crate::record::credential::Credential;
use crate::rule::account::{
    DISABLED, INTERDOMAIN_TRUST, PASSWORD_NOT_REQUIRED, SERVER_TRUST, SMARTCARD_REQUIRED, WORKSTATION_TRUST,
};
use crate::rule::value;
use crate::schema::{Attribute, ClassNumber, Schema};

/// The most UTF-16 units of a password.
const UNITS_MAX: usize = 256;
/// The quotation mark around unicodePwd, in UTF-16LE.
const QUOTE: [u8; 2] = [b'"', 0];
/// Octets of an NT hash, which the directory itself may write.
const NT_HASH_OCTETS: usize = 16;

/// A password that comes.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// The password itself.
    Clear(Password),
    /// Another server's hash of it, from an import.
    Foreign(ForeignHash),
    /// All that an account of this program signs in with, from an export of it.
    Stored(Box<Credential>),
}

/// What a change wants of an account's password.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    /// This one, whatever it was.
    Reset(Given),
    /// From the old one to the new one.
    Change {
        /// What the requester says it is.
        old: Password,
        /// What it shall be.
        new: Password,
    },
}

/// Where an export with secrets has what accounts sign in with.
const STORED: &str = "supplementalCredentials";

/// Whether passwords are written to the attribute. The other secret ones are never written. `restoring` is for the
/// directory itself.
fn is_written_to(schema: &Schema, attribute: &Attribute, restoring: bool) -> bool {
    let known = schema.known();
    attribute.number == known.unicode_pwd
        || attribute.number == known.user_password
        || restoring && &*attribute.name == STORED
}

/// The password that a new object is given; none when none is. `restoring` is for the directory itself.
///
/// # Errors
/// `Malformed`; `PasswordWrite` for two.
pub(crate) fn of_add(
    schema: &Schema,
    attributes: &[modification::Attribute],
    restoring: bool,
) -> Result<Option<Given>, Error> {
    let mut given = None;
    for attribute in attributes {
        let Some(definition) = password_attribute(schema, &attribute.name, restoring) else { continue };
        let [value] = attribute.values.as_slice() else { return Err(Error::Refused(Refusal::PasswordWrite)) };
        if given.replace(read(schema, definition, value, restoring)?).is_some() {
            return Err(Error::Refused(Refusal::PasswordWrite));
        }
    }
    Ok(given)
}

/// What modifications want of the password; none when they do not touch it. Of unicodePwd that is a replacement, or the
/// old value with the new one ([MS-ADTS] 3.1.1.3.1.5.1); userPassword may also be added, as other servers let it.
///
/// # Errors
/// `Malformed`; `PasswordWrite` for what is neither a reset nor a change.
pub(crate) fn of_modify(
    schema: &Schema,
    modifications: &[Modification],
    restoring: bool,
) -> Result<Option<Wish>, Error> {
    let mut writes = Vec::new();
    for modification in modifications {
        if let Some(definition) = password_attribute(schema, &modification.attribute, restoring) {
            let [value] = modification.values.as_slice() else { return Err(Error::Refused(Refusal::PasswordWrite)) };
            writes.push((modification.operation, definition.number, read(schema, definition, value, restoring)?));
        }
    }
    let mut writes = writes.into_iter();
    match (writes.next(), writes.next(), writes.next()) {
        (None, _, _) => Ok(None),
        (Some((Operation::Replace, _, given)), None, _) => Ok(Some(Wish::Reset(given))),
        (Some((Operation::Add, to, given)), None, _) if restoring || to != schema.known().unicode_pwd => {
            Ok(Some(Wish::Reset(given)))
        }
        (Some((Operation::Delete, from, Given::Clear(old))), Some((Operation::Add, to, Given::Clear(new))), None)
            if from == to =>
        {
            Ok(Some(Wish::Change { old, new }))
        }
        _ => Err(Error::Refused(Refusal::PasswordWrite)),
    }
}

/// Whether objects of this class sign in.
pub(crate) fn is_account(schema: &Schema, class: ClassNumber) -> bool {
    schema.class(class).is_some_and(|class| class.is_a(schema.known().class_user))
}

/// The attribute of this name, if passwords are written to it.
pub(crate) fn password_attribute<'s>(schema: &'s Schema, name: &str, restoring: bool) -> Option<&'s Attribute> {
    value::attribute_named(schema, name).ok().filter(|attribute| is_written_to(schema, attribute, restoring))
}

fn read(schema: &Schema, attribute: &Attribute, value: &[u8], restoring: bool) -> Result<Given, Error> {
    if attribute.number == schema.known().unicode_pwd {
        if restoring
            && value.len() == NT_HASH_OCTETS
            && !value.starts_with(&QUOTE)
            && let Ok(octets) = <[u8; NT_HASH_OCTETS]>::try_from(value)
        {
            return Ok(Given::Foreign(ForeignHash::nt(octets)));
        }
        return Ok(Given::Clear(quoted(value)?));
    }
    if &*attribute.name == STORED {
        let stored = Credential::from_octets(value);
        let stored = stored.ok_or_else(|| Error::attribute(STORED, AttributeFault::InvalidSyntax))?;
        return Ok(Given::Stored(Box::new(stored)));
    }
    let text = std::str::from_utf8(value).map_err(|_| PasswordFault::Malformed)?;
    if ForeignHash::is_one(value) {
        // A client that hashes by itself would be surprised to find its hash to be the password.
        return match restoring {
            true => Ok(Given::Foreign(ForeignHash::parse(text).map_err(|_| PasswordFault::Malformed)?)),
            false => Err(Error::Refused(Refusal::PasswordWrite)),
        };
    }
    match units(text) <= UNITS_MAX {
        true => Ok(Given::Clear(Password::new(value))),
        false => Err(PasswordFault::Malformed.into()),
    }
}

/// unicodePwd: the password in quotation marks, as UTF-16LE.
fn quoted(value: &[u8]) -> Result<Password, Error> {
    let malformed = Error::Password(PasswordFault::Malformed);
    let inner = value.strip_prefix(&QUOTE).and_then(|rest| rest.strip_suffix(&QUOTE)).ok_or(malformed.clone())?;
    if inner.len() % 2 != 0 || inner.len() / 2 > UNITS_MAX {
        return Err(malformed);
    }
    let units = Zeroizing::new(inner.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<_>>());
    let text = Zeroizing::new(String::from_utf16(&units).map_err(|_| malformed)?);
    Ok(Password::new(text.as_bytes()))
}

/// What the policy looks at beside the password.
#[derive(Clone, Copy)]
pub(crate) struct Circumstances<'c> {
    /// userAccountControl.
    pub flags: u32,
    /// sAMAccountName.
    pub account_name: &'c str,
    /// displayName.
    pub display_name: &'c str,
}

/// Whether a policy with this least length takes the password, on every way that sets one.
///
/// # Errors
/// `TooShort` and `NotComplex`.
pub(crate) fn check_quality(
    length_min: usize,
    complex: bool,
    circumstances: Circumstances<'_>,
    password: &Password,
) -> Result<(), PasswordFault> {
    if password.is_empty() && circumstances.flags & PASSWORD_NOT_REQUIRED != 0 {
        return Ok(());
    }
    let text = String::from_utf8_lossy(password.expose());
    let length = units(&text);
    if length < length_min {
        return Err(PasswordFault::TooShort { length, minimum: length_min });
    }
    if complex && !complexity::is_complex(&text, circumstances.account_name, circumstances.display_name) {
        return Err(PasswordFault::NotComplex);
    }
    Ok(())
}

/// Whether the owner may change a password that was set then. One that must be changed is never too young.
///
/// # Errors
/// `TooYoung`.
pub(crate) fn check_age(policy: &Policy, last_set: FileTime, now: FileTime) -> Result<(), PasswordFault> {
    match last_set.0 > 0 && now < last_set.after(policy.age_min) {
        true => Err(PasswordFault::TooYoung),
        false => Ok(()),
    }
}

/// Whether a person's account may be enabled that has no password. [MS-SAMR] 3.1.1.8.10. Machines join by an enabled
/// account first and set its password then, and who has a smart card needs none.
///
/// # Errors
/// `Missing`.
pub(crate) fn check_enabled(policy: &Policy, flags: u32, has_password: bool) -> Result<(), PasswordFault> {
    let machines = INTERDOMAIN_TRUST | WORKSTATION_TRUST | SERVER_TRUST;
    let exempt = DISABLED | PASSWORD_NOT_REQUIRED | SMARTCARD_REQUIRED | machines;
    let needs_one = flags & exempt == 0 && policy.length_min > 0;
    if needs_one && !has_password { Err(PasswordFault::Missing) } else { Ok(()) }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::file_time::Interval;

    use super::*;
    use crate::policy::lockout::Lockout;

    const POLICY: Policy = Policy {
        length_min: 7,
        complex: true,
        history: 24,
        age_max: Interval::NEVER,
        age_min: Interval(-100),
        lockout: Lockout { threshold: 0, window: Interval::ZERO, duration: Interval::ZERO, locks_administrator: false },
        usn: 1,
    };

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn wish(modifications: &[(Operation, &str, &[Vec<u8>])], restoring: bool) -> Result<String, Error> {
        let schema = Schema::from_tables(1);
        let modifications: Vec<_> = modifications
            .iter()
            .map(|(operation, attribute, values)| Modification {
                operation: *operation,
                attribute: (*attribute).to_owned(),
                values: values.to_vec(),
            })
            .collect();
        let text = |password: &Password| String::from_utf8_lossy(password.expose()).into_owned();
        of_modify(&schema, &modifications, restoring).map(|wish| match wish {
            None => "nothing".to_owned(),
            Some(Wish::Reset(Given::Clear(password))) => format!("reset {}", text(&password)),
            Some(Wish::Reset(Given::Foreign(hash))) => format!("hash {}", hash.as_text()),
            Some(Wish::Reset(Given::Stored(stored))) => format!("stored {}", stored.version),
            Some(Wish::Change { old, new }) => format!("change {} {}", text(&old), text(&new)),
        })
    }

    #[test]
    fn only_a_reset_and_a_change_are_writes_of_a_password() {
        use Operation::{Add, Delete, Replace};
        let (old, new) = (wide("\"old\""), wide("\"new\""));
        let refused = Err(Error::Refused(Refusal::PasswordWrite));
        let one = |operation, value: &Vec<u8>| wish(&[(operation, "unicodePwd", std::slice::from_ref(value))], false);
        assert_eq!(one(Replace, &new).as_deref(), Ok("reset new"));
        assert_eq!(one(Add, &new), refused);
        assert_eq!(wish(&[(Add, "userPassword", &[b"new".to_vec()])], false).as_deref(), Ok("reset new"));
        assert_eq!(one(Delete, &old), refused);
        let two = |first, second, attribute| {
            let (old, new) = ([old.clone()], [new.clone()]);
            wish(&[(first, "unicodePwd", &old), (Replace, "cn", &[]), (second, attribute, &new)], false)
        };
        assert_eq!(two(Delete, Add, "unicodePwd").as_deref(), Ok("change old new"));
        assert_eq!(two(Add, Delete, "unicodePwd"), refused);
        assert_eq!(two(Delete, Replace, "unicodePwd"), refused);
        assert_eq!(two(Delete, Add, "userPassword"), refused);
        assert_eq!(wish(&[(Replace, "unicodePwd", &[])], false), refused);
        assert_eq!(wish(&[(Replace, "cn", &[b"x".to_vec()])], false).as_deref(), Ok("nothing"));
    }

    #[test]
    fn a_value_is_in_quotes_and_text() {
        let malformed = Err(Error::Password(PasswordFault::Malformed));
        for value in [
            wide("geheim"),
            wide("\"geheim"),
            wide("\""),
            b"\"geheim\"".to_vec(),
            [wide("\"x"), vec![1], wide("\"")].concat(),
            [&QUOTE[..], &[0, 0xd8], &QUOTE].concat(),
            wide(&format!("\"{}\"", "x".repeat(UNITS_MAX + 1))),
            vec![],
        ] {
            assert_eq!(wish(&[(Operation::Replace, "unicodePwd", &[value])], false), malformed);
        }
        let longest = wide(&format!("\"{}\"", "x".repeat(UNITS_MAX)));
        assert!(wish(&[(Operation::Replace, "unicodePwd", &[longest])], false).is_ok());
    }

    #[test]
    fn hashes_are_taken_from_the_directory_itself_only() {
        let ssha = "{SSHA}0e3mw5//9HK+FVNw2B8AU5bg9jdzYWx0c2FsdA==";
        let write =
            |attribute, value: &[u8], restoring| wish(&[(Operation::Replace, attribute, &[value.to_vec()])], restoring);
        assert_eq!(write("userPassword", ssha.as_bytes(), true), Ok(format!("hash {ssha}")));
        assert_eq!(write("userPassword", ssha.as_bytes(), false), Err(Error::Refused(Refusal::PasswordWrite)));
        assert_eq!(write("userPassword", b"geheim", true).as_deref(), Ok("reset geheim"));
        let nt = [7; NT_HASH_OCTETS];
        assert!(write("unicodePwd", &nt, true).unwrap().starts_with("hash {NT}0707"));
        assert_eq!(write("unicodePwd", &nt, false), Err(Error::Password(PasswordFault::Malformed)));
        assert_eq!(write("userPassword", b"{SSHA}nonsense!", true), Err(Error::Password(PasswordFault::Malformed)));
    }

    #[test]
    fn the_policy_decides_over_length_and_kinds() {
        let check = |password: &str, flags| {
            let circumstances = Circumstances { flags, account_name: "ada", display_name: "" };
            check_quality(POLICY.length_min, POLICY.complex, circumstances, &Password::new(password.as_bytes()))
        };
        assert_eq!(check("Ab-3456", 0x200), Ok(()));
        assert_eq!(check("Ab-345", 0x200), Err(PasswordFault::TooShort { length: 6, minimum: 7 }));
        assert_eq!(check("Ab-34😀", 0x200), Ok(()), "characters beyond the first plane are two units");
        assert_eq!(check("abcdefgh", 0x200), Err(PasswordFault::NotComplex));
        assert_eq!(check("Ada-12345", 0x200), Err(PasswordFault::NotComplex));
        assert_eq!(check("", 0x200), Err(PasswordFault::TooShort { length: 0, minimum: 7 }));
        assert_eq!(check("", 0x220), Ok(()));
    }

    #[test]
    fn a_young_password_stays_unless_it_must_go() {
        let set = FileTime(1000);
        assert_eq!(check_age(&POLICY, set, FileTime(1099)), Err(PasswordFault::TooYoung));
        assert_eq!(check_age(&POLICY, set, FileTime(1100)), Ok(()));
        assert_eq!(check_age(&POLICY, FileTime(0), FileTime(1)), Ok(()));
    }

    #[test]
    fn an_account_without_a_password_stays_disabled() {
        assert_eq!(check_enabled(&POLICY, 0x200, false), Err(PasswordFault::Missing));
        assert_eq!(check_enabled(&POLICY, 0x200, true), Ok(()));
        assert_eq!(check_enabled(&POLICY, 0x202, false), Ok(()));
        assert_eq!(check_enabled(&POLICY, 0x220, false), Ok(()));
        assert_eq!(check_enabled(&POLICY, 0x11000, false), Ok(()), "a machine that joins");
        assert_eq!(check_enabled(&Policy { length_min: 0, ..POLICY }, 0x200, false), Ok(()));
    }
}
