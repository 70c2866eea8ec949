//! What the owner of the data folder asks of a running server beside its directory. An operation of our own: request
//! and answer are octets that this crate does not look into.

use crate::request::ExtendedRequest;

/// The OID of the operation, of the UUID 861e1f39-9998-47e2-ba3d-1be791fbf228 (ITU-T X.667); its response has no name.
pub const OID: &str = "2.25.178272953659173051010468022862888038952";

/// The request with this value.
pub const fn request(value: &[u8]) -> ExtendedRequest<'_> {
    ExtendedRequest { name: OID, value: Some(value) }
}
