//! `SYNO.Core.Directory.LDAP.Login.Notify`: accounts of the domain are told of the end of their passwords when they sign
//! in.

pub mod check;
pub mod get;
pub mod set;
