//! Reading and writing nTSecurityDescriptor.

use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::Operation;
use bailiwick_adtypes::sddl;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;
use bailiwick_directory::Native;
use bailiwick_domain::{AttributeFault, Error, Requester, Scope};

use crate::domain::{BASE, add, request, signed_in_administrator};
use crate::{account, apply_as, dn, grant, modify, peopled, run_as, sales, set_descriptor, sid};

/// The parts of an object's descriptor that the requester reads with these flags, as text.
fn read(directory: &Native, requester: &Requester, name: &str, flags: Option<u32>) -> Option<String> {
    let filter = Filter::parse("(objectClass=*)").unwrap();
    let mut request = request(name, Scope::Base, filter, &["nTSecurityDescriptor"]);
    request.options.sd_flags = flags;
    let found = run_as(directory, requester, &request).unwrap();
    let octets = found[0].values("nTSecurityDescriptor").first()?;
    let domain = sid(directory, BASE);
    Some(sddl::format(&SecurityDescriptor::from_bytes(octets).unwrap(), &domain, &domain).unwrap())
}

#[test]
fn a_read_shows_what_is_in_force_by_parts() {
    let directory = peopled();
    let administrator = signed_in_administrator(&directory);
    let bob = account(&directory, &dn("Bob"));
    let set = |name: &str, text: &str| {
        set_descriptor(&directory, &administrator, name, &crate::descriptor(&directory, text)).unwrap();
    };
    set(&sales(), "D:P(A;CI;RPLCRC;;;AU)(A;CI;RPWPLCRCWD;;;DA)S:P(AU;CISA;WP;;;WD)");
    let eve = format!("CN=Eve,{}", sales());
    set(&eve, "D:(A;;WP;;;AO)(A;ID;WP;;;WD)");
    let whole = "O:DAG:DAD:AI(A;;WP;;;AO)(A;CIID;LCRPRC;;;AU)(A;CIID;LCRPWPRCWD;;;DA)S:AI(AU;CIIDSA;WP;;;WD)";
    assert_eq!(read(&directory, &administrator, &eve, None).unwrap(), whole);
    assert_eq!(read(&directory, &administrator, &eve, Some(0)).unwrap(), whole);
    assert_eq!(read(&directory, &administrator, &eve, Some(1)).unwrap(), "O:DA");
    assert_eq!(read(&directory, &administrator, &eve, Some(8)).unwrap(), "S:AI(AU;CIIDSA;WP;;;WD)");
    // Whoever does not manage the audit reads the rest, and nothing when all is asked for.
    assert_eq!(read(&directory, &bob, &eve, None), None);
    assert!(whole.starts_with(&read(&directory, &bob, &eve, Some(7)).unwrap()));
    assert_eq!(read(&directory, &bob, &eve, Some(8)), None);
}

#[test]
fn each_part_takes_its_right_to_write() {
    let directory = peopled();
    let help = sid(&directory, &dn("Help"));
    let bob = account(&directory, &dn("Bob"));
    let own = sid(&directory, &dn("Bob"));
    let set = |text: &str| set_descriptor(&directory, &bob, &dn("Ada"), &crate::descriptor(&directory, text));
    let denied = Err(Error::InsufficientRights);
    let entries = format!("D:(A;;RPWPWDRC;;;{help})(A;;RPLCLORC;;;AU)");
    assert_eq!(set(&entries), denied);
    grant(&directory, &dn("Ada"), &format!("(A;;WD;;;{help})"));
    assert_eq!(set(&entries), Ok(()));
    assert_eq!(set(&format!("O:{own}")), denied);
    assert_eq!(set("S:(AU;SA;WP;;;WD)"), denied);
    grant(&directory, &dn("Ada"), &format!("(A;;WO;;;{help})"));
    // An owner is taken, never given.
    assert_eq!(set("O:DA"), Ok(()));
    assert_eq!(set(&format!("O:{help}")), Err(Error::attribute("nTSecurityDescriptor", AttributeFault::Unacceptable)));
    assert_eq!(set(&format!("O:{own}")), Ok(()));
    let administrator = signed_in_administrator(&directory);
    let given = crate::descriptor(&directory, "O:BAS:(AU;SA;WP;;;WD)");
    assert_eq!(set_descriptor(&directory, &administrator, &dn("Ada"), &given), Ok(()));
}

