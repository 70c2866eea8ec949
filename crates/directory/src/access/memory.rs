//! What is remembered of descriptors and decisions, so that a search with checks on costs little more than one without.
//!
//! Nothing here grows stale. An effective descriptor is found by what it is a function of, and a decision by the
//! descriptor, the class and the requester's SIDs.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use bailiwick_adtypes::acl::AccessEntry;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Identity, Requester};
use bailiwick_store::ReadTransaction;
use parking_lot::{Mutex, RwLock};

use crate::access::decision::Asker;
use crate::access::inheritance;
use crate::access::sight::{Guarded, Sight};
use crate::access::token::Token;
use crate::record::{DescriptorId, EntryId, Fault, descriptor};
use crate::schema::{ClassNumber, Schema};

/// How many effective descriptors are remembered. More begin anew.
const EFFECTIVE_MAX: usize = 4096;
/// How many requesters are remembered. More begin anew.
const REQUESTERS_MAX: usize = 1024;
/// How many decisions are remembered for one requester. More begin anew.
const DECISIONS_MAX: usize = 2048;
/// How many different views are remembered. More begin anew.
const SIGHTS_MAX: usize = 16_384;

/// What a directory remembers while it is open.
#[derive(Default)]
pub(crate) struct Memory {
    effective: RwLock<Effectives>,
    requesters: RwLock<HashMap<WhoAsks, Arc<Decisions>>>,
    /// Equal views are one: most requesters see most objects alike.
    sights: Mutex<HashSet<Arc<Sight>>>,
    everything: OnceLock<Arc<Sight>>,
    guarded: OnceLock<Guarded>,
}

#[derive(Default)]
struct Effectives {
    derived: HashMap<(Above, DescriptorId, ClassNumber), Derived>,
    /// Equal descriptors are one, however they came about: decisions on them are made once.
    by_content: HashMap<SecurityDescriptor, Arc<Effective>>,
    last: u64,
}

struct Derived {
    explicit: Box<[u8]>,
    effective: Arc<Effective>,
    /// Whether a reader has found it in the store: a stored descriptor keeps its number for ever.
    stored: bool,
}

/// What an object inherits from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Above {
    /// Nothing: it heads a naming context.
    Nothing,
    /// What it inherited is part of what is stored: a tombstone keeps what it had ([MS-ADTS] 6.1.3).
    Kept,
    /// The descriptor with this number.
    Parent(u64),
}

/// An effective descriptor.
#[derive(Debug)]
pub(crate) struct Effective {
    number: u64,
    /// The descriptor.
    pub descriptor: SecurityDescriptor,
    /// Whether an entry speaks of the object itself, so that decisions depend on who that is.
    pub speaks_of_self: bool,
}

/// What an object is, as far as its descriptor depends on it.
#[derive(Clone, Copy)]
pub(crate) struct Explicit<'t> {
    /// The object, for faults.
    pub id: EntryId,
    /// The number of its explicit descriptor.
    pub descriptor: DescriptorId,
    /// Where the octets of it are.
    pub transaction: &'t dyn ReadTransaction,
    /// Whether the transaction sees only what is stored for good. In one that writes, a descriptor may have a number
    /// that will be another one's when the transaction is refused.
    pub stored: bool,
    /// Its class.
    pub class: ClassNumber,
    /// Whether it is a tombstone.
    pub deleted: bool,
}

