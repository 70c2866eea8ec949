//! The access check against a slow, obvious evaluator, and by cases.

use bailiwick_adtypes::acl::{AccessEntry, Ace, AceEntry, AceObject, Acl};
use bailiwick_adtypes::sddl;
use proptest::prelude::*;

use super::*;

const CLASS: Guid = Guid::from_u128(1);
const OTHER_CLASS: Guid = Guid::from_u128(2);
const SET: Guid = Guid::from_u128(10);
/// Attributes of the set, and one outside of all sets.
const IN_SET: [Guid; 2] = [Guid::from_u128(11), Guid::from_u128(12)];
const ALONE: Guid = Guid::from_u128(20);
const RIGHT: Guid = Guid::from_u128(30);

fn sid(rid: u32) -> Sid {
    format!("S-1-5-21-1-2-3-{rid}").parse().unwrap()
}

/// The object type tree of [MS-ADTS] 5.1.3.3.3, walked literally: every node has what it was granted and denied.
struct Tree {
    nodes: Vec<Node>,
}

struct Node {
    guid: Guid,
    parent: Option<usize>,
    grant: u32,
    deny: u32,
}

impl Tree {
    fn new() -> Tree {
        let node = |guid, parent| Node { guid, parent, grant: 0, deny: 0 };
        let nodes = vec![
            node(CLASS, None),
            node(SET, Some(0)),
            node(IN_SET[0], Some(1)),
            node(IN_SET[1], Some(1)),
            node(ALONE, Some(0)),
        ];
        Tree { nodes }
    }

    fn below(&self, node: usize) -> Vec<usize> {
        let is_below = |mut at: usize| loop {
            match self.nodes[at].parent {
                Some(parent) if parent == node => return true,
                Some(parent) => at = parent,
                None => return false,
            }
        };
        (0..self.nodes.len()).filter(|at| *at == node || is_below(*at)).collect()
    }

    fn apply(&mut self, ace: &Ace, matches: &dyn Fn(&Sid) -> bool) {
        let Some(entry) = ace.access() else { return };
        if ace.flags.contains(AceFlags::INHERIT_ONLY) || !matches(&entry.trustee) {
            return;
        }
        let object = entry.object.unwrap_or_default();
        if object.inherited_object_type.is_some_and(|class| class != CLASS) {
            return;
        }
        let node = match object.object_type {
            None => 0,
            Some(guid) => match self.nodes.iter().position(|node| node.guid == guid) {
                Some(node) => node,
                None => return,
            },
        };
        for at in self.below(node) {
            let found = &mut self.nodes[at];
            match entry.kind {
                AceKind::Allow => found.grant |= entry.mask.0 & !found.deny,
                AceKind::Deny => found.deny |= entry.mask.0 & !found.grant,
                _ => {}
            }
        }
    }
}

