//! Generated filters over generated trees give what a slow and obvious evaluator gives.
//!
//! Every case also runs in small slices, which must hand out the same objects, each once. A failure prints its seed.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_adtypes::filter::{Assertion, Extensible, Filter, Substrings};
use bailiwick_directory::Native;
use bailiwick_domain::{Budget, Scope};

use crate::domain::{BASE, add, apply, founded, request, run};

/// Trees a test function makes; eight functions make eighty.
const TREES: u64 = 10;
/// Filters tried on each tree: ten thousand in all.
const FILTERS: usize = 125;

const WORDS: [&str; 10] = ["Ada", "ada", "ADA", "Adam", "Bea", "Zoë", "zoË", "Sales (EMEA)", "a*b\\c", "  two  words"];
const SINGLE_TEXT: [&str; 5] = ["givenName", "sn", "title", "department", "mail"];
const MULTI_TEXT: [&str; 2] = ["otherTelephone", "url"];
const NUMBERS: [&str; 2] = ["uidNumber", "adminCount"];
const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";
const BIT_AND: &str = "1.2.840.113556.1.4.803";
const BIT_OR: &str = "1.2.840.113556.1.4.804";

/// Numbers that look random and follow from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// An object as the oracle knows it.
#[derive(Clone, Debug)]
struct Object {
    dn: String,
    parent: usize,
    class: &'static str,
    values: BTreeMap<&'static str, Vec<String>>,
    manager: Option<usize>,
    members: BTreeSet<usize>,
}

/// A generated tree: object 0 is the unit that everything else lies below.
struct Tree {
    objects: Vec<Object>,
}

fn grow(dice: &mut Dice, directory: &Native, number: u64) -> Tree {
    let root = format!("OU=Tree{number},{BASE}");
    let mut tree = Tree {
        objects: vec![Object {
            dn: root,
            parent: usize::MAX,
            class: "organizationalUnit",
            values: BTreeMap::new(),
            manager: None,
            members: BTreeSet::new(),
        }],
    };
    let count = 12 + dice.roll(40);
    for place in 1..count {
        let units: Vec<usize> = (0..place).filter(|at| tree.objects[*at].class == "organizationalUnit").collect();
        let parent = *dice.pick(&units);
        let class = *dice.pick(&["organizationalUnit", "user", "user", "user", "group", "group"]);
        let rdn = if class == "organizationalUnit" { "OU" } else { "CN" };
        let dn = format!("{rdn}=o{number}-{place},{}", tree.objects[parent].dn);
        let mut object = Object { dn, parent, class, values: BTreeMap::new(), manager: None, members: BTreeSet::new() };
        if class == "user" {
            for name in SINGLE_TEXT {
                if dice.roll(3) > 0 {
                    object.values.insert(name, vec![(*dice.pick(&WORDS)).to_owned()]);
                }
            }
            for name in MULTI_TEXT {
                let mut values: Vec<String> = Vec::new();
                for _ in 0..dice.roll(4) {
                    let value = *dice.pick(&WORDS);
                    if !values.iter().any(|other| fold(other) == fold(value)) {
                        values.push(value.to_owned());
                    }
                }
                if !values.is_empty() {
                    object.values.insert(name, values);
                }
            }
            for name in NUMBERS {
                if dice.roll(2) > 0 {
                    let value = dice.roll(12) as i64 - 3;
                    object.values.insert(name, vec![value.to_string()]);
                }
            }
        }
        tree.objects.push(object);
    }
    for at in 1..count {
        match tree.objects[at].class {
            "user" if dice.roll(2) > 0 => tree.objects[at].manager = Some(1 + dice.roll(count - 1)),
            "group" => {
                for _ in 0..dice.roll(5) {
                    let member = 1 + dice.roll(count - 1);
                    if member != at {
                        tree.objects[at].members.insert(member);
                    }
                }
            }
            _ => {}
        }
    }
    plant(directory, &tree);
    tree
}

