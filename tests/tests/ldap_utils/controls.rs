//! Controls, by `ldapsearch -E` and `-e`.

use bailiwick_tests::{BASE, Server, load_organisation};

#[test]
fn paging_gives_everything_once() {
    let server = Server::start();
    let all = server.search(&["(objectClass=group)", "1.1"]).entries();
    for size in [1, 7, 1000] {
        let paged = server.search(&["-E", &format!("pr={size}/noprompt"), "(objectClass=group)", "1.1"]);
        let mut paged: Vec<_> = paged.entries().into_iter().map(|entry| entry.dn).collect();
        let mut whole: Vec<_> = all.iter().map(|entry| entry.dn.clone()).collect();
        paged.sort();
        whole.sort();
        assert_eq!(paged, whole, "pages of {size}");
    }
}

#[test]
fn a_single_page_is_answered_with_the_control() {
    let server = Server::start();
    let url = server.url("ldap");
    let arguments = ["-x", "-H", &url, "-D", bailiwick_tests::ADMINISTRATOR, "-w", bailiwick_tests::PASSWORD];
    let mut all = arguments.to_vec();
    all.extend(["-b", BASE, "-E", "pr=1000/noprompt", "(sAMAccountName=Guest)", "1.1"]);
    server.bare_tool("ldapsearch", &all, "").expect(0, &["control: 1.2.840.113556.1.4.319", "pagedresults: cookie="]);
}

#[test]
fn results_are_sorted_in_both_directions() {
    let server = Server::start();
    load_organisation(&server);
    let order = |key: &str| -> Vec<String> {
        let output = server.search(&["-E", &format!("!sss={key}"), "(&(objectCategory=person)(mail=*))", "sn"]);
        output.entries().iter().map(|entry| entry.value("sn")).collect()
    };
    assert_eq!(order("sn"), ["Archer", "Baker", "Carter", "Dyer"]);
    assert_eq!(order("-sn"), ["Dyer", "Carter", "Baker", "Archer"]);
    // A secret sorts no better than an attribute that is not there.
    let refused = |attribute: &str| {
        let output = server.search(&["-E", &format!("!sss={attribute}"), "(mail=*)", "sn"]);
        assert_ne!(output.code, 0, "{output}");
        (output.code, output.stdout)
    };
    assert_eq!(refused("noSuchAttribute"), refused("unicodePwd"));
}

#[test]
fn an_unknown_critical_control_is_refused() {
    let server = Server::start();
    server.search(&["-e", "!1.2.3.4", "(cn=Guest)", "1.1"]).expect(12, &["0000202C: "]);
    server.search(&["-e", "1.2.3.4", "(cn=Guest)", "1.1"]).expect(0, &["CN=Guest"]);
    for oid in ["1.3.6.1.4.1.4203.666.5.12", "1.3.6.1.4.1.7165.4.3.2"] {
        server.search(&["-e", &format!("!{oid}"), "(cn=Guest)", "1.1"]).expect(12, &[]);
    }
}

#[test]
fn a_bind_with_the_password_policy_control_is_a_bind() {
    let server = Server::start();
    server.tool("ldapwhoami", &["-e", "ppolicy"], "").expect(0, &["u:EXAMPLE\\Administrator"]);
}

#[test]
fn manage_dsa_it_changes_nothing() {
    let server = Server::start();
    assert_eq!(server.search(&["-MM", "(sAMAccountName=Guest)", "1.1"]).entries().len(), 1);
}

#[test]
fn permissive_modify_forgives_what_is_so_already() {
    let server = Server::start();
    load_organisation(&server);
    let bob = format!("dn: CN=Bob Baker,OU=People,{BASE}\nchangetype: modify\n");
    let again = bob.clone() + "add: description\ndescription: builds bridges\n";
    let absent = bob + "delete: title\n";
    for change in [&again, &absent] {
        assert_ne!(server.modify(change).code, 0);
        server.tool("ldapmodify", &["-e", "!1.2.840.113556.1.4.1413"], change).expect(0, &[]);
    }
}

#[test]
fn extended_names_carry_guid_and_sid() {
    let server = Server::start();
    let output = server.search(&["-E", "!extendedDn=1", "(sAMAccountName=Guest)", "objectCategory"]);
    let entry = &output.entries()[0];
    assert!(entry.dn.starts_with("<GUID="), "{}", entry.dn);
    assert!(entry.dn.contains(";<SID=S-1-5-21-"), "{}", entry.dn);
    assert!(entry.dn.ends_with(&format!(";CN=Guest,CN=Users,{BASE}")), "{}", entry.dn);
    assert!(entry.value("objectCategory").starts_with("<GUID="));
}

#[test]
fn sd_flags_choose_the_parts_of_a_descriptor() {
    let server = Server::start();
    let descriptor = |flags: char| {
        // SEQUENCE { INTEGER flags }: 1 owner, 2 group, 4 DACL, 8 SACL.
        let control = format!("!1.2.840.113556.1.4.801=:0\x03\x02\x01{flags}");
        let entries = server.search(&["-E", &control, "(sAMAccountName=Guest)", "nTSecurityDescriptor"]).entries();
        entries[0].octets("nTSecurityDescriptor")[0].clone()
    };
    let owner = descriptor('\x01');
    let dacl = descriptor('\x04');
    let all = descriptor('\x0f');
    let offset =
        |octets: &[u8], at: usize| u32::from_le_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]]);
    // [MS-DTYP] 2.4.6: the offsets of owner, group, SACL and DACL; 0 is absent.
    assert!(offset(&owner, 4) > 0 && offset(&owner, 8) == 0 && offset(&owner, 16) == 0);
    assert!(offset(&dacl, 4) == 0 && offset(&dacl, 16) > 0);
    assert!(all.len() > owner.len() && all.len() >= dacl.len());
}
