//! What an object is before somebody changes it: its class, and whether it is guarded against going or moving.

use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;

use super::descriptor::{DACL_ONLY, DESCRIPTOR, is_protected};
use super::{Error, Target};
use crate::{Budget, Collect, Context, Directory, Entry, Progress, Scope, SearchOptions, SearchRequest};

/// What stands in the way of deleting or moving an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The system needs it (`isCriticalSystemObject`).
    Critical,
    /// It is protected from accidental deletion: everybody is denied to delete it.
    Protected,
}

/// An object, looked at before it is changed.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its most special class by its LDAP name; empty when the requester may not see it.
    pub class: String,
    /// What guards it; the system's need comes first.
    pub guard: Option<Guard>,
    /// Its uSNChanged.
    pub usn: i64,
}

/// An object that guards the tree it lies in.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// Its name.
    pub dn: String,
    /// What guards it.
    pub guard: Guard,
}

/// The attributes that say it.
const CRITICAL: &str = "isCriticalSystemObject";
const ATTRIBUTES: [&str; 5] = ["objectClass", "objectGUID", CRITICAL, DESCRIPTOR, "uSNChanged"];
/// How many objects one slice of a tree's reading hands over.
const SLICE_ENTRIES: u32 = 256;

/// Looks at an object.
///
/// # Errors
/// `NoSuchObject` when it has gone in between.
pub fn stand(directory: &dyn Directory, context: &Context<'_>, target: &Target) -> Result<Standing, Error> {
    let mut found = None;
    look(directory, context, target, Scope::Base, &mut |entry| {
        found = Some(Standing {
            class: entry.values("objectClass").last().map_or(String::new(), |class| text(class)),
            guard: guard(entry),
            usn: entry.text("uSNChanged").and_then(|usn| usn.parse().ok()).unwrap_or_default(),
        });
        false
    })?;
    found.ok_or_else(|| Error::NoSuchObject { kind: target.kind, selector: target.dn.to_string() })
}

/// The first guarded object below this one: its tree is not to be deleted then.
///
/// # Errors
/// The directory refuses.
pub fn find_guarded_below(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
) -> Result<Option<Guarded>, Error> {
    let mut found = None;
    look(directory, context, target, Scope::Subtree, &mut |entry| {
        let is_below = entry.values("objectGUID").first().is_none_or(|guid| guid != target.guid.as_bytes());
        found = guard(entry).filter(|_| is_below).map(|guard| Guarded { dn: entry.dn.clone(), guard });
        found.is_none()
    })?;
    Ok(found)
}

/// Hands every object to `each` until it says that it has seen enough.
fn look(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    scope: Scope,
    each: &mut dyn FnMut(&Entry) -> bool,
) -> Result<(), Error> {
    let request = SearchRequest {
        base: target.name(),
        scope,
        filter: Filter::any_object(),
        selection: ATTRIBUTES.map(str::to_owned).to_vec(),
        types_only: false,
        options: SearchOptions { sd_flags: Some(DACL_ONLY), domain_scope: true, ..SearchOptions::default() },
    };
    let mut position = None;
    loop {
        let mut found = Collect::default();
        let budget = Budget { entries_examined: u32::MAX, entries_sent: SLICE_ENTRIES };
        let progress = directory.search(context, &request, position.as_ref(), budget, &mut found)?;
        if !found.entries.iter().all(&mut *each) {
            return Ok(());
        }
        match progress {
            Progress::Done => return Ok(()),
            Progress::More(next) => position = Some(next),
        }
    }
}

fn guard(entry: &Entry) -> Option<Guard> {
    if entry.text(CRITICAL).is_some_and(|value| value.eq_ignore_ascii_case("TRUE")) {
        return Some(Guard::Critical);
    }
    let descriptor = entry.values(DESCRIPTOR).first().and_then(|octets| SecurityDescriptor::from_bytes(octets).ok());
    descriptor.filter(is_protected).map(|_| Guard::Protected)
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}
