//! Another name in the same place.

use bailiwick_adtypes::dn::{Dn, Rdn};

use super::{Error, Target};
use crate::{Change, Context, Directory, Rename};

/// Renames an object and gives its new name. The attribute that names it stays what it was; account names are
/// attributes of their own.
///
/// # Errors
/// `InvalidName`, or the directory refuses.
pub fn rename(directory: &dyn Directory, context: &Context<'_>, target: &Target, name: &str) -> Result<Dn, Error> {
    let (Some(old), Some(parent)) = (target.dn.rdn(), target.dn.parent()) else {
        return Err(Error::InvalidName { text: target.dn.to_string() });
    };
    let renamed = super::creation::child(&parent, &old.attribute, name)?;
    let new_rdn = Rdn { attribute: old.attribute.clone(), value: name.trim().to_owned() };
    let rename = Rename { name: target.name(), new_rdn, delete_old_rdn: true, new_superior: None };
    directory.apply(context, &[Change::Rename(rename)])?;
    Ok(renamed)
}
