//! `bailiwick unit`.

use super::both_ways;

#[test]
fn units_nest_move_and_go_with_what_is_in_them() {
    both_ways(|shell| {
        shell.does(&["unit", "create", "Sales", "description=Those who sell"]);
        shell.does(&["unit", "create", "Berlin", "--in", "Sales"]);
        shell.does(&["user", "create", "ada", "--in", "Berlin"]);
        shell.does(&["unit", "create", "Europe"]);
        shell.does(&["unit", "move", "Berlin", "Europe"]).expect(0, &["OU=Berlin,OU=Europe,DC=example,DC=com"]);
        let ada = shell.json(&["user", "show", "ada"]);
        assert_eq!(ada["dn"], "CN=ada,OU=Berlin,OU=Europe,DC=example,DC=com");
        shell.run(&["unit", "delete", "Europe"]).expect(1, &["objects below"]);
        shell.does(&["unit", "delete", "Europe", "--recursive"]);
        shell.run(&["user", "show", "ada"]).expect(13, &[]);
        shell.does(&["unit", "list"]).expect(0, &["Sales", "Those who sell", "Domain Controllers"]);
    });
}
