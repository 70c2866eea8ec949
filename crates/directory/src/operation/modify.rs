//! Modifying an object: every modification in its order, or none. [MS-ADTS] 3.1.1.5.3.

use std::collections::BTreeMap;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_domain::{AttributeFault, Error, Identity, Refusal};

use crate::access::{Wanted, validated_write};
use crate::change;
use crate::operation::add::check_category;
use crate::operation::apply::Writing;
use crate::operation::password::{self, NewPassword};
use crate::record::{Draft, EntryId, credential, descriptor, link, reference};
use crate::rule::account::{self, Circumstances};
use crate::rule::descriptor_parts::Parts;
use crate::rule::linked_attributes::{Links, Reference};
use crate::rule::{
    content, control_flags, group, metadata, object_class, ownership, protection, security_descriptor, security_id,
    service_name, system_only, value,
};
use crate::schema::object_class::ObjectClasses;
use crate::schema::{Attribute, AttributeNumber, Schema};

/// How an object is modified.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    /// Adding what is there and deleting what is not is forgiven.
    pub permissive: bool,
    /// The parts of a security descriptor that are written; without, those that the written one has.
    pub parts: Option<Parts>,
}

/// Modifies the object with this name.
pub(crate) fn run(
    writing: &mut Writing<'_>,
    name: &ObjectName,
    modifications: &[Modification],
    options: Options,
    new_password: Option<&NewPassword>,
) -> Result<Guid, Error> {
    let schema = &*writing.native.schema;
    let known = schema.known();
    // 1  The object, and whether it may be changed.
    let id = writing.living(name)?;
    let record = writing.snapshot().existing(id)?;
    writing.access()?.require_visible(&record)?;
    if let Some(new) = new_password {
        writing.access()?.require(&record, new.way().right())?;
    }
    protection::check_modify(writing.native, schema, &record)?;
    if modifications.is_empty() && new_password.is_none() {
        return Err(Error::Refused(Refusal::Contradiction));
    }
    let before = Draft::of(&record);
    let mut changing = Changing {
        draft: before.clone(),
        permissive: options.permissive,
        parts: options.parts,
        links_changed: false,
        new_members: Vec::new(),
        descriptor_gone: false,
        touched: BTreeMap::new(),
    };
    // 2  The modifications. What they make of the object may be wrong on the way and must be right at the end.
    for modification in modifications {
        changing.apply(writing, modification)?;
    }
    let Changing { mut draft, links_changed, new_members, descriptor_gone, touched, .. } = changing;
    if descriptor_gone {
        let name = touched.get(&known.nt_security_descriptor).copied().unwrap_or_default();
        return Err(Error::attribute(name, AttributeFault::Lasting));
    }
    // 3  Object class.
    let reclassified = touched.contains_key(&known.object_class);
    let classes = match reclassified {
        true => object_class::changed(schema, before.class, draft.values(known.object_class))?,
        false => object_class::resolve(schema, draft.values(known.object_class))?,
    };
    if reclassified {
        draft.class = classes.structural;
        let names = classes.names(schema).into_iter().map(|name| name.as_bytes().to_vec()).collect();
        draft.attributes.insert(known.object_class, names);
    }
    // 4  Schema.
    for (attribute, name) in &touched {
        let Some(definition) = schema.attribute(*attribute) else { continue };
        let links = Links { attribute: *attribute, name, source: id };
        let count = match definition.link {
            // Two are as good as any more to tell that there are too many.
            Some(_) => links.count(writing.transaction, 2)?,
            None => draft.values(*attribute).len(),
        };
        check_count(definition, name, count, modifications)?;
        if before.has(*attribute) && count == 0 {
            content::check_kept(schema, *attribute, name)?;
        }
        let is_in_record = *attribute != known.nt_security_descriptor && *attribute != known.object_class;
        if is_in_record && !reclassified {
            content::check_one(schema, &classes, *attribute, count > 0, name)?;
        }
    }
    if reclassified {
        let links = link::attributes_of(writing.transaction, id)?;
        let attributes = draft.attributes.iter().filter(|(_, values)| !values.is_empty()).map(|(number, _)| *number);
        let whole: Vec<_> = attributes.chain(links).chain([known.nt_security_descriptor]).collect();
        content::check_whole(schema, &classes, &whole, |number| touched.get(&number).map(|name| (*name).to_owned()))?;
    }
    // 5  What follows for accounts.
    let spelled = |attribute| spelling(schema, &touched, attribute);
    let circumstances = Circumstances { now: writing.context.now, restoring: writing.is_restoring(), name: &spelled };
    if security_id::is_security_principal(schema, &classes) {
        let domain = &writing.native.facts.domain_sid;
        let follows = account::follow(writing.snapshot(), &classes, domain, circumstances, &before, &mut draft)?;
        if let Some(change) = follows {
            change::unlink(writing.transaction, known.member, change.entered, id, &[])?;
            if let Some(left) = change.left {
                change::link(writing.transaction, known.member, left, id, &[])?;
            }
        }
    }
    if classes.contains(schema, known.class_user) {
        check_account(writing, &classes, circumstances, &before, &draft)?;
    }
    if classes.contains(schema, known.class_group) {
        let snapshot = writing.snapshot();
        let mut entered = Vec::with_capacity(new_members.len());
        for member in new_members {
            // A later modification may have taken it out again.
            if link::find(snapshot.transaction, known.member, id, member)?.is_some() {
                entered.push(member);
            }
        }
        group::check_members(snapshot, &draft, entered, &spelled(known.member))?;
    }
    let snapshot = writing.snapshot();
    account::check_unique(writing.native, snapshot, circumstances, Some(&before), &draft)?;
    let service_names = spelled(known.service_principal_name);
    let access = writing.access()?;
    if !writing.is_restoring() {
        service_name::check_form(known, Some(&before), &draft, &service_names)?;
    }
    service_name::check_aliases(writing.native, &access, snapshot, Some(&before), &draft, &service_names)?;
    // 6  The password, by the policy.
    let is_age_given = touched.contains_key(&known.pwd_last_set);
    let credential = match new_password {
        Some(password) => Some(password::settle(writing, &mut draft, password, is_age_given)?),
        None => None,
    };
    password::check_enabled(writing, Some(&before), &draft, credential.is_some())?;
    // 7  Commit, unless nothing has changed: what changes nothing has no USN.
    draft.attributes.retain(|_, values| !values.is_empty());
    if links_changed || draft != before || credential.is_some() {
        metadata::changed(schema, writing.context.now, &mut draft);
        change::update(writing.transaction, schema, &mut draft)?;
    }
    match &credential {
        Some(credential) => credential::write(writing.transaction, id, credential)?,
        None if account::begins_to_need_card(schema, &before, &draft) => credential::remove(writing.transaction, id)?,
        None => {}
    }
    guid(&before, known.object_guid)
}

