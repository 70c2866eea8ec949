//! `bailiwick config` and help.

use crate::folder::{Workplace, command, run, text};

#[test]
fn config_shows_where_each_value_came_from() {
    let workplace = Workplace::empty();
    let file = workplace.write("bailiwick.toml", "ldaps = \"off\"\nhttp = \"off\"\n");
    let output = command(&["config", "--json", "--config", text(&file), "--ldap", "off"])
        .env("BAILIWICK_HTTP", "127.0.0.1:80")
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["ldap"]["origin"], "flag");
    assert_eq!(json["http"]["origin"], "BAILIWICK_HTTP");
    assert_eq!(json["ldaps"]["origin"], format!("{}:1", text(&file)));
    assert_eq!(json["https"]["origin"], "default");
}

#[test]
fn help_teaches_by_examples() {
    for arguments in
        [&["--help"][..], &["serve", "--help"], &["import", "--help"], &["export", "--help"], &["config", "--help"]]
    {
        let output = run(arguments);
        assert!(output.status.success());
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains("Examples:"), "{arguments:?}");
    }
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    assert!(help.contains("Exit codes:"));
}
