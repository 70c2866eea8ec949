//! The fact tables of `data/` as checked-in Rust tables, and the definitions they stand for.
//!
//! `cargo xtask generate` writes the files below this one; `cargo xtask generate --check` compares them.

#[rustfmt::skip]
mod attributes;
#[rustfmt::skip]
mod classes;
#[rustfmt::skip]
mod rights;
#[rustfmt::skip]
mod well_known;

use bailiwick_adtypes::guid::Guid;

use super::class::Category;
use super::definition::{AttributeDefinition, ClassDefinition};
use super::right::Kind;
use super::syntax::Syntax;
use super::{AttributeNumber, ClassNumber};

pub(super) use rights::RIGHTS;
pub(crate) use well_known::WELL_KNOWN;

/// lDAPDisplayName, cn, attributeID, syntax, flags (1 single-valued, 2 system-only, 4 in the partial set, 8 defunct,
/// 16 extended characters), rangeLower, rangeUpper, searchFlags, systemFlags, linkID, schemaIDGUID,
/// attributeSecurityGUID or 0, schemaFlagsEx.
pub(super) struct AttributeRow(
    &'static str,
    &'static str,
    &'static str,
    Syntax,
    u8,
    Option<i64>,
    Option<i64>,
    u32,
    u32,
    Option<u32>,
    u128,
    u128,
    u32,
);

