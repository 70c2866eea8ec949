//! The domain under test: provisioned once for a build of the binary, copied for each test.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::binary::{bailiwick, build_folder};
use crate::server::ServerCommand;

/// The domain's DN.
pub const BASE: &str = "DC=example,DC=com";
/// Where its users are.
pub const USERS: &str = "CN=Users,DC=example,DC=com";
/// The name of its administrator.
pub const ADMINISTRATOR: &str = "CN=Administrator,CN=Users,DC=example,DC=com";
/// The password of its administrator; unlike anything that a log may hold by chance.
pub const PASSWORD: &str = "Swordfish-Tango-77";

/// A data folder that one test owns. It is removed when dropped.
pub struct Domain {
    folder: TempDir,
}

impl Domain {
    /// A copy of the provisioned domain.
    pub fn new() -> Domain {
        let domain = Domain::empty();
        copy_folder(provisioned(), &domain.data());
        domain
    }

    /// A place for a domain that is not there yet.
    pub fn empty() -> Domain {
        Domain { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path beside the data folder, for what a test writes.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Every file of the data folder with its octets, in the order of names; without the engine's table of readers,
    /// which is made anew whenever nobody uses the folder.
    pub fn contents(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut contents = Vec::new();
        let mut folders = vec![self.data()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a data folder can be read") {
                let path = entry.expect("a data folder can be read").path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("lock.mdb") {
                    let octets = fs::read(&path).expect("a data file can be read");
                    contents.push((path, octets));
                }
            }
        }
        contents.sort();
        contents
    }
}

impl Default for Domain {
    fn default() -> Domain {
        Domain::new()
    }
}

/// Flags that make sign-ins cheap: what tests measure is not argon2.
pub fn cheap_flags() -> [&'static str; 4] {
    ["--argon2-memory-kib", "8", "--argon2-passes", "1"]
}

/// The provisioned domain of this build of the binary, made by whichever test comes first.
fn provisioned() -> &'static Path {
    static FOLDER: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    FOLDER.get_or_init(|| {
        let parent = build_folder().join("provisioned");
        fs::create_dir_all(&parent).expect("the build folder is writable");
        let folder = parent.join(fingerprint(bailiwick()));
        let lock = File::create(parent.join("lock")).expect("the build folder is writable");
        lock.lock().expect("a file can be locked");
        if !folder.is_dir() {
            provision(&parent, &folder);
        }
        folder
    })
}

fn provision(parent: &Path, folder: &Path) {
    // Folders of older builds are of no use to anybody.
    for old in fs::read_dir(parent).expect("the build folder can be read").flatten() {
        if old.path().is_dir() {
            fs::remove_dir_all(old.path()).expect("an old domain can be removed");
        }
    }
    let unfinished = parent.join("unfinished");
    let server = ServerCommand::new(&unfinished).flags(&["--domain", "example.com", "--hostname", "dc1"]).start();
    let status = server.stop();
    assert!(status.success(), "provisioning ended with {status}");
    fs::rename(&unfinished, folder).expect("a folder can be renamed");
}

/// A name that changes with the binary.
fn fingerprint(binary: &Path) -> String {
    let metadata = fs::metadata(binary).expect("the binary is there");
    let mut hasher = DefaultHasher::new();
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder can be made");
    fs::set_permissions(to, fs::metadata(from).expect("the original is there").permissions())
        .expect("permissions can be set");
    for entry in fs::read_dir(from).expect("the original can be read") {
        let entry = entry.expect("the original can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a file can be copied");
        }
    }
}
