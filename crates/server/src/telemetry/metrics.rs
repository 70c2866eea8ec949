//! Figures for Prometheus. Counting must cost next to nothing beside a search of ten microseconds, so the counters
//! of operations lie ready in a table instead of being looked up by label.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use bailiwick_ldap::request::RequestKind;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Result codes below this number have a counter in the table; there are none above it.
const RESULT_CODES: usize = 128;
/// The kinds of LDAP operation.
const KINDS: usize = RequestKind::ALL.len();
/// Upper bounds of the latency buckets, in seconds.
const LATENCY_BUCKETS: [f64; 14] =
    [0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

/// Every figure, and the registry that prints them.
pub struct Metrics {
    registry: Registry,
    operations: Family<OperationLabels, Counter>,
    table: Box<[[OnceLock<Counter>; RESULT_CODES]; KINDS]>,
    latency: [Histogram; KINDS],
    connections: Family<ConnectionLabels, Counter>,
    connections_open: Family<ConnectionLabels, Gauge>,
    connections_refused: Family<RefusalLabels, Counter>,
    search_slices: Family<SliceLabels, Counter>,
    search_entries: Counter,
    letters: Family<LetterLabels, Counter>,
    process: ProcessGauges,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: &'static str,
    result: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LatencyLabels {
    operation: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ConnectionLabels {
    listener: ListenerLabel,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    reason: Refusal,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SliceLabels {
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LetterLabels {
    result: Posted,
}

/// What became of a letter that a mail server was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Posted {
    /// The mail server took it.
    Sent,
    /// It is tried again later.
    Failed,
    /// It is given up.
    Refused,
}

/// Which port a connection came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum ListenerLabel {
    /// LDAP with StartTLS.
    Ldap,
    /// LDAP over TLS.
    Ldaps,
    /// LDAP from this machine, over the socket of the data folder.
    Ldapi,
    /// HTTP.
    Http,
    /// HTTPS.
    Https,
}

/// Why a connection was not taken or was ended by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Refusal {
    /// The server has as many connections as it may.
    Total,
    /// The address has as many connections as it may.
    Address,
    /// It was silent for too long.
    Idle,
    /// The TLS handshake took too long or failed.
    Handshake,
    /// It did not speak LDAP.
    Protocol,
}

/// Where a slice of a search ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Place {
    /// On the thread that read the request.
    Inline,
    /// In the pool.
    Pool,
}

#[derive(Default)]
struct ProcessGauges {
    resident: Gauge,
    cpu: Gauge<f64, std::sync::atomic::AtomicU64>,
    files: Gauge,
}

impl Metrics {
    /// All figures at zero.
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix("bailiwick");
        let operations = Family::default();
        registry.register("ldap_operations", "LDAP operations answered, by kind and result code", operations.clone());
        let latencies: Family<LatencyLabels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(LATENCY_BUCKETS));
        registry.register_with_unit(
            "ldap_operation_duration",
            "Time from reading an LDAP request to its last answer",
            Unit::Seconds,
            latencies.clone(),
        );
        let connections = Family::default();
        registry.register("connections", "Connections accepted", connections.clone());
        let connections_open = Family::default();
        registry.register("connections_open", "Connections open now", connections_open.clone());
        let connections_refused = Family::default();
        registry.register(
            "connections_refused",
            "Connections refused or ended by a limit",
            connections_refused.clone(),
        );
        let search_slices = Family::default();
        registry.register("ldap_search_slices", "Slices that searches took, by place", search_slices.clone());
        let search_entries = Counter::default();
        registry.register("ldap_search_entries", "Entries handed out by searches", search_entries.clone());
        let letters = Family::default();
        registry.register(
            "mail_letters",
            "Letters offered to the mail server, by what became of them",
            letters.clone(),
        );
        let process = ProcessGauges::default();
        register_process(&mut registry, &process);
        let latency =
            RequestKind::ALL.map(|kind| latencies.get_or_create(&LatencyLabels { operation: name(kind) }).clone());
        let table = Box::new([const { [const { OnceLock::new() }; RESULT_CODES] }; KINDS]);
        Metrics {
            registry,
            operations,
            table,
            latency,
            connections,
            connections_open,
            connections_refused,
            search_slices,
            search_entries,
            letters,
            process,
        }
    }

    /// Shows how many events of the audit were not kept.
    pub fn show_lost_events(&mut self, lost: Counter) {
        self.registry.register("audit_events_lost", "Events of the audit that were not kept", lost);
    }

    /// An operation was answered with this result code after this time.
    pub fn operation(&self, kind: RequestKind, result: u32, took: Duration) {
        let index = kind as usize;
        let labels = || OperationLabels { operation: name(kind), result };
        match self.table[index].get(result as usize) {
            Some(slot) => {
                slot.get_or_init(|| self.operations.get_or_create(&labels()).clone()).inc();
            }
            None => {
                self.operations.get_or_create(&labels()).inc();
            }
        }
        self.latency[index].observe(took.as_secs_f64());
    }

    /// A connection was accepted.
    pub fn connection_opened(&self, listener: ListenerLabel) {
        self.connections.get_or_create(&ConnectionLabels { listener }).inc();
        self.connections_open.get_or_create(&ConnectionLabels { listener }).inc();
    }

    /// A connection that was accepted is gone.
    pub fn connection_closed(&self, listener: ListenerLabel) {
        self.connections_open.get_or_create(&ConnectionLabels { listener }).dec();
    }

    /// A connection was refused or ended.
    pub fn connection_refused(&self, reason: Refusal) {
        self.connections_refused.get_or_create(&RefusalLabels { reason }).inc();
    }

    /// A slice of a search ran and handed out this many entries.
    pub fn search_slice(&self, place: Place, entries: u64) {
        self.search_slices.get_or_create(&SliceLabels { place }).inc();
        self.search_entries.inc_by(entries);
    }

    /// A letter was offered to the mail server.
    pub fn letter(&self, result: Posted) {
        self.letters.get_or_create(&LetterLabels { result }).inc();
    }

    /// All figures in the text form of Prometheus.
    pub fn text(&self) -> String {
        self.process.read();
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

/// The name of a kind of operation, in log lines and figures.
pub fn name(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Bind => "bind",
        RequestKind::Unbind => "unbind",
        RequestKind::Search => "search",
        RequestKind::Modify => "modify",
        RequestKind::Add => "add",
        RequestKind::Delete => "delete",
        RequestKind::ModifyDn => "modify-dn",
        RequestKind::Compare => "compare",
        RequestKind::Abandon => "abandon",
        RequestKind::Extended => "extended",
    }
}

