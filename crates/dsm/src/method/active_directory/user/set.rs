//! `SYNO.ActiveDirectory.User` `set`: changes of users. Specification section 3.6.6.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `userList` | list of objects | required, not empty |
//!
//! Each object has a `dn`, and what is to be changed: a member that is absent or null stays, an empty string takes the
//! attribute away. `password` counts beside `enbl_change_password` alone. A user that cannot be changed does not keep the
//! others from being changed; the call fails then, with one detail for each that could not.

use bailiwick_adtypes::dn::Dn;
use bailiwick_domain::administration::{Kind, Selector, UserEdit, edit_user, find};
use bailiwick_domain::{Context, Directory};
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Cause, DIRECTORY_FAILED, Doing, Fault, record_refused};
use crate::parameters::{Parameters, Secret, Wrong};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 2, privilege: Privilege::Administrator, run };

/// The most users of one call.
const USERS_MAX: usize = 1000;
/// The members that are attributes, and which.
const ATTRIBUTES: [(&str, &str); 10] = [
    ("firstName", "givenName"),
    ("lastName", "sn"),
    ("displayName", "displayName"),
    ("initials", "initials"),
    ("physicalDeliveryOfficeName", "physicalDeliveryOfficeName"),
    ("telephoneNumber", "telephoneNumber"),
    ("web", "wWWHomePage"),
    ("description", "description"),
    ("email", "mail"),
    ("mail", "mail"),
];

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let users = call.parameters.objects("userList")?.filter(|users| !users.is_empty());
    let users = users.ok_or(Wrong::required("userList"))?;
    if users.len() > USERS_MAX {
        return Err(Wrong::condition("userList").into());
    }
    // The whole list is read before any of it is done.
    let is_enveloped = call.parameters.is_enveloped("userList");
    let wishes = users.into_iter().map(|user| Wish::read(user, is_enveloped)).collect::<Result<Vec<Wish>, Wrong>>()?;
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for wish in wishes {
        let cause = match &wish.secret {
            Some(secret) => {
                call.with_secret(&secret.clone(), move |directory, context| wish.grant(directory, context))?
            }
            None => wish.grant(call.directory(), &call.context()),
        };
        match cause {
            Ok(()) => done.push(json!({ "code": 0, "msg": "update record successfully" })),
            Err(Cause::Unavailable) => return Err(Fault::Code(BUSY)),
            Err(cause) => refused.push(record_refused(Doing::Modify, Some(cause))),
        }
    }
    match refused.is_empty() {
        true => Ok(Reply::data(Value::Array(done))),
        false => Err(Fault::Detailed { code: DIRECTORY_FAILED, errors: Value::Array(refused) }),
    }
}

/// One user, and what is to be changed.
struct Wish {
    dn: String,
    attributes: Vec<(&'static str, Option<String>)>,
    secret: Option<Secret>,
    disabled: Option<bool>,
    cannot_change_password: Option<bool>,
    must_change_password: Option<bool>,
    password_never_expires: Option<bool>,
}

impl Wish {
    fn read(members: Map<String, Value>, is_enveloped: bool) -> Result<Wish, Wrong> {
        let parameters = Parameters::Item { members, is_enveloped };
        let mut attributes: Vec<(&'static str, Option<String>)> = Vec::new();
        for (member, attribute) in ATTRIBUTES {
            if let Some(value) = parameters.text(member)? {
                // Of two members for one attribute the last counts.
                attributes.retain(|(known, _)| *known != attribute);
                attributes.push((attribute, Some(value).filter(|value| !value.is_empty())));
            }
        }
        let secret = match parameters.flag("enbl_change_password")?.unwrap_or_default() {
            true => Some(parameters.secret("password")?.ok_or(Wrong::required("password"))?),
            false => None,
        };
        Ok(Wish {
            dn: parameters.required_text("dn")?,
            attributes,
            secret,
            disabled: parameters.flag("account_is_disabled")?,
            cannot_change_password: parameters.flag("cannot_change_password")?,
            must_change_password: parameters.flag("change_password_next_logon")?,
            password_never_expires: parameters.flag("password_never_expire")?,
        })
    }

    fn grant(&self, directory: &dyn Directory, context: &Context<'_>) -> Result<(), Cause> {
        let dn = Dn::parse(&self.dn).map_err(|_| Cause::InvalidSyntax)?;
        let edit = UserEdit {
            attributes: self.attributes.clone(),
            password: self.secret.as_ref().map(|secret| &secret.password),
            disabled: self.disabled,
            password_never_expires: self.password_never_expires,
            must_change_password: self.must_change_password,
            cannot_change_password: self.cannot_change_password,
        };
        find(directory, context, Kind::User, &Selector::from(dn))
            .and_then(|target| edit_user(directory, context, &target, &edit))
            .map_err(|error| Cause::of_use_case(&error))
    }
}
