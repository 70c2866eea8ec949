//! Where a server is: `https://nas.example.com:5001`, with or without a folder before `/webapi`.

use std::fmt;
use std::str::FromStr;

use http::uri::{Authority, Scheme, Uri};

/// The address of a server.
///
/// `http` or `https`, a host, usually a port (a DSM listens on 5000 and 5001), and perhaps a path under which a reverse
/// proxy shows the server.
///
/// ```
/// use bailiwick_client::Address;
///
/// let address: Address = "https://nas.example.com:5001".parse().unwrap();
/// assert!(address.is_secure());
/// assert!("nas.example.com".parse::<Address>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    scheme: Scheme,
    authority: Authority,
    /// Empty, or begins with a slash and does not end with one.
    prefix: String,
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressFault {
    /// It is no absolute URL.
    Malformed,
    /// It begins with neither `http://` nor `https://`.
    Scheme,
    /// It has a user name or password in it. Sign-in takes them, so that they appear in no log.
    Credentials,
    /// It has a query.
    Query,
}

impl Address {
    /// Whether what is sent is protected by TLS.
    pub fn is_secure(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// The URL of a path below `/webapi/`. `path` must be one that [`is_path`] accepts.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{self}/webapi/{path}")
    }
}

/// Whether a path that a server announced may be put behind `/webapi/`: it stays there and needs no escape.
pub(crate) fn is_path(path: &str) -> bool {
    /// Far more than any name of a script.
    const PATH_OCTETS_MAX: usize = 200;
    let is_plain = |octet: u8| octet.is_ascii_alphanumeric() || b"._-/".contains(&octet);
    path.len() <= PATH_OCTETS_MAX
        && path.bytes().all(is_plain)
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

impl FromStr for Address {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Address, AddressFault> {
        let parts = text.parse::<Uri>().map_err(|_| AddressFault::Malformed)?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(AddressFault::Malformed);
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(AddressFault::Scheme);
        }
        if authority.as_str().contains('@') {
            return Err(AddressFault::Credentials);
        }
        let path = parts.path_and_query;
        if path.as_ref().is_some_and(|path| path.query().is_some()) {
            return Err(AddressFault::Query);
        }
        let prefix = path.map_or(String::new(), |path| path.path().trim_end_matches('/').to_owned());
        Ok(Address { scheme, authority, prefix })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

impl fmt::Display for AddressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AddressFault::Malformed => "the address is no URL",
            AddressFault::Scheme => "the address begins with neither http:// nor https://",
            AddressFault::Credentials => "the address holds a user name or password",
            AddressFault::Query => "the address has a query",
        })
    }
}

impl std::error::Error for AddressFault {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, AddressFault>) {
        let address = text.parse::<Address>().map(|address| address.url("entry.cgi"));
        assert_eq!(address.as_deref(), expected.as_ref().map(|url| *url), "{text}");
    }

    #[test]
    fn addresses_are_read() {
        check("http://127.0.0.1:5000", Ok("http://127.0.0.1:5000/webapi/entry.cgi"));
        check("https://[::1]:5001/", Ok("https://[::1]:5001/webapi/entry.cgi"));
        check("https://example.com/nas/", Ok("https://example.com/nas/webapi/entry.cgi"));
        check("HTTPS://example.com", Ok("https://example.com/webapi/entry.cgi"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        check("", Err(AddressFault::Malformed));
        check("nas.example.com", Err(AddressFault::Malformed));
        check("/webapi", Err(AddressFault::Malformed));
        check("ldap://example.com", Err(AddressFault::Scheme));
        check("https://admin:secret@example.com", Err(AddressFault::Credentials));
        check("https://example.com/?x=1", Err(AddressFault::Query));
    }

    #[test]
    fn announced_paths_stay_below_webapi() {
        for path in ["entry.cgi", "auth.cgi", "entry.cgi/SYNO.API.Auth", "FileStation/file_share.cgi"] {
            assert!(is_path(path), "{path}");
        }
        for path in
            ["", "/entry.cgi", "../x", "a/../b", "a//b", "entry.cgi?x", "a b", "http://x", "ä", &"a".repeat(201)]
        {
            assert!(!is_path(path), "{path}");
        }
    }
}
