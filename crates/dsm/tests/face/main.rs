//! The face on a domain in memory: rights, order of errors, sessions, and a golden file for each API.

mod bad_input;
mod calls;
mod forgotten_password;
mod golden;
mod guessing;
mod host;
mod order;
mod rights;
mod second_factor;
mod sessions;
mod tasks;
mod world;
