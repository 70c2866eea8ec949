//! The languages of the AD REST API.

use bailiwick_adtypes::filter::{FILTER_DEPTH_MAX, FILTER_NODES_MAX, Filter};
use bailiwick_domain::{AttributeType, ValueForm};
use bailiwick_rest::edit::{Edits, PROXY_ADDRESSES};
use bailiwick_rest::search::Endpoint;
use bailiwick_rest::value::{Presentation, Zone, parse_instant, present, write_instant};
use bailiwick_rest::{filter, json};

/// An attribute of each form, so that inputs reach every conversion.
const ATTRIBUTES: [(&str, ValueForm, bool); 12] = [
    ("cn", ValueForm::Text, true),
    ("objectGUID", ValueForm::Octets, true),
    ("createTime", ValueForm::UtcTime, true),
    ("isDeleted", ValueForm::Boolean, true),
    ("member", ValueForm::Dn, false),
    ("nTSecurityDescriptor", ValueForm::SecurityDescriptor, true),
    ("pwdLastSet", ValueForm::LargeInteger, true),
    (PROXY_ADDRESSES, ValueForm::Text, false),
    ("sIDHistory", ValueForm::Sid, false),
    ("userAccountControl", ValueForm::Integer, true),
    ("wellKnownObjects", ValueForm::DnWithData, false),
    ("whenCreated", ValueForm::GeneralizedTime, true),
];

fn attribute(name: &str) -> Option<AttributeType> {
    let found = ATTRIBUTES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    found.map(|(name, form, single_valued)| AttributeType {
        name: (*name).to_owned(),
        form: *form,
        single_valued: *single_valued,
    })
}

/// JSON: what is written is read as the same value.
pub fn rest_json(data: &[u8]) {
    match json::read(data) {
        Ok(value) => {
            let written = value.to_string();
            // Indentation may make a text longer than a reader accepts.
            if written.len() <= json::JSON_OCTETS_MAX {
                assert_eq!(json::read(written.as_bytes()), Ok(value));
            }
        }
        Err(error) => assert!(error.line >= 1 && error.column >= 1 && !error.to_string().is_empty()),
    }
    let Ok(text) = str::from_utf8(data) else { return };
    if let Some(time) = parse_instant(text)
        && let Some(written) = write_instant(time, Zone::Utc)
    {
        assert_eq!(parse_instant(&written), Some(time));
    }
}

/// Bodies of searches: a filter within the limits, whose text is read as the same filter.
pub fn rest_filter(data: &[u8]) {
    let Ok(body) = json::read(data) else { return };
    for endpoint in [Endpoint::Generic, Endpoint::User] {
        match filter::read(&body, endpoint.criteria(), &attribute) {
            Ok(read) => {
                assert!(read.depth() <= FILTER_DEPTH_MAX && read.nodes() <= FILTER_NODES_MAX);
                assert_eq!(Filter::parse(&read.to_string()), Ok(read));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Edits: modifications of known attributes, whatever addresses are stored; every value can be shown.
pub fn rest_edit(data: &[u8]) {
    let Ok(body) = json::read(data) else { return };
    let Ok(edits) = Edits::read(Some(&body), &attribute) else { return };
    for stored in [&[][..], &["SMTP:a@x", "smtp:b@x", "X500:/o=x", "smtp", "c@x", ":"]] {
        let stored: Vec<Vec<u8>> = stored.iter().map(|address| address.as_bytes().to_vec()).collect();
        let Ok(modifications) = edits.modifications(&stored) else { continue };
        assert!(!modifications.is_empty());
        for modification in modifications {
            let known = attribute(&modification.attribute).expect("an unknown attribute is refused");
            let shown = present(&known.name, Some(&known), &modification.values, &Presentation::default());
            assert_eq!(shown.is_some(), !modification.values.is_empty());
            if known.name == PROXY_ADDRESSES {
                let primaries = modification.values.iter().filter(|value| value.starts_with(b"SMTP:"));
                assert!(primaries.count() <= 1);
            }
        }
    }
}
