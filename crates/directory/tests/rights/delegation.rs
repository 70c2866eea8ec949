//! A help desk that manages people of one unit and of no other.

use bailiwick_adtypes::modification::Operation;
use bailiwick_domain::Error;

use crate::domain::{BASE, add};
use crate::{account, apply_as, delete, dn, find_as, grant, modify, peopled, rename, replace, sales, sid};

/// The schemaIDGUID of `user`.
const USER: &str = "bf967aba-0de6-11d0-a285-00aa003049e2";
/// The schemaIDGUID of `telephoneNumber`.
const TELEPHONE: &str = "bf967a49-0de6-11d0-a285-00aa003049e2";
/// The schemaIDGUID of `unixUserPassword`, which is confidential.
const UNIX_PASSWORD: &str = "612cb747-c0e8-4f92-9221-fdd5f15b550d";
/// User-Force-Change-Password.
const RESET: &str = "00299570-246d-11d0-a768-00aa006e0529";

#[test]
fn a_help_desk_changes_telephone_numbers_in_its_unit_only() {
    let directory = peopled();
    let help = sid(&directory, &dn("Help"));
    let deeper = format!("OU=Deeper,{}", sales());
    let changes = [
        add(&deeper, &[("objectClass", "organizationalUnit")]),
        add(&format!("CN=Joe,{deeper}"), &[("objectClass", "user")]),
    ];
    crate::domain::apply(&directory, &changes).unwrap();
    let (bob, ada) = (account(&directory, &dn("Bob")), account(&directory, &dn("Ada")));
    let eve = format!("CN=Eve,{}", sales());
    let set = |who, name: &str, attribute: &str| apply_as(&directory, who, replace(name, attribute, "5"));
    assert_eq!(set(&bob, &eve, "telephoneNumber"), Err(Error::InsufficientRights));
    grant(&directory, &sales(), &format!("(OA;CIIO;RPWP;{TELEPHONE};{USER};{help})"));
    assert_eq!(set(&bob, &eve, "telephoneNumber"), Ok(()));
    assert_eq!(set(&bob, &format!("CN=Joe,{deeper}"), "telephoneNumber"), Ok(()));
    // Nothing but that attribute, nothing but users, nobody outside of the unit, and nobody but the help desk.
    let denied = Err(Error::InsufficientRights);
    assert_eq!(set(&bob, &eve, "description"), denied);
    assert_eq!(set(&bob, &format!("CN=Crew,{}", sales()), "telephoneNumber"), denied);
    assert_eq!(set(&bob, &dn("Ada"), "telephoneNumber"), denied);
    assert_eq!(set(&ada, &eve, "telephoneNumber"), denied);
    // The right stays with the place: who leaves it takes nothing along.
    crate::domain::apply(&directory, &[rename(&eve, "CN=Eve", Some(&format!("CN=Users,{BASE}")))]).unwrap();
    assert_eq!(set(&bob, &dn("Eve"), "telephoneNumber"), denied);
    crate::domain::apply(&directory, &[rename(&dn("Ada"), "CN=Ada", Some(&sales()))]).unwrap();
    assert_eq!(set(&bob, &format!("CN=Ada,{}", sales()), "telephoneNumber"), Ok(()));
}

#[test]
fn children_are_created_and_deleted_by_their_class() {
    let directory = peopled();
    let help = sid(&directory, &dn("Help"));
    grant(&directory, &sales(), &format!("(OA;CI;CCDC;{USER};;{help})"));
    let bob = account(&directory, &dn("Bob"));
    let new = format!("CN=New,{}", sales());
    let denied = Err(Error::InsufficientRights);
    assert_eq!(apply_as(&directory, &bob, add(&new, &[("objectClass", "user")])), Ok(()));
    assert_eq!(apply_as(&directory, &bob, delete(&new)), Ok(()));
    assert_eq!(apply_as(&directory, &bob, delete(&format!("CN=Eve,{}", sales()))), Ok(()));
    assert_eq!(apply_as(&directory, &bob, delete(&format!("CN=Crew,{}", sales()))), denied);
    assert_eq!(apply_as(&directory, &bob, add(&new, &[("objectClass", "group")])), denied);
    assert_eq!(apply_as(&directory, &bob, add(&dn("New"), &[("objectClass", "user")])), denied);
    // What Bob makes is Bob's: the owner says who may do what with it.
    assert_eq!(apply_as(&directory, &bob, add(&new, &[("objectClass", "user")])), Ok(()));
    let own = crate::descriptor(&directory, &format!("D:(A;;RPWP;;;{})", sid(&directory, &dn("Bob"))));
    assert_eq!(crate::set_descriptor(&directory, &bob, &new, &own), Ok(()));
    assert_eq!(apply_as(&directory, &bob, replace(&new, "description", "mine")), Ok(()));
}

