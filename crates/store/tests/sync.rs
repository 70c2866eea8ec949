//! The order of system calls: a write is acknowledged only after its pages and then its head are synced.
//!
//! The writer is this test binary run again under `strace`. Where `strace` is missing or may not
//! trace, the test says so and proves nothing.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use bailiwick_store::{Committed, Embedded, Options, Space, Stop, Store};

const ONE: Space = Space("one");
const FOLDER: &str = "BAILIWICK_SYNC_TEST_FOLDER";
const ACKNOWLEDGED: &str = "acknowledged";
const WRITES: u8 = 10;

/// The writer. Without its folder, as in an ordinary run of the tests, it has nothing to do.
#[test]
fn writer() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let store = Embedded::open(folder.join("store"), &[ONE], Options::default()).unwrap();
    for number in 0..WRITES {
        let ended = store.write(&mut |t| t.put(ONE, &[number], b"value").map_err(|_| Stop));
        assert!(matches!(ended, Ok(Committed::Durable { batch_works: 1 })), "{ended:?}");
        // An acknowledgement that is easy to find among the system calls.
        fs::write(folder.join(ACKNOWLEDGED), [number]).unwrap();
    }
}

#[test]
fn every_acknowledgement_follows_a_sync_of_pages_and_head() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let traced = Command::new("strace")
        .args(["-f", "-y", "-e", "trace=openat,write,pwrite64,writev,pwritev,fdatasync,fsync,msync", "-o"])
        .arg(&trace)
        .arg(env::current_exe().unwrap())
        .args(["--exact", "writer"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !traced.is_ok_and(|status| status.success()) {
        eprintln!("strace cannot be run here: the order of the system calls was not seen");
        return;
    }

    // Pages, sync, head: the head goes through a descriptor that syncs each write by itself.
    let (mut pages_unsynced, mut synced, mut heads, mut acknowledged) = (false, false, 0, 0);
    let mut head_descriptor = None;
    for line in fs::read_to_string(&trace).unwrap().lines() {
        let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        let of_data = call.contains("/store/data.mdb>");
        if call.starts_with("openat") && call.contains("data.mdb") && call.contains("O_DSYNC") {
            head_descriptor = call.rsplit(" = ").next().and_then(|opened| opened.split('<').next()).map(str::to_owned);
        } else if of_data && (call.starts_with("pwrite") || call.starts_with("write")) {
            let descriptor = call.split(['(', '<']).nth(1);
            if descriptor.is_some() && descriptor == head_descriptor.as_deref() {
                assert!(synced && !pages_unsynced, "the head was written before its pages were synced: {line}");
                heads += 1;
            } else {
                (pages_unsynced, synced) = (true, false);
            }
        } else if of_data && (call.starts_with("fdatasync") || call.starts_with("fsync")) {
            (pages_unsynced, synced) = (false, true);
        } else if call.starts_with("write(") && call.contains(ACKNOWLEDGED) {
            assert!(heads > 0 && !pages_unsynced, "acknowledged before the sync: {line}");
            (heads, acknowledged) = (0, acknowledged + 1);
        }
    }
    assert_eq!(acknowledged, WRITES);
}
