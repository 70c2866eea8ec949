//! `GET` and `POST /search…`. Sections 9 and 10.

pub mod any;
pub mod computer;
pub mod group;
pub mod user;

use bailiwick_adtypes::file_time::STEPS_PER_SECOND;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_domain::administration::{self, Kind};
use bailiwick_domain::{AttributeType, Scope as Reach};

use crate::directory_fault;
use crate::filter;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::search::{self, Endpoint, Parameters, Search};
use crate::service::Call;

/// The longest a search may take, in seconds: less than a request may take as a whole, so that what was found by then is
/// still sent.
const SECONDS_MAX: u32 = 20;

/// A search without a filter of the caller's own.
fn get(call: &Call, endpoint: Endpoint) -> Result<Reply, Problem> {
    run(call, endpoint, filter::fixed(endpoint.criteria()), endpoint == Endpoint::Generic)
}

/// A search by the filter in the body.
fn post(call: &Call, endpoint: Endpoint) -> Result<Reply, Problem> {
    let body = call.json()?;
    let lookup = |name: &str| -> Option<AttributeType> { call.directory().attribute_type(name) };
    let filter = filter::read(&body, endpoint.criteria(), &lookup).map_err(|error| {
        let refused = call.refuse(error.to_string());
        match error.property() {
            Some(property) => refused.on(property),
            None => refused,
        }
    })?;
    run(call, endpoint, filter, false)
}

fn run(
    call: &Call,
    endpoint: Endpoint,
    filter: bailiwick_adtypes::filter::Filter,
    filter_unsaid: bool,
) -> Result<Reply, Problem> {
    let settings = &call.settings().search;
    let parameters =
        Parameters::read(call.query.pairs()).map_err(|error| call.refuse(error.to_string()).on(error.property()))?;
    // The version is read before the values: when somebody changes the object in between, it is too old, not too new.
    let (base, usn) = base(call, &parameters)?;
    let search = Search::new(endpoint, settings.defaults(endpoint), &parameters, base, filter);
    let cursors = &call.service.cursors;
    let from = match &parameters.cursor {
        Some(cursor) => Some(
            cursors
                .open(&search, &call.requester, cursor)
                .map_err(|error| call.refuse(error.to_string()).on("cursor"))?,
        ),
        None => None,
    };
    let process = call.service.parts.process.as_ref();
    let context = call.context();
    let seconds = context.limits.query_seconds_max.min(SECONDS_MAX);
    let end = context.now.0.saturating_add(i64::from(seconds) * STEPS_PER_SECOND);
    let found = search
        .run(call.directory(), &context, from, settings.bounds, &|| process.now().0 < end)
        .map_err(|error| directory_fault::problem(400, call.operation, &error))?;
    let cursor = found.next.as_ref().map(|next| {
        cursors.seal(&search, &call.requester, next, &|octets| {
            process.random()(octets);
        })
    });
    let reply = search::Reply {
        host: &call.service.domain.host,
        port: call.service.parts.ldap_port,
        details: parameters.include_details.then_some(&search),
        filter_unsaid,
        presentation: &settings.presentation,
        cursor: cursor.as_deref(),
    };
    let body = reply.to_json(&found, &|name: &str| call.directory().attribute_type(name));
    let reply = Reply { status: 200, body, tag: None };
    Ok(match usn {
        Some(usn) if found.entries.len() == 1 => reply.tagged(usn),
        _ => reply,
    })
}

/// Where the search begins, and the version of that object when the search is about it alone.
fn base(call: &Call, parameters: &Parameters) -> Result<(ObjectName, Option<i64>), Problem> {
    let target = match &parameters.base {
        Some(text) => call.find(Kind::Any, text, "searchBase")?,
        None if parameters.scope != Reach::Base => return Ok((call.service.domain.base.clone().into(), None)),
        None => call.find(Kind::Any, &call.service.domain.base.to_string(), "searchBase")?,
    };
    if parameters.scope != Reach::Base {
        return Ok((target.name(), None));
    }
    let standing = administration::stand(call.directory(), &call.context(), &target);
    let standing = standing.map_err(|error| call.failed(&error))?;
    Ok((target.name(), Some(standing.usn)))
}
