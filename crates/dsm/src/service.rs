//! The face as a whole: what it is built from, and the way of one request through it. Specification sections 1.1 and 1.7.

use std::sync::Arc;

use bailiwick_accounts::{Accounts, Gate};
use bailiwick_domain::{Directory, Process, Requester, Witness};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use parking_lot::Mutex;
use zeroize::Zeroizing;

use crate::call::{self, Outcome};
use crate::catalog::Family;
use crate::envelope::{self, EnvelopeKey};
use crate::error_code::{BAD_REQUEST, Fault, UNKNOWN};
use crate::exchange::Exchange;
use crate::halfway::Halfway;
use crate::handshake::{self, Responder};
use crate::parameters::{Fields, Form, Malformed, Parameters, Wrong};
use crate::reply;

/// The longest query string, in octets.
const QUERY_OCTETS_MAX: usize = 16 * 1024;
/// The largest body, in octets.
const BODY_OCTETS_MAX: usize = 4 * 1024 * 1024;
/// The paths that all lead to the same place.
const PATHS: [&str; 4] = ["entry.cgi", "query.cgi", "auth.cgi", "encryption.cgi"];
/// Octets of the private key of the handshake.
const HANDSHAKE_KEY_OCTETS: usize = 32;

/// What the face is built from.
pub struct Parts {
    /// The directory, as this face is handed it.
    pub directory: Arc<dyn Directory>,
    /// The process it runs in.
    pub process: Arc<dyn Process>,
    /// What the host keeps.
    pub accounts: Arc<Accounts>,
    /// Hears of what is done to the host's own accounts; what is done to the directory it hears from that.
    pub witness: Option<Arc<dyn Witness>>,
    /// Runs work beside requests, on a thread that may block.
    pub background: Background,
    /// What links in letters begin with: scheme, host and port.
    pub public_url: String,
}

/// Runs work beside requests.
pub type Background = Box<dyn Fn(Box<dyn FnOnce() + Send>) + Send + Sync>;

/// The face.
pub struct Dsm {
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) process: Arc<dyn Process>,
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) witness: Option<Arc<dyn Witness>>,
    pub(crate) halfway: Halfway,
    pub(crate) background: Background,
    pub(crate) public_url: String,
    /// Made or read when they are first asked for: the first one takes a second to make.
    envelope: Mutex<Option<Arc<EnvelopeKey>>>,
    responder: Mutex<Option<Arc<Responder>>>,
}

impl Dsm {
    /// The face of these parts.
    pub fn new(parts: Parts) -> Dsm {
        let Parts { directory, process, accounts, witness, background, public_url } = parts;
        Dsm {
            directory,
            process,
            accounts,
            witness,
            halfway: Halfway::default(),
            background,
            public_url,
            envelope: Mutex::default(),
            responder: Mutex::default(),
        }
    }

