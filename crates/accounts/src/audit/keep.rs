//! Keeping records, and giving up the oldest ones. A batch is one transaction, and so one sync of the disk.

use std::ops::ControlFlow;
use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_store::{Error, Store, WriteTransaction};

use super::record::Record;
use super::{COUNT, EVENT, KEY_OCTETS, TIME_OCTETS, first_key, key};

/// Key of the counts: 8 octets of the number of records and 8 of their octets, big-endian.
const COUNTS: &[u8] = b"counts";
/// The most records that one transaction gives up, so that a batch never waits for long. A backlog goes batch by
/// batch: more are given up by each than are written in one.
const GIVEN_UP_MAX: usize = 16_384;

/// How long and how much is kept. Whichever bound is met first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The greatest age.
    pub age_max: Interval,
    /// The most octets of all records and their keys.
    pub octets_max: u64,
}

/// The audit of a host.
pub struct Audit {
    store: Arc<dyn Store>,
    retention: Retention,
}

/// What is kept after a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// How many records there are.
    pub records: u64,
    /// Their octets, keys included.
    pub octets: u64,
    /// How many old ones were given up.
    pub given_up: usize,
}

impl Audit {
    /// The audit in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>, retention: Retention) -> Audit {
        Audit { store, retention }
    }

    /// Keeps records, each with the time it is filed under, and gives up what the retention does not cover at `now`.
    /// They are durable when this returns. With no records it only gives up.
    ///
    /// # Errors
    /// The store's; nothing was kept then.
    pub fn keep(&self, records: &[Record], now: FileTime) -> Result<Kept, Error> {
        let octets: Vec<(FileTime, Vec<u8>)> = records.iter().map(|record| (record.at.0, record.to_octets())).collect();
        self.store.transact(|transaction| {
            let mut kept = counts(transaction)?;
            for (at, octets) in &octets {
                let key = free_key(transaction, *at)?;
                transaction.put(EVENT, &key, octets)?;
                kept.records += 1;
                kept.octets += (KEY_OCTETS + octets.len()) as u64;
            }
            let before = (octets.is_empty(), kept);
            self.give_up(transaction, &mut kept, now)?;
            if before != (true, kept) {
                write_counts(transaction, kept)?;
            }
            Ok(kept)
        })?
    }

    fn give_up(&self, transaction: &mut dyn WriteTransaction, kept: &mut Kept, now: FileTime) -> Result<(), Error> {
        let oldest = first_key(now.before(self.retention.age_max));
        let mut too_old = Vec::new();
        let mut excess = kept.octets.saturating_sub(self.retention.octets_max);
        transaction.scan(EVENT, &[], None, &mut |key, value| {
            if too_old.len() == GIVEN_UP_MAX || (key >= oldest.as_slice() && excess == 0) {
                return ControlFlow::Break(());
            }
            let octets = (key.len() + value.len()) as u64;
            excess = excess.saturating_sub(octets);
            too_old.push((key.to_vec(), octets));
            ControlFlow::Continue(())
        })?;
        for (key, octets) in &too_old {
            transaction.delete(EVENT, key)?;
            kept.records = kept.records.saturating_sub(1);
            kept.octets = kept.octets.saturating_sub(*octets);
        }
        kept.given_up = too_old.len();
        Ok(())
    }
}

/// A key of this time that no record has: behind those that have the same time.
fn free_key(transaction: &dyn WriteTransaction, at: FileTime) -> Result<[u8; KEY_OCTETS], Error> {
    let first = first_key(at);
    let serial = match transaction.last_before(EVENT, &key(at, u32::MAX))? {
        Some((last, _)) if last.starts_with(&first[..TIME_OCTETS]) => {
            let serial = last[TIME_OCTETS..].try_into().map(u32::from_be_bytes);
            serial.map_err(|_| Error::Corrupt { doing: "reading the audit" })? + 1
        }
        _ => 0,
    };
    Ok(key(at, serial))
}

fn counts(transaction: &dyn WriteTransaction) -> Result<Kept, Error> {
    let Some(octets) = transaction.get(COUNT, COUNTS)? else { return Ok(Kept::default()) };
    let (records, octets) = octets.split_at(octets.len().min(8));
    let number = |octets: &[u8]| octets.try_into().map(u64::from_be_bytes);
    match (number(records), number(octets)) {
        (Ok(records), Ok(octets)) => Ok(Kept { records, octets, given_up: 0 }),
        _ => Err(Error::Corrupt { doing: "reading how much audit there is" }),
    }
}

fn write_counts(transaction: &mut dyn WriteTransaction, kept: Kept) -> Result<(), Error> {
    let mut counts = [0; 16];
    counts[..8].copy_from_slice(&kept.records.to_be_bytes());
    counts[8..].copy_from_slice(&kept.octets.to_be_bytes());
    transaction.put(COUNT, COUNTS, &counts)
}
