//! Somebody who signed in.

use std::fmt;
use std::sync::Arc;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use crate::client::{Client, call_form, read, read_nothing};
use crate::directory::Directory;
use crate::error::Error;
use crate::form::Parameters;
use crate::handshake::Binding;
use crate::offer::Offer;
use crate::secret::Secret;
use crate::transport::Reply;
use crate::user::Users;

const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-syno-token");
/// The name in lower case, as `HeaderName` wants it; header names mean the same in any case.
const HASH_HEADER: HeaderName = HeaderName::from_static("x-syno-hash");

/// A session. Cheap to clone; clones may be used at the same time from any task.
///
/// Every call is one request, or two when a secret must be sealed first. Dropping the future of a call gives up the
/// answer and leaves the session whole; whether the server carried the call out is then unknown.
///
/// The server keeps a session that is merely dropped until it expires: end it with [`Session::sign_out`].
#[derive(Clone)]
pub struct Session(Arc<Signed>);

/// What sign-in brought.
pub(crate) struct Signed {
    pub client: Client,
    pub offer: Offer,
    /// The version of the sign-in, which sign-out repeats.
    pub version: u32,
    pub sid: Secret,
    pub token: Option<HeaderValue>,
    pub binding: Option<Binding>,
    pub account: String,
    pub device: Option<Secret>,
}

impl Session {
    pub(crate) fn new(signed: Signed) -> Session {
        Session(Arc::new(signed))
    }

    /// The domain: the methods of the page "DirectoryServer".
    pub fn directory(&self) -> Directory<'_> {
        Directory::new(self)
    }

    /// The host's own users: the methods of the page "User".
    pub fn users(&self) -> Users<'_> {
        Users::new(self)
    }

    /// The account's name, as the server writes it.
    pub fn account(&self) -> &str {
        &self.0.account
    }

    /// What makes a second factor unnecessary at the next sign-in from here, where the server gave something.
    pub fn device(&self) -> Option<&Secret> {
        self.0.device.as_ref()
    }

    /// Whether the handshake of DSM 7 binds the session, so that stolen ids are worth nothing.
    pub fn is_bound(&self) -> bool {
        self.0.binding.is_some()
    }

    /// What the server offers of what this crate calls.
    pub fn offer(&self) -> &Offer {
        &self.0.offer
    }

    /// Calls any method and reads its data. For APIs that this crate has no method for.
    ///
    /// ```no_run
    /// # async fn example(session: &bailiwick_client::Session) -> Result<(), bailiwick_client::Error> {
    /// use bailiwick_client::Parameters;
    ///
    /// let parameters = Parameters::new().json("type", "local").json("name_only", true);
    /// let groups: serde_json::Value = session.call("SYNO.Core.Group", "list", 1, &parameters).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Answer`] when the data has another shape, and those of the way.
    pub async fn call<T: DeserializeOwned>(
        &self,
        api: &str,
        method: &str,
        version: u32,
        parameters: &Parameters,
    ) -> Result<T, Error> {
        let reply = self.send(api, method, version, parameters).await?;
        read(&reply.body, api, method)
    }

    /// Calls any method that brings no data, or none that matters.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn run(&self, api: &str, method: &str, version: u32, parameters: &Parameters) -> Result<(), Error> {
        let reply = self.send(api, method, version, parameters).await?;
        read_nothing(&reply.body, api, method)
    }

    /// Calls a method of an API that sign-in asked about, in the wanted version or a lower one.
    pub(crate) async fn call_offered<T: DeserializeOwned>(
        &self,
        api: &str,
        method: &str,
        version: u32,
        parameters: &Parameters,
    ) -> Result<T, Error> {
        self.call(api, method, self.0.offer.version(api, version)?, parameters).await
    }

    /// The same for a method without data.
    pub(crate) async fn run_offered(
        &self,
        api: &str,
        method: &str,
        version: u32,
        parameters: &Parameters,
    ) -> Result<(), Error> {
        self.run(api, method, self.0.offer.version(api, version)?, parameters).await
    }

    async fn send(&self, api: &str, method: &str, version: u32, parameters: &Parameters) -> Result<Reply, Error> {
        let Signed { client, offer, sid, token, binding, .. } = &*self.0;
        let mut form = call_form(api, method, version);
        form.add("_sid", sid.expose().as_bytes());
        client.fill(&mut form, parameters, offer).await?;
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            headers.insert(TOKEN_HEADER, token.clone());
        }
        if let Some(binding) = binding {
            let hash = HeaderValue::try_from(binding.next_hash()?);
            headers.insert(HASH_HEADER, hash.expect("a hash is made of letters that fit a header"));
        }
        client.post(offer.path(api), form, headers).await
    }

    /// Ends the session on the server; clones of it are of no more use.
    ///
    /// # Errors
    /// Those of the way. The server knows no refusal here.
    pub async fn sign_out(self) -> Result<(), Error> {
        self.run("SYNO.API.Auth", "logout", self.0.version, &Parameters::new().raw("session", "webui")).await
    }

    /// The client it was made with.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("address", &self.0.client.address().to_string())
            .field("account", &self.0.account)
            .field("is_bound", &self.is_bound())
            .finish_non_exhaustive()
    }
}
