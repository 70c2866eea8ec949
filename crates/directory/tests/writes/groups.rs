//! Groups: who may be a member of whom, and what a group may become. [MS-SAMR] 3.1.1.8.9.

use bailiwick_adtypes::modification::Operation::{Add, Delete, Replace};
use bailiwick_directory::Native;
use bailiwick_domain::{AttributeFault, GroupFault};

use crate::domain::{BASE, add, founded};
use crate::{apply, delete, dn, exists, fault, modify, sid, user, value, values};

const GLOBAL: &str = "-2147483646";
const LOCAL: &str = "-2147483644";
const UNIVERSAL: &str = "-2147483640";
const GLOBAL_DISTRIBUTION: &str = "2";
const LOCAL_DISTRIBUTION: &str = "4";
const UNIVERSAL_DISTRIBUTION: &str = "8";

fn group(name: &str, group_type: &str, members: &[&str]) -> bailiwick_domain::Change {
    let members: Vec<String> = members.iter().map(|name| dn(name)).collect();
    let mut attributes = vec![("objectClass", "group"), ("sAMAccountName", name), ("groupType", group_type)];
    attributes.extend(members.iter().map(|member| ("member", member.as_str())));
    add(&dn(name), &attributes)
}

/// A domain with a user, a computer, a contact, and a group of each type called by it.
fn organised() -> Native {
    let directory = founded();
    apply(&directory, user("user")).unwrap();
    apply(&directory, add(&dn("computer"), &[("objectClass", "computer"), ("sAMAccountName", "PC7$")])).unwrap();
    apply(&directory, add(&dn("contact"), &[("objectClass", "contact")])).unwrap();
    for group_type in [GLOBAL, LOCAL, UNIVERSAL, GLOBAL_DISTRIBUTION, LOCAL_DISTRIBUTION, UNIVERSAL_DISTRIBUTION] {
        apply(&directory, group(group_type, group_type, &[])).unwrap();
    }
    directory
}

/// The name of what stands in a table.
fn member_dn(member: &str) -> String {
    match member {
        "foreign" => format!("CN=S-1-5-11,CN=ForeignSecurityPrincipals,{BASE}"),
        "builtin" => format!("CN=Guests,CN=Builtin,{BASE}"),
        name => dn(name),
    }
}

/// Rows: the outer group; then what may be in it.
#[test]
fn scopes_decide_who_may_be_a_member_on_every_way() {
    use GroupFault::{
        BuiltinMember, ForeignInGlobal, ForeignInUniversal, LocalInGlobal, LocalInUniversal, UniversalInGlobal,
    };
    let members = ["user", "computer", "contact", GLOBAL, GLOBAL_DISTRIBUTION, UNIVERSAL, LOCAL, "builtin", "foreign"];
    let into_global = [UniversalInGlobal, LocalInGlobal, BuiltinMember, ForeignInGlobal].map(Some);
    let into_universal = [None, Some(LocalInUniversal), Some(BuiltinMember), Some(ForeignInUniversal)];
    let into_local = [None, None, Some(BuiltinMember), None];
    let directory = organised();
    for (outer, restricted) in [
        (GLOBAL, into_global),
        (GLOBAL_DISTRIBUTION, into_global),
        (UNIVERSAL, into_universal),
        (UNIVERSAL_DISTRIBUTION, into_universal),
        (LOCAL, into_local),
        (LOCAL_DISTRIBUTION, into_local),
    ] {
        let expected = [None; 5].into_iter().chain(restricted);
        for (number, (member, refusal)) in members.into_iter().zip(expected).enumerate() {
            let expected = match refusal {
                None => Ok(()),
                Some(refusal) => Err(fault("member", AttributeFault::Group(refusal))),
            };
            let member = member_dn(member);
            let what = format!("{member} in {outer}");
            let born = format!("born{number} in {outer}");
            let attributes =
                [("objectClass", "group"), ("sAMAccountName", &*born), ("groupType", outer), ("member", &*member)];
            assert_eq!(apply(&directory, add(&dn(&born), &attributes)), expected, "born: {what}");
            let holder = format!("holder{number} in {outer}");
            apply(&directory, group(&holder, outer, &[])).unwrap();
            let enter = |operation| apply(&directory, modify(&dn(&holder), &[(operation, "member", &[&member])]));
            assert_eq!(enter(Replace), expected, "replaced: {what}");
            let added = apply(&directory, modify(&dn(outer), &[(Add, "member", &[&member])]));
            let itself = Err(fault("member", AttributeFault::Group(GroupFault::Itself)));
            assert_eq!(added, if member == dn(outer) { itself } else { expected }, "added: {what}");
        }
    }
}

