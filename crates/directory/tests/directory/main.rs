//! The directory, driven through its port.

mod administration;
mod domain;
mod founding;
mod search;
mod search_oracle;
