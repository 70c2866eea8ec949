//! The page where a new password is chosen, and what it shares with `SYNO.Auth.ForgotPwd`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use bailiwick_accounts::password_reset::{Error, RedeemError, Redeemed, Redemption, TICKET_MINUTES_MAX, Wish};
use bailiwick_accounts::policy;
use bailiwick_domain::{Action, Event, Face, Password, PasswordFault, Protection, Requester, in_hashing_pool};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{Method, Request, Response, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use zeroize::Zeroizing;

use crate::call::owner;
use crate::parameters::Fields;
use crate::service::Dsm;

/// Where the page is.
pub const PATH: &str = "/reset-password";
/// The largest form.
const FORM_OCTETS_MAX: usize = 16 * 1024;

/// Has a letter written, beside the request: how long that takes says something of the name.
pub(crate) fn write_letter(dsm: &Dsm, from: &Requester, request_id: u64, name: String) {
    let address = address(from);
    if !dsm.accounts.password_resets.may_ask(address, dsm.process.now()) {
        return;
    }
    let (accounts, directory, process) =
        (Arc::clone(&dsm.accounts), Arc::clone(&dsm.directory), Arc::clone(&dsm.process));
    let link_start = format!("{}{PATH}?ticket=", dsm.public_url);
    let system = system(from);
    (dsm.background)(Box::new(move || {
        let wish = Wish { name: &name, from: address, link_start: &link_start };
        let context = process.context(&system, request_id);
        if let Err(error) = accounts.password_resets.write(&accounts, directory.as_ref(), &context, wish) {
            tracing::warn!(request = request_id, ?error, "a letter about a forgotten password was not written");
        }
    }));
}

/// The name of the account that a ticket is for; none when it is not good.
pub(crate) fn whose(dsm: &Dsm, from: &Requester, request_id: u64, ticket: &str) -> Result<Option<String>, Error> {
    let system = system(from);
    let context = dsm.process.context(&system, request_id);
    let resets = &dsm.accounts.password_resets;
    resets.whose(&dsm.accounts, dsm.directory.as_ref(), &context, ticket, address(from))
}

/// Turns a ticket into a password, and lets the audit know. The outer error is `Busy`.
pub(crate) fn redeem(
    dsm: &Dsm,
    from: &Requester,
    request_id: u64,
    ticket: String,
    password: Password,
) -> Result<Result<(), RedeemError>, bailiwick_domain::Error> {
    let (accounts, directory, process) =
        (Arc::clone(&dsm.accounts), Arc::clone(&dsm.directory), Arc::clone(&dsm.process));
    let (system, address) = (system(from), address(from));
    let redeemed = in_hashing_pool(dsm.process.as_ref(), owner(from), move || {
        let context = process.context(&system, request_id);
        let redemption = Redemption { ticket: &ticket, from: address, password: &password };
        accounts.password_resets.redeem(&accounts, directory.as_ref(), &context, redemption)
    })?;
    if let Some(witness) = &dsm.witness {
        let subject = redeemed.as_ref().map(|done| done.name.clone()).unwrap_or_default();
        witness.witness(Event {
            at: dsm.process.now(),
            request_id,
            face: Face::Dsm,
            requester: from.clone(),
            action: Action::Administer { use_case: "password.reset-by-letter", subject },
            result: redeemed.as_ref().map(drop).map_err(bailiwick_domain::Error::from),
        });
    }
    if let Ok(Redeemed { told: Err(error), .. }) = &redeemed {
        tracing::warn!(request = request_id, ?error, "nobody is told of a new password by mail");
    }
    Ok(redeemed.map(drop))
}

/// The system, asked from where the request came.
fn system(from: &Requester) -> Requester {
    Requester { address: from.address, protection: from.protection, ..Requester::system() }
}

fn address(from: &Requester) -> IpAddr {
    from.address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

impl Dsm {
    /// Answers a request for the page. Blocks.
    pub fn reset_password_page(&self, request: &Request<Vec<u8>>, from: &Requester) -> Response<Vec<u8>> {
        if from.protection == Protection::None {
            return page(StatusCode::FORBIDDEN, &not_protected());
        }
        let is_post = match *request.method() {
            Method::GET => false,
            Method::POST => true,
            _ => return page(StatusCode::METHOD_NOT_ALLOWED, &not_good()),
        };
        let octets =
            if is_post { request.body().as_slice() } else { request.uri().query().unwrap_or_default().as_bytes() };
        if octets.len() > FORM_OCTETS_MAX {
            return page(StatusCode::PAYLOAD_TOO_LARGE, &not_good());
        }
        let Ok(fields) = Fields::from_form(octets) else { return page(StatusCode::BAD_REQUEST, &not_good()) };
        let ticket = fields.last("ticket").unwrap_or_default();
        let request_id = self.process.next_request_id();
        let name = match whose(self, from, request_id, ticket) {
            Ok(Some(name)) => name,
            Ok(None) => return page(StatusCode::NOT_FOUND, &not_good()),
            Err(error) => {
                tracing::error!(request = request_id, ?error, "a ticket cannot be looked up");
                return page(StatusCode::SERVICE_UNAVAILABLE, &not_now());
            }
        };
        if !is_post {
            return page(StatusCode::OK, &form(&name, ticket, None));
        }
        let again = Zeroizing::new(fields.last("again").unwrap_or_default().to_owned());
        let password = Zeroizing::new(fields.last("password").unwrap_or_default().to_owned());
        if *password != *again {
            return page(StatusCode::UNPROCESSABLE_ENTITY, &form(&name, ticket, Some("The two are not the same.")));
        }
        let password = Password::new(password.as_bytes());
        match redeem(self, from, request_id, ticket.to_owned(), password) {
            Ok(Ok(())) => page(StatusCode::OK, &done(&name)),
            Ok(Err(RedeemError::NotGood)) => page(StatusCode::NOT_FOUND, &not_good()),
            Ok(Err(RedeemError::Domain(fault))) => {
                page(StatusCode::UNPROCESSABLE_ENTITY, &form(&name, ticket, Some(&of_domain(fault))))
            }
            Ok(Err(RedeemError::Host(fault))) => {
                page(StatusCode::UNPROCESSABLE_ENTITY, &form(&name, ticket, Some(&of_host(fault))))
            }
            Ok(Err(RedeemError::Failed(error))) => {
                tracing::error!(request = request_id, ?error, "a forgotten password cannot be replaced");
                page(StatusCode::SERVICE_UNAVAILABLE, &not_now())
            }
            Err(_) => page(StatusCode::SERVICE_UNAVAILABLE, &not_now()),
        }
    }
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--ground:#f3f5f8;--card:#fff;--line:#d5dbe3;--act:#1f5fbf;--bad:#b3261e}\
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#9aa6b6;--ground:#12161c;--card:#1b2129;--line:#333d4a;--act:#6ea8ff;--bad:#ff8a80}}\
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
main{box-sizing:border-box;width:min(26rem,92vw);padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:12px}\
h1{margin:0 0 .25rem;font-size:1.35rem}p{margin:.5rem 0 1rem;color:var(--soft)}p.bad{color:var(--bad)}\
label{display:block;margin:1rem 0 .25rem;font-weight:600}\
input{box-sizing:border-box;width:100%;padding:.6rem .7rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:8px}\
input:focus{outline:2px solid var(--act);border-color:transparent}\
button{margin-top:1.5rem;width:100%;padding:.7rem;font:inherit;font-weight:600;color:var(--card);background:var(--act);border:0;border-radius:8px;cursor:pointer}";

/// Nothing is loaded from anywhere, nothing is framed, and the link with the ticket goes nowhere else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

fn page(status: StatusCode, content: &Markup) -> Response<Vec<u8>> {
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "New password" }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    };
    let mut response = Response::new(whole.into_string().into_bytes());
    *response.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, http::HeaderValue::from_static(value));
    }
    response
}

