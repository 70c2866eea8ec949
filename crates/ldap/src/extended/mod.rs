//! Extended operations and unsolicited notifications, one per file. RFC 4511 section 4.12.

pub mod cancel;
pub mod host_administration;
pub mod notice_of_disconnection;
pub mod password_modify;
pub mod start_tls;
pub mod who_am_i;
