//! Object identifiers: dotted text and BER content octets. RFC 4512 section 1.4, X.690 8.19.

use std::fmt;
use std::str::FromStr;

/// How many content octets an OID may have; the longest one in use has far fewer.
pub const OID_OCTETS_MAX: usize = 256;

/// An object identifier, held as its BER content octets: minimally encoded, with at least two arcs of at most 128 bits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Box<[u8]>);

/// Why octets or a text are no OID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OidError {
    /// Fewer than two arcs, or no octets.
    TooShort,
    /// More than [`OID_OCTETS_MAX`] content octets.
    TooLong,
    /// An arc is no number, has a leading zero or more than 128 bits; the first is over 2, or the second over 39 below 0 or 1.
    Arc {
        /// Which arc, from 0.
        index: usize,
    },
    /// The last octet says that its arc goes on.
    Unfinished,
    /// An arc starts with an octet that adds nothing.
    Padded,
}

impl Oid {
    /// The OID with these BER content octets (without tag and length).
    ///
    /// # Errors
    /// `TooShort`, `TooLong`, `Unfinished`, `Padded`, `Arc` for one of more than 128 bits.
    pub fn from_ber(octets: &[u8]) -> Result<Oid, OidError> {
        if octets.is_empty() {
            return Err(OidError::TooShort);
        }
        if octets.len() > OID_OCTETS_MAX {
            return Err(OidError::TooLong);
        }
        if octets.last().is_some_and(|octet| octet & 0x80 != 0) {
            return Err(OidError::Unfinished);
        }
        for (index, groups) in octets.split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
            if groups[0] == 0x80 {
                return Err(OidError::Padded);
            }
            // 18 groups of seven bits are 126 bits; a nineteenth may hold the two that are left.
            if groups.len() > 19 || groups.len() == 19 && groups[0] & 0x7f > 3 {
                return Err(OidError::Arc { index: index + 1 });
            }
        }
        Ok(Oid(octets.into()))
    }

    /// The BER content octets.
    pub fn as_ber(&self) -> &[u8] {
        &self.0
    }

    /// The arcs, at least two.
    pub fn arcs(&self) -> impl Iterator<Item = u128> {
        let mut numbers = self
            .0
            .split_inclusive(|octet| octet & 0x80 == 0)
            .map(|groups| groups.iter().fold(0u128, |number, octet| number << 7 | u128::from(octet & 0x7f)));
        let joined = numbers.next().unwrap_or_default();
        let first = (joined / 40).min(2);
        [first, joined - 40 * first].into_iter().chain(numbers)
    }
}

impl FromStr for Oid {
    type Err = OidError;

    /// Reads the dotted text.
    fn from_str(text: &str) -> Result<Oid, OidError> {
        let mut octets = Vec::new();
        let mut first = None;
        let mut count = 0;
        for (index, part) in text.split('.').enumerate() {
            let arc = arc(part).ok_or(OidError::Arc { index })?;
            count += 1;
            match (index, first) {
                (0, _) if arc > 2 => return Err(OidError::Arc { index }),
                (0, _) => first = Some(arc),
                (1, Some(first)) => {
                    if first < 2 && arc > 39 {
                        return Err(OidError::Arc { index });
                    }
                    let joined = arc.checked_add(40 * first).ok_or(OidError::Arc { index })?;
                    push_arc(&mut octets, joined);
                }
                _ => push_arc(&mut octets, arc),
            }
            if octets.len() > OID_OCTETS_MAX {
                return Err(OidError::TooLong);
            }
        }
        match count < 2 {
            true => Err(OidError::TooShort),
            false => Ok(Oid(octets.into())),
        }
    }
}

fn arc(text: &str) -> Option<u128> {
    is_number(text).then(|| text.parse().ok()).flatten()
}

fn push_arc(octets: &mut Vec<u8>, arc: u128) {
    let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let low = (arc >> (7 * group)) as u8 & 0x7f;
        octets.push(if group == 0 { low } else { low | 0x80 });
    }
}

