//! Whether a new account could have a name.

use bailiwick_adtypes::filter::{Assertion, Filter};

use super::target::search;
use super::{Error, domain};
use crate::{Context, Directory, Scope};

/// Whether a user, group or computer has the account name, or a user or group the common name.
///
/// # Errors
/// The directory fails.
pub fn is_name_taken(directory: &dyn Directory, context: &Context<'_>, name: &str) -> Result<bool, Error> {
    let equals = |attribute: &str, value: &str| {
        Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.as_bytes().to_vec() })
    };
    let named = Filter::And(vec![
        equals("cn", name),
        Filter::Or(vec![equals("objectCategory", "person"), equals("objectCategory", "group")]),
    ]);
    let filter = Filter::Or(vec![equals("sAMAccountName", name), named]);
    let base = domain(directory, context)?.base;
    Ok(!search(directory, context, base.into(), Scope::Subtree, filter, &["1.1"], 1)?.is_empty())
}
