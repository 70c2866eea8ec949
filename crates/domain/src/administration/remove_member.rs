//! Ends somebody's membership of a group.

use bailiwick_adtypes::modification::{Modification, Operation};

use super::{Error, Target, change_attributes};
use crate::{Context, Directory};

/// Ends somebody's membership of a group; one that is no member is refused.
///
/// # Errors
/// The directory refuses.
pub fn remove_member(
    directory: &dyn Directory,
    context: &Context<'_>,
    group: &Target,
    member: &Target,
) -> Result<(), Error> {
    let values = vec![member.name().to_string().into_bytes()];
    let modification = Modification { operation: Operation::Delete, attribute: "member".to_owned(), values };
    change_attributes(directory, context, group, vec![modification])
}
