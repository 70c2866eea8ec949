//! Listings agree with a sort of everything, and read no more objects than they name.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_credential::Cost;
use bailiwick_directory::{Native, Options, SPACES, provision};
use bailiwick_domain::administration::{Browsing, Category, Selector, browse};
use bailiwick_domain::{Change, Directory, ListOrder, ListRequest, Requester, Scope, list_by_search};
use bailiwick_store::{Committed, Cursor, Error, Memory, Pair, ReadTransaction, Space, Store, Work};

use crate::domain::{BASE, NOW, add, apply, context, find, founded, new_domain, octets};

const CATEGORIES: [&str; 6] = ["person", "group", "organizationalUnit", "computer", "container", "builtinDomain"];

fn tree() -> String {
    format!("OU=Tree,{BASE}")
}

/// A unit with two levels of units, and in each of them people, groups and a computer whose names are spread.
fn grown() -> Native {
    let directory = founded();
    let mut changes = vec![add(&tree(), &[("objectClass", "organizationalUnit")])];
    for place in ["".to_owned(), "OU=b,".to_owned(), "OU=C,OU=b,".to_owned(), "CN=Alpha,".to_owned()] {
        let number = changes.len();
        let at = format!("{place}{}", tree());
        if place.starts_with("OU") {
            changes.push(add(&at, &[("objectClass", "organizationalUnit")]));
        } else if place.starts_with("CN") {
            changes.push(add(&at, &[("objectClass", "container"), ("showInAdvancedViewOnly", "TRUE")]));
        }
        for step in 0..8 {
            let mixed = (number * 7 + step * 5) % 23;
            let name = if step % 2 == 0 { format!("Zed{mixed}x{number}") } else { format!("aBe{mixed}x{number}") };
            let class = ["contact", "group", "computer", "contact"][step % 4];
            changes.push(match class {
                "contact" => add(&format!("CN={name},{at}"), &[("objectClass", class)]),
                class => add(&format!("CN={name},{at}"), &[("objectClass", class), ("sAMAccountName", &name)]),
            });
        }
    }
    apply(&directory, &changes).unwrap();
    let gone = ObjectName::parse(&find(&directory, &tree(), Scope::Subtree, "(cn=aBe*)", &["cn"])[0].dn).unwrap();
    apply(&directory, &[Change::Delete { name: gone, tree: false }]).unwrap();
    directory
}

/// What there is, by a search, sorted here.
fn oracle(directory: &Native, base: &str, scope: Scope, categories: &[&str], plain_view: bool) -> Vec<String> {
    let any: String = categories.iter().map(|category| format!("(objectCategory={category})")).collect();
    let mut found = find(directory, base, scope, &format!("(|{any})"), &["name", "showInAdvancedViewOnly"]);
    found.retain(|entry| scope == Scope::Base || !entry.dn.eq_ignore_ascii_case(base));
    found.retain(|entry| !plain_view || entry.text("showInAdvancedViewOnly") != Some("TRUE"));
    found.sort_by_key(|entry| entry.text("name").unwrap().to_lowercase());
    found.into_iter().map(|entry| entry.dn).collect()
}

