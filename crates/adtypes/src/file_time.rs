//! Points in time and intervals as Active Directory stores them in large integers. [MS-DTYP] 2.3.3.

use std::fmt;
use std::str::FromStr;

/// 100-nanosecond steps in a second.
pub const STEPS_PER_SECOND: i64 = 10_000_000;
/// Seconds from 1601-01-01 to 1970-01-01.
pub const SECONDS_1601_TO_1970: i64 = 11_644_473_600;

/// A point in time: steps of 100 ns since 1601-01-01 00:00 UTC. The text form is the decimal number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileTime(pub i64);

/// A length of time in steps of 100 ns, negative, as `maxPwdAge` and `lockoutDuration` hold it. The text form is the decimal number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval(pub i64);

/// The text is no decimal number of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberError;

impl FileTime {
    /// Zero: the start of 1601. Many attributes mean "never happened" by it.
    pub const ZERO: FileTime = FileTime(0);
    /// The greatest value. `accountExpires` means "never" by it.
    pub const NEVER: FileTime = FileTime(i64::MAX);

    /// The time of this many seconds since 1970-01-01; what does not fit becomes the nearest value that does.
    pub const fn from_unix_seconds(seconds: i64) -> FileTime {
        FileTime(seconds.saturating_add(SECONDS_1601_TO_1970).saturating_mul(STEPS_PER_SECOND))
    }

    /// The time of this many seconds and nanoseconds (below a second) since 1970-01-01.
    pub const fn from_unix(seconds: i64, nanoseconds: u32) -> FileTime {
        FileTime(FileTime::from_unix_seconds(seconds).0.saturating_add(nanoseconds as i64 / 100))
    }

    /// Whole seconds since 1970-01-01, rounded down.
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(STEPS_PER_SECOND) - SECONDS_1601_TO_1970
    }

    /// The time that is later by the interval; one that never ends gives [`FileTime::NEVER`].
    pub const fn after(self, interval: Interval) -> FileTime {
        if interval.is_never() { FileTime::NEVER } else { FileTime(self.0.saturating_sub(interval.0)) }
    }

    /// The time that is earlier by the interval; one that never ends gives the earliest value.
    pub const fn before(self, interval: Interval) -> FileTime {
        FileTime(self.0.saturating_add(interval.0))
    }

    /// The interval from an earlier time to this one.
    pub const fn since(self, earlier: FileTime) -> Interval {
        Interval(earlier.0.saturating_sub(self.0))
    }
}

impl Interval {
    /// No time at all.
    pub const ZERO: Interval = Interval(0);
    /// Without end. `maxPwdAge` means "passwords do not expire" by it.
    pub const NEVER: Interval = Interval(i64::MIN);

    /// The interval of this many seconds; what does not fit becomes [`Interval::NEVER`].
    pub const fn from_seconds(seconds: u64) -> Interval {
        match seconds > (i64::MAX / STEPS_PER_SECOND) as u64 {
            true => Interval::NEVER,
            false => Interval(-(seconds as i64 * STEPS_PER_SECOND)),
        }
    }

    /// The interval of this many days; what does not fit becomes [`Interval::NEVER`].
    pub const fn from_days(days: u64) -> Interval {
        Interval::from_seconds(days.saturating_mul(86_400))
    }

    /// Whole seconds, rounded down; a positive value, which no interval should have, counts as zero.
    pub const fn seconds(self) -> u64 {
        if self.0 > 0 { 0 } else { self.0.unsigned_abs() / STEPS_PER_SECOND as u64 }
    }

    /// Whether the interval has no end.
    pub const fn is_never(self) -> bool {
        self.0 == i64::MIN
    }
}

fn number(text: &str) -> Result<i64, NumberError> {
    // The standard parser also takes a plus sign, which no such value has.
    match text.starts_with('+') {
        true => Err(NumberError),
        false => text.parse().map_err(|_| NumberError),
    }
}

impl FromStr for FileTime {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<FileTime, NumberError> {
        number(text).map(FileTime)
    }
}

impl FromStr for Interval {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Interval, NumberError> {
        number(text).map(Interval)
    }
}

impl fmt::Display for FileTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no decimal number of 64 bits")
    }
}

impl std::error::Error for NumberError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epochs_are_369_years_apart() {
        assert_eq!(FileTime::from_unix_seconds(0), FileTime(116_444_736_000_000_000));
        assert_eq!(FileTime::from_unix_seconds(-SECONDS_1601_TO_1970), FileTime::ZERO);
        assert_eq!(FileTime::from_unix(1, 999_999_999), FileTime(116_444_736_019_999_999));
        assert_eq!(FileTime::from_unix(1, 999_999_999).unix_seconds(), 1);
        assert_eq!(FileTime(-1).unix_seconds(), -SECONDS_1601_TO_1970 - 1);
        assert_eq!(FileTime::from_unix_seconds(i64::MAX), FileTime::NEVER);
    }

    #[test]
    fn intervals_are_negative() {
        assert_eq!(Interval::from_days(42), Interval(-36_288_000_000_000));
        assert_eq!(Interval::from_days(42).seconds(), 42 * 86_400);
        assert_eq!(Interval::from_seconds(u64::MAX), Interval::NEVER);
        assert_eq!(Interval(5).seconds(), 0);
        let noon = FileTime::from_unix_seconds(43_200);
        assert_eq!(noon.after(Interval::from_seconds(60)).unix_seconds(), 43_260);
        assert_eq!(noon.before(Interval::from_seconds(60)).unix_seconds(), 43_140);
        assert_eq!(noon.after(Interval::from_seconds(60)).since(noon), Interval::from_seconds(60));
        assert_eq!(noon.after(Interval::NEVER), FileTime::NEVER);
    }

    #[test]
    fn the_text_is_the_decimal_number() {
        assert_eq!("9223372036854775807".parse(), Ok(FileTime::NEVER));
        assert_eq!("-9223372036854775808".parse(), Ok(Interval::NEVER));
        assert_eq!(FileTime::NEVER.to_string(), "9223372036854775807");
        for bad in ["", "+1", "1.0", " 1", "9223372036854775808"] {
            assert_eq!(bad.parse::<FileTime>(), Err(NumberError), "{bad}");
        }
    }
}
