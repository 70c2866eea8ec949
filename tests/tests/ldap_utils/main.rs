//! The command-line clients of OpenLDAP drive every operation, well and badly: one file for each operation.

mod add;
mod bind;
mod compare;
mod controls;
mod delete;
mod encryption;
mod extended;
mod modify;
mod rename;
mod search;
