//! Adding an object. [MS-ADTS] 3.1.1.5.2.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_adtypes::dn::{Dn, ObjectName, Rdn};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeFault, Error, ObjectFault, Refusal};

use crate::access::validated_write;
use crate::change;
use crate::operation::apply::{Numbers, Writing};
use crate::operation::modify::computer_suffixes;
use crate::operation::password::{self, NewPassword};
use crate::record::{DescriptorId, Draft, EntryId, credential, descriptor, reference};
use crate::rule::account::{self, Circumstances};
use crate::rule::descriptor_parts::Parts;
use crate::rule::linked_attributes::{Links, Reference};
use crate::rule::system_only::{self, OnAdd};
use crate::rule::{
    content, control_flags, group, machine_quota, metadata, naming, object_class, ownership, possible_superior,
    protection, security_descriptor, security_id, service_name, value,
};
use crate::schema::object_class::ObjectClasses;
use crate::schema::{Attribute, AttributeNumber, Class};

/// instanceType bit of a writable object: what clients may say, as they may say nothing. [MS-ADTS] 2.2.11.
const INSTANCE_TYPE_WRITABLE: i64 = 4;

/// An object as a client describes it.
#[derive(Clone, Copy)]
pub(crate) struct Addition<'c> {
    /// Its name.
    pub name: &'c ObjectName,
    /// Its attributes.
    pub attributes: &'c [modification::Attribute],
    /// The parts of its security descriptor that count; all without.
    pub parts: Option<Parts>,
}

/// Adds an object.
pub(crate) fn run(
    writing: &mut Writing<'_>,
    addition: Addition<'_>,
    numbers: &Numbers,
    new_password: Option<&NewPassword>,
) -> Result<Guid, Error> {
    let Addition { name, attributes, parts } = addition;
    let schema = &*writing.native.schema;
    let known = schema.known();
    let restoring = writing.is_restoring();
    // 1  Naming: a name below something that exists.
    let ObjectName::Dn(name) = name else { return Err(Error::InvalidName) };
    let place = place(writing, name)?;
    // 2  Access to the place. Which children may be created there depends on their class.
    let parent = writing.snapshot().existing(place.parent)?;
    writing.access()?.require_visible(&parent)?;
    let (parent_class, naming_context) = (parent.class(), parent.naming_context());
    if naming_context == writing.native.facts.schema {
        return Err(Error::Refused(Refusal::SchemaChange));
    }
    // 3  Object class.
    let request = Request::read(schema, attributes)?;
    let classes = object_class::of_new(schema, request.values(known.object_class), restoring)?;
    let class = object_class::structural(schema, &classes)?;
    let creator = require_create(writing, place.parent, &classes)?;
    let rdn_attribute = naming::new_rdn(schema, class, place.rdn)?;
    possible_superior::check(class, parent_class)?;
    if !restoring {
        object_class::check_no_context(schema, class)?;
    }
    // 4  The attributes that the client gives.
    let mut new = NewObject {
        draft: Draft {
            id: numbers.id,
            parent: place.parent,
            naming_context,
            class: class.number,
            rdn_attribute: rdn_attribute.number,
            descriptor: DescriptorId(0),
            deleted: false,
            attributes: BTreeMap::new(),
        },
        links: Vec::new(),
        parts,
        descriptor: None,
        system_flags: None,
    };
    new.draft.set(rdn_attribute.number, place.rdn.value.as_bytes());
    new.draft.set(known.name, place.rdn.value.as_bytes());
    for given in &request.attributes {
        if creator.is_some() {
            machine_quota::check_attribute(&given.attribute.name)?;
        }
        new.take(writing, &classes, given)?;
    }
    // 5  What follows for accounts, and their names.
    let spelled = |attribute| request.spelled(attribute).unwrap_or_else(|| name_of(schema, attribute));
    let circumstances = Circumstances { now: writing.context.now, restoring, name: &spelled };
    if security_id::is_security_principal(schema, &classes) {
        account::complete(schema, &classes, circumstances, writing.context.random, &mut new.draft)?;
        check_account(writing, &request, &classes, circumstances, &new.draft)?;
    }
    if let Some(creator) = &creator {
        machine_quota::check_account(writing.snapshot(), &new.draft, &spelled(known.sam_account_name))?;
        check_own_names(writing, &request, &new.draft)?;
        new.draft.set(known.creator_sid, creator.to_bytes());
    }
    let is_age_given = request.spelled(known.pwd_last_set).is_some();
    let credential = match new_password {
        Some(password) => Some(password::settle(writing, &mut new.draft, password, is_age_given)?),
        None => None,
    };
    password::check_enabled(writing, None, &new.draft, credential.is_some())?;
    // 6  SID, security descriptor, times and flags.
    let domain_sid = &writing.native.facts.domain_sid;
    security_id::assign(writing.snapshot(), &classes, domain_sid, numbers.rid, &mut new.draft)?;
    let octets = match new.descriptor.take() {
        Some(octets) => octets,
        None => default_descriptor(writing, class, creator.as_ref())?,
    };
    new.draft.descriptor = descriptor::intern(writing.transaction, &octets)?;
    metadata::complete(schema, &classes, class, &numbers.guid, writing.context.now, &mut new.draft);
    let system_flags = match restoring {
        true => new.system_flags.map(|flags| flags as u32),
        false => protection::system_flags_of_new(class, new.system_flags),
    };
    if let Some(flags) = system_flags {
        new.draft.set(known.system_flags, (flags as i32).to_string());
    }
    // 7  Schema and uniqueness, on the object as it will be.
    content::check_whole(schema, &classes, &new.attributes(known.nt_security_descriptor), |number| {
        request.spelled(number)
    })?;
    let snapshot = writing.snapshot();
    naming::check_free(snapshot, place.parent, place.rdn.value.as_bytes(), None)?;
    account::check_unique(writing.native, snapshot, circumstances, None, &new.draft)?;
    let service_names = spelled(known.service_principal_name);
    if !restoring {
        service_name::check_form(known, None, &new.draft, &service_names)?;
    }
    service_name::check_aliases(writing.native, &writing.access()?, snapshot, None, &new.draft, &service_names)?;
    for (_, name, values) in new.links.iter().filter(|(attribute, _, _)| *attribute == known.member) {
        group::check_members(snapshot, &new.draft, values.iter().map(|value| value.target), name)?;
    }
    let guid = new_guid(&new.draft, known.object_guid)?;
    if snapshot.by_guid(&guid)?.is_some() {
        return Err(Error::attribute(spelled(known.object_guid), AttributeFault::NotUnique));
    }
    // 8  Commit.
    change::insert(writing.transaction, schema, &mut new.draft)?;
    if let Some(credential) = &credential {
        credential::write(writing.transaction, numbers.id, credential)?;
    }
    for (attribute, name, values) in &new.links {
        let links = Links { attribute: *attribute, name, source: new.draft.id };
        links.add(writing.transaction, values, false)?;
    }
    Ok(guid)
}

