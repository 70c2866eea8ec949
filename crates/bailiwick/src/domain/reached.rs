//! The directory and the host that administration works on, however they were reached, and the circumstances of what is
//! asked of them.

use std::path::Path;
use std::sync::Arc;

use bailiwick_accounts::Accounts;
use bailiwick_accounts::administration::{Answer, Request, perform};
use bailiwick_domain::administration;
use bailiwick_domain::{Context, Directory, Face, Limits, Requester, Witness, Witnessed};
use bailiwick_server::clock;
use bailiwick_server::data_folder::DataFolder;

use super::folder::unlimited;
use super::remote_directory::RemoteDirectory;
use super::{Folder, Remote, Role};
use crate::exit::Failure;
use crate::flags::SettingFlags;

/// A directory that was reached, and the host beside it.
pub struct Reached {
    way: Way,
    requester: Requester,
    limits: Limits,
}

enum Way {
    /// The server that uses the data folder.
    Server(RemoteDirectory),
    /// The folder itself.
    Folder(Parts),
}

/// An open folder in its parts. The order of the fields is the order of closing: the audit is written while the folder
/// is ours.
pub struct Parts {
    /// The directory.
    pub directory: Witnessed,
    /// What the host keeps.
    pub accounts: Arc<Accounts>,
    /// Hears of what is done to either.
    pub witness: Arc<dyn Witness>,
    /// Keeps a server from starting in the meantime.
    pub _folder: DataFolder,
}

impl Reached {
    /// Goes through the server that uses the data folder, or opens the folder when no server does.
    ///
    /// # Errors
    /// The configuration is wrong, the server does not let us in, or the folder holds no domain.
    pub fn open(settings: &SettingFlags) -> Result<Reached, Failure> {
        let config = settings.config()?;
        if let Some(remote) = running(&config.data, Role::Administrator)? {
            let directory = RemoteDirectory::new(remote);
            let limits = directory.limits();
            return Ok(Reached { way: Way::Server(directory), requester: Requester::system(), limits });
        }
        let (parts, system) = Folder::open(&config)?.into_parts();
        let limits = unlimited(parts.directory.limits());
        let mut reached = Reached { way: Way::Folder(parts), requester: system, limits };
        let administrator = administration::host_administrator(reached.directory(), &reached.context())?;
        reached.requester = administrator.named(&format!("uid {}", rustix::process::getuid().as_raw()));
        Ok(reached)
    }

    /// The directory.
    pub fn directory(&self) -> &dyn Directory {
        match &self.way {
            Way::Server(directory) => directory,
            Way::Folder(parts) => &parts.directory,
        }
    }

    /// Asks something of the host.
    ///
    /// # Errors
    /// `Host` when it is refused; the server is gone, or of another version.
    pub fn administer(&self, request: Request) -> Result<Answer, Failure> {
        let result = match &self.way {
            Way::Server(directory) => directory.administer(&request)?,
            Way::Folder(Parts { accounts, witness, .. }) => {
                perform(accounts, &self.context(), witness.as_ref(), Face::Shell, request)
            }
        };
        result.map_err(Failure::Host)
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
