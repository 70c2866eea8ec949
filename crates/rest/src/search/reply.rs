//! What a search found, as JSON. Sections 9.5 and 9.6 of the reference.

use std::collections::{BTreeMap, HashMap};

use bailiwick_domain::{AttributeType, Entry};

use super::{Found, Search};
use crate::json::{Member, Object, Value};
use crate::value::{AttributeLookup, Presentation, present};

/// What a reply says beside the entries.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The DNS name of this server.
    pub host: &'a str,
    /// The port that `adspath` names.
    pub port: u16,
    /// The search, when the caller asked for details.
    pub details: Option<&'a Search>,
    /// Whether the details have no filter: a search for everything was not given one.
    pub filter_unsaid: bool,
    /// How values are shown.
    pub presentation: &'a Presentation,
    /// Where the search goes on, sealed; there when [`Found::next`] is.
    pub cursor: Option<&'a str>,
}

impl Reply<'_> {
    /// The body of the reply. `attributes` tells the forms of values.
    pub fn to_json(&self, found: &Found, attributes: &AttributeLookup<'_>) -> Value {
        let mut reply = Object::new();
        reply.push("host", self.host);
        if let Some(search) = self.details {
            reply.push("request", self.request(search));
        }
        let mut known = HashMap::new();
        let results: Vec<Value> =
            found.entries.iter().map(|entry| self.entry(entry, attributes, &mut known).into()).collect();
        reply.push("count", results.len() as i64);
        reply.push("results", results);
        if found.next.is_some() || found.values_cut {
            reply.push("truncated", true);
        }
        if let Some(cursor) = self.cursor {
            reply.push("cursor", cursor);
        }
        reply.into()
    }

    fn request(&self, search: &Search) -> Object {
        let filter = if self.filter_unsaid { String::new() } else { search.request.filter.to_string() };
        let properties: Vec<Value> = search.properties.iter().map(|name| name.as_str().into()).collect();
        let mut request = Object::new();
        request.push("filterUsed", filter);
        request.push("limit", i64::from(search.limit));
        request.push("propertyCount", properties.len() as i64);
        request.push("propertiesRequested", properties);
        request
    }

    /// One entry: names of attributes in lower case and in order. What the schema says of each is looked up once.
    fn entry(
        &self,
        entry: &Entry,
        attributes: &AttributeLookup<'_>,
        known: &mut HashMap<String, Option<AttributeType>>,
    ) -> Object {
        let mut members = BTreeMap::new();
        let path = format!("LDAP://{}:{}/{}", self.host, self.port, entry.dn);
        members.insert("adspath".to_owned(), Value::from(path));
        for attribute in &entry.attributes {
            let name = attribute.name.to_ascii_lowercase();
            let found = known.entry(name.clone()).or_insert_with(|| attributes(&name));
            if let Some(value) = present(&name, found.as_ref(), &attribute.values, self.presentation) {
                members.insert(name, value);
            }
        }
        members.into_iter().map(|(name, value)| Member { name, value }).collect()
    }
}
