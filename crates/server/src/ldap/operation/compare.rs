//! Asking whether an object has a value. RFC 4511 section 4.10.

use bailiwick_domain::Error;
use bailiwick_ldap::request::CompareRequest;
use bailiwick_ldap::result_code::ResultCode;

use super::{Step, Surroundings, end, log_failure};
use crate::ldap::from_wire;
use crate::ldap::result::Answer;
use crate::ldap::session::{Began, Session};

/// Compares, where the request was read: it is one lookup.
pub fn run(session: &mut Session, around: &Surroundings<'_>, began: &Began, request: &CompareRequest<'_>) -> Step {
    let result = compare(session, around, began, request);
    log_failure(began, &result);
    let answer = match result {
        Ok(true) => Answer::fixed(ResultCode::CompareTrue, ""),
        Ok(false) => Answer::fixed(ResultCode::CompareFalse, ""),
        Err(error) => Answer::from(&error),
    };
    end(session, around, began, &answer)
}

fn compare(
    session: &Session,
    around: &Surroundings<'_>,
    began: &Began,
    request: &CompareRequest<'_>,
) -> Result<bool, Error> {
    let name = from_wire::name(request.entry)?;
    let context = around.service.context(&session.requester, began.request_id);
    around.service.directory.compare(&context, &name, request.attribute, request.value)
}