fn register_process(registry: &mut Registry, process: &ProcessGauges) {
    let started: Gauge<f64, std::sync::atomic::AtomicU64> = Gauge::default();
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    started.set(since.as_secs_f64());
    registry.register_with_unit("process_start_time", "When the server started", Unit::Seconds, started);
    registry.register_with_unit("process_resident_memory", "Memory in use", Unit::Bytes, process.resident.clone());
    registry.register_with_unit("process_cpu", "Processor time used", Unit::Seconds, process.cpu.clone());
    registry.register("process_open_files", "Open file descriptors", process.files.clone());
}

impl ProcessGauges {
    /// Reads what the kernel knows of this process; a figure that cannot be had stays as it was.
    fn read(&self) {
        if let Ok(statm) = std::fs::read_to_string("/proc/self/statm")
            && let Some(pages) = statm.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok())
        {
            self.resident.set(pages.saturating_mul(rustix::param::page_size() as i64));
        }
        let usage = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        self.cpu.set(usage.tv_sec as f64 + usage.tv_nsec as f64 / 1e9);
        if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
            self.files.set(files.count() as i64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_counted_by_kind_and_result() {
        let metrics = Metrics::new();
        metrics.operation(RequestKind::Search, 0, Duration::from_micros(20));
        metrics.operation(RequestKind::Search, 0, Duration::from_micros(20));
        metrics.operation(RequestKind::Bind, 49, Duration::from_millis(5));
        metrics.operation(RequestKind::Search, 4096, Duration::ZERO);
        let text = metrics.text();
        assert!(text.contains(r#"bailiwick_ldap_operations_total{operation="search",result="0"} 2"#), "{text}");
        assert!(text.contains(r#"bailiwick_ldap_operations_total{operation="bind",result="49"} 1"#), "{text}");
        assert!(text.contains(r#"bailiwick_ldap_operation_duration_seconds_count{operation="search"} 3"#), "{text}");
    }

    #[test]
    fn open_connections_go_up_and_down() {
        let metrics = Metrics::new();
        metrics.connection_opened(ListenerLabel::Ldaps);
        metrics.connection_opened(ListenerLabel::Ldaps);
        metrics.connection_closed(ListenerLabel::Ldaps);
        assert!(metrics.text().contains(r#"bailiwick_connections_open{listener="Ldaps"} 1"#));
    }
}
