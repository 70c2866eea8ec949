//! Writes that are not yet in the engine: ordered, per space, with deletions remembered.

use std::collections::BTreeMap;
use std::collections::btree_map::Range;
use std::ops::Bound;

/// A key's new value; `None` marks a deletion, which hides the layers below.
pub(crate) type Change = Option<Box<[u8]>>;

type Changes = BTreeMap<Box<[u8]>, Change>;

/// The changed keys of every space, by the space's place.
#[derive(Debug)]
pub(crate) struct Overlay {
    spaces: Box<[Changes]>,
    octets: usize,
}

impl Overlay {
    pub(crate) fn new(spaces: usize) -> Self {
        Overlay { spaces: (0..spaces).map(|_| Changes::new()).collect(), octets: 0 }
    }

    pub(crate) fn set(&mut self, place: usize, key: &[u8], change: Option<&[u8]>) {
        self.octets += key.len() + change.map_or(0, <[u8]>::len);
        self.spaces[place].insert(key.into(), change.map(Into::into));
    }

    pub(crate) fn get(&self, place: usize, key: &[u8]) -> Option<&Change> {
        self.spaces[place].get(key)
    }

    /// The changes from `key` on.
    pub(crate) fn from(&self, place: usize, key: &[u8]) -> Range<'_, Box<[u8]>, Change> {
        self.spaces[place].range::<[u8], _>((Bound::Included(key), Bound::Unbounded))
    }

    /// The last change before `key`.
    pub(crate) fn before(&self, place: usize, key: &[u8]) -> Option<(&[u8], &Change)> {
        let mut range = self.spaces[place].range::<[u8], _>((Bound::Unbounded, Bound::Excluded(key)));
        range.next_back().map(|(key, change)| (&**key, change))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spaces.iter().all(Changes::is_empty)
    }

    pub(crate) fn is_empty_in(&self, place: usize) -> bool {
        self.spaces[place].is_empty()
    }

    /// Octets ever set; an upper bound of what the overlay holds.
    pub(crate) fn octets(&self) -> usize {
        self.octets
    }

    /// Lays `newer` on top. Moving whole maps and single keys keeps a small work cheap on top of
    /// a large batch; `BTreeMap::append` would rebuild the large one.
    pub(crate) fn absorb(&mut self, newer: Overlay) {
        self.octets += newer.octets;
        for (under, over) in self.spaces.iter_mut().zip(newer.spaces) {
            if under.is_empty() {
                *under = over;
            } else {
                under.extend(over);
            }
        }
    }

    /// Every change in key order, with its space's place.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (usize, &[u8], Option<&[u8]>)> {
        self.spaces
            .iter()
            .enumerate()
            .flat_map(|(place, changes)| changes.iter().map(move |(key, change)| (place, &**key, change.as_deref())))
    }
}
