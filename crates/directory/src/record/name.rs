//! Names hang off the parent's id: renaming a unit of a million users is one write.

use bailiwick_adtypes::dn::{Dn, Rdn, write_rdn};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_store::WriteTransaction;
use sha2::{Digest, Sha256};

use crate::record::index::{self, Postings};
use crate::record::{Draft, EntryId, Fault, NAME, Record, Snapshot};
use crate::schema::{AttributeNumber, Schema};

/// How many octets of a name's matching key go into the store's key as they are.
const NAME_OCTETS_MAX: usize = 400;
/// How deep a tree may be: names are walked upwards by loops that this bounds.
pub(crate) const DEPTH_MAX: usize = 512;

/// Where a name leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// To an object.
    Found(EntryId),
    /// No further than this ancestor; none when not even the naming context is ours.
    Missing(Option<EntryId>),
}

/// The store's key of a name among the children of `parent`.
pub(crate) fn key(schema: &Schema, parent: EntryId, attribute: AttributeNumber, value: &[u8]) -> Vec<u8> {
    let mut key = parent.key().to_vec();
    key.extend_from_slice(&attribute.0.to_be_bytes());
    let start = key.len();
    match schema.attribute(attribute) {
        Some(attribute) => attribute.key(value, &mut key),
        None => key.extend_from_slice(value),
    }
    if key.len() - start > NAME_OCTETS_MAX {
        let digest = Sha256::digest(&key[start..]);
        key.truncate(start + NAME_OCTETS_MAX);
        key.extend_from_slice(&digest);
    }
    key
}

/// Enters an object under its parent.
pub(crate) fn insert(transaction: &mut dyn WriteTransaction, schema: &Schema, draft: &Draft) -> Result<(), Fault> {
    let key = key(schema, draft.parent, draft.rdn_attribute, draft.rdn_value());
    Ok(transaction.put(NAME, &key, &draft.id.key())?)
}

/// Takes an object out from under its parent.
pub(crate) fn remove(transaction: &mut dyn WriteTransaction, schema: &Schema, draft: &Draft) -> Result<(), Fault> {
    transaction.delete(NAME, &key(schema, draft.parent, draft.rdn_attribute, draft.rdn_value()))?;
    Ok(())
}

impl<'t> Snapshot<'t> {
    /// The child of `parent` with this RDN.
    pub fn child(&self, parent: EntryId, attribute: AttributeNumber, value: &[u8]) -> Result<Option<EntryId>, Fault> {
        let found = self.transaction.get(NAME, &key(self.schema, parent, attribute, value))?;
        Ok(found.and_then(EntryId::read))
    }

    /// The child of `parent` whose RDN has this value, whatever attribute names it: siblings differ in their values
    /// ([MS-ADTS] 3.1.1.3.1.2.1). Costs a step for each attribute that names a child.
    pub fn child_valued(&self, parent: EntryId, value: &[u8]) -> Result<Option<EntryId>, Fault> {
        let mut from = parent.key().to_vec();
        while let Some((key, _)) = self.transaction.first_at_or_after(NAME, &from)? {
            let Some(prefix) = key.first_chunk::<12>().filter(|prefix| prefix.starts_with(&parent.key())) else {
                break;
            };
            let [.., a, b, c, d] = *prefix;
            let attribute = AttributeNumber(u32::from_be_bytes([a, b, c, d]));
            if let Some(child) = self.child(parent, attribute, value)? {
                return Ok(Some(child));
            }
            from = index::after_prefix(prefix);
        }
        Ok(None)
    }

    /// Follows a name from its naming context downwards. Naming contexts are children of [`EntryId::NONE`] under the
    /// whole text of their names, so that the walk begins with the longest that fits.
    pub fn resolve(&self, name: &Dn, contexts: &NamingContexts) -> Result<Resolved, Fault> {
        let Some((head, below)) = contexts.context_of(name) else { return Ok(Resolved::Missing(None)) };
        let mut id = head;
        for rdn in name.rdns()[..below].iter().rev() {
            let Some(attribute) = self.schema.attribute_named(&rdn.attribute) else {
                return Ok(Resolved::Missing(Some(id)));
            };
            match self.child(id, attribute.number, rdn.value.as_bytes())? {
                Some(child) => id = child,
                None => return Ok(Resolved::Missing(Some(id))),
            }
        }
        Ok(Resolved::Found(id))
    }

    /// The object with this `objectGUID`.
    pub fn by_guid(&self, guid: &Guid) -> Result<Option<EntryId>, Fault> {
        self.first_with(self.schema.known().object_guid, guid.as_bytes(), |_| true)
    }

    /// The object with this `objectSid`: the living one, else a tombstone. A SID from elsewhere may come back to a group
    /// after the object that stood for it was deleted.
    pub fn by_sid(&self, sid: &Sid) -> Result<Option<EntryId>, Fault> {
        match self.living_by_sid(sid)? {
            Some(id) => Ok(Some(id)),
            None => self.first_with(self.schema.known().object_sid, &sid.to_bytes(), |_| true),
        }
    }

    /// The living object with this `objectSid`.
    pub fn living_by_sid(&self, sid: &Sid) -> Result<Option<EntryId>, Fault> {
        self.first_with(self.schema.known().object_sid, &sid.to_bytes(), |record| !record.is_deleted())
    }

