//! Names, filters, identifiers and times.

use bailiwick_adtypes::attribute_name::AttributeDescription;
use bailiwick_adtypes::dn::{DN_COMPONENTS_MAX, DN_OCTETS_MAX, Dn, ObjectName, write_rdn};
use bailiwick_adtypes::dn_with_data::{DnWithBinary, DnWithString};
use bailiwick_adtypes::filter::{FILTER_DEPTH_MAX, FILTER_NODES_MAX, Filter};
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::oid::{self, Oid};
use bailiwick_adtypes::sid::Sid;

/// Names of objects in all forms: what is written is read as the same name.
pub fn dn(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(name) = Dn::parse(text) {
        assert!(name.len() <= DN_COMPONENTS_MAX);
        let written = name.to_string();
        let streamed: Vec<String> = name
            .rdns()
            .iter()
            .map(|rdn| {
                let mut out = String::new();
                write_rdn(&mut out, &rdn.attribute, &rdn.value).expect("writing to a String cannot fail");
                out
            })
            .collect();
        assert_eq!(written, streamed.join(","));
        // Escaping may make a text longer than a reader accepts.
        if written.len() <= DN_OCTETS_MAX {
            let again = Dn::parse(&written).expect("a written name is a name");
            let parts = |name: &Dn| {
                name.rdns().iter().map(|rdn| (rdn.attribute.clone(), rdn.value.clone())).collect::<Vec<_>>()
            };
            assert_eq!(parts(&again), parts(&name));
            assert!(again.equals_ignore_case(&name));
        }
    }
    if let Ok(name) = ObjectName::parse(text) {
        let written = name.to_string();
        if written.len() <= DN_OCTETS_MAX {
            assert_eq!(ObjectName::parse(&written).map(|name| name.to_string()), Ok(written));
        }
    }
    if let Ok(value) = DnWithBinary::parse(text) {
        let written = value.to_string();
        if value.name.to_string().len() <= DN_OCTETS_MAX {
            let again = DnWithBinary::parse(&written).expect("a written value is a value");
            assert_eq!((again.data.as_slice(), again.to_string()), (value.data.as_slice(), written));
        }
    }
    if let Ok(value) = DnWithString::parse(text) {
        let written = value.to_string();
        if value.name.to_string().len() <= DN_OCTETS_MAX {
            let again = DnWithString::parse(&written).expect("a written value is a value");
            assert_eq!((again.data.as_str(), again.to_string()), (value.data.as_str(), written));
        }
    }
}

/// Filters: what is written is read as the same filter, and limits hold.
pub fn filter_text(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(filter) = Filter::parse(text) else { return };
    assert!(filter.depth() <= FILTER_DEPTH_MAX);
    assert!(filter.nodes() <= FILTER_NODES_MAX);
    assert_eq!(Filter::parse(&filter.to_string()), Ok(filter));
}

/// Attribute descriptions: what is written is read as the same description.
pub fn attribute_name(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(description) = AttributeDescription::parse(text) else { return };
    assert!(oid::is_name_or_oid(description.base));
    if let Some(range) = description.range() {
        assert!(range.high.is_none_or(|high| range.low <= high));
    }
    assert_eq!(AttributeDescription::parse(&description.to_string()), Ok(description));
}

/// GUIDs, SIDs and OIDs in text and octets.
pub fn identifier(data: &[u8]) {
    if let Ok(guid) = Guid::try_from(data) {
        assert_eq!(guid.to_string().parse(), Ok(guid));
    }
    if let Ok(sid) = Sid::from_bytes(data) {
        assert_eq!(sid.to_bytes(), data);
        assert_eq!(sid.to_string().parse(), Ok(sid));
    }
    if let Ok(oid) = Oid::from_ber(data) {
        assert_eq!(oid.as_ber(), data);
        assert_eq!(oid.to_string().parse(), Ok(oid));
    }
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(guid) = text.parse::<Guid>() {
        assert!(guid.to_string().eq_ignore_ascii_case(text.trim_matches(['{', '}'])));
    }
    if let Ok(sid) = text.parse::<Sid>() {
        assert_eq!(Sid::from_bytes(&sid.to_bytes()), Ok(sid));
    }
    if let Ok(oid) = text.parse::<Oid>() {
        assert_eq!(oid.to_string(), text);
        assert!(oid::is_numeric_oid(text));
        assert_eq!(Oid::from_ber(oid.as_ber()), Ok(oid));
    }
}

/// Times in both text forms: the canonical text is read as the same time.
pub fn generalized_time(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(time) = GeneralizedTime::parse(text) {
        assert_eq!(GeneralizedTime::parse(&time.to_string()), Ok(time));
        assert_eq!(GeneralizedTime::from_file_time(time.to_file_time()), Some(time));
        assert_eq!(GeneralizedTime::from_unix_seconds(time.unix_seconds()), Some(time));
    }
    if let Ok(time) = GeneralizedTime::parse_utc_time(text) {
        assert_eq!(GeneralizedTime::parse(&time.to_string()), Ok(time));
        let mut written = String::new();
        time.write_utc_time(&mut written).expect("writing to a String cannot fail");
        // An offset may move the time out of the hundred years that two digits can tell.
        if ("1950".."2050").contains(&&time.to_string()[..4]) {
            assert_eq!(GeneralizedTime::parse_utc_time(&written), Ok(time));
        }
    }
}
