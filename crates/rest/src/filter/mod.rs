//! The filter language of `POST /search…`: JSON becomes a tree, and never a text that could be read as another one.
//!
//! An object of statements, each an attribute with the value to look for, or one of seven keywords with statements below
//! it. Section 10 of the reference says what they mean; where it garbles or drops statements, this reader does what the
//! client evidently meant, or refuses.

mod assertion;
mod error;
mod keyword;
mod read;

pub use error::FilterError;
pub use keyword::Keyword;
pub use read::{Criterion, fixed, read};
