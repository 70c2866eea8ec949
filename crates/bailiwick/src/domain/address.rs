//! The address of a server: `ldap://HOST:PORT` or `ldaps://HOST:PORT`. RFC 4516, of which only this much is taken.

use std::fmt;
use std::str::FromStr;

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS begins at once.
    pub tls: bool,
}

/// The text is no address of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressError;

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a server is ldap://HOST:PORT or ldaps://HOST:PORT")
    }
}

impl std::error::Error for AddressError {}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        let (scheme, rest) = text.split_once("://").ok_or(AddressError)?;
        let (tls, usual_port) = match scheme.to_ascii_lowercase().as_str() {
            "ldap" => (false, 389),
            "ldaps" => (true, 636),
            _ => return Err(AddressError),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.strip_prefix('[') {
            Some(bracketed) => {
                let (host, after) = bracketed.split_once(']').ok_or(AddressError)?;
                (host, after.strip_prefix(':').or(after.is_empty().then_some("")).ok_or(AddressError)?)
            }
            None => rest.rsplit_once(':').unwrap_or((rest, "")),
        };
        let port = if port.is_empty() { usual_port } else { port.parse().map_err(|_| AddressError)? };
        let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c));
        if is_host { Ok(Address { host: host.to_owned(), port, tls }) } else { Err(AddressError) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "ldaps" } else { "ldap" };
        match self.host.contains(':') {
            true => write!(f, "{scheme}://[{}]:{}", self.host, self.port),
            false => write!(f, "{scheme}://{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, u16, bool)>) {
        let found = text.parse::<Address>().ok();
        let found = found.as_ref().map(|address| (address.host.as_str(), address.port, address.tls));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn addresses_are_read() {
        check("ldap://localhost", Some(("localhost", 389, false)));
        check("ldaps://dc1.example.com/", Some(("dc1.example.com", 636, true)));
        check("LDAP://127.0.0.1:3890", Some(("127.0.0.1", 3890, false)));
        check("ldap://[::1]:3890", Some(("::1", 3890, false)));
        check("ldap://[::1]", Some(("::1", 389, false)));
        for text in
            ["", "localhost", "http://x", "ldap://", "ldap://x:y", "ldap://x/dc=y", "ldap://[::1", "ldap://[::1]x"]
        {
            check(text, None);
        }
    }
}
