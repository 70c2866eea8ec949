//! What the client puts on the wire and how it takes what comes back, against a server of the test's own in the same
//! process. That a Bailiwick understands it is tested with the whole product.

mod calls;
mod fake;
mod sign_in;
mod way;
