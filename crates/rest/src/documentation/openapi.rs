//! The OpenAPI 3.1 document: what stands at each operation, and what all of them have in common.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Type};

use super::schema;
use crate::operation as op;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "AD REST API",
        description = "Users, groups, units and any other object of the domain, by JSON over HTTP.\n\n\
            Wherever a DN is taken, a GUID, a SID, a user principal name or an account name is taken too.",
    ),
    tags(
        (name = "Create", description = "New objects. A 400 means that nothing was created."),
        (name = "Objects", description = "Changes of objects that are there."),
        (name = "Passwords", description = "New passwords."),
        (name = "Search", description = "Finding objects."),
    ),
    paths(
        op::create::user::handle,
        op::create::group::handle,
        op::create::unit::handle,
        op::edit::handle,
        op::move_to::handle,
        op::rename::handle,
        op::delete::handle,
        op::password::change::handle,
        op::password::reset::handle,
        op::search::any::get,
        op::search::any::post,
        op::search::computer::get,
        op::search::computer::post,
        op::search::group::get,
        op::search::group::post,
        op::search::user::get,
        op::search::user::post,
    ),
    components(schemas(schema::Failed, schema::ScopeName)),
)]
struct Documented;

/// What every operation may answer beside what it says itself.
const COMMON: [(&str, &str); 8] = [
    ("401", "Nobody signed in, or not rightly."),
    ("403", "The token is not for this, or a secret came in the clear."),
    ("405", "The path has other methods."),
    ("413", "The body is larger than the server takes."),
    ("415", "The body is not JSON."),
    ("429", "Too many wrong passwords came from this address."),
    ("500", "The server made a mistake."),
    ("503", "The directory has no time at the moment."),
];

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Documented::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let components = document.components.get_or_insert_default();
    for (name, scheme, text) in [
        ("basic", HttpAuthScheme::Basic, "A DN, `user@domain`, `NETBIOS\\name` or a name, with its password."),
        ("token", HttpAuthScheme::Bearer, "A token that `bailiwick token create` made."),
    ] {
        let scheme = HttpBuilder::new().scheme(scheme).description(Some(text)).build();
        components.add_security_scheme(name, SecurityScheme::Http(scheme));
    }
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
            complete(operation);
        }
    }
    document
}

fn complete(operation: &mut Operation) {
    operation.security = Some(["basic", "token"].map(|name| SecurityRequirement::new(name, [""; 0])).to_vec());
    let domain = ParameterBuilder::new()
        .name("domain")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("The domain, by its DNS name, its DN or the name of its server. Another one is an error."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build();
    operation.parameters.get_or_insert_default().push(domain);
    for (status, text) in COMMON {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Failed"))).build();
        let response = ResponseBuilder::new().description(text).content("application/json", body).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let number = ObjectBuilder::new().schema_type(Type::String);
            let header = HeaderBuilder::new().schema(number).description(Some("The request, as the audit has it."));
            response.headers.insert("X-Request-Id".to_owned(), header.build());
        }
    }
}

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_pretty_json().unwrap_or_default());
    let handler = || async { ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], TEXT.as_str()) };
    Router::new().route("/openapi.json", get(handler))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_described() {
        let document = document();
        let mut operations = 0;
        for item in document.paths.paths.values() {
            for operation in [&item.get, &item.post, &item.put, &item.delete].into_iter().flatten() {
                operations += 1;
                let id = operation.operation_id.as_deref().unwrap_or_default();
                for status in ["400", "401", "403", "415", "503"] {
                    assert!(operation.responses.responses.contains_key(status), "{id} says nothing of {status}");
                }
                assert!(operation.summary.as_ref().is_some_and(|text| text.ends_with('.')), "{id} has no summary");
            }
        }
        assert_eq!((document.paths.paths.len(), operations), (13, 17));
    }
}
