//! The port: the few operations a directory offers. See `directory.rs`.
