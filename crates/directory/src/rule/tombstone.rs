//! What is left of a deleted object. [MS-ADTS] 3.1.1.5.5.1.1 and 3.1.1.5.5.6.1.

use bailiwick_adtypes::guid::Guid;

use crate::record::{Draft, EntryId, Record, Snapshot};
use crate::rule::naming::RDN_UNITS_MAX;
use crate::schema::{Attribute, Schema, SearchFlags};

/// The well-known GUID of CN=Deleted Objects, in wire order. [MS-ADTS] 6.1.1.4.
const DELETED_OBJECTS: [u8; 16] =
    [0x18, 0xe2, 0xea, 0x80, 0x68, 0x4f, 0x11, 0xd2, 0xb9, 0xaa, 0x00, 0xc0, 0x4f, 0x79, 0xf8, 0x05];

/// The container of the tombstones of a naming context; none when the context has none.
pub(crate) fn container(snapshot: Snapshot<'_>, head: &Record<'_>) -> Option<EntryId> {
    head.values(snapshot.schema.known().well_known_objects)
        .find(|value| value.get(8..) == Some(DELETED_OBJECTS.as_slice()))
        .and_then(EntryId::read)
}

/// Turns an object into its tombstone, which goes into `container` if there is one. Links are not the record's and go
/// by themselves.
pub(crate) fn bury(schema: &Schema, container: Option<EntryId>, draft: &mut Draft) {
    let known = schema.known();
    let rdn_attribute = draft.rdn_attribute;
    draft.attributes.retain(|number, _| *number == rdn_attribute || schema.attribute(*number).is_some_and(is_kept));
    let guid = draft.value(known.object_guid).and_then(|octets| Guid::try_from(octets).ok()).unwrap_or(Guid::NIL);
    let name = mangled(&String::from_utf8_lossy(draft.rdn_value()), &guid);
    draft.set(rdn_attribute, name.as_bytes());
    draft.set(known.name, name.as_bytes());
    draft.set(known.is_deleted, b"TRUE".as_slice());
    // There is no recycle bin, so nothing of the object can come back but what is here.
    draft.set(known.is_recycled, b"TRUE".as_slice());
    draft.set(known.last_known_parent, draft.parent.key());
    draft.deleted = true;
    draft.parent = container.unwrap_or(draft.parent);
}

/// The name of a tombstone, which no living object can have: the old one, cut to fit, a line feed, `DEL:` and the GUID.
fn mangled(name: &str, guid: &Guid) -> String {
    let suffix = format!("\nDEL:{guid}");
    let mut room = RDN_UNITS_MAX - suffix.len();
    let fits = |character: &char| {
        let units = character.len_utf16();
        let fits = units <= room;
        room = room.saturating_sub(units);
        fits
    };
    let kept: String = name.chars().take_while(fits).collect();
    kept + &suffix
}

/// Whether a tombstone keeps the attribute.
fn is_kept(attribute: &Attribute) -> bool {
    if attribute.link.is_some() {
        return false;
    }
    match &*attribute.name {
        "objectCategory" | "sAMAccountType" => false,
        "attributeID"
        | "attributeSyntax"
        | "dNReferenceUpdate"
        | "dNSHostName"
        | "flatName"
        | "governsID"
        | "groupType"
        | "instanceType"
        | "lDAPDisplayName"
        | "legacyExchangeDN"
        | "mS-DS-CreatorSID"
        | "mSMQOwnerID"
        | "nCName"
        | "nTSecurityDescriptor"
        | "name"
        | "oMSyntax"
        | "objectClass"
        | "objectGUID"
        | "objectSid"
        | "proxiedObjectName"
        | "replPropertyMetaData"
        | "sAMAccountName"
        | "securityIdentifier"
        | "sIDHistory"
        | "subClassOf"
        | "systemFlags"
        | "trustAttributes"
        | "trustDirection"
        | "trustPartner"
        | "trustType"
        | "uSNChanged"
        | "uSNCreated"
        | "userAccountControl"
        | "whenChanged"
        | "whenCreated" => true,
        _ => attribute.search_flags.has(SearchFlags::PRESERVE_ON_DELETE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::DescriptorId;

    fn draft(schema: &Schema, name: &str) -> Draft {
        let known = schema.known();
        let mut draft = Draft {
            id: EntryId(77),
            parent: EntryId(5),
            naming_context: EntryId(2),
            class: known.class_user,
            rdn_attribute: known.cn,
            descriptor: DescriptorId(4),
            deleted: false,
            attributes: Default::default(),
        };
        draft.set(known.cn, name.as_bytes());
        draft.set(known.name, name.as_bytes());
        draft.set(known.object_guid, [0x11; 16]);
        for attribute in [known.sam_account_name, known.object_sid, known.object_category, known.description] {
            draft.set(attribute, b"x".as_slice());
        }
        draft
    }

    #[test]
    fn a_tombstone_keeps_its_identity_and_loses_the_rest() {
        let schema = Schema::from_tables(1);
        let known = schema.known();
        let mut draft = draft(&schema, "Ada");
        bury(&schema, Some(EntryId(9)), &mut draft);
        assert_eq!(draft.rdn_value(), b"Ada\nDEL:11111111-1111-1111-1111-111111111111");
        assert_eq!(draft.value(known.name), Some(draft.rdn_value()));
        assert_eq!((draft.deleted, draft.parent), (true, EntryId(9)));
        assert_eq!(draft.value(known.last_known_parent), Some(EntryId(5).key().as_slice()));
        assert_eq!(draft.value(known.is_deleted), Some(b"TRUE".as_slice()));
        assert!(draft.has(known.sam_account_name) && draft.has(known.object_sid));
        assert!(!draft.has(known.object_category) && !draft.has(known.description));
    }

    #[test]
    fn long_names_are_cut_and_the_identity_is_whole() {
        let guid = Guid::from_bytes([0x22; 16]);
        for (name, kept) in [("x".repeat(255), 214), ("😀".repeat(127), 107), ("a".to_owned(), 1)] {
            let mangled = mangled(&name, &guid);
            assert!(mangled.encode_utf16().count() <= RDN_UNITS_MAX);
            let (start, end) = mangled.split_once('\n').unwrap();
            assert_eq!(start.chars().count(), kept);
            assert_eq!(end, "DEL:22222222-2222-2222-2222-222222222222");
        }
    }

    #[test]
    fn a_tombstone_without_a_container_stays() {
        let schema = Schema::from_tables(1);
        let mut draft = draft(&schema, "Ada");
        bury(&schema, None, &mut draft);
        assert_eq!(draft.parent, EntryId(5));
    }
}
