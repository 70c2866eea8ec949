//! `SYNO.API.Auth` `login`: a session begins. Specification sections 2.2 to 2.5 and 2.8.2.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `account`, `passwd` | raw string | required |
//! | `session` | string | what the session is called |
//! | `format` | `cookie` or `sid` | whether to set the cookie `id`; `cookie` is the default |
//! | `enable_syno_token` | bool | ask for a token against forged requests |
//! | `rememberme`, `stay_login` | bool | a session that stays for long |
//! | `logintype`, `type` | string | `local`, `passwd`; nothing else is offered |
//! | `ik_message` | base64url | the first message of a handshake, from version 7 on |

use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::session::NewSession;
use bailiwick_domain::administration::account_state;
use bailiwick_domain::{Error, Identity, Refusal, Requester, SignInFailure, sign_in};
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BAD_REQUEST, Fault, UNKNOWN, login_code};
use crate::exchange::SESSION_COOKIE;
use crate::handshake::Exchanged;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "login", since: 1, privilege: Privilege::Anyone, run };

/// The version from which on a handshake may come along.
const HANDSHAKE_VERSION: u32 = 7;
/// The version from which on missing parameters are a sign-in that failed.
const STRICT_VERSION: u32 = 6;
/// No such account, or a wrong password; and whatever else is no sign-in.
const NOT_SIGNED_IN: u32 = 400;
/// Characters of a token.
const TOKEN_CHARACTERS: usize = 13;
/// What a token is made of.
const TOKEN_ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// What stands for a token when none was asked for.
const NO_TOKEN: &str = "--------";
/// The longest name of a session that is kept, in octets.
const APPLICATION_OCTETS_MAX: usize = 128;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let raw = |name: &str| parameters.raw(name).filter(|text| !text.is_empty());
    let flag = |name| parameters.flag(name).ok().flatten().unwrap_or_default();
    let (Some(account), Some(secret)) = (raw("account"), parameters.raw_secret("passwd")) else {
        return Err(Fault::Code(if call.version < STRICT_VERSION { BAD_REQUEST } else { NOT_SIGNED_IN }));
    };
    // Other ways to sign in are not offered.
    if raw("logintype").is_some_and(|kind| kind != "local") || raw("type").is_some_and(|kind| kind != "passwd") {
        return Err(Fault::Code(NOT_SIGNED_IN));
    }
    // 1. The handshake is read first, as its message is good once, and forgotten when the sign-in fails.
    let exchanged = match raw("ik_message").filter(|_| call.version >= HANDSHAKE_VERSION) {
        Some(message) => handshake(call, &message)?,
        None => None,
    };
    // 2. The password.
    let dsm = call.dsm();
    let from = call.requester_with(secret.is_enveloped);
    let signed_in = sign_in(&dsm.directory, &dsm.process, &from, call.exchange.request_id, &account, &secret.password)
        .map_err(|error| Fault::Code(login_code(&error)))?;
    // 3. The session.
    let token = flag("enable_syno_token").then(|| random_token(dsm.process.random()));
    let (answer, binding) = exchanged.map(|Exchanged { answer, binding }| (answer, binding)).unzip();
    let (subject, name, stamp) = whose(call, &signed_in)?;
    let mut application = raw("session").unwrap_or_default();
    application.truncate(application.floor_char_boundary(APPLICATION_OCTETS_MAX));
    let is_cookie = raw("format").is_none_or(|format| format != "sid");
    let new = NewSession {
        subject,
        name: &name,
        stamp,
        application: &application,
        is_long: !is_cookie || flag("rememberme") || flag("stay_login"),
        token: token.as_deref(),
        binding,
    };
    let id = dsm.sessions.begin(&dsm.process.context(&signed_in, call.exchange.request_id), new).map_err(|error| {
        tracing::error!(%error, "a session cannot be kept");
        Fault::Code(UNKNOWN)
    })?;
    // 4. The answer.
    let mut data = Map::new();
    data.insert("account".to_owned(), json!(name));
    data.insert("sid".to_owned(), json!(id.expose()));
    data.insert("did".to_owned(), json!(""));
    data.insert("device_id".to_owned(), json!(""));
    data.insert("is_portal_port".to_owned(), json!(false));
    let placeholder = (call.version >= HANDSHAKE_VERSION).then(|| NO_TOKEN.to_owned());
    data.extend(token.or(placeholder).map(|token| ("synotoken".to_owned(), json!(token))));
    data.extend(answer.map(|answer| ("ik_message".to_owned(), json!(answer))));
    let reply = Reply::data(Value::Object(data));
    if !is_cookie {
        return Ok(reply);
    }
    let secure = if call.exchange.is_encrypted() { "; Secure" } else { "" };
    Ok(reply.with_cookie(format!("{SESSION_COOKIE}={}; path=/; HttpOnly{secure}; SameSite=Lax", id.expose())))
}

/// Carries out the server's side of a handshake; one that cannot be answered is passed over.
fn handshake(call: &Call<'_>, message: &str) -> Result<Option<Exchanged>, Fault> {
    let (exchange, process) = (call.exchange, &call.dsm().process);
    let responder = exchange.dsm.responder(exchange.from, exchange.request_id)?;
    Ok(responder.respond(message, process.now(), process.random()))
}

/// The account that signed in: whose session it is, by what name, and the version of its password.
fn whose(call: &Call<'_>, signed_in: &Requester) -> Result<(Subject, String, i64), Fault> {
    let Identity::Account { sid, name, .. } = &signed_in.identity else {
        return Err(Fault::Code(login_code(&Error::Refused(Refusal::EmptyPassword))));
    };
    let system = Requester::system();
    let context = call.dsm().process.context(&system, call.exchange.request_id);
    let state = account_state(call.directory(), &context, *sid, name).ok().flatten();
    // The account went in this very moment.
    let state = state.ok_or(Fault::Code(login_code(&Error::SignIn(SignInFailure::UnknownName))))?;
    Ok((Subject::Domain(*sid), name.to_string(), state.password_version))
}

/// A random token, each character as likely as any other.
fn random_token(random: &dyn Fn(&mut [u8])) -> String {
    let fair = u8::MAX - u8::MAX % TOKEN_ALPHABET.len() as u8;
    let mut token = String::with_capacity(TOKEN_CHARACTERS);
    while token.len() < TOKEN_CHARACTERS {
        let mut octet = [0];
        random(&mut octet);
        if octet[0] < fair {
            token.push(char::from(TOKEN_ALPHABET[usize::from(octet[0]) % TOKEN_ALPHABET.len()]));
        }
    }
    token
}
