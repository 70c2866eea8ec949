//! The Python library synology-api, unmodified, in releases that differ in how they sign in: its script lies in `clients/`.

use bailiwick_tests::{Server, python_of};

#[test]
fn release_0_8_2_manages_the_directory() {
    python_of(".venv-synology-api-0.8.2", &Server::start(), "synology_directory.py", &[]);
}

#[test]
fn release_0_9_4_manages_the_directory() {
    python_of(".venv-synology-api-0.9.4", &Server::start(), "synology_directory.py", &[]);
}
