//! The embedded engine: the battery, and what only files have.

use std::fs;

use bailiwick_store::battery::{ONE, SPACES, Subject};
use bailiwick_store::{Committed, Embedded, Error, Options, Space, Stop, Store};
use tempfile::TempDir;

struct InFolder {
    store: Embedded,
    options: Options,
    folder: TempDir,
}

impl InFolder {
    fn open_with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Embedded::open(folder.path(), &SPACES, options.clone()).unwrap();
        InFolder { store, options, folder }
    }
}

impl Subject for InFolder {
    fn open() -> Self {
        Self::open_with(Options::default())
    }

    fn open_tight() -> Self {
        Self::open_with(Options { map_octets: 4 << 20, ..Options::default() })
    }

    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn reopen(self) -> Self {
        let InFolder { store, options, folder } = self;
        drop(store);
        let store = Embedded::open(folder.path(), &SPACES, options.clone()).unwrap();
        InFolder { store, options, folder }
    }
}

bailiwick_store::every_engine_passes!(InFolder);

fn put(store: &Embedded, key: &[u8], value: &[u8]) {
    let ended = store.write(&mut |t| t.put(ONE, key, value).map_err(|_| Stop)).unwrap();
    assert!(matches!(ended, Committed::Durable { .. }));
}

fn value(store: &Embedded, key: &[u8]) -> Option<Vec<u8>> {
    store.read().unwrap().get(ONE, key).unwrap().map(<[u8]>::to_vec)
}

#[test]
fn a_folder_that_is_open_is_in_use_until_it_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Embedded::open(folder.path(), &SPACES, Options::default()).unwrap();
    let second = Embedded::open(folder.path(), &SPACES, Options::default());
    assert!(matches!(second.err(), Some(Error::InUse { folder: named }) if named == folder.path()));
    drop(store);
    Embedded::open(folder.path(), &SPACES, Options::default()).unwrap();
}

#[test]
fn a_file_in_place_of_the_folder_is_not_writable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "").unwrap();
    for path in [path.clone(), path.join("below")] {
        let opened = Embedded::open(&path, &SPACES, Options::default());
        assert!(matches!(opened.err(), Some(Error::NotWritable { .. })));
    }
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[test]
fn a_file_that_is_not_a_store_is_corrupt_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.mdb");
    let text = "This is not a store. ".repeat(1000);
    fs::write(&path, &text).unwrap();
    let opened = Embedded::open(folder.path(), &SPACES, Options::default());
    assert!(matches!(opened.err(), Some(Error::Corrupt { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_file_that_has_lost_its_end_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let store = Embedded::open(folder.path(), &SPACES, Options::default()).unwrap();
    (0..100).for_each(|n| put(&store, &[n], &[n; 20_000]));
    drop(store);
    let file = fs::OpenOptions::new().write(true).open(folder.path().join("data.mdb")).unwrap();
    let octets = file.metadata().unwrap().len();
    for part in [octets / 2, octets / 10, 5000, 100] {
        file.set_len(part).unwrap();
        let opened = Embedded::open(folder.path(), &SPACES, Options::default());
        assert!(matches!(opened.err(), Some(Error::Corrupt { .. })), "{part} of {octets} octets");
    }
}

#[test]
fn a_space_can_be_added_later() {
    let folder = tempfile::tempdir().unwrap();
    let store = Embedded::open(folder.path(), &[ONE], Options::default()).unwrap();
    put(&store, b"a", b"1");
    drop(store);
    let later = Space("later");
    let store = Embedded::open(folder.path(), &[later, ONE], Options::default()).unwrap();
    assert_eq!(value(&store, b"a").as_deref(), Some(&b"1"[..]));
    assert_eq!(store.read().unwrap().get(later, b"a").unwrap(), None);
}

#[test]
fn a_copy_opens_with_the_data_of_its_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = Embedded::open(folder.path().join("from"), &SPACES, Options::default()).unwrap();
    put(&store, b"a", b"1");
    store.copy_to(folder.path().join("to")).unwrap();
    put(&store, b"a", b"2");
    let copy = Embedded::open(folder.path().join("to"), &SPACES, Options::default()).unwrap();
    assert_eq!(value(&copy, b"a").as_deref(), Some(&b"1"[..]));
    assert!(matches!(store.copy_to(folder.path().join("to")), Err(Error::Io { .. })));
}

#[test]
fn files_of_a_closed_store_can_be_copied() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    let store = Embedded::open(&from, &SPACES, Options::default()).unwrap();
    put(&store, b"a", b"1");
    drop(store);
    fs::create_dir(&to).unwrap();
    for entry in fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    let copy = Embedded::open(&to, &SPACES, Options::default()).unwrap();
    assert_eq!(value(&copy, b"a").as_deref(), Some(&b"1"[..]));
}

#[test]
fn a_full_map_goes_on_when_opened_larger() {
    let folder = tempfile::tempdir().unwrap();
    let small = Options { map_octets: 1 << 20, ..Options::default() };
    let store = Embedded::open(folder.path(), &SPACES, small.clone()).unwrap();
    put(&store, b"a", b"1");
    let large = vec![1; 2 << 20];
    let ended = store.write(&mut |t| t.put(ONE, b"large", &large).map_err(|_| Stop));
    assert!(matches!(ended, Err(Error::MapFull { map_octets }) if map_octets == small.map_octets), "{ended:?}");
    drop(store);
    let store = Embedded::open(folder.path(), &SPACES, Options::default()).unwrap();
    put(&store, b"large", &large);
    assert_eq!(value(&store, b"a").as_deref(), Some(&b"1"[..]));
}

#[test]
fn more_snapshots_than_allowed_are_an_error_and_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { readers_max: 4, ..Options::default() };
    let store = Embedded::open(folder.path(), &SPACES, options).unwrap();
    let mut open = Vec::new();
    let refused = loop {
        match store.read() {
            Ok(snapshot) => open.push(snapshot),
            Err(error) => break error,
        }
        assert!(open.len() <= 1000, "there is no limit");
    };
    assert!(matches!(refused, Error::TooManyReaders), "{refused:?}");
    drop(open);
    put(&store, b"a", b"1");
    assert_eq!(value(&store, b"a").as_deref(), Some(&b"1"[..]));
}
