//! Letters to users whose passwords end soon, on the days before that the policy names.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, ReadTransaction, Space};

use super::letter::{self, Occasion};
use super::{User, Users};
use crate::mail::{Outbox, OutboxError};
use crate::policy::{PasswordExpiry, Policy};
use crate::roster::USERS;

/// What users were told last, by uid: when the password was set that it was about, 8 octets of file time, and how many
/// days before its end, 2 octets, both big-endian.
pub(crate) const REMINDER: Space = Space("password-reminder");

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// What a user was told of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    changed: FileTime,
    days: u16,
}

impl Users {
    /// Writes to every user whose password has come to one of the days that the policy names, once for each of them, and
    /// gives the number of letters. A day on which nobody called this is made up for at the next call. `place` is what
    /// the accounts are good for: the name of the domain.
    ///
    /// # Errors
    /// The outbox's; who was not written to is at the next call.
    pub fn remind(&self, context: &Context<'_>, outbox: &Outbox, place: &str) -> Result<usize, OutboxError> {
        let due = {
            let transaction = self.store.read()?;
            let policy = PasswordExpiry::read(transaction.as_ref())?;
            match policy.mail_notification {
                true => due(transaction.as_ref(), &policy, context.now)?,
                false => Vec::new(),
            }
        };
        let mut letters = 0;
        for (user, days, days_left) in due {
            letters += letter::write(outbox, context, &user, Occasion::PasswordEnds { days: days_left }, place, None)?;
            let told = Told { changed: user.password_changed, days };
            self.store
                .transact(|transaction| transaction.put(REMINDER, &user.uid.to_be_bytes(), &told.to_octets()))??;
        }
        Ok(letters)
    }
}

/// Who is to be written to, for which of the policy's days, and how many days are left.
fn due(
    transaction: &dyn ReadTransaction,
    policy: &PasswordExpiry,
    now: FileTime,
) -> Result<Vec<(User, u16, u16)>, StoreError> {
    let mut candidates = Vec::new();
    USERS.each(transaction, |user| {
        let end = policy.end(user.uid, user.password_never_expires, user.password_changed);
        let seconds = end.map(|end| end.unix_seconds() - now.unix_seconds()).filter(|&seconds| seconds > 0);
        let days_left = seconds.and_then(|seconds| u16::try_from((seconds - 1) / DAY_SECONDS + 1).ok());
        let is_told = !user.email.is_empty() && !user.expiry.is_over(now);
        if let Some(days_left) = days_left.filter(|_| is_told)
            // Of the days that have come, the last one counts.
            && let Some(days) = policy.mail_days.iter().copied().filter(|&days| days >= days_left).min()
        {
            candidates.push((user, days, days_left));
        }
    })?;
    let mut due = Vec::new();
    for (user, days, days_left) in candidates {
        let told = transaction.get(REMINDER, &user.uid.to_be_bytes())?.and_then(Told::read);
        if told != Some(Told { changed: user.password_changed, days }) {
            due.push((user, days, days_left));
        }
    }
    Ok(due)
}

impl Told {
    fn read(octets: &[u8]) -> Option<Told> {
        let (changed, days) = octets.split_first_chunk()?;
        Some(Told { changed: FileTime(i64::from_be_bytes(*changed)), days: u16::from_be_bytes(days.try_into().ok()?) })
    }

    fn to_octets(self) -> Vec<u8> {
        [&self.changed.0.to_be_bytes()[..], &self.days.to_be_bytes()].concat()
    }
}
