//! Several members of a group at once, whether or not some of them are members already.

use bailiwick_adtypes::modification::{Modification, Operation};

use super::{Error, Target};
use crate::{Change, Context, Directory};

/// Makes all of them members, or none. Those that are members already stay so.
///
/// # Errors
/// The directory refuses.
pub fn add_members(
    directory: &dyn Directory,
    context: &Context<'_>,
    group: &Target,
    members: &[Target],
) -> Result<(), Error> {
    change(directory, context, group, Operation::Add, members)
}

/// Ends the membership of all of them, or of none. Those that are no members stay so.
///
/// # Errors
/// The directory refuses.
pub fn remove_members(
    directory: &dyn Directory,
    context: &Context<'_>,
    group: &Target,
    members: &[Target],
) -> Result<(), Error> {
    change(directory, context, group, Operation::Delete, members)
}

fn change(
    directory: &dyn Directory,
    context: &Context<'_>,
    group: &Target,
    operation: Operation,
    members: &[Target],
) -> Result<(), Error> {
    // A deletion without values would take every member.
    if members.is_empty() {
        return Ok(());
    }
    let values = members.iter().map(|member| member.name().to_string().into_bytes()).collect();
    let modifications = vec![Modification { operation, attribute: "member".to_owned(), values }];
    directory
        .apply(context, &[Change::Modify { name: group.name(), modifications, permissive: true, sd_flags: None }])?;
    Ok(())
}
