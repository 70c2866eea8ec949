//! The directory as one transaction sees it.

use bailiwick_store::ReadTransaction;

use crate::record::{EntryId, Fault, RECORD, Record};
use crate::schema::Schema;

/// One transaction's view, with the schema it is read by. Everything borrowed from it lives as long as it.
#[derive(Clone, Copy)]
pub(crate) struct Snapshot<'t> {
    /// The transaction.
    pub transaction: &'t dyn ReadTransaction,
    /// The schema in force.
    pub schema: &'t Schema,
}

impl<'t> Snapshot<'t> {
    /// The object with this number; none when there is no such object.
    pub fn record(&self, id: EntryId) -> Result<Option<Record<'t>>, Fault> {
        match self.transaction.get(RECORD, &id.key())? {
            Some(octets) => Record::new(id, octets).map(Some),
            None => Ok(None),
        }
    }

    /// The object with this number, which a stored reference says exists.
    pub fn existing(&self, id: EntryId) -> Result<Record<'t>, Fault> {
        self.record(id)?.ok_or(Fault::Damaged { what: "reference to it", id: id.0 })
    }
}
