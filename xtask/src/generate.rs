//! `cargo xtask generate`: the fact tables of `data/` become the checked-in Rust tables of the directory crate.
//!
//! The columns are described in `data/README.md`. Two facts that no table states are added here: the Exchange
//! attributes belong to `mailRecipient`, and `ldapPublicKey` is an auxiliary class of `user`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Whether the Rust tables are written or only compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Writes the files that differ.
    Write,
    /// Fails when a file differs.
    Check,
}

/// Where the Rust tables are, from the root of the repository.
const GENERATED: &str = "crates/directory/src/schema/generated";

/// Writes or checks the Rust tables; says on standard error what differs.
pub fn run(mode: Mode) -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut stale = false;
    for (name, text) in files(&root.join("data")) {
        let path: PathBuf = root.join(GENERATED).join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if mode == Mode::Check {
            eprintln!("{GENERATED}/{name} differs from data/: run `cargo xtask generate`");
            stale = true;
        } else if let Err(error) = fs::write(&path, text) {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        } else {
            eprintln!("wrote {GENERATED}/{name}");
        }
    }
    if stale { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Name and text of every generated file.
fn files(data: &Path) -> [(&'static str, String); 4] {
    let read = |name: &str| Table::read(&data.join(name));
    let (attributes, extra_attributes) = (read("schema-attributes.tsv"), read("extra-attributes.tsv"));
    let (classes, extra_classes) = (read("schema-classes.tsv"), read("extra-classes.tsv"));
    [
        ("attributes.rs", attribute_rows(&attributes, &extra_attributes)),
        ("classes.rs", class_rows(&classes, &extra_classes, &extra_attributes)),
        ("rights.rs", right_rows(&read("extended-rights.tsv"))),
        ("well_known.rs", well_known_rows(&read("well-known.tsv"))),
    ]
}

const HEAD: &str = "// Made by `cargo xtask generate` from data/; edit the tables there.\n";

fn attribute_rows(base: &Table, extra: &Table) -> String {
    let rows: Vec<Row<'_>> = base.rows().chain(extra.rows().filter(Row::is_new)).collect();
    let mut out = format!(
        "{HEAD}//! Every attribute of the schema, in the order in which provisioning numbers them.\n\n\
         use super::AttributeRow;\nuse crate::schema::syntax::Syntax as S;\n\n\
         pub(in crate::schema) static ATTRIBUTES: [AttributeRow; {}] = [\n",
        rows.len()
    );
    for row in rows {
        let flags = [("single_valued", 1), ("system_only", 2), ("partial_attribute_set", 4)];
        let mut bits: u32 = flags.iter().map(|(column, bit)| if row.flag(column) { *bit } else { 0 }).sum();
        // The two properties that one attribute each has; see data/README.md.
        bits |= if row.get("ldap_display_name") == "msDS-DrsFarmID" { 8 } else { 0 };
        bits |= if row.get("ldap_display_name") == "dhcpServers" { 16 } else { 0 };
        writeln!(
            out,
            "    AttributeRow({:?}, {:?}, {:?}, S::{}, {bits}, {}, {}, {}, {}, {}, {}, {}, {}),",
            row.get("ldap_display_name"),
            row.get("cn"),
            row.get("attribute_id"),
            syntax(&row),
            optional(row.get("range_lower")),
            optional(row.get("range_upper")),
            row.number("search_flags"),
            row.number("system_flags"),
            optional(row.get("link_id")),
            guid(row.get("schema_id_guid")),
            row.some("attribute_security_guid").map_or("0".to_owned(), guid),
            row.some("schema_flags_ex").unwrap_or("0"),
        )
        .expect("writing to a String succeeds");
    }
    out + "];\n"
}

/// The variant of `Syntax` for attributeSyntax, oMSyntax and oMObjectClass. [MS-ADTS] 3.1.1.2.2.2.
fn syntax(row: &Row<'_>) -> &'static str {
    match (row.get("attribute_syntax"), row.get("om_syntax"), row.get("om_object_class")) {
        ("2.5.5.8", "1", "") => "Boolean",
        ("2.5.5.9", "2", "") => "Integer",
        ("2.5.5.9", "10", "") => "Enumeration",
        ("2.5.5.16", "65", "") => "LargeInteger",
        ("2.5.5.12", "64", "") => "Unicode",
        ("2.5.5.4", "20", "") => "CaseIgnore",
        ("2.5.5.3", "27", "") => "CaseExact",
        ("2.5.5.5", "19", "") => "Printable",
        ("2.5.5.5", "22", "") => "Ia5",
        ("2.5.5.6", "18", "") => "Numeric",
        ("2.5.5.2", "6", "") => "ObjectIdentifier",
        ("2.5.5.10", "4", "") => "OctetString",
        ("2.5.5.17", "4", "") => "Sid",
        ("2.5.5.15", "66", "") => "SecurityDescriptor",
        ("2.5.5.11", "23", "") => "UtcTime",
        ("2.5.5.11", "24", "") => "GeneralizedTime",
        ("2.5.5.1", "127", "2B0C0287731C00854A") => "Dn",
        ("2.5.5.7", "127", "2A864886F7140101010B") => "DnBinary",
        ("2.5.5.7", "127", "56060102050B1D") => "OrName",
        ("2.5.5.14", "127", "2A864886F7140101010C") => "DnString",
        ("2.5.5.14", "127", "2B0C0287731C00853E") => "AccessPoint",
        ("2.5.5.10", "127", "2A864886F71401010106") => "ReplicaLink",
        ("2.5.5.13", "127", "2B0C0287731C00855C") => "PresentationAddress",
        other => panic!("{} has the unknown syntax {other:?}", row.get("ldap_display_name")),
    }
}

fn class_rows(base: &Table, extra: &Table, extra_attributes: &Table) -> String {
    let exchange: Vec<&str> = extra_attributes
        .rows()
        .filter(|row| row.get("source").starts_with("Exchange"))
        .map(|row| row.get("ldap_display_name"))
        .collect();
    let rows: Vec<Row<'_>> = base.rows().chain(extra.rows().filter(Row::is_new)).collect();
    let mut out = format!(
        "{HEAD}//! Every class of the schema, in the order in which provisioning numbers them, after the attributes.\n\n\
         use super::ClassRow;\nuse crate::schema::class::Category as C;\n\n\
         pub(in crate::schema) static CLASSES: [ClassRow; {}] = [\n",
        rows.len()
    );
    for row in rows {
        let name = row.get("ldap_display_name");
        let mut may = row.get("may_contain").to_owned();
        let mut auxiliary = row.get("auxiliary_class").to_owned();
        if name == "mailRecipient" {
            may = format!("{may} {}", exchange.join(" "));
        }
        if name == "user" {
            auxiliary = format!("{auxiliary} ldapPublicKey");
        }
        let category = match row.get("object_class_category") {
            "0" => "Type88",
            "1" => "Structural",
            "2" => "Abstract",
            "3" => "Auxiliary",
            other => panic!("{name} has the unknown category {other:?}"),
        };
        let bits = if row.flag("system_only") { 1 } else { 0 } | if row.flag("default_hiding_value") { 2 } else { 0 };
        writeln!(
            out,
            "    ClassRow({name:?}, {:?}, {:?}, C::{category}, {:?}, {:?}, [{}], {:?}, {:?}, {bits}, {}, {}),",
            row.get("cn"),
            row.get("governs_id"),
            row.get("sub_class_of"),
            row.get("rdn_att_id"),
            [
                row.get("system_auxiliary_class"),
                &auxiliary,
                row.get("system_must_contain"),
                row.get("must_contain"),
                row.get("system_may_contain"),
                &may,
                row.get("system_poss_superiors"),
                row.get("poss_superiors"),
            ]
            .map(|list| format!("{list:?}"))
            .join(", "),
            row.get("default_object_category"),
            row.get("default_security_descriptor"),
            row.number("system_flags"),
            guid(row.get("schema_id_guid")),
        )
        .expect("writing to a String succeeds");
    }
    out + "];\n"
}

fn right_rows(table: &Table) -> String {
    let rows: Vec<Row<'_>> = table.rows().collect();
    let mut out = format!(
        "{HEAD}//! Every control access right, property set and validated write.\n\n\
         use super::RightRow;\nuse crate::schema::right::Kind as K;\n\n\
         pub(in crate::schema) static RIGHTS: [RightRow; {}] = [\n",
        rows.len()
    );
    for row in rows {
        let kind = match row.get("kind") {
            "control access right" => "ControlAccess",
            "property set" => "PropertySet",
            "validated write" => "ValidatedWrite",
            other => panic!("unknown kind of right {other:?}"),
        };
        let applies_to: Vec<String> = row.get("applies_to").split_whitespace().map(guid).collect();
        writeln!(
            out,
            "    RightRow({:?}, {:?}, {}, &[{}], {}, K::{kind}),",
            row.get("cn"),
            row.get("display_name"),
            guid(row.get("rights_guid")),
            applies_to.join(", "),
            row.number("valid_accesses"),
        )
        .expect("writing to a String succeeds");
    }
    out + "];\n"
}

fn well_known_rows(table: &Table) -> String {
    let rows: Vec<Row<'_>> = table.rows().collect();
    let mut out = format!(
        "{HEAD}//! The containers, users, groups, foreign principals and SIDs that a new domain has or knows.\n\n\
         use super::WellKnownRow;\n\n\
         pub(crate) static WELL_KNOWN: [WellKnownRow; {}] = [\n",
        rows.len()
    );
    let columns = ["kind", "name", "sid", "class", "parent"];
    for row in rows {
        out.push_str("    WellKnownRow {");
        for column in columns {
            write!(out, " {column}: {:?},", row.get(column)).expect("writing to a String succeeds");
        }
        writeln!(
            out,
            " group_type: {}, system_flags: {}, critical: {}, member_of: {:?}, well_known_guid: {:?}, \
             user_account_control: {}, primary_group_id: {} }},",
            optional(row.get("group_type")),
            optional(row.get("system_flags")),
            row.get("is_critical_system_object") == "TRUE",
            row.get("member_of"),
            row.get("well_known_guid"),
            optional(row.get("user_account_control")),
            optional(row.get("primary_group_id")),
        )
        .expect("writing to a String succeeds");
    }
    out + "];\n"
}

/// `Some(…)` or `None`, for a decimal cell that may be empty.
fn optional(cell: &str) -> String {
    if cell.is_empty() {
        return "None".to_owned();
    }
    let number: i64 = cell.parse().unwrap_or_else(|_| panic!("{cell:?} is no number"));
    format!("Some({number})")
}

/// The digits of a GUID's text form as one hexadecimal number.
fn guid(text: &str) -> String {
    assert_eq!(text.len(), 36, "{text:?} is no GUID");
    format!("0x{}", text.replace('-', "_"))
}

/// A table of `data/`: tab-separated, with a header line.
struct Table {
    text: String,
}

/// A line of a [`Table`] with the header that names its cells.
#[derive(Clone, Copy)]
struct Row<'a> {
    header: &'a str,
    line: &'a str,
}

impl Table {
    fn read(path: &Path) -> Table {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Table { text }
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let mut lines = self.text.lines();
        let header = lines.next().unwrap_or_default();
        lines.map(move |line| Row { header, line })
    }
}

impl<'a> Row<'a> {
    fn get(&self, column: &str) -> &'a str {
        let position = self.header.split('\t').position(|name| name == column);
        let position = position.unwrap_or_else(|| panic!("no column {column}"));
        self.line.split('\t').nth(position).unwrap_or_default()
    }

    fn some(&self, column: &str) -> Option<&'a str> {
        Some(self.get(column)).filter(|cell| !cell.is_empty())
    }

    fn flag(&self, column: &str) -> bool {
        self.get(column) == "TRUE"
    }

    fn number(&self, column: &str) -> i64 {
        let cell = self.get(column);
        cell.parse().unwrap_or_else(|_| panic!("{column}: {cell:?} is no number"))
    }

    /// Whether a row of an extra table adds something, instead of repeating a row of the base table.
    fn is_new(&self) -> bool {
        !self.get("source").starts_with("base")
    }
}
