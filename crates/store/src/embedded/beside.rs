//! Reading a store that another process has open: an LMDB environment that cannot write.
//!
//! LMDB lets processes of one machine share a file: each reader holds a slot of the table in `lock.mdb`, and the
//! writer gives no page back that a slot still needs. So this takes no lock of the folder, changes no data, and sees
//! whole commits only. A reader that is killed leaves its slot behind; [`Embedded::forget_dead_readers`] clears it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use heed::{EnvFlags, EnvOpenOptions};

use super::{DATA_FILE, Embedded, Options, Pool, Shared, Snapshot, UNWRITTEN_PAGES_MAX, engine_error, io_error};
use crate::spaces::Spaces;
use crate::{Error, ReadTransaction, Space};

/// A store of another process, or of none, opened for reading.
pub struct Beside {
    shared: Arc<Shared>,
}

impl Beside {
    /// Opens the store in `folder`. It must be there, with every one of these spaces.
    ///
    /// # Errors
    /// `Io` when there is no store, `NoSuchSpace`, `NotWritable` for want of rights, and `Corrupt`.
    pub fn open(folder: impl AsRef<Path>, spaces: &[Space], options: Options) -> Result<Beside, Error> {
        let folder = folder.as_ref();
        let spaces = Spaces::new(spaces);
        let doing = "opening the store for reading";
        let path = folder.join(DATA_FILE);
        // LMDB would leave a new lock file behind in a folder without a store.
        let file = fs::File::open(&path).map_err(|source| io_error(doing, &path, source))?;
        let fail = |source| engine_error(doing, folder, options.map_octets, source);
        let mut open = EnvOpenOptions::new().read_txn_without_tls();
        open.map_size(options.map_octets).max_readers(options.readers_max).max_dbs(spaces.len() as u32);
        // SAFETY: the map is read-only, and the file is changed by LMDB alone, which leaves the pages of every
        // registered reader as they are. The flag takes rights away and weakens nothing.
        let env = unsafe {
            open.flags(EnvFlags::READ_ONLY);
            open.open(folder)
        }
        .map_err(fail)?;
        let pages = env.info().last_page_number as u64 + 1;
        let octets = file.metadata().map_err(|source| io_error(doing, &path, source))?.len();
        if octets.div_ceil(u64::from(env.stat().page_size)) + UNWRITTEN_PAGES_MAX < pages {
            return Err(Error::Corrupt { doing });
        }
        let transaction = env.read_txn().map_err(fail)?;
        let mut trees = Vec::with_capacity(spaces.len());
        for space in spaces.iter() {
            let tree = env.open_database(&transaction, Some(space.0)).map_err(fail)?;
            trees.push(tree.ok_or(Error::NoSuchSpace { space })?);
        }
        // Handles that were opened in a transaction stay after it only when it commits.
        transaction.commit().map_err(fail)?;
        let shared = Shared {
            pool: Pool::default(),
            spaces,
            trees: trees.into(),
            env,
            folder: folder.to_owned(),
            map_octets: options.map_octets,
            _lock: None,
        };
        Ok(Beside { shared: Arc::new(shared) })
    }

    /// Opens a snapshot of everything committed so far. While it lives the other process gives no replaced page back,
    /// so it is for a moment and not for a person who reads.
    ///
    /// # Errors
    /// `TooManyReaders`, and what the engine says.
    pub fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error> {
        let snapshot = Snapshot::open(&*self.shared)?;
        // Commits happen elsewhere and nobody tells us, so no transaction may wait here for the next reader.
        self.shared.pool.renew();
        Ok(Box::new(snapshot))
    }
}

impl Embedded {
    /// Forgets readers of other processes that were killed, so that the pages they held can be used again.
    ///
    /// # Errors
    /// What the engine says.
    pub fn forget_dead_readers(&self) -> Result<(), Error> {
        let shared = &self.engine.shared;
        shared.env.clear_stale_readers().map(drop).map_err(|source| shared.error("clearing the readers' table", source))
    }
}
