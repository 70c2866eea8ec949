//! LDIF files.

use std::io::BufReader;

use bailiwick_adtypes::ldif::{FOLD_COLUMNS, Limits, Reader, Record, Writer};

/// Small, so that short inputs reach them.
const LIMITS: Limits = Limits { line_octets_max: 1 << 12, record_octets_max: 1 << 14 };

/// LDIF: the pieces in which input arrives make no difference, and written records are read as the same records.
pub fn ldif(data: &[u8]) {
    let mut records = Vec::new();
    let mut shown = Vec::new();
    let mut reader = Reader::with_limits(data, LIMITS);
    let mut line = 0;
    let mut complete = true;
    for record in &mut reader {
        shown.push(format!("{record:?}"));
        let found = match record {
            Ok(record) => {
                let found = record.line;
                records.push(Record { line: 0, ..record });
                found
            }
            Err(error) => {
                complete &= error.is_recoverable();
                error.line
            }
        };
        assert!(found >= line && found >= 1, "line {found} after line {line}");
        line = found;
    }
    assert!(reader.bytes_read() <= data.len() as u64);
    assert!(!complete || reader.bytes_read() == data.len() as u64);

    for capacity in [1, 7] {
        let pieces = Reader::with_limits(BufReader::with_capacity(capacity, data), LIMITS);
        assert!(pieces.map(|record| format!("{record:?}")).eq(shown.iter().cloned()), "pieces of {capacity}");
    }

    let mut writer = Writer::new(Vec::new()).expect("writing to memory cannot fail");
    records.iter().for_each(|record| writer.record(record).expect("writing to memory cannot fail"));
    let written = writer.into_inner();
    assert!(written.split(|octet| *octet == b'\n').all(|line| line.len() <= FOLD_COLUMNS));
    let again = Reader::new(written.as_slice())
        .map(|record| record.map(|record| Record { line: 0, ..record }).expect("a written record is a record"));
    assert!(again.eq(records));
}
