//! `SYNO.DirectoryServer.User` `Create`: a new user. Specification section 3.5.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `logon_name` | string | required; the account name |
//! | `password` | string | required |
//! | `first_name`, `last_name` | string | together the common name and the display name |
//! | `email` | string | |
//! | `ou` | DN | where; the domain's own place for users unless said |

use bailiwick_domain::administration::{AccountControl, NewUser, Place, Selector, create_user, domain};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::directory_server::{attributes, fault_of_creation};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "Create", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let logon_name = parameters.required_text("logon_name")?;
    let secret = parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    let unit = parameters.optional_dn("ou")?.map(Selector::from);
    let (first, last) = (parameters.text("first_name")?, parameters.text("last_name")?);
    let name = common_name(first.as_deref(), last.as_deref()).unwrap_or_else(|| logon_name.clone());
    let attributes = attributes([
        ("givenName", first.map(|name| name.trim().to_owned())),
        ("sn", last.map(|name| name.trim().to_owned())),
        ("displayName", Some(name.clone())),
        ("mail", parameters.text("email")?),
    ]);
    let password = secret.password.clone();
    let created = call.with_secret(&secret, move |directory, context| {
        let principal_name = format!("{logon_name}@{}", domain(directory, context)?.dns_name().to_lowercase());
        let new = NewUser {
            name: &name,
            account_name: &logon_name,
            principal_name: Some(&principal_name),
            place: unit.as_ref().map_or(Place::Users, Place::At),
            password: Some(&password),
            control: AccountControl::default(),
            must_change_password: false,
            cannot_change_password: false,
            attributes,
        };
        create_user(directory, context, new)
    })?;
    let created = created.map_err(fault_of_creation)?;
    Ok(Reply::data(json!({ "dn": created.dn.to_string() })))
}

/// First and last name as one, without what is empty.
fn common_name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = [first, last].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_name_has_no_empty_parts() {
        assert_eq!(common_name(Some(" John "), Some("Doe")).as_deref(), Some("John Doe"));
        assert_eq!(common_name(None, Some("Doe")).as_deref(), Some("Doe"));
        assert_eq!(common_name(Some(" "), None), None);
    }
}
