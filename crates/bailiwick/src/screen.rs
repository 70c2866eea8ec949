//! The start screen: what a newcomer needs next. It goes to standard output; log lines go to standard error.

use std::fmt::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use bailiwick_server::Summary;
use bailiwick_server::listener::Addresses;
use bailiwick_server::provisioning::Founded;

/// What is shown when the server is ready.
pub struct Screen<'a> {
    /// What the server is.
    pub summary: &'a Summary,
    /// Where it listens.
    pub addresses: Addresses,
    /// Whether passwords in the clear are refused even from loopback.
    pub require_encryption: bool,
    /// Whether to write in colours.
    pub colours: bool,
}

/// The width of the column of labels.
const LABEL_COLUMNS: usize = 16;

impl fmt::Display for Screen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = self.summary;
        let made = if summary.founded.is_some() { "is new" } else { "is back" };
        writeln!(f, "{} {made}.\n", self.strong(&format!("The domain {}", summary.domain)))?;
        if let Some(founded) = &summary.founded {
            self.password(f, "Administrator", founded)?;
        }
        if let Some(founded) = &summary.founded_host {
            self.password(f, "the host's own admin", founded)?;
        }
        self.line(f, "Data folder", &summary.data.display().to_string())?;
        self.line(f, "Domain", &format!("{} ({})", summary.domain, summary.netbios))?;
        self.line(f, "This server", &summary.host)?;
        self.line(f, "Base DN", &summary.base_dn)?;
        self.line(f, "Sign in as", &self.bind_name())?;
        if let Some(authority) = &summary.authority {
            self.line(f, "CA to trust", &authority.display().to_string())?;
        }
        let mut label = "Listening on";
        for (scheme, address) in [
            ("ldap", self.addresses.ldap),
            ("ldaps", self.addresses.ldaps),
            ("http", self.addresses.http),
            ("https", self.addresses.https),
        ] {
            if let Some(address) = address {
                self.line(f, label, &format!("{scheme}://{address}"))?;
                label = "";
            }
        }
        writeln!(f)?;
        if let Some(command) = self.search_command() {
            writeln!(f, "Find somebody:\n\n  {command}\n")?;
        }
        writeln!(f, "Ready. Ctrl-C stops it.")
    }
}

