//! The same operations sent to Bailiwick and to a Samba domain controller, which the script starts for itself.

use bailiwick_tests::{command, python_command, repository, run};

/// `cargo xtask conformance` writes the page when something has changed on purpose.
#[test]
fn every_difference_from_samba_has_its_reason_and_is_documented() {
    let mut compare = python_command("conformance.py");
    compare.arg(command("serve").get_program()).arg("--check").arg(repository().join("docs/conformance.md"));
    let output = run(&mut compare, "");
    assert!(output.code == 0, "{output}");
}
