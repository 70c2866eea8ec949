//! The directory that administration works on, however it was reached, and the circumstances of what is asked of it.

use std::path::Path;

use bailiwick_domain::administration;
use bailiwick_domain::{Context, Directory, Limits, Requester};
use bailiwick_server::clock;
use bailiwick_server::data_folder::DataFolder;

use super::folder::unlimited;
use super::remote_directory::RemoteDirectory;
use super::{Folder, Remote, Role};
use crate::exit::Failure;
use crate::flags::SettingFlags;

/// A directory that was reached.
pub struct Reached {
    directory: Box<dyn Directory>,
    requester: Requester,
    limits: Limits,
    /// Keeps a server from starting in the meantime; none when one runs.
    _folder: Option<DataFolder>,
}

impl Reached {
    /// Goes through the server that uses the data folder, or opens the folder when no server does.
    ///
    /// # Errors
    /// The configuration is wrong, the server does not let us in, or the folder holds no domain.
    pub fn open(settings: &SettingFlags) -> Result<Reached, Failure> {
        let config = settings.config()?;
        if let Some(remote) = running(&config.data, Role::Administrator)? {
            let directory = Box::new(RemoteDirectory::new(remote));
            let limits = directory.limits();
            return Ok(Reached { directory, requester: Requester::system(), limits, _folder: None });
        }
        let (directory, system, folder) = Folder::open(&config)?.into_parts();
        let limits = unlimited(directory.limits());
        let mut reached = Reached { directory: Box::new(directory), requester: system, limits, _folder: Some(folder) };
        reached.requester = administration::host_administrator(reached.directory(), &reached.context())?;
        Ok(reached)
    }

    /// The directory.
    pub fn directory(&self) -> &dyn Directory {
        self.directory.as_ref()
    }

    /// The circumstances of what is asked now.
    pub fn context(&self) -> Context<'_> {
        Context {
            requester: &self.requester,
            now: clock::now(),
            random: &clock::fill_random,
            limits: self.limits,
            request_id: 0,
        }
    }
}

/// The server that uses the folder, as the folder's owner; none when no server does.
///
/// # Errors
/// The server does not let us in.
pub fn running(folder: &Path, role: Role) -> Result<Option<Remote>, Failure> {
    Remote::open_local(&DataFolder::ldapi_of(folder), role)
}
