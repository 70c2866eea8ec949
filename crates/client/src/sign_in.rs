//! Signing in to DSM 6 and 7: the envelope, the handshake, one-time codes and remembered devices.

use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{HeaderMap, HeaderValue};
use serde::Deserialize;

use crate::answer::AnswerFault;
use crate::client::{Client, call_form, read};
use crate::error::Error;
use crate::form::Parameters;
use crate::handshake::{Binding, Handshake, HandshakeFault, KEY_COOKIE, ServerKey};
use crate::offer::Offer;
use crate::secret::Secret;
use crate::session::{Session, Signed};

const AUTH: &str = "SYNO.API.Auth";
const CONFIGURATION: &str = "SYNO.API.Auth.UIConfig";
/// The version from which on the sign-in carries a handshake.
const HANDSHAKE_VERSION: u32 = 7;
/// The version of a sign-in to DSM 6.
const DSM_6_VERSION: u32 = 6;

/// Who signs in, and how.
///
/// ```
/// use bailiwick_client::{Handshaking, Secret, SignIn};
///
/// let sign_in = SignIn::new("EXAMPLE\\jdoe", Secret::new("Swordfish-77"))
///     .one_time_code("123456")
///     .remember_device("laptop")
///     .handshaking(Handshaking::Required);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SignIn {
    account: String,
    password: Secret,
    one_time_code: Option<Secret>,
    device: Option<Secret>,
    device_name: Option<String>,
    remember_device: bool,
    stay: bool,
    dsm: Dsm,
    handshaking: Handshaking,
}

/// Whose manner of signing in is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dsm {
    /// The newest that the server offers.
    #[default]
    Newest,
    /// That of DSM 6, which knows no handshake. Older servers are met in their own version.
    Six,
    /// That of DSM 7.
    Seven,
}

/// Whether the handshake of DSM 7 is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Handshaking {
    /// When the server takes part in it.
    #[default]
    WhenOffered,
    /// Always; without it the sign-in fails.
    Required,
    /// Not at all.
    Never,
}

/// What a server answers to a sign-in.
#[derive(Deserialize)]
#[non_exhaustive]
pub struct SignedIn {
    /// The session's id.
    pub sid: Secret,
    /// The token that every request carries, so that no other page can make a browser send one.
    #[serde(default)]
    pub synotoken: Option<Secret>,
    /// The account's own name.
    #[serde(default)]
    pub account: Option<String>,
    /// What makes a second factor unnecessary next time.
    #[serde(default)]
    pub device_id: Option<Secret>,
    /// The same, as older servers name it.
    #[serde(default)]
    pub did: Option<Secret>,
    /// The server's part of the handshake.
    #[serde(default)]
    pub ik_message: Option<String>,
}

impl SignIn {
    /// An account with its password. A domain account is `EXAMPLE\jdoe` or `jdoe@example.com`.
    pub fn new(account: impl Into<String>, password: Secret) -> SignIn {
        SignIn {
            account: account.into(),
            password,
            one_time_code: None,
            device: None,
            device_name: None,
            remember_device: false,
            stay: false,
            dsm: Dsm::default(),
            handshaking: Handshaking::default(),
        }
    }

    /// The six digits of the second factor, or an emergency code.
    pub fn one_time_code(mut self, code: impl Into<Secret>) -> SignIn {
        self.one_time_code = Some(code.into());
        self
    }

    /// A device that an earlier sign-in remembered ([`Session::device`]), so that no code is needed.
    pub fn device(mut self, device: Secret) -> SignIn {
        self.device = Some(device);
        self
    }

    /// Asks the server to remember this device under a name after a successful code.
    pub fn remember_device(mut self, name: impl Into<String>) -> SignIn {
        self.device_name = Some(name.into());
        self.remember_device = true;
        self
    }

    /// Asks for a session that outlives a long silence.
    pub fn stay(mut self) -> SignIn {
        self.stay = true;
        self
    }

    /// Whose manner of signing in is used; unless said, the newest that the server offers.
    pub fn dsm(mut self, dsm: Dsm) -> SignIn {
        self.dsm = dsm;
        self
    }

    /// Whether the handshake is used; unless said, when the server takes part in it.
    pub fn handshaking(mut self, handshaking: Handshaking) -> SignIn {
        self.handshaking = handshaking;
        self
    }

    /// Goes through the whole of it.
    pub(crate) async fn run(self, client: &Client) -> Result<Session, Error> {
        let offer = client.known_offer().await?;
        let version = self.version(&offer)?;
        let (handshake, message) = self.begin_handshake(client, &offer, version).await?.unzip();
        let mut form = call_form(AUTH, "login", version);
        form.add("enable_syno_token", b"yes");
        form.add("client", b"browser");
        if let Some(message) = message {
            form.add("ik_message", message.as_bytes());
        }
        client.fill(&mut form, &self.parameters(), &offer).await?;
        let reply = client.post(offer.path(AUTH), form, HeaderMap::new()).await?;
        let answer: SignedIn = read(&reply.body, AUTH, "login")?;
        let binding = self.finish_handshake(handshake, answer.ik_message.as_deref());
        let (binding, fault) = match binding {
            Ok(binding) => (binding, None),
            Err(fault) => (None, Some(fault)),
        };
        let device = [answer.device_id, answer.did].into_iter().flatten().find(|device| !device.is_empty());
        let session = Session::new(Signed {
            client: client.clone(),
            offer,
            version,
            sid: answer.sid,
            token: header_value(answer.synotoken.as_ref())?,
            binding,
            account: answer.account.unwrap_or(self.account),
            device,
        });
        let Some(fault) = fault else { return Ok(session) };
        // The server did sign us in, so the session must not stay. Why it is given up is what the caller must know.
        let _ = session.sign_out().await;
        Err(fault.into())
    }