/// What an account may become by the requester's hand.
fn check_account(
    writing: &Writing<'_>,
    classes: &ObjectClasses,
    circumstances: Circumstances<'_>,
    before: &Draft,
    draft: &Draft,
) -> Result<(), Error> {
    let schema = &*writing.native.schema;
    let access = writing.access()?;
    let flags = |draft: &Draft| draft.integer(schema.known().user_account_control).unwrap_or_default() as u32;
    if flags(before) != flags(draft) {
        let head = writing.snapshot().existing(writing.native.facts.domain)?;
        control_flags::check(&access, &head, flags(before), flags(draft))?;
    }
    match access.is_privileged() {
        true => Ok(()),
        false => account::check_computer_name(schema, classes, circumstances, Some(before), draft),
    }
}

/// The identity of a stored object.
///
/// # Errors
/// `Unavailable` when it has none, which no object may.
pub(crate) fn guid(draft: &Draft, attribute: AttributeNumber) -> Result<Guid, Error> {
    draft
        .value(attribute)
        .and_then(|octets| Guid::try_from(octets).ok())
        .ok_or_else(|| Error::Unavailable { reason: format!("entry {} has no objectGUID", draft.id.0) })
}

/// Refuses a second value of a single-valued attribute.
///
/// # Errors
/// `SecondValue`; `ValueCount` for a link that is replaced by two, which real servers tell apart.
fn check_count(attribute: &Attribute, name: &str, count: usize, modifications: &[Modification]) -> Result<(), Error> {
    let replaces = |modification: &Modification| {
        modification.operation == Operation::Replace && modification.attribute.as_str() == name
    };
    value::check_count(attribute, name, count).map_err(|error| {
        match attribute.link.is_some() && modifications.iter().any(replaces) {
            true => error,
            false => Error::attribute(name, AttributeFault::SecondValue),
        }
    })
}

