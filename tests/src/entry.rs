//! Entries as a client prints them.

use std::io::BufReader;

use bailiwick_adtypes::ldif::{Change, Reader};
use bailiwick_adtypes::modification::Attribute;

/// An entry that a search returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub dn: String,
    attributes: Vec<Attribute>,
}

impl Entry {
    /// The values of an attribute as text, in the order in which they came; none when it is absent.
    pub fn values(&self, name: &str) -> Vec<String> {
        let octets = self.octets(name);
        octets.iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
    }

    /// The values of an attribute.
    pub fn octets(&self, name: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        found.map_or(&[], |attribute| &attribute.values)
    }

    /// The only value of an attribute.
    ///
    /// # Panics
    /// There is none, or more than one.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let values = self.values(name);
        let [value] = values.as_slice() else { panic!("{name} of {} is {values:?}", self.dn) };
        value.clone()
    }

    /// The names of its attributes, in order.
    pub fn names(&self) -> Vec<&str> {
        self.attributes.iter().map(|attribute| attribute.name.as_str()).collect()
    }
}

/// Reads the entries that `ldapsearch -LLL` printed.
///
/// # Panics
/// The text is no LDIF.
#[track_caller]
pub fn entries(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    // An entry without attributes is nothing that LDIF knows, but what a search for `1.1` prints.
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with('#')).collect();
        if lines.is_empty() {
            continue;
        }
        let bare = lines.len() == 1;
        let text = lines.join("\n") + if bare { "\nx: x\n" } else { "\n" };
        let mut reader = Reader::new(BufReader::new(text.as_bytes()));
        let record = reader.next_record().expect("a block has a record").unwrap_or_else(|e| panic!("{e}:\n{block}"));
        let Change::Add(attributes) = record.change else { panic!("no entry: {block}") };
        entries.push(Entry { dn: record.dn, attributes: if bare { Vec::new() } else { attributes } });
    }
    entries
}
