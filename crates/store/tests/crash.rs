//! A writer that is killed again and again: what it acknowledged is there, and nothing is there by half.
//!
//! The writer is this test binary run again; it acknowledges on its standard output. The
//! moment of each kill is a number of acknowledgements, not a time, and other writes are under
//! way when it comes.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use bailiwick_store::{Committed, Embedded, Options, Space, Stop, Store};

const HEADS: Space = Space("heads");
const BODIES: Space = Space("bodies");
const SPACES: [Space; 2] = [HEADS, BODIES];
const FOLDER: &str = "BAILIWICK_CRASH_TEST_FOLDER";
const ACKNOWLEDGED: &str = "acknowledged ";
const WRITERS: u64 = 4;
const KILLS: u64 = 25;

fn open(folder: &Path) -> Embedded {
    Embedded::open(folder, &SPACES, Options::default()).unwrap()
}

/// Some bodies fit into a page and some take several.
fn body(number: u64) -> Vec<u8> {
    vec![number as u8; if number.is_multiple_of(3) { 9000 } else { 100 }]
}

/// The writer. Without its folder, as in an ordinary run of the tests, it has nothing to do.
#[test]
fn writer() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder));
    let next = {
        let snapshot = store.read().unwrap();
        let last = snapshot.last_before(HEADS, &[0xff; 8]).unwrap();
        AtomicU64::new(last.map_or(1, |(key, _)| u64::from_be_bytes(key.try_into().unwrap()) + 1))
    };
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let key = number.to_be_bytes();
                    let ended = store.write(&mut |t| {
                        t.put(HEADS, &key, &key).map_err(|_| Stop)?;
                        t.put(BODIES, &key, &body(number)).map_err(|_| Stop)
                    });
                    assert!(matches!(ended, Ok(Committed::Durable { .. })), "{ended:?}");
                    // One short write to a pipe is never cut in two, not even by the kill.
                    let line = format!("\n{ACKNOWLEDGED}{number}\n");
                    let mut out = std::io::stdout().lock();
                    out.write_all(line.as_bytes()).and_then(|()| out.flush()).unwrap();
                }
            });
        }
    });
}

fn spawn_writer(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "writer", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_writer_has_lost_nothing_it_acknowledged_and_left_nothing_by_half() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    for kill in 0..KILLS {
        let mut child = spawn_writer(folder.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut until_kill = Some(1 + kill * kill % 37);
        for line in lines.map_while(Result::ok) {
            let Some(number) = line.strip_prefix(ACKNOWLEDGED) else { continue };
            // What arrives after the kill was acknowledged before it and counts as well.
            acknowledged.insert(number.parse::<u64>().unwrap());
            until_kill = match until_kill {
                Some(1) => {
                    child.kill().unwrap();
                    None
                }
                more => more.map(|more| more - 1),
            };
        }
        child.wait().unwrap();
        assert_eq!(until_kill, None, "the writer ended by itself");

        let store = open(folder.path());
        let snapshot = store.read().unwrap();
        let mut heads = BTreeSet::new();
        let mut cursor = snapshot.cursor(HEADS).unwrap();
        while let Some((key, value)) = cursor.next().unwrap() {
            assert_eq!(key, value);
            heads.insert(u64::from_be_bytes(key.try_into().unwrap()));
        }
        let mut bodies = BTreeSet::new();
        let mut cursor = snapshot.cursor(BODIES).unwrap();
        while let Some((key, value)) = cursor.next().unwrap() {
            let number = u64::from_be_bytes(key.try_into().unwrap());
            assert!(value == body(number), "the body of {number} is damaged");
            bodies.insert(number);
        }
        assert_eq!(heads, bodies, "half of a write after kill {kill}");
        let lost: Vec<_> = acknowledged.difference(&heads).collect();
        assert!(lost.is_empty(), "acknowledged and lost after kill {kill}: {lost:?}");
    }
}
