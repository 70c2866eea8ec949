//! How often the host takes over the domain's accounts by itself.

use std::sync::{Arc, OnceLock};

use bailiwick_adtypes::file_time::Interval;
use bailiwick_store::{Error as StoreError, Store};
use serde::{Deserialize, Serialize};

use super::STATE;
use crate::book::kept;

/// The key of what was set.
const SCHEDULE_KEY: &[u8] = b"schedule";
/// The most hours between two runs: a year.
pub const SCHEDULE_HOURS_MAX: u16 = 24 * 365;

/// The schedule of the sync, in a store that was opened with [`crate::SPACES`]: what somebody set, or else what the
/// configuration says.
#[derive(Clone)]
pub struct Schedule {
    store: Arc<dyn Store>,
    usual: Arc<OnceLock<Option<Interval>>>,
}

/// Why a schedule is not set.
#[derive(Debug)]
pub enum ScheduleError {
    /// More hours than [`SCHEDULE_HOURS_MAX`].
    OutOfRange,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ScheduleError {
    fn from(error: StoreError) -> ScheduleError {
        ScheduleError::Store(error)
    }
}

/// What somebody set.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Kept {
    /// Hours from one run to the next; 0 is never.
    hours: u16,
}

impl Schedule {
    /// The schedule in a store.
    pub fn new(store: Arc<dyn Store>) -> Schedule {
        Schedule { store, usual: Arc::default() }
    }

    /// What holds for as long as nobody sets anything else; none is never. The first word counts.
    pub fn set_usual(&self, every: Option<Interval>) {
        let _ = self.usual.set(every);
    }

    /// The time from one run to the next; none when there are none but when somebody asks.
    ///
    /// # Errors
    /// The store's.
    pub fn every(&self) -> Result<Option<Interval>, StoreError> {
        let transaction = self.store.read()?;
        let Some(octets) = transaction.get(STATE, SCHEDULE_KEY)? else {
            return Ok(self.usual.get().copied().flatten());
        };
        let kept: Kept = serde_json::from_slice(octets)
            .map_err(|_| StoreError::Corrupt { doing: "reading the schedule of the sync" })?;
        Ok((kept.hours > 0).then(|| Interval::from_seconds(u64::from(kept.hours) * 3600)))
    }

    /// Sets the hours from one run to the next, from now on and after a restart; 0 is never. Whoever runs tasks
    /// looks at it within a minute, and at once when [`crate::task::Tasks::ring`] tells him to.
    ///
    /// # Errors
    /// `OutOfRange`: nothing is changed.
    pub fn set(&self, hours: u16) -> Result<(), ScheduleError> {
        if hours > SCHEDULE_HOURS_MAX {
            return Err(ScheduleError::OutOfRange);
        }
        Ok(self.store.transact(|transaction| transaction.put(STATE, SCHEDULE_KEY, &kept(&Kept { hours })))??)
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_store::Memory;

    use super::*;

    #[test]
    fn what_was_set_comes_before_what_is_usual() {
        let store: Arc<dyn Store> = Arc::new(Memory::open(crate::SPACES));
        let schedule = Schedule::new(Arc::clone(&store));
        assert_eq!(schedule.every().unwrap(), None);
        let hours = |hours: u64| Some(Interval::from_seconds(hours * 3600));
        schedule.set_usual(hours(24));
        assert_eq!(schedule.every().unwrap(), hours(24));
        schedule.set(6).unwrap();
        assert_eq!(schedule.every().unwrap(), hours(6));
        assert!(matches!(schedule.set(SCHEDULE_HOURS_MAX + 1), Err(ScheduleError::OutOfRange)));
        let restarted = Schedule::new(store);
        restarted.set_usual(hours(24));
        assert_eq!(restarted.every().unwrap(), hours(6));
        restarted.set(0).unwrap();
        assert_eq!(restarted.every().unwrap(), None);
    }
}
