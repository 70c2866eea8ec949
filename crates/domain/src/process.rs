//! What a face needs of the process it runs in. Faces own no clock, no random source and no thread; they are handed
//! this instead, and so is a test.

use std::sync::mpsc;

use bailiwick_adtypes::file_time::FileTime;

use crate::{Context, Error, Requester};

/// One piece of work for the hashing pool.
pub type Hashing = Box<dyn FnOnce() + Send>;

/// The process that a face runs in.
pub trait Process: Send + Sync {
    /// The time now.
    fn now(&self) -> FileTime;

    /// The source of unpredictable octets: fills what it is handed.
    fn random(&self) -> &(dyn Fn(&mut [u8]) + Sync);

    /// A number for a new request, which its log lines and audit events carry.
    fn next_request_id(&self) -> u64;

    /// The circumstances of a request: the time is now, and the limits are the directory's, narrowed by the
    /// configuration.
    fn context<'a>(&'a self, requester: &'a Requester, request_id: u64) -> Context<'a>;

    /// Whether passwords in the clear are refused from the machine itself too.
    fn requires_encryption(&self) -> bool;

    /// Hands work to the bounded hashing pool on behalf of `owner`; owners with waiting work take turns.
    ///
    /// # Errors
    /// `Busy` when too much waits already; the work is dropped then.
    fn hash(&self, owner: u64, work: Hashing) -> Result<(), Error>;
}

/// Runs `work` in the hashing pool, and waits for it. Whatever derives a key from a password goes through here: sign-ins,
/// and changes for which [`crate::Change::sets_password`] holds. Blocks, so an event loop may not call it.
///
/// # Errors
/// `Busy` when too much waits already, and `work` was not run; `Unavailable` when it came to no end.
pub fn in_hashing_pool<T: Send + 'static>(
    process: &dyn Process,
    owner: u64,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let (done, outcome) = mpsc::sync_channel(1);
    process.hash(
        owner,
        Box::new(move || {
            // Nobody waits any more when this fails, and then nobody wants it.
            let _ = done.send(work());
        }),
    )?;
    outcome.recv().map_err(|_| Error::Unavailable { reason: "work in the hashing pool came to no end".to_owned() })
}
