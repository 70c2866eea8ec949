//! What the server says about its work: log lines on standard error and figures for Prometheus.
//!
//! Neither ever holds a value of the directory or a password: operations, names, result codes and durations only.

mod log;
mod metrics;

pub use log::{LogError, start as start_log};
pub use metrics::{ListenerLabel, Metrics, Place, Posted, Refusal, name as operation_name};
