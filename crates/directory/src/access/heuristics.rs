//! The characters of dSHeuristics that bear on access. [MS-ADTS] 6.1.1.2.4.1.2.

use crate::native::Native;
use crate::record::{Fault, Snapshot};

/// The place of fDoListObject, from 0.
const LIST_OBJECT: usize = 2;
/// The place of fLDAPBlockAnonOps, from 0; only the character 2 lets nobody in.
const ANONYMOUS: usize = 6;

/// What the forest's settings say of access.
pub(crate) struct Heuristics {
    /// Whether single objects of a container may be shown that may not be listed.
    pub list_object: bool,
    /// Whether those who have not signed in may do what descriptors let them.
    pub anonymous: bool,
}

impl Heuristics {
    /// Reads the settings object, CN=Directory Service, which stands two above the policy of queries.
    pub fn read(native: &Native, snapshot: Snapshot<'_>) -> Result<Heuristics, Fault> {
        let policies = snapshot.existing(native.facts.query_policy)?.parent();
        let settings = snapshot.existing(snapshot.existing(policies)?.parent())?;
        Ok(Heuristics::of(settings.value(snapshot.schema.known().ds_heuristics).unwrap_or_default()))
    }

    fn of(value: &[u8]) -> Heuristics {
        Heuristics {
            list_object: value.get(LIST_OBJECT) == Some(&b'1'),
            anonymous: value.get(ANONYMOUS) == Some(&b'2'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_characters_in_the_right_places_count() {
        for (value, list_object, anonymous) in [
            ("", false, false),
            ("001", true, false),
            ("0000002", false, true),
            ("0010002", true, true),
            ("2222221", false, false),
        ] {
            let heuristics = Heuristics::of(value.as_bytes());
            assert_eq!((heuristics.list_object, heuristics.anonymous), (list_object, anonymous), "{value}");
        }
    }
}
