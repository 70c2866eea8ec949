//! A fuzz body for every parser, as plain functions that replay their corpora on stable Rust.
//!
//! A body takes any octets and panics when an invariant fails; most of them read, write and read again, and want the
//! same value. `tests/replay.rs` runs all bodies over `corpus/`, `libfuzzer/` gives them to a fuzzer.

mod audit;
mod client;
mod descriptor;
mod dsm;
mod hash;
mod host;
mod ldif;
mod rest;
mod text;
mod wire;

pub use audit::audit_record;
pub use client::{client_answer, client_handshake};
pub use descriptor::{sddl, security_descriptor};
pub use dsm::{dsm_envelope, dsm_parameters};
pub use hash::foreign_hash;
pub use host::host_administration;
pub use ldif::ldif;
pub use rest::{rest_edit, rest_filter, rest_json};
pub use text::{attribute_name, dn, filter_text, generalized_time, identifier};
pub use wire::{ber, message};

/// A body and its name, which is that of its folder in `corpus/` and of its file in `libfuzzer/fuzz_targets/`.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// The body; it panics when an invariant fails.
    pub body: fn(&[u8]),
}

/// Every body.
pub const TARGETS: &[Target] = &[
    Target { name: "attribute_name", body: attribute_name },
    Target { name: "audit_record", body: audit_record },
    Target { name: "ber", body: ber },
    Target { name: "client_answer", body: client_answer },
    Target { name: "client_handshake", body: client_handshake },
    Target { name: "dn", body: dn },
    Target { name: "dsm_envelope", body: dsm_envelope },
    Target { name: "dsm_parameters", body: dsm_parameters },
    Target { name: "filter_text", body: filter_text },
    Target { name: "foreign_hash", body: foreign_hash },
    Target { name: "generalized_time", body: generalized_time },
    Target { name: "host_administration", body: host_administration },
    Target { name: "identifier", body: identifier },
    Target { name: "ldif", body: ldif },
    Target { name: "message", body: message },
    Target { name: "rest_edit", body: rest_edit },
    Target { name: "rest_filter", body: rest_filter },
    Target { name: "rest_json", body: rest_json },
    Target { name: "sddl", body: sddl },
    Target { name: "security_descriptor", body: security_descriptor },
];
