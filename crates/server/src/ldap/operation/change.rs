//! Add, modify, modify DN and delete: each one change of the port, applied by a writer that waits for the disk.
//! RFC 4511 sections 4.6 to 4.9.
//!
//! Changes of one connection that are under way together run side by side (RFC 4511 section 3.1), so that they share
//! a flush of the disk. A client that needs an order waits for the answer.
//!
//! Passwords are set over TLS only, loopback or not: that is what clients of Active Directory expect and test for.

use std::sync::Arc;

use bailiwick_domain::{Action, Change, Error, Object, Refusal, Turned, Written};
use bailiwick_ldap::request::{Request, RequestKind};

use super::{Step, Surroundings, end, send_away};
use crate::ldap::controls::RequestControls;
use crate::ldap::from_wire;
use crate::ldap::mailbox::Outcome;
use crate::ldap::result::Answer;
use crate::ldap::session::{Began, Session, Work};

/// Hands a change to the writers.
pub fn begin(
    session: &mut Session,
    around: &Surroundings<'_>,
    began: Began,
    operation: Request<'_>,
    controls: &RequestControls<'_>,
) -> Step {
    let change = match convert(operation, controls) {
        Ok(change) => Arc::new(change),
        Err(error) => return turn_away(session, around, &began, Turned::Unread(&unread(&began)), &error),
    };
    let sets_password = change.sets_password();
    if sets_password && !session.takes_passwords() {
        let error = Error::Refused(Refusal::PasswordUnprotected);
        return turn_away(session, around, &began, Turned::Change(&change), &error);
    }
    // Hashing is bounded by its own pool, whatever asks for it.
    let pool = if sets_password { &around.service.hashing } else { &around.service.writers };
    let request_id = began.request_id;
    let requester = Arc::clone(&session.requester);
    let service = Arc::clone(around.service);
    let reply = send_away(session, around, began, Work::Change);
    let wanted = Arc::clone(&change);
    let job = move || {
        let context = service.context(&requester, request_id);
        let result = service.directory.apply(&context, std::slice::from_ref(wanted.as_ref()));
        reply.send(Outcome::Changed(result.map(|_| ()).map_err(|refused| refused.error)));
    };
    match pool.submit(session.key.serial, Box::new(job)) {
        Ok(()) => Step::Away,
        Err(_full) => {
            let Some(running) = session.take_running(request_id) else { return Step::Away };
            turn_away(session, around, &running.began, Turned::Change(&change), &Error::Busy)
        }
    }
}

/// Refuses what the directory is not even asked, and lets it know of that.
pub fn turn_away(
    session: &mut Session,
    around: &Surroundings<'_>,
    began: &Began,
    change: Turned<'_>,
    error: &Error,
) -> Step {
    let context = around.service.context(&session.requester, began.request_id);
    around.service.directory.change_turned_away(&context, change, error);
    end(session, around, began, &Answer::from(error))
}

/// What is known of a change that cannot be read: its kind, and the name as the client wrote it.
fn unread(began: &Began) -> Action {
    let object = Object::named(&began.name);
    match began.kind {
        RequestKind::Add => Action::Add { object, written: Written::default() },
        RequestKind::Delete => Action::Delete { object, tree: false },
        RequestKind::ModifyDn => Action::Rename { object, new_rdn: String::new(), new_superior: None },
        _ => Action::Modify { object, written: Written::default() },
    }
}

fn convert(operation: Request<'_>, controls: &RequestControls<'_>) -> Result<Change, Error> {
    match operation {
        Request::Add(request) => from_wire::add(request, controls),
        Request::Modify(request) => from_wire::modify(request, controls),
        Request::ModifyDn(request) => from_wire::rename(request),
        Request::Delete(request) => from_wire::delete(request, controls),
        // The caller hands in changes only; whatever else it is has no name to change.
        _ => Err(Error::InvalidName),
    }
}
