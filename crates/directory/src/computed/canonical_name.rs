//! canonicalName: `example.com/Users/Ada`. [MS-ADTS] 3.1.1.4.5.

use crate::native::Native;
use crate::record::name::DEPTH_MAX;
use crate::record::{EntryId, Fault, Record, Snapshot};

/// The canonical name of an object.
pub(crate) fn text(native: &Native, snapshot: Snapshot<'_>, record: &Record<'_>) -> Result<String, Fault> {
    let mut parts = Vec::new();
    let mut at = *record;
    for _ in 0..DEPTH_MAX {
        if at.id() == native.facts.domain || at.parent() == EntryId::NONE {
            break;
        }
        parts.push(escaped(at.rdn_value()));
        at = snapshot.existing(at.parent())?;
    }
    // Configuration and schema hang below the domain by name.
    if at.id() == native.facts.configuration {
        parts.push("Configuration".to_owned());
    } else if at.id() == native.facts.schema {
        parts.extend(["Schema".to_owned(), "Configuration".to_owned()]);
    }
    parts.reverse();
    Ok(format!("{}/{}", native.domain_name(), parts.join("/")))
}

fn escaped(value: &[u8]) -> String {
    String::from_utf8_lossy(value).replace('\\', "\\\\").replace('/', "\\/")
}
