//! Times as text: GeneralizedTime of RFC 4517 section 3.3.13 and UTCTime of 3.3.34.

use std::fmt;
use std::str::FromStr;

use crate::file_time::FileTime;

const SECONDS_PER_DAY: i64 = 86_400;
/// Two-digit years from here on belong to the last century. RFC 5280 section 4.1.2.5.1.
const UTC_TIME_PIVOT: i64 = 50;

/// A time of whole seconds in UTC, of a year from 0 to 9999.
///
/// The canonical text is `YYYYMMDDHHMMSS.0Z`, as Active Directory writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GeneralizedTime {
    unix_seconds: i64,
}

/// Why a text is no time; each variant names the part that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// The year is missing digits, or the time lies outside of the years 0 to 9999 in UTC.
    Year,
    /// The month is missing digits or not 1 to 12.
    Month,
    /// The day is missing digits or not one of the month.
    Day,
    /// The hour is missing digits or not 0 to 23.
    Hour,
    /// The minute is missing digits or not 0 to 59.
    Minute,
    /// The second is missing digits or not 0 to 60.
    Second,
    /// A point or comma without digits behind it, or with more than [`FRACTION_DIGITS_MAX`].
    Fraction,
    /// Neither `Z` nor an offset `+hh`, `-hh`, `+hhmm` or `-hhmm` ends the text.
    Zone,
}

/// How many digits a fraction may have.
pub const FRACTION_DIGITS_MAX: usize = 32;

impl GeneralizedTime {
    /// Reads a GeneralizedTime. Minutes and seconds may be missing; a fraction counts for the last part that is there,
    /// and what is below a second is dropped, as Active Directory keeps whole seconds. Second 60 is the next minute.
    ///
    /// # Errors
    /// See [`TimeError`].
    pub fn parse(text: &str) -> Result<GeneralizedTime, TimeError> {
        let mut reader = Reader { rest: text.as_bytes() };
        let year = reader.digits(4).ok_or(TimeError::Year)?;
        let days = reader.month_and_day(year)?;
        let mut seconds = 3600 * reader.part(23, TimeError::Hour)?;
        let mut unit = 3600;
        if reader.at_digit() {
            seconds += 60 * reader.part(59, TimeError::Minute)?;
            unit = 60;
            if reader.at_digit() {
                seconds += reader.part(60, TimeError::Second)?;
                unit = 1;
            }
        }
        seconds += reader.fraction(unit)?;
        let offset = reader.zone()?;
        GeneralizedTime::from_unix_seconds(days * SECONDS_PER_DAY + seconds - offset).ok_or(TimeError::Year)
    }

    /// Reads a UTCTime, `YYMMDDhhmm[ss]` and a zone; years from 50 are of the 20th century.
    ///
    /// # Errors
    /// See [`TimeError`].
    pub fn parse_utc_time(text: &str) -> Result<GeneralizedTime, TimeError> {
        let mut reader = Reader { rest: text.as_bytes() };
        let short = reader.digits(2).ok_or(TimeError::Year)?;
        let year = if short < UTC_TIME_PIVOT { 2000 + short } else { 1900 + short };
        let days = reader.month_and_day(year)?;
        let hour = reader.part(23, TimeError::Hour)?;
        let minute = reader.part(59, TimeError::Minute)?;
        let second = if reader.at_digit() { reader.part(60, TimeError::Second)? } else { 0 };
        let offset = reader.zone()?;
        let seconds = 3600 * hour + 60 * minute + second;
        GeneralizedTime::from_unix_seconds(days * SECONDS_PER_DAY + seconds - offset).ok_or(TimeError::Year)
    }

    /// The time of this many seconds since 1970-01-01; `None` outside of the years 0 to 9999.
    pub const fn from_unix_seconds(unix_seconds: i64) -> Option<GeneralizedTime> {
        const FIRST: i64 = days_from_civil(0, 1, 1) * SECONDS_PER_DAY;
        const BEHIND: i64 = days_from_civil(10_000, 1, 1) * SECONDS_PER_DAY;
        if FIRST <= unix_seconds && unix_seconds < BEHIND { Some(GeneralizedTime { unix_seconds }) } else { None }
    }

    /// Whole seconds since 1970-01-01.
    pub const fn unix_seconds(self) -> i64 {
        self.unix_seconds
    }

    /// The same time as a [`FileTime`].
    pub const fn to_file_time(self) -> FileTime {
        FileTime::from_unix_seconds(self.unix_seconds)
    }

