//! How often an address may ask for letters.

use std::net::IpAddr;

use bailiwick_adtypes::file_time::{FileTime, STEPS_PER_SECOND};
use bailiwick_domain::attempts::{Allowance, Attempts};
use parking_lot::Mutex;

/// How many letters an address may ask for at once; one more each six minutes, which is ten an hour.
const ALLOWANCE: Allowance = Allowance { failures_max: 10, forgiveness_interval: 360 * STEPS_PER_SECOND };

/// The addresses that asked for letters, in the memory of one process.
pub(super) struct Requests(Mutex<Attempts>);

impl Requests {
    pub fn new() -> Requests {
        Requests(Mutex::new(Attempts::with(ALLOWANCE)))
    }

    /// Whether the address may ask now; if so, it is counted.
    pub fn take(&self, address: IpAddr, now: FileTime) -> bool {
        let mut attempts = self.0.lock();
        let may = attempts.may_try(address, now);
        if may {
            attempts.note_failure(address, now);
        }
        may
    }
}
