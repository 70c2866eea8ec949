//! `SYNO.Entry.Request.Polling`: background tasks, whoever they belong to. Specification section 3.4.

pub mod list;
pub mod status;
pub mod stop;
