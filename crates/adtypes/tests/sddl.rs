//! SDDL against the descriptors of the published schema, and its own leniencies and refusals.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::acl::{AccessEntry, Ace, AceEntry, AceFlags, AceKind, AceObject};
use bailiwick_adtypes::sddl::{self, SddlError};
use bailiwick_adtypes::security_descriptor::{Control, SecurityDescriptor};
use bailiwick_adtypes::sid::Sid;

const SCHEMA_CLASSES: &str = include_str!("../../../data/schema-classes.tsv");

fn domain() -> Sid {
    "S-1-5-21-1-2-3".parse().unwrap()
}

fn root_domain() -> Sid {
    "S-1-5-21-4-5-6".parse().unwrap()
}

fn parse(text: &str) -> Result<SecurityDescriptor, SddlError> {
    sddl::parse(text, &domain(), &root_domain())
}

fn format(descriptor: &SecurityDescriptor) -> String {
    sddl::format(descriptor, &domain(), &root_domain()).unwrap()
}

fn check(text: &str, written: &str) {
    let descriptor = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(format(&descriptor), written, "{text}");
    assert_eq!(parse(written), Ok(descriptor));
}

fn only_entry(text: &str) -> (AceFlags, AccessEntry) {
    match parse(text).unwrap().dacl.unwrap().aces.as_slice() {
        [Ace { flags, entry: AceEntry::Access(entry) }] => (*flags, *entry),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn every_default_descriptor_of_the_schema_comes_back() {
    let mut cells = 0;
    for line in SCHEMA_CLASSES.lines().skip(1) {
        let text = line.split('\t').nth(15).unwrap();
        if text.is_empty() {
            continue;
        }
        cells += 1;
        let descriptor = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(parse(&format(&descriptor)).as_ref(), Ok(&descriptor), "{text}");
        let octets = descriptor.to_bytes().unwrap();
        assert_eq!(SecurityDescriptor::from_bytes(&octets).as_ref(), Ok(&descriptor), "{text}");
    }
    assert!(cells > 250, "only {cells} cells");
}

#[test]
fn aliases_stand_for_accounts_of_their_domain() {
    let trustee = |alias: &str| only_entry(&format!("D:(A;;GA;;;{alias})")).1.trustee.to_string();
    assert_eq!(trustee("DA"), "S-1-5-21-1-2-3-512");
    assert_eq!(trustee("EA"), "S-1-5-21-4-5-6-519");
    assert_eq!(trustee("SA"), "S-1-5-21-4-5-6-518");
    assert_eq!(trustee("RO"), "S-1-5-21-4-5-6-498");
    assert_eq!(trustee("BA"), "S-1-5-32-544");
    assert_eq!(trustee("RU"), "S-1-5-32-554");
    assert_eq!(trustee("PS"), "S-1-5-10");
    assert_eq!(trustee("co"), "S-1-3-0");
    assert_eq!(trustee("UD"), "S-1-5-84-0-0-0-0-0");
    assert_eq!(trustee("AC"), "S-1-15-2-1");
    assert_eq!(trustee("S-1-5-21-9-512"), "S-1-5-21-9-512");
}

#[test]
fn all_parts_of_an_entry_are_read() {
    let (flags, entry) = only_entry(
        "D:(OA;CIIO;RPWP;BF967A86-0de6-11d0-a285-00aa003049e2;{bf967aba-0de6-11d0-a285-00aa003049e2};S-1-5-18)",
    );
    assert_eq!(flags, AceFlags::CONTAINER_INHERIT | AceFlags::INHERIT_ONLY);
    let object = AceObject {
        object_type: Some("bf967a86-0de6-11d0-a285-00aa003049e2".parse().unwrap()),
        inherited_object_type: Some("bf967aba-0de6-11d0-a285-00aa003049e2".parse().unwrap()),
    };
    let mask = AccessMask::READ_PROPERTY | AccessMask::WRITE_PROPERTY;
    assert_eq!(entry, AccessEntry { kind: AceKind::Allow, mask, trustee: Sid::SYSTEM, object: Some(object) });
}

#[test]
fn parts_come_in_any_order_and_with_spaces() {
    check("", "");
    check("O:BAG:SY", "O:BAG:SY");
    check("O:S-1-5-21-9D:P", "O:S-1-5-21-9D:P");
    check("D:S:", "D:S:");
    check("S:ARAI(AU;SAFA;WD;;;WD)D:PAI", "D:PAIS:ARAI(AU;SAFA;WD;;;WD)");
    check(" D: P (A; CI ; RP WP ;;; AU ) (D;;SD;;;DA) ", "D:P(A;CI;RPWP;;;AU)(D;;SD;;;DA)");
    check("d:(a;;rp;;;wd)", "D:(A;;RP;;;WD)");
    check("D:(OA;;CR;;;AU)", "D:(OA;;CR;;;AU)");
    check("D:PNO_ACCESS_CONTROL", "D:PNO_ACCESS_CONTROL");
    check("D:NO_ACCESS_CONTROLS:(AL;;;;;WD)", "D:NO_ACCESS_CONTROLS:(AL;;;;;WD)");
    assert_eq!(parse("D:NO_ACCESS_CONTROL").unwrap().control, Control::DACL_PRESENT);
}

#[test]
fn rights_are_letters_or_numbers() {
    check("D:(A;;0xF01FF;;;SY)", "D:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)");
    check("D:(A;;48;;;SY)", "D:(A;;RPWP;;;SY)");
    check("D:(A;;060;;;SY)", "D:(A;;RPWP;;;SY)");
    check("D:(A;;0;;;SY)", "D:(A;;;;;SY)");
    check("D:(A;;0x100000;;;SY)", "D:(A;;0x100000;;;SY)");
    check("D:(A;;FA;;;SY)", "D:(A;;0x1f01ff;;;SY)");
    check("D:(A;;RPRPGAGRGWGX;;;SY)", "D:(A;;GAGRGWGXRP;;;SY)");
}

#[test]
fn malformed_texts_say_where() {
    let refuse = |text: &str, error| assert_eq!(parse(text), Err(error), "{text}");
    refuse("X", SddlError::Part { at: 0 });
    refuse("X:", SddlError::Part { at: 0 });
    refuse("é:", SddlError::Part { at: 0 });
    refuse("O:BAO:BA", SddlError::Part { at: 4 });
    refuse("D:D:", SddlError::Part { at: 2 });
    refuse("O:", SddlError::Sid { at: 2 });
    refuse("O:ZZ", SddlError::Sid { at: 2 });
    refuse("O:é:", SddlError::Sid { at: 2 });
    refuse("O:BA(A;;GA;;;SY)", SddlError::Sid { at: 2 });
    refuse("D:Q", SddlError::Flags { at: 2 });
    refuse("D:(A;;GA;;;SY", SddlError::Ace { at: 2 });
    refuse("D:(A;;GA;;SY)", SddlError::Ace { at: 2 });
    refuse("D:(A;;GA;;;SY;)", SddlError::Ace { at: 2 });
    refuse("D:(X;;GA;;;SY)", SddlError::AceType { at: 3 });
    refuse("D:(XA;;GA;;;SY;(a==b))", SddlError::Ace { at: 2 });
    refuse("D:(ML;;NW;;;LW)", SddlError::AceType { at: 3 });
    refuse("D:(A;;GA;bf967a86-0de6-11d0-a285-00aa003049e2;;SY)", SddlError::AceType { at: 3 });
    refuse("D:(A;XX;GA;;;SY)", SddlError::AceFlags { at: 5 });
    refuse("D:(A;;GAX;;;SY)", SddlError::Rights { at: 6 });
    refuse("D:(A;;0x;;;SY)", SddlError::Rights { at: 6 });
    refuse("D:(A;;0x1ffffffff;;;SY)", SddlError::Rights { at: 6 });
    refuse("D:(OA;;GA;x;;SY)", SddlError::Guid { at: 10 });
    refuse("D:(A;;GA;;;)", SddlError::Sid { at: 11 });
    refuse("D:(A;;GA;;;SY)x", SddlError::Part { at: 14 });
    let long = format!("D:{}", "(A;;GA;;;SY)".repeat(3_300));
    refuse(&long, SddlError::AclTooLarge { at: 2 + 12 * 3_276 });
    refuse(&" ".repeat(sddl::SDDL_OCTETS_MAX + 1), SddlError::TooLong { octets: sddl::SDDL_OCTETS_MAX + 1 });
}

#[test]
fn raw_entries_have_no_text() {
    let mut descriptor = parse("D:").unwrap();
    let raw = Ace { flags: AceFlags::NONE, entry: AceEntry::Raw { ace_type: 9, body: vec![] } };
    descriptor.dacl.as_mut().unwrap().aces.push(raw);
    assert_eq!(sddl::format(&descriptor, &domain(), &root_domain()), Err(SddlError::RawAce { ace_type: 9 }));
}
