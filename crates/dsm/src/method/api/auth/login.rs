//! `SYNO.API.Auth` `login`: a session begins. Specification sections 2.2 to 2.5 and 2.8.2.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `account`, `passwd` | raw string | required |
//! | `session` | string | what the session is called |
//! | `format` | `cookie` or `sid` | whether to set the cookie `id`; `cookie` is the default |
//! | `enable_syno_token` | bool | ask for a token against forged requests |
//! | `rememberme`, `stay_login` | bool | a session that stays for long |
//! | `otp_code` | raw string | a one-time code, or a recovery code |
//! | `enable_device_token`, `device_name` | bool, string | trust the device after a code, under a name |
//! | `device_id` | string | a device that is trusted |
//! | `logintype`, `type` | string | `local`, `passwd`; nothing else is offered |
//! | `ik_message` | base64url | the first message of a handshake, from version 7 on |

use bailiwick_accounts::Account;
use bailiwick_accounts::second_factor::{self, Status};
use bailiwick_accounts::session::NewSession;
use bailiwick_accounts::trusted_device::TRUST;
use bailiwick_domain::{Error, Requester, SignInFailure};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BAD_REQUEST, CODE_NEEDED, Fault, PASSWORD_EXPIRED_FOR_GOOD, UNKNOWN, login_code};
use crate::exchange::{DEVICE_COOKIE, SESSION_COOKIE, is_administrator};
use crate::handshake::Exchanged;
use crate::parameters::Secret;
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
    let (dsm, parameters) = (call.dsm(), call.parameters);
    let raw = |name: &str| parameters.raw(name).filter(|text| !text.is_empty());
    let flag = |name| parameters.flag(name).ok().flatten().unwrap_or_default();
    let (Some(account), Some(secret)) =
        (raw("account"), parameters.raw_secret("passwd").filter(|secret| !secret.password.is_empty()))
    else {
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
    // 2. The password, or the token that stands for one that was right.
    let from = call.requester_with(secret.is_enveloped);
    let account = password(call, &from, &account, &secret)?;
    // 3. The second factor.
    let device = second_factor(call, &account)?;
    // 4. The session.
    let token = flag("enable_syno_token").then(|| random_token(dsm.process.random()));
    let (answer, binding) = exchanged.map(|Exchanged { answer, binding }| (answer, binding)).unzip();
    let mut application = raw("session").unwrap_or_default();
    application.truncate(application.floor_char_boundary(APPLICATION_OCTETS_MAX));
    let is_cookie = raw("format").is_none_or(|format| format != "sid");
    let new = NewSession {
        subject: account.subject,
        name: &account.name,
        stamp: account.stamp,
        application: &application,
        is_long: !is_cookie || flag("rememberme") || flag("stay_login"),
        token: token.as_deref(),
        binding,
    };
    let id = dsm.accounts.sessions.begin(&call.context_of(&account.requester), new).map_err(|error| failed(&error))?;
    // 5. The answer.
    let device = device.as_deref().map_or("", String::as_str);
    let mut data = Map::new();
    data.insert("account".to_owned(), json!(&*account.name));
    data.insert("sid".to_owned(), json!(id.expose()));
    data.insert("did".to_owned(), json!(device));
    data.insert("device_id".to_owned(), json!(device));
    data.insert("is_portal_port".to_owned(), json!(false));
    let placeholder = (call.version >= HANDSHAKE_VERSION).then(|| NO_TOKEN.to_owned());
    data.extend(token.or(placeholder).map(|token| ("synotoken".to_owned(), json!(token))));
    data.extend(answer.map(|answer| ("ik_message".to_owned(), json!(answer))));
    let mut reply = Reply::data(Value::Object(data));
    let secure = if call.exchange.is_encrypted() { "; Secure" } else { "" };
    if is_cookie {
        let id = id.expose();
        reply = reply.with_cookie(format!("{SESSION_COOKIE}={id}; path=/; HttpOnly{secure}; SameSite=Lax"));
    }
    if !device.is_empty() {
        let seconds = TRUST.seconds();
        reply = reply.with_cookie(format!("{DEVICE_COOKIE}={device}; Max-Age={seconds}; path=/; HttpOnly{secure}"));
    }
    Ok(reply)
}

