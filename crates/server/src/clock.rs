//! The clock and the random source: the one place that reads them, for everything below to be handed.

use std::time::{Duration, SystemTime};

use bailiwick_adtypes::file_time::FileTime;

/// The time now, as Active Directory counts it.
pub fn now() -> FileTime {
    // A clock before 1970 is broken, and any time will do.
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    FileTime::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
}

/// Fills `octets` with unpredictable octets from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give: nothing that needs some may go on then.
pub fn fill_random(octets: &mut [u8]) {
    getrandom::fill(octets).expect("the operating system gives randomness");
}
