//! A listing as the port states it: any stretch of what lies in a place, in order, with the number of all.
//!
//! A directory that keeps names in order answers from those. [`list_by_search`] does for any other one.

use std::collections::BinaryHeap;

use bailiwick_adtypes::dn::{Dn, ObjectName};
use bailiwick_adtypes::filter::{Assertion, Filter};

use crate::{Budget, Context, Directory, Error, Flow, Progress, Scope, SearchOptions, SearchRequest, Sink};

/// What to list.
#[derive(Clone, Copy, Debug)]
pub struct ListRequest<'r> {
    /// Where.
    pub base: &'r ObjectName,
    /// How far; the base itself counts for [`Scope::Base`] alone. Other naming contexts do not belong to it.
    pub scope: Scope,
    /// Objects of the categories of these classes; none is nothing.
    pub categories: &'r [&'r str],
    /// Leave out what is shown in advanced views only.
    pub plain_view: bool,
    /// In which order.
    pub order: ListOrder,
    /// How many to pass over.
    pub offset: usize,
    /// How many to name at most; none is all.
    pub entries_max: Option<usize>,
}

/// The order of a listing. Letters count alike in either case; the order of what is equal so is always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOrder {
    /// By the object's own name.
    Name,
    /// By the path from the root.
    Path,
}

/// A stretch of a listing.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The names of the objects of the stretch.
    pub names: Vec<Dn>,
    /// How many there are in all, as far as the requester may know.
    pub total: usize,
}

/// Lists by a search that goes through all matches, of which it keeps the least, as many as the stretch reaches to.
///
/// # Errors
/// Those of [`Directory::search`].
pub fn list_by_search<D: Directory + ?Sized>(
    directory: &D,
    context: &Context<'_>,
    request: &ListRequest<'_>,
) -> Result<Listed, Error> {
    let equals = |attribute: &str, value: &str| {
        Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.as_bytes().to_vec() })
    };
    let categories = request.categories.iter().map(|category| equals("objectCategory", category));
    let mut filter = vec![Filter::Or(categories.collect())];
    if request.plain_view {
        filter.push(Filter::Not(Box::new(equals("showInAdvancedViewOnly", "TRUE"))));
    }
    let search = |scope, filter, sink: &mut dyn Sink| -> Result<(), Error> {
        let search = SearchRequest {
            base: request.base.clone(),
            scope,
            filter,
            selection: vec!["1.1".to_owned()],
            types_only: false,
            options: SearchOptions { domain_scope: true, ..SearchOptions::default() },
        };
        let budget = Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };
        let mut position = None;
        while let Progress::More(next) = directory.search(context, &search, position.as_ref(), budget, sink)? {
            position = Some(next);
        }
        Ok(())
    };
    // The base may be named by its GUID or SID, and matches are told from it by its name.
    let mut base = Stretch::of(request, None);
    search(Scope::Base, Filter::any_object(), &mut base)?;
    let own_name = base.least.pop().map(|named| named.dn);
    let mut stretch = Stretch::of(request, own_name.filter(|_| request.scope != Scope::Base));
    search(request.scope, Filter::And(filter), &mut stretch)?;
    let names = stretch.least.into_sorted_vec().into_iter();
    let names = names.skip(request.offset).take(request.entries_max.unwrap_or(usize::MAX));
    Ok(Listed { names: names.map(|named| named.dn).collect(), total: stretch.total })
}

/// Counts matches and keeps the least of them.
struct Stretch {
    passed_over: Option<Dn>,
    order: ListOrder,
    kept_max: usize,
    least: BinaryHeap<Named>,
    total: usize,
}

struct Named {
    key: String,
    text: String,
    dn: Dn,
}

impl Stretch {
    fn of(request: &ListRequest<'_>, passed_over: Option<Dn>) -> Stretch {
        Stretch {
            passed_over,
            order: request.order,
            kept_max: request.entries_max.map_or(usize::MAX, |most| request.offset.saturating_add(most)).max(1),
            least: BinaryHeap::new(),
            total: 0,
        }
    }
}

impl Sink for Stretch {
    fn begin(&mut self, text: &str) {
        let Ok(dn) = Dn::parse(text) else { return };
        if self.passed_over.as_ref().is_some_and(|base| base.equals_ignore_case(&dn)) {
            return;
        }
        self.total += 1;
        self.least.push(Named { key: key(self.order, &dn), text: text.to_owned(), dn });
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

impl Named {
    fn rank(&self) -> (&str, &str) {
        (&self.key, &self.text)
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Named) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Named {}

impl PartialOrd for Named {
    fn partial_cmp(&self, other: &Named) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Named {
    fn cmp(&self, other: &Named) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// What names are ordered by.
fn key(order: ListOrder, name: &Dn) -> String {
    match order {
        ListOrder::Name => name.rdn().map(|rdn| rdn.value.to_lowercase()).unwrap_or_default(),
        ListOrder::Path => {
            // A separator below every other character keeps what lies below a place behind it and together.
            let values: Vec<String> = name.rdns().iter().rev().map(|rdn| rdn.value.to_lowercase()).collect();
            values.join("\0")
        }
    }
}
