//! Measures the embedded engine: `cargo run --release -p bailiwick-store --example measure [FOLDER]`.
//!
//! The folder decides which disk is measured; without one it is the system's temporary folder.

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick_store::{Committed, Embedded, Error, Options, Space, Stop, Store};

const SPACES: [Space; 16] = [
    Space("s0"),
    Space("s1"),
    Space("s2"),
    Space("s3"),
    Space("s4"),
    Space("s5"),
    Space("s6"),
    Space("s7"),
    Space("s8"),
    Space("s9"),
    Space("s10"),
    Space("s11"),
    Space("s12"),
    Space("s13"),
    Space("s14"),
    Space("s15"),
];
const KEYS: u64 = 100_000;
const READS: u64 = 2_000_000;
const WRITE_TIME: Duration = Duration::from_secs(3);

fn main() -> Result<(), Error> {
    let folder = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join(format!("bailiwick-measure-{}", std::process::id()));
    let store = Embedded::open(&folder, &SPACES, Options::default())?;
    load(&store);
    reads(&store)?;
    for (writers, keys) in [(1, 1), (1, 10), (16, 1), (16, 10), (64, 10)] {
        writes(&store, writers, keys);
    }
    println!("file: {} KiB", store.octets_on_disk()? / 1024);
    drop(store);
    std::fs::remove_dir_all(&folder).map_err(|source| Error::Io { doing: "tidying up", source: source.into() })
}

/// Scatters numbers over the keys (SplitMix64).
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn load(store: &Embedded) {
    let start = Instant::now();
    for batch in 0..KEYS / 1000 {
        let ended = store.write(&mut |t| {
            for number in batch * 1000..(batch + 1) * 1000 {
                for space in [SPACES[0], SPACES[15]] {
                    t.put(space, &number.to_be_bytes(), &[7; 500]).map_err(|_| Stop)?;
                }
            }
            Ok(())
        });
        assert!(matches!(ended, Ok(Committed::Durable { .. })), "{ended:?}");
    }
    println!(
        "load: {} pairs in works of 2000, {:.0} pairs/s",
        2 * KEYS,
        2.0 * KEYS as f64 / start.elapsed().as_secs_f64()
    );
}

fn each(name: &str, count: u64, mut act: impl FnMut(u64)) {
    let start = Instant::now();
    (0..count).for_each(&mut act);
    println!("{name}: {:.0} ns", start.elapsed().as_nanos() as f64 / count as f64);
}

fn reads(store: &Embedded) -> Result<(), Error> {
    let snapshot = store.read()?;
    for space in [SPACES[0], SPACES[15]] {
        each(&format!("get at random, space {}", space.0), READS, |n| {
            let key = (scattered(n) % KEYS).to_be_bytes();
            black_box(snapshot.get(space, &key).is_ok());
        });
    }
    each("get in order", READS, |n| {
        black_box(snapshot.get(SPACES[0], &(n % KEYS).to_be_bytes()).is_ok());
    });
    each("get absent", READS, |n| {
        black_box(snapshot.get(SPACES[0], &scattered(n).to_be_bytes()).is_ok());
    });
    each("first_at_or_after at random", READS / 4, |n| {
        let key = (scattered(n) % KEYS).to_be_bytes();
        black_box(snapshot.first_at_or_after(SPACES[0], &key).is_ok());
    });
    each("last_before at random", READS / 4, |n| {
        let key = (scattered(n) % KEYS).to_be_bytes();
        black_box(snapshot.last_before(SPACES[0], &key).is_ok());
    });
    let mut cursor = snapshot.cursor(SPACES[0])?;
    each("cursor: seek and next at random", READS / 4, |n| {
        let key = (scattered(n) % KEYS).to_be_bytes();
        black_box(cursor.seek(&key).and_then(|()| cursor.next()).is_ok());
    });
    cursor.seek(&[])?;
    each("cursor: next", KEYS, |_| {
        black_box(cursor.next().is_ok());
    });
    each("read transaction, others open", READS, |_| {
        black_box(store.read().is_ok());
    });
    drop(cursor);
    drop(snapshot);
    each("read transaction with one get", READS, |n| {
        let key = (scattered(n) % KEYS).to_be_bytes();
        let snapshot = store.read();
        black_box(snapshot.is_ok_and(|snapshot| snapshot.get(SPACES[0], &key).is_ok()));
    });
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..READS).for_each(|_| drop(black_box(store.read()))));
        }
    });
    println!("read transaction, two threads: {:.0} ns", start.elapsed().as_nanos() as f64 / READS as f64);
    Ok(())
}

/// CPU time of this process, user and system.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

fn writes(store: &Embedded, writers: u64, keys: usize) {
    let (works, weight) = (AtomicU64::new(0), AtomicU64::new(0));
    let (start, cpu_start) = (Instant::now(), cpu());
    thread::scope(|scope| {
        for writer in 0..writers {
            let (works, weight) = (&works, &weight);
            scope.spawn(move || {
                let mut round = 0;
                while start.elapsed() < WRITE_TIME {
                    round += 1;
                    let key = (scattered(writer << 32 | round) % KEYS).to_be_bytes();
                    let ended = store.write(&mut |t| {
                        // As an added entry does: one record and an index key in each of some spaces.
                        SPACES[..keys].iter().try_for_each(|space| t.put(*space, &key, &[1; 300]).map_err(|_| Stop))
                    });
                    match ended {
                        Ok(Committed::Durable { batch_works }) => {
                            weight.fetch_add(batch_works as u64, Ordering::Relaxed)
                        }
                        other => panic!("{other:?}"),
                    };
                    works.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    let cpu = (cpu() - cpu_start).as_secs_f64();
    let works = works.into_inner() as f64;
    println!(
        "{writers} writers, {keys} keys each: {:.0} works/s, {:.1} works per batch as met by a work, {:.0} µs CPU per work, {:.0}% CPU",
        works / seconds,
        weight.into_inner() as f64 / works,
        cpu * 1e6 / works,
        cpu / seconds * 100.0,
    );
}