#[test]
fn a_move_takes_rights_on_both_places() {
    let directory = peopled();
    let help = sid(&directory, &dn("Help"));
    let bob = account(&directory, &dn("Bob"));
    let moved = || rename(&dn("Ada"), "CN=Ada", Some(&sales()));
    let name = "(OA;;WP;bf967a0e-0de6-11d0-a285-00aa003049e2;;";
    let cn = "(OA;;WP;bf96793f-0de6-11d0-a285-00aa003049e2;;";
    grant(&directory, &dn("Ada"), &format!("{name}{help}){cn}{help})"));
    assert_eq!(apply_as(&directory, &bob, rename(&dn("Ada"), "CN=Ida", None)), Ok(()));
    assert_eq!(apply_as(&directory, &bob, rename(&dn("Ida"), "CN=Ada", None)), Ok(()));
    assert_eq!(apply_as(&directory, &bob, moved()), Err(Error::InsufficientRights));
    grant(&directory, &sales(), &format!("(OA;;CC;{USER};;{help})"));
    assert_eq!(apply_as(&directory, &bob, moved()), Err(Error::InsufficientRights));
    grant(&directory, &format!("CN=Users,{BASE}"), &format!("(OA;;DC;{USER};;{help})"));
    assert_eq!(apply_as(&directory, &bob, moved()), Ok(()));
}

#[test]
fn protection_from_accidental_deletion_holds_administrators_too() {
    let directory = peopled();
    let administrator = crate::domain::signed_in_administrator(&directory);
    let unit = format!("OU=Kept,{BASE}");
    crate::domain::apply(&directory, &[add(&unit, &[("objectClass", "organizationalUnit")])]).unwrap();
    // What consoles write: nobody deletes it, neither by a right on it nor by one on its parent.
    grant(&directory, &unit, "(D;;SDDT;;;WD)");
    grant(&directory, BASE, "(D;;DC;;;WD)");
    assert_eq!(apply_as(&directory, &administrator, delete(&unit)), Err(Error::InsufficientRights));
    let open = crate::descriptor(&directory, "D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;DA)");
    crate::set_descriptor(&directory, &administrator, &unit, &open).unwrap();
    assert_eq!(apply_as(&directory, &administrator, delete(&unit)), Ok(()));
}

#[test]
fn confidential_attributes_take_a_right_of_their_own() {
    let directory = peopled();
    let help = sid(&directory, &dn("Help"));
    let eve = format!("CN=Eve,{}", sales());
    let secret = modify(&eve, Operation::Replace, "unixUserPassword", &[b"hush"]);
    crate::domain::apply(&directory, &[secret]).unwrap();
    let bob = account(&directory, &dn("Bob"));
    let found = || {
        let found = find_as(&directory, &bob, &sales(), "(unixUserPassword=hush)", &["unixUserPassword"]);
        found.iter().filter(|entry| !entry.values("unixUserPassword").is_empty()).count()
    };
    assert_eq!(found(), 0);
    grant(&directory, &eve, &format!("(OA;;RP;{UNIX_PASSWORD};;{help})"));
    assert_eq!(found(), 0);
    grant(&directory, &eve, &format!("(OA;;CR;{UNIX_PASSWORD};;{help})"));
    assert_eq!(found(), 1);
}

#[test]
fn a_help_desk_resets_passwords_in_its_unit_only() {
    let directory = peopled();
    let help = sid(&directory, &dn("Help"));
    let (bob, ada) = (account(&directory, &dn("Bob")), account(&directory, &dn("Ada")));
    let eve = format!("CN=Eve,{}", sales());
    let reset = |who, name: &str| {
        let password: Vec<u8> = "\"N3w-Secret-1\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
        apply_as(&directory, who, modify(name, Operation::Replace, "unicodePwd", &[&password]))
    };
    let denied = Err(Error::InsufficientRights);
    assert_eq!(reset(&bob, &eve), denied);
    grant(&directory, &sales(), &format!("(OA;CIIO;CR;{RESET};{USER};{help})"));
    assert_eq!(reset(&bob, &eve), Ok(()));
    assert_eq!(reset(&bob, &dn("Ada")), denied);
    assert_eq!(reset(&bob, &dn("Administrator")), denied);
    assert_eq!(reset(&ada, &eve), denied);
}
