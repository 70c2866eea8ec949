//! The domain's account policy: how passwords must be, how long they live, and when guessing locks an account.
//! [MS-ADTS] 6.1.1.1.4 (the attributes of the head), [MS-SAMR] 3.1.1.7 and 3.1.1.8.
//!
//! Pure decisions over values that the caller has read; the same for every face.

pub(crate) mod complexity;
pub(crate) mod expiry;
pub(crate) mod lockout;
pub(crate) mod logon;

use bailiwick_adtypes::file_time::Interval;

use crate::native::Native;
use crate::record::{Fault, Snapshot};

use lockout::Lockout;

/// pwdProperties: DOMAIN_PASSWORD_COMPLEX.
const COMPLEX: i64 = 0x1;
/// pwdProperties: DOMAIN_LOCKOUT_ADMINS.
const LOCKOUT_ADMINISTRATOR: i64 = 0x8;

/// The policy of the domain's head. Policies of groups (`msDS-PasswordSettings`) are not considered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// The least number of UTF-16 units of a password.
    pub length_min: usize,
    /// Whether passwords must be complex.
    pub complex: bool,
    /// How many passwords, the current one included, must not come again.
    pub history: usize,
    /// How long passwords live.
    pub age_max: Interval,
    /// How old a password must be before its owner changes it.
    pub age_min: Interval,
    /// When guessing locks.
    pub lockout: Lockout,
    /// The USN of the head's last change.
    pub usn: i64,
}

impl Policy {
    /// Reads the policy.
    pub fn of_domain(native: &Native, snapshot: Snapshot<'_>) -> Result<Policy, Fault> {
        let known = snapshot.schema.known();
        let head = snapshot.existing(native.facts.domain)?;
        let number = |attribute| head.integer(attribute).unwrap_or_default();
        let count = |attribute| usize::try_from(number(attribute)).unwrap_or_default();
        let properties = number(known.pwd_properties);
        Ok(Policy {
            length_min: count(known.min_pwd_length),
            complex: properties & COMPLEX != 0,
            history: count(known.pwd_history_length),
            age_max: Interval(number(known.max_pwd_age)),
            age_min: Interval(number(known.min_pwd_age)),
            lockout: Lockout {
                threshold: number(known.lockout_threshold),
                window: Interval(number(known.lock_out_observation_window)),
                duration: Interval(number(known.lockout_duration)),
                locks_administrator: properties & LOCKOUT_ADMINISTRATOR != 0,
            },
            usn: number(known.usn_changed),
        })
    }
}
