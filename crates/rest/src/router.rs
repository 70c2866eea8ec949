//! Paths to operations, and what every request goes through on its way.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use bailiwick_domain::{Protection, Requester};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::documentation;
use crate::operation as op;
use crate::problem::{OperationType, Problem};
use crate::query::Query;
use crate::reply::{Reply, respond};
use crate::service::{Call, Scope, Service};
use crate::sign_in::sign_in;

/// How many requests work at the same time; more of them wait.
const REQUESTS_MAX: usize = 64;

/// The API as handlers see it.
#[derive(Clone)]
pub struct Api {
    service: Arc<Service>,
    /// Bounds the threads that wait for the directory.
    running: Arc<Semaphore>,
}

/// What a route is about.
#[derive(Clone, Copy)]
pub struct Route {
    /// What a token must be for.
    pub scope: Scope,
    /// What the operation does, for what goes wrong before it begins.
    pub operation: OperationType,
    /// The request has a body.
    pub has_body: bool,
    /// The work.
    pub work: fn(&Call) -> Result<Reply, Problem>,
}

/// All routes of the API. Its fallback serves paths in any case and with a slash at the end (section 2.1), and answers
/// whatever else nobody serves.
pub fn router(service: Service) -> Router {
    let api = Api { service: Arc::new(service), running: Arc::new(Semaphore::new(REQUESTS_MAX)) };
    let operations = Router::new()
        .route("/create/user", post(op::create::user::handle))
        .route("/create/group", post(op::create::group::handle))
        .route("/create/ou", post(op::create::unit::handle))
        .route("/delete", delete(op::delete::handle))
        .route("/edit", put(op::edit::handle))
        .route("/move", post(op::move_to::handle))
        .route("/password/change", put(op::password::change::handle))
        .route("/password/reset", put(op::password::reset::handle))
        .route("/rename", put(op::rename::handle))
        .route("/search", get(op::search::any::get).post(op::search::any::post))
        .route("/search/computer", get(op::search::computer::get).post(op::search::computer::post))
        .route("/search/group", get(op::search::group::get).post(op::search::group::post))
        .route("/search/user", get(op::search::user::get).post(op::search::user::post))
        .method_not_allowed_fallback(wrong_method)
        .with_state(api.clone());
    let again = operations.clone();
    let realm = api.service.domain.dns_name.clone();
    operations.merge(documentation::router()).fallback(move |request: Request| {
        let (again, realm) = (again.clone(), realm.clone());
        async move {
            match plain_path(request.uri()) {
                Some(uri) => {
                    let (mut parts, body) = request.into_parts();
                    parts.uri = uri;
                    let Ok(response) = again.fallback(nothing).oneshot(Request::from_parts(parts, body)).await;
                    response
                }
                None => respond(Err(Problem::plain(404, "There is nothing at this path.")), &realm, None),
            }
        }
    })
}

impl Api {
    /// Takes a request through the API: who asks, whether that is enough, the work, the answer.
    pub async fn serve(self, route: Route, request: Request) -> Response {
        let Api { service, running } = self;
        let realm = service.domain.dns_name.clone();
        let request_id = service.parts.process.next_request_id();
        let (parts, body) = request.into_parts();
        let nobody = parts.extensions.get::<Requester>().cloned();
        let nobody = nobody.unwrap_or_else(|| Requester::anonymous(None, Protection::None));
        let body = match read_body(&parts, body).await {
            Ok(body) => body,
            Err(problem) => return respond(Err(problem), &realm, Some(request_id)),
        };
        // Closing the semaphore is the one thing that fails this, and nobody does.
        let permit = running.acquire_owned().await;
        let work = move || {
            let _permit = permit;
            let query = parts.uri.query().unwrap_or_default().to_owned();
            run(&service, route, &nobody, request_id, (&query, parts.headers, body))
        };
        let result = match tokio::task::spawn_blocking(work).await {
            Ok(result) => result,
            // A mistake of ours; the panic hook has reported it.
            Err(_) => Err(Problem::plain(500, "The server made a mistake; its log says which.")),
        };
        respond(result, &realm, Some(request_id))
    }
}

fn run(
    service: &Arc<Service>,
    route: Route,
    nobody: &Requester,
    request_id: u64,
    (query, headers, body): (&str, HeaderMap, Bytes),
) -> Result<Reply, Problem> {
    let caller = sign_in(service, nobody, request_id, &headers)?;
    if !caller.scopes.contains(route.scope) {
        let message = format!("The token is not for this: it lacks the scope '{}'.", route.scope.name());
        return Err(Problem::plain(403, message));
    }
    if route.has_body && !body.is_empty() && !is_json(&headers) {
        return Err(Problem::plain(415, "The body must be JSON, and its Content-Type application/json."));
    }
    let query = Query::parse(query, route.operation)?;
    service.domain.select(query.get("domain"), route.operation)?;
    let call = Call {
        service: Arc::clone(service),
        requester: caller.requester,
        request_id,
        operation: route.operation,
        query,
        headers,
        body,
    };
    (route.work)(&call)
}

/// Reads the body within the limit that stands around all routes.
async fn read_body(parts: &axum::http::request::Parts, body: Body) -> Result<Bytes, Problem> {
    let mut request = Request::new(body);
    *request.headers_mut() = parts.headers.clone();
    *request.extensions_mut() = parts.extensions.clone();
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status().as_u16() {
        413 => Problem::plain(413, "The body is larger than the server takes."),
        _ => Problem::plain(400, "The body cannot be read."),
    })
}

/// Section 2.2.
fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "application/json" | "text/json")
        || kind.strip_prefix("application/").is_some_and(|kind| kind.ends_with("+json"))
}

async fn wrong_method(State(api): State<Api>, method: Method) -> Response {
    let message = format!("{method} is not for this path.");
    respond(Err(Problem::plain(405, message)), &api.service.domain.dns_name, None)
}

async fn nothing() -> Response {
    respond(Err(Problem::plain(404, "There is nothing at this path.")), "", None)
}

/// The path in small letters and without a slash at the end; none when it was so already.
fn plain_path(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let plain = path.trim_end_matches('/').to_ascii_lowercase();
    if plain == path || plain.is_empty() {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{plain}{query}").parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn paths_are_found_in_any_case_and_with_a_slash() {
        let plain = |uri: &str| plain_path(&uri.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(plain("/Create/User/?Domain=A").as_deref(), Some("/create/user?Domain=A"));
        assert_eq!(plain("/search/").as_deref(), Some("/search"));
        assert_eq!(plain("/search"), None);
        assert_eq!(plain("/"), None);
    }

    #[test]
    fn bodies_are_json_by_their_media_type() {
        let check = |value: &str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
            assert_eq!(is_json(&headers), expected, "{value}");
        };
        check("application/json", true);
        check("Application/JSON; charset=utf-8", true);
        check("text/json", true);
        check("application/json-patch+json", true);
        check("application/x-www-form-urlencoded", false);
        check("", false);
    }
}
