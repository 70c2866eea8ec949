//! `DELETE /delete`: an object goes, and with it what lies below when that was asked for. Section 7.3.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_domain::Error;
use bailiwick_domain::administration::{self, Error as UseCase, Kind};

use super::{admitted, guarded};
use crate::directory_fault::{NOT_ON_NON_LEAF, use_case};
use crate::documentation::schema::{Done, Failed};
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};

const ROUTE: Route = Route { scope: Scope::Delete, operation: OperationType::Delete, has_body: false, work: run };

/// Classes whose objects are places for others. What lies below an object of another class belongs to it.
const PLACES: [&str; 5] = ["organizationalUnit", "container", "builtinDomain", "domainDNS", "lostAndFound"];

/// Deletes an object.
///
/// An account, a group or the like goes with whatever belongs to it. A container that is not empty goes only with
/// `recursive=true`, and not if anything in it is critical to the system or protected from deletion.
#[utoipa::path(
    delete, path = "/delete", tag = "Objects", operation_id = "delete",
    params(
        ("dn" = String, Query, description = "The object: its DN, GUID, SID, user principal name or account name."),
        ("recursive" = Option<bool>, Query, description = "A container goes with what is in it."),
    ),
    responses(
        (status = 200, description = "The object is gone.", body = Done),
        (status = 400, description = "Nothing was deleted.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

fn run(call: &Call) -> Result<Reply, Problem> {
    let recursive = call.query.flag("recursive", call.operation)?;
    let dn = call.query.get("dn").ok_or_else(|| call.refuse("The dn field is required.").on("dn"))?;
    let target = call.find(Kind::Any, dn, "dn")?;
    let standing = admitted(call, &target, &call.settings().restrictions.delete, 400, "delete")?;
    if let Some(guard) = standing.guard {
        return Err(guarded(call, "delete", guard));
    }
    let is_place = PLACES.iter().any(|place| place.eq_ignore_ascii_case(&standing.class));
    let tree = recursive || !is_place || call.settings().delete_trees;
    if tree {
        let below = administration::find_guarded_below(call.directory(), &call.context(), &target);
        if let Some(found) = below.map_err(|error| call.failed(&error))? {
            let inner = guarded(call, "delete", found.guard);
            return Err(inner.told(format!("Unable to delete \"{dn}\": {} stands below it.", found.dn)).on("dn"));
        }
    }
    match administration::delete(call.directory(), &call.context(), &target, tree) {
        Ok(()) => Ok(Reply::done(200, None, "Successfully deleted the object.")),
        Err(error) => {
            let problem = use_case(400, call.operation, &error).told(format!("Unable to delete \"{dn}\""));
            Err(match error {
                UseCase::Directory(Error::HasChildren) => problem.code(NOT_ON_NON_LEAF),
                _ => problem,
            })
        }
    }
}
