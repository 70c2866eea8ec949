//! Reads BER elements from a slice, borrowing all contents. RFC 4511 section 5.1.
//!
//! Strict where the RFC is (definite lengths, primitive strings), lenient where it is (lengths and numbers
//! need not be minimal, every non-zero BOOLEAN is true).

use super::{LengthOctets, Tag};
use crate::malformed::Malformed;

/// A cursor over the elements of one constructed element, or of a whole buffer.
///
/// A read that fails leaves the cursor where it was.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first octet of `input`.
    #[inline]
    pub const fn new(input: &'a [u8]) -> Self {
        Self { rest: input }
    }

    /// Whether nothing is left.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element; `None` at the end.
    #[inline]
    pub fn peek(&self) -> Option<Tag> {
        self.rest.first().copied().map(Tag)
    }

    /// The next element, whatever it is: its tag and its contents.
    ///
    /// # Errors
    /// `Truncated` at the end or when the contents are cut short; `LongTag`, `IndefiniteLength`, `LengthForm`.
    #[inline]
    pub fn element(&mut self) -> Result<(Tag, &'a [u8]), Malformed> {
        let (&tag, after_tag) = self.rest.split_first().ok_or(Malformed::Truncated)?;
        if tag & 0x1F == 0x1F {
            return Err(Malformed::LongTag);
        }
        let length = LengthOctets::read(after_tag)?.ok_or(Malformed::Truncated)?;
        let size = usize::try_from(length.value).map_err(|_| Malformed::Truncated)?;
        let (contents, rest) = after_tag[length.octets..].split_at_checked(size).ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok((Tag(tag), contents))
    }

    /// The contents of the next element, which has this tag.
    ///
    /// # Errors
    /// `UnexpectedTag` when it has another one; otherwise as [`element`](Self::element).
    #[inline]
    pub fn expect(&mut self, expected: Tag) -> Result<&'a [u8], Malformed> {
        match self.peek() {
            Some(found) if found != expected => Err(Malformed::UnexpectedTag { expected, found }),
            _ => Ok(self.element()?.1),
        }
    }

    /// The contents of the next element if it has this tag; `None` leaves it unread.
    ///
    /// # Errors
    /// As [`element`](Self::element).
    #[inline]
    pub fn optional(&mut self, tag: Tag) -> Result<Option<&'a [u8]>, Malformed> {
        if self.peek() == Some(tag) { Ok(Some(self.element()?.1)) } else { Ok(None) }
    }

    /// A reader over the contents of the next element, which has this tag.
    ///
    /// # Errors
    /// As [`expect`](Self::expect).
    #[inline]
    pub fn constructed(&mut self, tag: Tag) -> Result<Reader<'a>, Malformed> {
        Ok(Reader::new(self.expect(tag)?))
    }

    /// The next element as text.
    ///
    /// # Errors
    /// `NotUtf8`; otherwise as [`expect`](Self::expect).
    #[inline]
    pub fn string(&mut self, tag: Tag) -> Result<&'a str, Malformed> {
        text(self.expect(tag)?)
    }

    /// The next element as text if it has this tag.
    ///
    /// # Errors
    /// `NotUtf8`; otherwise as [`element`](Self::element).
    #[inline]
    pub fn optional_string(&mut self, tag: Tag) -> Result<Option<&'a str>, Malformed> {
        self.optional(tag)?.map(text).transpose()
    }

    /// The next element as a signed number.
    ///
    /// # Errors
    /// `IntegerRange` when it does not fit; otherwise as [`expect`](Self::expect).
    #[inline]
    pub fn integer(&mut self, tag: Tag) -> Result<i64, Malformed> {
        integer(self.expect(tag)?)
    }

    /// The next element as a number from 0 to 2147483647, the `maxInt` of RFC 4511.
    ///
    /// # Errors
    /// `IntegerRange` when it is outside; otherwise as [`expect`](Self::expect).
    #[inline]
    pub fn unsigned(&mut self, tag: Tag) -> Result<u32, Malformed> {
        unsigned(self.expect(tag)?)
    }

    /// The next element as 32 flags. Clients write the highest bit as a sign or as a fifth octet; both are taken.
    ///
    /// # Errors
    /// `IntegerRange` when it needs more than 32 bits; otherwise as [`expect`](Self::expect).
    pub fn flags(&mut self, tag: Tag) -> Result<u32, Malformed> {
        let number = self.integer(tag)?;
        match (u32::try_from(number), i32::try_from(number)) {
            (Ok(flags), _) => Ok(flags),
            (_, Ok(signed)) => Ok(signed.cast_unsigned()),
            _ => Err(Malformed::IntegerRange),
        }
    }

    /// The next element as a truth value; every non-zero octet is true.
    ///
    /// # Errors
    /// `BooleanLength`; otherwise as [`expect`](Self::expect).
    #[inline]
    pub fn boolean(&mut self, tag: Tag) -> Result<bool, Malformed> {
        match self.expect(tag)? {
            [octet] => Ok(*octet != 0),
            _ => Err(Malformed::BooleanLength),
        }
    }

    /// The next element as a truth value if it has this tag, else false, the default of all of LDAP's.
    ///
    /// # Errors
    /// `BooleanLength`; otherwise as [`element`](Self::element).
    #[inline]
    pub fn boolean_or_false(&mut self, tag: Tag) -> Result<bool, Malformed> {
        if self.peek() == Some(tag) { self.boolean(tag) } else { Ok(false) }
    }

    /// Ends a structure that later versions may extend: what follows must be elements, and is ignored.
    ///
    /// # Errors
    /// As [`element`](Self::element) when what follows are no elements. RFC 4511 section 4.
    #[inline]
    pub fn ignore_extensions(mut self) -> Result<(), Malformed> {
        while !self.is_empty() {
            self.element()?;
        }
        Ok(())
    }

    /// Ends a structure that must have nothing more.
    ///
    /// # Errors
    /// `TrailingOctets` when it has.
    #[inline]
    pub const fn end(self) -> Result<(), Malformed> {
        if self.is_empty() { Ok(()) } else { Err(Malformed::TrailingOctets) }
    }
}

