//! Pages for people, beside the API for programs.

pub mod reset_password;