/// lDAPDisplayName, cn, governsID, category, subClassOf, rDNAttID, the lists of
/// [`ClassDefinition`](super::definition::ClassDefinition) in its order, default object category,
/// defaultSecurityDescriptor, flags (1 system-only, 2 default hiding value), systemFlags, schemaIDGUID.
pub(super) struct ClassRow(
    &'static str,
    &'static str,
    &'static str,
    Category,
    &'static str,
    &'static str,
    [&'static str; 8],
    &'static str,
    &'static str,
    u8,
    u32,
    u128,
);

/// cn, displayName, rightsGuid, appliesTo, validAccesses, kind.
pub(super) struct RightRow(pub &'static str, pub &'static str, pub u128, pub &'static [u128], pub u32, pub Kind);

/// An object or SID that a new domain has or knows; the columns are described in `data/README.md`.
pub(crate) struct WellKnownRow {
    pub kind: &'static str,
    pub name: &'static str,
    pub sid: &'static str,
    pub class: &'static str,
    pub parent: &'static str,
    pub group_type: Option<i32>,
    pub system_flags: Option<i32>,
    pub critical: bool,
    /// Names of groups, separated by `; `.
    pub member_of: &'static str,
    /// Hexadecimal digits as in a DN-Binary value; empty when the object is not well known by GUID.
    pub well_known_guid: &'static str,
    pub user_account_control: Option<i32>,
    pub primary_group_id: Option<i32>,
}

/// What the tables define, numbered from `first_number`: attributes in their order, then classes in theirs.
pub(crate) fn definitions(first_number: u32) -> (Vec<AttributeDefinition>, Vec<ClassDefinition>) {
    let attributes: Vec<AttributeDefinition> =
        (first_number..).map(AttributeNumber).zip(&attributes::ATTRIBUTES).map(attribute).collect();
    let first_class = first_number + attributes.len() as u32;
    let number_of = |name: &str| {
        let position = classes::CLASSES.iter().position(|row| row.0 == name).unwrap_or(0);
        ClassNumber(first_class + position as u32)
    };
    let classes = (first_class..)
        .map(ClassNumber)
        .zip(&classes::CLASSES)
        .map(|(number, row)| class(number, row, number_of(row.7)))
        .collect();
    (attributes, classes)
}

fn attribute((number, row): (AttributeNumber, &AttributeRow)) -> AttributeDefinition {
    let &AttributeRow(name, cn, oid, syntax, flags, lower, upper, search, system, link, guid, set, flags_ex) = row;
    AttributeDefinition {
        number,
        name: name.into(),
        cn: cn.into(),
        oid: oid.into(),
        syntax,
        single_valued: flags & 1 != 0,
        range_lower: lower,
        range_upper: upper,
        search_flags: search,
        system_flags: system,
        system_only: flags & 2 != 0,
        link_id: link,
        schema_id_guid: Guid::from_u128(guid),
        security_guid: (set != 0).then(|| Guid::from_u128(set)),
        in_partial_set: flags & 4 != 0,
        schema_flags_ex: flags_ex,
        defunct: flags & 8 != 0,
        extended_characters: flags & 16 != 0,
    }
}

fn class(number: ClassNumber, row: &ClassRow, default_object_category: ClassNumber) -> ClassDefinition {
    let &ClassRow(name, cn, oid, category, sub_class_of, rdn, lists, _, descriptor, flags, system_flags, guid) = row;
    let list = |position: usize| lists[position].split_whitespace().map(Box::from).collect();
    ClassDefinition {
        number,
        name: name.into(),
        cn: cn.into(),
        oid: oid.into(),
        category,
        sub_class_of: sub_class_of.into(),
        rdn: (!rdn.is_empty()).then(|| rdn.into()),
        system_auxiliary_class: list(0),
        auxiliary_class: list(1),
        system_must_contain: list(2),
        must_contain: list(3),
        system_may_contain: list(4),
        may_contain: list(5),
        system_poss_superiors: list(6),
        poss_superiors: list(7),
        default_object_category,
        default_security_descriptor: descriptor.into(),
        default_hiding_value: flags & 2 != 0,
        system_only: flags & 1 != 0,
        system_flags,
        schema_id_guid: Guid::from_u128(guid),
        defunct: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells of these columns in a table of `data/`.
    fn cells(table: &str, columns: [&str; 3]) -> Vec<[String; 3]> {
        let path = format!("{}/../../data/{table}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        let header = lines.next().unwrap();
        let position = |column: &str| header.iter().position(|name| *name == column).unwrap();
        let positions = columns.map(position);
        let source = header.iter().position(|name| *name == "source").filter(|_| table.starts_with("extra"));
        lines
            .filter(|cells| source.is_none_or(|source| !cells[source].starts_with("base")))
            .map(|cells| positions.map(|position| cells[position].to_owned()))
            .collect()
    }

    #[test]
    fn the_rust_tables_are_those_of_data() {
        let (attributes, classes) = definitions(1);
        let columns = ["ldap_display_name", "attribute_id", "schema_id_guid"];
        let expected = [cells("schema-attributes.tsv", columns), cells("extra-attributes.tsv", columns)].concat();
        let found = attributes.iter().map(|a| [a.name.to_string(), a.oid.to_string(), a.schema_id_guid.to_string()]);
        assert!(found.eq(expected));
        let columns = ["ldap_display_name", "governs_id", "schema_id_guid"];
        let expected = [cells("schema-classes.tsv", columns), cells("extra-classes.tsv", columns)].concat();
        let found = classes.iter().map(|c| [c.name.to_string(), c.oid.to_string(), c.schema_id_guid.to_string()]);
        assert!(found.eq(expected));
        let rights = cells("extended-rights.tsv", ["cn", "rights_guid", "valid_accesses"]);
        let found = RIGHTS.iter().map(|r| [r.0.to_owned(), Guid::from_u128(r.2).to_string(), r.4.to_string()]);
        assert!(found.eq(rights));
        let well_known = cells("well-known.tsv", ["kind", "name", "sid"]);
        let found = WELL_KNOWN.iter().map(|row| [row.kind.to_owned(), row.name.to_owned(), row.sid.to_owned()]);
        assert!(found.eq(well_known));
    }

    #[test]
    fn every_default_object_category_is_a_class_of_the_table() {
        for row in &classes::CLASSES {
            assert!(classes::CLASSES.iter().any(|other| other.0 == row.7), "{}", row.0);
        }
    }
}
