//! What all connections share: the directory, the pools, the limits and the figures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bailiwick_accounts::Accounts;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::{Context, Directory, Error, Hashing, Limits, Process, Requester, Witness};

use super::admission::Admission;
use super::mailbox::RequestId;
use crate::clock;
use crate::config::{Config, ServerLimits};
use crate::pools::Pool;
use crate::telemetry::Metrics;

/// How many slices of searches may wait. Each connection has a bounded number of searches, so this is never reached
/// but by a mistake of ours.
const SEARCH_QUEUE_MAX: usize = 1 << 20;
/// How many changes may wait for a writer before further ones are told `busy`.
const WRITER_QUEUE_MAX: usize = 1 << 16;

/// What a server keeps beside its directory, as its LDAP connections need it.
pub struct Host {
    /// What is administered.
    pub accounts: Arc<Accounts>,
    /// Hears of administration.
    pub witness: Arc<dyn Witness>,
    /// The user who owns the data folder; none when there is no socket to come by.
    pub owner: Option<u32>,
}

/// What all LDAP connections share.
pub struct Service {
    /// The directory that is served.
    pub directory: Arc<dyn Directory>,
    /// What every TLS connection uses.
    pub tls: Arc<rustls::ServerConfig>,
    /// Where everything is counted.
    pub metrics: Arc<Metrics>,
    /// The bounds.
    pub limits: ServerLimits,
    /// Whether passwords in the clear are refused from loopback too.
    pub require_encryption: bool,
    /// What the server keeps beside its directory; none when it has no data folder.
    pub host: Option<Host>,
    /// Long searches, a slice at a time.
    pub(super) searches: Pool,
    /// Changes that wait for the disk.
    pub(super) writers: Pool,
    /// Passwords being verified.
    pub(super) hashing: Pool,
    /// How many connections there are.
    pub(super) admission: Arc<Admission>,
    /// Numbers the requests of faces that have no connections to number them by.
    next_request: AtomicU64,
}

/// Sets the numbers of [`Process::next_request_id`] apart from those that connections make.
const WEB_REQUEST: u64 = 1 << 63;

impl Service {
    /// Starts the pools.
    ///
    /// # Errors
    /// The operating system has no threads for us.
    pub fn start(
        config: &Config,
        directory: Arc<dyn Directory>,
        tls: Arc<rustls::ServerConfig>,
        metrics: Arc<Metrics>,
        host: Option<Host>,
    ) -> std::io::Result<Service> {
        let work = &config.work;
        Ok(Service {
            directory,
            tls,
            metrics,
            limits: config.limits,
            require_encryption: config.require_encryption,
            host,
            searches: Pool::start("search", work.search_threads, SEARCH_QUEUE_MAX)?,
            writers: Pool::start("writer", work.writer_threads, WRITER_QUEUE_MAX)?,
            hashing: Pool::start("hashing", work.hashing_threads, work.hashing_queue_max)?,
            admission: Arc::new(Admission::new(&config.limits)),
            next_request: AtomicU64::new(1),
        })
    }

    /// Finishes what waits in the pools and ends their threads.
    pub fn close(&self) {
        self.hashing.close();
        self.writers.close();
        self.searches.close();
    }

    /// The circumstances of one request.
    pub(super) fn context<'a>(&self, requester: &'a Requester, request_id: RequestId) -> Context<'a> {
        Context {
            requester,
            now: clock::now(),
            random: &clock::fill_random,
            limits: self.request_limits(),
            request_id: request_id.0,
        }
    }

    /// The directory's limits, narrowed by the configuration.
    pub(super) fn request_limits(&self) -> Limits {
        let mut limits = self.directory.limits();
        if let Some(entries) = self.limits.page_entries_max {
            limits.page_entries_max = limits.page_entries_max.min(entries);
        }
        limits
    }

    /// The longest that a search may take which asks for this many seconds; 0 asks for no limit of its own.
    pub(super) fn search_time(&self, seconds: u32) -> Duration {
        let most = self.directory.limits().query_seconds_max;
        let seconds = if seconds == 0 { most } else { seconds.min(most) };
        Duration::from_secs(seconds.into())
    }
}

/// The other faces run in the same process, and share its pools and its limits.
impl Process for Service {
    fn now(&self) -> FileTime {
        clock::now()
    }

    fn random(&self) -> &(dyn Fn(&mut [u8]) + Sync) {
        &clock::fill_random
    }

    fn next_request_id(&self) -> u64 {
        WEB_REQUEST | self.next_request.fetch_add(1, Ordering::Relaxed)
    }

    fn context<'a>(&'a self, requester: &'a Requester, request_id: u64) -> Context<'a> {
        Service::context(self, requester, RequestId(request_id))
    }

    fn requires_encryption(&self) -> bool {
        self.require_encryption
    }

    fn hash(&self, owner: u64, work: Hashing) -> Result<(), Error> {
        self.hashing.submit(owner, work).map_err(|_full| Error::Busy)
    }
}
