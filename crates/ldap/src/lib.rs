//! LDAP v3 on the wire, sans-IO.
