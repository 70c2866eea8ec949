//! Makes somebody a member of a group.

use bailiwick_adtypes::modification::{Modification, Operation};

use super::{Error, Target, change_attributes};
use crate::{Context, Directory};

/// Makes somebody a member of a group; one that is a member already is refused.
///
/// # Errors
/// The directory refuses.
pub fn add_member(
    directory: &dyn Directory,
    context: &Context<'_>,
    group: &Target,
    member: &Target,
) -> Result<(), Error> {
    let values = vec![member.name().to_string().into_bytes()];
    let modification = Modification { operation: Operation::Add, attribute: "member".to_owned(), values };
    change_attributes(directory, context, group, vec![modification])
}
