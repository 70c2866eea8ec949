//! `SYNO.Entry.*`: calls that hold calls.

pub mod request;
