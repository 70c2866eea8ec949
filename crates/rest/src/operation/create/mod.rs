//! `POST /create/…`: a new object in one change, so that a 400 means that there is none. Section 5, D-01.

pub mod group;
pub mod unit;
pub mod user;

use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::Error;
use bailiwick_domain::administration::{Created, Error as UseCase, Selector};

use super::password;
use crate::directory_fault::NO_SUCH_ATTRIBUTE;
use crate::json::{Object, Value};
use crate::name::{self, NameFault};
use crate::problem::{NO_CODE, OperationType, Problem};
use crate::reply::Reply;
use crate::service::Call;
use crate::value;

/// What the documentation of the API has as the message of a creation that failed.
const FAILED: &str = "An exception occurred.";

/// Keys that look like attributes and are not. D-51.
const NO_ATTRIBUTES: [&str; 2] = ["domain", "claimsPrincipal"];
/// Attributes that would get around what this API checks. D-51.
const REFUSED_ATTRIBUTES: [&str; 8] = [
    "unicodePwd",
    "userPassword",
    "nTSecurityDescriptor",
    "distinguishedName",
    "objectSid",
    "objectGUID",
    "supplementalCredentials",
    "dBCSPwd",
];

/// A refusal of something about an attribute or key.
fn refuse(message: impl Into<String>, property: &str) -> Problem {
    Problem::refused(400, OperationType::Set, message).on(property)
}

/// A creation that came to nothing: what is wrong stands in the details, under the one message that is documented.
fn to_nothing(problem: Problem) -> Problem {
    match problem.status {
        400 if problem.fault.is_some() => problem.told(FAILED),
        _ => problem,
    }
}

/// Sees to it that objects of the class may be made.
fn admit(call: &Call, class: &str) -> Result<(), Problem> {
    match call.settings().restrictions.create.contains(class) {
        true => Ok(()),
        false => Err(super::restricted(400, "create", class)),
    }
}

/// The name of the new object.
fn common_name(call: &Call, body: &mut Object) -> Result<String, Problem> {
    let text = call.text(body, "cn")?.unwrap_or_default();
    name::plain(&text).map_err(|fault| {
        let message = match fault {
            NameFault::Blank => "The CN field is required.",
            NameFault::SeveralComponents => "A name has one component.",
        };
        call.refuse(message).on("cn")
    })
}

/// Where the new object is to be, if the caller says.
fn path(call: &Call, body: &mut Object) -> Result<Option<Selector>, Problem> {
    call.text(body, "path")?.map(|text| call.selector(&text, "path")).transpose()
}

/// What is left of the body: attributes, by the schema. Everything is looked at before anything is written.
fn attributes(call: &Call, body: Object, class: &str) -> Result<Vec<Attribute>, Problem> {
    let mut attributes = Vec::new();
    for member in body.into_members() {
        let (name, json) = (member.name.as_str(), &member.value);
        if json.is_null() || is_implied(name, json, class)? {
            continue;
        }
        if is_among(&NO_ATTRIBUTES, name) || is_among(&REFUSED_ATTRIBUTES, name) {
            return Err(refuse(format!("'{name}' is not written this way."), name));
        }
        let Some(known) = call.directory().attribute_type(name) else {
            return Err(refuse(format!("The schema has no attribute '{name}'."), name).code(NO_SUCH_ATTRIBUTE));
        };
        if is_among(&REFUSED_ATTRIBUTES, &known.name) {
            return Err(refuse(format!("'{name}' is not written this way."), name));
        }
        if known.single_valued && matches!(json, Value::Array(_)) {
            return Err(refuse(format!("'{name}' does not allow for multiple values."), name));
        }
        let values = value::values(&known, json).map_err(|fault| refuse(fault.to_string(), name))?;
        if !values.is_empty() {
            attributes.push(Attribute { name: known.name, values });
        }
    }
    Ok(attributes)
}

/// Whether the key says again what the path of the request says: the class, or its category. D-51.
fn is_implied(name: &str, json: &Value, class: &str) -> Result<bool, Problem> {
    let is_class = name.eq_ignore_ascii_case("objectClass");
    if !is_class && !name.eq_ignore_ascii_case("objectCategory") {
        return Ok(false);
    }
    let last = match json {
        Value::Array(values) => values.last().and_then(Value::as_text),
        value => value.as_text(),
    };
    // A category may be the name of a schema object; that of users is Person.
    let named = last.map(|text| text.split(',').next().unwrap_or(text).trim());
    let named = named
        .map(|text| text.get(3..).filter(|_| text[..3.min(text.len())].eq_ignore_ascii_case("CN=")).unwrap_or(text));
    let is_person = |text: &str| !is_class && class == "user" && text.eq_ignore_ascii_case("person");
    let is_unit = |text: &str| class == "organizationalUnit" && text.eq_ignore_ascii_case("organizational-unit");
    match named {
        Some(text) if text.eq_ignore_ascii_case(class) || is_person(text) || is_unit(text) => Ok(true),
        _ => Err(refuse(format!("An object of this path is a {class}."), name)),
    }
}

fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What came of it.
fn outcome(call: &Call, cn: &str, what: &str, created: Result<Created, UseCase>) -> Result<Reply, Problem> {
    let error = match created {
        Ok(created) => {
            let message = format!("The {what} was successfully created.");
            return Ok(Reply::done(201, Some(created.dn.to_string()), message));
        }
        Err(error) => error,
    };
    if let Some(problem) = password::refusal(&error) {
        return Err(problem);
    }
    let problem = call.failed(&error);
    Err(match error {
        // The text and the number are those that callers know. D-42.
        UseCase::Directory(Error::AlreadyExists) => {
            problem.told(format!("A child entry with the name '{cn}' already exists.")).code(NO_CODE)
        }
        UseCase::NoSuchObject { .. } | UseCase::Ambiguous { .. } => to_nothing(problem.on("path")),
        _ => to_nothing(problem),
    })
}

/// The first so many UTF-16 units of a text, and no half of a character.
fn cut(text: &str, units_max: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > units_max
    });
    end.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_names_are_cut_between_characters() {
        assert_eq!(cut("asdfasdf", 20), "asdfasdf");
        assert_eq!(cut("abcdefghijklmnopqrstuvwxyz", 20), "abcdefghijklmnopqrst");
        assert_eq!(cut("aaaaaaaaaaaaaaaaaaa😀b", 20), "aaaaaaaaaaaaaaaaaaa");
        assert_eq!(cut("äöü", 3), "äöü");
    }

    #[test]
    fn d_51_the_class_may_be_said_again_and_not_otherwise() {
        let implied = |name: &str, value: &str, class: &str| is_implied(name, &value.into(), class).map_err(drop);
        assert_eq!(implied("objectClass", "USER", "user"), Ok(true));
        assert_eq!(implied("objectCategory", "person", "user"), Ok(true));
        assert_eq!(implied("objectCategory", "CN=Person,CN=Schema,DC=x", "user"), Ok(true));
        assert_eq!(implied("objectClass", "person", "user"), Err(()));
        assert_eq!(implied("objectClass", "group", "user"), Err(()));
        assert_eq!(implied("mail", "user", "user"), Ok(false));
        let chain = Value::Array(vec!["top".into(), "group".into()]);
        assert!(matches!(is_implied("objectclass", &chain, "group"), Ok(true)));
    }
}
