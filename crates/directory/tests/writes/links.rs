//! Linked attributes: both ends agree, whatever happens to the objects. Generated sequences against an oracle that
//! keeps the graph as sets of pairs.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_adtypes::modification::Operation::{Add, Delete, Replace};
use bailiwick_directory::Native;
use bailiwick_domain::{AttributeFault, Change, Error, GroupFault};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::domain::{BASE, add, founded};
use crate::{apply, delete, dn, fault, group, modify, rename, user, value, values};

#[test]
fn every_pair_of_linked_attributes_is_seen_from_both_ends() {
    let directory = founded();
    for change in [user("Ada"), user("Bob"), group("Staff")] {
        apply(&directory, change).unwrap();
    }
    let computer = add(&dn("PC"), &[("objectClass", "computer"), ("managedBy", &dn("Ada"))]);
    apply(&directory, computer).unwrap();
    for (source, forward, target, back) in [
        ("Staff", "member", "Ada", "memberOf"),
        ("Bob", "manager", "Ada", "directReports"),
        ("Staff", "managedBy", "Bob", "managedObjects"),
    ] {
        apply(&directory, modify(&dn(source), &[(Add, forward, &[&dn(target)])])).unwrap();
        assert_eq!(values(&directory, &dn(source), forward), [dn(target)]);
        assert_eq!(values(&directory, &dn(target), back), [dn(source)]);
        let twice = apply(&directory, modify(&dn(source), &[(Add, forward, &[&dn(target)])]));
        assert_eq!(twice, Err(fault(forward, AttributeFault::ValueExists)));
    }
    assert_eq!(values(&directory, &dn("Ada"), "managedObjects"), [dn("PC")]);
}

#[test]
fn targets_are_named_by_guid_and_sid_too() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    apply(&directory, group("Staff")).unwrap();
    let sid = format!("<SID={}>", crate::sid(&directory, &dn("Ada")));
    apply(&directory, modify(&dn("Staff"), &[(Add, "member", &[&sid])])).unwrap();
    assert_eq!(values(&directory, &dn("Staff"), "member"), [dn("Ada")]);
    let missing = apply(&directory, modify(&dn("Staff"), &[(Delete, "member", &[&dn("Nobody")])]));
    assert_eq!(missing, Err(fault("member", AttributeFault::NotPresent)));
    let missing = apply(&directory, modify(&dn("Staff"), &[(Add, "member", &[&dn("Nobody")])]));
    assert_eq!(missing, Err(fault("member", AttributeFault::NoSuchTarget)));
}

#[test]
fn values_with_data_keep_it() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    let key = |data: &str| format!("B:{}:{data}:{}", data.len(), dn("Ada"));
    let (one, two) = (key("0A0B"), key("FFFF"));
    apply(&directory, modify(&dn("Ada"), &[(Add, "msDS-KeyCredentialLink", &[&one, &two])])).unwrap();
    let mut held = values(&directory, &dn("Ada"), "msDS-KeyCredentialLink");
    held.sort();
    assert_eq!(held, [one.clone(), two.clone()]);
    apply(&directory, modify(&dn("Ada"), &[(Delete, "msDS-KeyCredentialLink", &[&one])])).unwrap();
    assert_eq!(values(&directory, &dn("Ada"), "msDS-KeyCredentialLink"), [two]);
}

#[test]
fn a_link_changes_its_source_and_not_its_target() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    apply(&directory, group("Staff")).unwrap();
    let usn = |name: &str| value(&directory, &dn(name), "uSNChanged");
    let (staff, ada) = (usn("Staff"), usn("Ada"));
    apply(&directory, modify(&dn("Staff"), &[(Add, "member", &[&dn("Ada")])])).unwrap();
    assert!(usn("Staff") != staff && usn("Ada") == ada);
}

/// How many groups the generated graphs have.
const GROUPS: usize = 6;

