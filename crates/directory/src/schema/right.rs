//! Control access rights, property sets and validated writes: what access control entries name beside attributes
//! and classes. [MS-ADTS] 5.1.3.2.

use bailiwick_adtypes::guid::Guid;

use super::generated::RIGHTS;

/// A controlAccessRight object of CN=Extended-Rights.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Right {
    /// cn of the object.
    pub cn: &'static str,
    /// displayName.
    pub display_name: &'static str,
    /// rightsGuid, which names the right in access control entries.
    pub guid: Guid,
    /// schemaIDGUIDs of the classes it applies to.
    pub applies_to: Vec<Guid>,
    /// validAccesses, an access mask.
    pub valid_accesses: u32,
    /// What it stands for.
    pub kind: Kind,
}

/// What a [`Right`] stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Leave for an operation.
    ControlAccess,
    /// All attributes whose attributeSecurityGUID is the right's GUID.
    PropertySet,
    /// Leave to write an attribute with values that the directory checks.
    ValidatedWrite,
}

/// All rights, sorted by name.
pub fn rights() -> impl ExactSizeIterator<Item = Right> {
    RIGHTS.iter().map(|row| Right {
        cn: row.0,
        display_name: row.1,
        guid: Guid::from_u128(row.2),
        applies_to: row.3.iter().copied().map(Guid::from_u128).collect(),
        valid_accesses: row.4,
        kind: row.5,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_rights_of_each_kind_as_published() {
        let count = |kind| rights().filter(|right| right.kind == kind).count();
        assert_eq!(count(Kind::ControlAccess), 60);
        assert_eq!(count(Kind::PropertySet), 15);
        assert_eq!(count(Kind::ValidatedWrite), 6);
    }
}
