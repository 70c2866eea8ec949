//! The wire format of every message: golden octets, generated round trips, and limits.

mod golden;
mod limits;
mod requests;
mod responses;
mod round_trip;
mod values;
