//! A server before anybody signed in, and how it is to be talked to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::address::Address;
use crate::answer::{self, Unread};
use crate::envelope::{EncryptionInfo, SealingKey};
use crate::error::Error;
use crate::form::{Field, Form, Parameters};
use crate::offer::{APIS, Offer, QUERY};
use crate::session::Session;
use crate::sign_in::SignIn;
use crate::transport::{Limits, Reply, Transport};
use crate::trust::Trust;

const CONNECT_MAX: Duration = Duration::from_secs(10);
const ANSWER_MAX: Duration = Duration::from_secs(60);
const ANSWER_OCTETS_MAX: usize = 16 * 1024 * 1024;
const TASK_MAX: Duration = Duration::from_secs(600);

/// A server. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client(Arc<Server>);

struct Server {
    transport: Transport,
    sealing: Sealing,
    task_max: Duration,
}

/// When secrets travel in the envelope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sealing {
    /// Over plain HTTP; within TLS they are safe already.
    #[default]
    WithoutTls,
    /// Always, such as for a server that stands behind a proxy which ends TLS.
    Always,
}

/// How a server is to be talked to.
///
/// ```no_run
/// use std::time::Duration;
/// use bailiwick_client::{Client, Trust};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder("https://dc1.example.com:5001")?
///     .trust(Trust::Pem(std::fs::read("ca.pem")?))
///     .answer_time_max(Duration::from_secs(20))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    address: Address,
    trust: Trust,
    sealing: Sealing,
    limits: Limits,
    task_max: Duration,
}

impl ClientBuilder {
    /// Whom to trust over TLS; unless said, the authorities that the system trusts.
    pub fn trust(mut self, trust: Trust) -> ClientBuilder {
        self.trust = trust;
        self
    }

    /// When secrets are sealed; unless said, over plain HTTP only.
    pub fn sealing(mut self, sealing: Sealing) -> ClientBuilder {
        self.sealing = sealing;
        self
    }

    /// How long a connection may take to stand; unless said, 10 seconds.
    pub fn connect_time_max(mut self, time: Duration) -> ClientBuilder {
        self.limits.connect = time;
        self
    }

    /// How long an answer may take, connection included; unless said, a minute.
    pub fn answer_time_max(mut self, time: Duration) -> ClientBuilder {
        self.limits.answer = time;
        self
    }

    /// How long an answer may be; unless said, 16 MiB.
    pub fn answer_octets_max(mut self, octets: usize) -> ClientBuilder {
        self.limits.answer_octets_max = octets;
        self
    }

    /// How long is waited for a task of the server where a method waits for one; unless said, 10 minutes.
    pub fn task_time_max(mut self, time: Duration) -> ClientBuilder {
        self.task_max = time;
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Trust`]: there is nobody to trust.
    pub fn build(self) -> Result<Client, Error> {
        let transport = Transport::new(self.address, &self.trust, self.limits)?;
        Ok(Client(Arc::new(Server { transport, sealing: self.sealing, task_max: self.task_max })))
    }
}

impl Client {
    /// Begins a client for a server at an address such as `https://nas.example.com:5001`.
    ///
    /// # Errors
    /// [`Error::Address`]: that is no address.
    pub fn builder(address: &str) -> Result<ClientBuilder, Error> {
        let limits = Limits { connect: CONNECT_MAX, answer: ANSWER_MAX, answer_octets_max: ANSWER_OCTETS_MAX };
        let (trust, sealing) = (Trust::default(), Sealing::default());
        Ok(ClientBuilder { address: address.parse()?, trust, sealing, limits, task_max: TASK_MAX })
    }

    /// A client with all as it is unless said otherwise.
    ///
    /// # Errors
    /// [`Error::Address`] or [`Error::Trust`].
    pub fn new(address: &str) -> Result<Client, Error> {
        Client::builder(address)?.build()
    }

    /// Where the server is.
    pub fn address(&self) -> &Address {
        self.0.transport.address()
    }

    /// Signs in.
    ///
    /// When the future is dropped before it is ready, the server may hold a session that nobody knows; it ends by itself.
    ///
    /// # Errors
    /// [`Error::Refused`] with what the server says (wrong credentials, a second factor needed, …),
    /// [`Error::Handshake`], [`Error::NotOffered`], [`Error::Envelope`], and those of the way.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<Session, Error> {
        sign_in.run(self).await
    }

