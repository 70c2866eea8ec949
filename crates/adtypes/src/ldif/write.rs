//! Records to text.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Change, FOLD_COLUMNS, Record, RecordControl};
use crate::modification::Operation;

/// Writes records, folded at [`FOLD_COLUMNS`] columns; values that are no safe text are written in base64.
///
/// Either whole records go in, or an entry in pieces: [`Writer::begin`], [`Writer::value`] as often as needed,
/// [`Writer::end`].
pub struct Writer<W> {
    out: W,
    /// The line in work before it is folded.
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// A writer that has written the version line.
    ///
    /// # Errors
    /// Those of `out`, as for all methods here.
    pub fn new(mut out: W) -> io::Result<Writer<W>> {
        out.write_all(b"version: 1\n\n")?;
        Ok(Writer { out, line: Vec::new() })
    }

    /// Writes a comment of one or more lines.
    pub fn comment(&mut self, text: &str) -> io::Result<()> {
        // A carriage return would let a comment end where some other reader sees a line end.
        for line in text.split(['\n', '\r']) {
            self.line.clear();
            self.line.extend_from_slice(b"# ");
            self.line.extend_from_slice(line.as_bytes());
            self.line.push(b'\n');
            self.out.write_all(&self.line)?;
        }
        Ok(())
    }

    /// Starts a record with its name.
    pub fn begin(&mut self, dn: &str) -> io::Result<()> {
        self.value("dn", dn.as_bytes())
    }

    /// Writes one value of an attribute. The name must be an attribute description; it is not checked.
    pub fn value(&mut self, name: &str, value: &[u8]) -> io::Result<()> {
        self.line.clear();
        self.line.extend_from_slice(name.as_bytes());
        self.push_value(value);
        self.fold()
    }

    /// Ends a record with an empty line.
    pub fn end(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// Writes a whole record; a change type only if the record is `explicit` or no add.
    pub fn record(&mut self, record: &Record) -> io::Result<()> {
        self.begin(&record.dn)?;
        record.controls.iter().try_for_each(|control| self.control(control))?;
        match &record.change {
            Change::Add(attributes) => {
                if record.explicit || !record.controls.is_empty() {
                    self.value("changetype", b"add")?;
                }
                for attribute in attributes {
                    attribute.values.iter().try_for_each(|value| self.value(&attribute.name, value))?;
                }
            }
            Change::Modify(modifications) => {
                self.value("changetype", b"modify")?;
                for modification in modifications {
                    let operation = match modification.operation {
                        Operation::Add => "add",
                        Operation::Delete => "delete",
                        Operation::Replace => "replace",
                    };
                    self.value(operation, modification.attribute.as_bytes())?;
                    modification.values.iter().try_for_each(|value| self.value(&modification.attribute, value))?;
                    self.out.write_all(b"-\n")?;
                }
            }
            Change::Delete => self.value("changetype", b"delete")?,
            Change::Rename { new_rdn, delete_old, new_superior } => {
                self.value("changetype", b"moddn")?;
                self.value("newrdn", new_rdn.as_bytes())?;
                self.value("deleteoldrdn", if *delete_old { b"1" } else { b"0" })?;
                if let Some(new_superior) = new_superior {
                    self.value("newsuperior", new_superior.as_bytes())?;
                }
            }
        }
        self.end()
    }

    /// Flushes what is below.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// What the records were written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn control(&mut self, control: &RecordControl) -> io::Result<()> {
        self.line.clear();
        self.line.extend_from_slice(b"control: ");
        self.line.extend_from_slice(control.oid.as_bytes());
        self.line.extend_from_slice(if control.critical { b" true" } else { b" false" });
        if let Some(value) = &control.value {
            self.push_value(value);
        }
        self.fold()
    }

    fn push_value(&mut self, value: &[u8]) {
        if value.is_empty() {
            self.line.push(b':');
        } else if is_safe(value) {
            self.line.extend_from_slice(b": ");
            self.line.extend_from_slice(value);
        } else {
            self.line.extend_from_slice(b":: ");
            let start = self.line.len();
            let octets = value.len().div_ceil(3) * 4;
            self.line.resize(start + octets, 0);
            // The encoder fails only when the room is too small, and it was made to measure.
            STANDARD.encode_slice(value, &mut self.line[start..]).expect("base64 of 3n octets has 4n octets");
        }
    }

    fn fold(&mut self) -> io::Result<()> {
        let (first, mut rest) = self.line.split_at(self.line.len().min(FOLD_COLUMNS));
        self.out.write_all(first)?;
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(rest.len().min(FOLD_COLUMNS - 1));
            self.out.write_all(b"\n ")?;
            self.out.write_all(piece)?;
            rest = behind;
        }
        self.out.write_all(b"\n")
    }
}

/// RFC 2849's SAFE-STRING, which also must not end with a space.
fn is_safe(value: &[u8]) -> bool {
    let safe = |octet: &u8| octet.is_ascii() && !matches!(octet, 0 | b'\n' | b'\r');
    !matches!(value.first(), Some(b' ' | b':' | b'<')) && value.last() != Some(&b' ') && value.iter().all(safe)
}
