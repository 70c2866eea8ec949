//! One object, read.

use bailiwick_adtypes::filter::Filter;

use super::target::search;
use super::{Error, Target};
use crate::{Context, Directory, Entry, Scope};

/// Reads attributes of an object, all plain ones when none is named.
///
/// # Errors
/// `NoSuchObject` when it has gone in between.
pub fn show(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    attributes: &[&str],
) -> Result<Entry, Error> {
    let found = search(directory, context, target.name(), Scope::Base, Filter::any_object(), attributes, 1)?;
    let gone = || Error::NoSuchObject { kind: target.kind, selector: target.dn.to_string() };
    found.into_iter().next().ok_or_else(gone)
}
