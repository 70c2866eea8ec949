//! An account that was locked after wrong passwords.

use bailiwick_adtypes::modification::{Modification, Operation};

use super::{Error, Target, change_attributes};
use crate::{Context, Directory};

/// Unlocks an account: 0 is the one value that lockoutTime takes ([MS-SAMR] 3.1.1.8.9).
///
/// # Errors
/// The directory refuses.
pub fn unlock(directory: &dyn Directory, context: &Context<'_>, target: &Target) -> Result<(), Error> {
    let attribute = "lockoutTime".to_owned();
    let modification = Modification { operation: Operation::Replace, attribute, values: vec![b"0".to_vec()] };
    change_attributes(directory, context, target, vec![modification])
}
