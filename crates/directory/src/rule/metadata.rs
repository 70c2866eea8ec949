//! What the directory notes about every object: who it is, when it was made and changed. [MS-ADTS] 3.1.1.5.2.4.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::guid::Guid;

use crate::record::{Draft, EntryId};
use crate::schema::object_class::ObjectClasses;
use crate::schema::{Class, Schema};

/// instanceType of an object that is writable here and heads no naming context. [MS-ADTS] 6.1.2.3.
const INSTANCE_TYPE_WRITABLE: &[u8] = b"4";
/// Octet of a GUID on the wire that has the version in its upper half. RFC 4122 section 4.1.3.
const VERSION_AT: usize = 7;
/// Octet that has the variant in its upper bits.
const VARIANT_AT: usize = 8;

/// A GUID that nobody else has. RFC 4122 section 4.4.
pub(crate) fn random_guid(random: &(dyn Fn(&mut [u8]) + Sync)) -> Guid {
    let mut octets = [0; 16];
    random(&mut octets);
    octets[VERSION_AT] = octets[VERSION_AT] & 0x0f | 0x40;
    octets[VARIANT_AT] = octets[VARIANT_AT] & 0x3f | 0x80;
    Guid::from_bytes(octets)
}

/// The time as whenCreated and whenChanged show it. A clock outside of the years 0 to 9999 shows 1601.
pub(crate) fn shown(now: FileTime) -> String {
    let time = GeneralizedTime::from_file_time(now).or(GeneralizedTime::from_file_time(FileTime::ZERO));
    time.map(|time| time.to_string()).unwrap_or_default()
}

/// Fills in what every new object has, as far as it is not given: identity, times, class and category.
pub(crate) fn complete(
    schema: &Schema,
    classes: &ObjectClasses,
    class: &Class,
    guid: &Guid,
    now: FileTime,
    draft: &mut Draft,
) {
    let known = schema.known();
    let now = shown(now);
    draft.set_default(known.object_guid, guid.as_bytes().as_slice());
    draft.set_default(known.when_created, now.as_bytes());
    draft.set_default(known.when_changed, now.as_bytes());
    draft.set(known.instance_type, INSTANCE_TYPE_WRITABLE);
    draft.set_default(known.object_category, EntryId(class.default_object_category.0.into()).key());
    if class.default_hiding_value {
        draft.set_default(known.show_in_advanced_view_only, b"TRUE".as_slice());
    }
    let names = classes.names(schema).into_iter().map(|name| name.as_bytes().to_vec()).collect();
    draft.attributes.insert(known.object_class, names);
}

/// Notes that an object was changed now.
pub(crate) fn changed(schema: &Schema, now: FileTime, draft: &mut Draft) {
    draft.set(schema.known().when_changed, shown(now).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_guids_have_their_version_and_variant() {
        let ones = |octets: &mut [u8]| octets.fill(0xff);
        let zeros = |octets: &mut [u8]| octets.fill(0);
        assert_eq!(random_guid(&ones).to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(random_guid(&zeros).to_string(), "00000000-0000-4000-8000-000000000000");
    }

    #[test]
    fn times_are_shown_as_clients_read_them() {
        assert_eq!(shown(FileTime::from_unix_seconds(1_700_000_000)), "20231114221320.0Z");
        assert_eq!(shown(FileTime::NEVER), "16010101000000.0Z");
    }
}
