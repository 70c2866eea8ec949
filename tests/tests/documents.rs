//! What the documents say is so: paths and links lead somewhere, and tables have every row.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_tests::{Client, Server, command, repository, run};

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Markdown file outside build folders.
fn documents() -> Vec<PathBuf> {
    let mut documents = Vec::new();
    let mut folders = vec![repository().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the repository can be read").flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() && !path.is_symlink() && !name.starts_with('.') && !name.starts_with("target") {
                folders.push(path);
            } else if name.ends_with(".md") {
                documents.push(path);
            }
        }
    }
    documents
}

/// Asserts that each path is there.
#[track_caller]
fn check_paths(paths: &[PathBuf], document: &str) {
    assert!(!paths.is_empty(), "no path was found in {document}");
    let missing: Vec<_> = paths.iter().filter(|path| !path.exists()).collect();
    assert!(missing.is_empty(), "{document} names what is not there: {missing:?}");
}

#[test]
fn every_path_of_the_architecture_exists() {
    let text = read("ARCHITECTURE.md");
    let mut paths = Vec::new();
    // What stands in backticks and begins with a folder of the repository.
    for quoted in text.split('`').skip(1).step_by(2) {
        let top = quoted.split('/').next().unwrap_or_default();
        if quoted.contains('/') && !quoted.contains(char::is_whitespace) && repository().join(top).is_dir() {
            paths.push(repository().join(quoted));
        }
    }
    // The first words of the code map; an indented one lies in the crate above it.
    let map = text.split("## Code map").nth(1).and_then(|rest| rest.split("```").nth(1)).expect("there is a code map");
    let mut parent = "";
    for line in map.lines().filter(|line| !line.trim().is_empty()) {
        let path = line.split_whitespace().next().unwrap_or_default();
        if line.starts_with(' ') {
            paths.push(repository().join(parent).join(path));
        } else {
            parent = path;
            paths.push(repository().join(path));
        }
    }
    check_paths(&paths, "ARCHITECTURE.md");
}

#[test]
fn every_crate_stands_in_the_code_map() {
    let text = read("ARCHITECTURE.md");
    for entry in fs::read_dir(repository().join("crates")).expect("the repository can be read").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(text.contains(&format!("crates/{name}")), "crates/{name} is missing in ARCHITECTURE.md");
    }
}

#[test]
fn every_link_leads_somewhere() {
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document is text");
        let folder = document.parent().unwrap_or(Path::new(""));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            assert!(folder.join(path).exists(), "{} links to {link}", document.display());
        }
    }
}

#[test]
fn every_setting_is_documented_with_its_default() {
    let text = read("docs/configuration.md");
    let shown = run(command("config").arg("--json"), "");
    let settings: serde_json::Value = serde_json::from_str(&shown.stdout).expect("it is JSON");
    let settings = settings.as_object().expect("it is an object");
    assert!(settings.len() > 20);
    for (name, setting) in settings {
        let row = text.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("{name} is missing in docs/configuration.md"));
        let default = setting["value"].as_str().unwrap_or_default();
        assert!(default.is_empty() || row.contains(&format!("`{default}`")), "{row}: the default is {default}");
    }
    let rows = text.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, settings.len(), "docs/configuration.md has rows for settings that are none");
}

#[test]
fn every_control_and_extension_is_documented() {
    let text = read("docs/ldap.md");
    let server = Server::start();
    let mut client = Client::administrator(server.address("ldap"));
    let oids = client.read("", &["supportedControl", "supportedExtension"]).expect("the server answers");
    let oids: Vec<_> = oids.1.into_iter().flat_map(|(_, values)| values).collect();
    assert!(oids.len() > 10);
    for oid in oids {
        let oid = String::from_utf8(oid).expect("an OID is text");
        assert!(text.contains(&oid), "{oid} is missing in docs/ldap.md");
    }
}
