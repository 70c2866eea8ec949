//! The Python library python-ldap, which is OpenLDAP's library inside: its scripts lie in `clients/`.

use bailiwick_tests::{Server, python};

#[test]
fn the_whole_schema_is_understood() {
    python(&Server::start(), "python_ldap_schema.py");
}

#[test]
fn every_operation_works() {
    python(&Server::start(), "python_ldap_operations.py");
}
