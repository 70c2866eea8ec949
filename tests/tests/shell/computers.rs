//! `bailiwick computer`.

use super::both_ways;

#[test]
fn computers_are_found_without_their_dollar_sign() {
    both_ways(|shell| {
        shell.does(&["computer", "create", "nas01"]).expect(0, &["CN=nas01,CN=Computers,DC=example,DC=com"]);
        let computer = shell.json(&["computer", "show", "nas01"]);
        assert_eq!(computer["sAMAccountName"][0], "nas01$");
        shell.does(&["computer", "disable", "nas01$"]);
        shell.does(&["computer", "list"]).expect(0, &["nas01$", "disabled", "dc1.example.com"]);
        shell.run(&["user", "show", "nas01$"]).expect(13, &[]);
    });
}
