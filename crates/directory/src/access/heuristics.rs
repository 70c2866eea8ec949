//! The characters of dSHeuristics that bear on access, and on which names are unique. [MS-ADTS] 6.1.1.2.4.1.2.

use crate::native::Native;
use crate::record::{Fault, Snapshot};

/// The place of fDoListObject, from 0.
const LIST_OBJECT: usize = 2;
/// The place of fLDAPBlockAnonOps, from 0; only the character 2 lets nobody in.
const ANONYMOUS: usize = 6;

/// The place of DoNotVerifyUPNAndOrSPNUniqueness, from 0: a digit of which each bit turns one check off.
const UNIQUENESS: usize = 20;

/// What the forest's settings say of access, and of names.
pub(crate) struct Heuristics {
    /// Whether single objects of a container may be shown that may not be listed.
    pub list_object: bool,
    /// Whether those who have not signed in may do what descriptors let them.
    pub anonymous: bool,
    /// Which names are kept apart.
    pub uniqueness: Uniqueness,
}

/// Which names no two accounts may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uniqueness {
    /// Those of people: userPrincipalName.
    pub user_names: bool,
    /// Those of services: servicePrincipalName.
    pub service_names: bool,
    /// Those that services have by an alias.
    pub aliases: bool,
}

impl Heuristics {
    /// Reads the settings object.
    pub fn read(native: &Native, snapshot: Snapshot<'_>) -> Result<Heuristics, Fault> {
        let settings = native.settings(snapshot)?;
        Ok(Heuristics::of(settings.value(snapshot.schema.known().ds_heuristics).unwrap_or_default()))
    }

    fn of(value: &[u8]) -> Heuristics {
        let unverified = value.get(UNIQUENESS).filter(|digit| digit.is_ascii_digit()).map_or(0, |digit| digit - b'0');
        Heuristics {
            list_object: value.get(LIST_OBJECT) == Some(&b'1'),
            anonymous: value.get(ANONYMOUS) == Some(&b'2'),
            uniqueness: Uniqueness {
                user_names: unverified & 1 == 0,
                service_names: unverified & 2 == 0,
                aliases: unverified & 4 == 0,
            },
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

    #[test]
    fn each_bit_turns_one_check_of_names_off() {
        for (digit, expected) in [
            ("", [true, true, true]),
            ("0", [true, true, true]),
            ("1", [false, true, true]),
            ("2", [true, false, true]),
            ("7", [false, false, false]),
            ("x", [true, true, true]),
        ] {
            let value = format!("00000000010000000002{digit}");
            let found = Heuristics::of(value.as_bytes()).uniqueness;
            assert_eq!([found.user_names, found.service_names, found.aliases], expected, "{digit}");
        }
    }
}
