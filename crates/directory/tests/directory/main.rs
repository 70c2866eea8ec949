//! The directory, driven through its port.

mod administration;
mod domain;
mod founding;
mod listing;
mod search;
mod search_oracle;