    /// What the server offers of the named APIs; of all if none is named.
    ///
    /// # Errors
    /// Those of the way, and a refusal.
    pub async fn offer(&self, apis: &[&str]) -> Result<Offer, Error> {
        const API: &str = "SYNO.API.Info";
        let names = if apis.is_empty() { "all".to_owned() } else { apis.join(",") };
        let mut form = call_form(API, "query", 1);
        form.add("query", names.as_bytes());
        self.ask(QUERY, form, API, "query").await
    }

    /// What the server offers of what this crate calls.
    pub(crate) async fn known_offer(&self) -> Result<Offer, Error> {
        self.offer(&APIS).await
    }

    /// The key under which secrets are sealed now. It is asked for anew each time, because it carries the time.
    async fn sealing_key(&self, offer: &Offer) -> Result<SealingKey, Error> {
        const API: &str = "SYNO.API.Encryption";
        let mut form = call_form(API, "getinfo", offer.version(API, 1)?);
        form.add("format", b"module");
        let info: EncryptionInfo = self.ask(offer.path(API), form, API, "getinfo").await?;
        Ok(SealingKey::read(&info)?)
    }

    /// Puts parameters into a form: secret ones in the envelope where that is called for.
    pub(crate) async fn fill(&self, form: &mut Form, parameters: &Parameters, offer: &Offer) -> Result<(), Error> {
        let is_sealed = |field: &Field| field.is_secret && self.seals();
        let mut inner = Form::default();
        for field in parameters.fields() {
            let place = if is_sealed(field) { &mut inner } else { &mut *form };
            place.add(&field.name, field.text.as_ref());
        }
        if parameters.fields().iter().any(is_sealed) {
            let key = self.sealing_key(offer).await?;
            form.add(key.field(), key.seal(inner.octets())?.as_bytes());
        }
        Ok(())
    }

    /// Sends a form and reads the data of the answer.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        form: Form,
        api: &str,
        method: &str,
    ) -> Result<T, Error> {
        let reply = self.post(path, form, HeaderMap::new()).await?;
        read(&reply.body, api, method)
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, form: Form, headers: HeaderMap) -> Result<Reply, Error> {
        self.0.transport.post(path, form, headers).await
    }

    /// How long is waited for a task.
    pub(crate) fn task_max(&self) -> Duration {
        self.0.task_max
    }

    fn seals(&self) -> bool {
        self.0.sealing == Sealing::Always || !self.address().is_secure()
    }
}

/// A form that begins with what is to be called.
pub(crate) fn call_form(api: &str, method: &str, version: u32) -> Form {
    let mut form = Form::default();
    form.add("api", api.as_bytes());
    form.add("method", method.as_bytes());
    form.add("version", version.to_string().as_bytes());
    form
}

/// Reads the data of an answer.
pub(crate) fn read<T: DeserializeOwned>(body: &Bytes, api: &str, method: &str) -> Result<T, Error> {
    answer::read(body, api, method).map_err(|unread| name(unread, api, method))
}

/// Reads an answer whose data does not matter.
pub(crate) fn read_nothing(body: &Bytes, api: &str, method: &str) -> Result<(), Error> {
    answer::read_nothing(body, api, method).map_err(|unread| name(unread, api, method))
}

/// Says of which call an answer could not be read.
fn name(unread: Unread, api: &str, method: &str) -> Error {
    match unread {
        Unread::Refused(refused) => Error::Refused(refused),
        Unread::Fault(fault) => Error::Answer { api: api.to_owned(), method: method.to_owned(), fault },
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("address", &self.address().to_string()).finish_non_exhaustive()
    }
}
