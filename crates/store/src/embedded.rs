//! The default engine: LMDB in one folder, for one process.
//!
//! Reads are borrowed straight from the map. A crash needs no recovery: a commit writes new pages,
//! syncs them, and only then points the file's head at them.

mod beside;
mod lock;
mod pool;
mod snapshot;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use heed::types::Bytes;
use heed::{CompactionOption, Database, Env, EnvOpenOptions, MdbError, WithoutTls};

use crate::group_commit::{Engine, GroupCommit};
use crate::overlay::Overlay;
use crate::spaces::Spaces;
use crate::{Committed, Error, ReadTransaction, Space, Store, Work};
pub use beside::Beside;
use lock::Lock;
use pool::Pool;
use snapshot::Snapshot;

/// The name LMDB gives to its data in the folder.
const DATA_FILE: &str = "data.mdb";

/// The most pages that a whole file can be short of its count.
const UNWRITTEN_PAGES_MAX: u64 = 64;

/// How to open an [`Embedded`] store.
#[derive(Clone, Debug)]
pub struct Options {
    /// The most the data can grow to, in octets. It reserves addresses, neither memory nor disk.
    pub map_octets: usize,
    /// The most snapshots open at once.
    pub readers_max: u32,
}

impl Default for Options {
    /// 64 GiB of addresses (1 GiB where addresses are short) and 4096 snapshots.
    fn default() -> Self {
        let map_octets = if cfg!(target_pointer_width = "64") { (64_u64 << 30) as usize } else { 1 << 30 };
        Options { map_octets, readers_max: 4096 }
    }
}

/// An LMDB store. Dropping it closes the files and frees the folder for others.
pub struct Embedded {
    engine: Lmdb,
    writers: GroupCommit<Snapshot<Arc<Shared>>>,
}

impl Embedded {
    /// Opens the store in `folder`, making the folder and every space that is not there yet.
    ///
    /// # Errors
    /// `InUse` while another process has it open, `NotWritable` for want of rights, `Corrupt` when
    /// the files are not a store.
    pub fn open(folder: impl AsRef<Path>, spaces: &[Space], options: Options) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let spaces = Spaces::new(spaces);
        let engine = Lmdb::open(folder, &spaces, &options)?;
        Ok(Embedded { engine, writers: GroupCommit::new(spaces) })
    }

    /// Writes a compacted, consistent copy of the data into `folder`, while readers and writers go
    /// on. The copy is synced and opens like any store.
    ///
    /// # Errors
    /// `Io` when `folder` already holds a store or cannot be written.
    pub fn copy_to(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let folder = folder.as_ref();
        make_folder(folder)?;
        let path = folder.join(DATA_FILE);
        let doing = "copying the store";
        let mut file = fs::File::create_new(&path).map_err(|source| io_error(doing, &path, source))?;
        self.engine
            .shared
            .env
            .copy_to_file(&mut file, CompactionOption::Enabled)
            .map_err(|e| self.engine.error(doing, e))?;
        file.sync_all().map_err(|source| io_error(doing, &path, source))?;
        sync_folder(folder)
    }

    /// The size of the data file in octets, free pages included.
    pub fn octets_on_disk(&self) -> Result<u64, Error> {
        self.engine.shared.env.real_disk_size().map_err(|e| self.engine.error("asking for the size", e))
    }
}

impl Store for Embedded {
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error> {
        Ok(Box::new(Snapshot::open(&*self.engine.shared)?))
    }

    fn write(&self, work: &mut Work<'_>) -> Result<Committed, Error> {
        self.writers.write(&self.engine, work)
    }
}

type Tree = Database<Bytes, Bytes>;

/// The open files, as group commit sees them.
struct Lmdb {
    shared: Arc<Shared>,
}

/// What snapshots need as long as they live. The order of the fields is the order of closing:
/// idle snapshots, then the files, then the lock that keeps others out.
struct Shared {
    pool: Pool,
    spaces: Spaces,
    trees: Box<[Tree]>,
    env: Env<WithoutTls>,
    folder: PathBuf,
    map_octets: usize,
    /// None where the files are only read.
    _lock: Option<Lock>,
}

