//! The objects in a place, any stretch of them, with the number of all.
//!
//! Two steps: the first goes through the matches, counts them and keeps the names of the stretch; the second reads the
//! objects of the stretch alone.

use std::collections::BinaryHeap;

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::filter::{Assertion, Filter};

use super::target::search;
use super::{Error, Kind, Selector, find};
use crate::{Budget, Context, Directory, Entry, Flow, Progress, Scope, SearchOptions, SearchRequest, Sink};

/// What to go through.
pub struct Browsing<'b> {
    /// Where.
    pub base: &'b Selector,
    /// How far; the base itself counts for [`Scope::Base`] alone.
    pub scope: Scope,
    /// Objects of which categories; empty is none.
    pub categories: &'b [Category],
    /// Leave out what is shown in advanced views only.
    pub plain_view: bool,
    /// In which order.
    pub order: BrowsingOrder,
    /// How many to pass over.
    pub offset: usize,
    /// How many to read at most; none is all.
    pub entries_max: Option<usize>,
    /// Which attributes of each.
    pub attributes: &'b [&'b str],
}

/// The order of a listing. Letters count alike in either case; what is equal so is told apart by the whole name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowsingOrder {
    /// By the object's own name.
    Name,
    /// By the path from the root.
    Path,
}

/// The categories of objects that are listed. [MS-ADTS] 3.1.1.3.1.3.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Users and contacts.
    Person,
    /// Groups.
    Group,
    /// Organizational units.
    OrganizationalUnit,
    /// Computers.
    Computer,
    /// Containers.
    Container,
    /// The container of the groups that every machine has.
    BuiltinDomain,
}

/// A stretch of a listing.
#[derive(Debug, Default)]
pub struct Browsed {
    /// The objects of the stretch, each with its name.
    pub entries: Vec<(Dn, Entry)>,
    /// How many there are in all.
    pub total: usize,
}

impl Category {
    /// Every category.
    pub const ALL: [Category; 6] = [
        Category::Person,
        Category::Group,
        Category::OrganizationalUnit,
        Category::Computer,
        Category::Container,
        Category::BuiltinDomain,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Category::Person => "person",
            Category::Group => "group",
            Category::OrganizationalUnit => "organizationalUnit",
            Category::Computer => "computer",
            Category::Container => "container",
            Category::BuiltinDomain => "builtinDomain",
        }
    }

    /// The category of an object that was read with `objectCategory`; none for one that is not listed.
    pub fn of(entry: &Entry) -> Option<Category> {
        let name = Dn::parse(entry.text("objectCategory")?).ok()?;
        Some(match name.rdn()?.value.as_str() {
            "Person" => Category::Person,
            "Group" => Category::Group,
            "Organizational-Unit" => Category::OrganizationalUnit,
            "Computer" => Category::Computer,
            "Container" => Category::Container,
            "Builtin-Domain" => Category::BuiltinDomain,
            _ => return None,
        })
    }
}

/// Reads a stretch.
///
/// # Errors
/// `NoSuchObject` when there is no such place, or the directory refuses.
pub fn browse(directory: &dyn Directory, context: &Context<'_>, browsing: &Browsing<'_>) -> Result<Browsed, Error> {
    let base = find(directory, context, Kind::Any, browsing.base)?;
    let equals = |attribute: &str, value: &str| {
        Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.as_bytes().to_vec() })
    };
    let categories = browsing.categories.iter().map(|category| equals("objectCategory", category.word()));
    let mut filter = vec![Filter::Or(categories.collect())];
    if browsing.plain_view {
        filter.push(Filter::Not(Box::new(equals("showInAdvancedViewOnly", "TRUE"))));
    }
    let request = SearchRequest {
        base: base.name(),
        scope: browsing.scope,
        filter: Filter::And(filter),
        selection: vec!["1.1".to_owned()],
        types_only: false,
        options: SearchOptions { domain_scope: true, ..SearchOptions::default() },
    };
    let mut stretch = Stretch {
        base: (browsing.scope != Scope::Base).then_some(&base.dn),
        order: browsing.order,
        kept_max: browsing.entries_max.map_or(usize::MAX, |most| browsing.offset.saturating_add(most)),
        least: BinaryHeap::new(),
        total: 0,
    };
    let budget = Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };
    let mut position = None;
    while let Progress::More(next) = directory.search(context, &request, position.as_ref(), budget, &mut stretch)? {
        position = Some(next);
    }
    let mut browsed = Browsed { entries: Vec::new(), total: stretch.total };
    for Named { dn, .. } in stretch.least.into_sorted_vec().into_iter().skip(browsing.offset) {
        let name = Dn::parse(&dn).map_err(|_| Error::InvalidName { text: dn })?;
        let any = Filter::any_object();
        // One that has gone in between is passed over.
        let found = search(directory, context, name.clone().into(), Scope::Base, any, browsing.attributes, 1)?;
        browsed.entries.extend(found.into_iter().map(|entry| (name.clone(), entry)));
    }
    Ok(browsed)
}

/// Counts matches and keeps the least of them, as many as the stretch reaches to.
struct Stretch<'b> {
    base: Option<&'b Dn>,
    order: BrowsingOrder,
    kept_max: usize,
    least: BinaryHeap<Named>,
    total: usize,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    key: String,
    dn: String,
}

impl Sink for Stretch<'_> {
    fn begin(&mut self, dn: &str) {
        let Ok(name) = Dn::parse(dn) else { return };
        if self.base.is_some_and(|base| base.equals_ignore_case(&name)) {
            return;
        }
        self.total += 1;
        if self.kept_max == 0 {
            return;
        }
        self.least.push(Named { key: key(self.order, &name), dn: dn.to_owned() });
        if self.least.len() > self.kept_max {
            self.least.pop();
        }
    }

    fn attribute(&mut self, _description: &str) {}

    fn value(&mut self, _value: &[u8]) {}

    fn end(&mut self) -> Flow {
        Flow::Continue
    }

    fn reference(&mut self, _url: &str) {}
}

/// What names are ordered by.
fn key(order: BrowsingOrder, name: &Dn) -> String {
    match order {
        BrowsingOrder::Name => name.rdn().map(|rdn| rdn.value.to_lowercase()).unwrap_or_default(),
        BrowsingOrder::Path => {
            // A separator below every other character keeps what lies below a place behind it and together.
            let values: Vec<String> = name.rdns().iter().rev().map(|rdn| rdn.value.to_lowercase()).collect();
            values.join("\0")
        }
    }
}
