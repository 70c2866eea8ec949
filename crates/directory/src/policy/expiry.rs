//! When a password ends. [MS-ADTS] 3.1.1.4.5.32 (msDS-UserPasswordExpiryTimeComputed).

use bailiwick_adtypes::file_time::{FileTime, Interval};

use crate::rule::account::{
    INTERDOMAIN_TRUST, PASSWORD_DOES_NOT_EXPIRE, SERVER_TRUST, SMARTCARD_REQUIRED, WORKSTATION_TRUST,
};

/// Accounts whose passwords do not end.
const UNENDING: u32 =
    PASSWORD_DOES_NOT_EXPIRE | SMARTCARD_REQUIRED | INTERDOMAIN_TRUST | WORKSTATION_TRUST | SERVER_TRUST;

/// When the password ends: [`FileTime::NEVER`] when it does not, [`FileTime::ZERO`] when it must be changed first.
pub(crate) fn password_expiry(flags: u32, last_set: FileTime, age_max: Interval) -> FileTime {
    if flags & UNENDING != 0 {
        return FileTime::NEVER;
    }
    if last_set.0 <= 0 {
        return FileTime::ZERO;
    }
    if age_max.0 == 0 {
        return FileTime::NEVER;
    }
    last_set.after(age_max)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORMAL: u32 = 0x200;

    #[test]
    fn a_password_ends_by_its_age() {
        let age = Interval(-100);
        assert_eq!(password_expiry(NORMAL, FileTime(1000), age), FileTime(1100));
        assert_eq!(password_expiry(NORMAL, FileTime(0), age), FileTime::ZERO);
        assert_eq!(password_expiry(NORMAL, FileTime(1000), Interval(0)), FileTime::NEVER);
        assert_eq!(password_expiry(NORMAL, FileTime(1000), Interval(i64::MIN)), FileTime::NEVER);
        assert_eq!(password_expiry(NORMAL | PASSWORD_DOES_NOT_EXPIRE, FileTime(0), age), FileTime::NEVER);
        assert_eq!(password_expiry(WORKSTATION_TRUST, FileTime(1), age), FileTime::NEVER);
    }
}
