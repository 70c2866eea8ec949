//! Owned entries, for callers that read a few: administration, import, tests.

use bailiwick_adtypes::modification::Attribute;

use crate::{Flow, Sink};

/// One entry, copied out of a search. Its debug form shows no values, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name as text.
    pub dn: String,
    /// Its attributes in the order they were handed out.
    pub attributes: Vec<Attribute>,
}

impl Entry {
    /// The values of an attribute by its name, in any case; empty when it is not there.
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .map_or(&[], |attribute| &attribute.values)
    }

    /// The first value of an attribute as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).first().and_then(|value| std::str::from_utf8(value).ok())
    }
}

/// A sink that keeps what it gets.
#[derive(Default)]
pub struct Collect {
    /// The entries so far.
    pub entries: Vec<Entry>,
    /// The continuation references so far.
    pub references: Vec<String>,
}

impl Sink for Collect {
    fn begin(&mut self, dn: &str) {
        self.entries.push(Entry { dn: dn.to_owned(), attributes: Vec::new() });
    }

    fn attribute(&mut self, description: &str) {
        if let Some(entry) = self.entries.last_mut() {
            entry.attributes.push(Attribute { name: description.to_owned(), values: Vec::new() });
        }
    }

    fn value(&mut self, value: &[u8]) {
        if let Some(attribute) = self.entries.last_mut().and_then(|entry| entry.attributes.last_mut()) {
            attribute.values.push(value.to_vec());
        }
    }

    fn end(&mut self) -> Flow {
        Flow::Continue
    }

    fn reference(&mut self, url: &str) {
        self.references.push(url.to_owned());
    }
}