    /// The time, rounded down to a second; `None` outside of the years 0 to 9999, as [`FileTime::NEVER`] is.
    pub const fn from_file_time(time: FileTime) -> Option<GeneralizedTime> {
        GeneralizedTime::from_unix_seconds(time.unix_seconds())
    }

    /// Writes a UTCTime, `YYMMDDhhmmssZ`. The century is lost, as the form wants it.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write_utc_time(self, out: &mut impl fmt::Write) -> fmt::Result {
        let (year, rest) = self.fields();
        write!(out, "{:02}", year % 100)?;
        rest.iter().try_for_each(|part| write!(out, "{part:02}"))?;
        out.write_char('Z')
    }

    /// Year, then month, day, hour, minute and second.
    fn fields(self) -> (i64, [i64; 5]) {
        let (year, month, day) = civil_from_days(self.unix_seconds.div_euclid(SECONDS_PER_DAY));
        let seconds = self.unix_seconds.rem_euclid(SECONDS_PER_DAY);
        (year, [month, day, seconds / 3600, seconds / 60 % 60, seconds % 60])
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn at_digit(&self) -> bool {
        self.rest.first().is_some_and(u8::is_ascii_digit)
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| 10 * number + i64::from(digit - b'0')))
    }

    fn part(&mut self, max: i64, error: TimeError) -> Result<i64, TimeError> {
        self.digits(2).filter(|number| *number <= max).ok_or(error)
    }

    fn month_and_day(&mut self, year: i64) -> Result<i64, TimeError> {
        let month = self.digits(2).filter(|month| (1..=12).contains(month)).ok_or(TimeError::Month)?;
        let last = days_from_civil(year, month + 1, 1) - days_from_civil(year, month, 1);
        let day = self.digits(2).filter(|day| (1..=last).contains(day)).ok_or(TimeError::Day)?;
        Ok(days_from_civil(year, month, day))
    }

    /// The whole seconds that a fraction of `unit` seconds stands for.
    fn fraction(&mut self, unit: i64) -> Result<i64, TimeError> {
        let [b'.' | b',', behind @ ..] = self.rest else { return Ok(0) };
        let count = behind.iter().take_while(|octet| octet.is_ascii_digit()).count();
        if count == 0 || count > FRACTION_DIGITS_MAX {
            return Err(TimeError::Fraction);
        }
        let (digits, rest) = behind.split_at(count);
        self.rest = rest;
        // Eight digits are exact far below a second; the others cannot change the result by more than that.
        let mut scale = 1;
        let mut number = 0;
        for digit in digits.iter().take(8) {
            number = 10 * number + i64::from(digit - b'0');
            scale *= 10;
        }
        Ok(unit * number / scale)
    }

    /// Seconds east of UTC; nothing may follow.
    fn zone(&mut self) -> Result<i64, TimeError> {
        let sign = match self.rest {
            b"Z" | b"z" => return Ok(0),
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => return Err(TimeError::Zone),
        };
        self.rest = &self.rest[1..];
        let hours = self.part(23, TimeError::Zone)?;
        let minutes = if self.at_digit() { self.part(59, TimeError::Zone)? } else { 0 };
        match self.rest.is_empty() {
            true => Ok(sign * (3600 * hours + 60 * minutes)),
            false => Err(TimeError::Zone),
        }
    }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar; a 13th month is the next January.
///
/// Years are counted from March, so that the leap day is the last of its year and the lengths of the months before
/// any day follow from 153 days in five months. 400 years have 146,097 days.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let (march_year, march_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - DAYS_0000_03_01_TO_1970
}

/// Year, month and day: the inverse of [`days_from_civil`].
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_0000_03_01_TO_1970;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let year = era * 400 + year_of_era;
    if march_month < 10 { (year, march_month + 3, day) } else { (year + 1, march_month - 9, day) }
}

/// Days from 1 March of the year 0, where the count of [`days_from_civil`] starts, to 1970-01-01.
const DAYS_0000_03_01_TO_1970: i64 = 719_468;

impl FromStr for GeneralizedTime {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<GeneralizedTime, TimeError> {
        GeneralizedTime::parse(text)
    }
}

impl fmt::Display for GeneralizedTime {
    /// Writes `YYYYMMDDHHMMSS.0Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, rest) = self.fields();
        write!(f, "{year:04}")?;
        rest.iter().try_for_each(|part| write!(f, "{part:02}"))?;
        f.write_str(".0Z")
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self {
            TimeError::Year => "year",
            TimeError::Month => "month",
            TimeError::Day => "day",
            TimeError::Hour => "hour",
            TimeError::Minute => "minute",
            TimeError::Second => "second",
            TimeError::Fraction => "fraction",
            TimeError::Zone => "zone",
        };
        write!(f, "the {part} of the time is missing or out of range")
    }
}

