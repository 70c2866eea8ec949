//! When the passwords of host accounts end.

use bailiwick_adtypes::file_time::{FileTime, Interval};
use serde::{Deserialize, Serialize};

use super::{Policy, PolicyError};

/// The most names of the list of those whose passwords never end.
const NEVER_EXPIRING_MAX: usize = 16_000;
/// The most days on which mails are sent before an end.
const MAIL_DAYS_MAX: usize = 32;

/// The rules. A number counts when its switch is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordExpiry {
    /// Passwords end.
    pub expires: bool,
    /// After so many days, 1 to 999.
    pub age_days_max: u16,
    /// A password that was just changed cannot be changed again by its owner.
    pub min_age_enabled: bool,
    /// For so many days, 1 to 998 and fewer than the maximum.
    pub age_days_min: u16,
    /// Whoever signs in is told of the end.
    pub login_prompt: bool,
    /// So many days before, 1 to 99.
    pub login_prompt_days: u16,
    /// Whose password has ended can set a new one.
    pub change_after_end: bool,
    /// Users are told of the end by mail.
    pub mail_notification: bool,
    /// On which days before it.
    pub mail_days: Vec<u16>,
    /// The numbers of users whose passwords never end.
    pub never_expiring: Vec<u32>,
}

impl Default for PasswordExpiry {
    fn default() -> PasswordExpiry {
        PasswordExpiry {
            expires: false,
            age_days_max: 30,
            min_age_enabled: false,
            age_days_min: 1,
            login_prompt: false,
            login_prompt_days: 1,
            change_after_end: true,
            mail_notification: false,
            mail_days: Vec::new(),
            never_expiring: Vec::new(),
        }
    }
}

impl PasswordExpiry {
    /// When a password ends that was set at `changed` by the user with this number; none when it never does.
    pub fn end(&self, uid: u32, never_expires: bool, changed: FileTime) -> Option<FileTime> {
        let ends = self.expires && !never_expires && !self.never_expiring.contains(&uid);
        ends.then(|| changed.after(Interval::from_days(u64::from(self.age_days_max))))
    }

    /// From when on its owner may change a password that was set at `changed`.
    pub(crate) fn changeable_from(&self, changed: FileTime) -> FileTime {
        match self.min_age_enabled {
            true => changed.after(Interval::from_days(u64::from(self.age_days_min))),
            false => FileTime::ZERO,
        }
    }
}

impl Policy for PasswordExpiry {
    const KEY: &'static [u8] = b"password-expiry";

    fn check(&self) -> Result<(), PolicyError> {
        let within = |on: bool, setting, is_within: bool| match on && !is_within {
            true => Err(PolicyError::OutOfRange { setting }),
            false => Ok(()),
        };
        within(self.expires, "age_days_max", (1..=999).contains(&self.age_days_max))?;
        within(self.min_age_enabled, "age_days_min", (1..=998).contains(&self.age_days_min))?;
        let both = self.min_age_enabled && self.expires;
        within(both, "age_days_min", self.age_days_min < self.age_days_max)?;
        within(self.login_prompt, "login_prompt_days", (1..=99).contains(&self.login_prompt_days))?;
        let are_days = self.mail_days.iter().all(|days| (1..=999).contains(days));
        within(true, "mail_days", are_days && self.mail_days.len() <= MAIL_DAYS_MAX)?;
        within(true, "never_expiring", self.never_expiring.len() <= NEVER_EXPIRING_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_ends_unless_somebody_said_otherwise() {
        let policy = PasswordExpiry { expires: true, age_days_max: 30, never_expiring: vec![7], ..Default::default() };
        let day = |number: i64| FileTime::from_unix_seconds(number * 86_400);
        assert_eq!(policy.end(1, false, day(10)), Some(day(40)));
        assert_eq!(policy.end(1, true, day(10)), None);
        assert_eq!(policy.end(7, false, day(10)), None);
        assert_eq!(PasswordExpiry::default().end(1, false, day(10)), None);
    }

    #[test]
    fn numbers_have_bounds_where_they_count() {
        let base = PasswordExpiry::default();
        for (policy, setting) in [
            (PasswordExpiry { expires: true, age_days_max: 1000, ..base.clone() }, "age_days_max"),
            (PasswordExpiry { min_age_enabled: true, age_days_min: 0, ..base.clone() }, "age_days_min"),
            (PasswordExpiry { expires: true, min_age_enabled: true, age_days_min: 30, ..base.clone() }, "age_days_min"),
            (PasswordExpiry { login_prompt: true, login_prompt_days: 100, ..base.clone() }, "login_prompt_days"),
            (PasswordExpiry { mail_days: vec![0], ..base.clone() }, "mail_days"),
        ] {
            assert!(
                matches!(policy.check(), Err(PolicyError::OutOfRange { setting: found }) if found == setting),
                "{setting}"
            );
        }
        assert!(PasswordExpiry { age_days_max: 0, age_days_min: 0, login_prompt_days: 0, ..base }.check().is_ok());
    }
}
