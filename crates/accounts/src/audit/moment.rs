//! A time as records show it and as people ask for it: RFC 3339 in UTC, to the microsecond.

use std::fmt;
use std::str::FromStr;

use bailiwick_adtypes::file_time::{FileTime, SECONDS_1601_TO_1970, STEPS_PER_SECOND};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// A point in time, written as `2026-11-22T05:36:20.123456Z`; a date alone means its first moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub FileTime);

/// The text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MomentError;

impl fmt::Display for MomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time looks like 2026-11-22 or 2026-11-22T05:36:20Z")
    }
}

impl std::error::Error for MomentError {}

/// Steps of a file time in a microsecond.
const STEPS_PER_MICROSECOND: i64 = 10;

impl Moment {
    /// The time without what the text form does not show.
    pub fn of(at: FileTime) -> Moment {
        Moment(FileTime(at.0 - at.0.rem_euclid(STEPS_PER_MICROSECOND)))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Times beyond the calendar are not met; the number says what there is.
        let Ok(moment) = OffsetDateTime::from_unix_timestamp(self.0.unix_seconds()) else {
            return write!(f, "{}", self.0.0);
        };
        let micros = self.0.0.rem_euclid(STEPS_PER_SECOND) / STEPS_PER_MICROSECOND;
        let (year, month, day) = moment.to_calendar_date();
        let (hour, minute, second) = moment.to_hms();
        let month = u8::from(month);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Moment, MomentError> {
        let (date, clock) = match text.split_once(['T', ' ']) {
            Some((date, clock)) => (date, Some(clock.strip_suffix('Z').unwrap_or(clock))),
            None => (text, None),
        };
        let [year, month, day] = numbers(date, '-')?;
        let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok()).ok_or(MomentError)?;
        let day = u8::try_from(day).map_err(|_| MomentError)?;
        let year = i32::try_from(year).map_err(|_| MomentError)?;
        let date = Date::from_calendar_date(year, month, day).map_err(|_| MomentError)?;
        let (clock, micros) = match clock {
            None => (Time::MIDNIGHT, 0),
            Some(clock) => parse_clock(clock)?,
        };
        let seconds = PrimitiveDateTime::new(date, clock).assume_utc().unix_timestamp();
        let whole = seconds.checked_add(SECONDS_1601_TO_1970).ok_or(MomentError)?;
        let steps = whole.checked_mul(STEPS_PER_SECOND).ok_or(MomentError)?;
        Ok(Moment(FileTime(steps + i64::from(micros) * STEPS_PER_MICROSECOND)))
    }
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`.
fn parse_clock(text: &str) -> Result<(Time, u32), MomentError> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let [hour, minute, second] = match clock.matches(':').count() {
        1 => numbers(&format!("{clock}:00"), ':')?,
        _ => numbers(clock, ':')?,
    };
    let part = |number: u32| u8::try_from(number).map_err(|_| MomentError);
    let time = Time::from_hms(part(hour)?, part(minute)?, part(second)?).map_err(|_| MomentError)?;
    if fraction.is_empty() || fraction.len() > 6 || !fraction.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(MomentError);
    }
    let micros: u32 = format!("{fraction:0<6}").parse().map_err(|_| MomentError)?;
    Ok((time, micros))
}

fn numbers(text: &str, separator: char) -> Result<[u32; 3], MomentError> {
    let mut numbers = [0; 3];
    let mut parts = text.split(separator);
    for number in &mut numbers {
        let part = parts.next().ok_or(MomentError)?;
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|octet| octet.is_ascii_digit()) {
            return Err(MomentError);
        }
        *number = part.parse().map_err(|_| MomentError)?;
    }
    parts.next().is_none().then_some(numbers).ok_or(MomentError)
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let at = "2026-11-22T05:36:20.123456Z";
        assert_eq!(at.parse::<Moment>().unwrap().to_string(), at);
        for (text, means) in [
            ("2026-11-22", "2026-11-22T00:00:00.000000Z"),
            ("2026-11-22 05:36", "2026-11-22T05:36:00.000000Z"),
            ("2026-11-22T05:36:20Z", "2026-11-22T05:36:20.000000Z"),
            ("2026-11-22T05:36:20.5Z", "2026-11-22T05:36:20.500000Z"),
        ] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), means);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "now",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "2026-11-22T",
            "2026-11-22T25:00",
            "1-1-1T1:1:1.",
            "2026-11-22T05:36:20.1234567Z",
            "2026-11-22T05:36:20+01:00",
            "-1-1-1",
            "99999-01-01",
        ] {
            assert_eq!(text.parse::<Moment>(), Err(MomentError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_time_of_the_calendar_survives_its_text(steps in 0..2_650_000_000_000_000_000_i64) {
            let moment = Moment::of(FileTime(steps));
            prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        }
    }
}
