//! Limits by address, for all faces together: of guessing, and of whatever else strangers may ask for only so often. The
//! accounts' own lock-out is the domain's policy.
//!
//! Each address may fail a number of times at once and gets one more attempt after each interval. Addresses of
//! version 6 are counted by their network, because one machine has as many as it likes.

use std::collections::HashMap;
use std::net::IpAddr;

use bailiwick_adtypes::file_time::FileTime;

/// Failures that an address may have at once.
pub const FAILURES_MAX: u32 = 100;
/// How long until one failure is forgiven, in steps of 100 ns: a second.
pub const FORGIVENESS_INTERVAL: i64 = 10_000_000;
/// The most addresses that are remembered. When more come, those with the fewest failures are forgotten first.
const ADDRESSES_MAX: usize = 65_536;

/// How often an address may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Failures that it may have at once.
    pub failures_max: u32,
    /// How long until one of them is forgiven, in steps of 100 ns; at least one.
    pub forgiveness_interval: i64,
}

impl Default for Allowance {
    /// That of sign-ins.
    fn default() -> Allowance {
        Allowance { failures_max: FAILURES_MAX, forgiveness_interval: FORGIVENESS_INTERVAL }
    }
}

/// Failures by address: wrong passwords, unless it is said otherwise.
#[derive(Debug, Default)]
pub struct Attempts {
    allowance: Allowance,
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
    /// Nobody has failed yet.
    pub fn with(allowance: Allowance) -> Attempts {
        Attempts { allowance, failures: HashMap::new() }
    }

    /// Whether a sign-in from this address is looked at.
    pub fn may_try(&self, address: IpAddr, now: FileTime) -> bool {
        let Allowance { failures_max, forgiveness_interval } = self.allowance;
        let failures = self.failures.get(&Network::of(address));
        failures.is_none_or(|failures| failures.at_time(now, forgiveness_interval).count < failures_max)
    }

    /// Counts a failure.
    pub fn note_failure(&mut self, address: IpAddr, now: FileTime) {
        if self.failures.len() >= ADDRESSES_MAX {
            self.forget(now);
        }
        let failures = self.failures.entry(Network::of(address)).or_insert(Failures { count: 0, at: now });
        *failures = failures.at_time(now, self.allowance.forgiveness_interval);
        failures.count = failures.count.saturating_add(1).min(self.allowance.failures_max);
    }

    /// Makes room: those that are forgiven go, and if that is not enough, those that failed once or a few times.
    fn forget(&mut self, now: FileTime) {
        let mut floor = 0;
        while self.failures.len() >= ADDRESSES_MAX {
            let interval = self.allowance.forgiveness_interval;
            self.failures.retain(|_, failures| failures.at_time(now, interval).count > floor);
            floor += 1;
        }
    }
}

impl Failures {
    /// The failures that are not forgiven at `now`. A clock that goes back forgives nothing.
    fn at_time(self, now: FileTime, forgiveness_interval: i64) -> Failures {
        let interval = forgiveness_interval.max(1);
        let forgiven = now.0.saturating_sub(self.at.0).max(0) / interval;
        let count = self.count.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX));
        let at = self.at.0.saturating_add(forgiven.saturating_mul(interval));
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

    fn exhausted(address: &str) -> Attempts {
        let mut attempts = Attempts::default();
        for _ in 0..FAILURES_MAX + 7 {
            attempts.note_failure(address.parse().unwrap(), START);
        }
        attempts
    }

    #[test]
    fn a_guesser_is_stopped_and_others_are_not() {
        let attempts = exhausted("192.0.2.1");
        assert!(!attempts.may_try("192.0.2.1".parse().unwrap(), START));
        assert!(!attempts.may_try("::ffff:192.0.2.1".parse().unwrap(), START));
        assert!(attempts.may_try("192.0.2.2".parse().unwrap(), START));
    }

    #[test]
    fn one_attempt_comes_back_after_each_interval() {
        let address = "192.0.2.1".parse().unwrap();
        let mut attempts = exhausted("192.0.2.1");
        assert!(attempts.may_try(address, after(1)));
        attempts.note_failure(address, after(1));
        assert!(!attempts.may_try(address, after(1)));
        assert!(attempts.may_try(address, after(i64::MAX / FORGIVENESS_INTERVAL / 4)));
        assert!(!attempts.may_try(address, after(-5)));
    }

    #[test]
    fn an_allowance_says_how_often_and_how_soon_again() {
        let address = "192.0.2.1".parse().unwrap();
        let mut attempts =
            Attempts::with(Allowance { failures_max: 2, forgiveness_interval: 3 * FORGIVENESS_INTERVAL });
        attempts.note_failure(address, START);
        assert!(attempts.may_try(address, START));
        attempts.note_failure(address, START);
        assert!(!attempts.may_try(address, after(2)));
        assert!(attempts.may_try(address, after(3)));
    }

    #[test]
    fn addresses_of_version_6_are_counted_by_network() {
        let attempts = exhausted("2001:db8:1:1::1");
        assert!(!attempts.may_try("2001:db8:1:1:9::9".parse().unwrap(), START));
        assert!(attempts.may_try("2001:db8:1:2::1".parse().unwrap(), START));
    }

    #[test]
    fn memory_is_bounded_and_the_guesser_stays_in_it() {
        let mut attempts = exhausted("192.0.2.1");
        for number in 0..ADDRESSES_MAX as u32 + 10 {
            attempts.note_failure(IpAddr::V4(number.into()), START);
        }
        assert!(attempts.failures.len() <= ADDRESSES_MAX);
        assert!(!attempts.may_try("192.0.2.1".parse().unwrap(), START));
    }
}
