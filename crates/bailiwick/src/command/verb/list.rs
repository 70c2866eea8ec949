//! Many objects, read page by page.

use std::process::ExitCode;

use bailiwick_adtypes::filter::Filter;
use bailiwick_domain::Entry;
use bailiwick_domain::administration::{self, Kind, Listing, Place, Selector};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{At, as_json, columns, objects, say};

/// How many objects are read at a time.
const PAGE_ENTRIES: u32 = 500;

/// The flags of `list`.
#[derive(Args)]
pub struct List {
    /// Only those below this unit or container.
    #[arg(long = "in", value_name = "PLACE")]
    place: Option<String>,
    /// Only those that match an LDAP filter.
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,
    /// These attributes instead of the usual ones; for --json.
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',', requires = "json")]
    attributes: Vec<String>,
    /// At most so many.
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    #[command(flatten)]
    at: At,
}

impl List {
    /// Lists objects of the kind.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, kind: Kind) -> Result<ExitCode, Failure> {
        let parse = |text: &String| Filter::parse(text).map_err(|_| Failure::Query { text: text.clone() });
        let filter = self.filter.as_ref().map(parse).transpose()?;
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let place = self.place.as_deref().map(Selector::parse);
        let chosen: Vec<&str> = self.attributes.iter().map(String::as_str).collect();
        let attributes = if chosen.is_empty() { columns(kind).1 } else { &chosen };
        let listing = Listing {
            kind,
            place: place.as_ref().map(Place::At),
            filter,
            attributes,
            sort: Vec::new(),
            entries_max: PAGE_ENTRIES,
        };
        let limit = self.limit.unwrap_or(usize::MAX);
        let mut entries: Vec<Entry> = Vec::new();
        let mut next = None;
        loop {
            let page = administration::list(directory, &context, &listing, next.as_ref())?;
            entries.extend(page.entries);
            next = page.next;
            if next.is_none() || entries.len() >= limit {
                break;
            }
        }
        entries.truncate(limit);
        match self.at.json {
            true => say(format_args!("{:#}\n", entries.iter().map(as_json).collect::<serde_json::Value>()))?,
            false => say(objects(kind, &entries))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
