//! Beginning TLS on a connection that is in the clear. RFC 4511 section 4.14, RFC 4513 section 3.

use crate::malformed::Malformed;
use crate::request::ExtendedRequest;
use crate::value;

/// The OID of the operation, also the name of its response.
pub const OID: &str = "1.3.6.1.4.1.1466.20037";

/// Checks the request's value, which must be absent or empty.
///
/// # Errors
/// `ValueUnexpected`.
pub const fn decode(value: Option<&[u8]>) -> Result<(), Malformed> {
    value::none(value)
}

/// The request.
pub const fn request() -> ExtendedRequest<'static> {
    ExtendedRequest { name: OID, value: None }
}