    /// The oldest object that has this stored value of an indexed attribute and passes the test. Tombstones keep values
    /// that living objects may have again, so a caller who wants a living object has to say so.
    pub fn first_with(
        &self,
        attribute: AttributeNumber,
        stored: &[u8],
        passes: impl Fn(&Record<'t>) -> bool,
    ) -> Result<Option<EntryId>, Fault> {
        let Some(definition) = self.schema.attribute(attribute) else { return Ok(None) };
        let mut value_key = Vec::new();
        definition.key(stored, &mut value_key);
        let mut postings = Postings::open(self.transaction, index::value_prefix(attribute, &value_key), EntryId::NONE)?;
        while let Some(id) = postings.peek() {
            if let Some(record) = self.record(id)?
                && record.values(attribute).any(|value| self.equal(attribute, value, stored))
                && passes(&record)
            {
                return Ok(Some(id));
            }
            postings.advance()?;
        }
        Ok(None)
    }

    /// Whether two stored values are equal by the attribute's matching rule.
    pub fn equal(&self, attribute: AttributeNumber, left: &[u8], right: &[u8]) -> bool {
        if left == right {
            return true;
        }
        let Some(attribute) = self.schema.attribute(attribute) else { return false };
        let (mut left_key, mut right_key) = (Vec::new(), Vec::new());
        attribute.key(left, &mut left_key);
        attribute.key(right, &mut right_key);
        left_key == right_key
    }

    /// Appends the name of an object as text.
    pub fn write_dn(&self, record: &Record<'t>, contexts: &NamingContexts, out: &mut String) -> Result<(), Fault> {
        let mut record = *record;
        for _ in 0..DEPTH_MAX {
            if let Some(head) = contexts.text_of(record.id()) {
                out.push_str(head);
                return Ok(());
            }
            self.write_own_rdn(&record, out);
            out.push(',');
            record = self.existing(record.parent())?;
        }
        Err(Fault::Damaged { what: "chain of parents", id: record.id().0 })
    }

    /// The name of an object as text.
    pub fn dn_text(&self, id: EntryId, contexts: &NamingContexts) -> Result<String, Fault> {
        let mut text = String::new();
        self.write_dn(&self.existing(id)?, contexts, &mut text)?;
        Ok(text)
    }

    /// Appends the RDN of an object as text.
    pub fn write_own_rdn(&self, record: &Record<'t>, out: &mut String) {
        let attribute = self.schema.attribute(record.rdn_attribute());
        let attribute = attribute.map_or("CN", |attribute| rdn_type(&attribute.name));
        // Writing to a string does not fail.
        let _infallible = write_rdn(out, attribute, &String::from_utf8_lossy(record.rdn_value()));
    }

    /// Whether `id` is `ancestor` or lies below it.
    pub fn is_within(&self, id: EntryId, ancestor: EntryId) -> Result<bool, Fault> {
        let mut id = id;
        for _ in 0..DEPTH_MAX {
            if id == ancestor {
                return Ok(true);
            }
            if id == EntryId::NONE {
                return Ok(false);
            }
            id = self.existing(id)?.parent();
        }
        Err(Fault::Damaged { what: "chain of parents", id: id.0 })
    }
}

/// The type of an RDN as Active Directory writes it: the short ones in capitals.
fn rdn_type(name: &str) -> &str {
    match name {
        "cn" => "CN",
        "ou" => "OU",
        "dc" => "DC",
        "o" => "O",
        "l" => "L",
        "c" => "C",
        _ => name,
    }
}

/// The naming contexts this directory holds, with their names as text. Few, and fixed while the process runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct NamingContexts {
    heads: Vec<(EntryId, Dn, String)>,
}

impl NamingContexts {
    /// Adds a context.
    pub fn push(&mut self, head: EntryId, name: Dn) {
        let text = name.to_string();
        self.heads.push((head, name, text));
        self.heads.sort_by_key(|(_, name, _)| std::cmp::Reverse(name.len()));
    }

    /// The text of the name of a head; none for an object that heads no context.
    pub fn text_of(&self, id: EntryId) -> Option<&str> {
        self.heads.iter().find(|(head, _, _)| *head == id).map(|(_, _, text)| text.as_str())
    }

    /// The context a name lies in, and how many of its RDNs are below the head.
    pub fn context_of(&self, name: &Dn) -> Option<(EntryId, usize)> {
        self.heads
            .iter()
            .find(|(_, head, _)| name.ends_with_ignore_case(head))
            .map(|(id, head, _)| (*id, name.len() - head.len()))
    }

    /// The heads of the contexts whose names lie below that of `head`.
    pub fn below(&self, head: EntryId) -> Vec<EntryId> {
        let Some((_, name, _)) = self.heads.iter().find(|(id, _, _)| *id == head) else { return Vec::new() };
        self.heads
            .iter()
            .filter(|(id, other, _)| *id != head && other.ends_with_ignore_case(name))
            .map(|(id, _, _)| *id)
            .collect()
    }

    /// Of [`NamingContexts::below`], those with no other context in between.
    pub fn directly_below(&self, head: EntryId) -> Vec<EntryId> {
        let below = self.below(head);
        let nested: Vec<EntryId> = below.iter().flat_map(|id| self.below(*id)).collect();
        below.into_iter().filter(|id| !nested.contains(id)).collect()
    }

    /// All heads with their names.
    pub fn iter(&self) -> impl Iterator<Item = (EntryId, &Dn, &str)> {
        self.heads.iter().map(|(id, name, text)| (*id, name, text.as_str()))
    }

    /// Whether the object heads a context.
    pub fn is_head(&self, id: EntryId) -> bool {
        self.text_of(id).is_some()
    }
}

/// The RDN as the schema names its attribute.
pub(crate) fn rdn_of(schema: &Schema, rdn: &Rdn) -> Option<AttributeNumber> {
    schema.attribute_named(&rdn.attribute).map(|attribute| attribute.number)
}
