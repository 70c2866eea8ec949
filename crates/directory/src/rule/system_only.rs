//! Attributes that only the directory writes. [MS-ADTS] 3.1.1.5.2.2, 3.1.1.5.2.4 and 3.1.1.5.3.2.
//!
//! The directory itself, and the owner of the data folder who brings objects back from an export, may give a new
//! object what clients may not: its GUID and SID, its times, flags and counters. Even they write no password through
//! attributes (`rule::password` has taken those that are meant out before), and nothing that follows from elsewhere: names, back links, constructed attributes and USNs, which are
//! passed over, because an export shows them.

use bailiwick_domain::{AttributeFault, Error, Refusal};

use crate::schema::object_class::ObjectClasses;
use crate::schema::{Attribute, Schema, content};

/// What becomes of an attribute that a request to add an object gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnAdd {
    /// It becomes one of the object.
    Take,
    /// It changes nothing: the directory makes it.
    PassOver,
}

/// Whether a new object may be given the attribute. `restoring` is for the directory itself.
///
/// # Errors
/// `PasswordWrite`, and under the name that the client wrote `NeverStored`, `BackLink`, `OwnedByAccounts`, `SystemOnly`
/// and `Unacceptable`.
pub(crate) fn on_add(
    schema: &Schema,
    classes: &ObjectClasses,
    attribute: &Attribute,
    name: &str,
    restoring: bool,
) -> Result<OnAdd, Error> {
    if is_password(schema, attribute) {
        return Err(Error::Refused(Refusal::PasswordWrite));
    }
    match &*attribute.name {
        // The list of 3.1.1.5.2.4: exports have these, so copying an object must not fail by them.
        "distinguishedName"
        | "isDeleted"
        | "proxiedObjectName"
        | "replPropertyMetaData"
        | "subRefs"
        | "uSNCreated"
        | "uSNDSALastObjRemoved"
        | "uSNLastObjRem" => return Ok(OnAdd::PassOver),
        "whenCreated" if !restoring => return Ok(OnAdd::PassOver),
        "uSNChanged" if restoring => return Ok(OnAdd::PassOver),
        _ => {}
    }
    if attribute.is_constructed() || attribute.is_back_link() {
        let fault = if attribute.is_back_link() { AttributeFault::BackLink } else { AttributeFault::NeverStored };
        return if restoring { Ok(OnAdd::PassOver) } else { Err(Error::attribute(name, fault)) };
    }
    // Some classes require an attribute that may be given at birth and never changes afterwards.
    let born_with = || content::requires(schema, classes, attribute.number) && &*attribute.name != "objectSid";
    match &*attribute.name {
        _ if restoring => Ok(OnAdd::Take),
        // dSHeuristics may let clients choose it, which is not done here.
        "objectGUID" => Err(Error::attribute(name, AttributeFault::Unacceptable)),
        _ if is_owned_by_accounts(attribute) => Err(Error::attribute(name, AttributeFault::OwnedByAccounts)),
        _ if is_kept_by_directory(attribute) || attribute.system_only && !born_with() => {
            Err(Error::attribute(name, AttributeFault::SystemOnly))
        }
        _ => Ok(OnAdd::Take),
    }
}

/// Whether the attribute of an existing object may be changed. `system` is for the directory itself.
///
/// # Errors
/// `PasswordWrite`, `Computed`, `BackLink`, `IsRdn` for `name`, `OwnedByAccounts` and `SystemOnly`.
pub(crate) fn on_modify(schema: &Schema, attribute: &Attribute, name: &str, system: bool) -> Result<(), Error> {
    if is_password(schema, attribute) {
        return Err(Error::Refused(Refusal::PasswordWrite));
    }
    if attribute.is_constructed() || attribute.is_back_link() {
        let fault = if attribute.is_back_link() { AttributeFault::BackLink } else { AttributeFault::Computed };
        return Err(Error::attribute(name, fault));
    }
    match &*attribute.name {
        "name" => return Err(Error::attribute(name, AttributeFault::IsRdn)),
        // Who an object is and when it changed is nobody's to say.
        "objectSid" => return Err(Error::attribute(name, AttributeFault::OwnedByAccounts)),
        "objectGUID" | "distinguishedName" | "instanceType" | "isDeleted" | "uSNChanged" | "uSNCreated"
        | "whenChanged" => return Err(Error::attribute(name, AttributeFault::SystemOnly)),
        "objectClass" | "msDS-AdditionalDnsHostName" => return Ok(()),
        _ => {}
    }
    match attribute.system_only || is_kept_by_directory(attribute) {
        _ if system => Ok(()),
        _ if is_owned_by_accounts(attribute) => Err(Error::attribute(name, AttributeFault::OwnedByAccounts)),
        true => Err(Error::attribute(name, AttributeFault::SystemOnly)),
        false => Ok(()),
    }
}