/// Writes the tree through the port: objects first, then links, since these go in any direction.
fn plant(directory: &Native, tree: &Tree) {
    let mut changes = Vec::new();
    for object in &tree.objects {
        let mut attributes = vec![("objectClass", object.class)];
        for (name, values) in &object.values {
            attributes.extend(values.iter().map(|value| (*name, value.as_str())));
        }
        if object.class == "group" {
            // Universal groups hold anything of their kind, so that any graph can be planted.
            attributes.push(("groupType", "-2147483640"));
        }
        changes.push(add(&object.dn, &attributes));
    }
    apply(directory, &changes).expect("the objects are added");
    let mut changes = Vec::new();
    for object in &tree.objects {
        let links = object.manager.iter().map(|to| ("manager", *to));
        let links = links.chain(object.members.iter().map(|to| ("member", *to)));
        for (attribute, to) in links {
            changes.push(bailiwick_domain::Change::Modify {
                name: bailiwick_adtypes::dn::ObjectName::parse(&object.dn).expect("a name"),
                modifications: vec![bailiwick_adtypes::modification::Modification {
                    operation: bailiwick_adtypes::modification::Operation::Add,
                    attribute: attribute.to_owned(),
                    values: vec![tree.objects[to].dn.as_bytes().to_vec()],
                }],
                permissive: false,
                sd_flags: None,
            });
        }
    }
    apply(directory, &changes).expect("the links are added");
}

fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    True,
    False,
    Undefined,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }
}

/// What an attribute name means to the oracle.
enum Kind {
    Text,
    Number,
    Member,
    MemberOf,
    Manager,
    DirectReports,
    Class,
    Unknown,
}

impl Tree {
    fn kind(name: &str) -> Kind {
        let is = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        if is(&SINGLE_TEXT) || is(&MULTI_TEXT) {
            Kind::Text
        } else if is(&NUMBERS) {
            Kind::Number
        } else {
            match name.to_ascii_lowercase().as_str() {
                "member" => Kind::Member,
                "memberof" => Kind::MemberOf,
                "manager" => Kind::Manager,
                "directreports" => Kind::DirectReports,
                "objectclass" => Kind::Class,
                _ => Kind::Unknown,
            }
        }
    }

