//! What is said of the API is so: the OpenAPI document, the page, and the examples of `docs/rest.md`.

use std::path::PathBuf;
use std::process::Command;

use bailiwick_tests::{PASSWORD, Server, repository, run};

use super::client::{ADMINISTRATOR, Request};

fn python() -> PathBuf {
    let bin = repository().join(".venv/bin");
    assert!(bin.is_dir(), "{} is missing; `cargo xtask test` makes it", bin.display());
    bin
}

fn get(server: &Server, path: &str) -> String {
    Request::new("GET", path).without("authorization").send(server).expect(200).text
}

#[test]
fn the_description_is_valid_openapi_3_1() {
    let server = Server::start();
    let path = server.domain().beside("openapi.json");
    let text = get(&server, "/openapi.json");
    assert!(text.contains("\"openapi\": \"3.1"));
    std::fs::write(&path, text).expect("a file can be written");
    let mut validator = Command::new(python().join("python"));
    run(validator.args(["-m", "openapi_spec_validator"]).arg(&path), "").expect(0, &["OK"]);
}

#[test]
fn the_page_is_served_whole_and_names_nobody_else() {
    let server = Server::start();
    let page = get(&server, "/docs");
    for file in ["/docs/page.js", "/docs/page.css", "/openapi.json"] {
        assert!(page.contains(file) || get(&server, "/docs/page.js").contains(file), "{file}");
        get(&server, file);
    }
}

/// Requests that the description allows, and some that it does not: no mistake of the server's, and no answer that it does
/// not describe.
#[test]
fn generated_requests_get_documented_answers() {
    let server = Server::with(&["--rest-password-classes", "none"]);
    let url = format!("http://{}/openapi.json", server.address("http"));
    let mut schemathesis = Command::new(python().join("schemathesis"));
    schemathesis.current_dir(server.domain().beside("")).env("HOME", server.domain().beside("")).args([
        "run",
        &url,
        "--auth",
        &format!("{ADMINISTRATOR}:{PASSWORD}"),
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "8",
        "--seed",
        "20260101",
        // Python 3.11 parses source in two threads at once only by luck, and the tool does that to describe its cases.
        "--workers",
        "1",
        "--generation-database",
        "none",
        "--no-color",
    ]);
    run(&mut schemathesis, "").expect(0, &[]);
}

/// Runs every `sh` block of the document in its order, by one shell that stops at the first failure.
#[test]
fn the_examples_of_the_document_work() {
    let text = std::fs::read_to_string(repository().join("docs/rest.md")).expect("the document is there");
    let blocks: Vec<&str> = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 5, "there are examples");
    let server = Server::start();
    super::client::allow_quick_changes(&server);
    let here = format!("https://localhost:{}", server.address("https").port());
    let mut script = String::from(
        "set -eu\ncurl() { command curl --silent --show-error --fail-with-body --cacert \"$CA\" \"$@\"; echo; }\n",
    );
    script += "bailiwick() { \"$BAILIWICK\" \"$@\"; }\n";
    for block in blocks {
        script += &block.replace("https://localhost:5001", &here);
    }
    let mut shell = Command::new("sh");
    shell
        .current_dir(server.domain().beside(""))
        .env("CA", server.authority_file())
        .env("BAILIWICK", bailiwick_tests::command("token").get_program())
        .env("BAILIWICK_DATA", server.data())
        .env("PASSWORD", PASSWORD)
        .args(["-c", &script]);
    let output = run(&mut shell, "");
    output.expect(0, &["The user was successfully created.", "Successfully updated entry.", "\"cursor\""]);
}
