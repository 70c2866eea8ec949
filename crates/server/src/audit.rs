//! Writing the audit: events are handed over in memory, and a thread of its own logs them and keeps them in batches.
//!
//! So no request waits for the audit, and a batch of any size costs one sync of the host's data file. What a crash can
//! take is at most what came in the last [`AuditLimits::flush_max`] and the batch being written.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bailiwick_accounts::audit::{Moment, Record, Values};
use bailiwick_domain::{Event, Witness};
use parking_lot::{Condvar, Mutex};
use prometheus_client::metrics::counter::Counter;

use crate::clock;
use crate::config::AuditLimits;
use crate::provisioning::Host;

/// The most events that wait to be written; further ones are counted as lost.
const WAITING_EVENTS_MAX: usize = 1 << 16;
/// The most memory that they take.
const WAITING_OCTETS_MAX: usize = 64 << 20;
/// So many waiting events are written at once, whatever the time.
const WAITING_EVENTS_EAGER: usize = WAITING_EVENTS_MAX / 8;
/// The same for the memory that they take.
const WAITING_OCTETS_EAGER: usize = WAITING_OCTETS_MAX / 8;
/// The most events of one transaction.
const BATCH_EVENTS_MAX: usize = 8192;
/// How often old events are given up when no new ones come, and readers that were killed are forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// How long a failing store is left alone before lost events are noted again.
const FAILURE_PAUSE: Duration = Duration::from_secs(10);

/// Hears of events and keeps them. Dropping it writes what waits.
pub struct Recorder {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    lost: Counter,
    waiting: Mutex<Waiting>,
    wake: Condvar,
    flush_max: Duration,
}

#[derive(Default)]
struct Waiting {
    events: Vec<Event>,
    octets: usize,
    lost: u64,
    closed: bool,
}

impl Recorder {
    /// Starts the thread that writes into the audit of `host`.
    ///
    /// # Errors
    /// The operating system has no thread for us.
    pub fn start(host: &Host, limits: &AuditLimits) -> std::io::Result<Recorder> {
        let shared = Arc::new(Shared {
            lost: Counter::default(),
            waiting: Mutex::default(),
            wake: Condvar::new(),
            flush_max: limits.flush_max,
        });
        let writer = Writer { shared: Arc::clone(&shared), host: host.clone() };
        let thread = std::thread::Builder::new().name("audit".into()).spawn(move || writer.run())?;
        Ok(Recorder { shared, thread: Mutex::new(Some(thread)) })
    }

    /// How many events were not kept since the start.
    pub fn lost(&self) -> Counter {
        self.shared.lost.clone()
    }

    /// Writes what waits and ends the thread.
    pub fn close(&self) {
        self.shared.waiting.lock().closed = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.lock().take() {
            // A thread that panicked has already been reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.close();
    }
}

impl Witness for Recorder {
    fn witness(&self, event: Event) {
        let octets = event.octets();
        let mut waiting = self.shared.waiting.lock();
        if waiting.events.len() >= WAITING_EVENTS_MAX || waiting.octets + octets > WAITING_OCTETS_MAX {
            waiting.lost += 1;
            self.shared.lost.inc();
            return;
        }
        let was_eager = waiting.is_eager();
        waiting.events.push(event);
        waiting.octets += octets;
        // The thread is woken twice for a batch at most: when there is something, and when there is much.
        let wake = waiting.events.len() == 1 || (waiting.is_eager() && !was_eager);
        drop(waiting);
        if wake {
            self.shared.wake.notify_one();
        }
    }
}

impl Waiting {
    fn is_eager(&self) -> bool {
        self.events.len() >= WAITING_EVENTS_EAGER || self.octets >= WAITING_OCTETS_EAGER
    }
}

/// The thread's own side.
struct Writer {
    shared: Arc<Shared>,
    host: Host,
}

/// What the thread takes over at once.
struct Batch {
    events: Vec<Event>,
    lost: u64,
    last: bool,
}

impl Writer {
    fn run(self) {
        let mut lost = 0;
        let mut tidied: Option<Instant> = None;
        loop {
            let batch = self.shared.take();
            lost += batch.lost;
            if batch.lost > 0 {
                tracing::warn!(target: "audit", lost = batch.lost, "more events of the audit came than can be kept");
            }
            if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) && !batch.last {
                self.tidy();
                tidied = Some(Instant::now());
            }
            for events in batch.events.chunks(BATCH_EVENTS_MAX) {
                self.write(events.iter().map(Record::of).collect(), &mut lost);
            }
            if lost > 0 && batch.events.is_empty() {
                self.write(Vec::new(), &mut lost);
            }
            if batch.last {
                self.flush_tokens();
                return;
            }
            if lost > 0 {
                // Somebody may be mending the disk; events wait in memory meanwhile.
                self.shared.pause(FAILURE_PAUSE);
            }
        }
    }

    /// Logs and keeps a batch, and the gap before it. What cannot be kept makes the gap larger.
    fn write(&self, mut records: Vec<Record>, lost: &mut u64) {
        records.iter().for_each(log);
        let count = records.len() as u64;
        let now = clock::now();
        if *lost > 0 {
            records.push(Record::lost(Moment::of(now), *lost));
        }
        match self.host.accounts.audit.keep(&records, now) {
            Ok(_) => *lost = 0,
            Err(error) => {
                *lost += count;
                self.shared.lost.inc_by(count);
                tracing::error!(target: "audit", %error, lost = *lost, "events of the audit cannot be kept");
            }
        }
    }

