//! What a method answers, and how that looks on the wire. Specification section 1.6.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, HeaderValue, PRAGMA, SET_COOKIE, X_CONTENT_TYPE_OPTIONS};
use serde_json::{Map, Value, json};

use crate::catalog::Family;
use crate::error_code::Fault;

/// What a method answers.
#[derive(Debug, Default)]
pub struct Reply {
    /// The data; none for a method that is documented without.
    pub data: Option<Value>,
    /// Cookies to set, whole header values.
    pub cookies: Vec<String>,
}

impl Reply {
    /// It is done, and there is nothing to say.
    pub fn done() -> Reply {
        Reply::default()
    }

    /// An answer with data.
    pub fn data(data: Value) -> Reply {
        Reply { data: Some(data), cookies: Vec::new() }
    }

    /// The same with a cookie.
    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> Reply {
        self.cookies.push(cookie);
        self
    }
}

/// The members of an outcome: `success` with `data` or `error`.
pub(crate) fn members(family: Family, outcome: Result<&Reply, &Fault>) -> Map<String, Value> {
    let mut members = Map::new();
    match outcome {
        Ok(reply) => {
            if let Some(data) = &reply.data {
                members.insert("data".to_owned(), data.clone());
            }
        }
        Err(fault) => {
            let (code, errors) = fault.on_the_wire(family);
            let mut error = Map::from_iter([("code".to_owned(), json!(code))]);
            if let Some(errors) = errors {
                error.insert("errors".to_owned(), errors);
            }
            members.insert("error".to_owned(), Value::Object(error));
        }
    }
    members.insert("success".to_owned(), json!(outcome.is_ok()));
    members
}

/// The HTTP answer: always 200 once a path is known.
pub(crate) fn response(family: Family, outcome: Result<Reply, Fault>) -> http::Response<Vec<u8>> {
    let body = Value::Object(members(family, outcome.as_ref())).to_string().into_bytes();
    let mut response = http::Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=\"UTF-8\""));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("max-age=0, no-cache, no-store, must-revalidate"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(EXPIRES, HeaderValue::from_static("0"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("x-xss-protection", HeaderValue::from_static("1; mode=block"));
    for cookie in outcome.iter().flat_map(|reply| &reply.cookies) {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            headers.append(SET_COOKIE, value);
        }
    }
    response
}
