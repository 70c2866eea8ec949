//! `PUT /rename`: an object gets another name in the same place. Section 7.2.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_domain::administration::{self, Guard, Kind};

use super::{admitted, guarded};
use crate::documentation::schema::{DoneTo, Failed, RenameBody};
use crate::name;
use crate::name::NameFault;
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};

const ROUTE: Route = Route { scope: Scope::Rename, operation: OperationType::Rename, has_body: true, work: run };

/// Renames an object. Account names and the like are attributes and stay.
#[utoipa::path(
    put, path = "/rename", tag = "Objects", operation_id = "rename", request_body = RenameBody,
    responses(
        (status = 200, description = "The object has its new name; its new DN.", body = DoneTo),
        (status = 400, description = "Nothing was renamed.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

fn run(call: &Call) -> Result<Reply, Problem> {
    let mut body = call.object()?;
    let dn = call.required_text(&mut body, "dn")?;
    let wanted = call.required_text(&mut body, "newName")?;
    let wanted = name::plain(&wanted).map_err(|fault| {
        call.refuse(match fault {
            NameFault::Blank => "The newName field is required.",
            NameFault::SeveralComponents => "A name has one component.",
        })
        .on("newName")
    })?;
    let target = call.find(Kind::Any, &dn, "dn")?;
    let standing = admitted(call, &target, &call.settings().restrictions.rename, 400, "rename")?;
    // D-14: what the system needs keeps its name; protection is against deletion alone.
    if standing.guard == Some(Guard::Critical) {
        return Err(guarded(call, "rename", Guard::Critical).on("dn"));
    }
    match administration::rename(call.directory(), &call.context(), &target, &wanted) {
        Ok(renamed) => Ok(Reply::done(200, Some(renamed.to_string()), "Object has been successfully renamed.")),
        Err(error) => Err(call.failed(&error).told("The object could not be renamed.")),
    }
}
