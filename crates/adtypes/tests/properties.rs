//! Values of all kinds are written and read again. The fuzz bodies start from texts, these tests from values.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::acl::{AccessEntry, Ace, AceEntry, AceFlags, AceKind, AceObject, Acl};
use bailiwick_adtypes::dn::{DN_COMPONENTS_MAX, Dn, ObjectName, Rdn};
use bailiwick_adtypes::dn_with_data::{DnWithBinary, DnWithString};
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::filter::{Assertion, Extensible, Filter, Substrings};
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::ldif::{Change, Reader, Record, Writer};
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_adtypes::sddl;
use bailiwick_adtypes::security_descriptor::{Control, SecurityDescriptor};
use bailiwick_adtypes::sid::Sid;
use proptest::collection::{hash_map, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

fn attribute() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z][a-zA-Z0-9-]{0,8}", "[1-9][0-9]{0,3}(\\.[1-9][0-9]{0,3}){1,4}"]
}

/// Text with many of the characters that mean something somewhere.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{1,20}", "[ ,+\"\\\\<>;=#\n\r\0a*():]{1,8}", "\\PC{1,8}"]
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), 1..20), text().prop_map(String::into_bytes), vec(any::<u8>(), 100..300)]
}

fn name() -> impl Strategy<Value = Dn> {
    let rdn = (attribute(), text()).prop_map(|(attribute, value)| Rdn { attribute, value });
    vec(rdn, 0..DN_COMPONENTS_MAX.min(6)).prop_map(Dn::from_rdns)
}

fn sid() -> impl Strategy<Value = Sid> {
    (0..1u64 << 48, vec(any::<u32>(), 0..=15)).prop_map(|(authority, subs)| Sid::new(authority, &subs).unwrap())
}

fn guid() -> impl Strategy<Value = Guid> {
    any::<[u8; 16]>().prop_map(Guid::from_bytes)
}

