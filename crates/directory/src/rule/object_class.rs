//! Of which classes an object may be. [MS-ADTS] 3.1.1.5.2.2, 3.1.1.5.2.3 and 3.1.1.5.3.5.

use bailiwick_domain::{Error, ObjectFault, Refusal};

use crate::schema::object_class::{ObjectClassError, ObjectClasses};
use crate::schema::{Class, ClassNumber, Schema};

/// The classes of a new object, completed from what the client sent. `restoring` is for the directory itself.
///
/// # Errors
/// The object faults of classes, `ClassNotCreatable` for what only the system and the security authority make;
/// `SchemaChange` for the schema's own objects.
pub(crate) fn of_new(schema: &Schema, values: &[Vec<u8>], restoring: bool) -> Result<ObjectClasses, Error> {
    let classes = resolve(schema, values).map_err(|error| match error {
        Error::Object(ObjectFault::NoStructuralClass) if !values.is_empty() => {
            Error::Object(ObjectFault::ClassNotConcrete)
        }
        error => error,
    })?;
    let known = schema.known();
    let structural = structural(schema, &classes)?;
    if structural.is_a(known.class_attribute_schema) || structural.is_a(known.class_class_schema) {
        return Err(Error::Refused(Refusal::SchemaChange));
    }
    check_not_dynamic(schema, &classes)?;
    // Secrets and trusts are made by other means than adding an object ([MS-ADTS] 3.1.1.5.2.3).
    let special = [known.class_secret, known.class_trusted_domain];
    match !restoring && (structural.system_only || structural.is_one_of(&special)) {
        true => Err(not_creatable(structural)),
        false => Ok(classes),
    }
}

/// Refuses naming contexts and what describes them: they are not made by adding an object here, wherever the schema
/// lets them stand.
///
/// # Errors
/// `ClassNotCreatable`.
pub(crate) fn check_no_context(schema: &Schema, class: &Class) -> Result<(), Error> {
    let known = schema.known();
    let special = [known.class_cross_ref, known.class_domain, known.class_builtin_domain, known.class_sam_server];
    match class.is_one_of(&special) {
        true => Err(not_creatable(class)),
        false => Ok(()),
    }
}

/// The classes of an object after its objectClass was changed.
///
/// # Errors
/// The object faults of classes; `StructuralClassChange` unless a user becomes an inetOrgPerson or the other way.
pub(crate) fn changed(schema: &Schema, before: ClassNumber, values: &[Vec<u8>]) -> Result<ObjectClasses, Error> {
    let known = schema.known();
    let classes = resolve(schema, values)?;
    check_not_dynamic(schema, &classes)?;
    let convertible = [known.class_user, known.class_inet_org_person];
    let converts = convertible.contains(&before) && convertible.contains(&classes.structural);
    match classes.structural == before || converts {
        true => Ok(classes),
        false => Err(Error::Object(ObjectFault::StructuralClassChange)),
    }
}

/// The classes of a stored object.
///
/// # Errors
/// Those of [`of_new`], if the schema has changed under the object.
pub(crate) fn resolve(schema: &Schema, values: &[Vec<u8>]) -> Result<ObjectClasses, Error> {
    ObjectClasses::resolve(schema, values.iter().map(Vec::as_slice)).map_err(|error| match error {
        ObjectClassError::Empty | ObjectClassError::NoStructuralClass => Error::Object(ObjectFault::NoStructuralClass),
        ObjectClassError::UnknownClass { name } => Error::Object(ObjectFault::UnknownClass(name.into())),
        ObjectClassError::TwoStructuralClasses { .. } | ObjectClassError::AbstractClass { .. } => {
            Error::Object(ObjectFault::SeveralStructuralClasses)
        }
    })
}

/// The class with this name.
///
/// # Errors
/// `UnknownClass`.
pub(crate) fn named<'s>(schema: &'s Schema, name: &[u8]) -> Result<&'s Class, Error> {
    let name = String::from_utf8_lossy(name);
    schema.class_named(&name).ok_or_else(|| Error::Object(ObjectFault::UnknownClass(name.into())))
}

