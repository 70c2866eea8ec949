//! How far an import has come, beside its input: one line of JSON for each batch, so that an import that was stopped
//! or killed goes on behind the last batch that was applied.
//!
//! A line holds how many octets of the input are done, the counts so far, what was refused and what was held back
//! since the line before. The last whole line counts; half a line is what a killed import leaves.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::links::{Held, Links};
use super::report::Report;
use crate::exit::Failure;

/// An open journal.
pub struct Journal {
    file: File,
    path: PathBuf,
    refused_known: usize,
}

/// What a journal remembers.
#[derive(Debug, Default)]
pub struct State {
    /// How much of the input is done.
    pub done_octets: u64,
    /// What was held back.
    pub links: Links,
    /// What became of the records so far.
    pub report: Report,
}

impl Journal {
    /// A new journal.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(path: &Path) -> Result<Journal, Failure> {
        let file = File::create(path).map_err(|source| failed(path, source))?;
        Ok(Journal { file, path: path.to_owned(), refused_known: 0 })
    }

    /// Goes on with a journal; one that is not there remembers nothing.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn resume(path: &Path) -> Result<(Journal, State), Failure> {
        let mut state = State::default();
        let mut whole = 0;
        match File::open(path) {
            Ok(file) => {
                for line in BufReader::new(file).split(b'\n') {
                    let line = line.map_err(|source| failed(path, source))?;
                    let Ok(value) = serde_json::from_slice(&line) else { break };
                    state.take(&value);
                    whole += line.len() as u64 + 1;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(failed(path, source)),
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(|source| failed(path, source))?;
        // A line that was cut off would spoil the next one.
        file.set_len(whole).map_err(|source| failed(path, source))?;
        state.links.journaled = state.links.held().len();
        let refused_known = state.report.refused.len();
        Ok((Journal { file, path: path.to_owned(), refused_known }, state))
    }

    /// Notes that the input is done up to `octets`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn done(&mut self, octets: u64, links: &mut Links, report: &Report) -> Result<(), Failure> {
        let new_links = &links.held()[links.journaled..];
        let held: Vec<Value> = new_links.iter().map(held_to_json).collect();
        // The record at which an import stops is not done: it is to be mended, and read again.
        let new_refused = match report.is_stopped() {
            true => &[],
            false => &report.refused[self.refused_known.min(report.refused.len())..],
        };
        let refused: Vec<Value> =
            new_refused.iter().map(|refused| json!([refused.line, refused.dn, refused.reason])).collect();
        let line = json!({
            "done": octets,
            "applied": report.applied,
            "updated": report.updated,
            "skipped": report.skipped,
            "linked": report.linked,
            // Links that were made in between are not held any more.
            "keep": links.journaled,
            "held": held,
            "refused": refused,
        });
        links.journaled = links.held().len();
        self.refused_known = report.refused.len();
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(|source| failed(&self.path, source))
    }

    /// Removes it: the import is over.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove(self) -> Result<(), Failure> {
        std::fs::remove_file(&self.path).map_err(|source| failed(&self.path, source))
    }
}

impl State {
    fn take(&mut self, line: &Value) {
        let number = |name: &str| line[name].as_u64().unwrap_or_default();
        self.done_octets = number("done");
        self.report.applied = number("applied");
        self.report.updated = number("updated");
        self.report.skipped = number("skipped");
        self.report.linked = number("linked");
        self.links.keep(usize::try_from(number("keep")).unwrap_or(usize::MAX));
        for held in line["held"].as_array().into_iter().flatten().filter_map(held_from_json) {
            self.links.hold(held);
        }
        for refused in line["refused"].as_array().into_iter().flatten() {
            let text = |index: usize| refused[index].as_str().unwrap_or_default().to_owned();
            self.report.refuse(refused[0].as_u64().unwrap_or_default(), text(1), text(2));
        }
    }
}

/// Values that name objects are text, so JSON can hold them; others are never held back.
fn held_to_json(held: &Held) -> Value {
    let values: Vec<_> = held.values.iter().map(|value| String::from_utf8_lossy(value)).collect();
    json!([held.line, held.dn, held.attribute, values])
}

fn held_from_json(value: &Value) -> Option<Held> {
    let values = value[3].as_array()?.iter().filter_map(|value| Some(value.as_str()?.as_bytes().to_vec()));
    Some(Held {
        line: value[0].as_u64()?,
        dn: value[1].as_str()?.to_owned(),
        attribute: value[2].as_str()?.to_owned(),
        values: values.collect(),
    })
}

fn failed(path: &Path, source: std::io::Error) -> Failure {
    Failure::System { doing: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(line: u64) -> Held {
        Held { line, dn: "CN=a".into(), attribute: "member".into(), values: vec!["CN=ü".into()] }
    }

    #[test]
    fn a_journal_that_was_cut_off_remembers_its_last_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::begin(&path).unwrap();
        let mut links = Links::default();
        let mut report = Report::default();
        report.applied = 3;
        links.hold(held(1));
        report.refuse(2, "CN=b".into(), "no".into());
        journal.done(100, &mut links, &report).unwrap();
        links.hold(held(5));
        report.applied = 7;
        journal.done(200, &mut links, &report).unwrap();
        drop(journal);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"done\":300").unwrap();
        for _ in 0..2 {
            let (_, state) = Journal::resume(&path).unwrap();
            assert_eq!((state.done_octets, state.report.applied), (200, 7));
            assert_eq!(state.links.held(), [held(1), held(5)]);
            assert_eq!(state.report.refused_count(), 1);
        }
    }

    #[test]
    fn links_that_were_made_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::begin(&path).unwrap();
        let mut links = Links::default();
        links.hold(held(1));
        journal.done(100, &mut links, &Report::default()).unwrap();
        let mut links = Links::default();
        links.hold(held(9));
        journal.done(200, &mut links, &Report::default()).unwrap();
        let (_, state) = Journal::resume(&path).unwrap();
        assert_eq!(state.links.held(), [held(9)]);
    }
}
