//! The thread that runs the host's background tasks, one slice after the other, and the schedule of the sync.
//!
//! What was asked for lies in the host's data file, so a task that a kill cut goes on at the next start.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bailiwick_accounts::Accounts;
use bailiwick_accounts::sync::Sync;
use bailiwick_accounts::task::{Error, IdForm, State, Stepped, Task, Work};
use bailiwick_adtypes::file_time::Interval;
use bailiwick_domain::administration::domain;
use bailiwick_domain::{Directory, Process, Requester};
use bailiwick_store::Error as StoreError;
use parking_lot::{Condvar, Mutex};

use crate::config::SyncSettings;
use crate::extrausers;

/// How long a failing store is left alone.
const FAILURE_PAUSE: Duration = Duration::from_secs(10);
/// How often the schedule is looked at when nobody asks for anything.
const SCHEDULE_EVERY: Duration = Duration::from_secs(60);
/// How often users are looked at whose passwords end soon.
const REMINDERS_EVERY: Duration = Duration::from_secs(3600);
/// How long after a scheduled run that came to nothing the next one begins.
const RETRY_AFTER: Duration = Duration::from_secs(600);

/// Runs tasks. Dropping it ends the slice that is under way, and no more.
pub struct Runner {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    calls: Mutex<Calls>,
    wake: Condvar,
}

#[derive(Default)]
struct Calls {
    work: bool,
    closed: bool,
}

/// What tasks are run with.
pub struct Workplace {
    /// What the host keeps.
    pub accounts: Arc<Accounts>,
    /// The directory, as the audit hears of it.
    pub directory: Arc<dyn Directory>,
    /// The domain's NetBIOS name.
    pub netbios: String,
    /// The clock and the random source.
    pub process: Arc<dyn Process>,
    /// How the host follows the domain's accounts.
    pub settings: SyncSettings,
}

