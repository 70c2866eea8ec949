//! What is read once when a directory is opened: its schema and its limits.

use std::collections::HashMap;

use bailiwick_domain::Limits;
use bailiwick_store::{ReadTransaction, Store};

use crate::founding::Facts;
use crate::native::{META_BOOTSTRAP, META_ENTRY_ID, META_FORMAT, META_RID, OpenError};
use crate::record::index::{self, Postings};
use crate::record::sequence::Lease;
use crate::record::{EntryId, FORMAT, Fault, META, RECORD, Record, Snapshot};
use crate::schema::{AttributeDefinition, AttributeNumber, ClassDefinition, ClassNumber, Schema};

/// How many entry ids are leased at a time.
const ENTRY_ID_BLOCK: u64 = 1024;
/// How many RIDs are leased at a time, as domain controllers do.
const RID_BLOCK: u64 = 500;
/// The greatest RID that is given. [MS-ADTS] 3.1.1.1.11.
const RID_MAX: u64 = (1 << 30) - 1;

/// The limits that the policy object may set, by their names in `lDAPAdminLimits`. [MS-ADTS] 3.1.1.3.4.6.
pub(crate) const POLICIES: [&str; 4] = ["MaxPageSize", "MaxQueryDuration", "MaxTempTableSize", "MaxValRange"];

/// What is read when a directory is opened.
pub(crate) struct Opened {
    pub facts: Facts,
    pub schema: Schema,
    pub limits: Limits,
    pub entry_ids: Lease,
    pub rids: Lease,
}

/// Reads it all in one snapshot.
///
/// # Errors
/// `NotProvisioned` when there is no domain, `NewerFormat` when a newer program wrote it.
pub(crate) fn read(store: &dyn Store) -> Result<Opened, OpenError> {
    let transaction = store.read()?;
    let transaction: &dyn ReadTransaction = transaction.as_ref();
    let found = match transaction.get(META, META_FORMAT)? {
        Some(octets) => octets.first_chunk::<4>().map_or(0, |octets| u32::from_be_bytes(*octets)),
        None => return Err(OpenError::NotProvisioned),
    };
    if found > FORMAT {
        return Err(OpenError::NewerFormat { found, known: FORMAT });
    }
    let facts = Facts::read(transaction)?;
    let schema = load_schema(transaction, facts.schema)?;
    let limits = load_limits(Snapshot { transaction, schema: &schema }, facts.query_policy)?;
    let entry_ids = Lease::open(transaction, META_ENTRY_ID, ENTRY_ID_BLOCK, u64::MAX - 1)?;
    let rids = Lease::open(transaction, META_RID, RID_BLOCK, RID_MAX)?;
    Ok(Opened { facts, schema, limits, entry_ids, rids })
}

/// Reads the schema from its objects, which are the children of the head of the schema.
///
/// Records name attributes by number, and which number is `lDAPDisplayName` stands in the schema itself; the
/// founding wrote that down apart.
fn load_schema(transaction: &dyn ReadTransaction, head: EntryId) -> Result<Schema, OpenError> {
    let damaged = |what: String| OpenError::Damaged { what };
    let bootstrap = transaction.get(META, META_BOOTSTRAP)?.ok_or(OpenError::NotProvisioned)?;
    let bootstrap = String::from_utf8_lossy(bootstrap);
    let numbers: HashMap<&str, AttributeNumber> = bootstrap
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, number)| Some((name, AttributeNumber(number.parse().ok()?))))
        .collect();
    let (mut attributes, mut classes) = (Vec::new(), Vec::new());
    let children = index::value_prefix(index::CHILDREN, &head.key());
    let mut postings = Postings::open(transaction, children, EntryId::NONE)?;
    while let Some(id) = postings.peek() {
        postings.advance()?;
        let Some(octets) = transaction.get(RECORD, &id.key())? else { continue };
        let record = Record::new(id, octets)?;
        let values = |name: &str| match numbers.get(name) {
            Some(number) => record.values(*number).collect(),
            None => Vec::new(),
        };
        let number = u32::try_from(id.0).map_err(|_| damaged(format!("schema object {}", id.0)))?;
        let is = |class: &str| values("objectClass").iter().any(|value| value.eq_ignore_ascii_case(class.as_bytes()));
        if is("attributeSchema") {
            let definition = AttributeDefinition::from_values(AttributeNumber(number), &values);
            attributes.push(definition.map_err(|error| damaged(format!("attribute {number}: {error}")))?);
        } else if is("classSchema") {
            let definition = ClassDefinition::from_values(ClassNumber(number), &values);
            classes.push(definition.map_err(|error| damaged(format!("class {number}: {error}")))?);
        }
    }
    Schema::from_definitions(attributes, classes).map_err(|error| damaged(error.to_string()))
}

/// Reads the limits from the policy object: values of `lDAPAdminLimits` such as `MaxPageSize=1000`.
/// [MS-ADTS] 3.1.1.3.4.6. What it does not say, or says wrongly, keeps its default.
pub(crate) fn load_limits(snapshot: Snapshot<'_>, policy: EntryId) -> Result<Limits, Fault> {
    let mut limits = Limits::default();
    let Some(record) = snapshot.record(policy)? else { return Ok(limits) };
    for value in record.values(snapshot.schema.known().ldap_admin_limits) {
        let Some((name, number)) = std::str::from_utf8(value).ok().and_then(|text| text.split_once('=')) else {
            continue;
        };
        let Ok(number) = number.parse::<u32>() else { continue };
        match name {
            "MaxPageSize" if number > 0 => limits.page_entries_max = number,
            "MaxValRange" if number > 0 => limits.range_values_max = number,
            "MaxQueryDuration" if number > 0 => limits.query_seconds_max = number,
            "MaxTempTableSize" if number > 0 => limits.sort_entries_max = number,
            _ => {}
        }
    }
    Ok(limits)
}
