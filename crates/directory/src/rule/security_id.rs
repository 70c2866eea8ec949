//! Which objects have a SID, and which one. [MS-ADTS] 3.1.1.5.2.4, [MS-SAMR] 3.1.1.9.2.

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeFault, Error};

use crate::record::{Draft, Snapshot};
use crate::schema::Schema;
use crate::schema::object_class::ObjectClasses;

/// Whether objects of these classes sign in or are given rights: by their class or one linked to it.
pub(crate) fn is_security_principal(schema: &Schema, classes: &ObjectClasses) -> bool {
    let principal = schema.known().class_security_principal;
    classes
        .ordered(schema)
        .iter()
        .any(|class| class.number == principal || class.auxiliaries.binary_search(&principal).is_ok())
}

/// Gives a new object its SID: that of the domain with the leased `rid` for a security principal, the one that names it
/// for a foreign one. A SID that the directory brings back stays.
///
/// # Errors
/// `InvalidName` when a foreign security principal is not called like a SID, `NotUnique` when the SID is taken.
pub(crate) fn assign(
    snapshot: Snapshot<'_>,
    classes: &ObjectClasses,
    domain: &Sid,
    rid: Option<u32>,
    draft: &mut Draft,
) -> Result<(), Error> {
    let schema = snapshot.schema;
    let known = schema.known();
    let is_foreign = classes.contains(schema, known.class_foreign_security_principal);
    if !draft.has(known.object_sid) {
        let sid = if is_foreign {
            let name = std::str::from_utf8(draft.rdn_value()).ok();
            name.and_then(|name| name.parse().ok()).ok_or(Error::InvalidName)?
        } else if let Some(sid) = rid.and_then(|rid| domain.with_rid(rid)) {
            sid
        } else {
            return Ok(());
        };
        draft.set(known.object_sid, sid.to_bytes());
    }
    match draft.value(known.object_sid).map(Sid::from_bytes) {
        Some(Ok(sid)) => {
            // A SID of the domain is given once and for all, one from elsewhere has one living object at a time.
            let holder = if is_foreign { snapshot.living_by_sid(&sid)? } else { snapshot.by_sid(&sid)? };
            match holder {
                None => Ok(()),
                Some(_) => Err(Error::attribute("objectSid", AttributeFault::NotUnique)),
            }
        }
        _ => Err(Error::attribute("objectSid", AttributeFault::InvalidSyntax)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_groups_and_computers_are_security_principals() {
        let schema = Schema::from_tables(1);
        for (class, expected) in [
            ("user", true),
            ("inetOrgPerson", true),
            ("computer", true),
            ("group", true),
            ("contact", false),
            ("organizationalUnit", false),
            ("foreignSecurityPrincipal", false),
        ] {
            let classes = ObjectClasses::resolve(&schema, [class.as_bytes()]).unwrap();
            assert_eq!(is_security_principal(&schema, &classes), expected, "{class}");
        }
    }
}
