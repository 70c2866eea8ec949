//! The port: the few operations a directory offers, in words that no wire format owns.
//!
//! Faces (LDAP, DSM, REST, console, command line) convert their requests into these types, call once,
//! and convert the answer back. `bailiwick-directory` is the native implementation of [`Directory`].

pub mod administration;
pub mod attempts;
mod attribute_type;
mod authentication;
mod change;
mod change_own_password;
mod context;
mod directory;
mod entry;
mod error;
mod event;
mod listing;
mod password_change;
mod process;
mod search;
mod sign_in;
mod witnessed;

pub use attempts::Attempts;
pub use attribute_type::{AttributeType, ValueForm};
pub use authentication::{Authentication, Check, SignInFailure, Verdict};
pub use change::{Applied, Change, Rename, Seen};
pub use change_own_password::change_own_password;
pub use context::{Context, Identity, Limits, Protection, Requester};
pub use directory::{Directory, Refused};
pub use entry::{Collect, Entry};
pub use error::{AttributeFault, Error, GroupFault, ObjectFault, Refusal};
pub use event::{
    Account, Action, EVENT_ATTRIBUTES_MAX, EVENT_NAME_OCTETS_MAX, EVENT_VALUE_OCTETS_MAX, EVENT_VALUES_MAX, Event,
    Face, Object, Turned, Witness, Written, WrittenAttribute, WrittenValues,
};
pub use listing::{ListOrder, ListRequest, Listed, list_by_search};
pub use password_change::PasswordFault;
pub use process::{Hashing, Process, in_hashing_pool};
pub use search::{
    Budget, ExtendedDnForm, Flow, Position, Progress, Scope, SearchOptions, SearchRequest, Sink, SortKey,
};
pub use sign_in::{check_offer, sign_in, sign_in_owner};
pub use witnessed::Witnessed;

pub use bailiwick_credential::Password;
