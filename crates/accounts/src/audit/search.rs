//! Finding records, the newest first, a bounded page at a time.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_store::{Error, ReadTransaction};

use super::record::{Kind, Record};
use super::{EVENT, KEY_OCTETS, first_key};

/// What is looked for. Every condition that is there must hold.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Not before this time.
    pub since: Option<FileTime>,
    /// Before this time.
    pub until: Option<FileTime>,
    /// Part of the name or the SID of who asked or signed in, of the name that was given for a sign-in, or of the
    /// address; in any case of letters.
    pub who: Option<String>,
    /// Part of the name or the GUID of the object, before or after a rename; in any case of letters.
    pub object: Option<String>,
    /// What was asked for.
    pub kind: Option<Kind>,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

/// What came of a request, as people ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was not.
    Failure,
    /// The result is this word, or begins with it and a colon: `sign-in`, `sign-in:wrong-password`.
    Word(String),
}

/// Where a search goes on: before this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position([u8; KEY_OCTETS]);

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Matching records, the newest first.
    pub records: Vec<Record>,
    /// How many records could not be read: a newer program's, or damaged ones.
    pub unreadable: u64,
    /// Where the search goes on; none at its end.
    pub next: Option<Position>,
}

/// Looks through at most `examined_max` records from `from` on, or from the newest on.
///
/// # Errors
/// The store's.
pub fn search(
    transaction: &dyn ReadTransaction,
    query: &Query,
    from: Option<Position>,
    examined_max: usize,
) -> Result<Page, Error> {
    let wanted = Wanted::new(query);
    let mut before = match (from, query.until) {
        (Some(Position(key)), _) => key,
        (None, Some(until)) => first_key(until),
        (None, None) => [u8::MAX; KEY_OCTETS],
    };
    let oldest = query.since.map(first_key);
    let mut page = Page::default();
    for _ in 0..examined_max {
        let Some((key, value)) = transaction.last_before(EVENT, &before)? else { return Ok(page) };
        if oldest.is_some_and(|oldest| key < oldest.as_slice()) {
            return Ok(page);
        }
        match Record::parse(value) {
            Ok(record) if wanted.is_met(&record) => page.records.push(record),
            Ok(_) => {}
            Err(_) => page.unreadable += 1,
        }
        before = key.try_into().map_err(|_| Error::Corrupt { doing: "reading the audit" })?;
    }
    page.next = Some(Position(before));
    Ok(page)
}

/// The query with its texts in small letters.
struct Wanted<'q> {
    query: &'q Query,
    who: Option<String>,
    object: Option<String>,
}

impl<'q> Wanted<'q> {
    fn new(query: &'q Query) -> Wanted<'q> {
        let small = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        Wanted { query, who: small(&query.who), object: small(&query.object) }
    }

    fn is_met(&self, record: &Record) -> bool {
        self.query.kind.is_none_or(|kind| record.kind == kind)
            && self.query.outcome.as_ref().is_none_or(|outcome| outcome.is_met(record))
            && self.who.as_ref().is_none_or(|part| is_by(record, part))
            && self.object.as_ref().is_none_or(|part| is_about(record, part))
    }
}

impl Outcome {
    fn is_met(&self, record: &Record) -> bool {
        match self {
            Outcome::Success => record.is_success(),
            Outcome::Failure => !record.is_success(),
            Outcome::Word(word) => {
                record.result.strip_prefix(word.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
            }
        }
    }
}

fn is_by(record: &Record, part: &str) -> bool {
    let holds = |text: &str| text.to_lowercase().contains(part);
    let is = |who: &super::Who| holds(&who.name) || who.sid.as_deref().is_some_and(holds);
    let signed_in = |named: &super::Named| holds(&named.name) || named.account.as_ref().is_some_and(is);
    is(&record.who)
        || record.sign_in.as_ref().is_some_and(signed_in)
        || record.from.is_some_and(|address| holds(&address.to_string()))
}

fn is_about(record: &Record, part: &str) -> bool {
    let holds = |text: &str| text.to_lowercase().contains(part);
    let may = |text: &Option<String>| text.as_deref().is_some_and(holds);
    record.object.as_ref().is_some_and(|object| {
        holds(&object.name) || may(&object.guid) || may(&object.new_rdn) || may(&object.new_superior)
    })
}
