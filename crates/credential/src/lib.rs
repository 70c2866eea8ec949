//! Password hashes and secrets at rest; pure.
