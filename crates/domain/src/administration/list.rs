//! Many objects, a page at a time.

use bailiwick_adtypes::filter::Filter;

use super::{Error, Kind, Place, domain, find_place};
use crate::{
    Budget, Collect, Context, Directory, Entry, Position, Progress, Scope, SearchOptions, SearchRequest, SortKey,
};

/// What to list.
pub struct Listing<'a> {
    /// Objects of which kind.
    pub kind: Kind,
    /// Below which place; none is the whole domain.
    pub place: Option<Place<'a>>,
    /// Which of them; none is all.
    pub filter: Option<Filter>,
    /// Which attributes of each.
    pub attributes: &'a [&'a str],
    /// The order; empty is the directory's own, which costs nothing.
    pub sort: Vec<SortKey>,
    /// How many at most in one page.
    pub entries_max: u32,
}

/// One page of a listing.
#[derive(Default)]
pub struct Page {
    /// The objects.
    pub entries: Vec<Entry>,
    /// Where the next page begins; none after the last one.
    pub next: Option<Position>,
}

/// Reads one page, the first or the one at `from`.
///
/// # Errors
/// The place is not there, or the directory refuses the position.
pub fn list(
    directory: &dyn Directory,
    context: &Context<'_>,
    listing: &Listing<'_>,
    from: Option<&Position>,
) -> Result<Page, Error> {
    let base = match listing.place {
        Some(place) => find_place(directory, context, place)?,
        None => domain(directory, context)?.base,
    };
    let request = SearchRequest {
        base: base.into(),
        scope: Scope::Subtree,
        filter: Filter::And(listing.kind.filter().into_iter().chain(listing.filter.clone()).collect()),
        selection: listing.attributes.iter().map(|&name| name.to_owned()).collect(),
        types_only: false,
        options: SearchOptions { domain_scope: true, sort: listing.sort.clone(), ..SearchOptions::default() },
    };
    let mut found = Collect::default();
    let budget = Budget { entries_examined: u32::MAX, entries_sent: listing.entries_max };
    let next = match directory.search(context, &request, from, budget, &mut found)? {
        Progress::Done => None,
        Progress::More(next) => Some(next),
    };
    Ok(Page { entries: found.entries, next })
}
