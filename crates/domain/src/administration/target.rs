//! The object a use-case is about: found by its selector, told apart from objects of other kinds.

use std::fmt;

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::filter::{Assertion, Filter};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_adtypes::sid::Sid;

use super::selector::Form;
use super::{Error, Selector, domain};
use crate::{Budget, Collect, Context, Directory, Entry, Progress, Scope, SearchOptions, SearchRequest};

/// What kind of object is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person's or service's account.
    User,
    /// A group.
    Group,
    /// An organizational unit.
    Unit,
    /// A computer's account.
    Computer,
    /// Something that other objects lie in: a unit, a container, the domain.
    Place,
    /// Whatever has an account name: what can be a member or hold rights.
    Principal,
    /// Any object.
    Any,
}

/// An object that was found. Changes name it by its GUID, which a rename beside them does not disturb.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name at the time.
    pub dn: Dn,
    /// Its identity.
    pub guid: Guid,
    /// Its SID, if it has one.
    pub sid: Option<Sid>,
    /// Its most special kind.
    pub kind: Kind,
}

impl Target {
    /// The name for changes.
    pub fn name(&self) -> ObjectName {
        ObjectName::Guid(self.guid)
    }
}

/// The attributes of which a target is made.
const ATTRIBUTES: [&str; 3] = ["objectGUID", "objectSid", "objectClass"];
/// Two are enough to know that a name is ambiguous.
const FOUND_MAX: u32 = 2;

/// Finds the one object of the kind that the selector names.
///
/// # Errors
/// `NoSuchObject`, also for an object of another kind or one that the requester may not see; `Ambiguous`.
pub fn find(
    directory: &dyn Directory,
    context: &Context<'_>,
    kind: Kind,
    selector: &Selector,
) -> Result<Target, Error> {
    let (base, scope, named) = match selector.form() {
        Form::Name(name) => (name.clone(), Scope::Base, None),
        Form::PrincipalName(name) => {
            (domain(directory, context)?.base.into(), Scope::Subtree, Some(equals("userPrincipalName", name)))
        }
        Form::Plain(name) => (domain(directory, context)?.base.into(), Scope::Subtree, Some(kind.has_name(name))),
    };
    let filter = Filter::And(named.into_iter().chain(kind.filter()).collect());
    let mut entries = search(directory, context, base, scope, filter, &ATTRIBUTES, FOUND_MAX)?;
    match (entries.pop(), entries.is_empty()) {
        (Some(entry), true) => target(&entry),
        (Some(_), false) => Err(Error::Ambiguous { kind, selector: selector.to_string() }),
        (None, _) => Err(Error::NoSuchObject { kind, selector: selector.to_string() }),
    }
}

/// The first entries that match, at most `most`; none when there is no such base.
pub(super) fn search(
    directory: &dyn Directory,
    context: &Context<'_>,
    base: ObjectName,
    scope: Scope,
    filter: Filter,
    attributes: &[&str],
    most: u32,
) -> Result<Vec<Entry>, Error> {
    let request = SearchRequest {
        base,
        scope,
        filter,
        selection: attributes.iter().map(|&name| name.to_owned()).collect(),
        types_only: false,
        options: SearchOptions { domain_scope: true, ..SearchOptions::default() },
    };
    let mut found = Collect::default();
    let mut position = None;
    while found.entries.len() < most as usize {
        let budget = Budget { entries_examined: u32::MAX, entries_sent: most - found.entries.len() as u32 };
        match directory.search(context, &request, position.as_ref(), budget, &mut found) {
            Ok(Progress::Done) => break,
            Ok(Progress::More(next)) => position = Some(next),
            Err(crate::Error::NoSuchObject { .. }) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found.entries)
}

fn target(entry: &Entry) -> Result<Target, Error> {
    let unsaid = |attribute| Error::Unsaid { attribute };
    let guid = entry.values("objectGUID").first().and_then(|value| Guid::try_from(value.as_slice()).ok());
    Ok(Target {
        dn: Dn::parse(&entry.dn).map_err(|_| Error::InvalidName { text: entry.dn.clone() })?,
        guid: guid.ok_or(unsaid("objectGUID"))?,
        sid: entry.values("objectSid").first().and_then(|value| Sid::from_bytes(value).ok()),
        kind: kind_of(entry),
    })
}

fn kind_of(entry: &Entry) -> Kind {
    let is = |class: &str| entry.values("objectClass").iter().any(|value| value.eq_ignore_ascii_case(class.as_bytes()));
    // A computer is a user too, so it is asked for first.
    for (class, kind) in [
        ("computer", Kind::Computer),
        ("user", Kind::User),
        ("group", Kind::Group),
        ("organizationalUnit", Kind::Unit),
        ("container", Kind::Place),
        ("domainDNS", Kind::Place),
    ] {
        if is(class) {
            return kind;
        }
    }
    Kind::Any
}

impl Kind {
    /// What objects of the kind have in common; none for any object.
    pub(super) fn filter(self) -> Option<Filter> {
        let class = |name: &str| equals("objectClass", name);
        Some(match self {
            Kind::User => Filter::And(vec![class("user"), Filter::Not(Box::new(class("computer")))]),
            Kind::Group => class("group"),
            Kind::Unit => class("organizationalUnit"),
            Kind::Computer => class("computer"),
            Kind::Place => Filter::Or(vec![
                class("organizationalUnit"),
                class("container"),
                class("builtinDomain"),
                class("domainDNS"),
            ]),
            Kind::Principal => Filter::Present("objectSid".to_owned()),
            Kind::Any => Filter::any_object(),
        })
    }

    /// Has this plain name, by the attribute that tells objects of the kind apart.
    fn has_name(self, name: &str) -> Filter {
        match self {
            Kind::User | Kind::Group | Kind::Principal | Kind::Any => equals("sAMAccountName", name),
            // Computers' account names end with a dollar sign, which people leave out.
            Kind::Computer if name.ends_with('$') => equals("sAMAccountName", name),
            Kind::Computer => equals("sAMAccountName", &format!("{name}$")),
            Kind::Unit => equals("ou", name),
            Kind::Place => equals("name", name),
        }
    }
}

fn equals(attribute: &str, value: &str) -> Filter {
    Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.as_bytes().to_vec() })
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Unit => "unit",
            Kind::Computer => "computer",
            Kind::Place => "unit or container",
            Kind::Principal => "account or group",
            Kind::Any => "object",
        })
    }
}
