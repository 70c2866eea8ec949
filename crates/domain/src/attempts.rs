//! Guessing limits by address, for all faces together. The accounts' own lock-out is the domain's policy.
//!
//! Each address may fail a number of times at once and gets one more attempt after each interval. Addresses of
//! version 6 are counted by their network, because one machine has as many as it likes. Whoever looks at passwords is
//! handed the same [`Attempts`], so that a guesser is stopped wherever it goes on.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use bailiwick_adtypes::file_time::FileTime;
use parking_lot::Mutex;

/// Failures that an address may have at once.
pub const FAILURES_MAX: u32 = 100;
/// How long until one failure is forgiven, in steps of 100 ns: a second.
pub const FORGIVENESS_INTERVAL: i64 = 10_000_000;
/// The most addresses that are remembered. When more come, those with the fewest failures are forgotten first.
const ADDRESSES_MAX: usize = 65_536;

/// Failed sign-ins by address. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Attempts(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    failures: HashMap<Network, Failures>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Network(IpAddr);

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    /// When `count` was right.
    at: FileTime,
}

impl Attempts {
    /// Whether a secret from this address is looked at. What has no address is the machine's own shell.
    pub fn may_try(&self, address: Option<IpAddr>, now: FileTime) -> bool {
        let Some(address) = address else { return true };
        let counts = self.0.lock();
        counts.failures.get(&Network::of(address)).is_none_or(|failures| failures.at_time(now).count < FAILURES_MAX)
    }

    /// Counts a wrong secret from this address.
    pub fn note_failure(&self, address: Option<IpAddr>, now: FileTime) {
        let Some(address) = address else { return };
        let mut counts = self.0.lock();
        if counts.failures.len() >= ADDRESSES_MAX {
            counts.forget(now);
        }
        let failures = counts.failures.entry(Network::of(address)).or_insert(Failures { count: 0, at: now });
        *failures = failures.at_time(now);
        failures.count = failures.count.saturating_add(1).min(FAILURES_MAX);
    }
}

impl Counts {
    /// Makes room: those that are forgiven go, and if that is not enough, those that failed once or a few times.
    fn forget(&mut self, now: FileTime) {
        let mut floor = 0;
        while self.failures.len() >= ADDRESSES_MAX {
            self.failures.retain(|_, failures| failures.at_time(now).count > floor);
            floor += 1;
        }
    }
}

impl Failures {
    /// The failures that are not forgiven at `now`. A clock that goes back forgives nothing.
    fn at_time(self, now: FileTime) -> Failures {
        let forgiven = now.0.saturating_sub(self.at.0).max(0) / FORGIVENESS_INTERVAL;
        let count = self.count.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX));
        let at = self.at.0.saturating_add(forgiven.saturating_mul(FORGIVENESS_INTERVAL));
        Failures { count, at: FileTime(at) }
    }
}

impl Network {
    fn of(address: IpAddr) -> Network {
        Network(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                IpAddr::V6(network.into())
            }
            address => address,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: FileTime = FileTime(133_000_000_000_000_000);

    fn after(seconds: i64) -> FileTime {
        FileTime(START.0 + seconds * FORGIVENESS_INTERVAL)
    }

    fn some(address: &str) -> Option<IpAddr> {
        Some(address.parse().unwrap())
    }

    fn exhausted(address: &str) -> Attempts {
        let attempts = Attempts::default();
        for _ in 0..FAILURES_MAX + 7 {
            attempts.note_failure(some(address), START);
        }
        attempts
    }

    #[test]
    fn a_guesser_is_stopped_and_others_are_not() {
        let attempts = exhausted("192.0.2.1");
        assert!(!attempts.may_try(some("192.0.2.1"), START));
        assert!(!attempts.may_try(some("::ffff:192.0.2.1"), START));
        assert!(attempts.may_try(some("192.0.2.2"), START));
    }

    #[test]
    fn one_attempt_comes_back_after_each_interval() {
        let address = some("192.0.2.1");
        let attempts = exhausted("192.0.2.1");
        assert!(attempts.may_try(address, after(1)));
        attempts.note_failure(address, after(1));
        assert!(!attempts.may_try(address, after(1)));
        assert!(attempts.may_try(address, after(i64::MAX / FORGIVENESS_INTERVAL / 4)));
        assert!(!attempts.may_try(address, after(-5)));
    }

    #[test]
    fn addresses_of_version_6_are_counted_by_network() {
        let attempts = exhausted("2001:db8:1:1::1");
        assert!(!attempts.may_try(some("2001:db8:1:1:9::9"), START));
        assert!(attempts.may_try(some("2001:db8:1:2::1"), START));
    }

    #[test]
    fn clones_count_together_and_the_shell_is_never_slowed() {
        let attempts = Attempts::default();
        for _ in 0..FAILURES_MAX {
            attempts.clone().note_failure(some("192.0.2.1"), START);
            attempts.note_failure(None, START);
        }
        assert!(!attempts.may_try(some("192.0.2.1"), START) && attempts.may_try(None, START));
    }

    #[test]
    fn memory_is_bounded_and_the_guesser_stays_in_it() {
        let attempts = exhausted("192.0.2.1");
        for number in 0..ADDRESSES_MAX as u32 + 10 {
            attempts.note_failure(Some(IpAddr::V4(number.into())), START);
        }
        assert!(attempts.0.lock().failures.len() <= ADDRESSES_MAX);
        assert!(!attempts.may_try(some("192.0.2.1"), START));
    }
}