fn spelling(schema: &Schema, touched: &BTreeMap<AttributeNumber, &str>, attribute: AttributeNumber) -> String {
    let in_schema = || schema.attribute(attribute).map(|attribute| attribute.name.to_string());
    touched.get(&attribute).map(|name| (*name).to_owned()).or_else(in_schema).unwrap_or_default()
}

/// An object between its old state and its new one. Links are changed in the transaction at once: when the whole
/// is refused, so is the transaction.
struct Changing<'m> {
    draft: Draft,
    permissive: bool,
    /// The parts of a security descriptor that are written.
    parts: Option<Parts>,
    links_changed: bool,
    /// Members that the modifications name, whether or not they were members before.
    new_members: Vec<EntryId>,
    /// The descriptor was deleted and no other has come in its place yet.
    descriptor_gone: bool,
    /// The attributes that modifications name, as the client wrote them.
    touched: BTreeMap<AttributeNumber, &'m str>,
}

impl<'m> Changing<'m> {
    fn apply(&mut self, writing: &mut Writing<'_>, modification: &'m Modification) -> Result<(), Error> {
        let schema = &*writing.native.schema;
        let known = schema.known();
        let name = modification.attribute.as_str();
        let attribute = value::attribute_named(schema, name)?;
        system_only::on_modify(schema, attribute, name, writing.is_restoring())?;
        if attribute.number != known.nt_security_descriptor {
            self.check_access(writing, attribute, modification)?;
        }
        if control_flags::is_delegation(attribute) && !writing.access()?.is_privileged() {
            return Err(Error::InsufficientRights);
        }
        if attribute.number == self.draft.rdn_attribute {
            return Err(Error::attribute(name, AttributeFault::IsRdn));
        }
        if modification.operation == Operation::Add && modification.values.is_empty() {
            return Err(Error::attribute(name, AttributeFault::ValueCount));
        }
        self.touched.insert(attribute.number, name);
        if attribute.number == known.nt_security_descriptor {
            return self.apply_to_descriptor(writing, modification);
        }
        if attribute.is_forward_link() {
            return self.apply_to_links(writing, attribute, modification);
        }
        self.apply_to_values(writing, attribute, modification)
    }

    /// The right to write the attribute, or to write what the directory checks. Rights are those of the object as it is
    /// stored, not as the modifications before this one make it.
    fn check_access(
        &self,
        writing: &Writing<'_>,
        attribute: &Attribute,
        modification: &Modification,
    ) -> Result<(), Error> {
        let schema = &*writing.native.schema;
        let record = writing.snapshot().existing(self.draft.id)?;
        let access = writing.access()?;
        let refused = match access.require_write(&record, attribute) {
            Ok(()) => return Ok(()),
            Err(refused) => refused,
        };
        let Some(right) = validated_write::right(schema, attribute.number) else { return Err(refused) };
        access.require(&record, Wanted::ValidatedWrite(right))?;
        if attribute.number == schema.known().member {
            return if self.is_own_membership(writing, attribute, modification)? { Ok(()) } else { Err(refused) };
        }
        let suffixes = computer_suffixes(writing)?;
        match validated_write::is_valid(schema, &self.draft, attribute, modification, &suffixes) {
            true => Ok(()),
            false => Err(Error::attribute(&*modification.attribute, AttributeFault::Unacceptable)),
        }
    }

