//! Ordered bytes in named spaces, with transactions.
