//! Who may do what, and who may see what: decided here and nowhere else, called beside each act. [MS-ADTS] 5.1.3.
//!
//! For now the groups of the requester decide: the directory itself and its administrators may do everything,
//! other accounts that are signed in may read, nobody else may do anything. Issue 2 puts the check of the
//! object's security descriptor into [`require`], [`may_see`] and [`may_read`]; their callers stay as they are.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_domain::{Error, Identity, Requester};

use crate::record::Record;
use crate::schema::Attribute;

/// RID of Domain Admins in every domain.
pub(crate) const RID_DOMAIN_ADMINS: u32 = 512;

/// What every account that is signed in may do with every object.
const READ: AccessMask = AccessMask(
    AccessMask::LIST_CONTENTS.0 | AccessMask::LIST_OBJECT.0 | AccessMask::READ_PROPERTY.0 | AccessMask::READ_CONTROL.0,
);

/// Whether the requester is somebody.
pub(crate) fn signed_in(requester: &Requester) -> bool {
    !matches!(requester.identity, Identity::Anonymous)
}

/// Whether the requester is the directory itself, or a member of BUILTIN\Administrators or Domain Admins.
pub(crate) fn is_administrator(requester: &Requester) -> bool {
    match &requester.identity {
        Identity::System => true,
        Identity::Anonymous => false,
        Identity::Account { sid, groups, .. } => {
            let domain_admins = sid.domain().and_then(|domain| domain.with_rid(RID_DOMAIN_ADMINS));
            groups.iter().any(|group| {
                *group == bailiwick_adtypes::sid::Sid::BUILTIN_ADMINISTRATORS || Some(*group) == domain_admins
            })
        }
    }
}

/// Whether the object exists as far as the requester can tell. Tombstones are the administrators' business
/// ([MS-ADTS] 6.1.1.4.2, the descriptor of the Deleted Objects container).
pub(crate) fn may_see(requester: &Requester, record: &Record<'_>) -> bool {
    match record.is_deleted() {
        true => is_administrator(requester),
        false => signed_in(requester),
    }
}

/// Whether the requester may read the attribute, and filter, compare and sort by it. Secret attributes are nobody's
/// ([MS-ADTS] 3.1.1.4.4), confidential ones need a right that administrators have.
pub(crate) fn may_read(requester: &Requester, attribute: &Attribute) -> bool {
    match (attribute.is_secret(), attribute.is_confidential()) {
        (true, _) => false,
        (false, true) => is_administrator(requester),
        (false, false) => signed_in(requester),
    }
}

/// Whether the requester may change anything at all: asked before numbers are leased for what would be refused.
///
/// # Errors
/// `NotSignedIn` for nobody, `InsufficientRights` for an account that may write nowhere.
pub(crate) fn require_writer(requester: &Requester) -> Result<(), Error> {
    match (signed_in(requester), is_administrator(requester)) {
        (false, _) => Err(Error::NotSignedIn),
        (true, false) => Err(Error::InsufficientRights),
        (true, true) => Ok(()),
    }
}

/// Asks for `right` on `object`. For a new object the right is asked for on its parent.
///
/// # Errors
/// `NotSignedIn` for nobody, `NoSuchObject` when the requester may not see the object, `InsufficientRights` otherwise.
pub(crate) fn require(requester: &Requester, object: &Record<'_>, right: AccessMask) -> Result<(), Error> {
    if !signed_in(requester) {
        return Err(Error::NotSignedIn);
    }
    if !may_see(requester, object) {
        return Err(Error::NoSuchObject { matched: String::new() });
    }
    match is_administrator(requester) || READ.contains(right) {
        true => Ok(()),
        false => Err(Error::InsufficientRights),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bailiwick_adtypes::sid::Sid;
    use bailiwick_domain::Protection;

    use super::*;
    use crate::record::{DescriptorId, Draft, EntryId};
    use crate::schema::{ClassNumber, Schema};

    fn account(groups: &[Sid]) -> Requester {
        let sid = "S-1-5-21-1-2-3-1104".parse().unwrap();
        let identity = Identity::Account { sid, groups: Arc::from(groups), name: Arc::from("X\\bob") };
        Requester { identity, address: None, protection: Protection::Local }
    }

    fn object(deleted: bool) -> Vec<u8> {
        let schema = Schema::from_tables(1);
        Draft {
            id: EntryId(7),
            parent: EntryId(1),
            naming_context: EntryId(1),
            class: ClassNumber(1),
            rdn_attribute: schema.known().cn,
            descriptor: DescriptorId(0),
            deleted,
            attributes: Default::default(),
        }
        .to_octets()
    }

    #[test]
    fn administrators_are_known_by_their_groups() {
        let domain_admins: Sid = "S-1-5-21-1-2-3-512".parse().unwrap();
        let others: Sid = "S-1-5-21-9-9-9-512".parse().unwrap();
        for (groups, expected) in [
            (&[Sid::BUILTIN_ADMINISTRATORS][..], true),
            (&[domain_admins], true),
            (&[others, Sid::BUILTIN_USERS], false),
            (&[], false),
        ] {
            assert_eq!(is_administrator(&account(groups)), expected, "{groups:?}");
        }
        assert!(is_administrator(&Requester::system()));
        assert!(!is_administrator(&Requester::anonymous(None, Protection::Encrypted)));
    }

    #[test]
    fn accounts_read_and_administrators_write() {
        let octets = object(false);
        let object = Record::new(EntryId(7), &octets).unwrap();
        let anonymous = Requester::anonymous(None, Protection::Encrypted);
        let admin = account(&[Sid::BUILTIN_ADMINISTRATORS]);
        assert_eq!(require(&anonymous, &object, AccessMask::READ_PROPERTY), Err(Error::NotSignedIn));
        assert_eq!(require(&account(&[]), &object, AccessMask::READ_PROPERTY), Ok(()));
        assert_eq!(require(&account(&[]), &object, AccessMask::WRITE_PROPERTY), Err(Error::InsufficientRights));
        assert_eq!(require(&admin, &object, AccessMask::DELETE_TREE), Ok(()));
        assert_eq!(require_writer(&account(&[])), Err(Error::InsufficientRights));
    }

    #[test]
    fn tombstones_are_seen_by_administrators_only() {
        let octets = object(true);
        let object = Record::new(EntryId(7), &octets).unwrap();
        assert!(!may_see(&account(&[]), &object));
        assert!(may_see(&account(&[Sid::BUILTIN_ADMINISTRATORS]), &object));
    }

    #[test]
    fn secrets_are_nobodys() {
        let schema = Schema::from_tables(1);
        let attribute = |name| schema.attribute_named(name).unwrap();
        assert!(!may_read(&Requester::system(), attribute("unicodePwd")));
        assert!(may_read(&account(&[]), attribute("cn")));
        assert!(!may_read(&account(&[]), attribute("unixUserPassword")));
        assert!(may_read(&account(&[Sid::BUILTIN_ADMINISTRATORS]), attribute("unixUserPassword")));
        assert!(!may_read(&Requester::anonymous(None, Protection::Local), attribute("cn")));
    }
}
