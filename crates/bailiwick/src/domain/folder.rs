//! The domain in the data folder of a stopped server.

use std::sync::Arc;

use bailiwick_accounts::Accounts;
use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_directory::Native;
use bailiwick_domain::{
    Action, Budget, Change, Collect, Context, Directory, Entry, Error, Event, Face, Limits, Position, Progress,
    Requester, SearchOptions, SearchRequest, Witness, Witnessed,
};
use bailiwick_server::audit::Recorder;
use bailiwick_server::config::Config;
use bailiwick_server::data_folder::DataFolder;
use bailiwick_server::{clock, ldap, provisioning};

use super::reached::Parts;
use super::{CREDENTIAL, Domain, Judge, Query, Refused, Verdict, Visit};
use crate::exit::Failure;

/// What the audit calls an export with passwords.
const EXPORT_SECRETS: &str = "export.secrets";
/// How many entries are copied out of the store at a time.
const ENTRIES_PER_SLICE: u32 = 256;

/// An open data folder. The order of the fields is the order of closing: the audit is written while the folder is ours.
pub struct Folder {
    directory: Witnessed,
    native: Arc<Native>,
    accounts: Arc<Accounts>,
    witness: Arc<dyn Witness>,
    base_dn: String,
    requester: Requester,
    has_noted_secrets: bool,
    folder: DataFolder,
}

impl Folder {
    /// Opens the folder of the configuration; it must hold a domain.
    ///
    /// # Errors
    /// It holds none, is in use, or cannot be read.
    pub fn open(config: &Config) -> Result<Folder, Failure> {
        let opened = provisioning::open_existing(config)?;
        let base_dn = opened.directory.base_dn().to_owned();
        let witness: Arc<dyn Witness> = Arc::new(
            Recorder::start(&opened.host, &config.audit)
                .map_err(|source| Failure::System { doing: "the audit cannot be kept".into(), source })?,
        );
        let native = Arc::new(opened.directory);
        Ok(Folder {
            base_dn,
            directory: Witnessed::new(native.clone(), Arc::clone(&witness), Face::Shell),
            native,
            accounts: opened.host.accounts,
            witness,
            requester: Requester::system(),
            has_noted_secrets: false,
            folder: opened.folder,
        })
    }

    /// Lets the audit know that passwords are taken out of the directory: once, however many searches do it.
    fn note_secrets(&mut self, base: &str) {
        self.has_noted_secrets = true;
        let context = self.context();
        self.witness.witness(Event {
            at: context.now,
            request_id: context.request_id,
            face: Face::Shell,
            requester: self.requester.clone(),
            action: Action::Administer { use_case: EXPORT_SECRETS, subject: base.to_owned() },
            result: Ok(()),
        });
    }

    /// The owner of the folder is bound by no limit that protects a server.
    fn context(&self) -> Context<'_> {
        let limits = unlimited(self.directory.limits());
        Context { requester: &self.requester, now: clock::now(), random: &clock::fill_random, limits, request_id: 0 }
    }

    /// Gives an account what it signs in with.
    fn add_credential(&self, entry: &mut Entry) -> Result<(), Failure> {
        let name = ObjectName::parse(&entry.dn).map_err(|_| Failure::Query { text: entry.dn.clone() })?;
        match self.native.stored_credential(&name) {
            Ok(Some(octets)) => {
                entry.attributes.push(Attribute { name: CREDENTIAL.to_owned(), values: vec![octets] });
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(Failure::Refused { doing: "the export".into(), refused: described(error)? }),
        }
    }

    /// What the folder holds, and who asks.
    pub(super) fn into_parts(self) -> (Parts, Requester) {
        let Folder { directory, accounts, witness, folder, requester, .. } = self;
        (Parts { directory, accounts, witness, _folder: folder }, requester)
    }

    /// One transaction; tells the first change that is refused, and then none is applied.
    fn try_all(&self, changes: &[Change]) -> Result<Option<(usize, Refused)>, Failure> {
        match self.directory.apply(&self.context(), changes) {
            Ok(_) => Ok(None),
            Err(refused) => Ok(Some((refused.index, described(refused.error)?))),
        }
    }
}

impl Domain for Folder {
    fn base_dn(&self) -> &str {
        &self.base_dn
    }

    /// One transaction for as many changes as go together. The changes before one that is refused are applied
    /// without it; then it stands first, and is judged.
    fn apply(&mut self, mut changes: Vec<Change>, judge: &mut Judge<'_>) -> Result<u64, Failure> {
        let (mut start, mut end) = (0, changes.len());
        let mut applied = 0;
        while start < changes.len() {
            match self.try_all(&changes[start..end])? {
                None => {
                    applied += (end - start) as u64;
                    start = end;
                    end = changes.len();
                }
                Some((0, refused)) => {
                    match judge(start, &mut changes[start], &refused) {
                        Verdict::Retry => {}
                        Verdict::Skip => start += 1,
                        Verdict::Stop => return Ok(applied),
                    }
                    end = changes.len();
                }
                Some((index, _)) => end = start + index,
            }
        }
        Ok(applied)
    }

    fn search(&mut self, query: &Query<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
        if query.secrets && !self.has_noted_secrets {
            self.note_secrets(query.base);
        }
        let invalid = |what: &str| Failure::Query { text: what.to_owned() };
        let request = SearchRequest {
            base: ObjectName::parse(query.base).map_err(|_| invalid(query.base))?,
            scope: query.scope,
            filter: Filter::parse(query.filter).map_err(|_| invalid(query.filter))?,
            selection: query.attributes.iter().map(|&name| name.to_owned()).collect(),
            types_only: false,
            options: SearchOptions { domain_scope: true, ..SearchOptions::default() },
        };
        let budget = Budget { entries_examined: u32::MAX, entries_sent: ENTRIES_PER_SLICE };
        let mut position: Option<Position> = None;
        loop {
            let mut found = Collect::default();
            let context = self.context();
            let progress = match self.directory.search(&context, &request, position.as_ref(), budget, &mut found) {
                Ok(progress) => progress,
                Err(Error::NoSuchObject { .. }) => return Ok(()),
                Err(error) => {
                    return Err(Failure::Refused { doing: "the search".into(), refused: described(error)? });
                }
            };
            for mut entry in found.entries {
                if query.secrets {
                    self.add_credential(&mut entry)?;
                }
                visit(entry)?;
            }
            match progress {
                Progress::Done => return Ok(()),
                Progress::More(next) => position = Some(next),
            }
        }
    }
}

/// Without the limits that keep one client of a server from disturbing the others.
pub(super) fn unlimited(limits: Limits) -> Limits {
    Limits { page_entries_max: u32::MAX, range_values_max: u32::MAX, query_seconds_max: u32::MAX, ..limits }
}

/// A refusal in the terms of LDAP; a store that failed is no refusal.
fn described(error: Error) -> Result<Refused, Failure> {
    if let Error::Unavailable { reason } = error {
        return Err(Failure::Store { reason });
    }
    let (code, text) = ldap::describe(&error);
    Ok(Refused { code, text })
}
