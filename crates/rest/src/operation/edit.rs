//! `PUT /edit`: attributes of any object, all operations of a request in one change. Section 6.

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use bailiwick_domain::administration::{self, Error as UseCase, Kind, Standing, Target};
use bailiwick_domain::{AttributeType, Error};

use super::admitted;
use crate::directory_fault::{NO_SUCH_ATTRIBUTE, use_case};
use crate::documentation::schema::{Done, EditBody, Failed};
use crate::edit::{EditError, Edits, Keyword, PROXY_ADDRESSES};
use crate::problem::{OperationType, Problem};
use crate::reply::{Reply, tag};
use crate::router::{Api, Route};
use crate::service::{Call, Scope};

const ROUTE: Route = Route { scope: Scope::Edit, operation: OperationType::Commit, has_body: true, work: run };

/// Attributes that have a path of their own, with rules that this one does not know.
const PASSWORDS: [&str; 4] = ["unicodePwd", "userPassword", "dBCSPwd", "supplementalCredentials"];

/// Changes attributes of an object.
///
/// All operations of a request are done together or not at all. With `If-Match` they are done only if the object is still
/// the one that a search returned with this `ETag`.
#[utoipa::path(
    put, path = "/edit", tag = "Objects", operation_id = "edit", request_body = EditBody,
    params(("If-Match" = Option<String>, Header, description = "The ETag of a search, or its uSNChanged in quotes.")),
    responses(
        (status = 202, description = "Everything was changed.", body = Done),
        (status = 400, description = "The request cannot be understood, or there is no such object.", body = Failed),
        (status = 412, description = "Somebody changed the object meanwhile.", body = Failed),
        (status = 422, description = "Nothing was changed: it is refused.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

fn run(call: &Call) -> Result<Reply, Problem> {
    let mut body = call.object()?;
    let dn = call.required_text(&mut body, "dn")?;
    let lookup = |name: &str| -> Option<AttributeType> { call.directory().attribute_type(name) };
    let edits = Edits::read(body.take("edits").as_ref(), &lookup).map_err(|error| refusal(&error))?;
    if let Some(name) = edits.attributes().find(|name| PASSWORDS.iter().any(|it| it.eq_ignore_ascii_case(name))) {
        let message = "Passwords are set by /password/reset and /password/change.";
        return Err(Problem::refused(422, OperationType::Set, message).on(name));
    }
    let target = call.find(Kind::Any, &dn, "dn")?;
    let standing = admitted(call, &target, &call.settings().restrictions.edit, 422, "edit")?;
    let seen = seen(call, &target, &edits, &standing)?;
    let modifications = edits.modifications(&seen.addresses).map_err(|error| refusal(&error))?;
    let (directory, context) = (call.directory(), call.context());
    let done = match seen.usn {
        Some(usn) => administration::change_seen_attributes(directory, &context, &target, usn, modifications),
        None => administration::change_attributes(directory, &context, &target, modifications),
    };
    match done {
        Ok(()) => Ok(Reply::done(202, None, "Successfully updated entry.")),
        Err(error) => Err(blamed(&edits, &error)),
    }
}

/// What the new values depend on.
struct Seen {
    /// The object must still be at this version.
    usn: Option<i64>,
    /// Its addresses, where they matter.
    addresses: Vec<Vec<u8>>,
}

/// Reads what the edit depends on. Addresses are worked out from those that are there, so the object must still be the
/// same when they are written: nobody's address is lost.
fn seen(call: &Call, target: &Target, edits: &Edits, standing: &Standing) -> Result<Seen, Problem> {
    let wanted = wanted(call, standing)?;
    if !edits.touches_addresses() {
        return Ok(Seen { usn: wanted.then_some(standing.usn), addresses: Vec::new() });
    }
    let entry = administration::show(call.directory(), &call.context(), target, &[PROXY_ADDRESSES])
        .map_err(|error| call.failed(&error))?;
    Ok(Seen { usn: Some(standing.usn), addresses: entry.values(PROXY_ADDRESSES).to_vec() })
}

/// Whether the caller wants the object at one version, which then is the one that it has. RFC 9110 section 13.1.1.
fn wanted(call: &Call, standing: &Standing) -> Result<bool, Problem> {
    let Some(value) = call.headers.get(header::IF_MATCH) else { return Ok(false) };
    let value = value.to_str().unwrap_or_default().trim();
    if value == "*" {
        return Ok(false);
    }
    let current = tag(standing.usn);
    match value.split(',').any(|one| one.trim() == current) {
        true => Ok(true),
        false => Err(use_case(412, call.operation, &UseCase::Directory(Error::Changed))),
    }
}

/// Edits that are malformed, or refused before the directory is asked.
fn refusal(error: &EditError) -> Problem {
    if *error == EditError::NoEdits {
        return Problem::plain(422, error.to_string());
    }
    let status = if error.is_refusal() { 422 } else { 400 };
    let operation = error.keyword().map_or(OperationType::Commit, operation_of);
    let mut problem = Problem::refused(status, operation, error.to_string());
    if let Some(property) = error.property() {
        problem = problem.on(property);
    }
    match error {
        EditError::UnknownAttribute { .. } | EditError::NoSuchAddress { .. } => problem.code(NO_SUCH_ATTRIBUTE),
        _ => problem,
    }
}

/// A refusal of the directory, with the operation to blame.
fn blamed(edits: &Edits, error: &UseCase) -> Problem {
    let status = match error {
        UseCase::Directory(Error::NoSuchObject { .. }) | UseCase::NoSuchObject { .. } => 400,
        _ => 422,
    };
    let keyword = match error {
        UseCase::Directory(Error::Attribute { name, fault }) => edits.blame(name, *fault),
        _ => None,
    };
    use_case(status, keyword.map_or(OperationType::Commit, operation_of), error)
}

fn operation_of(keyword: Keyword) -> OperationType {
    match keyword {
        Keyword::Add => OperationType::Add,
        Keyword::Remove => OperationType::Remove,
        Keyword::Replace => OperationType::Replace,
        Keyword::Set => OperationType::Set,
        Keyword::Clear => OperationType::Clear,
    }
}
