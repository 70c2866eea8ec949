//! The effective security descriptor: what an object's explicit entries and its parent's inheritable ones make together.
//! [MS-DTYP] 2.5.3.4, [MS-ADTS] 6.1.3.
//!
//! A pure function of the parent's effective descriptor, the explicit part and the class. Every object of a directory
//! can have children, so all of them inherit as containers.

use bailiwick_adtypes::acl::{ACL_OCTETS_MAX, AccessEntry, Ace, AceEntry, AceFlags, AceKind, Acl};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::security_descriptor::{Control, SecurityDescriptor};
use bailiwick_adtypes::sid::Sid;

/// The flags that say how an entry is inherited; the others say how it is audited.
const INHERITANCE: AceFlags = AceFlags(
    AceFlags::OBJECT_INHERIT.0
        | AceFlags::CONTAINER_INHERIT.0
        | AceFlags::NO_PROPAGATE_INHERIT.0
        | AceFlags::INHERIT_ONLY.0
        | AceFlags::INHERITED.0,
);

/// What a list has before its entries. [MS-DTYP] 2.4.5.
const ACL_HEADER_OCTETS: usize = 8;

/// The effective descriptor of an object of `class` (its schemaIDGUID) below an object with the effective descriptor
/// `parent`; none for the head of a naming context, which inherits nothing.
///
/// An explicit part without a DACL counts as one without entries: the null DACL, which allows everything to everybody,
/// is never stored and never taken for granted.
pub(crate) fn effective(
    parent: Option<&SecurityDescriptor>,
    explicit: &SecurityDescriptor,
    class: &Guid,
) -> SecurityDescriptor {
    let creator = Creator { owner: explicit.owner, group: explicit.group };
    let mut control = explicit.control.without(Control::DACL_PRESENT).without(Control::SACL_PRESENT);
    let mut list = |own: Option<&Acl>, above: Option<&Acl>, protected, auto_inherited| {
        let mut aces: Vec<Ace> = own.into_iter().flat_map(|acl| &acl.aces).flat_map(|ace| creator.own(ace)).collect();
        if parent.is_some() && !control.contains(protected) {
            control |= auto_inherited;
            aces.extend(above.into_iter().flat_map(|acl| &acl.aces).flat_map(|ace| creator.inherited(ace, class)));
        }
        standardize(&mut aces);
        fit(&mut aces);
        Acl { aces }
    };
    let dacl = list(
        explicit.dacl.as_ref(),
        parent.and_then(|parent| parent.dacl.as_ref()),
        Control::DACL_PROTECTED,
        Control::DACL_AUTO_INHERITED,
    );
    let sacl = list(
        explicit.sacl.as_ref(),
        parent.and_then(|parent| parent.sacl.as_ref()),
        Control::SACL_PROTECTED,
        Control::SACL_AUTO_INHERITED,
    );
    SecurityDescriptor {
        control,
        dacl: Some(dacl),
        sacl: (explicit.sacl.is_some() || !sacl.aces.is_empty()).then_some(sacl),
        ..*explicit
    }
}

/// Whose object it is, for entries that speak of its creator.
struct Creator {
    owner: Option<Sid>,
    group: Option<Sid>,
}

impl Creator {
    /// What an explicit entry becomes: one for the creator that children inherit speaks of this object's owner here and
    /// of theirs below.
    fn own(&self, ace: &Ace) -> impl Iterator<Item = Ace> {
        let speaks_here = !ace.flags.contains(AceFlags::INHERIT_ONLY);
        let (here, below) = match self.known(ace) {
            Some(known) if speaks_here && is_inheritable(ace) => {
                (Some(known), Some(with_flags(ace, ace.flags.with(AceFlags::INHERIT_ONLY))))
            }
            Some(known) if speaks_here => (Some(known), None),
            _ => (Some(ace.clone()), None),
        };
        here.into_iter().chain(below)
    }

    /// What an entry of the parent becomes: an entry that speaks here, one that is only passed on, both, or nothing.
    fn inherited(&self, ace: &Ace, class: &Guid) -> impl Iterator<Item = Ace> {
        let passed_on = is_inheritable(ace) && !ace.flags.contains(AceFlags::NO_PROPAGATE_INHERIT);
        let speaks_here = ace.flags.contains(AceFlags::CONTAINER_INHERIT) && is_about(ace, class);
        let inherited = ace.flags.with(AceFlags::INHERITED);
        let carried = || with_flags(ace, inherited.with(AceFlags::INHERIT_ONLY));
        let spoken = |ace: &Ace| with_flags(ace, ace.flags.without(INHERITANCE).with(AceFlags::INHERITED));
        let (here, below) = match (speaks_here, passed_on, self.known(ace)) {
            (true, true, Some(known)) => (Some(spoken(&known)), Some(carried())),
            (true, true, None) => (Some(with_flags(ace, inherited.without(AceFlags::INHERIT_ONLY))), None),
            (true, false, known) => (Some(spoken(&known.unwrap_or_else(|| ace.clone()))), None),
            (false, true, _) => (None, Some(carried())),
            (false, false, _) => (None, None),
        };
        here.into_iter().chain(below)
    }