    fn version(&self, offer: &Offer) -> Result<u32, Error> {
        let version = offer.version(AUTH, if self.dsm == Dsm::Six { DSM_6_VERSION } else { HANDSHAKE_VERSION })?;
        if self.dsm == Dsm::Seven && version < HANDSHAKE_VERSION {
            return Err(Error::NotOffered { api: AUTH.to_owned() });
        }
        Ok(version)
    }

    /// Our part of the handshake, when there is to be one.
    async fn begin_handshake(
        &self,
        client: &Client,
        offer: &Offer,
        version: u32,
    ) -> Result<Option<(Handshake, String)>, Error> {
        let is_required = self.handshaking == Handshaking::Required;
        let is_possible = version >= HANDSHAKE_VERSION && offer.api(CONFIGURATION).is_some();
        if self.handshaking == Handshaking::Never || (!is_possible && !is_required) {
            return Ok(None);
        }
        if !is_possible {
            return Err(HandshakeFault::NotOffered.into());
        }
        let form = call_form(CONFIGURATION, "get", offer.version(CONFIGURATION, 1)?);
        let reply = client.post(offer.path(CONFIGURATION), form, HeaderMap::new()).await?;
        let Some(cookie) = reply.cookie(KEY_COOKIE) else {
            return if is_required { Err(HandshakeFault::NotOffered.into()) } else { Ok(None) };
        };
        Ok(Some(Handshake::begin(&ServerKey::read(cookie)?, unix_seconds())?))
    }

    fn finish_handshake(
        &self,
        handshake: Option<Handshake>,
        answer: Option<&str>,
    ) -> Result<Option<Binding>, HandshakeFault> {
        match (handshake, answer.filter(|answer| !answer.is_empty())) {
            (Some(handshake), Some(answer)) => handshake.finish(answer).map(Some),
            (_, None) if self.handshaking == Handshaking::Required => Err(HandshakeFault::NotOffered),
            (_, None) | (None, Some(_)) => Ok(None),
        }
    }

    /// What goes into the envelope. `SYNO.API.Auth` reads values as they are.
    fn parameters(&self) -> Parameters {
        let yes_or_no = |yes: bool| Secret::from(if yes { "yes" } else { "no" });
        let mut parameters = Parameters::new()
            .raw_secret("account", &Secret::new(self.account.as_str()))
            .raw_secret("enable_device_token", &yes_or_no(self.remember_device))
            .raw_secret("logintype", &"local".into())
            .raw_secret("rememberme", &if self.stay { "1" } else { "0" }.into())
            .raw_secret("passwd", &self.password)
            .raw_secret("session", &"webui".into())
            // A cookie would be for a browser; this client sends the id itself.
            .raw_secret("format", &"sid".into());
        let device_name = self.device_name.as_deref().map(Secret::new);
        let optional = [("otp_code", &self.one_time_code), ("device_id", &self.device), ("device_name", &device_name)];
        for (name, value) in optional {
            if let Some(value) = value {
                parameters = parameters.raw_secret(name, value);
            }
        }
        parameters
    }
}

/// A token as it goes into a header. It was made by the server, so it may be anything.
fn header_value(token: Option<&Secret>) -> Result<Option<HeaderValue>, Error> {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
    let fault = AnswerFault::UnexpectedShape { line: 0, column: 0 };
    let unreadable = |_| Error::Answer { api: AUTH.to_owned(), method: "login".to_owned(), fault };
    let mut value = HeaderValue::from_str(token.expose()).map_err(unreadable)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// A clock that stands before 1970 gives 0, and the server then takes no handshake.
fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sign_in: &SignIn) -> Vec<String> {
        sign_in.parameters().fields().iter().map(|field| field.name.clone()).collect()
    }

    #[test]
    fn only_what_is_known_is_sent() {
        let sign_in = SignIn::new("admin", "pw".into());
        let usual = ["account", "enable_device_token", "logintype", "rememberme", "passwd", "session", "format"];
        assert_eq!(names(&sign_in), usual);
        let sign_in = sign_in.one_time_code("1").device("2".into()).remember_device("3");
        assert_eq!(names(&sign_in)[7..], ["otp_code", "device_id", "device_name"]);
    }

    #[test]
    fn a_sign_in_does_not_print_its_secrets() {
        let sign_in = SignIn::new("admin", "hunter2".into()).one_time_code("123456").device("dev1ce".into());
        let printed = format!("{sign_in:?}");
        assert!(
            !printed.contains("hunter2") && !printed.contains("123456") && !printed.contains("dev1ce"),
            "{printed}"
        );
    }

    #[test]
    fn a_token_that_fits_no_header_is_a_fault() {
        assert!(header_value(None).unwrap().is_none());
        assert!(header_value(Some(&"".into())).unwrap().is_none());
        let value = header_value(Some(&"abc".into())).unwrap().unwrap();
        assert!(value == "abc" && value.is_sensitive());
        assert!(header_value(Some(&"a\r\nX-Evil: 1".into())).is_err());
    }
}
