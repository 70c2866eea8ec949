//! `SYNO.API.*`: what a client needs before its first real call. Specification sections 2 and 3.1.

pub mod auth;
pub mod auth_type;
pub mod encryption;
pub mod info;
pub mod ui_config;
