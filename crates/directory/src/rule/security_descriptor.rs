//! The explicit part of an object's security descriptor. [MS-ADTS] 6.1.3.
//!
//! Inherited entries are a function of the parent and are never stored.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::acl::{AccessEntry, Ace, AceEntry, AceFlags, AceKind, Acl};
use bailiwick_adtypes::sddl;
use bailiwick_adtypes::security_descriptor::{Control, SecurityDescriptor};
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeFault, Error, Identity, Requester};

use crate::rule::descriptor_parts::Parts;
use crate::schema::Class;

/// RID of Domain Admins.
const RID_DOMAIN_ADMINS: u32 = 512;

/// The octets of the explicit descriptor that a class gives its new objects; none when the schema's text is no
/// descriptor. What it gives to the creator goes to `creator`, who is nearly always the owner.
pub(crate) fn stored_descriptor(class: &Class, domain_sid: &Sid, owner: &Sid, creator: &Sid) -> Option<Vec<u8>> {
    let text = &*class.default_security_descriptor;
    let given =
        if text.is_empty() { own_default(domain_sid) } else { sddl::parse(text, domain_sid, domain_sid).ok()? };
    let descriptor = SecurityDescriptor { owner: Some(*owner), ..explicit(given, creator, owner) };
    descriptor.to_bytes().ok()
}

/// The octets of an explicit descriptor.
///
/// # Errors
/// `InvalidSyntax` when it has more entries than fit.
pub(crate) fn octets(explicit: &SecurityDescriptor, name: &str) -> Result<Vec<u8>, Error> {
    explicit.to_bytes().map_err(|_| Error::attribute(name, AttributeFault::InvalidSyntax))
}

/// A stored explicit descriptor; an empty one for an object that has none.
pub(crate) fn stored(octets: Option<&[u8]>) -> SecurityDescriptor {
    octets.and_then(|octets| SecurityDescriptor::from_bytes(octets).ok()).unwrap_or_default()
}

/// The explicit descriptor that a client gives a new object: `parts` of it, if the client says which ones count.
///
/// # Errors
/// `InvalidSyntax` when it is none.
pub(crate) fn given_descriptor(
    octets: &[u8],
    name: &str,
    domain_sid: &Sid,
    owner: &Sid,
    parts: Option<Parts>,
) -> Result<SecurityDescriptor, Error> {
    let invalid = || Error::attribute(name, AttributeFault::InvalidSyntax);
    let mut given = SecurityDescriptor::from_bytes(octets).map_err(|_| invalid())?;
    if let Some(parts) = parts {
        given = parts.taken_from(given);
    }
    check_dacl(&given, name)?;
    if given.dacl.is_none() {
        given.dacl = own_default(domain_sid).dacl;
    }
    Ok(explicit(given, owner, owner))
}

/// The explicit descriptor of an object after a client replaced it. What the new one does not say is as it was: whoever
/// may not read the SACL writes none, and does not mean that there should be none. Who says which `parts` are written
/// means just those.
///
/// # Errors
/// `InvalidSyntax` when it is none, `Unacceptable` for the null DACL, which allows everything to everybody.
pub(crate) fn replaced_descriptor(
    octets: &[u8],
    name: &str,
    before: &SecurityDescriptor,
    owner: &Sid,
    parts: Option<Parts>,
) -> Result<SecurityDescriptor, Error> {
    let invalid = || Error::attribute(name, AttributeFault::InvalidSyntax);
    let mut given = SecurityDescriptor::from_bytes(octets).map_err(|_| invalid())?;
    if let Some(parts) = parts {
        given = parts.written(given);
    }
    check_dacl(&given, name)?;
    // Emptying a SACL that is not there changes nothing.
    given.sacl = given.sacl.filter(|sacl| !sacl.aces.is_empty() || before.sacl.is_some());
    let mut keep = |protected: Control| {
        given.control = given.control.without(protected).with(before.control & protected);
    };
    if given.dacl.is_none() {
        keep(Control::DACL_PROTECTED);
    }
    if given.sacl.is_none() {
        keep(Control::SACL_PROTECTED);
    }
    given.dacl = given.dacl.or_else(|| before.dacl.clone());
    given.sacl = given.sacl.or_else(|| before.sacl.clone());
    let owner = before.owner.unwrap_or(*owner);
    let group = before.group.unwrap_or(owner);
    Ok(explicit(given, &owner, &group))
}

/// Who owns what the requester makes: the administrators together, anybody else alone ([MS-ADTS] 6.1.3.7, 6.1.3.8).
pub(crate) fn owner_of_new(requester: &Requester, domain_sid: &Sid) -> Sid {
    let administrators = administrators(domain_sid);
    match &requester.identity {
        Identity::Account { sid, groups, .. } if !groups.contains(&administrators) => *sid,
        Identity::Account { .. } | Identity::System | Identity::Anonymous => administrators,
    }
}

