//! `GET` and `POST /search/user`: users.

use axum::extract::{Request, State};
use axum::response::Response;

use crate::documentation::schema::{Failed, FilterBody, FoundBody, SearchQuery};
use crate::problem::OperationType;
use crate::router::{Api, Route};
use crate::search::Endpoint;
use crate::service::Scope;

const GET: Route = Route {
    scope: Scope::Search,
    operation: OperationType::Commit,
    has_body: false,
    work: |call| super::get(call, Endpoint::User),
};
const POST: Route = Route {
    scope: Scope::Search,
    operation: OperationType::Commit,
    has_body: true,
    work: |call| super::post(call, Endpoint::User),
};

/// Lists users.
#[utoipa::path(
    get, path = "/search/user", tag = "Search", operation_id = "listUsers", params(SearchQuery),
    responses(
        (status = 200, description = "What was found.", body = FoundBody),
        (status = 400, description = "The request cannot be understood, or nothing can be searched so.", body = Failed),
    ),
)]
pub async fn get(State(api): State<Api>, request: Request) -> Response {
    api.serve(GET, request).await
}

/// Searches for users by a filter.
#[utoipa::path(
    post, path = "/search/user", tag = "Search", operation_id = "searchUsers", params(SearchQuery), request_body = FilterBody,
    responses(
        (status = 200, description = "What was found.", body = FoundBody),
        (status = 400, description = "The request cannot be understood, or nothing can be searched so.", body = Failed),
    ),
)]
pub async fn post(State(api): State<Api>, request: Request) -> Response {
    api.serve(POST, request).await
}
