//! A server from its start to its end.

use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use bailiwick_accounts::Accounts;
use bailiwick_domain::{Directory, Face, Process, Witness};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::StartError;
use crate::audit::Recorder;
use crate::certificate::{self, Identity, ServerNames};
use crate::clock;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::http::{self, Faces};
use crate::ldap::{self, Service};
use crate::listener::{Addresses, Bound, LocalSocket};
use crate::mail::{Mailer, Sender};
use crate::password_key;
use crate::provisioning::{self, Founded};
use crate::shutdown::Shutdown;
use crate::tasks::{Runner, Workplace};
use crate::telemetry::Metrics;
use crate::upkeep;

/// The port of LDAP over TLS, for replies of a server that has none.
const LDAPS_PORT: u16 = 636;

/// Starts servers.
pub struct Server;

/// What a person needs to know of a server that has started.
#[derive(Debug)]
pub struct Summary {
    /// The domain's DNS name.
    pub domain: String,
    /// The domain's NetBIOS name.
    pub netbios: String,
    /// The domain's distinguished name.
    pub base_dn: String,
    /// This server's full name.
    pub host: String,
    /// The data folder.
    pub data: PathBuf,
    /// The certificate that clients trust; none when the administrator's own is served.
    pub authority: Option<PathBuf>,
    /// What the first start made; none at later ones.
    pub founded: Option<Founded>,
    /// The same for the host's own `admin`.
    pub founded_host: Option<Founded>,
}

/// A server that runs.
pub struct Running {
    addresses: Addresses,
    shutdown: Shutdown,
    service: Arc<Service>,
    threads: Vec<JoinHandle<()>>,
    mailer: Option<Mailer>,
    /// The directory as tasks are handed it: they are asked for over the web API.
    tasks_directory: Arc<dyn Directory>,
    tasks: Option<Runner>,
    /// The socket's file goes before the folder is given back.
    _local: Option<LocalSocket>,
    /// Held until everything else has ended.
    kept: Option<Kept>,
}

/// What a server on a data folder has beside its directory.
pub struct Kept {
    /// What the host itself keeps.
    pub accounts: Arc<Accounts>,
    /// Hears of sign-ins and changes.
    pub audit: Arc<Recorder>,
    /// Where people reach the server, for links in letters.
    pub public_url: String,
    /// Knows the mail server; none when there is none.
    pub sender: Option<Sender>,
    /// The folder; others can have it afterwards.
    pub folder: DataFolder,
}

impl Server {
    /// Starts a server: ports first, then the folder, so that a port that is taken leaves no trace.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn start(config: &Config) -> Result<(Running, Summary), StartError> {
        let bound = Bound::bind(&config.listeners)?;
        raise_file_limit();
        let opened = provisioning::open_or_found(config)?;
        let directory = opened.directory;
        let identity = identity(config, &opened.folder, directory.host_fqdn(), directory.domain_name())?;
        let public_url = public_url(config, bound.addresses(), directory.host_fqdn());
        let sender = Sender::new(&config.mail, directory.host_fqdn(), directory.domain_name())?;
        let summary = Summary {
            domain: directory.domain_name().to_owned(),
            netbios: directory.netbios_name().to_owned(),
            base_dn: directory.base_dn().to_owned(),
            host: directory.host_fqdn().to_owned(),
            data: opened.folder.path().to_owned(),
            authority: identity.authority.clone(),
            founded: opened.founded,
            founded_host: provisioning::found_host(config, &opened.host.accounts)?,
        };
        let audit = Arc::new(Recorder::start(&opened.host, &config.audit)?);
        let kept = Kept { accounts: opened.host.accounts, audit, public_url, sender, folder: opened.folder };
        let mut running = Server::serve(config, bound, Arc::new(directory), identity, Some(kept))?;
        running.run_tasks(config, &summary.netbios)?;
        Ok((running, summary))
    }

    /// Serves any directory on sockets that are bound. Without something that is kept there is no audit.
    ///
    /// # Errors
    /// `System` when there are no threads, event queues or sockets.
    pub fn serve(
        config: &Config,
        bound: Bound,
        directory: Arc<dyn Directory>,
        identity: Identity,
        mut kept: Option<Kept>,
    ) -> Result<Running, StartError> {
        let addresses = bound.addresses();
        let shutdown = Shutdown::default();
        let mut metrics = Metrics::new();
        if let Some(kept) = &kept {
            metrics.show_lost_events(kept.audit.lost());
        }
        let metrics = Arc::new(metrics);
        let (ldapi, local) = match &kept {
            Some(kept) => local_socket(&kept.folder)?.unzip(),
            None => (None, None),
        };
        let owner = local.as_ref().map(LocalSocket::owner);
        let witness = kept.as_ref().map(|kept| Arc::<Recorder>::clone(&kept.audit) as Arc<dyn Witness>);
        let host = kept.as_ref().zip(witness.as_ref()).map(|(kept, witness)| ldap::Host {
            accounts: Arc::clone(&kept.accounts),
            witness: Arc::clone(witness),
            owner,
        });
        let service = Arc::new(Service::start(
            config,
            http::witnessed(&directory, witness.as_ref(), Face::Ldap),
            Arc::clone(&identity.tls),
            Arc::clone(&metrics),
            host,
        )?);
        let sockets = ldap::Sockets { ldap: bound.ldap, ldaps: bound.ldaps, ldapi };
        let mut threads = ldap::start(sockets, &service, config.work.ldap_threads, &shutdown)?;
        let mailer =
            match kept.as_mut().and_then(|kept| kept.sender.take().map(|sender| (&kept.accounts.outbox, sender))) {
                Some((outbox, sender)) => Some(Mailer::start(outbox.clone(), sender, Arc::clone(&metrics))?),
                None => None,
            };
        let sockets =
            http::Sockets { http: bound.http, https: bound.https.map(|socket| (socket, Arc::clone(&identity.tls))) };
        let process: Arc<dyn Process> = Arc::<Service>::clone(&service);
        let tended = Arc::clone(&directory);
        threads.push(upkeep::start(move || tended.tend(clock::now()), upkeep::EVERY, &shutdown)?);
        let tasks_directory = http::witnessed(&directory, witness.as_ref(), Face::Dsm);
        let rest = rest(config, kept.as_ref(), &addresses)?;
        let accounts = kept.as_ref().map(|kept| Arc::clone(&kept.accounts));
        let public_url = kept.as_ref().map(|kept| kept.public_url.clone()).unwrap_or_default();
        let faces =
            Faces::new(directory, witness, accounts, public_url, process, metrics, shutdown.clone()).with_rest(rest);
        threads.extend(http::start(sockets, faces, &config.limits, &shutdown)?);
        Ok(Running { addresses, shutdown, service, threads, mailer, tasks_directory, tasks: None, _local: local, kept })
    }
}

