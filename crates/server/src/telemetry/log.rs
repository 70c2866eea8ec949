//! Log lines for people or for machines.

use std::fmt;
use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// The directives cannot be read, or a log has been started already.
#[derive(Debug)]
pub enum LogError {
    /// The text is no list of log directives.
    Directives {
        /// The text.
        text: String,
    },
    /// This process logs already.
    Started,
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogError::Directives { text } => write!(f, "log-level takes a level or directives, not `{text}`"),
            LogError::Started => f.write_str("this process logs already"),
        }
    }
}

impl std::error::Error for LogError {}

/// Makes this process log to standard error.
///
/// # Errors
/// `Directives` and `Started`.
pub fn start(format: LogFormat, directives: &str) -> Result<(), LogError> {
    let unreadable = || LogError::Directives { text: directives.to_owned() };
    if !directives.split(',').all(names_a_level) {
        return Err(unreadable());
    }
    let filter = EnvFilter::try_new(directives).map_err(|_| unreadable())?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Human => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    }
    .map_err(|_| LogError::Started)
}

/// Whether a directive is a level or ends in one. The filter would take any other word for the name of a module, and
/// log nothing but that.
fn names_a_level(directive: &str) -> bool {
    let level = directive.rsplit('=').next().unwrap_or(directive).trim();
    ["off", "error", "warn", "info", "debug", "trace"].iter().any(|known| level.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_names_a_level() {
        for good in ["info", "DEBUG", "bailiwick_server::ldap=trace", "off"] {
            assert!(names_a_level(good), "{good}");
        }
        for bad in ["", "verbose", "bailiwick_server::ldap", "info=loud"] {
            assert!(!names_a_level(bad), "{bad}");
        }
    }
}
