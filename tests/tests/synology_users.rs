//! The Python library synology-api, unmodified, on the host's own accounts: its script lies in `clients/`. What users are
//! told of by mail is looked at in the outbox.

use bailiwick_tests::{Server, command, python_of, run};

#[test]
fn release_0_8_1_manages_the_hosts_accounts() {
    manages_the_hosts_accounts(".venv-synology-api-0.8.1");
}

#[test]
fn release_0_8_2_manages_the_hosts_accounts() {
    manages_the_hosts_accounts(".venv-synology-api-0.8.2");
}

#[test]
fn release_0_9_1_manages_the_hosts_accounts() {
    manages_the_hosts_accounts(".venv-synology-api-0.9.1");
}

#[test]
fn release_0_9_4_manages_the_hosts_accounts() {
    manages_the_hosts_accounts(".venv-synology-api-0.9.4");
}

fn manages_the_hosts_accounts(environment: &str) {
    let server = Server::start();
    python_of(environment, &server, "synology_users.py", &[]);
    let list = |arguments: &[&str]| run(command("mail").args(arguments).arg("--data").arg(server.data()), "");
    // One for each user that was made, each with his password.
    let output = list(&["list", "--json"]);
    output.expect(0, &[]);
    let slips: Vec<serde_json::Value> = serde_json::from_str(&output.stdout).expect("slips are JSON");
    assert_eq!(slips.len(), 4, "{output}");
    assert!(slips.iter().all(|slip| slip["to"] == "testemail@test.com"), "{output}");
    list(&["show", "1"]).expect(0, &["Your account at example.com", "Name      toto6False", "Violet-Harbour+7"]);
}
