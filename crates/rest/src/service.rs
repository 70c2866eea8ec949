//! What all requests share, and the circumstances of one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use bailiwick_accounts::Accounts;
use bailiwick_credential::{KEY_OCTETS, Vault};
use bailiwick_domain::administration::{self, Kind, Selector, Target};
use bailiwick_domain::{Context, Directory, Identity, Process, Requester, in_hashing_pool};
use zeroize::Zeroizing;

use crate::directory_fault::{self, INVALID_DN};
use crate::domain::Domain;
use crate::json::{self, Object, Value};
use crate::password::DecryptionKey;
use crate::problem::{OperationType, Problem};
use crate::query::Query;
use crate::search::Cursors;
use crate::settings::Settings;

/// What the API is built on.
#[derive(Clone)]
pub struct Parts {
    /// The directory, as this face is handed it.
    pub directory: Arc<dyn Directory>,
    /// The process it runs in.
    pub process: Arc<dyn Process>,
    /// What the host keeps, the tokens among it; none where there is no place for it.
    pub accounts: Option<Arc<Accounts>>,
    /// The key that callers encrypt passwords for; none refuses such passwords.
    pub key: Option<Arc<DecryptionKey>>,
    /// The port of LDAP that replies name.
    pub ldap_port: u16,
    /// What the administrator chose.
    pub settings: Settings,
}

pub use bailiwick_accounts::token::{Scope, Scopes};

/// The API of one directory.
pub struct Service {
    /// What it is built on.
    pub parts: Parts,
    /// The domain it serves.
    pub domain: Domain,
    /// Where searches go on. Their key is of this run, so they end with it.
    pub cursors: Cursors,
}

impl Service {
    /// Reads what the directory says of itself.
    ///
    /// # Errors
    /// It does not say which domain it holds.
    pub fn new(parts: Parts) -> Result<Service, administration::Error> {
        let system = Requester::system();
        let context = parts.process.context(&system, parts.process.next_request_id());
        let domain = Domain::read(parts.directory.as_ref(), &context)?;
        let mut key = Zeroizing::new([0; KEY_OCTETS]);
        parts.process.random()(key.as_mut_slice());
        let cursors = Cursors::new(Vault::new(&key));
        Ok(Service { parts, domain, cursors })
    }
}

/// One request of somebody who has signed in.
#[derive(Clone)]
pub struct Call {
    /// The API.
    pub service: Arc<Service>,
    /// Who asks.
    pub requester: Requester,
    /// The request's number.
    pub request_id: u64,
    /// What the request is to do, for what goes wrong before it does so.
    pub operation: OperationType,
    /// Its query.
    pub query: Query,
    /// Its head.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Call {
    /// The directory.
    pub fn directory(&self) -> &dyn Directory {
        self.service.parts.directory.as_ref()
    }

    /// The circumstances for the directory.
    pub fn context(&self) -> Context<'_> {
        self.service.parts.process.context(&self.requester, self.request_id)
    }

    /// What the administrator chose.
    pub fn settings(&self) -> &Settings {
        &self.service.parts.settings
    }

    /// A refusal of this operation by the API itself.
    pub fn refuse(&self, message: impl Into<String>) -> Problem {
        Problem::refused(400, self.operation, message)
    }

    /// A use-case that failed.
    pub fn failed(&self, error: &administration::Error) -> Problem {
        directory_fault::use_case(400, self.operation, error)
    }

    /// The body, which is an object whose names differ by more than their case.
    ///
    /// # Errors
    /// It is not.
    pub fn object(&self) -> Result<Object, Problem> {
        let object = match self.json()? {
            Value::Object(object) => object,
            _ => return Err(self.refuse("The body must be a JSON object.")),
        };
        match object.repeated_name() {
            Some(name) => Err(self.refuse("A property stands twice.").on(name)),
            None => Ok(object),
        }
    }

    /// The body.
    ///
    /// # Errors
    /// It is no JSON.
    pub fn json(&self) -> Result<Value, Problem> {
        json::read(&self.body).map_err(|error| {
            let refused = self.refuse(error.to_string());
            match error.property.is_empty() {
                true => refused,
                false => refused.on(error.property),
            }
        })
    }

    /// The text of a key that must be there and not blank.
    ///
    /// # Errors
    /// It is absent, blank or no text.
    pub fn required_text(&self, body: &mut Object, key: &str) -> Result<String, Problem> {
        self.text(body, key)?.ok_or_else(|| self.refuse(format!("The {key} field is required.")).on(key))
    }

    /// The text of a key; blank counts as absent. A number is text too.
    ///
    /// # Errors
    /// It is no text.
    pub fn text(&self, body: &mut Object, key: &str) -> Result<Option<String>, Problem> {
        let text = match body.take(key) {
            None => return Ok(None),
            Some(Value::Text(text)) => text,
            Some(Value::Number(number)) => number.as_text().to_owned(),
            Some(_) => return Err(self.refuse(format!("{key} must be a text.")).on(key)),
        };
        Ok((!text.trim().is_empty()).then_some(text))
    }

    /// The truth of a key; absent is false.
    ///
    /// # Errors
    /// It is neither true nor false.
    pub fn flag(&self, body: &mut Object, key: &str) -> Result<bool, Problem> {
        match body.take(key) {
            None => Ok(false),
            Some(Value::Boolean(truth)) => Ok(truth),
            Some(Value::Text(text)) if text.trim().eq_ignore_ascii_case("true") => Ok(true),
            Some(Value::Text(text)) if text.trim().eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(self.refuse(format!("{key} is true or false.")).on(key)),
        }
    }

    /// The name of an object in any of its forms.
    ///
    /// # Errors
    /// It looks like a DN and is none. D-58.
    pub fn selector(&self, text: &str, property: &str) -> Result<Selector, Problem> {
        let trimmed = text.trim();
        let is_malformed = trimmed.contains('=') && bailiwick_adtypes::object_name::ObjectName::parse(trimmed).is_err();
        match is_malformed {
            true => {
                let message = format!("An invalid DN syntax has been specified: {trimmed}");
                Err(self.refuse(message).on(property).code(INVALID_DN))
            }
            false => Ok(Selector::parse(trimmed)),
        }
    }

    /// The object that a text names.
    ///
    /// # Errors
    /// A malformed DN, or nothing that the caller may see has the name.
    pub fn find(&self, kind: Kind, text: &str, property: &str) -> Result<Target, Problem> {
        let selector = self.selector(text, property)?;
        administration::find(self.directory(), &self.context(), kind, &selector)
            .map_err(|error| self.failed(&error).on(property))
    }

    /// Runs work that derives keys from passwords, where such work is bounded.
    ///
    /// # Errors
    /// Too much waits already.
    pub fn hashing<T: Send + 'static>(&self, work: impl FnOnce(&Call) -> T + Send + 'static) -> Result<T, Problem> {
        let call = self.clone();
        in_hashing_pool(self.service.parts.process.as_ref(), self.owner(), move || work(&call))
            .map_err(|error| directory_fault::problem(400, self.operation, &error))
    }

    /// Whose turn it is in pools.
    fn owner(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match &self.requester.identity {
            Identity::Account { sid, .. } => sid.to_string().hash(&mut hasher),
            Identity::Anonymous | Identity::System => self.requester.address.hash(&mut hasher),
        }
        hasher.finish()
    }
}