#[test]
fn a_new_object_is_owned_by_who_makes_it() {
    let directory = peopled();
    let oz = account(&directory, &dn("Oz"));
    let own = sid(&directory, &dn("Oz"));
    let new = |name: &str, text: &str| {
        let octets = crate::descriptor(&directory, text).to_bytes().unwrap();
        let mut change = add(&dn(name), &[("objectClass", "user")]);
        if let bailiwick_domain::Change::Add { attributes, .. } = &mut change {
            let name = "nTSecurityDescriptor".to_owned();
            attributes.push(bailiwick_adtypes::modification::Attribute { name, values: vec![octets] });
        }
        apply_as(&directory, &oz, change)
    };
    assert_eq!(new("One", "D:(A;;GA;;;AU)"), Ok(()));
    assert_eq!(new("Two", &format!("O:{own}D:(A;;GA;;;AU)")), Ok(()));
    assert_eq!(new("Three", "O:DAD:"), Err(Error::attribute("nTSecurityDescriptor", AttributeFault::Unacceptable)));
    let administrator = signed_in_administrator(&directory);
    assert_eq!(read(&directory, &administrator, &dn("One"), Some(1)), Some(format!("O:{own}")));
    assert_eq!(apply_as(&directory, &administrator, add(&dn("Four"), &[("objectClass", "user")])), Ok(()));
    assert_eq!(read(&directory, &administrator, &dn("Four"), Some(3)).unwrap(), "O:DAG:DA");
}

#[test]
fn inherited_entries_of_a_client_are_not_kept() {
    let directory = peopled();
    let administrator = signed_in_administrator(&directory);
    let before = read(&directory, &administrator, &dn("Ada"), None).unwrap();
    let octets = crate::descriptor(&directory, &before).to_bytes().unwrap();
    let written = modify(&dn("Ada"), Operation::Replace, "nTSecurityDescriptor", &[&octets]);
    assert_eq!(apply_as(&directory, &administrator, written), Ok(()));
    assert_eq!(read(&directory, &administrator, &dn("Ada"), None).unwrap(), before);
}

#[test]
fn flags_say_which_parts_are_written() {
    let directory = peopled();
    let administrator = signed_in_administrator(&directory);
    let own = sid(&directory, &dn("Bob"));
    let write = |who: &Requester, text: &str, flags| {
        let octets = crate::descriptor(&directory, text).to_bytes().unwrap();
        let mut change = modify(&dn("Ada"), Operation::Replace, "nTSecurityDescriptor", &[&octets]);
        if let bailiwick_domain::Change::Modify { sd_flags, .. } = &mut change {
            *sd_flags = Some(flags);
        }
        apply_as(&directory, who, change)
    };
    let parts = || [1, 2, 8].map(|flags| read(&directory, &administrator, &dn("Ada"), Some(flags)).unwrap());
    let before = parts();
    // The owner, the group and the SACL that stand beside the DACL are not written.
    assert_eq!(write(&administrator, "O:SYG:SYD:P(A;;RP;;;AU)(A;;GA;;;BA)S:P(AU;SA;WP;;;WD)", 4), Ok(()));
    assert_eq!(parts(), before);
    let dacl = read(&directory, &administrator, &dn("Ada"), Some(4)).unwrap();
    assert!(dacl.starts_with("D:P(A;;RP;;;AU)(A;;"), "{dacl}");
    assert_eq!(write(&administrator, "O:BAG:SYD:P", 1), Ok(()));
    assert_eq!(parts(), ["O:BA".to_owned(), before[1].clone(), before[2].clone()]);
    assert_eq!(read(&directory, &administrator, &dn("Ada"), Some(4)).unwrap(), dacl);
    // Whoever may write the DACL and no more gives the whole of what was read, and says what is meant.
    crate::grant(&directory, &dn("Ada"), &format!("(A;;RCWD;;;{own})"));
    let bob = account(&directory, &dn("Bob"));
    let whole = format!("O:{own}G:SYD:P(A;;RCWD;;;{own})");
    assert_eq!(write(&bob, &whole, 7), Err(Error::InsufficientRights));
    assert_eq!(write(&bob, &whole, 4), Ok(()));
    assert_eq!(write(&bob, "O:DA", 4), Err(Error::attribute("nTSecurityDescriptor", AttributeFault::Unacceptable)));
}

#[test]
fn flags_say_which_parts_a_new_object_is_given() {
    let directory = peopled();
    let oz = account(&directory, &dn("Oz"));
    let own = sid(&directory, &dn("Oz"));
    let octets = crate::descriptor(&directory, "O:DAG:DAD:P(A;;GA;;;AU)").to_bytes().unwrap();
    let new = |name: &str, flags| {
        let mut change = add(&dn(name), &[("objectClass", "user")]);
        if let bailiwick_domain::Change::Add { attributes, sd_flags, .. } = &mut change {
            let name = "nTSecurityDescriptor".to_owned();
            attributes.push(bailiwick_adtypes::modification::Attribute { name, values: vec![octets.clone()] });
            *sd_flags = flags;
        }
        apply_as(&directory, &oz, change)
    };
    let refused = Err(Error::attribute("nTSecurityDescriptor", AttributeFault::Unacceptable));
    assert_eq!(new("One", None), refused, "an owner is not given away");
    assert_eq!(new("Two", Some(4)), Ok(()));
    let text = read(&directory, &Requester::system(), &dn("Two"), Some(5)).unwrap();
    assert!(text.starts_with(&format!("O:{own}D:P(A;;")) && text.ends_with(";;;AU)"), "{text}");
}
