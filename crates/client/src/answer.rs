//! What the web API answers: `{"data": …, "success": true}` or `{"error": {"code": …}, "success": false}`.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use crate::refusal::Refused;

/// Why a text is no answer. It tells where, and nothing of the text, which may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerFault {
    /// It is not JSON.
    NotJson {
        /// Where reading stopped, from 1.
        line: usize,
        /// Where reading stopped, from 1.
        column: usize,
    },
    /// It is JSON of another shape than the call has.
    UnexpectedShape {
        /// Where reading stopped, from 1; 0 when this is not known.
        line: usize,
        /// Where reading stopped, from 1; 0 when this is not known.
        column: usize,
    },
    /// It tells neither success nor the number of an error.
    NoVerdict,
    /// It says that all went well, and what the call should give is not there.
    NoData,
}

/// The verdict of an answer: the parts that every answer has.
#[derive(Deserialize)]
struct Verdict {
    #[serde(default)]
    success: Option<bool>,
    #[serde(default)]
    error: Option<Failure>,
}

#[derive(Deserialize)]
pub(crate) struct Failure {
    pub code: i64,
    #[serde(default)]
    pub errors: Option<Value>,
}

/// The rest of a successful answer.
#[derive(Deserialize)]
struct Body<T> {
    data: Option<T>,
}

/// Reads the answer to a call that brings data.
///
/// # Errors
/// [`Unread::Refused`]: the server said no. [`Unread::Fault`]: the text is no answer to such a call.
pub fn read<T: DeserializeOwned>(text: &[u8], api: &str, method: &str) -> Result<T, Unread> {
    read_nothing(text, api, method)?;
    let body: Body<T> = parse(text)?;
    body.data.ok_or(Unread::Fault(AnswerFault::NoData))
}

/// Reads the answer to a call that brings no data, or none that matters.
///
/// # Errors
/// As [`read`] has them.
pub fn read_nothing(text: &[u8], api: &str, method: &str) -> Result<(), Unread> {
    match parse(text)? {
        Verdict { success: Some(true), error: None } => Ok(()),
        Verdict { error: Some(failure), .. } => {
            Err(Unread::Refused(Refused::read(api, method, failure.code, failure.errors.as_ref())))
        }
        Verdict { error: None, .. } => Err(Unread::Fault(AnswerFault::NoVerdict)),
    }
}

/// Why an answer gives no value.
#[derive(Debug)]
pub enum Unread {
    /// The server said no.
    Refused(Refused),
    /// The text is no answer.
    Fault(AnswerFault),
}

/// Reads a part of an answer that was read before.
pub(crate) fn read_part<T: DeserializeOwned>(part: Value) -> Result<T, AnswerFault> {
    T::deserialize(part).map_err(|error| AnswerFault::from(&error))
}

fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unread> {
    serde_json::from_slice(text).map_err(|error| Unread::Fault(AnswerFault::from(&error)))
}

impl From<&serde_json::Error> for AnswerFault {
    /// The words of `error` are left behind, because they quote the text.
    fn from(error: &serde_json::Error) -> AnswerFault {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Data => AnswerFault::UnexpectedShape { line, column },
            Category::Io | Category::Syntax | Category::Eof => AnswerFault::NotJson { line, column },
        }
    }
}

impl From<AnswerFault> for Unread {
    fn from(fault: AnswerFault) -> Unread {
        Unread::Fault(fault)
    }
}

impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnswerFault::NotJson { line, column } => {
                write!(f, "the answer is not JSON at line {line}, column {column}")
            }
            AnswerFault::UnexpectedShape { line: 0, .. } => f.write_str("the answer has another shape than expected"),
            AnswerFault::UnexpectedShape { line, column } => {
                write!(f, "the answer has another shape than expected at line {line}, column {column}")
            }
            AnswerFault::NoVerdict => f.write_str("the answer tells neither success nor an error"),
            AnswerFault::NoData => f.write_str("the answer lacks the data that it should bring"),
        }
    }
}

impl std::error::Error for AnswerFault {}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "SYNO.Core.User";

    fn check<T: DeserializeOwned + fmt::Debug>(text: &str, expected: &str) {
        check_read(read::<T>(text.as_bytes(), API, "get"), text, expected);
    }

    fn check_read<T: fmt::Debug>(read: Result<T, Unread>, text: &str, expected: &str) {
        let found = match read {
            Ok(value) => format!("{value:?}"),
            Err(Unread::Refused(refused)) => format!("code {}", refused.code),
            Err(Unread::Fault(fault)) => format!("{fault:?}"),
        };
        assert_eq!(found, expected, "{text:.100}");
    }

    #[test]
    fn success_gives_the_data() {
        check::<Vec<String>>(r#"{"data":["root","admin"],"success":true}"#, r#"["root", "admin"]"#);
        check::<u8>(r#"{"api":"x","data":7,"method":"get","success":true,"version":1}"#, "7");
    }

    #[test]
    fn a_method_without_data_may_have_some() {
        for text in [r#"{"success":true}"#, r#"{"data":{},"success":true}"#, r#"{"data":null,"success":true}"#] {
            check_read(read_nothing(text.as_bytes(), API, "set"), text, "()");
        }
    }

    #[test]
    fn a_failure_gives_its_number() {
        check::<u8>(r#"{"error":{"code":105},"success":false}"#, "code 105");
        check::<u8>(r#"{"error":{"code":403,"errors":{"token":"x"}},"success":false,"data":"x"}"#, "code 403");
    }

    #[test]
    fn an_error_beats_a_claim_of_success() {
        check::<u8>(r#"{"data":1,"error":{"code":105},"success":true}"#, "code 105");
    }

    #[test]
    fn what_is_no_answer_is_told_by_its_place() {
        check::<u8>("<html>", "NotJson { line: 1, column: 1 }");
        check::<u8>("", "NotJson { line: 1, column: 0 }");
        check::<u8>("{\"success\":true,\n\"data\":", "NotJson { line: 2, column: 7 }");
        check::<u8>(r#"{"data":1,"success":true} x"#, "NotJson { line: 1, column: 27 }");
        check::<u8>(r#"{"data":"hunter2","success":true}"#, "UnexpectedShape { line: 1, column: 17 }");
        check::<u8>(r#"{"success":true}"#, "NoData");
        check::<u8>(r#"{"success":false}"#, "NoVerdict");
        check::<u8>("{}", "NoVerdict");
        check::<u8>(&"[".repeat(100_000), "UnexpectedShape { line: 1, column: 1 }");
        let nested = format!(r#"{{"data":{}{},"success":true}}"#, "[".repeat(1000), "]".repeat(1000));
        check::<Value>(&nested, "NotJson { line: 1, column: 135 }");
    }
}
