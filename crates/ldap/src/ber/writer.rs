//! Appends BER elements to a buffer, each octet written once.
//!
//! A constructed element gets a length of fixed width (`84` and four octets, as AD writes it), which is filled
//! in when the element ends; so its contents are neither measured beforehand nor moved afterwards.

use super::Tag;

/// How many octets [`Writer::start`] writes: tag, length of length, length.
const HEADER_OCTETS: usize = 6;

/// Where an open element starts; hand it back to [`Writer::end`].
#[derive(Debug)]
#[must_use = "an element that is not ended keeps the length zero"]
pub struct Mark(usize);

/// Appends elements to a buffer that may already hold other messages.
#[derive(Debug)]
pub struct Writer<'b> {
    out: &'b mut Vec<u8>,
}

impl<'b> Writer<'b> {
    /// Appends to `out`.
    #[inline]
    pub const fn new(out: &'b mut Vec<u8>) -> Self {
        Self { out }
    }

    /// The buffer, for contents that are built in place. Only append to it.
    #[inline]
    pub const fn out(&mut self) -> &mut Vec<u8> {
        self.out
    }

    /// Opens an element; what is written until [`end`](Self::end) are its contents.
    #[inline]
    pub fn start(&mut self, tag: Tag) -> Mark {
        let mark = Mark(self.out.len());
        self.out.extend_from_slice(&[tag.0, 0x84, 0, 0, 0, 0]);
        mark
    }

    /// Closes the element that `mark` opened, and with it all that are still open inside.
    ///
    /// # Panics
    /// When the contents are 4 GiB or more, or when the buffer was cut below the mark: both are mistakes of the
    /// caller, whose output buffers are bounded far below.
    #[inline]
    pub fn end(&mut self, mark: Mark) {
        let contents = mark.0 + HEADER_OCTETS;
        let length = u32::try_from(self.out.len() - contents).expect("an output buffer is bounded far below 4 GiB");
        self.out[contents - 4..contents].copy_from_slice(&length.to_be_bytes());
    }

    /// A string or other opaque contents, with the shortest length.
    #[inline]
    pub fn octets(&mut self, tag: Tag, contents: &[u8]) {
        self.header(tag, contents.len());
        self.out.extend_from_slice(contents);
    }

    /// Text.
    #[inline]
    pub fn string(&mut self, tag: Tag, text: &str) {
        self.octets(tag, text.as_bytes());
    }

    /// Contents that are given in parts, written as one string.
    pub fn parts(&mut self, tag: Tag, parts: &[&str]) {
        self.header(tag, parts.iter().map(|part| part.len()).sum());
        for part in parts {
            self.out.extend_from_slice(part.as_bytes());
        }
    }

    /// A string that `build` appends to the buffer in place; its length takes the fixed width.
    #[inline]
    pub fn octets_with<R>(&mut self, tag: Tag, build: impl FnOnce(&mut Vec<u8>) -> R) -> R {
        let mark = self.start(tag);
        let result = build(self.out);
        self.end(mark);
        result
    }

    /// A truth value; true is `FF`, as RFC 4511 section 5.1 demands.
    #[inline]
    pub fn boolean(&mut self, tag: Tag, value: bool) {
        self.out.extend_from_slice(&[tag.0, 1, if value { 0xFF } else { 0 }]);
    }

    /// A number in the fewest octets: INTEGER, ENUMERATED, or one of these under another tag.
    #[inline]
    pub fn integer(&mut self, tag: Tag, number: i64) {
        let octets = number.to_be_bytes();
        // The sign bit must remain, so an octet is dropped only if nine equal bits lead.
        let sign_bits = if number < 0 { number.leading_ones() } else { number.leading_zeros() };
        let skip = (sign_bits.saturating_sub(1) / 8) as usize;
        self.octets(tag, &octets[skip..]);
    }

    /// An element without contents.
    #[inline]
    pub fn null(&mut self, tag: Tag) {
        self.out.extend_from_slice(&[tag.0, 0]);
    }

    #[inline]
    fn header(&mut self, tag: Tag, length: usize) {
        self.out.reserve(length + HEADER_OCTETS);
        match length {
            0..0x80 => self.out.extend_from_slice(&[tag.0, length as u8]),
            0x80..0x100 => self.out.extend_from_slice(&[tag.0, 0x81, length as u8]),
            _ => self.long_header(tag, length),
        }
    }

    fn long_header(&mut self, tag: Tag, length: usize) {
        let octets = (length as u64).to_be_bytes();
        let skip = ((length as u64).leading_zeros() / 8) as usize;
        self.out.extend_from_slice(&[tag.0, 0x80 | (octets.len() - skip) as u8]);
        self.out.extend_from_slice(&octets[skip..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ber::Reader;

    fn written(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut Writer::new(&mut out));
        out
    }

    #[track_caller]
    fn check_integer(number: i64, expected: &[u8]) {
        let out = written(|writer| writer.integer(Tag::INTEGER, number));
        assert_eq!(out[2..], *expected, "{number}");
        assert_eq!(Reader::new(&out).integer(Tag::INTEGER), Ok(number));
    }

    #[test]
    fn integers_take_the_fewest_octets() {
        check_integer(0, &[0]);
        check_integer(1, &[1]);
        check_integer(127, &[0x7F]);
        check_integer(128, &[0, 0x80]);
        check_integer(255, &[0, 0xFF]);
        check_integer(256, &[1, 0]);
        check_integer(-1, &[0xFF]);
        check_integer(-128, &[0x80]);
        check_integer(-129, &[0xFF, 0x7F]);
        check_integer(2_147_483_647, &[0x7F, 0xFF, 0xFF, 0xFF]);
        check_integer(i64::MIN, &[0x80, 0, 0, 0, 0, 0, 0, 0]);
        check_integer(i64::MAX, &[0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    }

    #[track_caller]
    fn check_header(length: usize, expected: &[u8]) {
        let out = written(|writer| writer.octets(Tag::OCTET_STRING, &vec![7; length]));
        assert_eq!(out[..out.len() - length], *expected);
        assert_eq!(Reader::new(&out).expect(Tag::OCTET_STRING).map(<[u8]>::len), Ok(length));
    }

    #[test]
    fn strings_take_the_shortest_length() {
        check_header(0, &[4, 0]);
        check_header(127, &[4, 127]);
        check_header(128, &[4, 0x81, 128]);
        check_header(255, &[4, 0x81, 255]);
        check_header(256, &[4, 0x82, 1, 0]);
        check_header(65_536, &[4, 0x83, 1, 0, 0]);
    }

    #[test]
    fn constructed_elements_get_their_length_when_they_end() {
        let out = written(|writer| {
            let outer = writer.start(Tag::SEQUENCE);
            let inner = writer.start(Tag::SET);
            writer.string(Tag::OCTET_STRING, "a");
            writer.end(inner);
            writer.boolean(Tag::BOOLEAN, true);
            writer.end(outer);
        });
        assert_eq!(out, b"\x30\x84\0\0\0\x0C\x31\x84\0\0\0\x03\x04\x01a\x01\x01\xFF");
    }

    #[test]
    fn parts_become_one_string() {
        let out = written(|writer| writer.parts(Tag::OCTET_STRING, &["member", ";range=0-1"]));
        assert_eq!(out, b"\x04\x10member;range=0-1");
    }
}
