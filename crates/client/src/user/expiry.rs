//! Until when an account may be used.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

/// Until when an account may be used.
///
/// On the wire `normal`, `now`, or a date such as `2027/3/9`.
///
/// ```
/// use bailiwick_client::user::Expiry;
///
/// assert_eq!("2027/3/9".parse(), Ok(Expiry::On { year: 2027, month: 3, day: 9 }));
/// assert_eq!(Expiry::Normal.to_string(), "normal");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// For ever.
    #[default]
    Normal,
    /// It is disabled already.
    Now,
    /// Up to and with this day, by the server's clock.
    On {
        /// The year.
        year: u16,
        /// The month, from 1.
        month: u8,
        /// The day, from 1.
        day: u8,
    },
}

/// A text is neither `normal`, `now` nor a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryFault;

impl FromStr for Expiry {
    type Err = ExpiryFault;

    fn from_str(text: &str) -> Result<Expiry, ExpiryFault> {
        match text {
            "normal" | "never" | "" => return Ok(Expiry::Normal),
            "now" => return Ok(Expiry::Now),
            _ => {}
        }
        let mut parts = text.split(['/', '-']);
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ExpiryFault);
        };
        let (year, month, day) = (number(year)?, number(month)?, number(day)?);
        let (month, day) = (u8::try_from(month).map_err(|_| ExpiryFault)?, u8::try_from(day).map_err(|_| ExpiryFault)?);
        if (1..=12).contains(&month) && (1..=31).contains(&day) {
            Ok(Expiry::On { year, month, day })
        } else {
            Err(ExpiryFault)
        }
    }
}

/// Digits only: what Rust reads as a number may have a sign.
fn number(text: &str) -> Result<u16, ExpiryFault> {
    let digits = Some(text).filter(|text| text.bytes().all(|octet| octet.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).ok_or(ExpiryFault)
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expiry::Normal => f.write_str("normal"),
            Expiry::Now => f.write_str("now"),
            Expiry::On { year, month, day } => write!(f, "{year}/{month}/{day}"),
        }
    }
}

impl fmt::Display for ExpiryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("neither normal, now nor a date such as 2027/3/9")
    }
}

impl std::error::Error for ExpiryFault {}

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expiry, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_dates_are_read() {
        let day = |year, month, day| Ok(Expiry::On { year, month, day });
        let cases = [
            ("normal", Ok(Expiry::Normal)),
            ("never", Ok(Expiry::Normal)),
            ("", Ok(Expiry::Normal)),
            ("now", Ok(Expiry::Now)),
            ("2027/3/9", day(2027, 3, 9)),
            ("2027-03-09", day(2027, 3, 9)),
            ("2027/12/31", day(2027, 12, 31)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Expiry>(), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["soon", "2027", "2027/13/1", "2027/0/1", "2027/1/32", "2027/1/256", "1/2/3/4", "+1/2/3", "99999/1/1"]
        {
            assert_eq!(text.parse::<Expiry>(), Err(ExpiryFault), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for expiry in [Expiry::Normal, Expiry::Now, Expiry::On { year: 2027, month: 3, day: 9 }] {
            assert_eq!(expiry.to_string().parse(), Ok(expiry));
        }
    }
}
