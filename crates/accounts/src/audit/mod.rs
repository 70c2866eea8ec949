//! The audit: who signed in and who changed what, kept for a time and searched.
//!
//! An event of the port becomes a [`Record`], the form that is kept and shown; [`Audit`] keeps batches of records
//! within a [`Retention`], and [`search`] finds them again.

mod host;
mod keep;
mod moment;
mod outcome;
mod record;
mod search;

use bailiwick_store::Space;

pub use keep::{Audit, Kept, Retention};
pub use moment::{Moment, MomentError};
pub use outcome::word;
pub use record::{
    Changed, Kind, Named, ParseError, RECORD_OCTETS_MAX, Record, VERSION, Value, Values, Who, WrittenOperation,
};
pub use search::{Outcome, Page, Position, Query, search};

/// Records by time: 8 octets of file time and 4 of a serial number, both big-endian, so that keys order as time does.
pub(crate) const EVENT: Space = Space("audit-event");
/// How much is kept: see `keep`.
pub(crate) const COUNT: Space = Space("audit-count");

/// The key of a record.
pub(crate) const KEY_OCTETS: usize = TIME_OCTETS + 4;
/// The time in it.
pub(crate) const TIME_OCTETS: usize = 8;

/// The least key of a time.
pub(crate) fn first_key(at: bailiwick_adtypes::file_time::FileTime) -> [u8; KEY_OCTETS] {
    key(at, 0)
}

pub(crate) fn key(at: bailiwick_adtypes::file_time::FileTime, serial: u32) -> [u8; KEY_OCTETS] {
    let mut key = [0; KEY_OCTETS];
    // No clock of ours shows a time before 1601.
    key[..TIME_OCTETS].copy_from_slice(&at.0.max(0).to_be_bytes());
    key[TIME_OCTETS..].copy_from_slice(&serial.to_be_bytes());
    key
}
