//! Bringing LDIF into a domain: record by record, each whole or not at all, in batches.
//!
//! ```text
//! input → adtypes::ldif → record (a change of the port) → batch → domain
//!                            ↑ what is refused is mended or reported:
//!                              values that name objects to come  → links, made when they appear or at the end
//!                              objects that are there already    → existing, brought to the record's state
//!                              anything else                     → report, with its line
//! ```
//!
//! After each batch the journal says how far the input is done, so that an import that was stopped goes on there.

mod existing;
mod journal;
mod links;
mod record;
mod report;

use std::collections::HashSet;
use std::io::BufRead;
use std::path::PathBuf;

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::ldif::Reader;
use bailiwick_adtypes::modification::{Attribute, Operation};
use bailiwick_domain::Change;

use crate::domain::{Domain, Verdict};
use crate::exit::Failure;
use crate::progress::Progress;
use existing::Existing;
use journal::Journal;
use links::Links;
use record::Pending;

pub use report::Report;

/// How many records go into one batch, and so into one transaction of a data folder.
const BATCH_RECORDS: usize = 2000;
/// How many go into the first batch; each further batch has twice as many. The first ones show which attributes name
/// objects to come, and until that is known each record costs a transaction of its own.
const BATCH_RECORDS_FIRST: usize = 16;
/// How many octets of values may go into one batch.
const BATCH_OCTETS: usize = 8 << 20;

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the input is called, for messages.
    pub input: String,
    /// Go on after records that are refused.
    pub go_on: bool,
    /// What becomes of records whose objects are there already.
    pub existing: ExistingMode,
    /// Attributes that are left out of every record, in small letters.
    pub leave_out: HashSet<String>,
    /// Where to write how far the import has come; none for input that cannot be read again.
    pub journal: Option<PathBuf>,
    /// Go on where the journal ends.
    pub resume: bool,
}

/// What becomes of records whose objects are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ExistingMode {
    /// The record is refused.
    Refuse,
    /// The object stays as it is.
    Skip,
    /// The object gets the record's attributes, and loses others.
    Update,
}

/// An import under way.
struct Import<'a> {
    domain: &'a mut dyn Domain,
    options: &'a Options,
    base: Dn,
    links: Links,
    journal: Option<Journal>,
    report: Report,
    /// So many of the next records may have been applied already, in an import that was stopped before it could say so.
    may_be_done: usize,
}

/// Imports everything that `input` has.
///
/// # Errors
/// The input is no LDIF or of another domain, the domain cannot be reached, or the journal cannot be written. Records
/// that are refused are no error: they are in the report.
pub fn run(
    input: impl BufRead,
    domain: &mut dyn Domain,
    options: &Options,
    progress: &mut Progress,
) -> Result<Report, Failure> {
    let base = domain.base_dn().to_owned();
    let base_dn = Dn::parse(&base).map_err(|_| Failure::Query { text: base })?;
    let mut import = Import {
        domain,
        options,
        base: base_dn,
        links: Links::default(),
        journal: None,
        report: Report::default(),
        may_be_done: 0,
    };
    let done_octets = import.open_journal()?;
    import.records(Reader::new(input), done_octets, progress)?;
    if !import.report.is_stopped() {
        import.make_links(true)?;
    }
    import.close_journal()?;
    Ok(import.report)
}

