//! Who may do what, and who may see what: decided here and nowhere else, called beside each act. [MS-ADTS] 5.1.3.
//!
//! `inheritance` and `decision` are the rules, pure; `token` is who asks; `memory` is what need not be worked out
//! twice. [`Access`] brings them to the objects of one request.

mod decision;
mod heuristics;
mod inheritance;
mod memory;
mod sight;
mod token;
pub(crate) mod validated_write;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::dn::{Dn, ObjectName};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Error, Identity, Requester};

use crate::native::Native;
use crate::record::name::{DEPTH_MAX, Resolved};
use crate::record::{DescriptorId, EntryId, Fault, Record, Snapshot};
use crate::schema::{Attribute, ClassNumber};

pub(crate) use decision::Wanted;
pub(crate) use heuristics::Heuristics;
pub(crate) use memory::Memory;
pub(crate) use token::groups_at_sign_in;

use decision::Asker;
use memory::{Decisions, Effective, Explicit, class_guid};
use sight::{Sight, wanted};

/// The rights of one requester in one snapshot.
pub(crate) struct Access<'t> {
    native: &'t Native,
    snapshot: Snapshot<'t>,
    /// Whether the snapshot is of what is stored, and not of what is being written.
    stored: bool,
    /// What is decided for the requester; none for the directory itself.
    decisions: Option<Arc<Decisions>>,
    everything: View,
    /// Containers met so far: objects come in runs of siblings.
    places: RefCell<HashMap<EntryId, Rc<Place>>>,
    /// Kinds of objects met so far.
    kinds: RefCell<HashMap<KindKey, Rc<Kind>>>,
    /// The last object's like.
    last: RefCell<Option<Last>>,
    list_object_mode: Cell<Option<bool>>,
}

/// What the requester may see of an object.
#[derive(Clone)]
pub(crate) struct View(Rc<Shared>);

/// A view that other requests hold too. One request counts its own hands on it: if each object were counted where all
/// requests do, processors would wait for each other.
struct Shared(Arc<Sight>);

impl View {
    fn new(sight: Arc<Sight>) -> View {
        View(Rc::new(Shared(sight)))
    }
}

impl Deref for View {
    type Target = Sight;

    fn deref(&self) -> &Sight {
        &self.0.0
    }
}

/// Which children of a container somebody may know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sighted {
    /// Every one.
    All,
    /// That hangs on each of them.
    EachByItself,
    /// None.
    Nothing,
}

/// A container, as far as its children depend on it.
struct Place {
    effective: Arc<Effective>,
    /// Whether its children may be listed.
    lists: bool,
    /// Whether single ones of them may be, in list-object mode.
    lists_objects: bool,
}

/// What an effective descriptor is a function of: the parent's, the explicit part, the class, and whether the object is
/// a tombstone.
type KindKey = (Option<u64>, DescriptorId, ClassNumber, bool);

/// Objects with the same effective descriptor and class, and what the requester sees of those that are not itself.
struct Kind {
    effective: Arc<Effective>,
    view: View,
}

/// The answer for the last object that was not the requester's own.
struct Last {
    parent: EntryId,
    descriptor: DescriptorId,
    class: ClassNumber,
    deleted: bool,
    speaks_of_self: bool,
    view: Option<View>,
}