impl Runner {
    /// Starts the thread. It begins with what an earlier process left, and with a sync, unless there is to be none but
    /// when somebody asks.
    ///
    /// # Errors
    /// The operating system has no thread for us.
    pub fn start(workplace: Workplace) -> std::io::Result<Runner> {
        let shared = Arc::new(Shared::default());
        let bell = Arc::clone(&shared);
        workplace.accounts.tasks.tell(move || bell.ring());
        let every = workplace.settings.every.map(|every| Interval::from_seconds(every.as_secs()));
        workplace.accounts.schedule.set_usual(every);
        let worker = Worker {
            sync: workplace.accounts.view.sync(&workplace.netbios),
            shared: Arc::clone(&shared),
            workplace,
            scheduled: None,
            reminded: None,
        };
        let thread = std::thread::Builder::new().name("tasks".into()).spawn(move || worker.run())?;
        Ok(Runner { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Ends the thread after the slice that is under way.
    pub fn close(&self) {
        self.shared.calls.lock().closed = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.lock().take() {
            // A thread that panicked has already been reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn ring(&self) {
        self.calls.lock().work = true;
        self.wake.notify_one();
    }

    fn is_closed(&self) -> bool {
        self.calls.lock().closed
    }

    /// Waits until somebody asks for work, the server stops, or the time is over.
    fn wait(&self, length: Duration) {
        let mut calls = self.calls.lock();
        let until = Instant::now() + length;
        while !calls.work && !calls.closed {
            if self.wake.wait_until(&mut calls, until).timed_out() {
                break;
            }
        }
        calls.work = false;
    }

    /// Waits for the time to be over, or for the server to stop.
    fn pause(&self, length: Duration) {
        let mut calls = self.calls.lock();
        let until = Instant::now() + length;
        while !calls.closed {
            if self.wake.wait_until(&mut calls, until).timed_out() {
                return;
            }
        }
    }
}

/// The thread's own side.
struct Worker {
    workplace: Workplace,
    shared: Arc<Shared>,
    sync: Sync,
    /// When the schedule last asked for a run.
    scheduled: Option<Instant>,
    /// When users were last told of their passwords.
    reminded: Option<Instant>,
}

impl Worker {
    fn run(mut self) {
        if let Some(folder) = self.workplace.settings.extrausers.clone() {
            self.write_extrausers(&folder);
        }
        while !self.shared.is_closed() {
            match self.turn() {
                Ok(true) => {}
                Ok(false) => self.shared.wait(SCHEDULE_EVERY),
                Err(error) => {
                    tracing::error!(%error, "background tasks wait for the host's data file");
                    self.shared.pause(FAILURE_PAUSE);
                }
            }
        }
    }

    /// One slice; whether there was anything to do.
    fn turn(&mut self) -> Result<bool, StoreError> {
        self.schedule()?;
        self.remind();
        let system = Requester::system();
        let process = &self.workplace.process;
        let context = process.context(&system, process.next_request_id());
        match self.workplace.accounts.tasks.step(self.workplace.directory.as_ref(), &context, &self.sync)? {
            Stepped::Idle => Ok(false),
            Stepped::Task(task) => {
                self.has_gone_on(&task);
                Ok(true)
            }
        }
    }

    /// Asks for a sync when it is time for one.
    fn schedule(&mut self) -> Result<(), StoreError> {
        let Some(every) = self.workplace.accounts.schedule.every()? else { return Ok(()) };
        let process = &self.workplace.process;
        let is_due = match self.scheduled {
            // What the directory did while no server ran is seen at once. That costs what it did.
            None => true,
            Some(at) if at.elapsed() < RETRY_AFTER => false,
            Some(_) => self.sync.is_due(every, process.now())?,
        };
        if !is_due {
            return Ok(());
        }
        self.scheduled = Some(Instant::now());
        let system = Requester::system();
        let context = process.context(&system, process.next_request_id());
        match self.workplace.accounts.tasks.start(&context, IdForm::DomainUpdate, Work::SyncDomain) {
            Ok(_) | Err(Error::TooMany | Error::TooLarge) => Ok(()),
            Err(Error::Store(error)) => Err(error),
        }
    }

    /// Writes to users whose passwords end soon.
    fn remind(&mut self) {
        if self.reminded.is_some_and(|at| at.elapsed() < REMINDERS_EVERY) {
            return;
        }
        self.reminded = Some(Instant::now());
        let Workplace { accounts, directory, process, .. } = &self.workplace;
        let system = Requester::system();
        let context = process.context(&system, process.next_request_id());
        let place = domain(directory.as_ref(), &context).map(|domain| domain.dns_name().to_lowercase());
        match accounts.users.remind(&context, &accounts.outbox, &place.unwrap_or_default()) {
            Ok(0) => {}
            Ok(letters) => tracing::info!(letters, "users were told that their passwords end"),
            Err(error) => tracing::error!(%error, "users are not told that their passwords end"),
        }
    }

    fn has_gone_on(&self, task: &Task) {
        if !task.state.is_end() {
            return;
        }
        let id = task.id.as_str();
        match task.state {
            State::Failed => tracing::warn!(task = id, failure = task.failure.as_str(), "a background task failed"),
            _ => tracing::debug!(task = id, state = ?task.state, "a background task has ended"),
        }
        if task.work == Work::SyncDomain && task.is_success() {
            tracing::info!(
                read = task.sync.objects_read,
                changes = task.sync.changes,
                "the host has taken over the domain's accounts"
            );
            if let Some(folder) = self.workplace.settings.extrausers.as_ref().filter(|_| task.sync.changes > 0) {
                self.write_extrausers(folder);
            }
        }
    }

    fn write_extrausers(&self, folder: &Path) {
        match extrausers::write(folder, &self.workplace.accounts.view) {
            Ok(()) => {}
            Err(error) => {
                tracing::error!(folder = %folder.display(), %error, "the domain's accounts cannot be written there");
            }
        }
    }
}