impl Screen<'_> {
    fn password(&self, f: &mut fmt::Formatter<'_>, whose: &str, founded: &Founded) -> fmt::Result {
        let Some(password) = &founded.made_password else {
            return writeln!(f, "The password of {whose} is the one that you gave.\n");
        };
        let password = String::from_utf8_lossy(password.expose()).into_owned();
        writeln!(f, "The password of {whose} is\n\n  {}\n", self.strong(&password))?;
        writeln!(f, "It is shown this once and stored nowhere: note it now.\n")
    }

    fn bind_name(&self) -> String {
        format!("Administrator@{}", self.summary.domain)
    }

    /// A line that works as it is pasted, in the clear on loopback or with the authority's file over TLS.
    fn search_command(&self) -> Option<String> {
        let mut command = String::new();
        let ldap = self.addresses.ldap.map(reachable);
        let ldaps = self.addresses.ldaps.map(reachable);
        let in_clear = ldap.filter(|address| address.ip().is_loopback() && !self.require_encryption);
        // The certificate names this machine by loopback's addresses and by its names, no other address.
        let over_tls = |scheme: &str, address: SocketAddr| match address.ip().is_loopback() {
            true => format!("{scheme}://{address}"),
            false => format!("{scheme}://{}:{}", self.summary.host, address.port()),
        };
        let url = match (in_clear, ldap, ldaps, &self.summary.authority) {
            (Some(address), ..) => format!("ldap://{address}"),
            (None, ldap, ldaps, Some(authority)) => {
                let url = match (ldaps, ldap) {
                    (Some(address), _) => over_tls("ldaps", address),
                    // -ZZ: StartTLS, or nothing.
                    (None, Some(address)) => format!("{} -ZZ", over_tls("ldap", address)),
                    (None, None) => return None,
                };
                // Writing into a string does not fail.
                let _ = write!(command, "LDAPTLS_CACERT={} ", quoted(&authority.display().to_string()));
                url
            }
            _ => return None,
        };
        let (name, base) = (quoted(&self.bind_name()), quoted(&self.summary.base_dn));
        let _ = write!(command, "ldapsearch -x -H {url} -D {name} -W -b {base} '(sAMAccountName=Administrator)'");
        Some(command)
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, label: &str, value: &str) -> fmt::Result {
        writeln!(f, "  {label:LABEL_COLUMNS$}{value}")
    }

    fn strong(&self, text: &str) -> String {
        if self.colours { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Where a client on this machine finds a listener: one that listens everywhere listens on loopback too.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// A word as a shell reads it back.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bailiwick_credential::Password;

    fn summary(founded: Option<Founded>) -> Summary {
        Summary {
            domain: "example.com".into(),
            netbios: "EXAMPLE".into(),
            base_dn: "DC=example,DC=com".into(),
            host: "dc1.example.com".into(),
            data: "./my data".into(),
            authority: Some("./my data/tls/ca.pem".into()),
            founded,
            founded_host: None,
        }
    }

    fn screen(founded: Option<Founded>, ldap: bool) -> String {
        let address = "127.0.0.1:3890".parse().unwrap();
        let addresses = Addresses {
            ldap: ldap.then_some(address),
            ldaps: Some("127.0.0.1:6360".parse().unwrap()),
            ..Addresses::default()
        };
        let summary = summary(founded);
        Screen { summary: &summary, addresses, require_encryption: false, colours: false }.to_string()
    }

    #[test]
    fn a_made_password_is_shown_at_the_first_start_only() {
        let made = Founded { made_password: Some(Password::new(b"Abcde-23456")) };
        assert!(screen(Some(made), true).contains("\n  Abcde-23456\n"));
        let given = Founded { made_password: None };
        assert!(screen(Some(given), true).contains("the one that you gave"));
        assert!(!screen(None, true).contains("password"));
    }

    #[test]
    fn the_search_line_can_be_pasted() {
        let command = "ldapsearch -x -H ldap://127.0.0.1:3890 -D Administrator@example.com -W -b DC=example,DC=com";
        assert!(screen(None, true).contains(command));
        let command = "LDAPTLS_CACERT='./my data/tls/ca.pem' ldapsearch -x -H ldaps://127.0.0.1:6360 ";
        assert!(screen(None, false).contains(command), "{}", screen(None, false));
    }

    #[test]
    fn the_search_line_works_wherever_the_server_listens() {
        let check = |ldap: &str, ldaps: Option<&str>, require_encryption, expected: &str| {
            let addresses = Addresses {
                ldap: Some(ldap.parse().unwrap()),
                ldaps: ldaps.map(|address| address.parse().unwrap()),
                ..Addresses::default()
            };
            let summary = summary(None);
            let screen = Screen { summary: &summary, addresses, require_encryption, colours: false }.to_string();
            assert!(screen.contains(expected), "{screen}");
        };
        check("0.0.0.0:389", None, false, "ldapsearch -x -H ldap://127.0.0.1:389 ");
        check("[::]:389", None, false, "ldapsearch -x -H ldap://[::1]:389 ");
        check("127.0.0.1:389", Some("0.0.0.0:636"), true, "ca.pem' ldapsearch -x -H ldaps://127.0.0.1:636 ");
        check("127.0.0.1:389", None, true, "ca.pem' ldapsearch -x -H ldap://127.0.0.1:389 -ZZ ");
        check("192.0.2.1:389", None, false, "ca.pem' ldapsearch -x -H ldap://dc1.example.com:389 -ZZ ");
    }

    #[test]
    fn the_last_line_says_that_it_is_ready() {
        assert!(screen(None, true).lines().last().unwrap().starts_with("Ready"));
    }
}
