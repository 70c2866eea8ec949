//! What can go wrong in a store, sorted by who can act on it.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::{KEY_OCTETS_MAX, Space, VALUE_OCTETS_MAX};

/// An error of a store. It is `Clone` because one failed commit answers every work of its batch.
#[derive(Clone, Debug)]
pub enum Error {
    /// Another process, or another part of this one, has the folder open.
    InUse {
        /// The folder that is taken.
        folder: PathBuf,
    },
    /// The folder or a file in it cannot be made or written: a matter of rights or of the mount.
    NotWritable {
        /// What cannot be written.
        path: PathBuf,
    },
    /// The data has grown to the configured size of the map. Nothing is damaged; a larger map
    /// at the next start lets writes go on.
    MapFull {
        /// The configured size.
        map_octets: usize,
    },
    /// The disk is full. Nothing is damaged; writes succeed again when there is space.
    DiskFull,
    /// The files are not what this engine wrote.
    Corrupt {
        /// What the engine was doing when it noticed.
        doing: &'static str,
    },
    /// The operating system refused.
    Io {
        /// What the engine was doing.
        doing: &'static str,
        /// The system's reason.
        source: Arc<io::Error>,
    },
    /// The engine stopped in a state only opening it anew can clear.
    Failed {
        /// What the engine was doing.
        doing: &'static str,
    },
    /// More snapshots are open at once than [`crate::Options::readers_max`].
    TooManyReaders,
    /// A key that is empty or longer than [`KEY_OCTETS_MAX`].
    KeyLength {
        /// Its length.
        octets: usize,
    },
    /// A value longer than [`VALUE_OCTETS_MAX`].
    ValueLength {
        /// Its length.
        octets: usize,
    },
    /// The store was opened without this space.
    NoSuchSpace {
        /// The space asked for.
        space: Space,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InUse { folder } => write!(f, "{} is in use by another process", folder.display()),
            Error::NotWritable { path } => write!(f, "{} is not writable", path.display()),
            Error::MapFull { map_octets } => write!(f, "the data fills its map of {map_octets} octets"),
            Error::DiskFull => write!(f, "the disk is full"),
            Error::Corrupt { doing } => write!(f, "the data is damaged (while {doing})"),
            Error::Io { doing, source } => write!(f, "while {doing}: {source}"),
            Error::Failed { doing } => write!(f, "the store failed while {doing} and must be opened anew"),
            Error::TooManyReaders => write!(f, "too many snapshots are open"),
            Error::KeyLength { octets } => write!(f, "a key of {octets} octets; 1 to {KEY_OCTETS_MAX} are possible"),
            Error::ValueLength { octets } => write!(f, "a value of {octets} octets; {VALUE_OCTETS_MAX} are possible"),
            Error::NoSuchSpace { space } => write!(f, "the store has no space {:?}", space.0),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}
