//! Values that name objects which are not there yet. They are held back, and added when their targets have appeared.

use std::collections::{BTreeSet, HashSet};

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_domain::Change;

use super::report::Report;
use super::take_values;
use crate::domain::{Domain, Verdict};
use crate::exit::Failure;

/// How many values one change adds.
const VALUES_PER_CHANGE: usize = 1000;
/// How many changes are tried together.
const CHANGES_PER_BATCH: usize = 500;
/// With this many values held back, those whose targets have come are added before more are read.
const HELD_VALUES_MAX: usize = 2_000_000;

/// Values that were held back.
#[derive(Debug, Default)]
pub struct Links {
    held: Vec<Held>,
    values: usize,
    /// How many values there were after the last attempt; the next waits for more.
    values_after_attempt: usize,
    /// Attributes that have named objects to come.
    forward: BTreeSet<String>,
    /// Where in `held` that of the batch at hand begins.
    batch_start: usize,
    /// How much of `held` the journal knows.
    pub journaled: usize,
}

/// The values of one attribute of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The record's place in the input.
    pub line: u64,
    /// The name of its object.
    pub dn: String,
    /// The attribute.
    pub attribute: String,
    /// The values.
    pub values: Vec<Vec<u8>>,
}

impl Held {
    /// The first value as text.
    pub fn value(&self) -> String {
        self.values.first().map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
    }
}

impl Links {
    /// Takes the values of an attribute out of a change; says whether there were any. From now on the attribute's
    /// values are held back in every record.
    pub fn take_from(&mut self, change: &mut Change, attribute: &str, line: u64) -> bool {
        let name = match change {
            Change::Add { name, .. } | Change::Modify { name, .. } => name.to_string(),
            Change::Rename(_) | Change::Delete { .. } => return false,
        };
        let Some(values) = take_values(change, attribute) else { return false };
        self.forward.insert(attribute.to_ascii_lowercase());
        self.hold(Held { line, dn: name, attribute: attribute.to_owned(), values });
        true
    }

    /// Holds values back.
    pub fn hold(&mut self, held: Held) {
        self.forward.insert(held.attribute.to_ascii_lowercase());
        self.values += held.values.len();
        self.held.push(held);
    }

    /// Holds on to values whose targets have not come yet.
    pub fn hold_on(&mut self, mut leftovers: Vec<Held>) {
        leftovers.sort_by_key(|held| held.line);
        for held in leftovers {
            match self.held.last_mut() {
                Some(last) if last.line == held.line && last.attribute == held.attribute && last.dn == held.dn => {
                    self.values += held.values.len();
                    last.values.extend(held.values);
                }
                _ => self.hold(held),
            }
        }
        self.values_after_attempt = self.values;
    }

    /// Begins a batch: what is held back from now on belongs to its records.
    pub fn begin_batch(&mut self) {
        self.batch_start = self.held.len();
    }

    /// What is held back of a record of the batch at hand, the one at this line.
    pub fn of(&self, line: u64) -> Vec<&Held> {
        self.held.iter().skip(self.batch_start).filter(|held| held.line == line).collect()
    }

    /// The attributes that have named objects to come.
    pub fn pointing_forward(&self) -> Vec<String> {
        self.forward.iter().cloned().collect()
    }

    /// Forgets what was held back of a record: its object was not made.
    pub fn forget(&mut self, line: u64) {
        // Records are refused soon after they were read. Within a batch the lines are in no order: values are held back
        // when a record is read, or later, when it was refused.
        let gone: Vec<Held> = self.held.drain(self.batch_start.min(self.held.len())..).collect();
        self.held.extend(gone.into_iter().filter(|held| held.line != line));
        self.values = self.held.iter().map(|held| held.values.len()).sum();
        self.journaled = self.journaled.min(self.held.len());
    }

    /// Forgets all but the oldest.
    pub fn keep(&mut self, count: usize) {
        self.held.truncate(count);
        self.values = self.held.iter().map(|held| held.values.len()).sum();
    }

    /// What is held back, the oldest first.
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// Whether so much is held back that an attempt to add it is due.
    pub fn are_many(&self) -> bool {
        self.values >= self.values_after_attempt.saturating_add(HELD_VALUES_MAX)
    }
}

