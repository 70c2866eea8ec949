//! Whether an account may sign in now and here, once its password is right. [MS-ADTS] 5.1.1.1, [MS-SAMR] 2.2.7.5.

use bailiwick_adtypes::file_time::{FileTime, STEPS_PER_SECOND};
use bailiwick_domain::SignInFailure;

use crate::policy::Policy;
use crate::policy::expiry::password_expiry;
use crate::record::Record;
use crate::rule::account::DISABLED;
use crate::schema::Known;

/// Octets of logonHours: a bit for each hour of a week.
pub(crate) const LOGON_HOURS_OCTETS: usize = 21;
const SECONDS_PER_HOUR: i64 = 3600;
const HOURS_PER_WEEK: i64 = 168;
/// 1601 began on a Monday; logonHours begins on Sunday, at midnight UTC.
const HOURS_FROM_SUNDAY_TO_1601: i64 = 24;

/// What somebody shows a password for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To sign in.
    SignIn,
    /// To change it, for which it may have expired.
    Change,
}

/// What decides over a sign-in.
pub(crate) struct Account<'r> {
    pub flags: u32,
    pub expires: FileTime,
    pub hours: Option<&'r [u8]>,
    pub workstations: Option<&'r [u8]>,
    pub password_set: FileTime,
    pub locked_at: FileTime,
}

impl<'r> Account<'r> {
    /// The account of a record.
    pub fn of(record: &Record<'r>, known: &Known) -> Account<'r> {
        let time = |attribute| FileTime(record.integer(attribute).unwrap_or_default());
        Account {
            // Without flags an account is disabled.
            flags: record.integer(known.user_account_control).map_or(DISABLED, |flags| flags as u32),
            expires: time(known.account_expires),
            hours: record.value(known.logon_hours),
            workstations: record.value(known.user_workstations),
            password_set: time(known.pwd_last_set),
            locked_at: time(known.lockout_time),
        }
    }

    /// Whether somebody who knows the password is let in at `now` on this server, called `host`.
    ///
    /// # Errors
    /// The first restriction that holds, in the order in which domain controllers look at them.
    pub fn admit(&self, policy: &Policy, now: FileTime, host: &str, purpose: Purpose) -> Result<(), SignInFailure> {
        self.check_enabled()?;
        if policy.lockout.is_locked(self.locked_at, now) {
            return Err(SignInFailure::AccountLocked);
        }
        self.check_end(now)?;
        match password_expiry(self.flags, self.password_set, policy.age_max) {
            _ if purpose == Purpose::Change => {}
            FileTime::ZERO => return Err(SignInFailure::PasswordMustChange),
            end if end <= now => return Err(SignInFailure::PasswordExpired),
            _ => {}
        }
        self.check_place_and_hour(now, host)
    }

    /// Whether somebody who showed the password before, and has something that stands for it now, is let in: whatever
    /// concerns the password alone is left out, its age and the lock against guessing it.
    ///
    /// # Errors
    /// The first restriction that holds, in the same order.
    pub fn admit_known(&self, now: FileTime, host: &str) -> Result<(), SignInFailure> {
        self.check_enabled()?;
        self.check_end(now)?;
        self.check_place_and_hour(now, host)
    }

    fn check_enabled(&self) -> Result<(), SignInFailure> {
        match self.flags & DISABLED {
            0 => Ok(()),
            _ => Err(SignInFailure::AccountDisabled),
        }
    }

    fn check_end(&self, now: FileTime) -> Result<(), SignInFailure> {
        // Zero and the greatest value both mean never.
        match self.expires.0 > 0 && self.expires <= now {
            true => Err(SignInFailure::AccountExpired),
            false => Ok(()),
        }
    }

    fn check_place_and_hour(&self, now: FileTime, host: &str) -> Result<(), SignInFailure> {
        // A simple bind says nothing of the computer it comes from: the sign-in takes place on this server.
        if !self.workstations.is_none_or(|list| lists(list, host)) {
            return Err(SignInFailure::Workstation);
        }
        if !self.hours.is_none_or(|hours| allows(hours, now)) {
            return Err(SignInFailure::LogonHours);
        }
        Ok(())
    }
}

/// Whether a comma-separated list of computers is empty or has this one, by its short name or its full one.
fn lists(list: &[u8], host: &str) -> bool {
    let list = String::from_utf8_lossy(list);
    let short = host.split('.').next().unwrap_or(host);
    let mut names = list.split(',').map(str::trim).filter(|name| !name.is_empty()).peekable();
    names.peek().is_none() || names.any(|name| name.eq_ignore_ascii_case(short) || name.eq_ignore_ascii_case(host))
}

/// Whether the bit of the hour is set; hours that are no week allow everything, as if they were not there.
fn allows(hours: &[u8], now: FileTime) -> bool {
    if hours.len() != LOGON_HOURS_OCTETS {
        return true;
    }
    let hour = now.0.div_euclid(STEPS_PER_SECOND).div_euclid(SECONDS_PER_HOUR) + HOURS_FROM_SUNDAY_TO_1601;
    let hour = hour.rem_euclid(HOURS_PER_WEEK) as usize;
    hours[hour / 8] >> (hour % 8) & 1 != 0
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::file_time::Interval;

    use super::*;
    use crate::policy::lockout::Lockout;

    /// 2023-11-14 22:13:20 UTC, a Tuesday.
    const NOW: FileTime = FileTime::from_unix_seconds(1_700_000_000);
    const POLICY: Policy = Policy {
        length_min: 7,
        complex: true,
        history: 24,
        age_max: Interval(-1000),
        age_min: Interval(0),
        lockout: Lockout { threshold: 3, window: Interval(-100), duration: Interval(-100), locks_administrator: false },
        usn: 1,
    };

    fn account() -> Account<'static> {
        Account {
            flags: 0x200,
            expires: FileTime::NEVER,
            hours: None,
            workstations: None,
            password_set: FileTime(NOW.0 - 10),
            locked_at: FileTime::ZERO,
        }
    }