    fn values(&self, at: usize, name: &str) -> Vec<String> {
        self.objects[at]
            .values
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, values)| values.clone())
            .unwrap_or_default()
    }

    /// The other ends of an object's links.
    fn ends(&self, at: usize, kind: &Kind) -> BTreeSet<usize> {
        let all = 0..self.objects.len();
        match kind {
            Kind::Member => self.objects[at].members.clone(),
            Kind::MemberOf => all.filter(|other| self.objects[*other].members.contains(&at)).collect(),
            Kind::Manager => self.objects[at].manager.into_iter().collect(),
            Kind::DirectReports => all.filter(|other| self.objects[*other].manager == Some(at)).collect(),
            _ => BTreeSet::new(),
        }
    }

    fn reaches(&self, from: usize, to: usize, kind: &Kind) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            for next in self.ends(at, kind) {
                if next == to {
                    return true;
                }
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        false
    }

    fn place(&self, dn: &str) -> Option<usize> {
        self.objects.iter().position(|object| object.dn.eq_ignore_ascii_case(dn))
    }

    fn test(&self, filter: &Filter, at: usize) -> Truth {
        match filter {
            Filter::And(parts) => {
                let results: Vec<Truth> = parts.iter().map(|part| self.test(part, at)).collect();
                if results.contains(&Truth::False) {
                    Truth::False
                } else if results.contains(&Truth::Undefined) {
                    Truth::Undefined
                } else {
                    Truth::True
                }
            }
            Filter::Or(parts) => {
                let results: Vec<Truth> = parts.iter().map(|part| self.test(part, at)).collect();
                if results.contains(&Truth::True) {
                    Truth::True
                } else if results.contains(&Truth::Undefined) {
                    Truth::Undefined
                } else {
                    Truth::False
                }
            }
            Filter::Not(part) => match self.test(part, at) {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Undefined => Truth::Undefined,
            },
            Filter::Present(name) => match Tree::kind(name) {
                Kind::Unknown => Truth::Undefined,
                Kind::Class => Truth::True,
                Kind::Text | Kind::Number => (!self.values(at, name).is_empty()).into(),
                link => (!self.ends(at, &link).is_empty()).into(),
            },
            Filter::Equality(assertion) | Filter::Approximate(assertion) => self.equal(assertion, at),
            Filter::GreaterOrEqual(assertion) => self.ordered(assertion, at, |left, right| left >= right),
            Filter::LessOrEqual(assertion) => self.ordered(assertion, at, |left, right| left <= right),
            Filter::Substrings(pieces) => self.substrings(pieces, at),
            Filter::Extensible(extensible) => self.extensible(extensible, at),
        }
    }

    fn equal(&self, assertion: &Assertion, at: usize) -> Truth {
        let value = String::from_utf8_lossy(&assertion.value).into_owned();
        match Tree::kind(&assertion.attribute) {
            Kind::Unknown => Truth::Undefined,
            Kind::Class => {
                let chain: &[&str] = match self.objects[at].class {
                    "user" => &["top", "person", "organizationalPerson", "user"],
                    "group" => &["top", "group"],
                    _ => &["top", "organizationalUnit"],
                };
                chain.iter().any(|class| class.eq_ignore_ascii_case(&value)).into()
            }
            Kind::Text => self.values(at, &assertion.attribute).iter().any(|other| fold(other) == fold(&value)).into(),
            Kind::Number => match value.parse::<i64>() {
                Ok(number) => self.numbers(at, &assertion.attribute).contains(&number).into(),
                Err(_) => Truth::Undefined,
            },
            link => match self.place(&value) {
                Some(to) => self.ends(at, &link).contains(&to).into(),
                None => Truth::False,
            },
        }
    }

    fn numbers(&self, at: usize, name: &str) -> Vec<i64> {
        self.values(at, name).iter().map(|value| value.parse().expect("the tree has numbers")).collect()
    }

    fn ordered(&self, assertion: &Assertion, at: usize, holds: fn(i8, i8) -> bool) -> Truth {
        let value = String::from_utf8_lossy(&assertion.value).into_owned();
        let compare = |order: std::cmp::Ordering| holds(order as i8, 0);
        match Tree::kind(&assertion.attribute) {
            Kind::Text => {
                self.values(at, &assertion.attribute).iter().any(|other| compare(fold(other).cmp(&fold(&value)))).into()
            }
            Kind::Number => match value.parse::<i64>() {
                Ok(number) => {
                    self.numbers(at, &assertion.attribute).iter().any(|other| compare(other.cmp(&number))).into()
                }
                Err(_) => Truth::Undefined,
            },
            _ => Truth::Undefined,
        }
    }

    fn substrings(&self, pieces: &Substrings, at: usize) -> Truth {
        let text = |piece: &[u8]| fold(&String::from_utf8_lossy(piece));
        match Tree::kind(&pieces.attribute) {
            Kind::Text => self
                .values(at, &pieces.attribute)
                .iter()
                .any(|value| {
                    let value = fold(value);
                    let mut rest = value.as_str();
                    if let Some(initial) = &pieces.initial {
                        let Some(after) = rest.strip_prefix(&text(initial)) else { return false };
                        rest = after;
                    }
                    if let Some(last) = &pieces.last {
                        let Some(before) = rest.strip_suffix(&text(last)) else { return false };
                        rest = before;
                    }
                    pieces.any.iter().all(|any| match rest.split_once(&text(any)) {
                        Some((_, after)) => {
                            rest = after;
                            true
                        }
                        None => false,
                    })
                })
                .into(),
            _ => Truth::Undefined,
        }
    }

    fn extensible(&self, extensible: &Extensible, at: usize) -> Truth {
        let name = extensible.attribute.clone().expect("generated with an attribute");
        let value = String::from_utf8_lossy(&extensible.value).into_owned();
        match (extensible.rule.as_deref().expect("generated with a rule"), Tree::kind(&name)) {
            (BIT_AND, Kind::Number) => {
                let bits: i64 = value.parse().expect("generated as a number");
                self.numbers(at, &name).iter().any(|number| number & bits == bits).into()
            }
            (BIT_OR, Kind::Number) => {
                let bits: i64 = value.parse().expect("generated as a number");
                self.numbers(at, &name).iter().any(|number| number & bits != 0).into()
            }
            (IN_CHAIN, link @ (Kind::Member | Kind::MemberOf | Kind::Manager | Kind::DirectReports)) => {
                match self.place(&value) {
                    Some(to) => self.reaches(at, to, &link).into(),
                    None => Truth::False,
                }
            }
            _ => Truth::Undefined,
        }
    }

    fn in_scope(&self, at: usize, base: usize, scope: Scope) -> bool {
        match scope {
            Scope::Base => at == base,
            Scope::OneLevel => self.objects[at].parent == base,
            Scope::Subtree => {
                let mut at = at;
                loop {
                    if at == base {
                        return true;
                    }
                    if at == 0 {
                        return false;
                    }
                    at = self.objects[at].parent;
                }
            }
        }
    }

    fn filter(&self, dice: &mut Dice, depth: usize) -> Filter {
        let name = |dice: &mut Dice| {
            let name = match dice.roll(9) {
                0..=3 => *dice.pick(&SINGLE_TEXT),
                4..=5 => *dice.pick(&MULTI_TEXT),
                6..=7 => *dice.pick(&NUMBERS),
                _ => "enabledService",
            };
            if dice.roll(3) == 0 { name.to_uppercase() } else { name.to_owned() }
        };
        let value = |dice: &mut Dice, name: &str| {
            let text = match Tree::kind(name) {
                Kind::Number if dice.roll(8) > 0 => (dice.roll(12) as i64 - 3).to_string(),
                _ => (*dice.pick(&WORDS)).to_owned(),
            };
            text.into_bytes()
        };
        let link_value = |dice: &mut Dice| match dice.roll(6) {
            0 => format!("CN=nobody,{BASE}").into_bytes(),
            _ => dice.pick(&self.objects).dn.to_uppercase().into_bytes(),
        };
        match dice.roll(if depth == 0 { 9 } else { 12 }) {
            0 | 1 => {
                let attribute = name(dice);
                let value = value(dice, &attribute);
                let assertion = Assertion { attribute, value };
                if dice.roll(5) == 0 { Filter::Approximate(assertion) } else { Filter::Equality(assertion) }
            }
            2 => Filter::Present(match dice.roll(5) {
                0 => "member".to_owned(),
                1 => "memberOf".to_owned(),
                _ => name(dice),
            }),
            3 => {
                let attribute = name(dice);
                let value = value(dice, &attribute);
                let assertion = Assertion { attribute, value };
                if dice.roll(2) == 0 { Filter::GreaterOrEqual(assertion) } else { Filter::LessOrEqual(assertion) }
            }
            4 => {
                let attribute = name(dice);
                let piece = |dice: &mut Dice| {
                    let word: Vec<char> = dice.pick(&WORDS).chars().collect();
                    let start = dice.roll(word.len());
                    let end = start + 1 + dice.roll(word.len() - start);
                    word[start..end].iter().collect::<String>().into_bytes()
                };
                let initial = (dice.roll(2) == 0).then(|| piece(dice));
                let last = (dice.roll(3) == 0).then(|| piece(dice));
                let mut any: Vec<Vec<u8>> = (0..dice.roll(3)).map(|_| piece(dice)).collect();
                if initial.is_none() && last.is_none() && any.is_empty() {
                    any.push(piece(dice));
                }
                Filter::Substrings(Substrings { attribute, initial, any, last })
            }
            5 => {
                let attribute = (*dice.pick(&["member", "memberOf", "manager", "directReports"])).to_owned();
                Filter::Equality(Assertion { attribute, value: link_value(dice) })
            }
            6 => Filter::Extensible(Extensible {
                rule: Some(IN_CHAIN.to_owned()),
                attribute: Some((*dice.pick(&["member", "memberOf", "manager", "directReports", "sn"])).to_owned()),
                value: link_value(dice),
                dn_attributes: false,
            }),
            7 => Filter::Extensible(Extensible {
                rule: Some((*dice.pick(&[BIT_AND, BIT_OR])).to_owned()),
                attribute: Some((*dice.pick(&["uidNumber", "adminCount", "title"])).to_owned()),
                value: dice.roll(8).to_string().into_bytes(),
                dn_attributes: false,
            }),
            8 => Filter::Equality(Assertion {
                attribute: "objectClass".to_owned(),
                value: dice.pick(&["USER", "group", "top", "person", "organizationalUnit"]).as_bytes().to_vec(),
            }),
            9 => Filter::Not(Box::new(self.filter(dice, depth - 1))),
            10 => Filter::And((0..dice.roll(4)).map(|_| self.filter(dice, depth - 1)).collect()),
            _ => Filter::Or((0..dice.roll(5)).map(|_| self.filter(dice, depth - 1)).collect()),
        }
    }
}

