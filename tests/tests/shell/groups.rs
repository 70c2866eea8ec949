//! `bailiwick group`.

use super::both_ways;

#[test]
fn members_come_and_go() {
    both_ways(|shell| {
        shell.does(&["group", "create", "Helpdesk", "--scope", "universal", "description=Helps"]);
        shell.does(&["group", "create", "Nested"]);
        shell.does(&["user", "create", "ada", "--group", "Helpdesk"]);
        shell.does(&["user", "create", "grace"]);
        shell.does(&["group", "add-member", "Helpdesk", "grace", "Nested"]);
        let members = || shell.json(&["group", "show", "Helpdesk", "--attributes", "member"])["member"].clone();
        assert_eq!(members().as_array().map(Vec::len), Some(3));
        shell.run(&["group", "add-member", "Helpdesk", "grace"]).expect(1, &[]);
        shell.run(&["group", "add-member", "Helpdesk", "ada", "nobody"]).expect(13, &["nobody"]);
        shell.does(&["group", "remove-member", "Helpdesk", "grace", "Nested"]);
        assert_eq!(members().as_array().map(Vec::len), Some(1));
        shell.does(&["group", "list", "--filter", "(cn=Helpdesk)"]).expect(0, &["Helpdesk", "Helps", "universal"]);
    });
}
