//! How objects lie in the store: records, names, links, indexes, descriptors and counters.
//!
//! Everything here is mechanism. What may be written is decided in `rule`, what may be read in `access`.

mod fault;
mod layout;
mod snapshot;

pub(crate) mod credential;
pub(crate) mod descriptor;
pub(crate) mod index;
pub(crate) mod link;
pub(crate) mod name;
pub(crate) mod reference;
pub(crate) mod sequence;

pub(crate) use fault::Fault;
pub(crate) use layout::{Draft, Record, Values};
pub(crate) use snapshot::Snapshot;

use bailiwick_store::Space;

/// Format of the data folder; a folder with a greater number is refused, one with a smaller is migrated.
pub(crate) const FORMAT: u32 = 1;

/// Facts about the domain and durable counters, by name.
pub(crate) const META: Space = Space("meta");
/// Entry id → record.
pub(crate) const RECORD: Space = Space("record");
/// Parent id, RDN attribute, name key → entry id.
pub(crate) const NAME: Space = Space("name");
/// Attribute, value key, first id → the ids of a chunk.
pub(crate) const INDEX: Space = Space("index");
/// Source id, link attribute, target id → what the value carries beside the name.
pub(crate) const LINK: Space = Space("link");
/// Target id, link attribute, source id → nothing.
pub(crate) const BACK_LINK: Space = Space("back-link");
/// Descriptor number → descriptor; digest → descriptor number.
pub(crate) const DESCRIPTOR: Space = Space("descriptor");
/// Entry id → password hash.
pub(crate) const CREDENTIAL: Space = Space("credential");

/// All spaces of the directory's data file.
pub const SPACES: &[Space] = &[META, RECORD, NAME, INDEX, LINK, BACK_LINK, DESCRIPTOR, CREDENTIAL];

/// The number of an object in this data file: given once, never again. Greater is younger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(pub u64);

impl EntryId {
    /// The parent of naming contexts: no object has this number.
    pub const NONE: EntryId = EntryId(0);

    /// The octets of the number in key order.
    pub fn key(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    /// The number at the start of a key or stored name value.
    pub fn read(octets: &[u8]) -> Option<EntryId> {
        octets.first_chunk::<8>().map(|octets| EntryId(u64::from_be_bytes(*octets)))
    }
}

/// The number of a stored security descriptor; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DescriptorId(pub u32);
