//! A part of a list that people look at: which records, in which order, and how many there are in all.

/// What a list is in the order of. Records that are alike in it follow one another by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Names, in any case of letters.
    #[default]
    Name,
    /// Descriptions.
    Description,
    /// E-mail addresses.
    Email,
    /// When they end: those that do not, the disabled, then by date.
    Expired,
    /// Numbers.
    Number,
}

/// Which part of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The order.
    pub sort: Sort,
    /// From the last to the first.
    pub descending: bool,
    /// How many are passed over.
    pub offset: u64,
    /// How many at most; none is all that follow.
    pub limit: Option<u64>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// How many there are in all.
    pub total: u64,
    /// Those of the part.
    pub entries: Vec<T>,
}

impl<T> Page<T> {
    /// The part of a list that was put in order in memory.
    pub(crate) fn of(all: Vec<T>, listing: &Listing) -> Page<T> {
        let total = all.len() as u64;
        let start = usize::try_from(listing.offset).unwrap_or(usize::MAX);
        let limit = listing.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        Page { total, entries: all.into_iter().skip(start).take(limit).collect() }
    }
}
