//! The thread that tends the directory: what is better done now and then than at once.

use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::shutdown::Shutdown;

/// How long what waits in memory, such as counts of sign-ins, waits at most.
pub const EVERY: Duration = Duration::from_secs(15);

/// Starts the thread. It calls `tend` again and again, `every` so often, until stopping is asked for.
///
/// # Errors
/// The operating system has no thread for us.
pub fn start(tend: impl Fn() + Send + 'static, every: Duration, shutdown: &Shutdown) -> io::Result<JoinHandle<()>> {
    let shutdown = shutdown.clone();
    let thread = std::thread::Builder::new().name("upkeep".into());
    thread.spawn(move || {
        while !shutdown.wait_for(every) {
            tend();
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Longer than any machine takes to be slow.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn it_tends_until_stopping_is_asked_for() {
        let (sender, tended) = mpsc::channel();
        let shutdown = Shutdown::default();
        let tend = move || {
            // Nobody listens any more once the test has seen enough.
            let _ = sender.send(());
        };
        let thread = start(tend, Duration::from_millis(1), &shutdown).unwrap();
        for _ in 0..3 {
            tended.recv_timeout(PATIENCE).unwrap();
        }
        shutdown.ask();
        thread.join().unwrap();
    }

    #[test]
    fn stopping_is_not_waited_for() {
        let shutdown = Shutdown::default();
        let thread = start(|| panic!("it is never time"), PATIENCE * 60, &shutdown).unwrap();
        shutdown.ask();
        thread.join().unwrap();
    }
}