fn form(name: &str, ticket: &str, fault: Option<&str>) -> Markup {
    html! {
        h1 { "Choose a new password" }
        p { "For the account " strong { (name) } "." }
        @if let Some(fault) = fault { p.bad role="alert" { (fault) } }
        form method="post" action=(PATH) {
            input type="hidden" name="ticket" value=(ticket);
            input type="hidden" name="username" value=(name) autocomplete="username";
            label for="password" { "New password" }
            input #password type="password" name="password" autocomplete="new-password" required autofocus;
            label for="again" { "The same again" }
            input #again type="password" name="again" autocomplete="new-password" required;
            button type="submit" { "Set the password" }
        }
    }
}

fn done(name: &str) -> Markup {
    html! {
        h1 { "Your password is set" }
        p { "Sign in as " strong { (name) } " with it from now on. Wherever you were signed in, you are not any more." }
    }
}

fn not_good() -> Markup {
    html! {
        h1 { "This link is not good any more" }
        p {
            "A link works once, within " (TICKET_MINUTES_MAX) " minutes, from where it was asked for, and while the "
            "password is still the old one. Ask for a new link where you sign in."
        }
    }
}

fn not_protected() -> Markup {
    html! {
        h1 { "Not over this connection" }
        p { "A password is not sent where others can read it. Open this page over HTTPS." }
    }
}

fn not_now() -> Markup {
    html! {
        h1 { "It did not work this time" }
        p { "Your password is as it was. Try the link again in a minute." }
    }
}

fn of_domain(fault: PasswordFault) -> String {
    match fault {
        PasswordFault::TooShort { minimum, .. } => format!("It needs {minimum} characters or more."),
        PasswordFault::NotComplex => "It needs three of these: capital letters, small letters, digits, other \
                                      characters; and your name must not be in it."
            .to_owned(),
        PasswordFault::InHistory => "You have had it before; choose another.".to_owned(),
        PasswordFault::TooYoung => "The password was changed only a short time ago.".to_owned(),
        PasswordFault::WrongOld | PasswordFault::Malformed | PasswordFault::Missing => {
            "It cannot be a password; choose another.".to_owned()
        }
    }
}

fn of_host(fault: policy::PasswordFault) -> String {
    use policy::PasswordFault as Fault;
    match fault {
        Fault::TooShort { minimum } => format!("It needs {minimum} characters or more."),
        Fault::HoldsUserName => "Your name or description must not be in it.".to_owned(),
        Fault::NoDigitOrLetter => "It needs a digit and a letter.".to_owned(),
        Fault::NotMixedCase => "It needs a capital and a small letter.".to_owned(),
        Fault::NoSpecial => "It needs a character that is neither letter nor digit.".to_owned(),
        Fault::Common => "Everybody tries this one first; choose another.".to_owned(),
        Fault::InHistory => "You have had it before; choose another.".to_owned(),
        Fault::TooYoung => "The password was changed only a short time ago.".to_owned(),
        Fault::Malformed | Fault::NotChangeable | Fault::WrongOld => {
            "It cannot be a password; choose another.".to_owned()
        }
    }
}
