//! Sending what lies in the outbox: a thread of its own, since a mail server may take its time.

mod sender;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bailiwick_accounts::mail::Outbox;
use bailiwick_adtypes::file_time::{FileTime, STEPS_PER_SECOND};
use parking_lot::{Condvar, Mutex};

use crate::clock;
use crate::telemetry::{Metrics, Posted};

use sender::Delivery;
pub use sender::{MailError, Sender};

/// How many letters are taken from the outbox at once.
const BATCH_LETTERS: usize = 32;
/// How long the outbox is left alone when it cannot be read.
const FAILURE_PAUSE: Duration = Duration::from_secs(30);

/// Sends letters while it lives.
pub struct Mailer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    is_due: bool,
    closed: bool,
}

impl Mailer {
    /// Starts the thread.
    ///
    /// # Errors
    /// The operating system has no thread for us.
    pub fn start(outbox: Outbox, sender: Sender, metrics: Arc<Metrics>) -> std::io::Result<Mailer> {
        let shared = Arc::new(Shared::default());
        let bell = Arc::clone(&shared);
        outbox.on_due(move || {
            bell.state.lock().is_due = true;
            bell.wake.notify_one();
        });
        let postman = Postman { shared: Arc::clone(&shared), outbox, sender, metrics };
        let thread = std::thread::Builder::new().name("mail".into()).spawn(move || postman.run())?;
        Ok(Mailer { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Ends the thread, after the letter that is under way. What waits stays in the outbox.
    pub fn close(&self) {
        self.shared.state.lock().closed = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.lock().take() {
            // A thread that panicked has already been reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Mailer {
    fn drop(&mut self) {
        self.close();
    }
}

/// What the thread has.
struct Postman {
    shared: Arc<Shared>,
    outbox: Outbox,
    sender: Sender,
    metrics: Arc<Metrics>,
}

impl Postman {
    fn run(self) {
        loop {
            let pause = self.round();
            let mut state = self.shared.state.lock();
            if !state.is_due && !state.closed {
                match pause {
                    Some(pause) => drop(self.shared.wake.wait_for(&mut state, pause)),
                    None => self.shared.wake.wait(&mut state),
                }
            }
            if state.closed {
                return;
            }
            state.is_due = false;
        }
    }

    /// Sends what is due, and says how long there is nothing to do; none until a new letter comes.
    fn round(&self) -> Option<Duration> {
        loop {
            let now = clock::now();
            let due = match self.outbox.due(now, BATCH_LETTERS) {
                Ok(due) => due,
                Err(error) => {
                    tracing::error!(%error, "letters cannot be read");
                    return Some(FAILURE_PAUSE);
                }
            };
            if due.letters.is_empty() {
                return due.next.map(|next| until(now, next));
            }
            for (number, letter) in due.letters {
                if self.shared.state.lock().closed {
                    return None;
                }
                let delivery = self.sender.send(&letter);
                if let Err(error) = self.note(number, delivery) {
                    tracing::error!(letter = number, %error, "what became of a letter cannot be noted");
                    return Some(FAILURE_PAUSE);
                }
            }
        }
    }

    fn note(&self, number: u64, delivery: Delivery) -> Result<(), bailiwick_accounts::mail::OutboxError> {
        let now = clock::now();
        match delivery {
            Delivery::Taken => {
                tracing::info!(letter = number, "sent");
                self.metrics.letter(Posted::Sent);
                self.outbox.sent(number, now)
            }
            Delivery::Failed(reason) => {
                tracing::warn!(letter = number, reason, "not sent, to be tried again");
                self.metrics.letter(Posted::Failed);
                self.outbox.failed(number, &reason, now)
            }
            Delivery::Refused(reason) => {
                tracing::warn!(letter = number, reason, "refused for good");
                self.metrics.letter(Posted::Refused);
                self.outbox.give_up(number, &reason, now)
            }
        }
    }
}

/// The time from `now` to `next`; none when it has come.
fn until(now: FileTime, next: FileTime) -> Duration {
    let steps = u64::try_from(next.0.saturating_sub(now.0)).unwrap_or(0);
    let per_second = STEPS_PER_SECOND as u64;
    Duration::new(steps / per_second, (steps % per_second * 100) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_when_the_next_letter_is_due() {
        let now = FileTime(133_000_000_000_000_000);
        assert_eq!(until(now, FileTime(now.0 + 15_000_001)), Duration::new(1, 500_000_100));
        assert_eq!(until(now, FileTime(now.0 - 1)), Duration::ZERO);
    }
}
