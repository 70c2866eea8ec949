//! Answers on their way out.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::json::{Object, Value};
use crate::problem::Problem;
use crate::sign_in::challenges;

/// The media type of every body.
pub const JSON_TYPE: &str = "application/json; charset=utf-8";

/// An answer that is a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// The version of the object that it is about.
    pub tag: Option<String>,
}

impl Reply {
    /// An operation that was done. Section 3.1.
    pub fn done(status: u16, dn: Option<String>, message: impl Into<String>) -> Reply {
        let mut body = Object::new();
        if let Some(dn) = dn {
            body.push("dn", dn);
        }
        body.push("success", true);
        body.push("message", message.into());
        Reply { status, body: body.into(), tag: None }
    }

    /// The same about an object at this version.
    #[must_use]
    pub fn tagged(self, usn: i64) -> Reply {
        Reply { tag: Some(tag(usn)), ..self }
    }
}

/// The entity tag of an object: its uSNChanged in quotes. RFC 9110 section 8.8.3.
pub fn tag(usn: i64) -> String {
    format!("\"{usn}\"")
}

/// A success or a problem, for the wire.
pub fn respond(result: Result<Reply, Problem>, realm: &str, request_id: Option<u64>) -> Response {
    let (status, body, tag, challenge) = match &result {
        Ok(reply) => (reply.status, reply.body.to_string(), reply.tag.as_deref(), false),
        Err(problem) => (problem.status, problem.body().to_string(), None, problem.challenge),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let fixed = [(header::CONTENT_TYPE, JSON_TYPE), (header::CACHE_CONTROL, "no-store")];
    let mut response = (status, fixed, body).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(name, value);
        }
    };
    if let Some(tag) = tag {
        set(header::ETAG, tag);
    }
    if let Some(id) = request_id {
        set(header::HeaderName::from_static("x-request-id"), &id.to_string());
    }
    if challenge {
        for challenge in challenges(realm) {
            set(header::WWW_AUTHENTICATE, &challenge);
        }
    }
    response
}