/// Adds the values that are held back; gives those whose targets are not there, one value each.
///
/// # Errors
/// Those of the domain. Values that are refused for another reason are in the report.
pub fn make(domain: &mut dyn Domain, links: &mut Links, report: &mut Report) -> Result<Vec<Held>, Failure> {
    let mut leftovers = Vec::new();
    let mut waiting: Vec<Held> = std::mem::take(&mut links.held).into_iter().flat_map(split).collect();
    links.values = 0;
    links.journaled = 0;
    // The oldest are at the end, from where the batches are taken.
    waiting.reverse();
    let refused_lines: HashSet<u64> = report.refused.iter().map(|refused| refused.line).collect();
    waiting.retain(|held| !refused_lines.contains(&held.line));
    while !waiting.is_empty() {
        let mut batch = waiting.split_off(waiting.len().saturating_sub(CHANGES_PER_BATCH));
        batch.reverse();
        let changes = batch.iter().filter_map(change).collect::<Vec<_>>();
        if changes.len() < batch.len() {
            batch.retain(|held| change(held).is_some());
        }
        let mut again = Vec::new();
        let mut not_made = 0;
        domain.apply(changes, &mut |place, _, refused| {
            let held = &batch[place];
            not_made += held.values.len() as u64;
            match (refused.missing_target().is_some(), held.values.len()) {
                (true, 1) => leftovers.push(held.clone()),
                // One of them names nobody; the others must not suffer for it.
                (true, _) => again.extend(halves(held)),
                (false, _) => report.refuse(held.line, held.dn.clone(), refused.to_string()),
            }
            Verdict::Skip
        })?;
        report.linked += batch.iter().map(|held| held.values.len() as u64).sum::<u64>() - not_made;
        waiting.extend(again);
    }
    links.values_after_attempt = 0;
    Ok(leftovers)
}

fn change(held: &Held) -> Option<Change> {
    let modification =
        Modification { operation: Operation::Add, attribute: held.attribute.clone(), values: held.values.clone() };
    // The name was printed by us from one that had been read.
    let name = ObjectName::parse(&held.dn).ok()?;
    Some(Change::Modify { name, modifications: vec![modification], permissive: true, sd_flags: None })
}

fn split(held: Held) -> Vec<Held> {
    let pieces = held.values.chunks(VALUES_PER_CHANGE);
    pieces.map(|values| piece(&held, values)).collect()
}

fn halves(held: &Held) -> [Held; 2] {
    let (first, second) = held.values.split_at(held.values.len() / 2);
    [piece(held, second), piece(held, first)]
}

fn piece(held: &Held, values: &[Vec<u8>]) -> Held {
    Held { line: held.line, dn: held.dn.clone(), attribute: held.attribute.clone(), values: values.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(line: u64) -> Held {
        Held { line, dn: "CN=a".into(), attribute: "member".into(), values: vec![b"CN=b".to_vec()] }
    }

    #[test]
    fn a_refused_record_takes_what_was_held_back_of_it_along() {
        let mut links = Links::default();
        for line in [1, 5, 5, 9] {
            links.hold(held(line));
        }
        links.forget(5);
        assert_eq!(links.held(), [held(1), held(9)]);
        links.forget(9);
        links.forget(7);
        assert_eq!(links.held(), [held(1)]);
    }

    #[test]
    fn what_is_held_back_of_a_record_is_found_in_any_order() {
        let mut links = Links::default();
        links.hold(held(5));
        links.begin_batch();
        for line in [9, 7] {
            links.hold(held(line));
        }
        assert_eq!(links.of(9), [&held(9)]);
        links.forget(9);
        assert_eq!(links.held(), [held(5), held(7)]);
    }

    #[test]
    fn values_whose_targets_have_not_come_wait_in_the_order_of_their_records() {
        let mut links = Links::default();
        links.hold_on(vec![held(7), held(3), held(7)]);
        let both = Held { values: [held(7).values, held(7).values].concat(), ..held(7) };
        assert_eq!(links.held(), [held(3), both]);
        assert!(!links.are_many());
    }

    #[test]
    fn values_are_taken_out_of_an_add_by_name_in_any_case() {
        let mut links = Links::default();
        let attributes =
            vec![bailiwick_adtypes::modification::Attribute { name: "Member".into(), values: vec![b"CN=b".to_vec()] }];
        let mut change = Change::Add { name: ObjectName::parse("CN=a").unwrap(), attributes, sd_flags: None };
        assert!(links.take_from(&mut change, "member", 3));
        assert!(!links.take_from(&mut change, "member", 3));
        assert_eq!(links.held(), [held(3)]);
        assert_eq!(links.pointing_forward(), ["member"]);
    }
}
