//! The rules of objects. [MS-ADTS] 3.1.1.5, [MS-SAMR] 3.1.1.
//!
//! Plain functions that decide, one noun a file. Operations call them in order; a rule calls no other rule and starts
//! no operation. What a rule decides it writes into the draft, so that the operation commits everything once.

pub(crate) mod account;
pub(crate) mod content;
pub(crate) mod control_flags;
pub(crate) mod descriptor_parts;
pub(crate) mod group;
pub(crate) mod linked_attributes;
pub(crate) mod machine_quota;
pub(crate) mod metadata;
pub(crate) mod naming;
pub(crate) mod object_class;
pub(crate) mod ownership;
pub(crate) mod password;
pub(crate) mod possible_superior;
pub(crate) mod protection;
pub(crate) mod security_descriptor;
pub(crate) mod security_id;
pub(crate) mod service_name;
pub(crate) mod system_only;
pub(crate) mod tombstone;
pub(crate) mod value;
