//! Where new objects go: the domain's own places by its wellKnownObjects, which may have been redirected, or the place
//! that the caller names. [MS-ADTS] 6.1.1.4.

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_adtypes::sid::Sid;

use super::target::search;
use super::{Error, Kind, Selector, find};
use crate::{Context, Directory, Scope};
use bailiwick_adtypes::filter::Filter;

/// GUID_USERS_CONTAINER_W.
const USERS: Guid = Guid::from_bytes(*b"\xA9\xD1\xCA\x15\x76\x88\x11\xD1\xAD\xED\x00\xC0\x4F\xD8\xD5\xCD");
/// GUID_COMPUTERS_CONTAINER_W.
const COMPUTERS: Guid = Guid::from_bytes(*b"\xAA\x31\x28\x25\x76\x88\x11\xD1\xAD\xED\x00\xC0\x4F\xD8\xD5\xCD");

/// The domain, as the directory's root names it.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The name of its head.
    pub base: Dn,
    /// Where its schema is.
    pub schema: Dn,
}

impl Domain {
    /// Its DNS name: the components of its DN, joined by dots.
    pub fn dns_name(&self) -> String {
        let labels: Vec<&str> = self.base.rdns().iter().map(|rdn| rdn.value.as_str()).collect();
        labels.join(".")
    }

    /// Its SID.
    ///
    /// # Errors
    /// `Unsaid` when the requester may not read it.
    pub fn sid(&self, directory: &dyn Directory, context: &Context<'_>) -> Result<Sid, Error> {
        let head =
            search(directory, context, self.base.clone().into(), Scope::Base, Filter::any_object(), &["objectSid"], 1)?;
        let value = head.first().and_then(|entry| entry.values("objectSid").first());
        value.and_then(|value| Sid::from_bytes(value).ok()).ok_or(Error::Unsaid { attribute: "objectSid" })
    }
}

/// A place for a new object.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// Where the domain keeps its users and groups.
    Users,
    /// Where the domain keeps its computers.
    Computers,
    /// The head of the domain.
    Domain,
    /// Where the caller says.
    At(&'a Selector),
}

/// What the directory is the directory of.
///
/// # Errors
/// `Unsaid` when its root does not say.
pub fn domain(directory: &dyn Directory, context: &Context<'_>) -> Result<Domain, Error> {
    let attributes = directory.root_dse(context, &|_| false)?;
    let name = |attribute: &'static str| {
        let found = attributes.iter().find(|found| found.name.eq_ignore_ascii_case(attribute));
        let text = found.and_then(|found| found.values.first()).and_then(|value| std::str::from_utf8(value).ok());
        text.and_then(|text| Dn::parse(text).ok()).ok_or(Error::Unsaid { attribute })
    };
    Ok(Domain { base: name("defaultNamingContext")?, schema: name("schemaNamingContext")? })
}

/// The name of a place.
///
/// # Errors
/// `NoSuchObject` and `Ambiguous` for a place that the caller named.
pub fn find_place(directory: &dyn Directory, context: &Context<'_>, place: Place<'_>) -> Result<Dn, Error> {
    let well_known = match place {
        Place::At(selector) => return Ok(find(directory, context, Kind::Place, selector)?.dn),
        Place::Domain => return Ok(domain(directory, context)?.base),
        Place::Users => USERS,
        Place::Computers => COMPUTERS,
    };
    let name = ObjectName::WellKnown(well_known, domain(directory, context)?.base);
    let found = search(directory, context, name, Scope::Base, Filter::any_object(), &["1.1"], 1)?;
    let entry = found.first().ok_or(Error::Unsaid { attribute: "wellKnownObjects" })?;
    Dn::parse(&entry.dn).map_err(|_| Error::InvalidName { text: entry.dn.clone() })
}