#[test]
fn a_sid_from_elsewhere_gets_an_object_that_stands_for_it() {
    const STRANGER: &str = "S-1-5-21-1-2-3-1234";
    let directory = organised();
    let named = format!("<SID={STRANGER}>");
    let stranger = format!("CN={STRANGER},CN=ForeignSecurityPrincipals,{BASE}");
    let enter = |group: &str, member: &str| apply(&directory, modify(&dn(group), &[(Add, "member", &[member])]));
    // Refused members leave nothing behind.
    let refused = |refusal| Err(fault("member", AttributeFault::Group(refusal)));
    assert_eq!(enter(GLOBAL, &named), refused(GroupFault::ForeignInGlobal));
    assert_eq!(enter(UNIVERSAL, &named), refused(GroupFault::ForeignInUniversal));
    assert!(!exists(&directory, &stranger));
    assert_eq!(enter(LOCAL, &named), Ok(()));
    assert_eq!(values(&directory, &dn(LOCAL), "member"), [stranger.as_str()]);
    assert_eq!(values(&directory, &stranger, "objectClass"), ["top", "foreignSecurityPrincipal"]);
    assert_eq!(sid(&directory, &stranger).to_string(), STRANGER);
    // The same object stands for it everywhere.
    assert_eq!(enter(LOCAL_DISTRIBUTION, &named), Ok(()));
    assert_eq!(values(&directory, &stranger, "memberOf").len(), 2);
    let born = [("objectClass", "group"), ("groupType", LOCAL), ("member", "<SID=S-1-5-21-4-5-6-7>")];
    assert_eq!(apply(&directory, add(&dn("born"), &born)), Ok(()));
    assert!(exists(&directory, &format!("CN=S-1-5-21-4-5-6-7,CN=ForeignSecurityPrincipals,{BASE}")));
    assert_eq!(apply(&directory, modify(&dn(LOCAL), &[(Delete, "member", &[&named])])), Ok(()));
    // It may go and come back.
    apply(&directory, delete(&stranger, false)).unwrap();
    assert_eq!(enter(LOCAL, &named), Ok(()));
    assert_eq!(values(&directory, &dn(LOCAL), "member"), [stranger.as_str()]);
    // The domain and the built-in one know all of their own.
    let own = format!("<SID={}-99999>", sid(&directory, BASE));
    for nobody in [own.as_str(), "<SID=S-1-5-32-999>", "<GUID=01234567-89ab-cdef-0123-456789abcdef>"] {
        assert_eq!(enter(LOCAL, nobody), Err(fault("member", AttributeFault::NoSuchTarget)), "{nobody}");
    }
}

#[test]
fn built_in_groups_hold_everybody_but_their_like() {
    let directory = organised();
    let enter = |member: &str| {
        apply(&directory, modify(&format!("CN=Users,CN=Builtin,{BASE}"), &[(Add, "member", &[&member_dn(member)])]))
    };
    for member in ["user", GLOBAL, UNIVERSAL, LOCAL] {
        assert_eq!(enter(member), Ok(()), "{member}");
    }
    assert_eq!(enter("builtin"), Err(fault("member", AttributeFault::Group(GroupFault::BuiltinMember))));
}