impl std::error::Error for TimeError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, canonical: &str) {
        assert_eq!(GeneralizedTime::parse(text).map(|time| time.to_string()), Ok(canonical.to_owned()), "{text}");
    }

    #[test]
    fn all_forms_become_the_canonical_one() {
        check("20240229123456.0Z", "20240229123456.0Z");
        check("20240229123456Z", "20240229123456.0Z");
        check("202402291234Z", "20240229123400.0Z");
        check("2024022912Z", "20240229120000.0Z");
        check("2024022912.5Z", "20240229123000.0Z");
        check("202402291234,25Z", "20240229123415.0Z");
        check("20240229123456.999999999Z", "20240229123456.0Z");
        check("20240229123456+0130", "20240229110456.0Z");
        check("2024022923-02", "20240301010000.0Z");
        check("20161231235960Z", "20170101000000.0Z");
        check("16010101000000.0Z", "16010101000000.0Z");
        check("00000101000000Z", "00000101000000.0Z");
        check("99991231235959Z", "99991231235959.0Z");
    }

    #[test]
    fn malformed_times_name_the_part() {
        let refuse = |text: &str, error| assert_eq!(GeneralizedTime::parse(text), Err(error), "{text}");
        refuse("", TimeError::Year);
        refuse("20x4022912Z", TimeError::Year);
        refuse("00000101000000+01", TimeError::Year);
        refuse("99991231235960Z", TimeError::Year);
        refuse("2024132912Z", TimeError::Month);
        refuse("2023022912Z", TimeError::Day);
        refuse("1900022912Z", TimeError::Day);
        refuse("2024010012Z", TimeError::Day);
        refuse("2024010124Z", TimeError::Hour);
        refuse("20240101", TimeError::Hour);
        refuse("202401011260Z", TimeError::Minute);
        refuse("20240101120Z", TimeError::Minute);
        refuse("20240101120061Z", TimeError::Second);
        refuse("20240101120000.Z", TimeError::Fraction);
        refuse(&format!("20240101120000.{}Z", "1".repeat(33)), TimeError::Fraction);
        refuse("20240101120000", TimeError::Zone);
        refuse("20240101120000Zx", TimeError::Zone);
        refuse("20240101120000+1", TimeError::Zone);
        refuse("20240101120000+010", TimeError::Zone);
        refuse("20240101120000+01000", TimeError::Zone);
    }

    #[test]
    fn utc_times_have_a_century_by_their_year() {
        let check = |text: &str, canonical: &str, again: &str| {
            let time = GeneralizedTime::parse_utc_time(text).unwrap();
            assert_eq!(time.to_string(), canonical, "{text}");
            let mut written = String::new();
            time.write_utc_time(&mut written).unwrap();
            assert_eq!(written, again);
        };
        check("491231235959Z", "20491231235959.0Z", "491231235959Z");
        check("500101000000Z", "19500101000000.0Z", "500101000000Z");
        check("0002291200+0100", "20000229110000.0Z", "000229110000Z");
        assert_eq!(GeneralizedTime::parse_utc_time("0002291200"), Err(TimeError::Zone));
        assert_eq!(GeneralizedTime::parse_utc_time("0002291200.5Z"), Err(TimeError::Zone));
    }

    #[test]
    fn every_day_has_one_number() {
        let mut day = days_from_civil(0, 1, 1);
        for year in 0..=9999 {
            for month in 1..=12 {
                assert_eq!(days_from_civil(year, month, 1), day);
                assert_eq!(civil_from_days(day), (year, month, 1));
                day = days_from_civil(year, month + 1, 1);
                let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
                let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
                assert_eq!(civil_from_days(day - 1), (year, month, lengths[month as usize - 1]));
            }
        }
        assert_eq!(days_from_civil(1970, 1, 1), 0);
    }

    #[test]
    fn file_times_convert_both_ways() {
        let time = GeneralizedTime::parse("20240229123456.0Z").unwrap();
        assert_eq!(time.unix_seconds(), 1_709_210_096);
        assert_eq!(GeneralizedTime::from_file_time(time.to_file_time()), Some(time));
        assert_eq!(GeneralizedTime::from_file_time(FileTime::NEVER), None);
        assert_eq!(GeneralizedTime::from_file_time(FileTime::ZERO).unwrap().to_string(), "16010101000000.0Z");
    }
}