/// Who owns what nobody shall own alone.
pub(crate) fn administrators(domain_sid: &Sid) -> Sid {
    domain_sid.with_rid(RID_DOMAIN_ADMINS).unwrap_or(Sid::SYSTEM)
}

fn check_dacl(given: &SecurityDescriptor, name: &str) -> Result<(), Error> {
    match given.dacl.is_none() && given.control.contains(Control::DACL_PRESENT) {
        true => Err(Error::attribute(name, AttributeFault::Unacceptable)),
        false => Ok(()),
    }
}

/// The control flags that an explicit descriptor has; the others tell how one came about.
const KEPT: Control = Control(Control::DACL_PROTECTED.0 | Control::SACL_PROTECTED.0 | Control::RM_CONTROL_VALID.0);

/// Without inherited entries, with generic rights spelled out, and with an owner.
fn explicit(mut given: SecurityDescriptor, owner: &Sid, group: &Sid) -> SecurityDescriptor {
    given.control = given.control & KEPT;
    let owner = *given.owner.get_or_insert(*owner);
    given.group.get_or_insert(*group);
    for acl in [&mut given.dacl, &mut given.sacl].into_iter().flatten() {
        acl.aces.retain(|ace| !ace.flags.contains(AceFlags::INHERITED));
        for ace in &mut acl.aces {
            let is_inheritable = ace.flags.contains(AceFlags::CONTAINER_INHERIT);
            if let AceEntry::Access(entry) = &mut ace.entry {
                entry.mask = entry.mask.map_generic();
                // The creator of this object is its owner; that of objects below it is to come.
                if entry.trustee == Sid::CREATOR_OWNER && !is_inheritable {
                    entry.trustee = owner;
                }
            }
        }
    }
    given
}

