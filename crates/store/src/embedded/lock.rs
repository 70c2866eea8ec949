//! The lock that keeps a second process out of a store's folder.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use super::io_error;
use crate::Error;

const LOCK_FILE: &str = "lock";

/// An exclusive `flock`. The system releases it with the last descriptor, so a killed process
/// leaves nothing to clean up; the file itself stays and means nothing.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(LOCK_FILE);
        let doing = "locking the folder";
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| io_error(doing, &path, source))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Lock { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(Error::InUse { folder: folder.to_owned() }),
            Err(errno) => Err(io_error(doing, &path, io::Error::from(errno))),
        }
    }
}