/// The most specific structural class.
///
/// # Errors
/// `NoStructuralClass`.
pub(crate) fn structural<'s>(schema: &'s Schema, classes: &ObjectClasses) -> Result<&'s Class, Error> {
    schema.class(classes.structural).ok_or(Error::Object(ObjectFault::NoStructuralClass))
}

/// Objects that expire are not made here, since nothing removes them.
fn check_not_dynamic(schema: &Schema, classes: &ObjectClasses) -> Result<(), Error> {
    let dynamic = schema.known().class_dynamic_object;
    match schema.class(dynamic).filter(|_| classes.contains(schema, dynamic)) {
        Some(class) => Err(not_creatable(class)),
        None => Ok(()),
    }
}

fn not_creatable(class: &Class) -> Error {
    Error::Object(ObjectFault::ClassNotCreatable(class.name.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(names: &[&str]) -> Vec<Vec<u8>> {
        names.iter().map(|name| name.as_bytes().to_vec()).collect()
    }

    fn added(names: &[&str]) -> Result<(), Error> {
        of_new(&Schema::from_tables(1), &values(names), false).map(drop)
    }

    #[test]
    fn clients_make_objects_of_ordinary_classes() {
        assert_eq!(added(&["user"]), Ok(()));
        assert_eq!(added(&["top", "group", "posixGroup"]), Ok(()));
        assert_eq!(added(&["contact"]), Ok(()));
        assert_eq!(added(&["container"]), Ok(()));
    }

    #[test]
    fn special_classes_are_not_made_by_clients() {
        let refused = |name: &str| Err(Error::Object(ObjectFault::ClassNotCreatable(name.to_owned())));
        for name in ["secret", "trustedDomain", "rIDManager", "nTDSDSA"] {
            assert_eq!(added(&[name]), refused(name), "{name}");
        }
        let schema = Schema::from_tables(1);
        for name in ["crossRef", "domainDNS", "builtinDomain"] {
            assert_eq!(check_no_context(&schema, schema.class_named(name).unwrap()), refused(name), "{name}");
        }
        assert_eq!(check_no_context(&schema, schema.class_named("user").unwrap()), Ok(()));
        assert_eq!(added(&["attributeSchema"]), Err(Error::Refused(Refusal::SchemaChange)));
        let dynamic = Err(Error::Object(ObjectFault::ClassNotCreatable("dynamicObject".to_owned())));
        assert_eq!(added(&["user", "dynamicObject"]), dynamic);
        assert!(of_new(&Schema::from_tables(1), &values(&["crossRef"]), true).is_ok());
    }

    #[test]
    fn classes_that_make_no_object_are_told_apart() {
        assert_eq!(added(&[]), Err(Error::Object(ObjectFault::NoStructuralClass)));
        assert_eq!(added(&["nobody"]), Err(Error::Object(ObjectFault::UnknownClass("nobody".to_owned()))));
        for several in [["user", "group"], ["user", "leaf"]] {
            assert_eq!(added(&several), Err(Error::Object(ObjectFault::SeveralStructuralClasses)), "{several:?}");
        }
        for class in ["top", "leaf", "mailRecipient"] {
            assert_eq!(added(&[class]), Err(Error::Object(ObjectFault::ClassNotConcrete)), "{class}");
        }
    }

    #[test]
    fn auxiliaries_come_and_go_and_the_structural_class_stays() {
        let schema = Schema::from_tables(1);
        let user = schema.known().class_user;
        let after = |names: &[&str]| changed(&schema, user, &values(names)).map(|classes| classes.structural);
        assert_eq!(after(&["user", "posixAccount"]), Ok(user));
        assert_eq!(after(&["inetOrgPerson"]), Ok(schema.known().class_inet_org_person));
        let refused = Err(Error::Object(ObjectFault::StructuralClassChange));
        assert_eq!(after(&["computer"]), refused);
        assert_eq!(after(&["contact"]), refused);
    }
}
