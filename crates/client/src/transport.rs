//! Requests over HTTP: a form goes out, an answer of bounded length comes back in bounded time.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, SET_COOKIE, USER_AGENT};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::address::Address;
use crate::error::Error;
use crate::form::Form;
use crate::trust::Trust;

/// How long and how much at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For a connection to stand.
    pub connect: Duration,
    /// For an answer to be there, connection included.
    pub answer: Duration,
    /// The octets of an answer.
    pub answer_octets_max: usize,
}

/// A server that can be talked to. Connections are kept and used again.
pub(crate) struct Transport {
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    address: Address,
    limits: Limits,
}

/// What came back.
pub(crate) struct Reply {
    pub body: Bytes,
    headers: HeaderMap,
}

/// The folder's own name and version, so that an administrator sees in a log who called.
const AGENT: &str = concat!("bailiwick-client/", env!("CARGO_PKG_VERSION"));
/// Connections that wait for the next call.
const IDLE_CONNECTIONS_MAX: usize = 8;
/// Shorter than servers keep them, so that a call seldom meets a connection that is just being closed.
const IDLE_MAX: Duration = Duration::from_secs(20);
/// What the head of an answer may be long.
const HEAD_OCTETS_MAX: usize = 64 * 1024;

impl Transport {
    /// Prepares connections; none is made yet.
    ///
    /// # Errors
    /// There is nobody to trust.
    pub fn new(address: Address, trust: &Trust, limits: Limits) -> Result<Transport, Error> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(limits.connect));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust.client_config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let http = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .pool_idle_timeout(IDLE_MAX)
            .http1_max_buf_size(HEAD_OCTETS_MAX)
            .build(connector);
        Ok(Transport { http, address, limits })
    }

    /// Where it talks to.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a form to a path below `/webapi/`, and waits for the whole answer.
    ///
    /// Dropping the future closes the connection if the answer is not there yet.
    ///
    /// # Errors
    /// Those of the way: `Connect`, `Transport`, `TimedOut`, `Status`, `LongAnswer`.
    pub async fn post(&self, path: &str, form: Form, headers: HeaderMap) -> Result<Reply, Error> {
        let exchange = self.exchange(path, form, headers);
        let limit = self.limits.answer;
        tokio::time::timeout(limit, exchange).await.unwrap_or(Err(Error::TimedOut { after: limit }))
    }

    async fn exchange(&self, path: &str, form: Form, headers: HeaderMap) -> Result<Reply, Error> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.address.url(path))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .header(USER_AGENT, HeaderValue::from_static(AGENT))
            .body(Full::new(Bytes::from_owner(form.into_octets())));
        let mut request = request.map_err(|error| Error::Transport(error.into()))?;
        request.headers_mut().extend(headers);
        let response = self.http.request(request).await.map_err(|error| {
            if error.is_connect() { Error::Connect(error.into()) } else { Error::Transport(error.into()) }
        })?;
        let (head, body) = response.into_parts();
        if head.status != StatusCode::OK {
            return Err(Error::Status(head.status.as_u16()));
        }
        let octets_max = self.limits.answer_octets_max;
        let body = Limited::new(body, octets_max).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { Error::LongAnswer { octets_max } } else { Error::Transport(error) }
        })?;
        Ok(Reply { body: body.to_bytes(), headers: head.headers })
    }
}

impl Reply {
    /// The value of a cookie that the server sets.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookies.filter_map(|cookie| read_cookie(cookie, name)).next()
    }
}

/// The value of a `Set-Cookie` header, if it is for this name. RFC 6265 section 5.2.
fn read_cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let pair = header.split(';').next()?;
    let (found, value) = pair.split_once('=')?;
    (found.trim() == name).then(|| value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_name() {
        let check = |header, expected| assert_eq!(read_cookie(header, "_SSID"), expected, "{header}");
        check("_SSID=abc; path=/; HttpOnly", Some("abc"));
        check("_SSID = \"abc\"", Some("abc"));
        check("_SSID=", Some(""));
        check("id=abc; _SSID=x", None);
        check("_SSID", None);
        check("", None);
    }
}
