//! `SYNO.Core.Directory.Domain`: the domain that the host belongs to, and the sync of its accounts. Specification
//! section 3.9.
//!
//! The host belongs to the domain that it serves itself, so there is nothing to join or to leave, and no calls for that.

pub mod get;
pub mod get_db_status;
pub mod get_domain_list;
pub mod list_candidate_ou;
pub mod set_password;
pub mod update_start;
pub mod update_status;
pub mod update_stop;