    /// Whether a modification of `member` makes the requester a member, or no longer one, and nobody else.
    fn is_own_membership(
        &self,
        writing: &Writing<'_>,
        attribute: &Attribute,
        modification: &Modification,
    ) -> Result<bool, Error> {
        let Identity::Account { sid, .. } = &writing.context.requester.identity else { return Ok(false) };
        if modification.operation == Operation::Replace || modification.values.is_empty() {
            return Ok(false);
        }
        let own = sid.to_bytes();
        for value in &modification.values {
            let member = writing.named_object(attribute, &modification.attribute, value)?.target;
            let member = writing.snapshot().existing(member)?;
            if member.value(writing.native.schema.known().object_sid) != Some(own.as_slice()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn apply_to_values(
        &mut self,
        writing: &Writing<'_>,
        attribute: &Attribute,
        modification: &Modification,
    ) -> Result<(), Error> {
        let name = modification.attribute.as_str();
        let number = attribute.number;
        let mut values = self.draft.attributes.remove(&number).unwrap_or_default();
        match modification.operation {
            Operation::Add => {
                let mut keys = value::keys(attribute, &values);
                for value in &modification.values {
                    let stored = self.stored(writing, attribute, name, value)?;
                    if keys.insert(value::key(attribute, &stored)) {
                        values.push(stored);
                    } else if !self.permissive {
                        return Err(Error::attribute(name, AttributeFault::ValueExists));
                    }
                }
            }
            Operation::Delete if modification.values.is_empty() => {
                if values.is_empty() && !self.permissive {
                    return Err(Error::attribute(name, AttributeFault::NotPresent));
                }
                values.clear();
            }
            Operation::Delete => {
                for value in &modification.values {
                    let key = going(writing, attribute, name, value)?.map(|stored| value::key(attribute, &stored));
                    let place = values.iter().position(|held| Some(value::key(attribute, held)) == key);
                    match place {
                        Some(place) => drop(values.remove(place)),
                        None if self.permissive => {}
                        None => return Err(Error::attribute(name, AttributeFault::NotPresent)),
                    }
                }
            }
            Operation::Replace => {
                let stored = modification.values.iter().map(|value| self.stored(writing, attribute, name, value));
                values = stored.collect::<Result<_, _>>()?;
                value::check_distinct(attribute, name, &values)?;
            }
        }
        if !values.is_empty() {
            self.draft.attributes.insert(number, values);
        }
        Ok(())
    }

    /// The stored form of a value that comes.
    fn stored(&self, writing: &Writing<'_>, attribute: &Attribute, name: &str, value: &[u8]) -> Result<Vec<u8>, Error> {
        let schema = &*writing.native.schema;
        if attribute.number == schema.known().object_class {
            return object_class::named(schema, value).map(|class| class.name.as_bytes().to_vec());
        }
        if !attribute.is_dn() {
            let stored = value::stored(schema, attribute, name, value)?;
            if &*attribute.name == "dSHeuristics" {
                value::check_heuristics(name, &stored)?;
            }
            return Ok(stored);
        }
        let reference = writing.reference(attribute, name, value)?;
        if attribute.number == schema.known().object_category {
            check_category(writing, name, self.draft.class, reference.target)?;
        }
        // A role is taken, never given away ([MS-ADTS] 3.1.1.5.3.2).
        if attribute.number == schema.known().fsmo_role_owner && reference.target != writing.native.facts.ntds_settings
        {
            return Err(Error::attribute(name, AttributeFault::Unacceptable));
        }
        Ok(reference::stored(reference.target, &reference.data))
    }

    fn apply_to_links(
        &mut self,
        writing: &mut Writing<'_>,
        attribute: &Attribute,
        modification: &'m Modification,
    ) -> Result<(), Error> {
        let name = modification.attribute.as_str();
        let links = Links { attribute: attribute.number, name, source: self.draft.id };
        let permissive = self.permissive;
        self.links_changed |= match modification.operation {
            Operation::Add => {
                let values = self.references(writing, attribute, modification)?;
                links.add(writing.transaction, &values, permissive)?
            }
            Operation::Delete if modification.values.is_empty() => {
                let changed = links.replace(writing.transaction, &[], permissive)?;
                if !changed && !permissive {
                    return Err(Error::attribute(name, AttributeFault::NotPresent));
                }
                changed
            }
            Operation::Delete => {
                let mut values = Vec::with_capacity(modification.values.len());
                for value in &modification.values {
                    match writing.named_object(attribute, name, value) {
                        Ok(reference) => values.push(reference),
                        // What is not there is linked to by nobody.
                        Err(Error::Attribute { fault: AttributeFault::NoSuchTarget, .. }) if permissive => {}
                        Err(Error::Attribute { fault: AttributeFault::NoSuchTarget, .. }) => {
                            return Err(Error::attribute(name, AttributeFault::NotPresent));
                        }
                        Err(error) => return Err(error),
                    }
                }
                links.delete(writing.transaction, &values, permissive)?
            }
            Operation::Replace => {
                let values = self.references(writing, attribute, modification)?;
                links.replace(writing.transaction, &values, permissive)?
            }
        };
        Ok(())
    }

    /// The objects that values of a forward link name.
    fn references(
        &mut self,
        writing: &mut Writing<'_>,
        attribute: &Attribute,
        modification: &Modification,
    ) -> Result<Vec<Reference>, Error> {
        let schema = &*writing.native.schema;
        let name = modification.attribute.as_str();
        let mut references = Vec::with_capacity(modification.values.len());
        for value in &modification.values {
            let is_member = attribute.number == schema.known().member;
            let reference = match is_member {
                true => writing.member(attribute, name, value)?,
                false => writing.reference(attribute, name, value)?,
            };
            if is_member && !self.permissive {
                let member = writing.snapshot().existing(reference.target)?;
                let group = self.draft.value(schema.known().object_sid);
                account::check_member(schema, &writing.native.facts.domain_sid, group, &member, name)?;
            }
            references.push(reference);
        }
        if attribute.number == schema.known().member {
            self.new_members.extend(references.iter().map(|reference| reference.target));
        }
        Ok(references)
    }

    fn apply_to_descriptor(&mut self, writing: &mut Writing<'_>, modification: &Modification) -> Result<(), Error> {
        let name = modification.attribute.as_str();
        let octets = match (modification.operation, modification.values.as_slice()) {
            (Operation::Add | Operation::Replace, [octets]) => octets,
            (Operation::Add | Operation::Replace, [_, _, ..]) => {
                return Err(Error::attribute(name, AttributeFault::ValueCount));
            }
            (Operation::Add | Operation::Replace, []) | (Operation::Delete, _) => {
                self.descriptor_gone = true;
                return Ok(());
            }
        };
        if self.draft.naming_context == writing.native.facts.schema {
            return Err(Error::Refused(Refusal::SchemaChange));
        }
        let record = writing.snapshot().existing(self.draft.id)?;
        let before = security_descriptor::stored(descriptor::read(writing.transaction, self.draft.descriptor)?);
        let after = security_descriptor::replaced_descriptor(octets, name, &before, &writing.owner(), self.parts)?;
        let replaced = ownership::Replaced { record, before: &before, after: &after, name };
        ownership::check_replaced(&writing.access()?, writing.snapshot(), &writing.capacities(), replaced)?;
        let octets = security_descriptor::octets(&after, name)?;
        self.draft.descriptor = descriptor::intern(writing.transaction, &octets)?;
        self.descriptor_gone = false;
        Ok(())
    }
}

/// The domains that names of computers end in. [MS-ADTS] 3.1.1.5.3.1.1.2.
pub(crate) fn computer_suffixes(writing: &Writing<'_>) -> Result<Vec<String>, Error> {
    let mut suffixes = vec![writing.native.domain_name().to_owned()];
    if let Some(attribute) = writing.native.schema.attribute_named("msDS-AllowedDNSSuffixes") {
        let domain = writing.snapshot().existing(writing.native.facts.domain)?;
        suffixes.extend(domain.values(attribute.number).map(|value| String::from_utf8_lossy(value).into_owned()));
    }
    Ok(suffixes)
}

/// The stored form of a value that goes; none when no object can have it.
fn going(writing: &Writing<'_>, attribute: &Attribute, name: &str, value: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if !attribute.is_dn() {
        return Ok(attribute.store(&writing.native.schema, value).ok().map(|stored| stored.into_owned()));
    }
    match writing.named_object(attribute, name, value) {
        Ok(reference) => Ok(Some(reference::stored(reference.target, &reference.data))),
        Err(Error::Attribute { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use bailiwick_adtypes::file_time::FileTime;
    use bailiwick_credential::{Cost, Password};
    use bailiwick_domain::{Change, Context, Directory, Limits, Requester};
    use bailiwick_store::{Committed, Memory, ReadTransaction, Store, Work};

    use super::*;
    use crate::record::Fault;
    use crate::{Native, NewDomain, Options, SPACES, provision};

    /// Members of the large group.
    const MEMBERS: u64 = 100_000;
    /// Numbers that no object of the test has.
    const MEMBERS_FROM: u64 = 1 << 40;
    /// A handful of keys, each read, put or deleted counted.
    const HANDFUL: usize = 60;
    const NOW: FileTime = FileTime(133_000_000_000_000_000);

    /// A store that remembers how many keys the last write touched.
    struct Counting {
        inner: Memory,
        touched: Arc<AtomicUsize>,
    }

    impl Store for Counting {
        fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, bailiwick_store::Error> {
            self.inner.read()
        }

        fn write(&self, work: &mut Work<'_>) -> Result<Committed, bailiwick_store::Error> {
            self.inner.write(&mut |transaction| {
                let outcome = work(transaction);
                let touched = transaction.touched();
                self.touched.store(touched.keys_read + touched.keys_put + touched.keys_deleted, Ordering::Relaxed);
                outcome
            })
        }
    }

    fn octets(buffer: &mut [u8]) {
        static STATE: AtomicUsize = AtomicUsize::new(1);
        for octet in buffer {
            *octet = (STATE.fetch_add(0x9e37_79b9, Ordering::Relaxed) >> 13) as u8;
        }
    }

    fn founded() -> (Native, Arc<AtomicUsize>) {
        let touched = Arc::new(AtomicUsize::new(0));
        let store = Counting { inner: Memory::open(SPACES), touched: Arc::clone(&touched) };
        let new = NewDomain {
            dns_domain: "example.com".to_owned(),
            netbios: "EXAMPLE".to_owned(),
            host: "dc1".to_owned(),
            admin_password: Password::new(b"Secret-Adm1n!"),
            cost: Cost::CHEAP,
        };
        provision(&store, &new, NOW, &octets).unwrap();
        (Native::open(Box::new(store), Options { cost: Cost::CHEAP }).unwrap(), touched)
    }

    #[test]
    fn a_member_of_a_group_of_a_hundred_thousand_costs_a_handful_of_keys() {
        let (native, touched) = founded();
        let name = |text: &str| ObjectName::parse(&format!("{text},CN=Users,DC=example,DC=com")).unwrap();
        let member = native.schema.known().member;
        let group = {
            let transaction = native.store.read().unwrap();
            let snapshot = native.snapshot(transaction.as_ref());
            crate::operation::target::find(&native, snapshot, &name("CN=Domain Admins")).unwrap()
        };
        let linked: Result<(), Fault> = native
            .store
            .transact(|transaction| {
                for number in 0..MEMBERS {
                    change::link(transaction, member, group, EntryId(MEMBERS_FROM + number), &[])?;
                }
                Ok(())
            })
            .unwrap();
        linked.unwrap();
        let requester = Requester::system();
        let context =
            Context { requester: &requester, now: NOW, random: &octets, limits: Limits::default(), request_id: 1 };
        for operation in [Operation::Add, Operation::Delete] {
            let modification = Modification {
                operation,
                attribute: "member".to_owned(),
                values: vec![b"CN=Guest,CN=Users,DC=example,DC=com".to_vec()],
            };
            let change = Change::Modify {
                name: name("CN=Domain Admins"),
                modifications: vec![modification],
                permissive: false,
                sd_flags: None,
            };
            native.apply(&context, &[change]).unwrap();
            let touched = touched.load(Ordering::Relaxed);
            assert!(touched <= HANDFUL, "{operation:?} touched {touched} keys");
        }
    }
}