    fn check(account: Account<'_>, expected: Result<(), SignInFailure>) {
        assert_eq!(account.admit(&POLICY, NOW, "dc1.example.com", Purpose::SignIn), expected);
    }

    #[test]
    fn an_expired_password_is_good_for_its_change_unless_the_account_is_restricted() {
        use SignInFailure as Failure;
        let check = |account: Account<'_>, expected| {
            assert_eq!(account.admit(&POLICY, NOW, "dc1.example.com", Purpose::Change), expected);
        };
        check(Account { password_set: FileTime(NOW.0 - 1000), ..account() }, Ok(()));
        check(Account { password_set: FileTime::ZERO, ..account() }, Ok(()));
        check(Account { password_set: FileTime::ZERO, flags: 0x202, ..account() }, Err(Failure::AccountDisabled));
        let hours = Some(&[0; LOGON_HOURS_OCTETS][..]);
        check(Account { password_set: FileTime::ZERO, hours, ..account() }, Err(Failure::LogonHours));
    }

    #[test]
    fn every_restriction_has_its_failure() {
        use SignInFailure as Failure;
        check(account(), Ok(()));
        check(Account { flags: 0x202, ..account() }, Err(Failure::AccountDisabled));
        check(Account { locked_at: FileTime(NOW.0 - 99), ..account() }, Err(Failure::AccountLocked));
        check(Account { locked_at: FileTime(NOW.0 - 100), ..account() }, Ok(()));
        check(Account { expires: NOW, ..account() }, Err(Failure::AccountExpired));
        check(Account { expires: FileTime::ZERO, ..account() }, Ok(()));
        check(Account { password_set: FileTime(NOW.0 - 1000), ..account() }, Err(Failure::PasswordExpired));
        check(Account { password_set: FileTime::ZERO, ..account() }, Err(Failure::PasswordMustChange));
        check(Account { workstations: Some(b"PC1, pc2"), ..account() }, Err(Failure::Workstation));
        check(Account { workstations: Some(b"PC1,Dc1"), ..account() }, Ok(()));
        check(Account { workstations: Some(b""), ..account() }, Ok(()));
        check(Account { hours: Some(&[0; LOGON_HOURS_OCTETS]), ..account() }, Err(Failure::LogonHours));
        check(Account { hours: Some(&[0xff; LOGON_HOURS_OCTETS]), ..account() }, Ok(()));
    }

    #[test]
    fn an_hour_is_a_bit_of_the_week() {
        // Tuesday 22 o'clock is hour 70 from Sunday.
        let mut hours = [0; LOGON_HOURS_OCTETS];
        hours[70 / 8] = 1 << (70 % 8);
        assert!(allows(&hours, NOW));
        assert!(!allows(&hours, FileTime(NOW.0 + SECONDS_PER_HOUR * STEPS_PER_SECOND)));
    }
}
