//! Numbers as JSON writes them, kept digit by digit: a 64-bit time or a unique id loses nothing on its way.

/// The longest text of a number.
pub const NUMBER_OCTETS_MAX: usize = 64;
/// The greatest exponent, of either sign, that is written out in full.
pub const EXPONENT_MAX: i32 = 64;

/// A number of JSON: the text that was read, which follows RFC 8259 section 6.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(Box<str>);

impl Number {
    /// The number that the text is; none when JSON has no such number, or it is longer than [`NUMBER_OCTETS_MAX`].
    pub fn parse(text: &str) -> Option<Number> {
        let token = prefix(text.as_bytes());
        (token == text.len() && (1..=NUMBER_OCTETS_MAX).contains(&token)).then(|| Number(text.into()))
    }

    /// The text as it was written.
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// The number without an exponent; none when the exponent is beyond [`EXPONENT_MAX`].
    pub fn plain(&self) -> Option<String> {
        let Some((mantissa, exponent)) = self.0.split_once(['e', 'E']) else { return Some(self.0.to_string()) };
        let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= EXPONENT_MAX)?;
        let (sign, unsigned) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = [whole, fraction].concat();
        let point = whole.len() as i32 + exponent;
        let written = match usize::try_from(point) {
            Ok(point) if point >= digits.len() => format!("{digits:0<point$}"),
            Ok(point) if point > 0 => format!("{}.{}", &digits[..point], &digits[point..]),
            _ => format!("0.{:0>width$}", digits, width = digits.len() + point.unsigned_abs() as usize),
        };
        // Moving the point leaves zeros where no number has them.
        let written =
            if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.') } else { &written };
        let written = match written.trim_start_matches('0') {
            "" => "0".to_owned(),
            fraction if fraction.starts_with('.') => format!("0{fraction}"),
            written => written.to_owned(),
        };
        Some(format!("{sign}{written}"))
    }

    /// The whole number that it is, `1.0` and `1e3` too; none for a fraction, and for what does not fit.
    pub fn integer(&self) -> Option<i128> {
        let plain = self.plain()?;
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        fraction.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok()).flatten()
    }
}

/// How many octets at the start of the input are a number; 0 when none are.
pub(super) fn prefix(input: &[u8]) -> usize {
    let digits = |from: usize| input.get(from..).unwrap_or_default().iter().take_while(|o| o.is_ascii_digit()).count();
    let mut at = usize::from(input.first() == Some(&b'-'));
    at += match (input.get(at), digits(at)) {
        (_, 0) => return 0,
        (Some(b'0'), _) => 1,
        (_, count) => count,
    };
    if input.get(at) == Some(&b'.') {
        match digits(at + 1) {
            0 => return 0,
            count => at += 1 + count,
        }
    }
    if matches!(input.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(input.get(at + 1), Some(b'+' | b'-')));
        match digits(at + 1 + sign) {
            0 => return 0,
            count => at += 1 + sign + count,
        }
    }
    at
}

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        Number(number.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, plain: Option<&str>, integer: Option<i128>) {
        let number = Number::parse(text).expect(text);
        assert_eq!((number.plain().as_deref(), number.integer()), (plain, integer), "{text}");
    }

    #[test]
    fn numbers_keep_every_digit() {
        check("0", Some("0"), Some(0));
        check("-0", Some("-0"), Some(0));
        check("9223372036854775807", Some("9223372036854775807"), Some(i64::MAX.into()));
        check("90071992547409931234", Some("90071992547409931234"), Some(90_071_992_547_409_931_234));
        check("1.50", Some("1.50"), None);
        check("1.0", Some("1.0"), Some(1));
    }

    #[test]
    fn exponents_are_written_out() {
        check("1e3", Some("1000"), Some(1000));
        check("-1.25E+1", Some("-12.5"), None);
        check("1.50e1", Some("15"), Some(15));
        check("12e-3", Some("0.012"), None);
        check("1200e-2", Some("12"), Some(12));
        check("0e9", Some("0"), Some(0));
        check("0.05e1", Some("0.5"), None);
        check("1e65", None, None);
        check("1e99999999999", None, None);
    }

    #[test]
    fn what_json_does_not_write_is_no_number() {
        for text in ["", "-", "01", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "1 ", "1-", &"1".repeat(65)] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }
}
