//! Reads the golden files: sections of hexadecimal octets with comments.

use std::collections::BTreeMap;

pub const REQUESTS: &str = include_str!("requests.hex");
pub const RESPONSES: &str = include_str!("responses.hex");
pub const VALUES: &str = include_str!("values.hex");

/// The sections of a golden file by name.
pub fn sections(file: &str) -> BTreeMap<&str, Vec<u8>> {
    let mut sections = BTreeMap::new();
    let mut current = None;
    for line in file.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            assert!(sections.insert(name, Vec::new()).is_none(), "section {name} is there twice");
            current = Some(name);
        } else if let Some(section) = current.and_then(|name| sections.get_mut(name)) {
            section.extend(
                line.split_whitespace().map(|octet| u8::from_str_radix(octet, 16).expect("two hexadecimal digits")),
            );
        }
    }
    sections
}

/// The same elements with the length of every constructed one in the fixed form that the crate writes.
pub fn widen(mut input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let [tag, rest @ ..] = input {
        let (header, length) = match rest[0] {
            long @ 0x80.. => {
                let count = usize::from(long & 0x7F);
                let length = rest[1..=count].iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
                (2 + count, length)
            }
            short => (2, usize::from(short)),
        };
        let (element, after) = input.split_at(header + length);
        if tag & 0x20 == 0 {
            out.extend_from_slice(element);
        } else {
            let contents = widen(&element[header..]);
            let length = u32::try_from(contents.len()).expect("a golden message is short");
            out.extend_from_slice(&[*tag, 0x84]);
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&contents);
        }
        input = after;
    }
    out
}
