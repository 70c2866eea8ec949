//! `POST /create/ou`. Sections 5 and 5.10.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::administration::{self, NewUnit, Place, Selector};

use crate::documentation::schema::{CreateUnitBody, DoneTo, Failed};
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};

const ROUTE: Route = Route { scope: Scope::Create, operation: OperationType::Create, has_body: true, work: run };

/// Creates an organizational unit.
///
/// Every key that is not documented is an attribute of the new object.
#[utoipa::path(
    post, path = "/create/ou", tag = "Create", operation_id = "createUnit", request_body = CreateUnitBody,
    responses(
        (status = 201, description = "The unit is there.", body = DoneTo),
        (status = 400, description = "Nothing was created.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

/// What the caller wants, read and found to be in order.
struct Wish {
    cn: String,
    path: Selector,
    protected: bool,
    attributes: Vec<Attribute>,
}

fn run(call: &Call) -> Result<Reply, Problem> {
    super::admit(call, "organizationalUnit")?;
    let wish = read(call).map_err(super::to_nothing)?;
    let place = Place::At(&wish.path);
    let new = NewUnit { name: &wish.cn, place, protected: wish.protected, attributes: wish.attributes };
    let created = administration::create_unit(call.directory(), &call.context(), new);
    super::outcome(call, &wish.cn, "OU", created)
}

fn read(call: &Call) -> Result<Wish, Problem> {
    let mut body = call.object()?;
    let cn = super::common_name(call, &mut body)?;
    // D-47: the container of users, where everything else goes that has no path, takes no units.
    let path = super::path(call, &mut body)?;
    let path = path.ok_or_else(|| call.refuse("The path field is required.").on("path"))?;
    let description = call.text(&mut body, "description")?.map(String::into_bytes);
    let protected = call.flag(&mut body, "protect")?;
    let mut attributes = super::attributes(call, body, "organizationalUnit")?;
    attributes.extend(description.map(|text| Attribute { name: "description".to_owned(), values: vec![text] }));
    Ok(Wish { cn, path, protected, attributes })
}
