//! Whose something is that the host keeps beside an account's password.

mod subject;

pub use subject::{Subject, SubjectError};
