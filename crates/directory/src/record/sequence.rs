//! Counters: entry ids and RIDs from leased blocks, USNs in commit order.

use bailiwick_store::{ReadTransaction, Store, WriteTransaction};
use parking_lot::Mutex;

use crate::record::{Fault, META};

const USN: &[u8] = b"usn";

/// A counter whose numbers are given out from blocks. The end of a block is durable before its first number is
/// used, so a crash skips numbers and never repeats one.
pub(crate) struct Lease {
    key: &'static [u8],
    block: u64,
    greatest: u64,
    /// The next number, and the first that is not leased.
    state: Mutex<(u64, u64)>,
}

/// A counter has no numbers left.
#[derive(Debug)]
pub(crate) struct Exhausted;

impl Lease {
    /// The counter that `key` keeps, leasing `block` numbers at a time up to `greatest`.
    pub fn open(
        transaction: &dyn ReadTransaction,
        key: &'static [u8],
        block: u64,
        greatest: u64,
    ) -> Result<Lease, Fault> {
        // What an earlier process had leased but not used is skipped.
        let end = read(transaction, key)?;
        Ok(Lease { key, block, greatest, state: Mutex::new((end, end)) })
    }

    /// Takes the next number, leasing a block by a transaction of its own when none is left.
    /// Must not be called inside a write transaction.
    pub fn take(&self, store: &dyn Store) -> Result<Result<u64, Exhausted>, Fault> {
        let mut state = self.state.lock();
        if state.0 == state.1 {
            let end = state.1.saturating_add(self.block).min(self.greatest + 1);
            if end == state.1 {
                return Ok(Err(Exhausted));
            }
            let mut outcome = Ok(());
            let _committed = store.write(&mut |transaction| {
                outcome = transaction.put(META, self.key, &end.to_be_bytes());
                outcome.as_ref().map(|_| ()).map_err(|_| bailiwick_store::Stop)
            })?;
            outcome?;
            state.1 = end;
        }
        let number = state.0;
        state.0 += 1;
        Ok(Ok(number))
    }
}

impl Lease {
    /// The first number that was not given yet; numbers below it may have been skipped.
    pub fn next(&self) -> u64 {
        self.state.lock().0
    }

    /// Goes past `number`, which was given by somebody else: an import that keeps identities. Like [`Lease::take`],
    /// it must not be called inside a write transaction.
    pub fn pass(&self, store: &dyn Store, number: u64) -> Result<(), Fault> {
        let mut state = self.state.lock();
        let next = number.saturating_add(1);
        if next <= state.0 || number >= self.greatest {
            return Ok(());
        }
        if next > state.1 {
            let mut outcome = Ok(());
            let _committed = store.write(&mut |transaction| {
                outcome = transaction.put(META, self.key, &next.to_be_bytes());
                outcome.as_ref().map(|_| ()).map_err(|_| bailiwick_store::Stop)
            })?;
            outcome?;
            state.1 = next;
        }
        state.0 = next;
        Ok(())
    }
}

/// Sets where a counter begins. For provisioning.
pub(crate) fn begin(transaction: &mut dyn WriteTransaction, key: &[u8], first: u64) -> Result<(), Fault> {
    Ok(transaction.put(META, key, &first.to_be_bytes())?)
}

/// The greatest USN that was given ([MS-ADTS] 3.1.1.1.9).
pub(crate) fn highest_usn(transaction: &dyn ReadTransaction) -> Result<u64, Fault> {
    read(transaction, USN)
}

/// Gives the next USN. Inside a write transaction, so USNs are in commit order and a refused change gives none.
pub(crate) fn next_usn(transaction: &mut dyn WriteTransaction) -> Result<u64, Fault> {
    let usn = read(transaction, USN)? + 1;
    transaction.put(META, USN, &usn.to_be_bytes())?;
    Ok(usn)
}

fn read(transaction: &dyn ReadTransaction, key: &[u8]) -> Result<u64, Fault> {
    match transaction.get(META, key)? {
        Some(octets) => octets
            .first_chunk::<8>()
            .map(|octets| u64::from_be_bytes(*octets))
            .ok_or(Fault::Damaged { what: "counter", id: 0 }),
        None => Ok(0),
    }
}
