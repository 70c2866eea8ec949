//! `SYNO.Entry.*`: calls that hold calls, and the tasks that go on after their calls.

pub mod polling;
pub mod request;
