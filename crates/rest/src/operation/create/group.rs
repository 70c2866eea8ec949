//! `POST /create/group`. Section 5.8.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::administration::{self, GroupScope, NewGroup, Place, Selector};

use crate::documentation::schema::{CreateGroupBody, DoneTo, Failed};
use crate::json::{Object, Value};
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};
use crate::settings::GroupDefault;
use crate::value::flags;

const ROUTE: Route = Route { scope: Scope::Create, operation: OperationType::Create, has_body: true, work: run };

/// The longest account name of a group, in UTF-16 units. D-07.
const ACCOUNT_NAME_UNITS_MAX: usize = 256;
/// GROUP_TYPE_SECURITY_ENABLED. [MS-ADTS] 2.2.12.
const SECURITY: u32 = 0x8000_0000;

/// Creates a group.
///
/// Every key that is not documented is an attribute of the new object.
#[utoipa::path(
    post, path = "/create/group", tag = "Create", operation_id = "createGroup", request_body = CreateGroupBody,
    responses(
        (status = 201, description = "The group is there.", body = DoneTo),
        (status = 400, description = "Nothing was created.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

/// What the caller wants, read and found to be in order.
struct Wish {
    cn: String,
    path: Option<Selector>,
    account_name: String,
    security: bool,
    scope: GroupScope,
    attributes: Vec<Attribute>,
}

fn run(call: &Call) -> Result<Reply, Problem> {
    super::admit(call, "group")?;
    let wish = read(call).map_err(super::to_nothing)?;
    let new = NewGroup {
        name: &wish.cn,
        account_name: &wish.account_name,
        place: wish.path.as_ref().map_or(Place::Users, Place::At),
        scope: wish.scope,
        security: wish.security,
        attributes: wish.attributes,
    };
    let created = administration::create_group(call.directory(), &call.context(), new);
    super::outcome(call, &wish.cn, "group", created)
}

fn read(call: &Call) -> Result<Wish, Problem> {
    let mut body = call.object()?;
    let cn = super::common_name(call, &mut body)?;
    let path = super::path(call, &mut body)?;
    let account_name = call.text(&mut body, "sAMAccountName")?.unwrap_or_else(|| cn.clone()).trim().to_owned();
    if account_name.encode_utf16().count() > ACCOUNT_NAME_UNITS_MAX {
        let message = format!("The name of a group's account has at most {ACCOUNT_NAME_UNITS_MAX} characters.");
        return Err(super::refuse(message, "sAMAccountName"));
    }
    let (security, scope) = kind(call, &mut body)?;
    let attributes = super::attributes(call, body, "group")?;
    Ok(Wish { cn, path, account_name, security, scope, attributes })
}

/// Whether the group is for security, and its scope: as the caller says in words or by a number, which must agree.
fn kind(call: &Call, body: &mut Object) -> Result<(bool, GroupScope), Problem> {
    let security = match call.text(body, "type")? {
        None => None,
        Some(text) if text.trim().eq_ignore_ascii_case("security") => Some(true),
        Some(text) if text.trim().eq_ignore_ascii_case("distribution") => Some(false),
        Some(text) => return Err(super::refuse(format!("'{text}' is not a valid group type."), "type")),
    };
    let scope = match call.text(body, "scope")? {
        None => None,
        Some(text) => match scope(text.trim()) {
            Some(scope) => Some(scope),
            None => return Err(super::refuse(format!("'{text}' is not a valid group scope."), "scope")),
        },
    };
    let number = number(body)?;
    let by_default = match call.settings().group_default {
        GroupDefault::SecurityGlobal => (true, GroupScope::Global),
        // The reference has universal groups only where it is told nothing; security groups are global to it too.
        GroupDefault::DistributionUniversal if security == Some(true) => (true, GroupScope::Global),
        GroupDefault::DistributionUniversal => (false, GroupScope::Universal),
    };
    let Some((number_security, number_scope)) = number else {
        return Ok((security.unwrap_or(by_default.0), scope.unwrap_or(by_default.1)));
    };
    if security.is_some_and(|said| said != number_security) || scope.is_some_and(|said| said != number_scope) {
        return Err(super::refuse("groupType says something else than type and scope.", "groupType"));
    }
    Ok((number_security, number_scope))
}

fn scope(text: &str) -> Option<GroupScope> {
    match text.to_ascii_lowercase().as_str() {
        "global" => Some(GroupScope::Global),
        "universal" => Some(GroupScope::Universal),
        "domainlocal" | "domain_local" | "local" => Some(GroupScope::DomainLocal),
        _ => None,
    }
}

/// What a number or names in `groupType` say. D-07.
fn number(body: &mut Object) -> Result<Option<(bool, GroupScope)>, Problem> {
    let key = "groupType";
    let text = match body.take(key) {
        None => return Ok(None),
        Some(Value::Text(text)) => text,
        Some(Value::Number(number)) => number.as_text().to_owned(),
        Some(_) => return Err(super::refuse("groupType is a number or names of flags.", key)),
    };
    let bits = flags::parse(&flags::GROUP_FLAGS, &text).map_err(|unknown| super::refuse(unknown.to_string(), key))?;
    let scope = match bits & !SECURITY {
        2 => GroupScope::Global,
        4 => GroupScope::DomainLocal,
        8 => GroupScope::Universal,
        _ => return Err(super::refuse("groupType must name exactly one scope.", key)),
    };
    Ok(Some((bits & SECURITY != 0, scope)))
}
