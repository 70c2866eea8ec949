//! Locking an account after wrong passwords. [MS-SAMR] 3.1.1.5 and 3.1.1.8.3.

use bailiwick_adtypes::file_time::{FileTime, Interval};

/// When wrong passwords lock an account, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lockout {
    /// Wrong passwords that lock; 0 locks never.
    pub threshold: i64,
    /// A wrong password is forgotten when none follows it for so long.
    pub window: Interval,
    /// How long an account stays locked; 0 and "never" until an administrator unlocks it.
    pub duration: Interval,
    /// Whether the built-in Administrator is locked like any other account.
    pub locks_administrator: bool,
}

/// What the directory notes of wrong passwords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guesses {
    /// badPwdCount.
    pub count: i64,
    /// badPasswordTime.
    pub last: FileTime,
    /// lockoutTime; zero when the account is not locked.
    pub locked_at: FileTime,
}

impl Lockout {
    /// Whether an account that was locked at `locked_at` still is.
    pub fn is_locked(&self, locked_at: FileTime, now: FileTime) -> bool {
        locked_at.0 > 0 && (self.duration.0 == 0 || now < locked_at.after(self.duration))
    }

    /// What a wrong password makes of the account. `exempt` accounts are counted and not locked.
    pub fn after_wrong(&self, guesses: Guesses, now: FileTime, exempt: bool) -> Guesses {
        // A lock that has ended leaves nothing behind, nor does a guess that is longer ago than the window.
        let is_fresh = now < guesses.last.after(self.window) && guesses.locked_at.0 <= 0;
        let count = if is_fresh { guesses.count.saturating_add(1) } else { 1 };
        let locks = self.threshold > 0 && count >= self.threshold && !exempt;
        Guesses { count, last: now, locked_at: if locks { now } else { FileTime::ZERO } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Lockout =
        Lockout { threshold: 3, window: Interval(-100), duration: Interval(-50), locks_administrator: false };

    #[test]
    fn guesses_in_the_window_lock() {
        let mut guesses = Guesses::default();
        for now in [1000, 1010, 1020] {
            assert!(!POLICY.is_locked(guesses.locked_at, FileTime(now)));
            guesses = POLICY.after_wrong(guesses, FileTime(now), false);
        }
        assert_eq!(guesses, Guesses { count: 3, last: FileTime(1020), locked_at: FileTime(1020) });
        assert!(POLICY.is_locked(guesses.locked_at, FileTime(1069)));
        assert!(!POLICY.is_locked(guesses.locked_at, FileTime(1070)));
        assert_eq!(POLICY.after_wrong(guesses, FileTime(1071), false).count, 1);
    }

    #[test]
    fn a_guess_is_forgotten_after_the_window() {
        let first = POLICY.after_wrong(Guesses::default(), FileTime(1000), false);
        assert_eq!(POLICY.after_wrong(first, FileTime(1099), false).count, 2);
        assert_eq!(POLICY.after_wrong(first, FileTime(1100), false).count, 1);
    }

    #[test]
    fn without_threshold_or_for_the_exempt_nothing_locks() {
        let guessed = Guesses { count: 50, last: FileTime(1000), locked_at: FileTime::ZERO };
        assert_eq!(POLICY.after_wrong(guessed, FileTime(1001), true).locked_at, FileTime::ZERO);
        let open = Lockout { threshold: 0, ..POLICY };
        assert_eq!(open.after_wrong(guessed, FileTime(1001), false).locked_at, FileTime::ZERO);
    }

    #[test]
    fn a_duration_of_zero_or_never_waits_for_the_administrator() {
        for duration in [0, i64::MIN] {
            let policy = Lockout { duration: Interval(duration), ..POLICY };
            assert!(policy.is_locked(FileTime(1), FileTime(i64::MAX - 1)), "{duration}");
        }
    }
}
