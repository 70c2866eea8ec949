//! A fuzz body for every parser, as plain functions that replay their corpora on stable Rust.