fn filter() -> impl Strategy<Value = Filter> {
    let assertion = || (attribute(), octets()).prop_map(|(attribute, value)| Assertion { attribute, value });
    let substrings = (attribute(), option::of(octets()), vec(octets(), 0..3), octets()).prop_map(
        |(attribute, initial, any, last)| Filter::Substrings(Substrings { attribute, initial, any, last: Some(last) }),
    );
    let extensible = (option::of(attribute()), attribute(), octets(), any::<bool>()).prop_map(
        |(attribute, rule, value, dn_attributes)| {
            Filter::Extensible(Extensible { rule: Some(rule), attribute, value, dn_attributes })
        },
    );
    let leaf = prop_oneof![
        assertion().prop_map(Filter::Equality),
        assertion().prop_map(Filter::GreaterOrEqual),
        assertion().prop_map(Filter::LessOrEqual),
        assertion().prop_map(Filter::Approximate),
        attribute().prop_map(Filter::Present),
        substrings,
        extensible,
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::And),
            vec(inner.clone(), 0..4).prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

fn acl() -> impl Strategy<Value = Acl> {
    let kind = prop_oneof![Just(AceKind::Allow), Just(AceKind::Deny), Just(AceKind::Audit), Just(AceKind::Alarm)];
    let object = (option::of(guid()), option::of(guid()))
        .prop_map(|(object_type, inherited_object_type)| AceObject { object_type, inherited_object_type });
    let ace = (kind, any::<u8>(), any::<u32>(), sid(), option::of(object)).prop_map(
        |(kind, flags, mask, trustee, object)| Ace {
            flags: AceFlags(flags),
            entry: AceEntry::Access(AccessEntry { kind, mask: AccessMask(mask), trustee, object }),
        },
    );
    vec(ace, 0..8).prop_map(|aces| Acl { aces })
}

fn descriptor() -> impl Strategy<Value = SecurityDescriptor> {
    // The flags that have letters in SDDL.
    let control = any::<u16>().prop_map(|bits| Control(bits & 0x3f00));
    (control, option::of(sid()), option::of(sid()), option::of(acl()), option::of(acl())).prop_map(
        |(control, owner, group, sacl, dacl)| {
            let unused = match (&sacl, &dacl) {
                (None, None) => Control(0x3f00),
                (None, Some(_)) => Control(0x2a00),
                (Some(_), None) => Control(0x1500),
                (Some(_), Some(_)) => Control::NONE,
            };
            SecurityDescriptor {
                control: control.without(unused),
                owner,
                group,
                sacl,
                dacl,
                ..SecurityDescriptor::default()
            }
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    let attributes = hash_map("x-[a-z]{1,6}", vec(octets(), 1..4), 1..5).prop_map(|attributes| {
        attributes.into_iter().map(|(name, values)| Attribute { name, values }).collect::<Vec<_>>()
    });
    let operation = prop_oneof![Just(Operation::Add), Just(Operation::Delete), Just(Operation::Replace)];
    let modification = (operation, attribute(), vec(octets(), 1..4))
        .prop_map(|(operation, attribute, values)| Modification { operation, attribute, values });
    let rename = (text(), any::<bool>(), option::of(text()))
        .prop_map(|(new_rdn, delete_old, new_superior)| Change::Rename { new_rdn, delete_old, new_superior });
    prop_oneof![
        attributes.prop_map(Change::Add),
        vec(modification, 0..4).prop_map(Change::Modify),
        Just(Change::Delete),
        rename,
    ]
}

proptest! {
    #[test]
    fn names(name in name()) {
        let parts = |name: &Dn| {
            name.rdns().iter().map(|rdn| (rdn.attribute.clone(), rdn.value.clone())).collect::<Vec<_>>()
        };
        prop_assert_eq!(parts(&Dn::parse(&name.to_string()).unwrap()), parts(&name));
    }

    #[test]
    fn names_with_data(name in name(), binary in octets(), string in text()) {
        let name = ObjectName::Dn(name);
        let again = DnWithBinary::parse(&DnWithBinary { data: binary.clone(), name: name.clone() }.to_string()).unwrap();
        prop_assert_eq!((again.data, again.name.to_string()), (binary, name.to_string()));
        let again = DnWithString::parse(&DnWithString { data: string.clone(), name: name.clone() }.to_string()).unwrap();
        prop_assert_eq!((again.data, again.name.to_string()), (string, name.to_string()));
    }

    #[test]
    fn filters(filter in filter()) {
        prop_assert_eq!(Filter::parse(&filter.to_string()), Ok(filter));
    }

    #[test]
    fn identifiers(sid in sid(), guid in guid()) {
        prop_assert_eq!(sid.to_string().parse(), Ok(sid));
        prop_assert_eq!(Sid::from_bytes(&sid.to_bytes()), Ok(sid));
        prop_assert_eq!(guid.to_string().parse(), Ok(guid));
    }

    #[test]
    fn times(seconds in -62_167_219_200i64..253_402_300_800) {
        let time = GeneralizedTime::from_unix_seconds(seconds).unwrap();
        prop_assert_eq!(GeneralizedTime::parse(&time.to_string()), Ok(time));
        prop_assert_eq!(FileTime::from_unix_seconds(seconds).unix_seconds(), seconds);
    }

    #[test]
    fn descriptors(descriptor in descriptor(), domain in sid()) {
        let octets = descriptor.to_bytes().unwrap();
        prop_assert_eq!(SecurityDescriptor::from_bytes(&octets), Ok(descriptor.clone()));
        let text = sddl::format(&descriptor, &domain, &domain).unwrap();
        prop_assert_eq!(sddl::parse(&text, &domain, &domain), Ok(descriptor));
    }

    #[test]
    fn ldif_records(wanted in vec((text(), change()), 0..6)) {
        let mut writer = Writer::new(Vec::new()).unwrap();
        let wanted = wanted.into_iter().map(|(dn, change)| {
            Record { line: 0, dn, controls: Vec::new(), explicit: true, change }
        }).collect::<Vec<_>>();
        wanted.iter().for_each(|record| writer.record(record).unwrap());
        let text = writer.into_inner();
        let read = Reader::new(text.as_slice()).map(|record| Record { line: 0, ..record.unwrap() }).collect::<Vec<_>>();
        prop_assert_eq!(read, wanted);
    }
}
