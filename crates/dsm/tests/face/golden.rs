//! A golden file for each API: requests as they come over the wire, and the bodies that answer them.
//!
//! A line that begins with `>` is a request, the line with `<` after it its answer; all requests of a file go to one
//! domain. `{sid}` and other names in braces stand for what an answer had under that name, and what is never the same
//! twice is shown by its name alone. `BAILIWICK_GOLDEN=write` writes the answers anew.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use bailiwick_dsm::catalog::CATALOG;
use serde_json::{Value, json};

use crate::world::{HOST_PASSWORD, World, escaped};

/// Members whose values are never the same twice.
const VOLATILE: [&str; 10] = [
    "sid",
    "synotoken",
    "public_key",
    "task_id",
    "new_password",
    "token",
    "device_id",
    "SynoConfirmPWToken",
    "secret",
    "qr_code_url",
];

#[test]
fn every_method_answers_as_its_file_has_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/face/golden");
    let is_written = std::env::var_os("BAILIWICK_GOLDEN").is_some_and(|value| value == "write");
    let mut called = HashSet::new();
    for api in CATALOG {
        let path = folder.join(format!("{}.txt", api.name));
        let file = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let found = replayed(&file, &mut called);
        match is_written {
            true => fs::write(&path, found).unwrap(),
            false => assert_eq!(found, file, "{}", path.display()),
        }
    }
    for api in CATALOG {
        for method in api.methods {
            assert!(called.contains(&format!("{} {}", api.name, method.name)), "{} {}", api.name, method.name);
        }
    }
}

/// The file as it is when its requests are sent anew.
fn replayed(file: &str, called: &mut HashSet<String>) -> String {
    let world = World::new();
    let mut known = HashMap::from([
        ("sid".to_owned(), world.administrator()),
        ("admin".to_owned(), world.sid("admin", HOST_PASSWORD)),
    ]);
    let mut out = String::new();
    for line in file.lines() {
        if line.starts_with('<') {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        let Some(request) = line.strip_prefix("> ") else { continue };
        let (api, method) = (value(request, "api="), value(request, "method="));
        called.insert(format!("{api} {method}"));
        let mut query = request.to_owned();
        for (name, value) in &known {
            query = query.replace(&format!("{{{name}}}"), value);
        }
        let mut body = world.get(&encoded(&query)).body;
        conceal(&mut body, &mut known);
        out.push_str(&format!("< {body}\n"));
    }
    out
}

/// The value of a field of a request.
fn value<'r>(request: &'r str, field: &str) -> &'r str {
    request.split('&').find_map(|pair| pair.strip_prefix(field)).unwrap_or_default().trim_matches('"')
}

/// The request with its values escaped, so that the files can be read.
fn encoded(query: &str) -> String {
    let field = |pair: &str| match pair.split_once('=') {
        Some((name, value)) => format!("{name}={}", escaped(value)),
        None => pair.to_owned(),
    };
    query.split('&').map(field).collect::<Vec<_>>().join("&")
}

/// Replaces what is never the same twice by its name, and remembers it.
fn conceal(body: &mut Value, known: &mut HashMap<String, String>) {
    match body {
        Value::Object(members) => {
            for (name, value) in members {
                // The process that runs a task, the tasks there are, and codes that are shown once.
                if name == "pid" && value.is_u64()
                    || ["admin", "recovery_codes"].contains(&name.as_str()) && value.is_array()
                {
                    *value = json!(format!("{{{name}}}"));
                }
                match (VOLATILE.contains(&name.as_str()), value.as_str()) {
                    (true, Some(text)) if !text.is_empty() && text != "--------" => {
                        known.insert(name.clone(), text.to_owned());
                        *value = json!(format!("{{{name}}}"));
                    }
                    _ => conceal(value, known),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| conceal(value, known)),
        _ => {}
    }
}
