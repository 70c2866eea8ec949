//! Values that a specification gives a text or byte form, and nothing else.
//!
//! [MS-DTYP]: `guid`, `sid`, `access_mask`, `acl`, `security_descriptor`, `sddl`, `file_time`.
//! RFC 4512, 4514, 4515, 4517, 2849: `oid`, `attribute_name`, `dn`, `filter`, `generalized_time`,
//! `modification`, `ldif`. No schema, no directory rule, no socket, no clock.

pub mod access_mask;
pub mod acl;
pub mod attribute_name;
mod bits;
pub mod dn;
pub mod dn_with_data;
pub mod file_time;
pub mod filter;
pub mod generalized_time;
pub mod guid;
mod hex;
pub mod ldif;
pub mod modification;
pub mod object_name;
pub mod oid;
pub mod sddl;
pub mod security_descriptor;
pub mod sid;
