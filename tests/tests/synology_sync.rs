//! The Python library synology-api, unmodified, has the host take over the domain's accounts: its script lies in
//! `clients/`.

use bailiwick_tests::{Domain, Server, ServerCommand, python_of};

#[test]
fn release_0_8_2_has_the_host_follow_the_domain() {
    python_of(".venv-synology-api-0.8.2", &Server::start(), "synology_sync.py", &[]);
}

#[test]
fn release_0_9_4_has_the_host_follow_the_domain() {
    python_of(".venv-synology-api-0.9.4", &Server::start(), "synology_sync.py", &[]);
}

#[test]
fn a_schedule_that_is_set_is_followed_from_then_on() {
    let domain = Domain::new();
    let server = ServerCommand::new(&domain.data()).flags(&["--sync-hours", "0"]).start();
    python_of(".venv-synology-api-0.8.2", &server, "synology_schedule.py", &[]);
    assert!(server.stop().success());
}
