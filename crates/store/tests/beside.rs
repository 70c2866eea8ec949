//! A store that is read beside the process that writes it. The writer is this test binary run again, since LMDB
//! forbids a process to open a file twice.

use std::env;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use bailiwick_store::{Beside, Embedded, Error, Options, ReadTransaction, Space, Store};

const LEFT: Space = Space("left");
const RIGHT: Space = Space("right");
const SPACES: [Space; 2] = [LEFT, RIGHT];
const KEY: &[u8] = b"number";
const FOLDER: &str = "BAILIWICK_BESIDE_TEST_FOLDER";
const COMMITS: u64 = 300;
/// Several pages, so that a page given back too early would show.
const VALUE_OCTETS: usize = 9000;

fn open(folder: &Path) -> Embedded {
    Embedded::open(folder, &SPACES, Options::default()).unwrap()
}

fn write(store: &Embedded, number: u64) {
    let store: &dyn Store = store;
    let value = vec![number as u8; VALUE_OCTETS];
    let written = store.transact(|transaction| {
        transaction.put(LEFT, KEY, &number.to_be_bytes())?;
        transaction.put(RIGHT, &number.to_be_bytes(), &value)?;
        transaction.delete(RIGHT, &number.saturating_sub(1).to_be_bytes())
    });
    written.unwrap().unwrap();
}

fn read(transaction: &dyn ReadTransaction) -> u64 {
    let number = transaction.get(LEFT, KEY).unwrap().unwrap().to_vec();
    let value = transaction.get(RIGHT, &number).unwrap().expect("both sides are of one commit");
    let number = u64::from_be_bytes(number.try_into().unwrap());
    assert!(value.len() == VALUE_OCTETS && value.iter().all(|octet| *octet == number as u8));
    number
}

/// The writer. Without its folder, as in an ordinary run of the tests, it has nothing to do.
#[test]
fn writer() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder));
    for number in 2..=COMMITS {
        write(&store, number);
    }
    // Readers that were killed hold nothing; living ones are left alone.
    store.forget_dead_readers().unwrap();
    write(&store, COMMITS + 1);
}

#[test]
fn every_snapshot_is_one_whole_commit_and_none_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    write(&open(folder.path()), 1);
    let mut writer = Command::new(env::current_exe().unwrap())
        .args(["writer", "--exact"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let beside = Beside::open(folder.path(), &SPACES, Options::default()).unwrap();
    let old = beside.read().unwrap();
    let first = read(old.as_ref());
    let mut last = first;
    while writer.try_wait().unwrap().is_none() {
        let number = read(beside.read().unwrap().as_ref());
        assert!(number >= last, "{number} after {last}");
        last = number;
    }
    let mut said = String::new();
    writer.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(writer.wait().unwrap().success(), "{said}");
    assert_eq!(read(beside.read().unwrap().as_ref()), COMMITS + 1);
    assert_eq!(read(old.as_ref()), first, "a snapshot never changes");
}

#[test]
fn what_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let beside = |spaces: &[Space]| Beside::open(folder.path(), spaces, Options::default());
    assert!(matches!(beside(&SPACES), Err(Error::Io { .. })));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    drop(open(folder.path()));
    assert!(matches!(beside(&[Space("unknown")]), Err(Error::NoSuchSpace { space: Space("unknown") })));
    drop(beside(&SPACES).unwrap());
    open(folder.path());
}

#[test]
fn a_file_that_lost_its_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    // Enough pages for the loss to be more than what is never written.
    let grown: &dyn Store = &store;
    grown.transact(|transaction| transaction.put(LEFT, KEY, &vec![1; 1 << 20])).unwrap().unwrap();
    drop(store);
    let data = folder.path().join("data.mdb");
    let octets = fs::read(&data).unwrap();
    fs::write(&data, &octets[..octets.len() / 2]).unwrap();
    let opened = Beside::open(folder.path(), &SPACES, Options::default());
    assert!(matches!(opened, Err(Error::Corrupt { .. })));
}