fn check(seed: u64) {
    let mut dice = Dice(seed);
    let directory = founded();
    for number in 0..TREES {
        let tree = grow(&mut dice, &directory, number);
        for _ in 0..FILTERS {
            let filter = tree.filter(&mut dice, 3);
            let scope = *dice.pick(&[Scope::Base, Scope::OneLevel, Scope::Subtree, Scope::Subtree, Scope::Subtree]);
            let base = if dice.roll(2) == 0 { 0 } else { dice.roll(tree.objects.len()) };
            let expected: BTreeSet<String> = (0..tree.objects.len())
                .filter(|at| tree.in_scope(*at, base, scope) && tree.test(&filter, *at) == Truth::True)
                .map(|at| tree.objects[at].dn.clone())
                .collect();
            let request = request(&tree.objects[base].dn, scope, filter.clone(), &["1.1"]);
            let whole = Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };
            let sliced = Budget { entries_examined: 1 + dice.roll(9) as u32, entries_sent: 1 + dice.roll(4) as u32 };
            for budget in [whole, sliced] {
                let found = run(&directory, &request, budget).expect("the search succeeds");
                let names: BTreeSet<String> = found.iter().map(|entry| entry.dn.clone()).collect();
                let story = || format!("seed {seed}, {scope:?} of {}, {filter}, {budget:?}", tree.objects[base].dn);
                assert_eq!(names.len(), found.len(), "an object came twice: {}", story());
                assert_eq!(names, expected, "{}", story());
            }
        }
    }
}

#[test]
fn generated_filters_equal_the_oracle_1() {
    check(0x0b5e_55ed_0000_0001);
}

#[test]
fn generated_filters_equal_the_oracle_2() {
    check(0x0b5e_55ed_0000_0002);
}

#[test]
fn generated_filters_equal_the_oracle_3() {
    check(0x0b5e_55ed_0000_0003);
}

#[test]
fn generated_filters_equal_the_oracle_4() {
    check(0x0b5e_55ed_0000_0004);
}

#[test]
fn generated_filters_equal_the_oracle_5() {
    check(0x0b5e_55ed_0000_0005);
}

#[test]
fn generated_filters_equal_the_oracle_6() {
    check(0x0b5e_55ed_0000_0006);
}

#[test]
fn generated_filters_equal_the_oracle_7() {
    check(0x0b5e_55ed_0000_0007);
}

#[test]
fn generated_filters_equal_the_oracle_8() {
    check(0x0b5e_55ed_0000_0008);
}
