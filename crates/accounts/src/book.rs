//! Numbered records that are also found by name, in any case of letters: what users and groups of either kind are kept as.

use std::marker::PhantomData;

use bailiwick_store::{Error, ReadTransaction, Space, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Counts of records by space, and the numbers that were given last: 8 octets each, big-endian.
pub(crate) const COUNTER: Space = Space("account-counter");

/// The most octets of a name that are part of its key; names that are alike so far are told apart by their records.
const KEY_NAME_OCTETS_MAX: usize = 400;
/// Ends the name in a key, so that a name does not begin another's.
const NAME_END: u8 = 0;
/// Octets of a number in a key.
const NUMBER_OCTETS: usize = 4;
/// Comes after every name in UTF-8 and every number that is given.
const AFTER_LAST: &[u8] = &[0xff; 8];

/// What a book holds.
pub(crate) trait Named: Serialize + DeserializeOwned {
    /// Its number, which never changes.
    fn number(&self) -> u32;
    /// Its name as it is shown.
    fn name(&self) -> &str;
}

/// The records of one kind: by number in one space, and their names in order in another.
pub(crate) struct Book<T> {
    records: Space,
    names: Space,
    of: PhantomData<fn() -> T>,
}

/// What a page is in the order of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Names, then numbers.
    Name,
    /// Numbers.
    Number,
}

/// The form of a name in which two that differ in case are the same.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}

impl<T: Named> Book<T> {
    pub const fn new(records: Space, names: Space) -> Book<T> {
        Book { records, names, of: PhantomData }
    }

    /// The record of a number.
    pub fn get(&self, transaction: &dyn ReadTransaction, number: u32) -> Result<Option<T>, Error> {
        transaction.get(self.records, &number.to_be_bytes())?.map(|octets| self.parse(octets)).transpose()
    }

