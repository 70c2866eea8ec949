//! Writing a domain down as LDIF, parents before children, so that it can be imported as it is.

mod order;
mod writable;

use std::io::Write;

use bailiwick_adtypes::ldif::Writer;
use bailiwick_domain::{Entry, Scope};

use crate::domain::{CREDENTIAL, Domain, Query};
use crate::exit::Failure;
use crate::progress::Progress;
use order::{Order, Place};

pub use writable::Writable;

/// What to write down.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to start; none is the domain.
    pub base: Option<String>,
    /// Which entries.
    pub filter: String,
    /// Attributes that the directory makes by itself too.
    pub operational: bool,
    /// What accounts sign in with, as it is stored.
    pub secrets: bool,
}

/// When a password was set goes with it: it may have to be changed.
const PASSWORD_SET: &str = "pwdLastSet";

/// How often progress is shown, in entries.
const ENTRIES_PER_PROGRESS: u64 = 256;

/// Writes everything; gives the number of entries.
///
/// # Errors
/// The domain cannot be read, or the output not written.
pub fn run(
    domain: &mut dyn Domain,
    options: &Options,
    out: impl Write,
    progress: &mut Progress,
) -> Result<u64, Failure> {
    let base = options.base.clone().unwrap_or_else(|| domain.base_dn().to_owned());
    let writable = match options.operational {
        true => None,
        false => Some(Writable::read(domain)?),
    };
    let attributes: &[&str] = if options.operational { &["*", "+"] } else { &["*"] };
    let mut export =
        Export { writer: Writer::new(out).map_err(unwritable)?, writable, order: Order::new(&base), entries: 0 };
    let query =
        Query { base: &base, scope: Scope::Subtree, filter: &options.filter, attributes, secrets: options.secrets };
    // An entry may come before its parent, which was made or moved there later. It is read again when its turn comes:
    // keeping it would cost memory without bound.
    domain.search(&query, &mut |entry| {
        if export.order.place(&entry.dn) == Place::Now {
            export.write(&entry)?;
        }
        progress.at(export.entries, || format!("{} entries", export.entries));
        Ok(())
    })?;
    while let Some(dn) = export.order.next_postponed() {
        let query =
            Query { base: &dn, scope: Scope::Base, filter: &options.filter, attributes, secrets: options.secrets };
        domain.search(&query, &mut |entry| export.write(&entry))?;
        if export.entries.is_multiple_of(ENTRIES_PER_PROGRESS) {
            progress.at(export.entries, || format!("{} entries", export.entries));
        }
    }
    export.writer.flush().map_err(unwritable)?;
    Ok(export.entries)
}

struct Export<W> {
    writer: Writer<W>,
    /// The attributes that can be imported; none writes all.
    writable: Option<Writable>,
    order: Order,
    entries: u64,
}

impl<W: Write> Export<W> {
    fn write(&mut self, entry: &Entry) -> Result<(), Failure> {
        self.writer.begin(&entry.dn).map_err(unwritable)?;
        let has_credential = entry.attributes.iter().any(|attribute| attribute.name == CREDENTIAL);
        let is_secret = |name: &str| has_credential && (name == CREDENTIAL || name.eq_ignore_ascii_case(PASSWORD_SET));
        for attribute in &entry.attributes {
            let is_secret = is_secret(&attribute.name);
            if !is_secret && self.writable.as_ref().is_some_and(|writable| !writable.has(&attribute.name)) {
                continue;
            }
            for value in &attribute.values {
                self.writer.value(&attribute.name, value).map_err(unwritable)?;
            }
        }
        self.entries += 1;
        self.writer.end().map_err(unwritable)
    }
}

fn unwritable(source: std::io::Error) -> Failure {
    Failure::System { doing: "the export cannot be written".into(), source }
}
