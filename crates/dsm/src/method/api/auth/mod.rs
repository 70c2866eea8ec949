//! `SYNO.API.Auth`: sessions begin and end. Specification sections 2.2 to 2.6.

pub mod login;
pub mod logout;