impl Lmdb {
    fn open(folder: &Path, spaces: &Spaces, options: &Options) -> Result<Self, Error> {
        make_folder(folder)?;
        let lock = Lock::take(folder)?;
        let is_new = !folder.join(DATA_FILE).exists();
        let mut open = EnvOpenOptions::new().read_txn_without_tls();
        open.map_size(options.map_octets).max_readers(options.readers_max).max_dbs(spaces.len() as u32);
        let doing = "opening the store";
        let fail = |source| engine_error(doing, folder, options.map_octets, source);
        // SAFETY: the map is sound while nobody changes the files behind the engine's back. The
        // lock keeps out every process that asks, LMDB's own files are not touched elsewhere, and
        // no unsafe flag is set.
        let env = unsafe { open.open(folder) }.map_err(fail)?;
        check_length(&env, &folder.join(DATA_FILE))?;
        let mut transaction = env.write_txn().map_err(fail)?;
        let mut trees = Vec::with_capacity(spaces.len());
        for space in spaces.iter() {
            trees.push(env.create_database(&mut transaction, Some(space.0)).map_err(fail)?);
        }
        transaction.commit().map_err(fail)?;
        if is_new {
            // LMDB syncs its file, but the file's name is in the folder.
            sync_folder(folder)?;
        }
        let shared = Shared {
            pool: Pool::default(),
            spaces: spaces.clone(),
            trees: trees.into(),
            env,
            folder: folder.to_owned(),
            map_octets: options.map_octets,
            _lock: Some(lock),
        };
        Ok(Lmdb { shared: Arc::new(shared) })
    }

    fn error(&self, doing: &'static str, error: heed::Error) -> Error {
        self.shared.error(doing, error)
    }
}

impl Shared {
    fn error(&self, doing: &'static str, error: heed::Error) -> Error {
        engine_error(doing, &self.folder, self.map_octets, error)
    }
}

impl Engine for Lmdb {
    type Snapshot = Snapshot<Arc<Shared>>;

    fn snapshot(&self) -> Result<Self::Snapshot, Error> {
        Snapshot::open(Arc::clone(&self.shared))
    }

    fn apply(&self, overlay: &Overlay) -> Result<(), Error> {
        let shared = &*self.shared;
        let fail = |source| shared.error("committing", source);
        let mut transaction = shared.env.write_txn().map_err(fail)?;
        for (place, key, change) in overlay.changes() {
            match change {
                Some(value) => shared.trees[place].put(&mut transaction, key, value).map_err(fail)?,
                None => {
                    shared.trees[place].delete(&mut transaction, key).map_err(fail)?;
                }
            }
        }
        let result = transaction.commit().map_err(fail);
        // Before anybody hears of the commit: a read that follows the answer must see it.
        shared.pool.renew();
        result
    }
}

/// Refuses a file that has lost its end, because reading a mapped page behind the end kills the process.
///
/// Pages that a commit took and gave back at once are counted but never written. Where such pages
/// come last the file is a little short and yet whole, so it is made as long as the count says.
fn check_length(env: &Env<WithoutTls>, path: &Path) -> Result<(), Error> {
    let doing = "checking the length of the data";
    let pages = env.info().last_page_number as u64 + 1;
    let page_octets = u64::from(env.stat().page_size);
    let fail = |source| io_error(doing, path, source);
    let octets = fs::metadata(path).map_err(fail)?.len();
    // A store that was never written to has no pages yet.
    if octets == 0 || octets >= pages * page_octets {
        return Ok(());
    }
    if octets.div_ceil(page_octets) + UNWRITTEN_PAGES_MAX < pages {
        return Err(Error::Corrupt { doing });
    }
    let file = fs::OpenOptions::new().write(true).open(path).map_err(fail)?;
    file.set_len(pages * page_octets).and_then(|()| file.sync_all()).map_err(fail)
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|source| match source.kind() {
        // A file stands where the folder should be.
        io::ErrorKind::AlreadyExists => Error::NotWritable { path: folder.to_owned() },
        _ => io_error("making the folder", folder, source),
    })?;
    match folder.parent() {
        Some(parent) if parent != Path::new("") => sync_folder(parent),
        _ => Ok(()),
    }
}

/// Makes the names in `folder` durable.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    fs::File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(|source| io_error("syncing the folder", folder, source))
}

fn io_error(doing: &'static str, path: &Path, source: io::Error) -> Error {
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotADirectory => {
            Error::NotWritable { path: path.to_owned() }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => Error::Io { doing, source: Arc::new(source) },
    }
}

fn engine_error(doing: &'static str, folder: &Path, map_octets: usize, error: heed::Error) -> Error {
    match error {
        heed::Error::Io(source) => io_error(doing, folder, source),
        heed::Error::EnvAlreadyOpened => Error::InUse { folder: folder.to_owned() },
        heed::Error::Mdb(MdbError::MapFull) => Error::MapFull { map_octets },
        heed::Error::Mdb(MdbError::ReadersFull) => Error::TooManyReaders,
        heed::Error::Mdb(
            MdbError::Corrupted
            | MdbError::PageNotFound
            | MdbError::Invalid
            | MdbError::VersionMismatch
            | MdbError::Incompatible,
        ) => Error::Corrupt { doing },
        // What is left are the engine's own complaints about its state.
        heed::Error::Mdb(_) | heed::Error::Encoding(_) | heed::Error::Decoding(_) => Error::Failed { doing },
    }
}
