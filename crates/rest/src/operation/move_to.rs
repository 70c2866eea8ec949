//! `POST /move`: an object goes to another place under the same name. Section 7.1.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_domain::administration::{self, Kind, Place, Selector};

use super::{admitted, guarded};
use crate::documentation::schema::{DoneTo, Failed, MoveBody};
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};

const ROUTE: Route = Route { scope: Scope::Move, operation: OperationType::Move, has_body: true, work: run };

/// Moves an object to another container.
#[utoipa::path(
    post, path = "/move", tag = "Objects", operation_id = "move", request_body = MoveBody,
    responses(
        (status = 200, description = "The object is there; its new DN.", body = DoneTo),
        (status = 400, description = "Nothing was moved.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

fn run(call: &Call) -> Result<Reply, Problem> {
    let mut body = call.object()?;
    let dn = call.required_text(&mut body, "dn")?;
    let dest = call.required_text(&mut body, "dest")?;
    let target = call.find(Kind::Any, &dn, "dn")?;
    let place = call.find(Kind::Any, &dest, "dest")?;
    if place.guid == target.guid {
        return Err(call.refuse("The destination cannot be the same as the source.").on("dest"));
    }
    let standing = admitted(call, &target, &call.settings().restrictions.move_to, 400, "move")?;
    if let Some(guard) = standing.guard {
        return Err(guarded(call, "move", guard).on("dn"));
    }
    let place = Selector::from(place.dn);
    let parent = target.dn.parent().map(Selector::from);
    let parent = parent.and_then(|it| administration::find(call.directory(), &call.context(), Kind::Any, &it).ok());
    let place = administration::find(call.directory(), &call.context(), Kind::Place, &place)
        .map_err(|error| call.failed(&error).told("The destination is no place for objects.").on("dest"))?;
    let done = "Successfully moved the object.";
    if parent.is_some_and(|parent| parent.guid == place.guid) {
        return Ok(Reply::done(200, Some(target.dn.to_string()), done));
    }
    let place = Selector::from(place.dn);
    match administration::move_to(call.directory(), &call.context(), &target, Place::At(&place)) {
        Ok(moved) => Ok(Reply::done(200, Some(moved.to_string()), done)),
        Err(error) => Err(call.failed(&error).told("Unable to move object")),
    }
}
