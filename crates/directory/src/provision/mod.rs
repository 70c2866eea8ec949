//! The tree of a new domain, as data.
