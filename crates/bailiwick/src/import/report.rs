//! What became of an import.

use std::fmt;

/// How many refused records are kept with their reasons; further ones are counted.
const REFUSED_MAX: usize = 100_000;

/// What became of an import.
#[derive(Debug, Default)]
pub struct Report {
    /// Records that were applied.
    pub applied: u64,
    /// Records whose objects were there already and were changed.
    pub updated: u64,
    /// Records whose objects were there already and stayed as they are.
    pub skipped: u64,
    /// Values that were held back and added later.
    pub linked: u64,
    /// Records that were refused, in the order in which that was noticed.
    pub refused: Vec<RefusedRecord>,
    refused_unlisted: u64,
    stopped: bool,
}

/// A record that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRecord {
    /// Its place in the input.
    pub line: u64,
    /// The name of its object; empty when the record could not be read.
    pub dn: String,
    /// Why.
    pub reason: String,
}

impl Report {
    /// Notes a refused record.
    pub fn refuse(&mut self, line: u64, dn: String, reason: String) {
        if self.refused.len() < REFUSED_MAX {
            self.refused.push(RefusedRecord { line, dn, reason });
        } else {
            self.refused_unlisted += 1;
        }
    }

    /// The import goes no further.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Whether the import ended at a refused record.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// How many records were refused.
    pub fn refused_count(&self) -> u64 {
        self.refused.len() as u64 + self.refused_unlisted
    }

    /// One line.
    pub fn summary(&self) -> String {
        let mut summary = format!("{} imported", self.applied);
        for (count, what) in [
            (self.updated, "brought up to date"),
            (self.skipped, "there already"),
            (self.linked, "links made later"),
            (self.refused_count(), "refused"),
        ] {
            if count > 0 {
                summary.push_str(&format!(", {count} {what}"));
            }
        }
        summary
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut refused: Vec<&RefusedRecord> = self.refused.iter().collect();
        refused.sort_by_key(|refused| refused.line);
        for RefusedRecord { line, dn, reason } in refused {
            match dn.as_str() {
                "" => writeln!(f, "line {line}: {reason}")?,
                dn => writeln!(f, "line {line}: {dn}: {reason}")?,
            }
        }
        if self.refused_unlisted > 0 {
            writeln!(f, "and {} more", self.refused_unlisted)?;
        }
        writeln!(f, "{}", self.summary())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_records_come_in_the_order_of_the_input() {
        let mut report = Report { applied: 2, linked: 7, ..Report::default() };
        report.refuse(9, "CN=b".into(), "no".into());
        report.refuse(4, String::new(), "unreadable".into());
        let expected = "line 4: unreadable\nline 9: CN=b: no\n2 imported, 7 links made later, 2 refused\n";
        assert_eq!(report.to_string(), expected);
    }
}
