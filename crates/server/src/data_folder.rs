//! The data folder: made at the first start, recognised at later ones, and never damaged by a start that fails.
//!
//! ```text
//! bailiwick-data/
//!   bailiwick.toml   configuration, if the administrator put one there
//!   directory/       the directory's store
//!   host/            what the host itself keeps: the audit, second factors
//!   secret.key       what secrets at rest are encrypted with; no backup of the directory holds it
//!   tls/             certificate authority, server certificate and their keys, the key for encrypted passwords
//!   ldapi            the socket of a running server, for the owner of the folder
//!   lock             held by the process that uses the folder
//! ```
//!
//! A new directory is provisioned as `directory.new` and renamed when it is whole, so a first start that was
//! killed is simply repeated.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use bailiwick_credential::KEY_OCTETS;
use rustix::fs::{FlockOperation, flock};
use zeroize::Zeroizing;

use crate::config::FILE_NAME;

/// The store of the directory.
const DIRECTORY: &str = "directory";
/// The same while it is being provisioned.
const UNFINISHED: &str = "directory.new";
/// The store of the host.
const HOST: &str = "host";
/// Certificates and keys.
const TLS: &str = "tls";
/// The socket of a running server.
const LDAPI: &str = "ldapi";
/// The key that secrets in the store are encrypted with.
const SECRET_KEY: &str = "secret.key";
/// The same while it is being written.
const UNFINISHED_KEY: &str = "secret.key.new";
/// The file whose lock says that the folder is in use.
const LOCK: &str = "lock";

/// A folder that this process holds; dropping it lets others have it.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

/// A folder cannot be used.
#[derive(Debug)]
pub enum FolderError {
    /// It does not exist, and is not to be made.
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// It holds something else.
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One name found in it.
        found: String,
    },
    /// Another process holds it.
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// It cannot be made, read or written.
    Unusable {
        /// The folder or a file in it.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FolderError::Missing { path } => {
                write!(f, "{} holds no directory; `bailiwick serve --domain NAME` makes one", path.display())
            }
            FolderError::Foreign { path, found } => write!(
                f,
                "{} is no data folder of Bailiwick: it holds `{found}`; choose an empty or new one with --data",
                path.display()
            ),
            FolderError::InUse { path } => write!(f, "{} is in use by another process", path.display()),
            FolderError::Unusable { path, source } => write!(f, "{} cannot be used: {source}", path.display()),
        }
    }
}

impl std::error::Error for FolderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FolderError::Unusable { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl DataFolder {
    /// Takes the folder, making it if it is not there. Nothing is changed in a folder that is refused.
    ///
    /// # Errors
    /// `Foreign`, `InUse`, and `Unusable` for want of rights or space.
    pub fn take(path: &Path) -> Result<DataFolder, FolderError> {
        recognise(path)?;
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|source| unusable(path, source))?;
        lock(path)
    }

    /// Takes a folder that holds a directory already.
    ///
    /// # Errors
    /// `Missing` when it holds none; otherwise as [`DataFolder::take`].
    pub fn take_existing(path: &Path) -> Result<DataFolder, FolderError> {
        recognise(path)?;
        if !DataFolder::holds_directory(path) {
            return Err(FolderError::Missing { path: path.to_owned() });
        }
        lock(path)
    }

    /// Whether there is a data folder with a directory at this path, whoever uses it.
    pub fn holds_directory(path: &Path) -> bool {
        path.join(DIRECTORY).is_dir()
    }

    /// Whether a directory has been provisioned here.
    pub fn is_provisioned(&self) -> bool {
        DataFolder::holds_directory(&self.path)
    }

    /// Where the directory's store lies.
    pub fn directory(&self) -> PathBuf {
        self.path.join(DIRECTORY)
    }

    /// Where the host's store lies.
    pub fn host(&self) -> PathBuf {
        host_of(&self.path)
    }

    /// Where certificates and keys lie.
    pub fn tls(&self) -> PathBuf {
        self.path.join(TLS)
    }

    /// Where a server that uses the folder at `path` listens for its owner.
    pub fn ldapi_of(path: &Path) -> PathBuf {
        path.join(LDAPI)
    }

