//! The face on a domain in memory: rights, order of errors, sessions, and a golden file for each API.

mod calls;
mod golden;
mod guessing;
mod order;
mod rights;
mod sessions;
mod world;
