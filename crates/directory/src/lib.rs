//! Active Directory semantics: the native implementation of the port.
