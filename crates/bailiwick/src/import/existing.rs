//! Bringing an object that is there already to the state that a record describes.

use std::collections::HashSet;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_domain::{Change, Entry, Scope};

use super::links::{Held, Links};
use super::report::Report;
use super::{ExistingMode, Options, is_nothing, remove_modification};
use crate::domain::{Domain, Query, Verdict};
use crate::exit::Failure;
use crate::export::Writable;

/// A refused record whose object may be there already.
pub struct Existing {
    /// The record's place in the input.
    pub line: u64,
    /// Its name as written.
    pub dn: String,
    /// The same, read.
    pub name: ObjectName,
    /// How much of the input comes before it.
    pub octets_before: u64,
    /// What the object shall have.
    pub attributes: Vec<Attribute>,
    /// Why adding it was refused; counts when the object is not there.
    pub reason: String,
}

/// Leaves each object as it is, or changes it where it differs from its record: values are replaced, attributes that
/// the record lacks are removed. Attributes that only the directory writes are left alone. Tells where in the input
/// the import stops, if it does.
///
/// # Errors
/// Those of the domain. What is refused is in the report.
pub fn update(
    domain: &mut dyn Domain,
    existing: Vec<Existing>,
    links: &mut Links,
    report: &mut Report,
    options: &Options,
) -> Result<Option<u64>, Failure> {
    if existing.is_empty() {
        return Ok(None);
    }
    let writable = Writable::read(domain)?;
    let mut stopped_at: Option<u64> = None;
    // Refusals of a running server come in any order; the import stops before the first record.
    let earliest = |stopped_at: Option<u64>, octets: u64| Some(stopped_at.map_or(octets, |at| at.min(octets)));
    let mut sources = Vec::new();
    let mut changes = Vec::new();
    for record in existing {
        let Some(entry) = current(domain, &record.dn)? else {
            links.forget(record.line);
            report.refuse(record.line, record.dn, record.reason);
            if !options.go_on {
                report.stop();
                stopped_at = earliest(stopped_at, record.octets_before);
            }
            continue;
        };
        let modifications = match options.existing {
            ExistingMode::Update => {
                difference(&entry, &record.attributes, &writable, &links.of(record.line), rdn_attribute(&record.name))
            }
            ExistingMode::Skip | ExistingMode::Refuse => {
                links.forget(record.line);
                Vec::new()
            }
        };
        if modifications.is_empty() {
            report.skipped += 1;
            continue;
        }
        sources.push((record.line, record.dn, record.octets_before));
        changes.push(Change::Modify { name: record.name, modifications, permissive: true, sd_flags: None });
    }
    report.updated += domain.apply(changes, &mut |place, change, refused| {
        let (line, dn, octets_before) = &sources[place];
        if report.is_stopped() && refused.attribute_at_fault().is_some() {
            // Nothing is tried again any more: the record is read again when the import goes on.
            stopped_at = earliest(stopped_at, *octets_before);
            return Verdict::Stop;
        }
        let is_mended = refused.missing_target().is_some_and(|name| links.take_from(change, name, *line))
            || refused.not_writable().is_some_and(|name| remove_modification(change, name))
            // An object may need what the record lacks, as every account needs its control flags.
            || refused.attribute_at_fault().is_some_and(|name| remove_removal(change, name));
        if is_mended {
            if !is_nothing(change) {
                return Verdict::Retry;
            }
            report.skipped += 1;
            return Verdict::Skip;
        }
        links.forget(*line);
        report.refuse(*line, dn.clone(), refused.to_string());
        if options.go_on {
            return Verdict::Skip;
        }
        stopped_at = earliest(stopped_at, *octets_before);
        report.stop();
        Verdict::Stop
    })?;
    Ok(stopped_at)
}

/// Gives up removing an attribute; says whether that was meant.
fn remove_removal(change: &mut Change, attribute: &str) -> bool {
    let Change::Modify { modifications, .. } = change else { return false };
    let before = modifications.len();
    modifications.retain(|m| !(m.values.is_empty() && m.attribute.eq_ignore_ascii_case(attribute)));
    modifications.len() < before
}

fn current(domain: &mut dyn Domain, dn: &str) -> Result<Option<Entry>, Failure> {
    let query = Query { base: dn, scope: Scope::Base, filter: "(objectClass=*)", attributes: &["*"], secrets: false };
    let mut found = None;
    domain.search(&query, &mut |entry| {
        found = Some(entry);
        Ok(())
    })?;
    Ok(found)
}