    /// The record that has the name.
    pub fn find(&self, transaction: &dyn ReadTransaction, name: &str) -> Result<Option<T>, Error> {
        let folded = folded(name);
        let prefix = name_prefix(&folded);
        let mut cursor = transaction.cursor(self.names)?;
        cursor.seek(&prefix)?;
        while let Some((key, _)) = cursor.next()? {
            if !key.starts_with(&prefix) {
                break;
            }
            let record = self.named_by(transaction, key)?;
            if self::folded(record.name()) == folded {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Keeps a new record, or one in the place of `former`, which has the same number.
    pub fn put(&self, transaction: &mut dyn WriteTransaction, record: &T, former: Option<&T>) -> Result<(), Error> {
        let key = name_key(record);
        match former {
            Some(former) if name_key(former) == key => {}
            Some(former) => {
                transaction.delete(self.names, &name_key(former))?;
                transaction.put(self.names, &key, &[])?;
            }
            None => {
                transaction.put(self.names, &key, &[])?;
                let count = self.count(transaction)? + 1;
                write_counter(transaction, self.records.0, count)?;
            }
        }
        transaction.put(self.records, &record.number().to_be_bytes(), &kept(record))
    }

    /// Removes a record that is there.
    pub fn remove(&self, transaction: &mut dyn WriteTransaction, record: &T) -> Result<(), Error> {
        transaction.delete(self.names, &name_key(record))?;
        if transaction.delete(self.records, &record.number().to_be_bytes())? {
            let count = self.count(transaction)?.saturating_sub(1);
            write_counter(transaction, self.records.0, count)?;
        }
        Ok(())
    }

    /// How many records there are.
    pub fn count(&self, transaction: &dyn ReadTransaction) -> Result<u64, Error> {
        counter(transaction, self.records.0)
    }

    /// The records from `offset` on, at most `limit` of them. Those before are passed over by their keys alone.
    pub fn page(
        &self,
        transaction: &dyn ReadTransaction,
        order: Order,
        descending: bool,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        let space = match order {
            Order::Name => self.names,
            Order::Number => self.records,
        };
        let mut passed = 0;
        let mut take = |key: &[u8], value: &[u8]| -> Result<bool, Error> {
            passed += 1;
            if passed <= offset {
                return Ok(true);
            }
            found.push(match order {
                Order::Name => self.named_by(transaction, key)?,
                Order::Number => self.parse(value)?,
            });
            Ok(passed - offset < limit)
        };
        if descending {
            let mut before = AFTER_LAST.to_vec();
            while let Some((key, value)) = transaction.last_before(space, &before)? {
                if !take(key, value)? {
                    break;
                }
                before = key.to_vec();
            }
        } else {
            let mut cursor = transaction.cursor(space)?;
            while let Some((key, value)) = cursor.next()? {
                if !take(key, value)? {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Visits every record in the order of numbers.
    pub fn each(&self, transaction: &dyn ReadTransaction, mut visit: impl FnMut(T)) -> Result<(), Error> {
        let mut cursor = transaction.cursor(self.records)?;
        while let Some((_, octets)) = cursor.next()? {
            visit(self.parse(octets)?);
        }
        Ok(())
    }

    /// The first record whose number is `number` or greater.
    pub fn at_or_after(&self, transaction: &dyn ReadTransaction, number: u32) -> Result<Option<T>, Error> {
        let found = transaction.first_at_or_after(self.records, &number.to_be_bytes())?;
        found.map(|(_, octets)| self.parse(octets)).transpose()
    }

    fn named_by(&self, transaction: &dyn ReadTransaction, name_key: &[u8]) -> Result<T, Error> {
        let number = name_key.last_chunk::<NUMBER_OCTETS>().map(|octets| u32::from_be_bytes(*octets));
        match number.map(|number| self.get(transaction, number)).transpose()?.flatten() {
            Some(record) => Ok(record),
            None => Err(Error::Corrupt { doing: "reading the record of a name" }),
        }
    }

    fn parse(&self, octets: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(octets).map_err(|_| Error::Corrupt { doing: "reading an account" })
    }
}

/// The octets in which a record is kept.
pub(crate) fn kept(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("a kept record has text keys and no type that JSON lacks")
}

/// The next number of a kind, which is never given again; the first one is `first`.
pub(crate) fn next_number(transaction: &mut dyn WriteTransaction, kind: &str, first: u32) -> Result<u32, Error> {
    let number = counter(transaction, kind)?.max(u64::from(first) - 1) + 1;
    write_counter(transaction, kind, number)?;
    u32::try_from(number).map_err(|_| Error::Corrupt { doing: "counting accounts" })
}

/// A counter's value; zero when it was never written.
pub(crate) fn counter(transaction: &dyn ReadTransaction, name: &str) -> Result<u64, Error> {
    match transaction.get(COUNTER, name.as_bytes())? {
        None => Ok(0),
        Some(octets) => octets
            .try_into()
            .map(u64::from_be_bytes)
            .map_err(|_| Error::Corrupt { doing: "reading how many accounts there are" }),
    }
}

/// Sets a counter.
pub(crate) fn write_counter(transaction: &mut dyn WriteTransaction, name: &str, value: u64) -> Result<(), Error> {
    transaction.put(COUNTER, name.as_bytes(), &value.to_be_bytes())
}

fn name_prefix(folded: &str) -> Vec<u8> {
    let cut = folded.floor_char_boundary(KEY_NAME_OCTETS_MAX);
    let mut key = folded.as_bytes()[..cut].to_vec();
    key.push(NAME_END);
    key
}

fn name_key(record: &impl Named) -> Vec<u8> {
    let mut key = name_prefix(&folded(record.name()));
    key.extend_from_slice(&record.number().to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use bailiwick_store::{Memory, Store};
    use serde::Deserialize;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Thing {
        number: u32,
        name: String,
    }

    impl Named for Thing {
        fn number(&self) -> u32 {
            self.number
        }

        fn name(&self) -> &str {
            &self.name
        }
    }

    const RECORDS: Space = Space("thing");
    const NAMES: Space = Space("thing-name");
    const THINGS: Book<Thing> = Book::new(RECORDS, NAMES);

    fn thing(number: u32, name: &str) -> Thing {
        Thing { number, name: name.to_owned() }
    }

    fn filled(things: &[(u32, &str)]) -> Memory {
        let memory = Memory::open(&[RECORDS, NAMES, COUNTER]);
        let store: &dyn Store = &memory;
        store
            .transact(|transaction| {
                things.iter().try_for_each(|(number, name)| THINGS.put(transaction, &thing(*number, name), None))
            })
            .unwrap()
            .unwrap();
        memory
    }

    fn numbers(store: &dyn Store, order: Order, descending: bool, offset: u64, limit: u64) -> Vec<u32> {
        let transaction = store.read().unwrap();
        let page = THINGS.page(transaction.as_ref(), order, descending, offset, limit).unwrap();
        page.into_iter().map(|thing| thing.number).collect()
    }

    #[test]
    fn a_name_is_found_in_any_case_and_is_no_prefix_of_another() {
        let long = "x".repeat(500);
        let longer = "x".repeat(501);
        let store = filled(&[(1, "Ada"), (2, "adam"), (3, "Ärger"), (4, &long), (5, &longer)]);
        let transaction = store.read().unwrap();
        let find = |name: &str| THINGS.find(transaction.as_ref(), name).unwrap().map(|thing| thing.number);
        for (name, number) in [
            ("ADA", Some(1)),
            ("Adam", Some(2)),
            ("äRGER", Some(3)),
            (&long, Some(4)),
            (&longer, Some(5)),
            ("ad", None),
        ] {
            assert_eq!(find(name), number, "{name}");
        }
        assert_eq!(THINGS.count(transaction.as_ref()).unwrap(), 5);
    }

    #[test]
    fn pages_follow_one_another_in_every_order() {
        let store = filled(&[(3, "a"), (1, "C"), (2, "b"), (9, "d")]);
        assert_eq!(numbers(&store, Order::Name, false, 0, u64::MAX), [3, 2, 1, 9]);
        assert_eq!(numbers(&store, Order::Name, false, 1, 2), [2, 1]);
        assert_eq!(numbers(&store, Order::Name, true, 1, 2), [1, 2]);
        assert_eq!(numbers(&store, Order::Number, false, 2, 9), [3, 9]);
        assert_eq!(numbers(&store, Order::Number, true, 0, 1), [9]);
        assert_eq!(numbers(&store, Order::Name, false, 4, 5), [0_u32; 0]);
        assert_eq!(numbers(&store, Order::Name, false, 0, 0), [0_u32; 0]);
    }

    #[test]
    fn a_rename_and_a_removal_leave_nothing_behind() {
        let memory = filled(&[(1, "Ada"), (2, "Bob")]);
        let store: &dyn Store = &memory;
        let changed = store.transact(|transaction| {
            THINGS.put(transaction, &thing(1, "Zoe"), Some(&thing(1, "Ada")))?;
            THINGS.remove(transaction, &thing(2, "Bob"))?;
            THINGS.count(transaction)
        });
        assert_eq!(changed.unwrap().unwrap(), 1);
        assert_eq!(numbers(store, Order::Name, false, 0, 9), [1]);
        let transaction = store.read().unwrap();
        assert_eq!(THINGS.find(transaction.as_ref(), "Ada").unwrap(), None);
        assert_eq!(THINGS.find(transaction.as_ref(), "zoe").unwrap(), Some(thing(1, "Zoe")));
    }

    #[test]
    fn a_number_is_given_once() {
        let memory = filled(&[]);
        let store: &dyn Store = &memory;
        let next = |first| store.transact(|transaction| next_number(transaction, "uid", first)).unwrap().unwrap();
        assert_eq!([next(1024), next(1024), next(5)], [1024, 1025, 1026]);
    }
}
