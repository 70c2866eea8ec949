//! The Python library ldap3: its scripts lie in `clients/`, one for each subject.

use bailiwick_tests::{Server, python};

#[test]
fn root_dse_and_schema_are_understood() {
    python(&Server::start(), "ldap3_information.py");
}

#[test]
fn every_operation_works() {
    python(&Server::start(), "ldap3_operations.py");
}

#[test]
fn controls_and_pages_work() {
    python(&Server::start(), "ldap3_controls.py");
}

#[test]
fn large_groups_are_read_by_ranges() {
    python(&Server::start(), "ldap3_ranges.py");
}
