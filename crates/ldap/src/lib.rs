//! LDAP v3 on the wire, sans-IO. RFC 4511, and the controls and extended operations of Active Directory.
//!
//! Bytes become values and values become bytes; no socket, clock or thread lives here, and no rule of the directory.
//! The server's path is [`connection`] → [`frame`] → [`message`] → [`request`], and back through [`response`].
//! The client's path is [`client`], which uses the same types in the other direction.

pub mod ber;
pub mod client;
pub mod connection;
pub mod control;
pub mod extended;
pub mod frame;
mod input;
pub mod malformed;
pub mod message;
pub mod request;
pub mod response;
pub mod result_code;
mod value;
