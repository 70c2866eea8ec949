//! Stopping: a flag that every driver looks at, and the signals that set it.

use std::io::Read;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use signal_hook::consts::{SIGINT, SIGTERM};

/// Told when to stop: event loops have a waker, HTTP has a channel.
type Listener = Box<dyn Fn() + Send + Sync>;

/// The wish to stop, once made never taken back. Clones are the same wish.
#[derive(Clone, Default)]
pub struct Shutdown {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    asked: Condvar,
}

#[derive(Default)]
struct State {
    asked: bool,
    listeners: Vec<Listener>,
}

impl Shutdown {
    /// Asks everything to stop. Asking again changes nothing.
    pub fn ask(&self) {
        let listeners = {
            let mut state = self.shared.state.lock();
            state.asked = true;
            std::mem::take(&mut state.listeners)
        };
        for listener in listeners {
            listener();
        }
        self.shared.asked.notify_all();
    }

    /// Whether stopping was asked for.
    pub fn is_asked(&self) -> bool {
        self.shared.state.lock().asked
    }

    /// Calls `listener` when stopping is asked for; at once when it has been.
    pub fn on_ask(&self, listener: impl Fn() + Send + Sync + 'static) {
        let mut state = self.shared.state.lock();
        if state.asked {
            drop(state);
            listener();
        } else {
            state.listeners.push(Box::new(listener));
        }
    }

    /// Waits until stopping is asked for.
    pub fn wait(&self) {
        let mut state = self.shared.state.lock();
        while !state.asked {
            self.shared.asked.wait(&mut state);
        }
    }

    /// Waits until stopping is asked for, but no longer than this. Whether it was.
    pub fn wait_for(&self, most: Duration) -> bool {
        let until = Instant::now() + most;
        let mut state = self.shared.state.lock();
        while !state.asked && !self.shared.asked.wait_until(&mut state, until).timed_out() {}
        state.asked
    }

    /// Makes Ctrl-C and SIGTERM ask for it. A second signal ends the process at once.
    ///
    /// # Errors
    /// The operating system refuses the handlers or the thread.
    pub fn follow_signals(&self) -> std::io::Result<()> {
        let (mut reader, writer) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM] {
            signal_hook::low_level::pipe::register(signal, writer.try_clone()?)?;
        }
        let shutdown = self.clone();
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            let mut octet = [0];
            if reader.read_exact(&mut octet).is_ok() {
                shutdown.ask();
            }
            if reader.read_exact(&mut octet).is_ok() {
                std::process::exit(EXIT_SECOND_SIGNAL);
            }
        })?;
        Ok(())
    }
}

/// What a process that was told twice to stop exits with: 128 and the number of SIGINT, as shells do.
const EXIT_SECOND_SIGNAL: i32 = 130;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn listeners_hear_of_it_once_however_late_they_come() {
        let heard = Arc::new(AtomicUsize::new(0));
        let shutdown = Shutdown::default();
        let count = || {
            let heard = Arc::clone(&heard);
            move || {
                heard.fetch_add(1, Ordering::Relaxed);
            }
        };
        shutdown.on_ask(count());
        assert!(!shutdown.is_asked());
        shutdown.ask();
        shutdown.ask();
        shutdown.on_ask(count());
        shutdown.wait();
        assert_eq!(heard.load(Ordering::Relaxed), 2);
    }
}
