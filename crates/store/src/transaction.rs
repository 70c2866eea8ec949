//! The transaction a work sees: its own writes over the batch's writes over a snapshot.

use std::cell::Cell;
use std::collections::btree_map::Range;

use crate::overlay::{Change, Overlay};
use crate::spaces::Spaces;
use crate::{Cursor, Error, KEY_OCTETS_MAX, Pair, ReadTransaction, Space, Touched, VALUE_OCTETS_MAX, WriteTransaction};

/// Three layers, the upper ones hiding the lower ones.
pub(crate) struct Transaction<'b, S> {
    spaces: &'b Spaces,
    snapshot: &'b S,
    batch: &'b Overlay,
    own: Overlay,
    keys_read: Cell<usize>,
    keys_put: usize,
    keys_deleted: usize,
}

impl<'b, S: ReadTransaction> Transaction<'b, S> {
    pub(crate) fn new(spaces: &'b Spaces, snapshot: &'b S, batch: &'b Overlay) -> Self {
        let own = Overlay::new(spaces.len());
        Transaction { spaces, snapshot, batch, own, keys_read: Cell::new(0), keys_put: 0, keys_deleted: 0 }
    }

    /// What the work has written.
    pub(crate) fn into_own(self) -> Overlay {
        self.own
    }

    fn count_read(&self) {
        self.keys_read.set(self.keys_read.get() + 1);
    }

    fn unchanged_in(&self, place: usize) -> bool {
        self.own.is_empty_in(place) && self.batch.is_empty_in(place)
    }

    fn present(&self, space: Space, key: &[u8]) -> Result<Option<&[u8]>, Error> {
        let place = self.spaces.place(space)?;
        match self.own.get(place, key).or_else(|| self.batch.get(place, key)) {
            Some(change) => Ok(change.as_deref()),
            None => self.snapshot.get(space, key),
        }
    }
}

impl<S: ReadTransaction> ReadTransaction for Transaction<'_, S> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<&[u8]>, Error> {
        self.count_read();
        self.present(space, key)
    }

    fn first_at_or_after(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        if self.unchanged_in(self.spaces.place(space)?) {
            self.count_read();
            return self.snapshot.first_at_or_after(space, key);
        }
        let mut cursor = self.cursor(space)?;
        cursor.seek(key)?;
        cursor.next()
    }

    fn last_before(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        self.count_read();
        let place = self.spaces.place(space)?;
        // The greatest key of the three layers wins; when its uppermost change is a deletion,
        // the search goes on before that key.
        let mut before = key;
        loop {
            let below = self.snapshot.last_before(space, before)?;
            let changed = match (self.own.before(place, before), self.batch.before(place, before)) {
                (Some(own), Some(batch)) if batch.0 > own.0 => Some(batch),
                (Some(own), _) => Some(own),
                (None, batch) => batch,
            };
            let Some((key, change)) = changed else { return Ok(below) };
            if below.is_some_and(|(below_key, _)| below_key > key) {
                return Ok(below);
            }
            match change {
                Some(value) => return Ok(Some((key, value))),
                None => before = key,
            }
        }
    }

    fn cursor(&self, space: Space) -> Result<Box<dyn Cursor<'_> + '_>, Error> {
        let place = self.spaces.place(space)?;
        Ok(Box::new(LayeredCursor {
            own: Layer::new(&self.own, place),
            batch: Layer::new(self.batch, place),
            snapshot: self.snapshot.cursor(space)?,
            below: None,
            is_placed: false,
            keys_read: &self.keys_read,
        }))
    }
}

impl<S: ReadTransaction> WriteTransaction for Transaction<'_, S> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), Error> {
        let place = self.spaces.place(space)?;
        // An engine would refuse these only at commit, at the cost of the whole batch.
        if key.is_empty() || key.len() > KEY_OCTETS_MAX {
            return Err(Error::KeyLength { octets: key.len() });
        }
        if value.len() > VALUE_OCTETS_MAX {
            return Err(Error::ValueLength { octets: value.len() });
        }
        self.keys_put += 1;
        self.own.set(place, key, Some(value));
        Ok(())
    }

    fn delete(&mut self, space: Space, key: &[u8]) -> Result<bool, Error> {
        let place = self.spaces.place(space)?;
        self.keys_deleted += 1;
        if self.present(space, key)?.is_none() {
            return Ok(false);
        }
        self.own.set(place, key, None);
        Ok(true)
    }

    fn touched(&self) -> Touched {
        Touched { keys_read: self.keys_read.get(), keys_put: self.keys_put, keys_deleted: self.keys_deleted }
    }
}

/// A walk through one overlay, with the next change at hand.
struct Layer<'t> {
    overlay: &'t Overlay,
    place: usize,
    rest: Range<'t, Box<[u8]>, Change>,
    head: Option<(&'t [u8], &'t Change)>,
}

impl<'t> Layer<'t> {
    fn new(overlay: &'t Overlay, place: usize) -> Self {
        let mut layer = Layer { overlay, place, rest: overlay.from(place, &[]), head: None };
        layer.advance();
        layer
    }

    fn seek(&mut self, key: &[u8]) {
        self.rest = self.overlay.from(self.place, key);
        self.advance();
    }

    fn advance(&mut self) {
        self.head = self.rest.next().map(|(key, change)| (&**key, change));
    }
}

/// The merge of a snapshot's cursor with the two overlays.
struct LayeredCursor<'t> {
    own: Layer<'t>,
    batch: Layer<'t>,
    snapshot: Box<dyn Cursor<'t> + 't>,
    /// The snapshot's pair at hand, once it was asked for: a new cursor is mostly moved at once.
    below: Option<Pair<'t>>,
    is_placed: bool,
    keys_read: &'t Cell<usize>,
}

impl<'t> Cursor<'t> for LayeredCursor<'t> {
    fn seek(&mut self, key: &[u8]) -> Result<(), Error> {
        self.own.seek(key);
        self.batch.seek(key);
        self.is_placed = false;
        self.snapshot.seek(key)
    }

    fn next(&mut self) -> Result<Option<Pair<'t>>, Error> {
        if !self.is_placed {
            self.below = self.snapshot.next()?;
            self.is_placed = true;
        }
        loop {
            let heads =
                [self.own.head.map(|head| head.0), self.batch.head.map(|head| head.0), self.below.map(|pair| pair.0)];
            let Some(key) = heads.into_iter().flatten().min() else { return Ok(None) };
            // Every layer that stands on this key steps past it; the uppermost decides.
            let mut value = None;
            if let Some(pair) = self.below.filter(|pair| pair.0 == key) {
                value = Some(pair.1);
                self.below = self.snapshot.next()?;
            }
            for layer in [&mut self.batch, &mut self.own] {
                if let Some((_, change)) = layer.head.filter(|head| head.0 == key) {
                    value = change.as_deref();
                    layer.advance();
                }
            }
            if let Some(value) = value {
                self.keys_read.set(self.keys_read.get() + 1);
                return Ok(Some((key, value)));
            }
        }
    }
}

#[cfg(test)]
mod tests;
