//! What the audit keeps.

use bailiwick_accounts::audit::Record;

/// A kept event: what is read is written as the same, whatever a newer program put beside it.
pub fn audit_record(data: &[u8]) {
    let Ok(record) = Record::parse(data) else { return };
    let written = record.to_octets();
    assert_eq!(Record::parse(&written), Ok(record));
}