    /// The key that secrets in the store are encrypted with, made when there is none. What another key encrypted is
    /// then lost, and made anew where it can be.
    ///
    /// # Errors
    /// `Unusable` when it can be neither read nor written, or is no key.
    pub fn secret_key(&self, random: &dyn Fn(&mut [u8])) -> Result<Zeroizing<[u8; KEY_OCTETS]>, FolderError> {
        let path = self.path.join(SECRET_KEY);
        match std::fs::read(&path).map(Zeroizing::new) {
            Ok(octets) => {
                let key = <[u8; KEY_OCTETS]>::try_from(octets.as_slice());
                return key.map(Zeroizing::new).map_err(|_| unusable(&path, ErrorKind::InvalidData.into()));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(unusable(&path, source)),
        }
        let mut key = Zeroizing::new([0; KEY_OCTETS]);
        random(key.as_mut_slice());
        // It gets its name when it is whole and on disk: half a key would lock out what it encrypted.
        let unfinished = self.path.join(UNFINISHED_KEY);
        let write = || {
            let mut options = OpenOptions::new();
            let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
            file.write_all(key.as_slice())?;
            file.sync_all()?;
            std::fs::rename(&unfinished, &path)?;
            File::open(&self.path)?.sync_all()
        };
        write().map_err(|source| unusable(&path, source))?;
        Ok(key)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on an empty folder, which becomes the directory's when it succeeds and is removed when not.
    ///
    /// # Errors
    /// Those of `work`, and `Unusable`.
    pub fn make_directory<E: From<FolderError>>(&self, work: impl FnOnce(&Path) -> Result<(), E>) -> Result<(), E> {
        let unfinished = self.path.join(UNFINISHED);
        remove_folder(&unfinished)?;
        DirBuilder::new().mode(0o700).create(&unfinished).map_err(|source| unusable(&unfinished, source))?;
        if let Err(error) = work(&unfinished) {
            remove_folder(&unfinished)?;
            return Err(error);
        }
        std::fs::rename(&unfinished, self.directory()).map_err(|source| unusable(&unfinished, source))?;
        // The new name must be durable before anybody is told the password.
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(|source| unusable(&self.path, source))?;
        Ok(())
    }
}

/// Where the host's store lies in a data folder that another process may hold.
pub fn host_of(path: &Path) -> PathBuf {
    path.join(HOST)
}

/// A folder is ours when it is empty, or holds nothing but what we and the administrator put there.
fn recognise(path: &Path) -> Result<(), FolderError> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(unusable(path, source)),
    };
    let mut foreign = None;
    for entry in entries {
        let entry = entry.map_err(|source| unusable(path, source))?;
        match entry.file_name().to_str() {
            Some(DIRECTORY) => return Ok(()),
            Some(UNFINISHED | HOST | TLS | LOCK | LDAPI | SECRET_KEY | UNFINISHED_KEY | FILE_NAME) => {}
            _ => foreign = Some(entry.file_name().to_string_lossy().into_owned()),
        }
    }
    match foreign {
        Some(found) => Err(FolderError::Foreign { path: path.to_owned(), found }),
        None => Ok(()),
    }
}

fn lock(path: &Path) -> Result<DataFolder, FolderError> {
    let lock_path = path.join(LOCK);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&lock_path)
        .map_err(|source| unusable(&lock_path, source))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(DataFolder { path: path.to_owned(), _lock: file }),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(FolderError::InUse { path: path.to_owned() }),
        Err(error) => Err(unusable(&lock_path, error.into())),
    }
}

fn remove_folder(path: &Path) -> Result<(), FolderError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unusable(path, error)),
        _ => Ok(()),
    }
}

fn unusable(path: &Path, source: std::io::Error) -> FolderError {
    FolderError::Unusable { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provision(folder: &DataFolder, result: Result<(), FolderError>) -> Result<(), FolderError> {
        folder.make_directory(|path| {
            std::fs::write(path.join("data"), b"x").unwrap();
            result
        })
    }

    #[test]
    fn a_folder_is_made_for_its_owner_and_held() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        let folder = DataFolder::take(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(matches!(DataFolder::take(&path), Err(FolderError::InUse { .. })));
        drop(folder);
        DataFolder::take(&path).unwrap();
    }

    #[test]
    fn a_directory_is_there_whole_or_not_at_all() {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(parent.path()).unwrap();
        let failure = FolderError::Missing { path: PathBuf::new() };
        assert!(provision(&folder, Err(failure)).is_err());
        assert!(!folder.is_provisioned());
        // What a killed first start left behind is in nobody's way.
        std::fs::create_dir(parent.path().join(UNFINISHED)).unwrap();
        std::fs::write(parent.path().join(UNFINISHED).join("half"), b"").unwrap();
        provision(&folder, Ok(())).unwrap();
        assert!(folder.is_provisioned());
        assert!(!folder.directory().join("half").exists());
    }

    #[test]
    fn a_foreign_folder_is_refused_and_untouched() {
        let parent = tempfile::tempdir().unwrap();
        std::fs::write(parent.path().join("thesis.txt"), b"").unwrap();
        assert!(matches!(DataFolder::take(parent.path()), Err(FolderError::Foreign { .. })));
        assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_configuration_file_may_be_there_before_the_directory() {
        let parent = tempfile::tempdir().unwrap();
        std::fs::write(parent.path().join(FILE_NAME), b"").unwrap();
        DataFolder::take(parent.path()).unwrap();
    }

    #[test]
    fn a_folder_without_a_directory_is_not_an_existing_one() {
        let parent = tempfile::tempdir().unwrap();
        assert!(matches!(DataFolder::take_existing(parent.path()), Err(FolderError::Missing { .. })));
        let nowhere = parent.path().join("nowhere");
        assert!(matches!(DataFolder::take_existing(&nowhere), Err(FolderError::Missing { .. })));
        assert!(!nowhere.exists());
    }

    #[test]
    fn the_secret_key_is_made_once_and_is_the_owners() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(parent.path()).unwrap();
        let key = folder.secret_key(&|octets| octets.fill(7)).unwrap();
        assert_eq!(*key, [7; KEY_OCTETS]);
        assert_eq!(folder.secret_key(&|octets| octets.fill(8)).unwrap(), key);
        let path = parent.path().join(SECRET_KEY);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, b"short").unwrap();
        assert!(matches!(folder.secret_key(&|_| ()), Err(FolderError::Unusable { .. })));
    }
}