impl Effective {
    /// Tells it from all others that this process ever made.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl Memory {
    /// The effective descriptor of an object below `parent`.
    ///
    /// # Errors
    /// `Damaged` when its stored descriptor is none.
    pub fn effective(
        &self,
        schema: &Schema,
        parent: Option<&Effective>,
        explicit: Explicit<'_>,
    ) -> Result<Arc<Effective>, Fault> {
        let above = match parent {
            _ if explicit.deleted => Above::Kept,
            Some(parent) => Above::Parent(parent.number),
            None => Above::Nothing,
        };
        let key = (above, explicit.descriptor, explicit.class);
        if explicit.stored
            && let Some(derived) = self.effective.read().derived.get(&key)
            && derived.stored
        {
            return Ok(Arc::clone(&derived.effective));
        }
        let found = descriptor::read(explicit.transaction, explicit.descriptor)?;
        let octets = found.unwrap_or_default();
        if !explicit.stored
            && let Some(derived) = self.effective.read().derived.get(&key)
            && *derived.explicit == *octets
        {
            return Ok(Arc::clone(&derived.effective));
        }
        let stored = match found {
            Some(octets) => SecurityDescriptor::from_bytes(octets)
                .map_err(|_| Fault::Damaged { what: "security descriptor", id: explicit.id.0 })?,
            None => SecurityDescriptor::default(),
        };
        let descriptor = match (above, parent) {
            (Above::Kept, _) => SecurityDescriptor { dacl: Some(stored.dacl.unwrap_or_default()), ..stored },
            (_, parent) => {
                let class = class_guid(schema, explicit.class);
                inheritance::effective(parent.map(|parent| &parent.descriptor), &stored, &class)
            }
        };
        let mut memory = self.effective.write();
        if memory.derived.len() >= EFFECTIVE_MAX || memory.by_content.len() >= EFFECTIVE_MAX {
            memory.derived.clear();
            memory.by_content.clear();
        }
        let Effectives { derived, by_content, last } = &mut *memory;
        let effective = match by_content.entry(descriptor) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                *last += 1;
                let descriptor = place.key().clone();
                let effective =
                    Arc::new(Effective { number: *last, speaks_of_self: speaks_of_self(&descriptor), descriptor });
                Arc::clone(place.insert(effective))
            }
        };
        derived.insert(
            key,
            Derived { explicit: octets.into(), effective: Arc::clone(&effective), stored: explicit.stored },
        );
        Ok(effective)
    }

    /// What the directory itself sees: everything but secrets.
    pub fn everything(&self, schema: &Schema) -> Arc<Sight> {
        Arc::clone(self.everything.get_or_init(|| Arc::new(Sight::everything(schema))))
    }

    /// What the requester may see of objects of the class with the descriptor; `is_self`: of those that stand for it.
    pub fn sight(
        &self,
        schema: &Schema,
        decisions: &Decisions,
        effective: &Effective,
        class: ClassNumber,
        is_self: bool,
    ) -> Arc<Sight> {
        let key = (effective.number, class, is_self);
        if let Some(sight) = decisions.made.read().get(&key) {
            return Arc::clone(sight);
        }
        let asker = Asker { token: &decisions.token, is_self, class: class_guid(schema, class) };
        let guarded = self.guarded.get_or_init(|| Guarded::of(schema));
        let sight = self.known(Sight::decide(schema, guarded, &effective.descriptor, &asker));
        let mut made = decisions.made.write();
        if made.len() >= DECISIONS_MAX {
            made.clear();
        }
        made.insert(key, Arc::clone(&sight));
        sight
    }

    fn known(&self, sight: Sight) -> Arc<Sight> {
        let mut sights = self.sights.lock();
        if let Some(known) = sights.get(&sight) {
            return Arc::clone(known);
        }
        if sights.len() >= SIGHTS_MAX {
            sights.clear();
        }
        let sight = Arc::new(sight);
        sights.insert(Arc::clone(&sight));
        sight
    }

    /// What is decided for a requester; none for the directory itself, which may do everything.
    pub fn decisions(&self, requester: &Requester) -> Option<Arc<Decisions>> {
        let who = match &requester.identity {
            Identity::System => return None,
            Identity::Anonymous => WhoAsks(None),
            Identity::Account { sid, groups, .. } => WhoAsks(Some((*sid, Arc::clone(groups)))),
        };
        if let Some(decisions) = self.requesters.read().get(&who) {
            return Some(Arc::clone(decisions));
        }
        let decisions = Arc::new(Decisions { token: Token::of(requester)?, made: RwLock::default() });
        let mut requesters = self.requesters.write();
        if requesters.len() >= REQUESTERS_MAX {
            requesters.clear();
        }
        Some(Arc::clone(requesters.entry(who).or_insert(decisions)))
    }
}

/// An account and its groups. The list of groups is mostly the very same from request to request.
#[derive(Clone)]
struct WhoAsks(Option<(Sid, Arc<[Sid]>)>);

impl PartialEq for WhoAsks {
    fn eq(&self, other: &WhoAsks) -> bool {
        match (&self.0, &other.0) {
            (Some((sid, groups)), Some((other_sid, other_groups))) => {
                sid == other_sid && (Arc::ptr_eq(groups, other_groups) || groups == other_groups)
            }
            (None, None) => true,
            _ => false,
        }
    }
}

impl Eq for WhoAsks {}

impl Hash for WhoAsks {
    /// Few accounts come with two lists of groups: the account tells most of them apart.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ref().map(|(sid, groups)| (sid, groups.len())).hash(state);
    }
}

/// What is decided for one requester.
pub(crate) struct Decisions {
    /// Who it is.
    pub token: Token,
    made: RwLock<HashMap<(u64, ClassNumber, bool), Arc<Sight>>>,
}

/// The name that access control entries have for a class.
pub(crate) fn class_guid(schema: &Schema, class: ClassNumber) -> Guid {
    schema.class(class).map_or(Guid::NIL, |class| class.schema_id_guid)
}

fn entries(descriptor: &SecurityDescriptor) -> impl Iterator<Item = &AccessEntry> {
    descriptor.dacl.iter().flat_map(|dacl| &dacl.aces).filter_map(|ace| ace.access())
}

fn speaks_of_self(descriptor: &SecurityDescriptor) -> bool {
    entries(descriptor).any(|entry| entry.trustee == Sid::SELF)
}
