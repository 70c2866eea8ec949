//! Lines with their folds joined, read with bounded memory.

use std::io::{BufRead, ErrorKind};

use super::{LdifError, LdifErrorKind};

/// Reads joined lines and counts what it has read.
pub(super) struct Lines<R> {
    input: R,
    octets_max: usize,
    /// How many lines were started, folds included: the number of the line that was read last.
    number: u64,
    octets: u64,
}

/// What is known of a line beside its octets.
pub(super) struct Line {
    /// The number of its first line in the input.
    pub(super) number: u64,
    /// Whether a line end was behind it, and not the end of the input.
    pub(super) ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, octets_max: usize) -> Lines<R> {
        Lines { input, octets_max, number: 0, octets: 0 }
    }

    pub(super) fn octets_read(&self) -> u64 {
        self.octets
    }

    /// Appends the next line without its end to `out`; `None` at the end of the input.
    pub(super) fn read(&mut self, out: &mut Vec<u8>) -> Result<Option<Line>, LdifError> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        let start = out.len();
        let number = self.number + 1;
        let mut ended = self.read_unjoined(out, start)?;
        // An empty line separates records, so nothing can continue it.
        while ended && out.len() > start && self.peek()? == Some(b' ') {
            self.consume(1);
            ended = self.read_unjoined(out, start)?;
        }
        Ok(Some(Line { number, ended }))
    }

    /// Appends octets up to a line end, which is taken but not appended, and says whether there was one.
    fn read_unjoined(&mut self, out: &mut Vec<u8>, start: usize) -> Result<bool, LdifError> {
        self.number += 1;
        loop {
            let octets_max = self.octets_max;
            let number = self.number;
            let available = self.available()?;
            if available.is_empty() {
                return Ok(false);
            }
            let end = available.iter().position(|octet| *octet == b'\n');
            let text = &available[..end.unwrap_or(available.len())];
            if out.len() - start + text.len() > octets_max {
                return Err(LdifError { line: number, kind: LdifErrorKind::LineTooLong { octets_max } });
            }
            out.extend_from_slice(text);
            let used = text.len() + usize::from(end.is_some());
            self.consume(used);
            if end.is_some() {
                if out.len() > start && out.last() == Some(&b'\r') {
                    out.pop();
                }
                return Ok(true);
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, LdifError> {
        Ok(self.available()?.first().copied())
    }

    fn consume(&mut self, octets: usize) {
        self.input.consume(octets);
        self.octets += octets as u64;
    }

    fn available(&mut self) -> Result<&[u8], LdifError> {
        // The buffer is asked for twice, because a borrow that is returned from within a loop would last for all of it.
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(LdifError { line: self.number.max(1), kind: LdifErrorKind::Read(error) }),
            }
        }
        self.input.fill_buf().map_err(|error| LdifError { line: self.number.max(1), kind: LdifErrorKind::Read(error) })
    }
}
