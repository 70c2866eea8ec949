//! Points in time as ISO 8601 writes them, to a step of 100 ns.

use bailiwick_adtypes::file_time::{FileTime, STEPS_PER_SECOND};
use bailiwick_adtypes::generalized_time::GeneralizedTime;

/// How the zone of a time is shown; the instant is the same. `Settings:Text:DateTimeHandling` of the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// In UTC, with `Z`: `utc`.
    #[default]
    Utc,
    /// With an offset: `local`. The host says which one holds.
    Offset {
        /// Minutes east of Greenwich.
        minutes: i16,
    },
    /// In UTC, without a mark: `preserve`.
    Unmarked,
}

/// Writes a time, `2022-04-21T00:00:00Z`, with up to seven digits of a fraction and none that is zero at the end. None
/// for times before 1601 and after 9999, which stay numbers.
pub fn write_instant(time: FileTime, zone: Zone) -> Option<String> {
    let (minutes, mark) = match zone {
        Zone::Utc => (0, "Z".to_owned()),
        Zone::Unmarked => (0, String::new()),
        Zone::Offset { minutes } => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, rest) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
            (minutes, format!("{sign}{hours:02}:{rest:02}"))
        }
    };
    if time < FileTime::ZERO {
        return None;
    }
    let shown = FileTime(time.0.checked_add(i64::from(minutes) * 60 * STEPS_PER_SECOND)?);
    // The canonical form, `YYYYMMDDHHMMSS.0Z`, has the calendar done.
    let compact = GeneralizedTime::from_file_time(shown)?.to_string();
    let part = |from: usize, to: usize| compact.get(from..to).unwrap_or_default();
    let fraction = format!(".{:07}", shown.0.rem_euclid(STEPS_PER_SECOND));
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    Some(format!(
        "{}-{}-{}T{}:{}:{}{fraction}{mark}",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    ))
}

/// Reads `2022-04-21`, `2022-04-21T08:30`, `2022-04-21T08:30:00.1234567+02:00`; UTC where no zone stands. Digits beyond
/// the seventh of a fraction are dropped.
pub fn parse_instant(text: &str) -> Option<FileTime> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, time),
        None => (text, "00:00Z"),
    };
    let [year, month, day] = pieces(date, '-')?;
    if [year.len(), month.len(), day.len()] != [4, 2, 2] {
        return None;
    }
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let zone = match zone {
        "" => "Z".to_owned(),
        zone => zone.replacen(':', "", 1),
    };
    let (clock, fraction) = match clock.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let (hour, minute, second) = match (pieces(clock, ':'), pieces(clock, ':'), fraction) {
        (Some([hour, minute, second]), _, _) => (hour, minute, second),
        (_, Some([hour, minute]), None) => (hour, minute, "00"),
        _ => return None,
    };
    if [hour.len(), minute.len(), second.len()] != [2, 2, 2] {
        return None;
    }
    let steps = fraction.map_or(Some(0), steps)?;
    let compact = format!("{year}{month}{day}{hour}{minute}{second}{zone}");
    let whole = GeneralizedTime::parse(&compact).ok()?.to_file_time();
    whole.0.checked_add(steps).map(FileTime)
}

fn pieces<const COUNT: usize>(text: &str, separator: char) -> Option<[&str; COUNT]> {
    let mut pieces = [""; COUNT];
    let mut rest = text.split(separator);
    for piece in &mut pieces {
        *piece = rest.next()?;
    }
    rest.next().is_none().then_some(pieces)
}

/// A fraction of a second in steps of 100 ns.
fn steps(digits: &str) -> Option<i64> {
    let sound = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    sound.then(|| {
        digits.bytes().chain(std::iter::repeat(b'0')).take(7).fold(0, |n, digit| 10 * n + i64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const APRIL: FileTime = FileTime(132_949_728_000_000_000);

    #[test]
    fn instants_are_written_in_their_zone() {
        let check = |time, zone, expected: Option<&str>| {
            assert_eq!(write_instant(time, zone).as_deref(), expected);
        };
        check(APRIL, Zone::Utc, Some("2022-04-21T00:00:00Z"));
        check(APRIL, Zone::Unmarked, Some("2022-04-21T00:00:00"));
        check(APRIL, Zone::Offset { minutes: 120 }, Some("2022-04-21T02:00:00+02:00"));
        check(APRIL, Zone::Offset { minutes: -210 }, Some("2022-04-20T20:30:00-03:30"));
        check(FileTime(APRIL.0 + 1_234_500), Zone::Utc, Some("2022-04-21T00:00:00.12345Z"));
        check(FileTime(APRIL.0 + 1), Zone::Utc, Some("2022-04-21T00:00:00.0000001Z"));
        check(FileTime::ZERO, Zone::Utc, Some("1601-01-01T00:00:00Z"));
        check(FileTime(-1), Zone::Utc, None);
        check(FileTime::NEVER, Zone::Utc, None);
        check(FileTime::NEVER, Zone::Offset { minutes: 60 }, None);
    }

    #[test]
    fn instants_are_read_in_every_usual_form() {
        for text in [
            "2022-04-21",
            "2022-04-21T00:00",
            "2022-04-21T00:00:00",
            "2022-04-21T00:00:00Z",
            "2022-04-21t00:00:00.000z",
            "2022-04-21 00:00:00+00:00",
            "2022-04-21T02:00:00+0200",
            "2022-04-20T20:30-03:30",
            "2022-04-21T01:00:00,0+01",
        ] {
            assert_eq!(parse_instant(text), Some(APRIL), "{text}");
        }
        assert_eq!(parse_instant("2022-04-21T00:00:00.12345678Z"), Some(FileTime(APRIL.0 + 1_234_567)));
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "x",
            "2022",
            "2022-4-21",
            "2022-04-31",
            "2022-04-21T",
            "2022-04-21T8:00",
            "2022-04-21T25:00",
            "2022-04-21T00:00:00.Z",
            "2022-04-21T00:00.5Z",
            "2022-04-21T00:00:00Y",
            "2022-04-21T00:00:00+1:00:00",
            "+022-04-21",
            "20220421000000.0Z",
            "2022-04-21T00:00:00ZZ",
            "2022-04-21T00:00:00é",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }
}
