//! One LDAP operation per file: from the decoded request to its answer, or to the pool that goes on with it.

pub mod bind;
pub mod change;
pub mod compare;
pub mod extended;
pub mod host_administration;
pub mod password_modify;
pub mod search;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use bailiwick_domain::Error;
use bailiwick_ldap::message::{MessageId, RequestMessage};
use bailiwick_ldap::request::{Request, RequestKind};
use bailiwick_ldap::response::{LdapResult, ResponseKind, write_result};
use bailiwick_ldap::result_code::ResultCode;

use super::controls::RequestControls;
use super::mailbox::{Mailbox, Outcome, Reply, RequestId};
use super::result::Answer;
use super::service::Service;
use super::session::{Began, Running, Session, Work};

/// What an operation is run with.
pub struct Surroundings<'s> {
    /// What all connections share.
    pub service: &'s Arc<Service>,
    /// The way back into this loop.
    pub mailbox: &'s Arc<Mailbox>,
    /// Whether the connection has TLS.
    pub encrypted: bool,
}

/// Where an operation stands after its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It has ended: its last answer is in the output.
    Ended,
    /// It goes on elsewhere and comes back by the mailbox.
    Away,
    /// Its answer is in the output, and TLS begins when that is sent.
    StartTls,
}

/// Begins an operation. Unbind and abandon never come here.
pub fn begin(session: &mut Session, around: &Surroundings<'_>, message: RequestMessage<'_>, now: Instant) -> Step {
    let id = message.id;
    let kind = message.operation.kind();
    let began = session.begin(id, kind, now, logged_name(&message.operation));
    let controls = match RequestControls::read(&message.controls) {
        Ok(controls) => controls,
        Err(error) => return end(session, around, &began, &Answer::from(error)),
    };
    match message.operation {
        Request::Search(request) => search::begin(session, around, began, request, controls),
        Request::Bind(request) => bind::begin(session, around, began, &request),
        Request::Compare(request) => compare::run(session, around, &began, &request),
        Request::Extended(request) => extended::run(session, around, began, &request),
        operation @ (Request::Modify(_) | Request::Add(_) | Request::Delete(_) | Request::ModifyDn(_)) => {
            change::begin(session, around, began, operation, &controls)
        }
        // The gate handles both itself; they have no answer.
        Request::Unbind | Request::Abandon(_) => Step::Ended,
    }
}

/// Goes on with an operation whose work comes back. Says which operation has ended by it.
pub fn resume(session: &mut Session, around: &Surroundings<'_>, id: RequestId, outcome: Outcome) -> Option<MessageId> {
    // An operation that was abandoned while away has been finished then.
    let running = session.take_running(id)?;
    let id = running.began.id;
    let step = match outcome {
        Outcome::Slice(task, turn) => search::resume(session, around, running, task, turn),
        Outcome::Changed(result) => {
            let answer = result.as_ref().map_or_else(Answer::from, |()| Answer::SUCCESS);
            log_failure(&running.began, &result);
            end(session, around, &running.began, &answer)
        }
        Outcome::PasswordSet(result) => password_modify::finish(session, around, &running.began, &result),
        Outcome::Administered(value) => host_administration::finish(session, around, &running.began, &value),
        Outcome::Bound(result) => bind::finish(session, around, &running.began, result),
        Outcome::Lost => {
            let answer =
                Answer::fixed(ResultCode::Other, "00000054: the operation was lost by a mistake of the server");
            end(session, around, &running.began, &answer)
        }
    };
    (step == Step::Ended).then_some(id)
}

/// Stops an operation that nobody waits for any more. Says whether it has ended; a change has not, it goes on and
/// is answered.
pub fn abandon(session: &mut Session, around: &Surroundings<'_>, id: MessageId) -> Step {
    let Some(index) = session.running.iter().position(|running| running.began.id == id) else {
        return Step::Away;
    };
    let Work::Search { abandoned, .. } = &session.running[index].work else {
        return Step::Away;
    };
    abandoned.store(true, Ordering::Relaxed);
    let running = session.running.swap_remove(index);
    session.ended(&around.service.metrics, &running.began, ResultCode::Canceled);
    if let Work::Search { cancelled_by: Some(cancel), .. } = running.work {
        extended::cancelled(session, around, &cancel);
    }
    Step::Ended
}

/// Answers and counts the end of an operation.
fn end(session: &mut Session, around: &Surroundings<'_>, began: &Began, answer: &Answer) -> Step {
    if let Some(response) = began.kind.response() {
        answer.write(&mut session.output, began.id, response);
    }
    session.ended(&around.service.metrics, began, answer.code);
    Step::Ended
}

/// Notes that an operation goes on elsewhere, and gives the duty to bring it back.
fn send_away(session: &mut Session, around: &Surroundings<'_>, began: Began, work: Work) -> Reply {
    let reply = Reply::new(Arc::clone(around.mailbox), session.key, began.request_id);
    session.running.push(Running { began, work });
    reply
}

/// What the administrator must know of and the client must not.
fn log_failure<T>(began: &Began, result: &Result<T, Error>) {
    if let Err(Error::Unavailable { reason }) = result {
        tracing::error!(request = began.request_id.0, %reason, "the directory cannot work");
    }
}

/// Answers a request that was refused before it began.
pub fn refuse(
    session: &mut Session,
    around: &Surroundings<'_>,
    id: MessageId,
    response: ResponseKind,
    code: ResultCode,
    text: &str,
) {
    write_result(&mut session.output, id, response, &LdapResult::new(code, text), &[]);
    let kind = RequestKind::ALL.into_iter().find(|kind| kind.response() == Some(response));
    if let Some(kind) = kind {
        let began = session.begin(id, kind, Instant::now(), String::new());
        session.ended(&around.service.metrics, &began, code);
    }
}

/// What a log line calls the operation's object. Searches and compares are logged at debug only, so their names are
/// copied only then.
fn logged_name(operation: &Request<'_>) -> String {
    match operation {
        Request::Bind(request) => request.name.to_owned(),
        Request::Modify(request) => request.entry.to_owned(),
        Request::Add(request) => request.entry.to_owned(),
        Request::Delete(request) => request.entry.to_owned(),
        Request::ModifyDn(request) => request.entry.to_owned(),
        Request::Extended(request) => request.name.to_owned(),
        Request::Search(request) if tracing::enabled!(tracing::Level::DEBUG) => request.base.to_owned(),
        Request::Compare(request) if tracing::enabled!(tracing::Level::DEBUG) => request.entry.to_owned(),
        Request::Search(_) | Request::Compare(_) | Request::Unbind | Request::Abandon(_) => String::new(),
    }
}