impl Import<'_> {
    /// Opens the journal, and tells how much of the input is done.
    fn open_journal(&mut self) -> Result<u64, Failure> {
        let Some(path) = &self.options.journal else { return Ok(0) };
        if !self.options.resume {
            self.journal = Some(Journal::begin(path)?);
            return Ok(0);
        }
        let (journal, state) = Journal::resume(path)?;
        self.journal = Some(journal);
        self.links = state.links;
        self.links.begin_batch();
        self.report = state.report;
        // The batch that was under way had no more.
        self.may_be_done = BATCH_RECORDS;
        Ok(state.done_octets)
    }

    fn records(
        &mut self,
        mut reader: Reader<impl BufRead>,
        done_octets: u64,
        progress: &mut Progress,
    ) -> Result<(), Failure> {
        let mut batch: Vec<Pending> = Vec::new();
        let mut batch_octets = 0;
        let mut batch_records_max = BATCH_RECORDS_FIRST;
        let mut is_first = true;
        loop {
            let octets_before = reader.bytes_read();
            let Some(record) = reader.next_record() else { break };
            let octets = reader.bytes_read();
            let record = match record {
                Ok(record) => record,
                Err(error) if error.is_recoverable() && self.options.go_on => {
                    if octets > done_octets {
                        self.report.refuse(error.line, String::new(), without_line(&error.to_string()));
                    }
                    continue;
                }
                Err(source) => {
                    // The bad record is to be mended, and read again.
                    self.apply(std::mem::take(&mut batch), octets_before)?;
                    return Err(Failure::Ldif { input: self.options.input.clone(), source });
                }
            };
            if octets <= done_octets {
                is_first = false;
                continue;
            }
            let line = record.line;
            match Pending::new(record, octets_before, &self.base, &self.options.leave_out) {
                Ok(mut pending) => {
                    pending.hold_back(&mut self.links);
                    batch_octets += pending.octets;
                    batch.push(pending);
                }
                // The whole file is most likely of another domain; every record would be refused.
                Err(record::RecordError::OtherBase { dn }) if is_first => {
                    let base = self.domain.base_dn().to_owned();
                    return Err(Failure::OtherBase { input: self.options.input.clone(), line, dn, base });
                }
                Err(error) => {
                    self.apply(std::mem::take(&mut batch), octets_before)?;
                    batch_octets = 0;
                    self.report.refuse(line, error.dn().to_owned(), error.to_string());
                    if !self.options.go_on {
                        self.report.stop();
                    }
                }
            }
            is_first = false;
            if batch.len() >= batch_records_max || batch_octets >= BATCH_OCTETS {
                let skipped_before = self.report.skipped;
                let may_be_done = self.may_be_done > 0;
                self.apply(std::mem::take(&mut batch), octets)?;
                batch_octets = 0;
                // Where records are there already each costs a refused batch, so these stay small.
                if !(may_be_done && self.report.skipped > skipped_before) {
                    batch_records_max = (batch_records_max * 2).min(BATCH_RECORDS);
                }
                let report = &self.report;
                progress.at(octets, || report.summary());
            }
            if self.report.is_stopped() {
                return Ok(());
            }
        }
        let octets = reader.bytes_read();
        self.apply(batch, octets)
    }

    /// Applies a batch, after which the input is done up to `octets`.
    fn apply(&mut self, batch: Vec<Pending>, octets: u64) -> Result<(), Failure> {
        if batch.is_empty() {
            return Ok(());
        }
        let may_be_done = self.may_be_done > 0;
        self.may_be_done = self.may_be_done.saturating_sub(batch.len());
        let mut sources: Vec<(u64, String, u64)> = Vec::with_capacity(batch.len());
        let mut changes = Vec::with_capacity(batch.len());
        for pending in batch {
            // All that it would do was held back, or left out.
            if is_nothing(&pending.change) {
                self.report.applied += 1;
                continue;
            }
            sources.push((pending.line, pending.dn, pending.octets_before));
            changes.push(pending.change);
        }
        let mut octets = octets;
        let mut existing = Vec::new();
        let (links, report, options) = (&mut self.links, &mut self.report, self.options);
        let mut held_whole = 0;
        let applied = self.domain.apply(changes, &mut |place, change, refused| {
            let (line, dn, octets_before) = &sources[place];
            if let Some(name) = refused.missing_target() {
                if report.is_stopped() {
                    // Nothing is tried again any more: the record is read again when the import goes on.
                    octets = octets.min(*octets_before);
                    return Verdict::Stop;
                }
                if links.take_from(change, name, *line) {
                    if is_nothing(change) {
                        held_whole += 1;
                        return Verdict::Skip;
                    }
                    return Verdict::Retry;
                }
            }
            if may_be_done && options.existing != ExistingMode::Update && refused.may_be_done(change) {
                report.skipped += 1;
                return Verdict::Skip;
            }
            // Of an object that is there already the directory may say something else first, such as that its SID is
            // taken; so every refused add is looked at again.
            if let Change::Add { name, attributes, .. } = change
                && options.existing != ExistingMode::Refuse
            {
                existing.push(Existing {
                    line: *line,
                    dn: dn.clone(),
                    octets_before: *octets_before,
                    name: name.clone(),
                    attributes: std::mem::take(attributes),
                    reason: refused.to_string(),
                });
                return Verdict::Skip;
            }
            links.forget(*line);
            report.refuse(*line, dn.clone(), refused.to_string());
            match options.go_on {
                true => Verdict::Skip,
                false => {
                    // The journal ends before the first refused record, so that it can be mended. A running server may
                    // refuse one behind it earlier.
                    octets = octets.min(*octets_before);
                    report.stop();
                    Verdict::Stop
                }
            }
        })?;
        self.report.applied += applied + held_whole;
        if let Some(stopped_at) =
            existing::update(self.domain, existing, &mut self.links, &mut self.report, self.options)?
        {
            octets = octets.min(stopped_at);
        }
        if self.links.are_many() && !self.report.is_stopped() {
            self.make_links(false)?;
        }
        self.links.begin_batch();
        match &mut self.journal {
            Some(journal) => journal.done(octets, &mut self.links, &self.report),
            None => Ok(()),
        }
    }

    /// Makes the links that were held back, as far as their targets are there by now; the `last` call reports the rest.
    fn make_links(&mut self, last: bool) -> Result<(), Failure> {
        let leftovers = links::make(self.domain, &mut self.links, &mut self.report)?;
        if !last {
            self.links.hold_on(leftovers);
            return Ok(());
        }
        for leftover in leftovers {
            let text = format!("{}: `{}` names nobody", leftover.attribute, leftover.value());
            self.report.refuse(leftover.line, leftover.dn.clone(), text);
        }
        Ok(())
    }

    /// An import that is over needs no journal; one that was stopped does.
    fn close_journal(&mut self) -> Result<(), Failure> {
        match self.journal.take() {
            Some(journal) if !self.report.is_stopped() => journal.remove(),
            _ => Ok(()),
        }
    }
}

