//! The files that `libnss-extrausers` reads: each is replaced whole, so that a reader sees the old one or the new one.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use bailiwick_accounts::sync::View;
use bailiwick_store::Error as StoreError;

/// The files, and what they are called while they are being written.
const PASSWD: [&str; 2] = ["passwd", "passwd.new"];
const GROUP: [&str; 2] = ["group", "group.new"];
/// Everybody may read them, as those in /etc.
const FILE_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;

/// The files cannot be written. The old ones are as they were.
#[derive(Debug)]
pub enum ExtrausersError {
    /// The folder or a file in it.
    File(std::io::Error),
    /// The accounts cannot be read.
    Store(StoreError),
}

impl fmt::Display for ExtrausersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExtrausersError::File(error) => error.fmt(f),
            ExtrausersError::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExtrausersError {}

impl From<std::io::Error> for ExtrausersError {
    fn from(error: std::io::Error) -> ExtrausersError {
        ExtrausersError::File(error)
    }
}

/// Writes the domain's accounts into a folder, which is made if it is not there.
///
/// # Errors
/// See [`ExtrausersError`].
pub fn write(folder: &Path, view: &View) -> Result<(), ExtrausersError> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
    let mut passwd = Unfinished::open(folder, PASSWD[1])?;
    let mut group = Unfinished::open(folder, GROUP[1])?;
    view.lines(|line| passwd.write(line), |line| group.write(line)).map_err(ExtrausersError::Store)?;
    // Groups come last: a group may name users, but no user should be seen without his name.
    passwd.finish(folder, PASSWD)?;
    group.finish(folder, GROUP)?;
    Ok(File::open(folder)?.sync_all()?)
}

/// A file that is being written, and the first thing that went wrong with it.
struct Unfinished {
    file: BufWriter<File>,
    failure: Option<std::io::Error>,
}

impl Unfinished {
    fn open(folder: &Path, name: &str) -> std::io::Result<Unfinished> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(FILE_MODE).open(folder.join(name))?;
        Ok(Unfinished { file: BufWriter::new(file), failure: None })
    }

    fn write(&mut self, line: &str) {
        if self.failure.is_none() {
            self.failure = self.file.write_all(line.as_bytes()).err();
        }
    }

    fn finish(self, folder: &Path, [name, unfinished]: [&str; 2]) -> std::io::Result<()> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        // It gets its name when it is whole and on disk.
        self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(folder.join(unfinished), folder.join(name))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Arc;

    use bailiwick_store::Memory;

    use super::*;

    #[test]
    fn the_files_are_everybodys_to_read_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("extrausers");
        let view = View::new(Arc::new(Memory::open(bailiwick_accounts::SPACES)));
        for _ in 0..2 {
            write(&folder, &view).unwrap();
        }
        let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["group", "passwd"]);
        let mode = std::fs::metadata(folder.join("passwd")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, FILE_MODE & !umask());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_said() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let view = View::new(Arc::new(Memory::open(bailiwick_accounts::SPACES)));
        assert!(matches!(write(&file.path().join("x"), &view), Err(ExtrausersError::File(_))));
    }

    /// What the environment of the test takes away.
    fn umask() -> u32 {
        let probe = tempfile::tempdir().unwrap();
        let path = probe.path().join("probe");
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o666).open(&path).unwrap();
        0o666 & !std::fs::metadata(path).unwrap().permissions().mode()
    }
}
