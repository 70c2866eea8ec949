//! Attributes whose values are links to other objects: what adding, removing and replacing their values does.
//! [MS-ADTS] 3.1.1.1.6 and 3.1.1.5.3.2.
//!
//! Links are never read as a whole to change one of them: a group of a hundred thousand members and one of two cost
//! the same. Only replacing or removing all values walks over them.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use bailiwick_domain::{AttributeFault, Error};
use bailiwick_store::{ReadTransaction, WriteTransaction};

use crate::change;
use crate::record::{EntryId, Fault, link};
use crate::schema::AttributeNumber;

/// A value of an attribute that names objects: the object, and the data beside its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// The object.
    pub target: EntryId,
    /// What the syntax carries beside the name; empty for plain names.
    pub data: Vec<u8>,
}

/// The values of one forward link of one object.
#[derive(Clone, Copy)]
pub(crate) struct Links<'n> {
    /// The link attribute.
    pub attribute: AttributeNumber,
    /// The attribute as the client wrote it, for faults.
    pub name: &'n str,
    /// The object that has the values.
    pub source: EntryId,
}

impl Links<'_> {
    /// Adds values. Whether anything changed.
    ///
    /// # Errors
    /// `ValueExists` for a value that is there, unless `permissive`.
    pub fn add(
        &self,
        transaction: &mut dyn WriteTransaction,
        values: &[Reference],
        permissive: bool,
    ) -> Result<bool, Error> {
        let mut changed = false;
        for value in values {
            match change::link(transaction, self.attribute, self.source, value.target, &value.data)? {
                true => changed = true,
                false if permissive => {}
                false => return Err(Error::attribute(self.name, AttributeFault::ValueExists)),
            }
        }
        Ok(changed)
    }

    /// Removes values. Whether anything changed.
    ///
    /// # Errors
    /// `NotPresent` for a value that is not there, unless `permissive`.
    pub fn delete(
        &self,
        transaction: &mut dyn WriteTransaction,
        values: &[Reference],
        permissive: bool,
    ) -> Result<bool, Error> {
        let mut changed = false;
        for value in values {
            match change::unlink(transaction, self.attribute, self.source, value.target, &value.data)? {
                true => changed = true,
                false if permissive => {}
                false => return Err(Error::attribute(self.name, AttributeFault::NotPresent)),
            }
        }
        Ok(changed)
    }

    /// Makes `values` all the values there are, by the difference. Whether anything changed.
    ///
    /// # Errors
    /// `ValueExists` when a value stands twice in the list, unless `permissive`.
    pub fn replace(
        &self,
        transaction: &mut dyn WriteTransaction,
        values: &[Reference],
        permissive: bool,
    ) -> Result<bool, Error> {
        let before = self.all(transaction)?;
        let after: BTreeSet<Reference> = values.iter().cloned().collect();
        if after.len() < values.len() && !permissive {
            return Err(Error::attribute(self.name, AttributeFault::ValueExists));
        }
        for gone in before.difference(&after) {
            change::unlink(transaction, self.attribute, self.source, gone.target, &gone.data)?;
        }
        for new in after.difference(&before) {
            change::link(transaction, self.attribute, self.source, new.target, &new.data)?;
        }
        Ok(before != after)
    }

    /// How many values there are; counting stops at `cap`.
    pub fn count(&self, transaction: &dyn ReadTransaction, cap: usize) -> Result<usize, Fault> {
        let mut count = 0;
        link::targets(transaction, self.attribute, self.source, EntryId::NONE, &mut |_, _| {
            count += 1;
            if count < cap { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(count)
    }

    fn all(&self, transaction: &dyn ReadTransaction) -> Result<BTreeSet<Reference>, Fault> {
        let mut all = BTreeSet::new();
        link::targets(transaction, self.attribute, self.source, EntryId::NONE, &mut |target, data| {
            all.insert(Reference { target, data: data.to_vec() });
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_store::{Memory, Store};

    use super::*;
    use crate::record::SPACES;

    const LINKS: Links<'_> = Links { attribute: AttributeNumber(7), name: "Member", source: EntryId(1) };

    fn references(targets: &[u64]) -> Vec<Reference> {
        targets.iter().map(|target| Reference { target: EntryId(*target), data: Vec::new() }).collect()
    }

    fn check(
        act: impl Fn(&mut dyn WriteTransaction) -> Result<bool, Error> + Send + Sync,
        changed: bool,
        after: &[u64],
    ) {
        let store = Memory::open(SPACES);
        let store: &dyn Store = &store;
        let outcome: Result<(), Error> = store
            .transact(|transaction| {
                LINKS.add(transaction, &references(&[2, 3]), false)?;
                assert_eq!(act(transaction)?, changed);
                let all: Vec<u64> = LINKS.all(transaction)?.into_iter().map(|value| value.target.0).collect();
                assert_eq!(all, after);
                Ok(())
            })
            .unwrap();
        assert_eq!(outcome, Ok(()));
    }

    fn refused(act: impl Fn(&mut dyn WriteTransaction) -> Result<bool, Error> + Send + Sync, fault: AttributeFault) {
        let store = Memory::open(SPACES);
        let store: &dyn Store = &store;
        let outcome = store
            .transact(|transaction| {
                LINKS.add(transaction, &references(&[2, 3]), false)?;
                act(transaction)
            })
            .unwrap();
        assert_eq!(outcome, Err(Error::attribute("Member", fault)));
    }

    #[test]
    fn values_come_and_go() {
        check(|t| LINKS.add(t, &references(&[4]), false), true, &[2, 3, 4]);
        check(|t| LINKS.delete(t, &references(&[2]), false), true, &[3]);
        check(|t| LINKS.replace(t, &references(&[3, 9]), false), true, &[3, 9]);
        check(|t| LINKS.replace(t, &[], false), true, &[]);
        check(|t| LINKS.replace(t, &references(&[3, 2]), false), false, &[2, 3]);
    }

    #[test]
    fn what_is_there_or_not_is_refused_unless_permitted() {
        refused(|t| LINKS.add(t, &references(&[4, 3]), false), AttributeFault::ValueExists);
        refused(|t| LINKS.add(t, &references(&[4, 4]), false), AttributeFault::ValueExists);
        refused(|t| LINKS.delete(t, &references(&[4]), false), AttributeFault::NotPresent);
        refused(|t| LINKS.replace(t, &references(&[4, 4]), false), AttributeFault::ValueExists);
        check(|t| LINKS.add(t, &references(&[4, 3]), true), true, &[2, 3, 4]);
        check(|t| LINKS.delete(t, &references(&[4]), true), false, &[2, 3]);
    }
}