/// Who showed the right password.
fn password(call: &Call<'_>, from: &Requester, name: &str, secret: &Secret) -> Result<Account, Fault> {
    let (dsm, request_id) = (call.dsm(), call.exchange.request_id);
    let gate = dsm.gate();
    let has_code = call.parameters.raw("otp_code").is_some_and(|code| !code.is_empty());
    let waiting = || dsm.halfway.go_on(name, secret.password.expose(), from, dsm.process.now());
    if let Some(account) = has_code.then(waiting).flatten() {
        // What happened to the account since it showed its password counts.
        let now = gate.account(from, request_id, account.subject, &account.name);
        let now = now.map_err(|error| Fault::Code(login_code(&error)))?;
        return now.filter(|now| now.stamp == account.stamp).ok_or(Fault::Code(NOT_SIGNED_IN));
    }
    gate.sign_in(from, request_id, name, &secret.password).map_err(|error| {
        let is_over = error == Error::SignIn(SignInFailure::PasswordExpired);
        match is_over && gate.is_shut_out(name).unwrap_or_default() {
            true => Fault::Code(PASSWORD_EXPIRED_FOR_GOOD),
            false => Fault::Code(login_code(&error)),
        }
    })
}

/// Has the account show its second factor, if it has one; the policy may want it to have one. Gives the id of a device that is trusted from now on.
fn second_factor(call: &Call<'_>, account: &Account) -> Result<Option<Zeroizing<String>>, Fault> {
    let (dsm, parameters) = (call.dsm(), call.parameters);
    let raw = |name: &str| parameters.raw(name).filter(|text| !text.is_empty());
    let status = dsm.accounts.second_factors.status(&account.subject).map_err(|error| failed(&error))?;
    let context = call.context_of(&account.requester);
    let refused = |failure| {
        let error = Error::SignIn(failure);
        dsm.directory.sign_in_decided(&context, &account.name, &Err(error.clone()));
        Fault::Code(login_code(&error))
    };
    let Status::Active { since, .. } = status else {
        let policy = dsm.accounts.policies.second_factor().map_err(|error| failed(&error))?;
        return match policy.demands(is_administrator(&account.requester)) {
            true => Err(refused(SignInFailure::NoSecondFactor)),
            false => Ok(None),
        };
    };
    // A device is trusted until the password or the enrolment is another one.
    let (subject, stamp) = (account.subject, account.stamp.wrapping_add(since.0));
    let devices = &dsm.accounts.trusted_devices;
    let device_name = raw("device_name");
    if let Some(id) = raw("device_id").or_else(|| call.exchange.shown_device().map(str::to_owned))
        && devices
            .is_trusted(context.now, subject, stamp, &id, device_name.as_deref())
            .map_err(|error| failed(&error))?
    {
        return Ok(Some(Zeroizing::new(id)));
    }
    let Some(code) = raw("otp_code") else {
        // Whoever asked by this name is asked for a code; the token spares it the password.
        let name = raw("account").unwrap_or_default();
        let token = dsm.halfway.begin(&name, account.clone(), context.now, dsm.process.random());
        let errors = json!({ "token": token, "types": [{ "type": "otp" }] });
        return Err(Fault::Detailed { code: CODE_NEEDED, errors });
    };
    match dsm.accounts.second_factors.verify(&context, &subject, &code) {
        Ok(_) => {}
        Err(second_factor::Error::WrongCode) => return Err(refused(SignInFailure::WrongCode)),
        Err(second_factor::Error::TooManyWrongCodes { .. }) => return Err(refused(SignInFailure::TooManyWrongCodes)),
        // It was taken away in this very moment, and so nothing is asked any more.
        Err(second_factor::Error::NotEnrolled) => return Ok(None),
        Err(error) => return Err(failed(&error)),
    }
    match parameters.flag("enable_device_token").ok().flatten().unwrap_or_default() {
        true => {
            let name = device_name.unwrap_or_default();
            devices.trust(&context, subject, stamp, &name).map(Some).map_err(|error| failed(&error))
        }
        false => Ok(None),
    }
}

/// What the host keeps cannot be read or written.
fn failed(error: &dyn std::fmt::Debug) -> Fault {
    tracing::error!(?error, "a sign-in failed on this side");
    Fault::Code(UNKNOWN)
}

/// Carries out the server's side of a handshake; one that cannot be answered is passed over.
fn handshake(call: &Call<'_>, message: &str) -> Result<Option<Exchanged>, Fault> {
    let (exchange, process) = (call.exchange, &call.dsm().process);
    let responder = exchange.dsm.responder(exchange.from, exchange.request_id)?;
    Ok(responder.respond(message, process.now(), process.random()))
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