/// Passwords in all their forms. userPassword is an ordinary attribute in Active Directory unless dSHeuristics says
/// otherwise, which keeps passwords readable; it is never stored here.
fn is_password(schema: &Schema, attribute: &Attribute) -> bool {
    attribute.is_secret() || attribute.number == schema.known().user_password
}

/// What the rules of accounts and sign-ins keep: the schema lets clients write it, [MS-ADTS] 3.1.1.5.2.2 does not.
fn is_owned_by_accounts(attribute: &Attribute) -> bool {
    matches!(
        &*attribute.name,
        "badPasswordTime"
            | "badPwdCount"
            | "isCriticalSystemObject"
            | "lastLogoff"
            | "lastLogon"
            | "lastLogonTimestamp"
            | "logonCount"
            | "objectSid"
            | "rid"
            | "sAMAccountType"
            | "sIDHistory"
    )
}

/// What deletes write: the schema lets clients write it.
fn is_kept_by_directory(attribute: &Attribute) -> bool {
    &*attribute.name == "lastKnownParent"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(name: &str, restoring: bool) -> Result<OnAdd, Error> {
        let schema = Schema::from_tables(1);
        let classes = ObjectClasses::resolve(&schema, [b"user".as_slice()]).unwrap();
        on_add(&schema, &classes, schema.attribute_named(name).unwrap(), name, restoring)
    }

    fn modified(name: &str, system: bool) -> Result<(), Error> {
        let schema = Schema::from_tables(1);
        on_modify(&schema, schema.attribute_named(name).unwrap(), name, system)
    }

    #[test]
    fn clients_write_what_describes_the_object() {
        for name in ["description", "sAMAccountName", "userAccountControl", "member", "showInAdvancedViewOnly"] {
            assert_eq!(added(name, false), Ok(OnAdd::Take), "{name}");
            assert_eq!(modified(name, false), Ok(()), "{name}");
        }
    }

    #[test]
    fn clients_do_not_write_what_the_directory_keeps() {
        use AttributeFault::{BackLink, Computed, NeverStored, OwnedByAccounts, SystemOnly, Unacceptable};
        for (name, on_add, on_modify) in [
            ("whenChanged", SystemOnly, SystemOnly),
            ("lastKnownParent", SystemOnly, SystemOnly),
            ("objectGUID", Unacceptable, SystemOnly),
            ("objectSid", OwnedByAccounts, OwnedByAccounts),
            ("sAMAccountType", OwnedByAccounts, OwnedByAccounts),
            ("isCriticalSystemObject", OwnedByAccounts, OwnedByAccounts),
            ("lastLogon", OwnedByAccounts, OwnedByAccounts),
            ("memberOf", BackLink, BackLink),
            ("directReports", BackLink, BackLink),
            ("canonicalName", NeverStored, Computed),
            ("tokenGroups", NeverStored, Computed),
        ] {
            assert_eq!(added(name, false), Err(Error::attribute(name, on_add)), "{name}");
            assert_eq!(modified(name, false), Err(Error::attribute(name, on_modify)), "{name}");
        }
    }

    #[test]
    fn a_copy_of_an_export_is_taken() {
        for name in ["distinguishedName", "whenCreated", "uSNCreated", "isDeleted"] {
            assert_eq!(added(name, false), Ok(OnAdd::PassOver), "{name}");
        }
    }

    #[test]
    fn the_directory_restores_identities_and_makes_the_rest() {
        for name in ["objectGUID", "objectSid", "whenCreated", "whenChanged", "isCriticalSystemObject", "lastLogon"] {
            assert_eq!(added(name, true), Ok(OnAdd::Take), "{name}");
        }
        for name in ["memberOf", "canonicalName", "uSNChanged", "distinguishedName"] {
            assert_eq!(added(name, true), Ok(OnAdd::PassOver), "{name}");
        }
        assert_eq!(modified("objectGUID", true), Err(Error::attribute("objectGUID", AttributeFault::SystemOnly)));
        assert_eq!(modified("lastLogon", true), Ok(()));
    }

    #[test]
    fn nobody_writes_passwords_as_attributes() {
        for name in ["unicodePwd", "userPassword", "dBCSPwd", "supplementalCredentials", "ntPwdHistory"] {
            for system in [false, true] {
                assert_eq!(added(name, system), Err(Error::Refused(Refusal::PasswordWrite)), "{name}");
                assert_eq!(modified(name, system), Err(Error::Refused(Refusal::PasswordWrite)), "{name}");
            }
        }
    }
}