    /// Writes when tokens were last used, which is kept in memory otherwise.
    fn flush_tokens(&self) {
        if let Err(error) = self.host.accounts.tokens.flush() {
            tracing::error!(%error, "the last uses of tokens cannot be written");
        }
    }

    fn tidy(&self) {
        self.flush_tokens();
        let audit = &self.host.accounts.audit;
        let kept = audit.keep(&[], clock::now()).and_then(|_| self.host.store.forget_dead_readers());
        if let Err(error) = kept {
            tracing::error!(target: "audit", %error, "old events of the audit cannot be given up");
        }
    }
}

impl Shared {
    /// Waits for events, and then a while for more of them.
    fn take(&self) -> Batch {
        let mut waiting = self.waiting.lock();
        let idle_until = Instant::now() + TIDY_EVERY;
        while waiting.events.is_empty() && waiting.lost == 0 && !waiting.closed {
            if self.wake.wait_until(&mut waiting, idle_until).timed_out() {
                break;
            }
        }
        let flush_at = Instant::now() + self.flush_max;
        while !waiting.events.is_empty() && !waiting.is_eager() && !waiting.closed {
            if self.wake.wait_until(&mut waiting, flush_at).timed_out() {
                break;
            }
        }
        let Waiting { events, lost, closed, .. } = &mut *waiting;
        let batch = Batch { events: std::mem::take(events), lost: std::mem::take(lost), last: *closed };
        waiting.octets = 0;
        batch
    }

    /// Waits, but not when the server stops.
    fn pause(&self, length: Duration) {
        let mut waiting = self.waiting.lock();
        let until = Instant::now() + length;
        while !waiting.closed {
            if self.wake.wait_until(&mut waiting, until).timed_out() {
                return;
            }
        }
    }
}

/// The log names what was written and shows no value: whoever reads logs need not be an auditor. Texts of clients are
/// recorded as strings, which the log quotes and escapes.
fn log(record: &Record) {
    let attributes: Vec<&str> = record.attributes.iter().map(|one: &Values| one.name.as_str()).collect();
    let attributes = attributes.join(",");
    let object = record.object.as_ref();
    tracing::info!(
        target: "audit",
        request = record.request,
        at = record.at.to_string(),
        who = record.actor(),
        as_whom = record.sign_in.as_ref().and_then(|named| named.account.as_ref()?.sid.as_deref()),
        from = record.from.map(tracing::field::display),
        face = record.face.as_str(),
        kind = record.kind.name(),
        use_case = record.use_case.as_deref(),
        object = object.map(|object| object.name.as_str()),
        guid = object.and_then(|object| object.guid.as_deref()),
        attributes = (!attributes.is_empty()).then_some(attributes.as_str()),
        result = record.result.as_str(),
        "audit"
    );
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::sync::mpsc;

    use bailiwick_accounts::audit::Retention;
    use bailiwick_accounts::{Accounts, SPACES};
    use bailiwick_adtypes::file_time::Interval;
    use bailiwick_credential::{Cost, Vault};
    use bailiwick_domain::{Action, Face, Requester};
    use bailiwick_store::{Embedded, Options, Space, Stop, Store};

    use super::*;

    fn host(folder: &std::path::Path) -> Host {
        let store = Arc::new(Embedded::open(folder, SPACES, Options::default()).unwrap());
        let shared: Arc<dyn Store> = Arc::<Embedded>::clone(&store);
        let retention = Retention { age_max: Interval::from_days(1), octets_max: u64::MAX };
        Host {
            accounts: Arc::new(Accounts::open(shared, Vault::new(&[0; 32]), retention, Cost::CHEAP).unwrap()),
            store,
        }
    }

    fn event() -> Event {
        let action = Action::SignIn { name: "ada".into(), account: None };
        let requester = Requester::system();
        Event { at: clock::now(), request_id: 0, face: Face::Ldap, requester, action, result: Ok(()) }
    }

    #[test]
    fn every_event_is_kept_or_counted_as_lost() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path());
        let limits = AuditLimits { days_max: 1, octets_max: u64::MAX, flush_max: Duration::ZERO };
        let recorder = Recorder::start(&host, &limits).unwrap();
        let (enter, entered) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let store = Arc::clone(&host.store);
        // The disk hangs.
        let slow = std::thread::spawn(move || {
            let _ = store.write(&mut move |_| {
                let _ = enter.send(());
                let _ = released.recv();
                Err(Stop)
            });
        });
        entered.recv().unwrap();
        // What the thread took over before it hangs too, a full queue, and some more.
        let sent = 2 * WAITING_EVENTS_MAX as u64 + 1000;
        for _ in 0..sent {
            recorder.witness(event());
        }
        let lost = recorder.lost().get();
        assert!(lost >= 1000, "{lost}");
        drop(release);
        slow.join().unwrap();
        recorder.close();
        let (mut kept, mut told) = (0, 0);
        let count = &mut |_: &[u8], octets: &[u8]| {
            match Record::parse(octets).unwrap().result.strip_prefix("lost:") {
                Some(lost) => told += lost.parse::<u64>().unwrap(),
                None => kept += 1,
            }
            ControlFlow::Continue(())
        };
        host.store.read().unwrap().scan(Space("audit-event"), &[], None, count).unwrap();
        assert_eq!((kept + told, told), (sent, lost));
    }
}
