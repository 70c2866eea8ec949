//! The Python library synology-api, unmodified, in releases that differ in how they sign in: its script lies in `clients/`.
//! What each release does is in section 2.1 of the specification of the API.

use bailiwick_tests::{Server, python_of};

#[test]
fn release_0_7_3_manages_the_directory() {
    python_of(".venv-synology-api-0.7.3", &Server::start(), "synology_directory.py", &[]);
}

#[test]
fn release_0_8_1_manages_the_directory() {
    python_of(".venv-synology-api-0.8.1", &Server::start(), "synology_directory.py", &[]);
}

#[test]
fn release_0_8_2_manages_the_directory() {
    python_of(".venv-synology-api-0.8.2", &Server::start(), "synology_directory.py", &[]);
}

#[test]
fn release_0_9_1_manages_the_directory() {
    python_of(".venv-synology-api-0.9.1", &Server::start(), "synology_directory.py", &[]);
}

#[test]
fn release_0_9_4_manages_the_directory() {
    python_of(".venv-synology-api-0.9.4", &Server::start(), "synology_directory.py", &[]);
}