impl<'t> Access<'t> {
    /// The rights of `requester` in a snapshot of what is stored.
    ///
    /// # Errors
    /// `NotSignedIn` for nobody, unless the domain lets nobody in; `Unavailable` when the store fails.
    pub fn reading(native: &'t Native, snapshot: Snapshot<'t>, requester: &Requester) -> Result<Access<'t>, Error> {
        Access::open(native, snapshot, requester, true)
    }

    /// The rights of `requester` in a transaction that writes, as it has left them so far.
    ///
    /// # Errors
    /// As [`Access::reading`].
    pub fn writing(native: &'t Native, snapshot: Snapshot<'t>, requester: &Requester) -> Result<Access<'t>, Error> {
        Access::open(native, snapshot, requester, false)
    }

    fn open(
        native: &'t Native,
        snapshot: Snapshot<'t>,
        requester: &Requester,
        stored: bool,
    ) -> Result<Access<'t>, Error> {
        if matches!(requester.identity, Identity::Anonymous) && !Heuristics::read(native, snapshot)?.anonymous {
            return Err(Error::NotSignedIn);
        }
        Ok(Access {
            native,
            snapshot,
            stored,
            decisions: native.access.decisions(requester),
            everything: View::new(native.access.everything(snapshot.schema)),
            places: RefCell::default(),
            kinds: RefCell::default(),
            last: RefCell::default(),
            list_object_mode: Cell::default(),
        })
    }

    /// What the requester may see of the object; none when it may not know that there is one: neither may it list the
    /// children of the parent nor, in list-object mode, this one. [MS-ADTS] 5.1.3.3.6.
    pub fn view(&self, record: &Record<'_>) -> Result<Option<View>, Fault> {
        let Some(decisions) = &self.decisions else { return Ok(Some(self.everything.clone())) };
        if let Some(last) = &*self.last.borrow()
            && last.parent == record.parent()
            && last.descriptor == record.descriptor()
            && last.class == record.class()
            && last.deleted == record.is_deleted()
            && !(last.speaks_of_self && self.is_self(decisions, record))
        {
            return Ok(last.view.clone());
        }
        let place = self.place(record.parent(), 0)?;
        let kind = self.kind(place.as_deref(), record)?;
        let is_self = kind.effective.speaks_of_self && self.is_self(decisions, record);
        let view = self.own_view(&kind, record);
        let visible = match place {
            None => true,
            Some(place) if place.lists => true,
            Some(place) => place.lists_objects && view.has(AccessMask::LIST_OBJECT) && self.list_object_mode()?,
        };
        let view = visible.then_some(view);
        if !is_self {
            self.last.replace(Some(Last {
                parent: record.parent(),
                descriptor: record.descriptor(),
                class: record.class(),
                deleted: record.is_deleted(),
                speaks_of_self: kind.effective.speaks_of_self,
                view: view.clone(),
            }));
        }
        Ok(view)
    }

    /// Which children of a container the requester may know of: the rule of [`Access::view`] for all of them at once.
    pub fn children(&self, container: EntryId) -> Result<Sighted, Fault> {
        if self.decisions.is_none() {
            return Ok(Sighted::All);
        }
        Ok(match self.place(container, 0)? {
            None => Sighted::All,
            Some(place) if place.lists => Sighted::All,
            Some(place) if place.lists_objects && self.list_object_mode()? => Sighted::EachByItself,
            Some(_) => Sighted::Nothing,
        })
    }

    /// Refuses what the requester has no right to.
    ///
    /// # Errors
    /// `NoSuchObject` when the requester may not see the object, `InsufficientRights` otherwise.
    pub fn require(&self, record: &Record<'_>, right: Wanted) -> Result<(), Error> {
        self.require_visible(record)?;
        match self.allows(record, right)? {
            true => Ok(()),
            false => Err(Error::InsufficientRights),
        }
    }

    /// Refuses an object that the requester may not see.
    ///
    /// # Errors
    /// `NoSuchObject`.
    pub fn require_visible(&self, record: &Record<'_>) -> Result<(), Error> {
        match self.view(record)? {
            Some(_) => Ok(()),
            None => Err(self.concealed(Error::NoSuchObject { matched: String::new() })),
        }
    }

    /// Refuses a write of the attribute.
    ///
    /// # Errors
    /// `NoSuchObject`, `InsufficientRights`.
    pub fn require_write(&self, record: &Record<'_>, attribute: &Attribute) -> Result<(), Error> {
        self.require(record, wanted(attribute, AccessMask::WRITE_PROPERTY))
    }

    /// Refuses a new child of the class.
    ///
    /// # Errors
    /// `NoSuchObject`, `InsufficientRights`.
    pub fn require_create(&self, parent: &Record<'_>, class: ClassNumber) -> Result<(), Error> {
        let class = class_guid(self.snapshot.schema, class);
        self.require(parent, Wanted::Child { mask: AccessMask::CREATE_CHILD, class })
    }

    /// Refuses to take the object away from its parent: that takes a right on either. [MS-ADTS] 3.1.1.5.5.4.
    ///
    /// # Errors
    /// `NoSuchObject`, `InsufficientRights`.
    pub fn require_delete(&self, record: &Record<'_>) -> Result<(), Error> {
        self.require_visible(record)?;
        if self.allows(record, Wanted::Object(AccessMask::DELETE))? {
            return Ok(());
        }
        if let Some(parent) = self.snapshot.record(record.parent())? {
            let class = class_guid(self.snapshot.schema, record.class());
            if self.allows(&parent, Wanted::Child { mask: AccessMask::DELETE_CHILD, class })? {
                return Ok(());
            }
        }
        Err(Error::InsufficientRights)
    }

    /// Whether the object's descriptor gives the requester the right.
    pub fn allows(&self, record: &Record<'_>, right: Wanted) -> Result<bool, Fault> {
        let Some(decisions) = &self.decisions else { return Ok(true) };
        let effective = self.effective(record)?;
        let asker = Asker {
            token: &decisions.token,
            is_self: effective.speaks_of_self && self.is_self(decisions, record),
            class: class_guid(self.snapshot.schema, record.class()),
        };
        Ok(decision::allows(&effective.descriptor, &asker, right))
    }

    /// Whether the privileges of administrators come with the requester.
    pub fn is_privileged(&self) -> bool {
        self.decisions.as_ref().is_none_or(|decisions| decisions.token.is_administrator())
    }

    /// The descriptor that is in force on the object.
    pub fn descriptor(&self, record: &Record<'_>) -> Result<SecurityDescriptor, Fault> {
        Ok(self.effective(record)?.descriptor.clone())
    }

    /// An error as the requester may know it: the closest ancestor that it names is one that the requester may see.
    pub fn concealed(&self, error: Error) -> Error {
        let Error::NoSuchObject { matched } = &error else { return error };
        if matched.is_empty() || self.decisions.is_none() {
            return error;
        }
        let visible = |name: &Dn| match self.snapshot.resolve(name, &self.native.contexts) {
            Ok(Resolved::Found(id)) => {
                matches!(self.snapshot.existing(id).map(|record| self.view(&record)), Ok(Ok(Some(_))))
            }
            _ => false,
        };
        let mut name = match ObjectName::parse(matched) {
            Ok(ObjectName::Dn(name)) => Some(name),
            _ => None,
        };
        while let Some(ancestor) = name {
            if visible(&ancestor) {
                return Error::NoSuchObject { matched: ancestor.to_string() };
            }
            name = ancestor.parent().filter(|parent| !parent.is_root());
        }
        Error::NoSuchObject { matched: String::new() }
    }

    fn effective(&self, record: &Record<'_>) -> Result<Arc<Effective>, Fault> {
        let place = self.place(record.parent(), 0)?;
        Ok(Arc::clone(&self.kind(place.as_deref(), record)?.effective))
    }

    /// The container with this number; none above the heads of naming contexts.
    fn place(&self, id: EntryId, depth: usize) -> Result<Option<Rc<Place>>, Fault> {
        if id == EntryId::NONE {
            return Ok(None);
        }
        if let Some(place) = self.places.borrow().get(&id) {
            return Ok(Some(Rc::clone(place)));
        }
        if depth > DEPTH_MAX {
            return Err(Fault::Damaged { what: "chain of parents", id: id.0 });
        }
        let record = self.snapshot.existing(id)?;
        let above = self.place(record.parent(), depth + 1)?;
        let kind = self.kind(above.as_deref(), &record)?;
        let view = self.own_view(&kind, &record);
        let place = Rc::new(Place {
            effective: Arc::clone(&kind.effective),
            lists: view.has(AccessMask::LIST_CONTENTS),
            lists_objects: view.has(AccessMask::LIST_OBJECT),
        });
        self.places.borrow_mut().insert(id, Rc::clone(&place));
        Ok(Some(place))
    }

    fn kind(&self, place: Option<&Place>, record: &Record<'_>) -> Result<Rc<Kind>, Fault> {
        let parent = place.map(|place| &*place.effective);
        let key = (parent.map(Effective::number), record.descriptor(), record.class(), record.is_deleted());
        if let Some(kind) = self.kinds.borrow().get(&key) {
            return Ok(Rc::clone(kind));
        }
        let explicit = Explicit {
            id: record.id(),
            descriptor: record.descriptor(),
            transaction: self.snapshot.transaction,
            stored: self.stored,
            class: record.class(),
            deleted: record.is_deleted(),
        };
        let effective = self.native.access.effective(self.snapshot.schema, parent, explicit)?;
        let view = match &self.decisions {
            None => self.everything.clone(),
            Some(decisions) => View::new(self.sight(decisions, &effective, record, false)),
        };
        let kind = Rc::new(Kind { effective, view });
        self.kinds.borrow_mut().insert(key, Rc::clone(&kind));
        Ok(kind)
    }

    /// What the requester sees of an object of the kind, which may be its own.
    fn own_view(&self, kind: &Kind, record: &Record<'_>) -> View {
        match &self.decisions {
            Some(decisions) if kind.effective.speaks_of_self && self.is_self(decisions, record) => {
                View::new(self.sight(decisions, &kind.effective, record, true))
            }
            _ => kind.view.clone(),
        }
    }

    fn sight(&self, decisions: &Decisions, effective: &Effective, record: &Record<'_>, is_self: bool) -> Arc<Sight> {
        self.native.access.sight(self.snapshot.schema, decisions, effective, record.class(), is_self)
    }

    /// Whether the object has one of the requester's SIDs: it stands in the place of Principal Self then.
    fn is_self(&self, decisions: &Decisions, record: &Record<'_>) -> bool {
        let sid = record.value(self.snapshot.schema.known().object_sid).and_then(|octets| Sid::from_bytes(octets).ok());
        sid.is_some_and(|sid| decisions.token.contains(&sid))
    }

    fn list_object_mode(&self) -> Result<bool, Fault> {
        if let Some(mode) = self.list_object_mode.get() {
            return Ok(mode);
        }
        let mode = Heuristics::read(self.native, self.snapshot)?.list_object;
        self.list_object_mode.set(Some(mode));
        Ok(mode)
    }
}

/// DS-Set-Owner: leave to make anybody the owner of objects of a naming context. [MS-ADTS] 6.1.1.2.7.80.
pub(crate) const DS_SET_OWNER: Guid = Guid::from_u128(0x4125c71f_7fac_4ff0_bcb7_f09a41325286);