impl Running {
    /// Starts the thread that runs the host's background tasks.
    fn run_tasks(&mut self, config: &Config, netbios: &str) -> Result<(), StartError> {
        let Some(kept) = &self.kept else { return Ok(()) };
        self.tasks = Some(Runner::start(Workplace {
            accounts: Arc::clone(&kept.accounts),
            directory: Arc::clone(&self.tasks_directory),
            netbios: netbios.to_owned(),
            process: Arc::<Service>::clone(&self.service),
            settings: config.sync.clone(),
        })?);
        Ok(())
    }

    /// Where it listens.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The wish to stop it; it can be cloned and kept.
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Waits until stopping is asked for and what was in flight has ended.
    pub fn wait(mut self) {
        self.shutdown.wait();
        self.end();
    }

    fn end(&mut self) {
        for thread in self.threads.drain(..) {
            // A thread that panicked has already been reported by the panic hook.
            let _ = thread.join();
        }
        if let Some(tasks) = self.tasks.take() {
            tasks.close();
        }
        // Changes that were handed over are on disk before this returns, whether or not their clients still listen.
        self.service.close();
        if let Some(mailer) = &self.mailer {
            mailer.close();
        }
        // Nothing more is witnessed; what was is on disk before this returns.
        if let Some(kept) = &self.kept {
            kept.audit.close();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.ask();
        self.end();
    }
}

/// Where people reach the server: as it is set, or else by its full name, over HTTPS if it is served.
fn public_url(config: &Config, addresses: Addresses, host: &str) -> String {
    if let Some(url) = &config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let (scheme, port) = match (addresses.https, addresses.http) {
        (Some(address), _) => ("https", address.port()),
        (None, Some(address)) => ("http", address.port()),
        (None, None) => ("https", 443),
    };
    format!("{scheme}://{host}:{port}")
}

/// What the AD REST API needs, if it is served. Its key lies with the others in the data folder.
fn rest(config: &Config, kept: Option<&Kept>, addresses: &Addresses) -> Result<Option<http::Rest>, StartError> {
    let (Some(rest), true) = (&config.rest, addresses.http.is_some() || addresses.https.is_some()) else {
        return Ok(None);
    };
    let key = match kept {
        Some(kept) => {
            let (own, padding) = (rest.own_key.as_deref(), rest.settings.padding);
            Some(Arc::new(password_key::load_or_make(&kept.folder.tls(), own, padding)?))
        }
        None => None,
    };
    let ldap_port = addresses.ldaps.or(addresses.ldap).map_or(LDAPS_PORT, |address| address.port());
    Ok(Some(http::Rest { settings: rest.settings.clone(), key, ldap_port }))
}

/// The socket for the shell. A server whose folder has a long name serves without it.
fn local_socket(folder: &DataFolder) -> std::io::Result<Option<(UnixListener, LocalSocket)>> {
    match LocalSocket::bind(folder.path()) {
        Ok(bound) => Ok(Some(bound)),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => {
            tracing::warn!(folder = %folder.path().display(), "the folder's name is too long for a socket in it");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Lets this process have as many connections as the system allows it: the usual limit is for programs that have a few
/// files open. Where it cannot be raised, connections beyond it wait.
fn raise_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

fn identity(config: &Config, folder: &DataFolder, host: &str, domain: &str) -> Result<Identity, StartError> {
    Ok(match &config.own_certificate {
        Some(own) => certificate::load_own(own)?,
        None => {
            let system = rustix::system::uname();
            let machine = system.nodename().to_str().unwrap_or_default();
            certificate::load_or_make(&folder.tls(), &ServerNames::new(host, domain, machine))?
        }
    })
}
