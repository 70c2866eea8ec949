//! Finds where one message ends in a stream of octets, before it is decoded. RFC 4511 section 4.1.1.

use std::fmt;

use crate::ber::{LengthOctets, Tag};
use crate::malformed::Malformed;

/// Why no message can begin here. The stream is of no use after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The first octet begins no LDAPMessage; a TLS or HTTP client on the wrong port looks like this.
    NotAMessage(Tag),
    /// The length has the indefinite form or too many octets.
    Length(Malformed),
    /// The message would be longer than allowed; seen as soon as its length is.
    TooLarge {
        /// How long the contents of the message would be.
        length: u64,
        /// How long a whole message may be.
        maximum: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAMessage(tag) => write!(formatter, "no message begins with {tag:?}"),
            Self::Length(malformed) => malformed.fmt(formatter),
            Self::TooLarge { length, maximum } => {
                write!(formatter, "a message of {length} octets exceeds {maximum}")
            }
        }
    }
}

impl std::error::Error for FrameError {}

/// How many octets the message at the start of `buffer` has, header included; `None` until all of it is there.
///
/// # Errors
/// `NotAMessage` from the first octet on, `Length` and `TooLarge` as soon as the length octets are there:
/// a message above `limit` is never waited for.
#[inline]
pub fn next(buffer: &[u8], limit: usize) -> Result<Option<usize>, FrameError> {
    let Some((&tag, after_tag)) = buffer.split_first() else {
        return Ok(None);
    };
    if tag != Tag::SEQUENCE.0 {
        return Err(FrameError::NotAMessage(Tag(tag)));
    }
    let Some(length) = LengthOctets::read(after_tag).map_err(FrameError::Length)? else {
        return Ok(None);
    };
    let header = 1 + length.octets;
    let too_large = FrameError::TooLarge { length: length.value, maximum: limit };
    let whole =
        usize::try_from(length.value).ok().and_then(|contents| contents.checked_add(header)).ok_or(too_large)?;
    if whole > limit {
        return Err(too_large);
    }
    Ok((whole <= buffer.len()).then_some(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(buffer: &[u8], expected: Result<Option<usize>, FrameError>) {
        assert_eq!(next(buffer, 64), expected);
    }

    #[test]
    fn a_message_is_found_when_its_last_octet_is_there() {
        check(b"", Ok(None));
        check(b"\x30", Ok(None));
        check(b"\x30\x02", Ok(None));
        check(b"\x30\x02a", Ok(None));
        check(b"\x30\x02ab", Ok(Some(4)));
        check(b"\x30\x02abcd", Ok(Some(4)));
        check(b"\x30\x84\0\0\0", Ok(None));
        check(b"\x30\x84\0\0\0\x02ab", Ok(Some(8)));
        check(b"\x30\x00", Ok(Some(2)));
    }

    #[test]
    fn a_message_above_the_limit_is_refused_without_its_contents() {
        check(b"\x30\x3E", Ok(None));
        check(b"\x30\x3F", Err(FrameError::TooLarge { length: 63, maximum: 64 }));
        check(b"\x30\x84\xFF\xFF\xFF\xFF", Err(FrameError::TooLarge { length: 0xFFFF_FFFF, maximum: 64 }));
        check(b"\x30\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", Err(FrameError::TooLarge { length: u64::MAX, maximum: 64 }));
    }

    #[test]
    fn what_begins_no_message_is_refused_at_once() {
        check(b"\x16", Err(FrameError::NotAMessage(Tag(0x16))));
        check(b"GET / HTTP/1.1", Err(FrameError::NotAMessage(Tag(b'G'))));
        check(b"\x30\x80", Err(FrameError::Length(Malformed::IndefiniteLength)));
        check(b"\x30\x89", Err(FrameError::Length(Malformed::LengthForm)));
    }
}
