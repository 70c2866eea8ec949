//! `PUT /password/reset`: a new password by somebody who has the right to set it.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_domain::administration::{self, NewPassword};

use crate::documentation::schema::{Done, Failed, ResetBody};
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};

const ROUTE: Route = Route { scope: Scope::Password, operation: OperationType::Set, has_body: true, work: run };

/// Sets the password of an account, whatever it was.
#[utoipa::path(
    put, path = "/password/reset", tag = "Passwords", operation_id = "resetPassword", request_body = ResetBody,
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
    let wish = super::read(call, false)?;
    let done = call.hashing(move |call| {
        let new = NewPassword { password: &wish.new, must_change: false, unlock: false };
        administration::set_password(call.directory(), &call.context(), &wish.target, &new)
    })?;
    match done {
        Ok(()) => Ok(Reply::done(200, None, "Password updated successfully.")),
        Err(error) => Err(super::failed(call, &error)),
    }
}