/// RFC 4512's `number`: digits without a leading zero.
fn is_number(text: &str) -> bool {
    match text.as_bytes() {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether a text has the form of RFC 4512's `numericoid`: numbers joined by dots, at least two. The arcs are not judged.
pub fn is_numeric_oid(text: &str) -> bool {
    text.contains('.') && text.split('.').all(is_number)
}

/// Whether a text has the form of RFC 4512's `descr`: a letter, then letters, digits and hyphens.
pub fn is_name(text: &str) -> bool {
    match text.as_bytes() {
        [first, rest @ ..] if first.is_ascii_alphabetic() => {
            rest.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
        }
        _ => false,
    }
}

/// Whether a text can name an attribute, class or rule: RFC 4512's `oid`.
pub fn is_name_or_oid(text: &str) -> bool {
    is_name(text) || is_numeric_oid(text)
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, arc) in self.arcs().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            write!(f, "{arc}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

impl fmt::Display for OidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OidError::TooShort => f.write_str("an object identifier has at least two arcs"),
            OidError::TooLong => write!(f, "the object identifier has more than {OID_OCTETS_MAX} octets"),
            OidError::Arc { index } => write!(f, "arc {index} of the object identifier is no number in range"),
            OidError::Unfinished => f.write_str("the last arc of the object identifier does not end"),
            OidError::Padded => f.write_str("an arc of the object identifier is not minimally encoded"),
        }
    }
}

impl std::error::Error for OidError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, ber: &[u8]) {
        let oid: Oid = text.parse().unwrap();
        assert_eq!(oid.as_ber(), ber, "{text}");
        assert_eq!(Oid::from_ber(ber), Ok(oid.clone()));
        assert_eq!(oid.to_string(), text);
    }

    #[test]
    fn text_and_octets_say_the_same() {
        check("0.0", &[0]);
        check("2.5.4.3", &[0x55, 4, 3]);
        check("1.2.840.113556.1.4.803", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x14, 1, 4, 0x86, 0x23]);
        check("2.999.1", &[0x88, 0x37, 1]);
        check("2.25.340282366920938463463374607431768211455", &{
            let mut uuid = vec![0x69, 0x83];
            uuid.extend([0xff; 17]);
            uuid.push(0x7f);
            uuid
        });
    }

    #[test]
    fn malformed_texts_are_refused() {
        let refuse = |text: &str, error| assert_eq!(text.parse::<Oid>(), Err(error), "{text}");
        refuse("", OidError::Arc { index: 0 });
        refuse("1", OidError::TooShort);
        refuse("3.1", OidError::Arc { index: 0 });
        refuse("1.40", OidError::Arc { index: 1 });
        refuse("1.2.", OidError::Arc { index: 2 });
        refuse("1.2.03", OidError::Arc { index: 2 });
        refuse("1.2.340282366920938463463374607431768211456", OidError::Arc { index: 2 });
        refuse(&vec!["1"; 300].join("."), OidError::TooLong);
    }

    #[test]
    fn malformed_octets_are_refused() {
        let refuse = |octets: &[u8], error| assert_eq!(Oid::from_ber(octets), Err(error));
        refuse(&[], OidError::TooShort);
        refuse(&[0x2a, 0x86], OidError::Unfinished);
        refuse(&[0x2a, 0x80, 1], OidError::Padded);
        refuse(&[0; 300], OidError::TooLong);
        refuse(&[&[0xff; 20][..], &[1]].concat(), OidError::Arc { index: 1 });
    }

    #[test]
    fn names_and_oids_are_told_from_other_texts() {
        for good in ["cn", "msDS-User", "x5", "2.5.4.3", "1.1"] {
            assert!(is_name_or_oid(good), "{good}");
        }
        for bad in ["", "5x", "-a", "a_b", "a.b", "1", "1.", ".1", "1..2", "1.02", "é"] {
            assert!(!is_name_or_oid(bad), "{bad}");
        }
    }
}