/// What must change for `entry` to have `wanted` and nothing else. What the record had of the attributes in `held` was
/// taken out and is added later: only values that are not among those go.
fn difference(
    entry: &Entry,
    wanted: &[Attribute],
    writable: &Writable,
    held: &[&Held],
    rdn: Option<&str>,
) -> Vec<Modification> {
    // Classes are the object's kind and not its state, and the RDN is its name.
    let is_fixed =
        |name: &str| name.eq_ignore_ascii_case("objectClass") || rdn.is_some_and(|rdn| rdn.eq_ignore_ascii_case(name));
    let mut modifications = Vec::new();
    for attribute in wanted {
        if is_same(entry.values(&attribute.name), &attribute.values) || is_fixed(&attribute.name) {
            continue;
        }
        modifications.push(Modification {
            operation: Operation::Replace,
            attribute: attribute.name.clone(),
            values: attribute.values.clone(),
        });
    }
    for attribute in &entry.attributes {
        let is_wanted = wanted.iter().any(|wanted| wanted.name.eq_ignore_ascii_case(&attribute.name));
        if is_wanted || is_fixed(&attribute.name) || !writable.has(&attribute.name) {
            continue;
        }
        let to_come: Vec<&Held> =
            held.iter().copied().filter(|held| held.attribute.eq_ignore_ascii_case(&attribute.name)).collect();
        if !to_come.is_empty() {
            let stays = |value: &&Vec<u8>| {
                to_come.iter().flat_map(|held| &held.values).any(|kept| kept.eq_ignore_ascii_case(value))
            };
            let stale: Vec<Vec<u8>> = attribute.values.iter().filter(|value| !stays(value)).cloned().collect();
            if !stale.is_empty() {
                modifications.push(Modification {
                    operation: Operation::Delete,
                    attribute: attribute.name.clone(),
                    values: stale,
                });
            }
            continue;
        }
        modifications.push(Modification {
            operation: Operation::Replace,
            attribute: attribute.name.clone(),
            values: Vec::new(),
        });
    }
    modifications
}

/// The attribute that names the object.
fn rdn_attribute(name: &ObjectName) -> Option<&str> {
    match name {
        ObjectName::Dn(dn) => dn.rdn().map(|rdn| rdn.attribute.as_str()),
        _ => None,
    }
}

/// Whether both have the same values, in any order; text that differs in case only counts as different, which at worst
/// writes a value again.
fn is_same(a: &[Vec<u8>], b: &[Vec<u8>]) -> bool {
    a.len() == b.len() && {
        let a: HashSet<&[u8]> = a.iter().map(Vec::as_slice).collect();
        b.iter().all(|value| a.contains(value.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, values: &[&str]) -> Attribute {
        Attribute { name: name.into(), values: values.iter().map(|value| value.as_bytes().to_vec()).collect() }
    }

    #[test]
    fn only_what_differs_is_changed() {
        let entry = Entry {
            dn: "CN=a".into(),
            attributes: vec![
                attribute("objectClass", &["top", "user"]),
                attribute("sn", &["b", "a"]),
                attribute("title", &["old"]),
                attribute("uSNChanged", &["7"]),
                attribute("description", &["gone"]),
                attribute("cn", &["a"]),
                attribute("member", &["CN=x"]),
            ],
        };
        let wanted = [attribute("SN", &["a", "b"]), attribute("title", &["new"]), attribute("mail", &["m"])];
        let writable = Writable::of(&["cn", "sn", "title", "description", "mail", "member"]);
        let changed = |held: &[&Held]| -> Vec<(String, usize)> {
            let modifications = difference(&entry, &wanted, &writable, held, Some("CN"));
            modifications.into_iter().map(|change| (change.attribute, change.values.len())).collect()
        };
        let expected = |rest: &[(&str, usize)]| -> Vec<(String, usize)> {
            let all = [&[("title", 1), ("mail", 1), ("description", 0)], rest].concat();
            all.into_iter().map(|(name, values)| (name.to_owned(), values)).collect()
        };
        // What the record had of members was taken out: its own stay, others go.
        let held = |value: &str| Held {
            line: 1,
            dn: "CN=a".into(),
            attribute: "member".into(),
            values: vec![value.as_bytes().to_vec()],
        };
        assert_eq!(changed(&[&held("cn=X")]), expected(&[]));
        assert_eq!(changed(&[&held("CN=y")]), expected(&[("member", 1)]));
        // It had none.
        assert_eq!(changed(&[]), expected(&[("member", 0)]));
    }
}
