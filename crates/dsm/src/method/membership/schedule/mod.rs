//! `SYNO.Core.Directory.Domain.Schedule`: how often the host takes over the domain's accounts by itself. Specification
//! section 3.13.

pub mod get;
pub mod set;

/// The one kind of schedule: again and again, after so many hours.
const DATE_TYPE: i64 = 0;
