//! How far a long command has come: a bar on a terminal, a plain line now and then elsewhere. Always on standard error.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a plain line is written.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Progress through something of known or unknown length.
pub struct Progress {
    shown: Shown,
    total: Option<u64>,
}

enum Shown {
    Bar(ProgressBar),
    Lines { last: Instant },
    Nothing,
}

impl Progress {
    /// Progress in octets of an input; none is known of a pipe.
    pub fn octets(total: Option<u64>) -> Progress {
        let template = match total {
            Some(_) => "{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta} left, {msg}",
            None => "{spinner} {bytes} {bytes_per_sec}, {msg}",
        };
        Progress::with(total, template)
    }

    /// Progress in entries whose number is not known.
    pub fn entries() -> Progress {
        Progress::with(None, "{spinner} {msg}, {per_sec}")
    }

    /// Nothing is shown.
    pub fn none() -> Progress {
        Progress { shown: Shown::Nothing, total: None }
    }

    fn with(total: Option<u64>, template: &str) -> Progress {
        if !std::io::stderr().is_terminal() {
            return Progress { shown: Shown::Lines { last: Instant::now() }, total };
        }
        let bar = match total {
            Some(total) => ProgressBar::new(total),
            None => ProgressBar::new_spinner(),
        };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Progress { shown: Shown::Bar(bar), total }
    }

    /// It has come this far; `message` says it in words.
    pub fn at(&mut self, position: u64, message: impl FnOnce() -> String) {
        match &mut self.shown {
            Shown::Bar(bar) => {
                bar.set_message(message());
                bar.set_position(position);
            }
            Shown::Lines { last } if last.elapsed() >= LINE_INTERVAL => {
                *last = Instant::now();
                match self.total {
                    Some(total) if total > 0 => eprintln!("{} ({} %)", message(), position.saturating_mul(100) / total),
                    _ => eprintln!("{}", message()),
                }
            }
            Shown::Lines { .. } | Shown::Nothing => {}
        }
    }

    /// It is over; the bar goes away.
    pub fn end(self) {
        if let Shown::Bar(bar) = self.shown {
            bar.finish_and_clear();
        }
    }
}