/// Where a new object goes.
struct Place<'n> {
    rdn: &'n Rdn,
    parent: EntryId,
}

fn place<'n>(writing: &Writing<'_>, name: &'n Dn) -> Result<Place<'n>, Error> {
    let (Some(rdn), Some(parent)) = (name.rdn(), name.parent()) else {
        return Err(Error::Refused(Refusal::RootDse));
    };
    if writing.native.contexts.context_of(name).is_some_and(|(_, below)| below == 0) {
        return Err(Error::AlreadyExists);
    }
    let parent = match writing.living(&ObjectName::Dn(parent)) {
        // A name of one RDN outside all naming contexts.
        Err(Error::Refused(Refusal::RootDse)) => Err(Error::NoSuchObject { matched: String::new() }),
        found => found,
    }?;
    Ok(Place { rdn, parent })
}

/// Refuses an object that the requester may not create. Whoever may create computers by quota only is given back: the
/// creator of one.
fn require_create(writing: &Writing<'_>, parent: EntryId, classes: &ObjectClasses) -> Result<Option<Sid>, Error> {
    let snapshot = writing.snapshot();
    match writing.access()?.require_create(&snapshot.existing(parent)?, classes.structural) {
        Err(Error::InsufficientRights) => {
            machine_quota::admit(writing.native, snapshot, writing.context.requester, parent, classes).map(Some)
        }
        decided => decided.map(|()| None),
    }
}

/// What an account may be that the requester creates.
fn check_account(
    writing: &Writing<'_>,
    request: &Request<'_>,
    classes: &ObjectClasses,
    circumstances: Circumstances<'_>,
    draft: &Draft,
) -> Result<(), Error> {
    let schema = &*writing.native.schema;
    let known = schema.known();
    let access = writing.access()?;
    if let Some(flags) = draft.integer(known.user_account_control) {
        let head = writing.snapshot().existing(writing.native.facts.domain)?;
        control_flags::check(&access, &head, account::BORN_WITH, flags as u32)?;
    }
    if request.spelled(known.sam_account_name).is_some() && !access.is_privileged() {
        account::check_computer_name(schema, classes, circumstances, None, draft)?;
    }
    if request.attributes.iter().any(|given| control_flags::is_delegation(given.attribute)) && !access.is_privileged() {
        return Err(Error::InsufficientRights);
    }
    Ok(())
}

