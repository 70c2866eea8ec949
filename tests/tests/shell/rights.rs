//! `bailiwick acl`.

use super::both_ways;

#[test]
fn rights_are_granted_shown_and_revoked() {
    both_ways(|shell| {
        shell.does(&["unit", "create", "Sales"]);
        shell.does(&["group", "create", "Helpdesk"]);
        let grant = ["acl", "grant", "Sales", "--to", "Helpdesk", "--right", "reset-password", "--right", "unlock"];
        shell.does(&grant).expect(0, &["Granted on OU=Sales"]);
        shell.does(&grant).expect(0, &["Already granted on"]);
        let shown = shell.does(&["acl", "show", "Sales"]);
        shown.expect(0, &["Helpdesk", "(OA;CIIO;CR;00299570-246d-11d0-a768-00aa006e0529"]);
        shell.does(&["acl", "revoke", "Sales", "--from", "Helpdesk", "--right", "unlock"]);
        let sddl = |object: &str| shell.json(&["acl", "show", object])["sddl"].to_string();
        assert!(!sddl("Sales").contains("28630ebf"), "{}", sddl("Sales"));
        assert!(sddl("Sales").contains("00299570-246d-11d0-a768-00aa006e0529"));
        shell.does(&["acl", "revoke", "Sales", "--from", "Helpdesk"]);
        shell.run(&["acl", "revoke", "Sales", "--from", "Helpdesk"]).expect(1, &["no such entry"]);
        assert!(!sddl("Sales").contains("CIIO;CR;00299570-246d-11d0-a768-00aa006e0529;bf967aba"));
    });
}

#[test]
fn entries_may_be_given_in_sddl_and_denials_come_first() {
    both_ways(|shell| {
        shell.does(&["user", "create", "ada"]);
        shell.does(&["acl", "grant", "ada", "--sddl", "(A;;WP;;;AU)(D;;WP;;;BG)"]);
        let sddl = shell.json(&["acl", "show", "ada"])["sddl"].to_string();
        let denial = sddl.find("(D;;WP;;;BG)").expect("the denial is there");
        assert!(denial < sddl.find("(A;;WP;;;AU)").expect("the grant is there"), "{sddl}");
        shell.run(&["acl", "grant", "ada", "--sddl", "(nonsense)"]).expect(2, &["cannot be read"]);
        shell.run(&["acl", "grant", "ada"]).expect(2, &[]);
    });
}

#[test]
fn a_user_who_may_not_change_the_password_is_made_with_denials() {
    both_ways(|shell| {
        shell.does(&["user", "create", "kiosk", "--cannot-change-password"]);
        let sddl = shell.json(&["acl", "show", "kiosk"])["sddl"].to_string();
        assert!(sddl.contains("(OD;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;PS)"), "{sddl}");
        assert!(sddl.contains("(OD;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)"), "{sddl}");
    });
}
