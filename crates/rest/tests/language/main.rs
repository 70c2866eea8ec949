//! The languages of the AD REST API, example by example, and on a real directory.

mod domain;
mod edit;
mod filter;
mod filter_oracle;
mod search;
