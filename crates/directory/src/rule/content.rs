//! Which attributes an object must and may have. [MS-ADTS] 3.1.1.5.1.1.

use bailiwick_domain::{AttributeFault, Error};

use crate::schema::content::{self, ContentError};
use crate::schema::object_class::ObjectClasses;
use crate::schema::{AttributeNumber, Schema};

/// Refuses a set of attributes that the object's classes do not allow, or that lacks one they require. `name` gives
/// the spelling of the client where there is one.
///
/// # Errors
/// `NotAllowed` and `Missing`.
pub(crate) fn check_whole(
    schema: &Schema,
    classes: &ObjectClasses,
    attributes: &[AttributeNumber],
    name: impl Fn(AttributeNumber) -> Option<String>,
) -> Result<(), Error> {
    let (attribute, fault) = match content::check(schema, classes, attributes) {
        Ok(()) => return Ok(()),
        Err(ContentError::Missing { attribute }) => (attribute, AttributeFault::Missing),
        Err(ContentError::NotAllowed { attribute }) => (attribute, AttributeFault::NotAllowed),
    };
    let in_schema = || schema.attribute(attribute).map(|attribute| attribute.name.to_string());
    Err(Error::attribute(name(attribute).or_else(in_schema).unwrap_or_default(), fault))
}

/// Refuses what a change made of one attribute. Of an object whose classes stay, the other attributes stay right.
///
/// # Errors
/// `NotAllowed` when it is there, `Missing` when it is not.
pub(crate) fn check_one(
    schema: &Schema,
    classes: &ObjectClasses,
    attribute: AttributeNumber,
    present: bool,
    name: &str,
) -> Result<(), Error> {
    if present && !content::allows(schema, classes, attribute) {
        return Err(Error::attribute(name, AttributeFault::NotAllowed));
    }
    if !present && content::requires(schema, classes, attribute) {
        return Err(Error::attribute(name, AttributeFault::Missing));
    }
    Ok(())
}

/// Refuses to take from an object what every account keeps for life. Real servers keep a fixed list of these, whatever
/// the schema says, and are unwilling rather than finding the classes violated.
///
/// # Errors
/// `Lasting`.
pub(crate) fn check_kept(schema: &Schema, attribute: AttributeNumber, name: &str) -> Result<(), Error> {
    let kept = schema.attribute(attribute).is_some_and(|attribute| {
        matches!(
            &*attribute.name,
            "accountExpires"
                | "badPasswordTime"
                | "badPwdCount"
                | "codePage"
                | "countryCode"
                | "groupType"
                | "lastLogoff"
                | "lastLogon"
                | "logonCount"
                | "nTSecurityDescriptor"
                | "objectSid"
                | "primaryGroupID"
                | "pwdLastSet"
                | "sAMAccountName"
                | "sAMAccountType"
                | "userAccountControl"
        )
    });
    if kept { Err(Error::attribute(name, AttributeFault::Lasting)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_the_attribute_as_the_client_wrote_it() {
        let schema = Schema::from_tables(1);
        let number = |name: &str| schema.attribute_named(name).unwrap().number;
        let classes = ObjectClasses::resolve(&schema, [b"container".as_slice()]).unwrap();
        let whole = ["objectClass", "instanceType", "nTSecurityDescriptor", "objectCategory", "cn"].map(number);
        let spelled = |attribute| (attribute == number("sn")).then(|| "SN".to_owned());
        assert_eq!(check_whole(&schema, &classes, &whole, spelled), Ok(()));
        let with_sn: Vec<_> = whole.iter().copied().chain([number("sn")]).collect();
        let refused = Err(Error::attribute("SN", AttributeFault::NotAllowed));
        assert_eq!(check_whole(&schema, &classes, &with_sn, spelled), refused);
        let missing = Err(Error::attribute("cn", AttributeFault::Missing));
        assert_eq!(check_whole(&schema, &classes, &whole[..4], spelled), missing);
        let refused = Err(Error::attribute("Sn", AttributeFault::NotAllowed));
        assert_eq!(check_one(&schema, &classes, number("sn"), true, "Sn"), refused);
        assert_eq!(check_one(&schema, &classes, number("sn"), false, "Sn"), Ok(()));
        assert_eq!(check_one(&schema, &classes, number("description"), true, "x"), Ok(()));
    }
}
