//! Asking under which name one is signed in. RFC 4532.

use crate::ber;
use crate::malformed::Malformed;
use crate::request::ExtendedRequest;
use crate::value;

/// The OID of the operation; its response has no name.
pub const OID: &str = "1.3.6.1.4.1.4203.1.11.3";

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

/// Reads the response's value: `u:DOMAIN\name` in AD, empty for anonymous. The server writes it as it is.
///
/// # Errors
/// `ValueMissing`, `NotUtf8`.
pub fn decode_response(value: Option<&[u8]>) -> Result<&str, Malformed> {
    ber::text(value.ok_or(Malformed::ValueMissing)?)
}
