//! The tests that every engine must pass.
