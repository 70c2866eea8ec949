//! What the owner of the data folder asks of the host: the shell's way to what this process alone may write.
//!
//! The form of requests and answers is [`bailiwick_accounts::administration`]'s.

use std::sync::Arc;

use bailiwick_accounts::administration::{self, Refusal, Request, Unreadable};
use bailiwick_domain::{Error, Face};
use bailiwick_ldap::response::{ExtendedResponse, LdapResult};
use bailiwick_ldap::result_code::ResultCode;
use zeroize::Zeroizing;

use super::{Step, Surroundings, end, send_away};
use crate::ldap::mailbox::Outcome;
use crate::ldap::result::Answer;
use crate::ldap::session::{Began, Session, Work};

/// Hands the request to the writers.
pub fn begin(session: &mut Session, around: &Surroundings<'_>, began: Began, value: Option<&[u8]>) -> Step {
    if !session.is_owner {
        return end(session, around, &began, &Answer::from(&Error::InsufficientRights));
    }
    let request = match Request::parse(value.unwrap_or_default()) {
        Ok(request) => request,
        Err(Unreadable) => {
            let answer = Answer::fixed(ResultCode::ProtocolError, "0000203D: the request cannot be read");
            return end(session, around, &began, &answer);
        }
    };
    let request_id = began.request_id;
    let requester = Arc::clone(&session.requester);
    let service = Arc::clone(around.service);
    let reply = send_away(session, around, began, Work::Change);
    let job = move || {
        // A session has an owner only where there is a host to own.
        let Some(host) = &service.host else { return };
        let context = service.context(&requester, request_id);
        let result = administration::perform(&host.accounts, &context, host.witness.as_ref(), Face::Ldap, request);
        if let Err(Refusal::Unavailable { reason }) = &result {
            tracing::error!(request = request_id.0, %reason, "the host cannot work");
        }
        reply.send(Outcome::Administered(Zeroizing::new(administration::to_octets(&result))));
    };
    match around.service.writers.submit(session.key.serial, Box::new(job)) {
        Ok(()) => Step::Away,
        Err(_full) => {
            let Some(running) = session.take_running(request_id) else { return Step::Away };
            let answer = Answer::fixed(ResultCode::Busy, "0000200E: too many changes wait; try again");
            end(session, around, &running.began, &answer)
        }
    }
}

/// Ends the operation. What came of the request is in the value, refusals too.
pub fn finish(session: &mut Session, around: &Surroundings<'_>, began: &Began, value: &[u8]) -> Step {
    let response = ExtendedResponse { result: LdapResult::SUCCESS, name: None, value: Some(value) };
    response.write(&mut session.output, began.id, &[]);
    session.ended(&around.service.metrics, began, ResultCode::Success);
    Step::Ended
}
