//! `SYNO.DirectoryServer.*`: users, groups and the domain, in plain words. Specification section 3.5.

pub mod domain;
pub mod group;
pub mod sync;
pub mod user;

use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::administration::{Error, Kind};

use crate::error_code::{Cause, Doing, Fault};
use crate::parameters::Wrong;

/// The attributes of a new object: those that have something in them.
pub(crate) fn attributes<const N: usize>(wanted: [(&str, Option<String>); N]) -> Vec<Attribute> {
    let attribute = |(name, value): (&str, Option<String>)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(Attribute { name: name.to_owned(), values: vec![value.into_bytes()] })
    };
    wanted.into_iter().filter_map(attribute).collect()
}

/// The fault of a creation: a place that is not there is a bad parameter in this family.
fn fault_of_creation(error: Error) -> Fault {
    match error {
        Error::NoSuchObject { kind: Kind::Place, .. } => Wrong::condition("ou").into(),
        error => Fault::Directory(Doing::Add, Cause::of_use_case(&error)),
    }
}