/// Refuses names of a host and its services that are not those of the computer, to whom creates it by quota.
fn check_own_names(writing: &Writing<'_>, request: &Request<'_>, draft: &Draft) -> Result<(), Error> {
    let schema = &*writing.native.schema;
    let known = schema.known();
    let suffixes = computer_suffixes(writing)?;
    for given in &request.attributes {
        if ![known.dns_host_name, known.service_principal_name].contains(&given.attribute.number) {
            continue;
        }
        let written = modification::Modification {
            operation: modification::Operation::Replace,
            attribute: given.name.to_owned(),
            values: given.values.to_vec(),
        };
        if !validated_write::is_valid(schema, draft, given.attribute, &written, &suffixes) {
            return Err(Error::attribute(given.name, AttributeFault::Unacceptable));
        }
    }
    Ok(())
}

/// One attribute of the request, with its definition.
struct Given<'r> {
    attribute: &'r Attribute,
    name: &'r str,
    values: &'r [Vec<u8>],
}

/// The attributes of the request, each known and given once.
struct Request<'r> {
    attributes: Vec<Given<'r>>,
}

impl<'r> Request<'r> {
    fn read(
        schema: &'r crate::schema::Schema,
        attributes: &'r [modification::Attribute],
    ) -> Result<Request<'r>, Error> {
        let mut seen = BTreeSet::new();
        let mut read = Vec::with_capacity(attributes.len());
        for given in attributes {
            let attribute = value::attribute_named(schema, &given.name)?;
            if !seen.insert(attribute.number) {
                return Err(Error::attribute(&*given.name, AttributeFault::ValueExists));
            }
            if given.values.is_empty() {
                return Err(Error::attribute(&*given.name, AttributeFault::ValueCount));
            }
            read.push(Given { attribute, name: &given.name, values: &given.values });
        }
        Ok(Request { attributes: read })
    }

    fn values(&self, attribute: AttributeNumber) -> &'r [Vec<u8>] {
        self.attributes.iter().find(|given| given.attribute.number == attribute).map_or(&[], |given| given.values)
    }

    fn spelled(&self, attribute: AttributeNumber) -> Option<String> {
        let given = self.attributes.iter().find(|given| given.attribute.number == attribute)?;
        Some(given.name.to_owned())
    }
}

/// An object in the making.
struct NewObject<'r> {
    draft: Draft,
    /// Values of forward links, under the names that the client wrote.
    links: Vec<(AttributeNumber, &'r str, Vec<Reference>)>,
    /// The parts of a given security descriptor that count.
    parts: Option<Parts>,
    /// The explicit security descriptor.
    descriptor: Option<Vec<u8>>,
    /// systemFlags as the client gave them.
    system_flags: Option<i64>,
}

impl<'r> NewObject<'r> {
    fn take(&mut self, writing: &mut Writing<'_>, classes: &ObjectClasses, given: &Given<'r>) -> Result<(), Error> {
        let schema = &*writing.native.schema;
        let known = schema.known();
        let &Given { attribute, name, values } = given;
        value::check_count(attribute, name, values.len())?;
        let number = attribute.number;
        if number == known.object_class {
            return Ok(());
        }
        if number == self.draft.rdn_attribute {
            return naming::check_repeated(attribute, self.draft.rdn_value(), values);
        }
        // Real servers make it from the RDN, whatever a request says.
        if number == known.name {
            return Ok(());
        }
        if number == known.instance_type {
            return check_instance_type(attribute, name, values);
        }
        if number == known.system_flags {
            let stored = value::stored(schema, attribute, name, &values[0])?;
            self.system_flags = attribute.number(&stored).ok();
            return Ok(());
        }
        if system_only::on_add(schema, classes, attribute, name, writing.is_restoring())? == OnAdd::PassOver {
            return Ok(());
        }
        if number == known.nt_security_descriptor {
            let owner = writing.owner();
            let domain_sid = &writing.native.facts.domain_sid;
            let given = security_descriptor::given_descriptor(&values[0], name, domain_sid, &owner, self.parts)?;
            ownership::check_new_owner(&writing.access()?, &writing.capacities(), &given, name)?;
            self.descriptor = Some(security_descriptor::octets(&given, name)?);
            return Ok(());
        }
        if attribute.is_dn() {
            return self.take_references(writing, given);
        }
        let stored = values.iter().map(|value| value::stored(schema, attribute, name, value));
        let stored = stored.collect::<Result<Vec<_>, _>>()?;
        value::check_distinct(attribute, name, &stored)?;
        if &*attribute.name == "dSHeuristics" {
            value::check_heuristics(name, &stored[0])?;
        }
        self.draft.attributes.insert(number, stored);
        Ok(())
    }

