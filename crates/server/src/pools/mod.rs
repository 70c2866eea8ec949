//! Threads for work that must not run on an event loop: long searches, changes that wait for the disk, and hashing.
//!
//! All three are the same thing, a bounded [`Pool`] whose turns go round the connections.

mod fair_queue;

use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex};

use fair_queue::FairQueue;

/// One piece of work.
pub type Job = Box<dyn FnOnce() + Send>;

/// A number of threads that take turns among the owners of waiting work.
pub struct Pool {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// The queue is as long as it may get; the work was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    queue_max: usize,
}

struct State {
    queue: FairQueue<Job>,
    closed: bool,
}

impl Pool {
    /// Starts the threads.
    ///
    /// # Errors
    /// The operating system has no thread for us.
    pub fn start(name: &str, threads: usize, queue_max: usize) -> std::io::Result<Pool> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State { queue: FairQueue::default(), closed: false }),
            wake: Condvar::new(),
            queue_max,
        });
        let mut handles = Vec::with_capacity(threads);
        for index in 0..threads {
            let shared = Arc::clone(&shared);
            handles.push(std::thread::Builder::new().name(format!("{name}-{index}")).spawn(move || shared.run())?);
        }
        Ok(Pool { shared, threads: Mutex::new(handles) })
    }

    /// Hands in work on behalf of `owner`. Owners with waiting work take turns, however much each has.
    ///
    /// # Errors
    /// `Full` when too much waits already, or the pool is closed.
    pub fn submit(&self, owner: u64, job: Job) -> Result<(), Full> {
        let mut state = self.shared.state.lock();
        if state.closed || state.queue.len() >= self.shared.queue_max {
            return Err(Full);
        }
        state.queue.push(owner, job);
        drop(state);
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Finishes the work that waits, then ends the threads.
    pub fn close(&self) {
        self.shared.state.lock().closed = true;
        self.shared.wake.notify_all();
        for thread in self.threads.lock().drain(..) {
            // A worker that panicked has already been reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn run(&self) {
        loop {
            let mut state = self.state.lock();
            let job = loop {
                if let Some(job) = state.queue.pop() {
                    break job;
                }
                if state.closed {
                    return;
                }
                self.wake.wait(&mut state);
            };
            drop(state);
            // One request that trips over a mistake of ours must not take a worker away from all others; the
            // panic hook reports it, and dropping the job tells its connection.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn work_that_waits_is_finished_before_closing() {
        let pool = Pool::start("test", 1, 100).unwrap();
        let (sender, receiver) = mpsc::channel();
        for number in 0..50 {
            let sender = sender.clone();
            pool.submit(1, Box::new(move || sender.send(number).unwrap())).unwrap();
        }
        pool.close();
        drop(sender);
        assert_eq!(receiver.iter().collect::<Vec<_>>(), (0..50).collect::<Vec<_>>());
        assert_eq!(pool.submit(1, Box::new(|| ())), Err(Full));
    }

    #[test]
    fn a_full_queue_refuses() {
        let pool = Pool::start("test", 1, 1).unwrap();
        let (started, has_started) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        pool.submit(
            1,
            Box::new(move || {
                started.send(()).unwrap();
                let _ = released.recv();
            }),
        )
        .unwrap();
        has_started.recv().unwrap();
        pool.submit(1, Box::new(|| ())).unwrap();
        assert_eq!(pool.submit(1, Box::new(|| ())), Err(Full));
        release.send(()).unwrap();
    }

    #[test]
    fn a_panic_costs_no_worker() {
        let pool = Pool::start("test", 1, 10).unwrap();
        let (sender, receiver) = mpsc::channel();
        pool.submit(1, Box::new(|| std::panic::resume_unwind(Box::new(())))).unwrap();
        pool.submit(1, Box::new(move || sender.send(1).unwrap())).unwrap();
        assert_eq!(receiver.recv(), Ok(1));
    }
}