    /// Answers a request. `from` is nobody yet, from an address, by a connection. Blocks.
    pub fn answer(&self, request: &Request<Vec<u8>>, from: &Requester) -> Response<Vec<u8>> {
        let Some(suffix) = suffix(request.uri().path()) else { return plain(StatusCode::NOT_FOUND, "no such path\n") };
        if request.method() != Method::GET && request.method() != Method::POST {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "GET and POST\n");
        }
        let mut form = match fields(request) {
            Ok((query, body)) => Form { query, body, inner: Fields::default(), suffix },
            Err(Malformed) => return reply::response(Family::Other, Err(Fault::Code(BAD_REQUEST))),
        };
        let request_id = self.process.next_request_id();
        match self.opened(&form, from, request_id) {
            Ok(inner) => form.inner = inner,
            Err(fault) => return reply::response(Family::Api, Err(fault)),
        }
        let parameters = Parameters::Form(form);
        let exchange = Exchange::new(self, from, request_id, request.headers(), &parameters);
        let Outcome { family, result, .. } = call::dispatch(&exchange, &parameters, 0);
        reply::response(family, result)
    }

    /// Where people sign in.
    pub(crate) fn gate(&self) -> Gate<'_> {
        Gate { accounts: &self.accounts, directory: &self.directory, process: &self.process }
    }

    /// The fields of the envelope, if one came. Whatever is wrong with it, the answer is the same.
    fn opened(&self, form: &Form, from: &Requester, request_id: u64) -> Result<Fields, Fault> {
        let sealed = [&form.body, &form.query].into_iter().find_map(|fields| fields.last(envelope::FIELD));
        let Some(sealed) = sealed.filter(|text| !text.is_empty()) else { return Ok(Fields::default()) };
        let key = self.envelope_key(from, request_id)?;
        key.open(sealed, self.process.now(), self.process.random()).map_err(|_| {
            let outer = |name: &str| form.body.last(name).or(form.query.last(name)).or(form.suffix.as_deref());
            match (outer("api"), outer("method")) {
                (Some("SYNO.API.Auth"), Some("login")) => Fault::Code(400),
                _ => Fault::Parameter(Wrong::condition(envelope::FIELD)),
            }
        })
    }

    /// The key of envelopes.
    pub(crate) fn envelope_key(&self, from: &Requester, request_id: u64) -> Result<Arc<EnvelopeKey>, Fault> {
        let mut kept = self.envelope.lock();
        if let Some(key) = kept.as_ref() {
            return Ok(Arc::clone(key));
        }
        let stored = self.host_key(from, request_id, envelope::KEY_NAME, EnvelopeKey::make)?;
        let key = Arc::new(EnvelopeKey::from_stored(&stored).ok_or(Fault::Code(UNKNOWN))?);
        *kept = Some(Arc::clone(&key));
        Ok(key)
    }

    /// The server's side of the handshake.
    pub(crate) fn responder(&self, from: &Requester, request_id: u64) -> Result<Arc<Responder>, Fault> {
        let mut kept = self.responder.lock();
        if let Some(responder) = kept.as_ref() {
            return Ok(Arc::clone(responder));
        }
        let stored = self.host_key(from, request_id, handshake::KEY_NAME, || {
            let mut key = Zeroizing::new(vec![0; HANDSHAKE_KEY_OCTETS]);
            (self.process.random())(&mut key);
            Some(key)
        })?;
        let responder = Arc::new(Responder::new(&stored).ok_or(Fault::Code(UNKNOWN))?);
        *kept = Some(Arc::clone(&responder));
        Ok(responder)
    }

    fn host_key(
        &self,
        from: &Requester,
        request_id: u64,
        name: &'static str,
        make: impl FnOnce() -> Option<Zeroizing<Vec<u8>>>,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        self.accounts.keys.read_or_make(&self.process.context(from, request_id), name, make).map_err(|error| {
            tracing::error!(?error, key = name, "a key of the DSM web API cannot be had");
            Fault::Code(UNKNOWN)
        })
    }
}

/// The answer to a request whose body is too large to be read. Specification section 1.10.
pub fn too_large() -> Response<Vec<u8>> {
    reply::response(Family::Other, Err(Fault::Code(BAD_REQUEST)))
}

/// The API that a path names behind its last part; the outer `None` is for paths that lead nowhere.
fn suffix(path: &str) -> Option<Option<String>> {
    let rest = path.strip_prefix("/webapi/")?;
    let (file, suffix) = rest.split_once('/').map_or((rest, None), |(file, suffix)| (file, Some(suffix)));
    PATHS.contains(&file).then(|| suffix.filter(|suffix| !suffix.is_empty()).map(str::to_owned))
}

/// The fields of query and body.
fn fields(request: &Request<Vec<u8>>) -> Result<(Fields, Fields), Malformed> {
    let query = request.uri().query().unwrap_or_default();
    if query.len() > QUERY_OCTETS_MAX || request.body().len() > BODY_OCTETS_MAX {
        return Err(Malformed);
    }
    let content_type =
        request.headers().get(CONTENT_TYPE).map_or(Ok(""), HeaderValue::to_str).map_err(|_| Malformed)?;
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let body = match kind.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => Fields::from_form(request.body())?,
        "multipart/form-data" => {
            let boundary = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("boundary="));
            Fields::from_multipart(request.body(), boundary.ok_or(Malformed)?.trim_matches('"'))?
        }
        // JSON, and whatever else, is no source of parameters.
        _ => Fields::default(),
    };
    Ok((Fields::from_form(query.as_bytes())?, body))
}

fn plain(status: StatusCode, text: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(text.as_bytes().to_vec());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_paths_lead_here_and_may_name_an_api() {
        for (path, expected) in [
            ("/webapi/entry.cgi", Some(None)),
            ("/webapi/auth.cgi/", Some(None)),
            ("/webapi/entry.cgi/SYNO.API.Info", Some(Some("SYNO.API.Info".to_owned()))),
            ("/webapi/other.cgi", None),
            ("/entry.cgi", None),
        ] {
            assert_eq!(suffix(path), expected, "{path}");
        }
    }
}