    fn take_references(&mut self, writing: &mut Writing<'_>, given: &Given<'r>) -> Result<(), Error> {
        let &Given { attribute, name, values } = given;
        let is_member = attribute.number == writing.native.schema.known().member;
        let references = values.iter().map(|value| match is_member {
            true => writing.member(attribute, name, value),
            false => writing.reference(attribute, name, value),
        });
        let references = references.collect::<Result<Vec<_>, _>>()?;
        if references.iter().collect::<BTreeSet<_>>().len() < references.len() {
            return Err(Error::attribute(name, AttributeFault::ValueExists));
        }
        if attribute.number == writing.native.schema.known().object_category {
            check_category(writing, name, self.draft.class, references[0].target)?;
        }
        match attribute.link {
            Some(_) => self.links.push((attribute.number, name, references)),
            None => {
                let stored = references.iter().map(|value| reference::stored(value.target, &value.data)).collect();
                self.draft.attributes.insert(attribute.number, stored);
            }
        }
        Ok(())
    }

    /// Everything that the object has, wherever it is kept.
    fn attributes(&self, descriptor: AttributeNumber) -> Vec<AttributeNumber> {
        let links = self.links.iter().map(|(attribute, _, _)| *attribute);
        self.draft.attributes.keys().copied().chain(links).chain([descriptor]).collect()
    }
}

/// The category of an object is its class, one above it, or the category of one of these: nothing else finds it by the
/// kind of thing it is.
///
/// # Errors
/// `InvalidTarget`.
pub(crate) fn check_category(
    writing: &Writing<'_>,
    name: &str,
    class: crate::schema::ClassNumber,
    category: EntryId,
) -> Result<(), Error> {
    let schema = &*writing.native.schema;
    let fits = schema.class(class).is_some_and(|class| {
        let chain = class.chain.iter().filter_map(|number| schema.class(*number));
        chain
            .flat_map(|class| [class.number, class.default_object_category])
            .any(|number| u64::from(number.0) == category.0)
    });
    if fits { Ok(()) } else { Err(Error::attribute(name, AttributeFault::InvalidTarget)) }
}

fn check_instance_type(attribute: &Attribute, name: &str, values: &[Vec<u8>]) -> Result<(), Error> {
    match attribute.number(&values[0]) {
        Ok(0 | INSTANCE_TYPE_WRITABLE) => Ok(()),
        // That of a head, too: naming contexts are not made by adding an object here.
        Ok(_) => Err(Error::attribute(name, AttributeFault::Unacceptable)),
        Err(error) => Err(value::fault(name, error)),
    }
}

/// The descriptor that the class gives. A computer that is created by quota belongs to the administrators; its creator
/// has what the class gives to creators.
fn default_descriptor(writing: &Writing<'_>, class: &Class, creator: Option<&Sid>) -> Result<Vec<u8>, Error> {
    let domain_sid = &writing.native.facts.domain_sid;
    let (owner, creator) = match creator {
        Some(creator) => (security_descriptor::administrators(domain_sid), *creator),
        None => (writing.owner(), writing.owner()),
    };
    security_descriptor::stored_descriptor(class, domain_sid, &owner, &creator)
        .ok_or_else(|| Error::Object(ObjectFault::ClassNotCreatable(class.name.to_string())))
}

fn new_guid(draft: &Draft, attribute: AttributeNumber) -> Result<Guid, Error> {
    draft
        .value(attribute)
        .and_then(|octets| Guid::try_from(octets).ok())
        .filter(|guid| *guid != Guid::NIL)
        .ok_or_else(|| Error::attribute("objectGUID", AttributeFault::Unacceptable))
}

fn name_of(schema: &crate::schema::Schema, attribute: AttributeNumber) -> String {
    schema.attribute(attribute).map_or_else(String::new, |attribute| attribute.name.to_string())
}