#[test]
fn a_group_becomes_what_its_members_and_holders_allow() {
    use GroupFault::{ForeignInUniversal, LocalInUniversal, UniversalInGlobal};
    // A group of the first type with this member, in this holder, becomes the second.
    let directory = organised();
    let rows = [
        (GLOBAL, Some(GLOBAL), None, UNIVERSAL, None),
        (GLOBAL, None, Some(GLOBAL), UNIVERSAL, Some(UniversalInGlobal)),
        (GLOBAL, None, Some(UNIVERSAL), UNIVERSAL, None),
        (UNIVERSAL, Some(UNIVERSAL), None, GLOBAL, Some(UniversalInGlobal)),
        (UNIVERSAL, Some(GLOBAL), Some(LOCAL), GLOBAL, None),
        (UNIVERSAL, Some("user"), None, GLOBAL, None),
        (UNIVERSAL, Some(UNIVERSAL), None, LOCAL, None),
        (UNIVERSAL, None, Some(UNIVERSAL), LOCAL, Some(LocalInUniversal)),
        (UNIVERSAL, None, Some(LOCAL), LOCAL, None),
        (LOCAL, Some(LOCAL), None, UNIVERSAL, Some(LocalInUniversal)),
        (LOCAL, Some("foreign"), None, UNIVERSAL, Some(ForeignInUniversal)),
        (LOCAL, Some(UNIVERSAL), Some(LOCAL), UNIVERSAL, None),
        (LOCAL, Some(LOCAL), None, LOCAL_DISTRIBUTION, None),
    ];
    for (number, (before, member, holder, after, refusal)) in rows.into_iter().enumerate() {
        let it = &*format!("it{number}");
        apply(&directory, group(it, before, &[])).unwrap();
        if let Some(member) = member {
            apply(&directory, modify(&dn(it), &[(Add, "member", &[&member_dn(member)])])).unwrap();
        }
        if let Some(holder) = holder {
            apply(&directory, modify(&dn(holder), &[(Add, "member", &[&dn(it)])])).unwrap();
        }
        let become_ = apply(&directory, modify(&dn(it), &[(Replace, "groupType", &[after])]));
        let expected = match refusal {
            None => Ok(()),
            Some(refusal) => Err(fault("groupType", AttributeFault::Group(refusal))),
        };
        assert_eq!(become_, expected, "{before} with {member:?} in {holder:?} to {after}");
        let kept = if expected.is_ok() { after } else { before };
        assert_eq!(value(&directory, &dn(it), "groupType"), kept);
    }
}

#[test]
fn one_change_may_bring_the_type_and_the_members_that_it_takes() {
    let directory = organised();
    apply(&directory, group("it", UNIVERSAL, &[UNIVERSAL])).unwrap();
    let change = |operation, member: &str, group_type: &str| {
        let member = dn(member);
        let steps = [("member", [&*member]), ("groupType", [group_type])];
        let [members, becomes] = steps.each_ref().map(|(attribute, values)| (*attribute, values.as_slice()));
        apply(&directory, modify(&dn("it"), &[(operation, members.0, members.1), (Replace, becomes.0, becomes.1)]))
    };
    assert_eq!(change(Replace, GLOBAL, GLOBAL), Ok(()));
    assert_eq!(values(&directory, &dn("it"), "member"), [dn(GLOBAL)]);
    let refused = change(Add, LOCAL, UNIVERSAL);
    assert_eq!(refused, Err(fault("member", AttributeFault::Group(GroupFault::LocalInUniversal))));
    let local = dn(LOCAL);
    let passes = modify(&dn("it"), &[(Add, "member", &[&local]), (Delete, "member", &[&local])]);
    assert_eq!(apply(&directory, passes), Ok(()), "what goes again is no member");
}

#[test]
fn a_primary_group_is_and_stays_a_security_group() {
    let directory = organised();
    let become_distribution =
        |group: &str, group_type: &str| apply(&directory, modify(&dn(group), &[(Replace, "groupType", &[group_type])]));
    let refused = become_distribution("Domain Users", GLOBAL_DISTRIBUTION);
    assert_eq!(refused, Err(fault("groupType", AttributeFault::Group(GroupFault::PrimaryMembers))));
    assert_eq!(become_distribution(GLOBAL, GLOBAL_DISTRIBUTION), Ok(()));
    apply(&directory, modify(&dn(UNIVERSAL_DISTRIBUTION), &[(Add, "member", &[&dn("user")])])).unwrap();
    let rid = crate::sid(&directory, &dn(UNIVERSAL_DISTRIBUTION)).rid().unwrap().to_string();
    let entered = apply(&directory, modify(&dn("user"), &[(Replace, "primaryGroupID", &[&rid])]));
    assert_eq!(entered, Err(fault("primaryGroupID", AttributeFault::Group(GroupFault::NoSecurityGroup))));
}