fn entries() -> impl Strategy<Value = Vec<Ace>> {
    let kind = prop_oneof![3 => Just(AceKind::Allow), 2 => Just(AceKind::Deny), 1 => Just(AceKind::Audit)];
    let named = prop_oneof![
        2 => Just(None),
        1 => prop::sample::select(vec![CLASS, OTHER_CLASS, SET, IN_SET[0], IN_SET[1], ALONE, RIGHT]).prop_map(Some),
    ];
    let inherits = prop_oneof![4 => Just(None), 1 => Just(Some(CLASS)), 1 => Just(Some(OTHER_CLASS))];
    let trustee =
        prop_oneof![(1u32..4).prop_map(sid), Just(Sid::SELF), Just(Sid::EVERYONE), Just(Sid::AUTHENTICATED_USERS),];
    let flags = prop_oneof![4 => Just(AceFlags::NONE), 1 => Just(AceFlags::INHERIT_ONLY)];
    let ace = (kind, 0u32..0x200, named, inherits, trustee, flags).prop_map(
        |(kind, mask, object_type, inherited_object_type, trustee, flags)| {
            let object = (object_type.is_some() || inherited_object_type.is_some())
                .then_some(AceObject { object_type, inherited_object_type });
            Ace { flags, entry: AceEntry::Access(AccessEntry { kind, mask: AccessMask(mask), trustee, object }) }
        },
    );
    prop::collection::vec(ace, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn generated_descriptors_are_decided_as_the_slow_evaluator_does(aces in entries(), is_self: bool) {
        let token = Token::new([sid(1), sid(2), Sid::EVERYONE], false);
        let descriptor = SecurityDescriptor { dacl: Some(Acl { aces: aces.clone() }), ..Default::default() };
        let asker = Asker { token: &token, is_self, class: CLASS };
        let matches = |trustee: &Sid| token.contains(trustee) || *trustee == Sid::SELF && is_self;
        let mut tree = Tree::new();
        for ace in &aces {
            tree.apply(ace, &matches);
        }
        for (node, set) in [(2, Some(SET)), (3, Some(SET)), (4, None)] {
            for bit in 0..9 {
                let mask = AccessMask(1 << bit);
                let wanted = Wanted::Attribute { mask, attribute: tree.nodes[node].guid, property_set: set };
                prop_assert_eq!(
                    allows(&descriptor, &asker, wanted), tree.nodes[node].grant & mask.0 != 0, "{:?} {:?}", node, mask
                );
            }
        }
        // On the object as a whole, and rights by their names: the first entry that speaks of it decides.
        let first = |mask: AccessMask, name: Option<Guid>| {
            aces.iter().filter(|ace| !ace.flags.contains(AceFlags::INHERIT_ONLY)).filter_map(Ace::access).find(|entry| {
                let object = entry.object.unwrap_or_default();
                entry.mask.contains(mask)
                    && matches!(entry.kind, AceKind::Allow | AceKind::Deny)
                    && matches(&entry.trustee)
                    && object.inherited_object_type.is_none_or(|class| class == CLASS)
                    && object.object_type.is_none_or(|named| Some(named) == name)
            }).is_some_and(|entry| entry.kind == AceKind::Allow)
        };
        let list = AccessMask::LIST_CONTENTS;
        prop_assert_eq!(allows(&descriptor, &asker, Wanted::Object(list)), first(list, Some(CLASS)));
        let create = Wanted::Child { mask: AccessMask::CREATE_CHILD, class: OTHER_CLASS };
        prop_assert_eq!(allows(&descriptor, &asker, create), first(AccessMask::CREATE_CHILD, Some(OTHER_CLASS)));
        prop_assert_eq!(
            allows(&descriptor, &asker, Wanted::Control(RIGHT)), first(AccessMask::CONTROL_ACCESS, Some(RIGHT))
        );
        prop_assert_eq!(
            allows(&descriptor, &asker, Wanted::ValidatedWrite(RIGHT)), first(AccessMask::SELF, Some(RIGHT))
        );
    }
}

/// Whether somebody with the SIDs 1 and 2 of the domain gets a right on an object.
fn check(text: &str, wanted: Wanted, expected: bool) {
    let domain = "S-1-5-21-1-2-3".parse().unwrap();
    let descriptor = sddl::parse(text, &domain, &domain).unwrap();
    let token = Token::new([sid(1), sid(2), Sid::EVERYONE], false);
    let asker = Asker { token: &token, is_self: false, class: CLASS };
    assert_eq!(allows(&descriptor, &asker, wanted), expected, "{text} {wanted:?}");
}

#[test]
fn owners_read_and_change_who_may_do_what_unless_owner_rights_say_otherwise() {
    let (read, write) = (Wanted::Object(AccessMask::READ_CONTROL), Wanted::Object(AccessMask::WRITE_DAC));
    check("O:S-1-5-21-1-2-3-1D:", read, true);
    check("O:S-1-5-21-1-2-3-1D:(D;;RCWD;;;WD)", write, true);
    check("O:S-1-5-21-1-2-3-9D:", write, false);
    check("O:S-1-5-21-1-2-3-1D:(A;;RC;;;OW)", read, true);
    check("O:S-1-5-21-1-2-3-1D:(A;;RC;;;OW)", write, false);
    check("O:S-1-5-21-1-2-3-9D:(A;;RC;;;OW)", read, false);
    check("O:S-1-5-21-1-2-3-1D:(A;CIIO;RC;;;OW)", write, true);
}

#[test]
fn the_first_entry_that_speaks_of_a_right_decides() {
    let list = Wanted::Object(AccessMask::LIST_CONTENTS);
    check("D:(A;;LC;;;WD)(D;;LC;;;S-1-5-21-1-2-3-1)", list, true);
    check("D:(D;;LC;;;S-1-5-21-1-2-3-1)(A;;LC;;;WD)", list, false);
    check("D:(D;;RP;;;S-1-5-21-1-2-3-1)(A;;RPLC;;;WD)", list, true);
    check("D:(A;;GR;;;WD)", list, true);
    check("D:(A;;LC;;;S-1-5-21-1-2-3-9)", list, false);
    check("D:", list, false);
}

#[test]
fn administrators_take_ownership_and_manage_what_is_audited() {
    let descriptor = SecurityDescriptor { dacl: Some(Acl::default()), ..Default::default() };
    let token = Token::new([sid(1)], true);
    let asker = Asker { token: &token, is_self: false, class: CLASS };
    for (mask, expected) in [
        (AccessMask::WRITE_OWNER, true),
        (AccessMask::ACCESS_SYSTEM_SECURITY, true),
        (AccessMask::WRITE_DAC, false),
        (AccessMask::READ_PROPERTY, false),
    ] {
        assert_eq!(allows(&descriptor, &asker, Wanted::Object(mask)), expected, "{mask:?}");
    }
}