/// The words of an error that begins with its line, which the report shows in a place of its own.
fn without_line(text: &str) -> String {
    text.split_once(": ").map_or(text, |(_, words)| words).to_owned()
}

/// Whether a change has come to nothing: a directory refuses a modification of nothing.
fn is_nothing(change: &Change) -> bool {
    matches!(change, Change::Modify { modifications, .. } if modifications.is_empty())
}

/// Removes the attribute from the modifications; says whether there was one.
fn remove_modification(change: &mut Change, attribute: &str) -> bool {
    let Change::Modify { modifications, .. } = change else { return false };
    let before = modifications.len();
    modifications.retain(|modification| !modification.attribute.eq_ignore_ascii_case(attribute));
    modifications.len() < before
}

/// Takes the values of an attribute out of a change, so that they can be added later; none when it has none there.
fn take_values(change: &mut Change, attribute: &str) -> Option<Vec<Vec<u8>>> {
    match change {
        Change::Add { attributes, .. } => {
            let index = attributes.iter().position(|a: &Attribute| a.name.eq_ignore_ascii_case(attribute))?;
            Some(attributes.remove(index).values)
        }
        Change::Modify { modifications, .. } => {
            let index = modifications.iter().position(|m| {
                m.attribute.eq_ignore_ascii_case(attribute) && m.operation != Operation::Delete && !m.values.is_empty()
            })?;
            match modifications[index].operation {
                Operation::Replace => Some(std::mem::take(&mut modifications[index].values)),
                _ => Some(modifications.remove(index).values),
            }
        }
        Change::Rename(_) | Change::Delete { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::dn::ObjectName;

    use super::*;
    use crate::domain::{Judge, Query, Refused, Visit};

    /// A server that ends changes in its own order.
    #[derive(Default)]
    struct Scripted {
        /// The places of the refused changes, in the order in which that is told, and the texts.
        refusals: Vec<(usize, &'static str)>,
    }

    impl Domain for Scripted {
        fn base_dn(&self) -> &str {
            "DC=example,DC=com"
        }

        fn apply(&mut self, mut changes: Vec<Change>, judge: &mut Judge<'_>) -> Result<u64, Failure> {
            for (place, text) in &self.refusals {
                judge(*place, &mut changes[*place], &Refused { code: 19, text: (*text).to_owned() });
            }
            Ok((changes.len() - self.refusals.len()) as u64)
        }

        fn search(&mut self, _: &Query<'_>, _: &mut Visit<'_>) -> Result<(), Failure> {
            Ok(())
        }
    }

    fn options(journal: Option<PathBuf>) -> Options {
        Options {
            input: "input".into(),
            go_on: false,
            existing: ExistingMode::Refuse,
            leave_out: HashSet::new(),
            journal,
            resume: false,
        }
    }

    #[test]
    fn an_import_stops_before_the_first_refused_record_in_whatever_order_they_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let record = |name: &str| format!("dn: CN={name},DC=example,DC=com\nobjectClass: user\n\n");
        let input = [record("a"), record("b"), record("c"), record("d"), record("e")].concat();
        let mut domain = Scripted {
            refusals: vec![
                (3, "00000057: title: no"),
                (1, "00000057: title: no"),
                (2, "000020B5: manager: names nobody"),
            ],
        };
        let options = options(Some(path.clone()));
        let report = run(input.as_bytes(), &mut domain, &options, &mut Progress::none()).unwrap();
        assert_eq!((report.applied, report.refused_count()), (2, 2));
        let (_, state) = Journal::resume(&path).unwrap();
        assert_eq!(state.done_octets, record("a").len() as u64);
        assert_eq!((state.report.applied, state.links.held().len()), (2, 0));
    }

    #[test]
    fn values_whose_targets_have_not_come_are_refused_at_the_end_only() {
        let mut domain = Scripted { refusals: vec![(0, "000020B5: member: names nobody")] };
        let options = options(None);
        let mut import = Import {
            domain: &mut domain,
            options: &options,
            base: Dn::parse("DC=example,DC=com").unwrap(),
            links: Links::default(),
            journal: None,
            report: Report::default(),
            may_be_done: 0,
        };
        let held = links::Held {
            line: 1,
            dn: ObjectName::parse("CN=g,DC=example,DC=com").unwrap().to_string(),
            attribute: "member".into(),
            values: vec![b"CN=a,DC=example,DC=com".to_vec()],
        };
        import.links.hold(held.clone());
        import.make_links(false).unwrap();
        assert_eq!((import.report.refused_count(), import.links.held()), (0, &[held][..]));
        import.make_links(true).unwrap();
        assert_eq!((import.report.refused_count(), import.links.held().len()), (1, 0));
    }
}
