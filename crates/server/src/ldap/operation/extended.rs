//! Operations that their OID names. RFC 4511 section 4.12.

use bailiwick_domain::Identity;
use bailiwick_ldap::extended::cancel::{self, Cancel};
use bailiwick_ldap::extended::password_modify::{self as password_modify_wire, PasswordModify};
use bailiwick_ldap::extended::{host_administration as host_administration_wire, start_tls, who_am_i};
use bailiwick_ldap::malformed::Malformed;
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::request::ExtendedRequest;
use bailiwick_ldap::response::{ExtendedResponse, LdapResult};
use bailiwick_ldap::result_code::ResultCode;

use super::{Step, Surroundings, end, host_administration, password_modify, search};
use crate::ldap::result::Answer;
use crate::ldap::session::{Began, Session, Work};

/// The operations that are known to everybody, as the root DSE lists them.
pub const SUPPORTED: &[&str] = &[start_tls::OID, who_am_i::OID, cancel::OID, password_modify_wire::OID];

/// Runs an extended operation.
pub fn run(session: &mut Session, around: &Surroundings<'_>, began: Began, request: &ExtendedRequest<'_>) -> Step {
    match request.name {
        host_administration_wire::OID if session.is_local() => {
            host_administration::begin(session, around, began, request.value)
        }
        start_tls::OID => start(session, around, &began),
        who_am_i::OID => match who_am_i::decode(request.value) {
            Ok(()) => tell_who(session, around, &began),
            Err(malformed) => unreadable(session, around, &began, malformed),
        },
        cancel::OID => match Cancel::decode(request.value) {
            Ok(cancel) => stop(session, around, began, cancel.target),
            Err(malformed) => unreadable(session, around, &began, malformed),
        },
        password_modify_wire::OID => match PasswordModify::decode(request.value) {
            Ok(modify) => password_modify::begin(session, around, began, &modify),
            Err(malformed) => unreadable(session, around, &began, malformed),
        },
        _ => {
            let answer = Answer::fixed(ResultCode::ProtocolError, "0000203D: the extended operation is not known");
            end(session, around, &began, &answer)
        }
    }
}

/// Ends a cancel whose target has ended.
pub fn cancelled(session: &mut Session, around: &Surroundings<'_>, cancel: &Began) {
    end(session, around, cancel, &Answer::SUCCESS);
    session.also_ended.push(cancel.id);
}

/// The gate has seen to it that there is no TLS yet and that nothing else is under way. RFC 4511 section 4.14.
fn start(session: &mut Session, around: &Surroundings<'_>, began: &Began) -> Step {
    answer_with(session, began.id, Some(start_tls::OID), None);
    session.ended(&around.service.metrics, began, ResultCode::Success);
    Step::StartTls
}

/// RFC 4532; in Active Directory the form is `u:DOMAIN\name`.
fn tell_who(session: &mut Session, around: &Surroundings<'_>, began: &Began) -> Step {
    let who = match &session.requester.identity {
        Identity::Anonymous => String::new(),
        Identity::Account { .. } if session.is_owner => "u:BUILTIN\\Administrators".to_owned(),
        Identity::Account { name, .. } => format!("u:{name}"),
        Identity::System => "u:NT AUTHORITY\\SYSTEM".to_owned(),
    };
    answer_with(session, began.id, None, Some(who.as_bytes()));
    session.ended(&around.service.metrics, began, ResultCode::Success);
    Step::Ended
}

fn answer_with(session: &mut Session, id: MessageId, name: Option<&str>, value: Option<&[u8]>) {
    ExtendedResponse { result: LdapResult::SUCCESS, name, value }.write(&mut session.output, id, &[]);
}

/// RFC 3909: the target ends with `canceled`, then the cancel with success. A search can be stopped; a change cannot
/// once it has begun.
fn stop(session: &mut Session, around: &Surroundings<'_>, began: Began, target: MessageId) -> Step {
    let Some(index) = session.running.iter().position(|running| running.began.id == target) else {
        let answer = Answer::fixed(ResultCode::NoSuchOperation, "00000057: there is no such operation to cancel");
        return end(session, around, &began, &answer);
    };
    match &mut session.running[index].work {
        Work::Search { cancelled_by, .. } if cancelled_by.is_some() => {
            let answer = Answer::fixed(ResultCode::TooLate, "00000057: the operation is being cancelled already");
            end(session, around, &began, &answer)
        }
        Work::Search { .. } => {
            search::cancel(session, around, index, began);
            Step::Away
        }
        Work::Change | Work::Bind => {
            let answer = Answer::fixed(ResultCode::CannotCancel, "00000057: the operation cannot be cancelled");
            end(session, around, &began, &answer)
        }
    }
}

fn unreadable(session: &mut Session, around: &Surroundings<'_>, began: &Began, malformed: Malformed) -> Step {
    let text = format!("0000203D: the value cannot be read: {malformed}");
    end(session, around, began, &Answer::new(ResultCode::ProtocolError, text.into()))
}