    /// The entry for this object's owner or group that an entry for the creator stands for; none for other entries.
    fn known(&self, ace: &Ace) -> Option<Ace> {
        let entry = ace.access()?;
        let trustee = match entry.trustee {
            Sid::CREATOR_OWNER => self.owner?,
            Sid::CREATOR_GROUP => self.group?,
            _ => return None,
        };
        let flags = ace.flags.without(INHERITANCE);
        Some(Ace { flags, entry: AceEntry::Access(AccessEntry { trustee, ..*entry }) })
    }
}

fn with_flags(ace: &Ace, flags: AceFlags) -> Ace {
    Ace { flags, entry: ace.entry.clone() }
}

fn is_inheritable(ace: &Ace) -> bool {
    ace.flags.intersects(AceFlags::CONTAINER_INHERIT | AceFlags::OBJECT_INHERIT)
}

/// Whether objects of the class inherit the entry.
pub(crate) fn is_about(ace: &Ace, class: &Guid) -> bool {
    let inherits = ace.access().and_then(|entry| entry.object).and_then(|object| object.inherited_object_type);
    inherits.is_none_or(|inherits| inherits == *class)
}

/// Puts entries into the order of [MS-ADTS] 6.1.3.1: explicit before inherited, denials before grants, plain before
/// object entries, and then by their octets. The same entry twice says no more than once.
fn standardize(aces: &mut Vec<Ace>) {
    aces.sort_by_cached_key(|ace| {
        let (denies, is_object) = match ace.access() {
            Some(entry) => (entry.kind == AceKind::Deny, entry.object.is_some()),
            None => (false, false),
        };
        (ace.flags.contains(AceFlags::INHERITED), !denies, is_object, octets(ace))
    });
    aces.dedup();
}

/// Leaves out inherited grants that no longer fit into a list: entries come together from many parents, each within
/// bounds by itself. Where a denial would have to go, nothing is granted at all.
fn fit(aces: &mut Vec<Ace>) {
    let mut room = ACL_OCTETS_MAX - ACL_HEADER_OCTETS;
    let fitting = aces.iter().take_while(|ace| {
        let fits = ace.octets() <= room;
        room = room.saturating_sub(ace.octets());
        fits
    });
    let fitting = fitting.count();
    let denies = |ace: &Ace| ace.access().is_none_or(|entry| entry.kind == AceKind::Deny);
    match aces[fitting..].iter().any(denies) {
        true => aces.clear(),
        false => aces.truncate(fitting),
    }
}

