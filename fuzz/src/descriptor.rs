//! Security descriptors in octets and in SDDL.

use bailiwick_adtypes::sddl::{self as text_form, SddlError};
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;
use bailiwick_adtypes::sid::Sid;

/// The domain and root domain that aliases are resolved in.
fn domains() -> [Sid; 2] {
    [[21, 1, 2, 3], [21, 4, 5, 6]].map(|parts| Sid::new(5, &parts).expect("four sub-authorities are few enough"))
}

/// SDDL: what is written is read as the same descriptor, and so are its octets.
pub fn sddl(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let [domain, root_domain] = domains();
    let Ok(descriptor) = text_form::parse(text, &domain, &root_domain) else { return };
    let written = text_form::format(&descriptor, &domain, &root_domain).expect("a descriptor from a text has a text");
    assert_eq!(text_form::parse(&written, &domain, &root_domain).as_ref(), Ok(&descriptor));
    let octets = descriptor.to_bytes().expect("the parser keeps lists within their limit");
    assert_eq!(SecurityDescriptor::from_bytes(&octets), Ok(descriptor));
}

/// Octets: what is written is read as the same descriptor, and its text, where it has one, says the same but for control
/// flags without letters.
pub fn security_descriptor(data: &[u8]) {
    let Ok(descriptor) = SecurityDescriptor::from_bytes(data) else { return };
    let octets = descriptor.to_bytes().expect("writing adds nothing to lists that were read");
    assert_eq!(SecurityDescriptor::from_bytes(&octets).as_ref(), Ok(&descriptor));
    let [domain, root_domain] = domains();
    match text_form::format(&descriptor, &domain, &root_domain) {
        Ok(text) => {
            let again = text_form::parse(&text, &domain, &root_domain).expect("a written descriptor is one");
            let parts = |d: SecurityDescriptor| (d.owner, d.group, d.dacl, d.sacl);
            assert_eq!(parts(again), parts(descriptor));
        }
        Err(error) => assert!(matches!(error, SddlError::RawAce { .. })),
    }
}
