//! Who may set which bits of userAccountControl. [MS-SAMR] 3.1.1.8.10.

use bailiwick_domain::{Change, Error};

use crate::domain::{BASE, add, signed_in_administrator};
use crate::{account, apply_as, dn, grant, peopled, replace, sales};

const NORMAL: u32 = 0x200;
const WORKSTATION: u32 = 0x1000;
const DISABLED: u32 = 2;

/// What an account operator may set on a disabled account, and what only an administrator.
#[test]
fn some_bits_take_more_than_the_right_to_write_them() {
    let directory = peopled();
    let oz = account(&directory, &dn("Oz"));
    let administrator = signed_in_administrator(&directory);
    let pc7 = format!("CN=PC7,CN=Computers,{BASE}");
    for (name, kind, bit, by_operators) in [
        (dn("Ada"), NORMAL, 0x1_0000, true),
        (dn("Ada"), NORMAL, 0x20, true),
        (dn("Ada"), NORMAL, 0x80, true),
        (dn("Ada"), NORMAL, 0x10_0000, true),
        (dn("Ada"), NORMAL, 0x8_0000, false),
        (dn("Ada"), NORMAL, 0x100_0000, false),
        (pc7.clone(), WORKSTATION, 0x8_0000, false),
        (pc7.clone(), WORKSTATION, 0x400_0000, false),
        (pc7.clone(), 0x2000, 0, false),
    ] {
        let set = |flags: u32| replace(&name, "userAccountControl", &(flags | DISABLED).to_string());
        let flags = kind | bit;
        let expected = if by_operators { Ok(()) } else { Err(Error::InsufficientRights) };
        assert_eq!(apply_as(&directory, &oz, set(flags)), expected, "{flags:#x} of {name}");
        assert_eq!(apply_as(&directory, &administrator, set(flags)), Ok(()), "{flags:#x} of {name}");
        // To end delegation takes what it takes to begin it; everything else may be given up.
        let ends = if bit & 0x108_0000 == 0 { Ok(()) } else { Err(Error::InsufficientRights) };
        let plain = if kind == 0x2000 { WORKSTATION } else { kind };
        assert_eq!(apply_as(&directory, &oz, set(plain)), ends, "back from {flags:#x} of {name}");
        apply_as(&directory, &administrator, set(plain)).unwrap();
    }
}

#[test]
fn new_accounts_are_no_way_around() {
    let directory = peopled();
    let oz = account(&directory, &dn("Oz"));
    let new = |class: &str, name: &str, flags: u32| -> Change {
        let flags = flags.to_string();
        let attributes = [("objectClass", class), ("sAMAccountName", name), ("userAccountControl", &*flags)];
        add(&format!("CN={name},{}", sales()), &attributes)
    };
    for (class, name, flags, expected) in [
        ("user", "a", NORMAL | DISABLED, Ok(())),
        ("user", "b", NORMAL | DISABLED | 0x1_0000, Ok(())),
        ("user", "c", NORMAL | DISABLED | 0x8_0000, Err(Error::InsufficientRights)),
        ("computer", "d$", WORKSTATION, Ok(())),
        ("computer", "e$", 0x2000, Err(Error::InsufficientRights)),
        ("computer", "f$", WORKSTATION | 0x400_0000, Err(Error::InsufficientRights)),
    ] {
        assert_eq!(apply_as(&directory, &oz, new(class, name, flags)), expected, "{class} {flags:#x}");
    }
}

#[test]
fn the_domain_can_keep_a_bit_to_itself() {
    let directory = peopled();
    let oz = account(&directory, &dn("Oz"));
    // Unexpire-Password, which everybody has who has signed in.
    grant(&directory, BASE, "(OD;;CR;ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501;;AU)");
    let set = |flags: &str| apply_as(&directory, &oz, replace(&dn("Ada"), "userAccountControl", flags));
    assert_eq!(set("66050"), Err(Error::InsufficientRights));
    assert_eq!(set("514"), Ok(()));
}

#[test]
fn delegation_to_services_takes_the_privileges_of_administrators() {
    let directory = peopled();
    let oz = account(&directory, &dn("Oz"));
    let change = || replace(&dn("Ada"), "msDS-AllowedToDelegateTo", "http/web");
    assert_eq!(apply_as(&directory, &oz, change()), Err(Error::InsufficientRights));
    assert_eq!(apply_as(&directory, &signed_in_administrator(&directory), change()), Ok(()));
}
