//! Signing in. RFC 4511 section 4.2, RFC 4513 section 5, [MS-ADTS] 5.1.1.
//!
//! The directory decides; here it is only seen to that no password comes in the clear over a network, and that
//! verifying runs in the hashing pool.

use std::sync::Arc;

use bailiwick_domain::administration;
use bailiwick_domain::{Authentication, Check, Directory, Error, Password, Requester, SignInFailure, check_offer};
use bailiwick_ldap::request::bind::VERSION;
use bailiwick_ldap::request::{Authentication as WireAuthentication, BindRequest};
use bailiwick_ldap::result_code::ResultCode;

use super::{Step, Surroundings, end, log_failure, send_away};
use crate::ldap::mailbox::{Outcome, RequestId};
use crate::ldap::result::Answer;
use crate::ldap::service::Service;
use crate::ldap::session::{Began, Session, Work};
use crate::ldap::socket::Peer;

/// Begins a bind. The connection is anonymous from now on, however it ends. RFC 4511 section 4.2.1.
pub fn begin(session: &mut Session, around: &Surroundings<'_>, began: Began, request: &BindRequest<'_>) -> Step {
    session.sign_out(around.encrypted);
    if request.version != VERSION {
        let answer = Answer::fixed(ResultCode::ProtocolError, "00000057: only version 3 is spoken");
        return end(session, around, &began, &answer);
    }
    let password = match request.authentication {
        WireAuthentication::Simple(password) => password,
        WireAuthentication::Sasl { mechanism, credentials } if is_external(session, mechanism) => {
            return external(session, around, &began, credentials);
        }
        WireAuthentication::Sasl { .. } | WireAuthentication::Unknown(_) => {
            let answer =
                Answer::fixed(ResultCode::AuthMethodNotSupported, "00002027: this way to sign in is not offered");
            return end(session, around, &began, &answer);
        }
    };
    if request.name.is_empty() && password.is_empty() {
        return end(session, around, &began, &Answer::SUCCESS);
    }
    let service = around.service;
    let password = Password::new(password);
    let protection = session.requester.protection;
    if let Err(error) = check_offer(protection, service.require_encryption, request.name, &password) {
        note_refusal(session, around, &began, &error);
        return refuse(session, around, &began, &error);
    }
    let context = service.context(&session.requester, began.request_id);
    match service.directory.authenticate(&context, request.name, &password) {
        Authentication::Decided(result) => finish(session, around, &began, result),
        Authentication::Check(check) => verify(session, around, began, check),
    }
}

/// The mechanism that takes who one is from the socket. RFC 4422 appendix A.
pub const EXTERNAL: &str = "EXTERNAL";

/// Whether the connection offers the mechanism: only its own socket file can tell who somebody is.
fn is_external(session: &Session, mechanism: &str) -> bool {
    matches!(session.peer, Peer::Local { .. }) && mechanism.eq_ignore_ascii_case(EXTERNAL)
}

/// The authorization identity of an owner who restores: the directory itself, which may write what others may not.
pub const AS_SYSTEM: &str = "u:NT AUTHORITY\\SYSTEM";

/// Whoever owns the data folder can read and write all that is in it anyway, and so acts as the host's administrator,
/// or as the directory itself when that is asked for. Root can become the owner, which saves it the trouble. Nobody
/// acts as anybody else.
fn external(session: &mut Session, around: &Surroundings<'_>, began: &Began, credentials: Option<&[u8]>) -> Step {
    let unknown = Error::SignIn(SignInFailure::UnknownName);
    let Peer::Local { user: Some(user) } = session.peer else {
        return refuse(session, around, began, &unknown);
    };
    let owner = around.service.host.as_ref().and_then(|host| host.owner);
    let is_owner = user == 0 || owner == Some(user);
    let requester = match credentials.unwrap_or_default() {
        _ if !is_owner => Err(unknown),
        b"" => {
            let system = Requester::system();
            let context = around.service.context(&system, began.request_id);
            let administrator = administration::host_administrator(around.service.directory.as_ref(), &context);
            // The audit has to tell the users of the machine apart.
            administrator.map(|requester| requester.named(&format!("uid {user}"))).map_err(|error| match error {
                administration::Error::Directory(error) => error,
                error => Error::Unavailable { reason: error.to_string() },
            })
        }
        identity if identity == AS_SYSTEM.as_bytes() => Ok(Requester::system()),
        _ => Err(unknown),
    };
    let context = around.service.context(&session.requester, began.request_id);
    around.service.directory.sign_in_decided(&context, &format!("EXTERNAL uid {user}"), &requester);
    session.is_owner = requester.is_ok();
    finish(session, around, began, requester)
}

/// Ends a bind with the directory's decision.
pub fn finish(
    session: &mut Session,
    around: &Surroundings<'_>,
    began: &Began,
    result: Result<Requester, Error>,
) -> Step {
    log_failure(began, &result);
    match result {
        Ok(requester) => {
            session.requester = Arc::new(requester);
            end(session, around, began, &Answer::SUCCESS)
        }
        Err(error) => refuse(session, around, began, &error),
    }
}

fn verify(session: &mut Session, around: &Surroundings<'_>, began: Began, check: Check) -> Step {
    let request_id = began.request_id;
    let requester = Arc::clone(&session.requester);
    let service = Arc::clone(around.service);
    let reply = send_away(session, around, began, Work::Bind);
    let job = move || reply.send(Outcome::Bound(run_check(&service, &requester, request_id, check)));
    match around.service.hashing.submit(session.key.serial, Box::new(job)) {
        Ok(()) => Step::Away,
        Err(_full) => {
            // The job is dropped and answers `Lost` later, which finds nothing to end.
            let Some(running) = session.take_running(request_id) else { return Step::Away };
            note_refusal(session, around, &running.began, &Error::Busy);
            refuse(session, around, &running.began, &Error::Busy)
        }
    }
}

fn run_check(
    service: &Service,
    requester: &Requester,
    request_id: RequestId,
    check: Check,
) -> Result<Requester, Error> {
    let verdict = check.run();
    let directory: &dyn Directory = service.directory.as_ref();
    directory.finish(&service.context(requester, request_id), check, verdict)
}

/// Lets the directory know of a refusal that it was not even asked about.
fn note_refusal(session: &Session, around: &Surroundings<'_>, began: &Began, error: &Error) {
    let context = around.service.context(&session.requester, began.request_id);
    around.service.directory.sign_in_decided(&context, &began.name, &Err(error.clone()));
}

fn refuse(session: &mut Session, around: &Surroundings<'_>, began: &Began, error: &Error) -> Step {
    end(session, around, began, &Answer::from(error))
}