/// Contents as text.
///
/// # Errors
/// `NotUtf8`.
#[inline]
pub(crate) fn text(contents: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(contents).map_err(|_| Malformed::NotUtf8)
}

/// Contents of an INTEGER or ENUMERATED, at most eight octets of two's complement.
///
/// # Errors
/// `IntegerRange` when there are none or more.
#[inline]
pub(crate) fn integer(contents: &[u8]) -> Result<i64, Malformed> {
    let (&first, rest) = contents.split_first().ok_or(Malformed::IntegerRange)?;
    if contents.len() > 8 {
        return Err(Malformed::IntegerRange);
    }
    let start = i64::from(first.cast_signed());
    Ok(rest.iter().fold(start, |number, &octet| number << 8 | i64::from(octet)))
}

/// Contents of an INTEGER from 0 to `maxInt`.
///
/// # Errors
/// `IntegerRange`.
#[inline]
pub(crate) fn unsigned(contents: &[u8]) -> Result<u32, Malformed> {
    let number = integer(contents)?;
    i32::try_from(number).ok().and_then(|number| u32::try_from(number).ok()).ok_or(Malformed::IntegerRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_integer(contents: &[u8], expected: Result<i64, Malformed>) {
        assert_eq!(integer(contents), expected);
    }

    #[test]
    fn integers_are_two_s_complement_and_need_not_be_minimal() {
        check_integer(&[], Err(Malformed::IntegerRange));
        check_integer(&[0], Ok(0));
        check_integer(&[0x7F], Ok(127));
        check_integer(&[0x80], Ok(-128));
        check_integer(&[0xFF], Ok(-1));
        check_integer(&[0x00, 0x80], Ok(128));
        check_integer(&[0xFF, 0x7F], Ok(-129));
        check_integer(&[0, 0, 0, 0, 0, 0, 0, 5], Ok(5));
        check_integer(&[0, 0, 0, 0, 0, 0, 0, 0, 5], Err(Malformed::IntegerRange));
        check_integer(&[0x80, 0, 0, 0, 0, 0, 0, 0], Ok(i64::MIN));
        check_integer(&[0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Ok(i64::MAX));
    }

    #[test]
    fn unsigned_ends_at_max_int() {
        assert_eq!(unsigned(&[0x7F, 0xFF, 0xFF, 0xFF]), Ok(2_147_483_647));
        assert_eq!(unsigned(&[0, 0x80, 0, 0, 0]), Err(Malformed::IntegerRange));
        assert_eq!(unsigned(&[0xFF]), Err(Malformed::IntegerRange));
    }

    #[track_caller]
    fn check_element(input: &[u8], expected: Result<(u8, &[u8]), Malformed>) {
        let expected = expected.map(|(tag, contents)| (Tag(tag), contents));
        assert_eq!(Reader::new(input).element(), expected);
    }

    #[test]
    fn lengths_are_definite_and_may_be_longer_than_needed() {
        check_element(b"\x04\x01a", Ok((4, b"a")));
        check_element(b"\x04\x81\x01a", Ok((4, b"a")));
        check_element(b"\x04\x84\0\0\0\x01a", Ok((4, b"a")));
        check_element(b"\x04\x88\0\0\0\0\0\0\0\x01a", Ok((4, b"a")));
        check_element(b"\x04\x89\0\0\0\0\0\0\0\0\x01a", Err(Malformed::LengthForm));
        check_element(b"\x04\xFF\x01a", Err(Malformed::LengthForm));
        check_element(b"\x04\x80a\0\0", Err(Malformed::IndefiniteLength));
        check_element(b"\x04\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFa", Err(Malformed::Truncated));
        check_element(b"\x1F\x20\x01a", Err(Malformed::LongTag));
        check_element(b"\x04", Err(Malformed::Truncated));
        check_element(b"\x04\x82\x01", Err(Malformed::Truncated));
        check_element(b"\x04\x02a", Err(Malformed::Truncated));
        check_element(b"", Err(Malformed::Truncated));
    }

    #[test]
    fn constructed_strings_are_refused() {
        assert_eq!(
            Reader::new(b"\x24\x03\x04\x01a").string(Tag::OCTET_STRING),
            Err(Malformed::UnexpectedTag { expected: Tag::OCTET_STRING, found: Tag(0x24) })
        );
    }

    #[test]
    fn every_octet_but_zero_is_true() {
        assert_eq!(Reader::new(b"\x01\x01\x00").boolean(Tag::BOOLEAN), Ok(false));
        assert_eq!(Reader::new(b"\x01\x01\x01").boolean(Tag::BOOLEAN), Ok(true));
        assert_eq!(Reader::new(b"\x01\x01\xFF").boolean(Tag::BOOLEAN), Ok(true));
        assert_eq!(Reader::new(b"\x01\x02\x00\x01").boolean(Tag::BOOLEAN), Err(Malformed::BooleanLength));
        assert_eq!(Reader::new(b"\x01\x00").boolean(Tag::BOOLEAN), Err(Malformed::BooleanLength));
    }

    #[test]
    fn flags_take_the_highest_bit_in_both_forms() {
        assert_eq!(Reader::new(b"\x02\x01\x07").flags(Tag::INTEGER), Ok(7));
        assert_eq!(Reader::new(b"\x02\x04\x80\0\0\x01").flags(Tag::INTEGER), Ok(0x8000_0001));
        assert_eq!(Reader::new(b"\x02\x05\0\x80\0\0\x01").flags(Tag::INTEGER), Ok(0x8000_0001));
        assert_eq!(Reader::new(b"\x02\x05\x01\0\0\0\0").flags(Tag::INTEGER), Err(Malformed::IntegerRange));
    }
}
