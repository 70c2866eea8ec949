//! Ambiguous name resolution: one value tried on every attribute that names people. [MS-ADTS] 3.1.1.3.1.3.3.

use bailiwick_adtypes::filter::{Assertion, Filter, Substrings};

use crate::schema::{Schema, SearchFlags};

/// The filter that `(anr=value)` stands for: a prefix of any of the attributes, or exactly the value when it starts
/// with `=`; two words also as given name and surname, in either order.
pub(crate) fn expand(schema: &Schema, value: &[u8]) -> Filter {
    let (exact, value) = match value.split_first() {
        Some((b'=', rest)) => (true, rest),
        _ => (false, value),
    };
    let item = |attribute: &str, value: &[u8]| {
        let attribute = attribute.to_owned();
        if exact {
            Filter::Equality(Assertion { attribute, value: value.to_vec() })
        } else {
            Filter::Substrings(Substrings { attribute, initial: Some(value.to_vec()), any: Vec::new(), last: None })
        }
    };
    if value.is_empty() {
        return Filter::Or(Vec::new());
    }
    let mut parts: Vec<Filter> = schema
        .attributes()
        .filter(|attribute| attribute.search_flags.has(SearchFlags::ANR) && !attribute.is_dn())
        .map(|attribute| item(&attribute.name, value))
        .collect();
    if let Some(space) = value.iter().position(|octet| *octet == b' ') {
        let (first, second) = (&value[..space], value[space + 1..].trim_ascii());
        if !first.is_empty() && !second.is_empty() {
            for (given, family) in [(first, second), (second, first)] {
                parts.push(Filter::And(vec![item("givenName", given), item("sn", family)]));
            }
        }
    }
    Filter::Or(parts)
}