/// One step of a generated sequence. Objects are numbered; those that were deleted are made anew.
#[derive(Clone, Debug)]
enum Step {
    Link(usize, usize),
    Unlink(usize, usize),
    Replace(usize, BTreeSet<usize>),
    Rename(usize),
    Remake(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let number = || 0..GROUPS;
    prop_oneof![
        4 => (number(), number()).prop_map(|(source, target)| Step::Link(source, target)),
        2 => (number(), number()).prop_map(|(source, target)| Step::Unlink(source, target)),
        1 => (number(), prop::collection::btree_set(number(), 0..4)).prop_map(|(source, all)| Step::Replace(source, all)),
        1 => number().prop_map(Step::Rename),
        1 => number().prop_map(Step::Remake),
    ]
}

/// No group is in itself.
fn itself() -> Error {
    fault("member", AttributeFault::Group(GroupFault::Itself))
}

/// The graph as anybody would write it down.
struct Oracle {
    names: Vec<String>,
    renames: usize,
    links: BTreeSet<(usize, usize)>,
}

impl Oracle {
    /// The changes that the step is, and what they must answer.
    fn take(&mut self, step: &Step) -> (Vec<Change>, Result<(), Error>) {
        let name = |number: usize| dn(&self.names[number]);
        match step {
            Step::Link(source, target) => {
                let change = modify(&name(*source), &[(Add, "member", &[&name(*target)])]);
                let expected = match source != target && self.links.insert((*source, *target)) {
                    true => Ok(()),
                    false if source == target => Err(itself()),
                    false => Err(fault("member", AttributeFault::ValueExists)),
                };
                (vec![change], expected)
            }
            Step::Unlink(source, target) => {
                let change = modify(&name(*source), &[(Delete, "member", &[&name(*target)])]);
                let expected = match self.links.remove(&(*source, *target)) {
                    true => Ok(()),
                    false => Err(fault("member", AttributeFault::NotPresent)),
                };
                (vec![change], expected)
            }
            Step::Replace(source, all) => {
                let names: Vec<String> = all.iter().map(|target| name(*target)).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let change = modify(&name(*source), &[(Replace, "member", &names)]);
                if all.contains(source) {
                    return (vec![change], Err(itself()));
                }
                self.links.retain(|(other, _)| other != source);
                self.links.extend(all.iter().map(|target| (*source, *target)));
                (vec![change], Ok(()))
            }
            Step::Rename(number) => {
                let old = name(*number);
                self.renames += 1;
                self.names[*number] = format!("g{number}-{}", self.renames);
                (vec![rename(&old, &format!("CN={}", self.names[*number]), None)], Ok(()))
            }
            Step::Remake(number) => {
                self.links.retain(|(source, target)| source != number && target != number);
                (vec![delete(&name(*number), false), group(&self.names[*number])], Ok(()))
            }
        }
    }

    fn check(&self, directory: &Native) -> Result<(), TestCaseError> {
        let mut forward: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        let mut back: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (source, target) in &self.links {
            forward.entry(*source).or_default().insert(dn(&self.names[*target]));
            back.entry(*target).or_default().insert(dn(&self.names[*source]));
        }
        for number in 0..GROUPS {
            let shown = |attribute| -> BTreeSet<String> {
                values(directory, &dn(&self.names[number]), attribute).into_iter().collect()
            };
            prop_assert_eq!(shown("member"), forward.remove(&number).unwrap_or_default());
            prop_assert_eq!(shown("memberOf"), back.remove(&number).unwrap_or_default());
        }
        Ok(())
    }
}

#[test]
fn generated_sequences_equal_the_oracle() {
    let directory = founded();
    let mut run = 0;
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 64, ..ProptestConfig::default() });
    let run_number = std::cell::RefCell::new(&mut run);
    runner
        .run(&prop::collection::vec(step(), 1..40), |steps| {
            let number = {
                let mut number = run_number.borrow_mut();
                **number += 1;
                **number
            };
            let names: Vec<String> = (0..GROUPS).map(|group| format!("r{number}g{group}")).collect();
            let made: Vec<Change> = names.iter().map(|name| group(name)).collect();
            crate::domain::apply(&directory, &made).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let mut oracle = Oracle { names, renames: number * 1000, links: BTreeSet::new() };
            for step in &steps {
                let (changes, expected) = oracle.take(step);
                let outcome = crate::apply_as(&directory, &crate::administrator(), &changes);
                prop_assert_eq!(outcome, expected, "{:?}", step);
                oracle.check(&directory)?;
            }
            // The next run has the names again.
            let gone: Vec<Change> = oracle.names.iter().map(|name| delete(&dn(name), false)).collect();
            crate::domain::apply(&directory, &gone).map_err(|error| TestCaseError::fail(error.to_string()))
        })
        .unwrap();
    assert!(!crate::exists(&directory, &format!("CN=nothing,{BASE}")));
}
