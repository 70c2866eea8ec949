//! Whole-product tests with real clients, filed by client.