/// What an object has whose class says nothing: the default list of the creator's token on a real server.
fn own_default(domain_sid: &Sid) -> SecurityDescriptor {
    let everything = |trustee| Ace {
        flags: AceFlags::default(),
        entry: AceEntry::Access(AccessEntry {
            kind: AceKind::Allow,
            mask: AccessMask::FULL_CONTROL,
            trustee,
            object: None,
        }),
    };
    let trustees = domain_sid.with_rid(RID_DOMAIN_ADMINS).into_iter().chain([Sid::SYSTEM]);
    SecurityDescriptor { dacl: Some(Acl { aces: trustees.map(everything).collect() }), ..Default::default() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bailiwick_domain::Protection;

    use super::*;
    use crate::schema::Schema;

    fn domain() -> Sid {
        "S-1-5-21-1-2-3".parse().unwrap()
    }

    fn text(octets: &[u8]) -> String {
        sddl::format(&SecurityDescriptor::from_bytes(octets).unwrap(), &domain(), &domain()).unwrap()
    }

    fn shown(descriptor: &SecurityDescriptor) -> String {
        sddl::format(descriptor, &domain(), &domain()).unwrap()
    }

    fn octets(text: &str) -> Vec<u8> {
        sddl::parse(text, &domain(), &domain()).unwrap().to_bytes().unwrap()
    }

    #[test]
    fn every_class_of_the_schema_has_a_descriptor() {
        let schema = Schema::from_tables(1);
        let owner = domain().with_rid(512).unwrap();
        for class in schema.classes() {
            let octets = stored_descriptor(class, &domain(), &owner, &owner);
            let descriptor = SecurityDescriptor::from_bytes(&octets.unwrap()).unwrap();
            assert!(descriptor.owner.is_some() && descriptor.group.is_some() && descriptor.dacl.is_some());
        }
    }

    #[test]
    fn the_creator_is_the_owner() {
        let schema = Schema::from_tables(1);
        let owner: Sid = "S-1-5-21-1-2-3-1200".parse().unwrap();
        let computer = schema.class_named("computer").unwrap();
        let octets = stored_descriptor(computer, &domain(), &owner, &owner).unwrap();
        let shown = text(&octets);
        assert!(shown.contains("S-1-5-21-1-2-3-1200)") && !shown.contains(";CO)"), "{shown}");
        assert!(shown.starts_with("O:S-1-5-21-1-2-3-1200G:"), "{shown}");
        let octets = stored_descriptor(computer, &domain(), &administrators(&domain()), &owner).unwrap();
        let shown = text(&octets);
        assert!(shown.starts_with("O:DAG:DAD:") && shown.contains("S-1-5-21-1-2-3-1200)"), "{shown}");
    }

    #[test]
    fn given_descriptors_lose_what_is_inherited_and_gain_an_owner() {
        let owner = domain().with_rid(512).unwrap();
        let given =
            |sddl: &str| given_descriptor(&octets(sddl), "sd", &domain(), &owner, None).map(|given| shown(&given));
        assert_eq!(given("D:(A;;RP;;;AU)(A;ID;WP;;;AU)").unwrap(), "O:DAG:DAD:(A;;RP;;;AU)");
        assert_eq!(given("O:SYD:(A;CI;GR;;;CO)").unwrap(), "O:SYG:DAD:(A;CI;LCRPLORC;;;CO)");
        assert!(given("O:SY").unwrap().starts_with("O:SYG:DAD:("));
        let invalid = given_descriptor(b"x", "sd", &domain(), &owner, None);
        assert_eq!(invalid, Err(Error::attribute("sd", AttributeFault::InvalidSyntax)));
        let mut null = SecurityDescriptor { control: Control::DACL_PRESENT, ..Default::default() };
        null.owner = Some(owner);
        let refused = given_descriptor(&null.to_bytes().unwrap(), "sd", &domain(), &owner, None);
        assert_eq!(refused, Err(Error::attribute("sd", AttributeFault::Unacceptable)));
    }

    #[test]
    fn a_new_descriptor_leaves_what_it_does_not_say() {
        let before = stored(Some(&octets("O:SYG:BAD:P(A;;RP;;;AU)S:P(AU;SA;WP;;;WD)")));
        let owner = domain().with_rid(512).unwrap();
        let after = |sddl: &str| shown(&replaced_descriptor(&octets(sddl), "sd", &before, &owner, None).unwrap());
        assert_eq!(after("D:(A;;WP;;;AU)"), "O:SYG:BAD:(A;;WP;;;AU)S:P(AU;SA;WP;;;WD)");
        assert_eq!(after("O:DA"), "O:DAG:BAD:P(A;;RP;;;AU)S:P(AU;SA;WP;;;WD)");
        assert_eq!(after("D:PAIS:AI"), "O:SYG:BAD:PS:");
    }

    #[test]
    fn only_the_parts_that_are_named_are_written() {
        let before = stored(Some(&octets("O:SYG:BAD:P(A;;RP;;;AU)S:P(AU;SA;WP;;;WD)")));
        let owner = domain().with_rid(512).unwrap();
        let after = |sddl: &str, flags| {
            let parts = Some(Parts::of(flags));
            replaced_descriptor(&octets(sddl), "sd", &before, &owner, parts).map(|after| shown(&after))
        };
        let whole = "O:DAG:DAD:(A;;WP;;;AU)S:(AU;SA;RP;;;WD)";
        for (given, flags, expected) in [
            (whole, 1, "O:DAG:BAD:P(A;;RP;;;AU)S:P(AU;SA;WP;;;WD)"),
            (whole, 2, "O:SYG:DAD:P(A;;RP;;;AU)S:P(AU;SA;WP;;;WD)"),
            (whole, 4, "O:SYG:BAD:(A;;WP;;;AU)S:P(AU;SA;WP;;;WD)"),
            (whole, 8, "O:SYG:BAD:P(A;;RP;;;AU)S:(AU;SA;RP;;;WD)"),
            (whole, 7, "O:DAG:DAD:(A;;WP;;;AU)S:P(AU;SA;WP;;;WD)"),
            (whole, 0, whole),
            // A part that is named and not given: the SACL goes, an owner stays.
            ("D:(A;;WP;;;AU)", 15, "O:SYG:BAD:(A;;WP;;;AU)S:"),
        ] {
            assert_eq!(after(given, flags).as_deref(), Ok(expected), "{given} {flags}");
        }
        let null = Err(Error::attribute("sd", AttributeFault::Unacceptable));
        assert_eq!(after("O:DA", 4), null, "the null DACL");
        let new = |flags| {
            let given = given_descriptor(&octets(whole), "sd", &domain(), &owner, Some(Parts::of(flags)));
            shown(&given.unwrap())
        };
        assert!(new(1).starts_with("O:DAG:DAD:(A;;") && !new(1).contains("(A;;WP;;;AU)"), "{}", new(1));
        assert_eq!(new(4), "O:DAG:DAD:(A;;WP;;;AU)");
    }

    #[test]
    fn administrators_own_together() {
        let admins = domain().with_rid(512).unwrap();
        let own: Sid = "S-1-5-21-1-2-3-1200".parse().unwrap();
        let account = |groups: &[Sid]| Requester {
            identity: Identity::Account { sid: own, groups: Arc::from(groups), name: Arc::from("X\\bob") },
            address: None,
            protection: Protection::Local,
        };
        assert_eq!(owner_of_new(&account(&[admins]), &domain()), admins);
        assert_eq!(owner_of_new(&account(&[]), &domain()), own);
        assert_eq!(owner_of_new(&Requester::system(), &domain()), admins);
    }
}