fn octets(ace: &Ace) -> Vec<u8> {
    let mut octets = Vec::with_capacity(ace.octets() + 8);
    // A list of one entry always fits; if it did not, entries would merely keep the order they came in.
    let _fits = Acl { aces: vec![ace.clone()] }.write_bytes(&mut octets);
    octets
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::sddl;

    use super::*;

    const USER: &str = "bf967aba-0de6-11d0-a285-00aa003049e2";
    const GROUP: &str = "bf967a9c-0de6-11d0-a285-00aa003049e2";

    fn domain() -> Sid {
        "S-1-5-21-1-2-3".parse().unwrap()
    }

    fn read(text: &str) -> SecurityDescriptor {
        sddl::parse(text, &domain(), &domain()).unwrap()
    }

    fn written(descriptor: &SecurityDescriptor) -> String {
        sddl::format(descriptor, &domain(), &domain()).unwrap()
    }

    /// The effective DACL of a user owned by Domain Admins, below a parent with a DACL, with one of its own.
    fn check(parent: &str, own: &str, expected: &str) {
        let explicit = read(&format!("O:DAG:DU{own}"));
        let effective = effective(Some(&read(parent)), &explicit, &USER.parse().unwrap());
        assert_eq!(written(&effective), format!("O:DAG:DU{expected}"), "{parent} over {own}");
    }

    #[test]
    fn flags_decide_what_children_inherit() {
        check("D:(A;;RP;;;AU)", "D:", "D:AI");
        check("D:(A;CI;RP;;;AU)", "D:", "D:AI(A;CIID;RP;;;AU)");
        check("D:(A;CIIO;RP;;;AU)", "D:", "D:AI(A;CIID;RP;;;AU)");
        check("D:(A;CINP;RP;;;AU)", "D:", "D:AI(A;ID;RP;;;AU)");
        check("D:(A;CINPIO;RP;;;AU)", "D:", "D:AI(A;ID;RP;;;AU)");
        check("D:(A;OI;RP;;;AU)", "D:", "D:AI(A;OIIOID;RP;;;AU)");
        check("D:(A;OINP;RP;;;AU)", "D:", "D:AI");
        check("D:(A;OICI;RP;;;AU)", "D:", "D:AI(A;OICIID;RP;;;AU)");
        check("D:(A;CIID;RP;;;AU)", "D:", "D:AI(A;CIID;RP;;;AU)");
    }

    #[test]
    fn entries_for_other_classes_are_only_passed_on() {
        check(&format!("D:(OA;CI;RP;;{USER};AU)"), "D:", &format!("D:AI(OA;CIID;RP;;{USER};AU)"));
        check(&format!("D:(OA;CI;RP;;{GROUP};AU)"), "D:", &format!("D:AI(OA;CIIOID;RP;;{GROUP};AU)"));
        check(&format!("D:(OA;CINP;RP;;{GROUP};AU)"), "D:", "D:AI");
    }

    #[test]
    fn the_creator_is_the_owner_here_and_to_come_below() {
        check("D:(A;CI;RP;;;CO)", "D:", "D:AI(A;CIIOID;RP;;;CO)(A;ID;RP;;;DA)");
        check("D:(A;CINP;RP;;;CG)", "D:", "D:AI(A;ID;RP;;;DU)");
        check("D:", "D:(A;CI;WP;;;CO)", "D:AI(A;CIIO;WP;;;CO)(A;;WP;;;DA)");
        check("D:", "D:(A;CIIO;WP;;;CO)", "D:AI(A;CIIO;WP;;;CO)");
        check("D:", "D:(A;;WP;;;CO)", "D:AI(A;;WP;;;DA)");
    }

    #[test]
    fn a_protected_list_inherits_nothing() {
        check("D:(A;CI;RP;;;AU)S:(AU;CISA;WP;;;WD)", "D:P(A;;WP;;;AU)", "D:P(A;;WP;;;AU)S:AI(AU;CIIDSA;WP;;;WD)");
        check("D:(A;CI;RP;;;AU)S:(AU;CISA;WP;;;WD)", "D:S:P", "D:AI(A;CIID;RP;;;AU)S:P");
    }

    #[test]
    fn own_entries_come_first_and_denials_before_grants() {
        check(
            "D:(A;CI;RP;;;AU)(D;CI;RP;;;WD)",
            &format!("D:(OA;;RP;{USER};;AU)(A;;WP;;;AU)(D;;WP;;;WD)(A;;WP;;;AU)"),
            &format!("D:AI(D;;WP;;;WD)(A;;WP;;;AU)(OA;;RP;{USER};;AU)(D;CIID;RP;;;WD)(A;CIID;RP;;;AU)"),
        );
    }

    #[test]
    fn heads_of_naming_contexts_inherit_nothing_and_nothing_is_no_null_dacl() {
        let own = read("O:DAG:DAD:(A;CI;RP;;;AU)");
        assert_eq!(effective(None, &own, &Guid::NIL), own);
        let empty = effective(None, &SecurityDescriptor::default(), &Guid::NIL);
        assert!(!empty.allows_everything());
    }

    #[test]
    fn lists_that_grow_too_long_grant_less() {
        let many = |kind: &str, count: u32| {
            let entries = (0..count).map(|rid| format!("({kind};CI;RP;;;S-1-5-21-1-2-3-{rid})"));
            read(&format!("O:DAG:DUD:{}", entries.collect::<String>()))
        };
        let class = USER.parse().unwrap();
        let below = |parent| effective(Some(&parent), &many("D", 1500), &class).dacl.unwrap();
        let grants = below(many("A", 1700));
        assert!(grants.octets() <= ACL_OCTETS_MAX && grants.aces.len() > 1800);
        assert_eq!(grants.aces.iter().filter(|ace| ace.access().unwrap().kind == AceKind::Deny).count(), 1500);
        assert_eq!(below(many("D", 1700)), Acl::default());
    }
}
