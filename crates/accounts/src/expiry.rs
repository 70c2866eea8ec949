//! Until when an account of the host may sign in.

use std::fmt;
use std::str::FromStr;

use bailiwick_adtypes::file_time::FileTime;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month, OffsetDateTime};

/// Until when an account may sign in. The text form is `normal`, `now` or a date as `2027/3/1`; `never` and the forms
/// `2027-03-01` and `2027/03/01` are read too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expiry {
    /// Without end.
    #[default]
    Normal,
    /// It is disabled.
    Now,
    /// Through this day, in UTC.
    Date(Date),
}

/// The text is no expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryError;

impl Expiry {
    /// Whether the account may not sign in at this time.
    pub fn is_over(self, now: FileTime) -> bool {
        match self {
            Expiry::Normal => false,
            Expiry::Now => true,
            Expiry::Date(last) => day(now).is_some_and(|today| today > last),
        }
    }

    /// The last day before this time; without end when the calendar does not reach so far.
    pub fn through(end: FileTime) -> Expiry {
        match end {
            FileTime::ZERO | FileTime::NEVER => Expiry::Normal,
            // An account that ends at midnight was last valid on the day before.
            end => day(FileTime(end.0 - 1)).map_or(Expiry::Normal, Expiry::Date),
        }
    }
}

fn day(at: FileTime) -> Option<Date> {
    OffsetDateTime::from_unix_timestamp(at.unix_seconds()).ok().map(OffsetDateTime::date)
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expiry::Normal => f.write_str("normal"),
            Expiry::Now => f.write_str("now"),
            Expiry::Date(date) => write!(f, "{}/{}/{}", date.year(), u8::from(date.month()), date.day()),
        }
    }
}

impl FromStr for Expiry {
    type Err = ExpiryError;

    fn from_str(text: &str) -> Result<Expiry, ExpiryError> {
        match text {
            "normal" | "never" => return Ok(Expiry::Normal),
            "now" => return Ok(Expiry::Now),
            _ => {}
        }
        let mut parts = text.split(['/', '-']);
        let mut number = |digits_max: usize| -> Result<u16, ExpiryError> {
            let part = parts.next().ok_or(ExpiryError)?;
            match part.len() <= digits_max && part.bytes().all(|octet| octet.is_ascii_digit()) {
                true => part.parse().map_err(|_| ExpiryError),
                false => Err(ExpiryError),
            }
        };
        let (year, month, of_month) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(ExpiryError);
        }
        let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok()).ok_or(ExpiryError)?;
        let of_month = u8::try_from(of_month).map_err(|_| ExpiryError)?;
        Date::from_calendar_date(i32::from(year), month, of_month).map(Expiry::Date).map_err(|_| ExpiryError)
    }
}

impl fmt::Display for ExpiryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an expiry is normal, now or a date such as 2027/3/1")
    }
}

impl std::error::Error for ExpiryError {}

impl Serialize for Expiry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expiry, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Keeps a time as its number.
pub(crate) mod kept_time {
    use bailiwick_adtypes::file_time::FileTime;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(at: &FileTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(at.0)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FileTime, D::Error> {
        i64::deserialize(deserializer).map(FileTime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_one_is_written() {
        for (text, written) in [
            ("normal", "normal"),
            ("never", "normal"),
            ("now", "now"),
            ("2027/3/1", "2027/3/1"),
            ("2027-03-01", "2027/3/1"),
            ("2027/03/01", "2027/3/1"),
            ("2028/2/29", "2028/2/29"),
        ] {
            assert_eq!(text.parse::<Expiry>().unwrap().to_string(), written, "{text}");
        }
        for bad in ["", "Never", "2027/2/29", "2027/3", "2027/3/1/1", "+027/3/1", "20271/3/1", "2027/13/1", "x/y/z"] {
            assert_eq!(bad.parse::<Expiry>(), Err(ExpiryError), "{bad}");
        }
    }

    #[test]
    fn a_date_is_the_last_day() {
        let at = |text: &str| FileTime::from_unix_seconds(text.parse().unwrap());
        let date: Expiry = "2027/3/1".parse().unwrap();
        // 2027-03-01T23:59:59Z, and one second later.
        assert!(!date.is_over(at("1803945599")));
        assert!(date.is_over(at("1803945600")));
        assert!(Expiry::Now.is_over(FileTime::ZERO));
        assert!(!Expiry::Normal.is_over(FileTime::NEVER));
        assert_eq!(Expiry::through(at("1803945600")), date);
        assert_eq!(Expiry::through(FileTime::NEVER), Expiry::Normal);
        assert_eq!(Expiry::through(FileTime::ZERO), Expiry::Normal);
    }
}