#[test]
fn every_stretch_is_that_of_a_sort_of_everything() {
    let directory = grown();
    let system = Requester::system();
    let deleted = format!("CN=Deleted Objects,{BASE}");
    for base in [tree(), format!("OU=b,{}", tree()), format!("CN=Alpha,{}", tree()), BASE.to_owned()] {
        let name = ObjectName::parse(&base).unwrap();
        for scope in [Scope::Base, Scope::OneLevel, Scope::Subtree] {
            // Of the whole domain, names repeat, and their order among each other is the directory's own.
            let is_whole = base == BASE && scope == Scope::Subtree;
            for categories in [&CATEGORIES[..], &CATEGORIES[..1], &CATEGORIES[1..3], &[]] {
                for plain_view in [false, true] {
                    let expected = oracle(&directory, &base, scope, categories, plain_view);
                    for (offset, most) in
                        [(0, None), (0, Some(0)), (0, Some(3)), (5, Some(4)), (30, None), (999, Some(9))]
                    {
                        let request = ListRequest {
                            base: &name,
                            scope,
                            categories,
                            plain_view,
                            order: ListOrder::Name,
                            offset,
                            entries_max: most,
                        };
                        let listed = directory.list(&context(&system), &request).unwrap();
                        let names: Vec<String> = listed.names.iter().map(ToString::to_string).collect();
                        let end = most.map_or(expected.len(), |most| offset + most).min(expected.len());
                        assert_eq!(listed.total, expected.len(), "{request:?}");
                        match is_whole {
                            true => assert_eq!(names.len(), end.saturating_sub(offset)),
                            false => assert_eq!(names, expected[offset.min(end)..end], "{request:?}"),
                        }
                        assert!(!names.contains(&deleted));
                        let searched = list_by_search(&directory, &context(&system), &request).unwrap();
                        assert_eq!((searched.total, searched.names.len()), (listed.total, names.len()), "{request:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn stretches_put_together_are_the_whole_each_object_once() {
    let directory = grown();
    let (system, base) = (Requester::system(), ObjectName::parse(BASE).unwrap());
    let stretch = |offset, entries_max| {
        let request = ListRequest {
            base: &base,
            scope: Scope::Subtree,
            categories: &CATEGORIES,
            plain_view: false,
            order: ListOrder::Name,
            offset,
            entries_max,
        };
        let listed = directory.list(&context(&system), &request).unwrap();
        listed.names.iter().map(ToString::to_string).collect::<Vec<String>>()
    };
    let whole = stretch(0, None);
    let mut together = Vec::new();
    while together.len() < whole.len() {
        together.extend(stretch(together.len(), Some(7)));
    }
    assert_eq!(together, whole);
}

#[test]
fn path_order_has_what_lies_below_a_place_behind_it() {
    let directory = grown();
    let (system, base) = (Requester::system(), ObjectName::parse(&tree()).unwrap());
    let request = ListRequest {
        base: &base,
        scope: Scope::Subtree,
        categories: &["organizationalUnit", "container"],
        plain_view: false,
        order: ListOrder::Path,
        offset: 0,
        entries_max: None,
    };
    let listed = directory.list(&context(&system), &request).unwrap();
    let names: Vec<String> = listed.names.iter().map(ToString::to_string).collect();
    let expected = ["CN=Alpha", "OU=b", "OU=C,OU=b"].map(|place| format!("{place},{}", tree()));
    assert_eq!(names, expected);
}

/// A store that counts how many objects are read.
struct Counting {
    inner: Memory,
    records: Arc<AtomicUsize>,
}

struct CountingRead<'s> {
    inner: Box<dyn ReadTransaction + 's>,
    records: &'s AtomicUsize,
}

impl Store for Counting {
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error> {
        Ok(Box::new(CountingRead { inner: self.inner.read()?, records: &self.records }))
    }

    fn write(&self, work: &mut Work<'_>) -> Result<Committed, Error> {
        self.inner.write(work)
    }
}

impl CountingRead<'_> {
    fn count(&self, space: Space) {
        if space.0 == "record" {
            self.records.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl ReadTransaction for CountingRead<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<&[u8]>, Error> {
        self.count(space);
        self.inner.get(space, key)
    }

    fn first_at_or_after(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        self.count(space);
        self.inner.first_at_or_after(space, key)
    }

    fn last_before(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        self.count(space);
        self.inner.last_before(space, key)
    }

    fn cursor(&self, space: Space) -> Result<Box<dyn Cursor<'_> + '_>, Error> {
        assert_ne!(space.0, "record", "nobody walks over all objects");
        self.inner.cursor(space)
    }
}

/// People in the unit.
const PEOPLE: usize = 3_000;
/// Rows of a page.
const ROWS: usize = 10;
/// Reads for each row: naming it takes its own record and those above it, showing it a search of its own.
const READS_PER_ROW_MAX: usize = 20;

#[test]
fn a_page_anywhere_reads_the_objects_of_the_page() {
    let records = Arc::new(AtomicUsize::new(0));
    let store = Counting { inner: Memory::open(SPACES), records: Arc::clone(&records) };
    provision(&store, &new_domain(), NOW, &octets).unwrap();
    let directory = Native::open(Box::new(store), Options { cost: Cost::CHEAP }).unwrap();
    apply(&directory, &[add(&tree(), &[("objectClass", "organizationalUnit")])]).unwrap();
    // Their names are in another order than their making.
    let person =
        |number: usize| add(&format!("CN=p{:05},{}", number * 7 % PEOPLE, tree()), &[("objectClass", "contact")]);
    apply(&directory, &(0..PEOPLE).map(person).collect::<Vec<_>>()).unwrap();
    let administrator = crate::domain::signed_in_administrator(&directory);
    let context = context(&administrator);
    let below = |name: &str| Selector::from(bailiwick_adtypes::dn::Dn::parse(name).unwrap());
    for (base, scope) in
        [(below(&tree()), Scope::OneLevel), (below(&tree()), Scope::Subtree), (below(BASE), Scope::Subtree)]
    {
        for offset in [0, PEOPLE / 2, PEOPLE - ROWS] {
            let browsing = Browsing {
                base: &base,
                scope,
                categories: &[Category::Person],
                plain_view: false,
                order: ListOrder::Name,
                offset,
                entries_max: Some(ROWS),
                attributes: &["name"],
            };
            records.store(0, Ordering::Relaxed);
            let browsed = browse(&directory, &context, &browsing).unwrap();
            let read = records.load(Ordering::Relaxed);
            assert!(browsed.total >= PEOPLE && browsed.entries.len() == ROWS);
            assert!(read <= ROWS * READS_PER_ROW_MAX, "{scope:?} at {offset}: {read} records");
            if scope == Scope::OneLevel {
                assert_eq!(browsed.entries[0].1.text("name"), Some(&*format!("p{offset:05}")));
            }
        }
    }
}
