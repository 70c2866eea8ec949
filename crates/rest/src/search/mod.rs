//! Searches: parameters of the request, the search that they mean, and the reply. Section 9 of the reference.
//!
//! [`Parameters::read`] and [`Search::new`] make a search, [`Search::run`] has the directory perform it, and
//! [`Reply::to_json`] says what was found. A search that is cut short goes on with a cursor, see [`Cursors`].

mod cursor;
mod endpoint;
mod parameters;
mod properties;
mod reply;
mod run;

pub use cursor::{CURSOR_OCTETS_MAX, Cursors, InvalidCursor};
pub use endpoint::{Defaults, Endpoint};
pub use parameters::{ParameterError, Parameters};
pub use reply::Reply;
pub use run::{Bounds, Found, Search};
