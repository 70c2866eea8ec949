//! `PUT /password/change`: a new password by somebody who knows the old one.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_domain::administration;

use crate::documentation::schema::{ChangeBody, Done, Failed};
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};

const ROUTE: Route = Route { scope: Scope::Password, operation: OperationType::Set, has_body: true, work: run };

/// Changes the password of an account whose current one is known.
#[utoipa::path(
    put, path = "/password/change", tag = "Passwords", operation_id = "changePassword", request_body = ChangeBody,
    responses(
        (status = 200, description = "The account has its new password.", body = Done),
        (status = 400, description = "The password is what it was.", body = Failed),
        (status = 422, description = "The server has no key to decrypt passwords with.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

fn run(call: &Call) -> Result<Reply, Problem> {
    let wish = super::read(call, true)?;
    let done = call.hashing(move |call| {
        let old = wish.current.unwrap_or_else(|| bailiwick_credential::Password::new(b""));
        administration::change_password(call.directory(), &call.context(), &wish.target, &old, &wish.new)
    })?;
    match done {
        Ok(()) => Ok(Reply::done(200, None, "Password updated successfully.")),
        Err(error) => Err(super::failed(call, &error)),
    }
}
