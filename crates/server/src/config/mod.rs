//! Configuration: every setting by flag, environment or TOML file, and where each value in force came from.
//!
//! `setting` is the table, `layer` decides which place wins; this file turns the texts into typed values once.

mod layer;
mod rest;
mod setting;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use bailiwick_accounts::session::Lifetimes;
use bailiwick_adtypes::file_time::Interval;
use bailiwick_credential::{Cost, Password};

pub use layer::{ConfigError, Origin, Sources, Value, Values};
pub use rest::Rest;
pub use setting::{
    ADMIN_PASSWORD_VARIABLE, FILE_NAME, Group, HOST_ADMIN_PASSWORD_VARIABLE, SETTINGS, Setting, VARIABLE_PREFIX,
};

/// Everything in force, typed.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// The domain's DNS name; none when the folder knows it.
    pub domain: Option<String>,
    /// The domain's NetBIOS name; none when it follows from the domain.
    pub netbios: Option<String>,
    /// This server's short name; none when it is the machine's.
    pub hostname: Option<String>,
    /// A file with the administrator's first password.
    pub admin_password_file: Option<PathBuf>,
    /// The same password as text, from [`ADMIN_PASSWORD_VARIABLE`]; whoever reads the environment puts it here.
    pub admin_password: Option<Password>,
    /// The first password of the host's `admin`, from [`HOST_ADMIN_PASSWORD_VARIABLE`], likewise.
    pub host_admin_password: Option<Password>,
    /// Where to listen.
    pub listeners: Listeners,
    /// Where people reach this server; none makes it of its name and port.
    pub public_url: Option<String>,
    /// Whether passwords in the clear are refused from loopback too.
    pub require_encryption: bool,
    /// A certificate of the administrator's own.
    pub own_certificate: Option<OwnCertificate>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Log directives.
    pub log_level: String,
    /// How long sign-ins and changes are remembered.
    pub audit: AuditLimits,
    /// How letters leave.
    pub mail: MailSettings,
    /// How the host follows the domain's accounts.
    pub sync: SyncSettings,
    /// How long sessions of the web faces live.
    pub sessions: Lifetimes,
    /// Threads and their queues.
    pub work: Work,
    /// The cost of new password hashes.
    pub cost: Cost,
    /// The most octets the data file may grow to.
    pub map_octets: u64,
    /// The bounds that protect the server.
    pub limits: ServerLimits,
    /// The AD REST API; none is off.
    pub rest: Option<Rest>,
}

/// Where to listen; none is `off`.
#[derive(Clone, Copy, Debug)]
pub struct Listeners {
    /// LDAP with StartTLS.
    pub ldap: Option<SocketAddr>,
    /// LDAP over TLS.
    pub ldaps: Option<SocketAddr>,
    /// HTTP.
    pub http: Option<SocketAddr>,
    /// HTTPS.
    pub https: Option<SocketAddr>,
}

/// A certificate of the administrator's own.
#[derive(Clone, Debug)]
pub struct OwnCertificate {
    /// PEM file with the chain, leaf first.
    pub certificate: PathBuf,
    /// PEM file with the private key.
    pub key: PathBuf,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// How long sign-ins and changes are remembered.
#[derive(Clone, Copy, Debug)]
pub struct AuditLimits {
    /// The greatest age of an event, in days.
    pub days_max: u64,
    /// The most octets of all events.
    pub octets_max: u64,
    /// How long an event may wait in memory before it is written.
    pub flush_max: Duration,
}

/// How letters leave.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The mail server; none leaves letters in the outbox.
    pub server: Option<SmtpServer>,
    /// The sender of letters; none makes one of the domain.
    pub from: Option<String>,
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is protected.
    pub security: SmtpSecurity,
    /// The name to sign in with, and the file with its password.
    pub user: Option<(String, PathBuf)>,
    /// PEM file with certificates to trust beside the system's.
    pub authority: Option<PathBuf>,
}

/// How the way to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS after STARTTLS, without which nothing is sent. RFC 3207.
    StartTls,
    /// TLS from the first octet. RFC 8314.
    Tls,
    /// Nothing. No password goes this way.
    None,
}

/// How the host follows the domain's accounts.
#[derive(Clone, Debug, Default)]
pub struct SyncSettings {
    /// How often it does by itself; none is only when somebody asks.
    pub every: Option<Duration>,
    /// Where to write passwd and group files.
    pub extrausers: Option<PathBuf>,
}

/// Threads and their queues.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// Event loops for LDAP connections.
    pub ldap_threads: usize,
    /// Workers that go on with long searches.
    pub search_threads: usize,
    /// Threads that wait for the disk.
    pub writer_threads: usize,
    /// Threads that verify passwords.
    pub hashing_threads: usize,
    /// Sign-ins that may wait for one of those.
    pub hashing_queue_max: usize,
}

/// The bounds that protect the server.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// LDAP connections at the same time.
    pub connections_max: usize,
    /// LDAP connections at the same time from one address.
    pub connections_per_address_max: usize,
    /// How long an LDAP connection may be silent.
    pub idle_max: Duration,
    /// How long a TLS handshake may take.
    pub handshake_max: Duration,
    /// The largest LDAP message after signing in.
    pub message_octets_max: usize,
    /// The largest LDAP message before.
    pub message_octets_before_bind_max: usize,
    /// Operations of one connection under way at once.
    pub operations_per_connection_max: usize,
    /// Answers that may wait for a slow client.
    pub output_octets_max: usize,
    /// Entries of a page; none leaves it to the directory's policy.
    pub page_entries_max: Option<u32>,
    /// Paged searches one connection may have open.
    pub paged_searches_per_connection_max: usize,
    /// HTTP connections at the same time.
    pub http_connections_max: usize,
    /// The largest body of an HTTP request.
    pub http_body_octets_max: usize,
    /// How long an HTTP request may take.
    pub http_request_max: Duration,
    /// How long work in flight may take when the server stops.
    pub shutdown_max: Duration,
}

impl Config {
    /// Types the values.
    ///
    /// # Errors
    /// The first value that is not what its setting takes.
    pub fn from_values(values: &Values) -> Result<Config, ConfigError> {
        let read = Reader { values };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = |name| -> Result<usize, ConfigError> {
            let number = read.number(name, 0..=1024)?;
            Ok(if number == 0 { cores } else { number as usize })
        };
        let seconds = |name, least| read.number(name, least..=86_400 * 365).map(Duration::from_secs);
        let count = |name| read.number(name, 1..=u64::from(u32::MAX)).map(|number| number as usize);
        Ok(Config {
            data: PathBuf::from(read.text("data").unwrap_or("./bailiwick-data")),
            domain: read.text("domain").map(str::to_owned),
            netbios: read.text("netbios").map(str::to_owned),
            hostname: read.text("hostname").map(str::to_owned),
            admin_password_file: read.text("admin-password-file").map(PathBuf::from),
            admin_password: None,
            host_admin_password: None,
            listeners: Listeners {
                ldap: read.listener("ldap")?,
                ldaps: read.listener("ldaps")?,
                http: read.listener("http")?,
                https: read.listener("https")?,
            },
            public_url: read.url("public-url")?,
            require_encryption: read.parsed("require-encryption", "true or false")?,
            own_certificate: match (read.text("tls-certificate"), read.text("tls-key")) {
                (Some(certificate), Some(key)) => {
                    Some(OwnCertificate { certificate: certificate.into(), key: key.into() })
                }
                (Some(_), None) => return Err(ConfigError::Needs { name: "tls-certificate", needs: "tls-key" }),
                (None, Some(_)) => return Err(ConfigError::Needs { name: "tls-key", needs: "tls-certificate" }),
                (None, None) => None,
            },
            log_format: match read.text("log-format") {
                Some("human") | None => LogFormat::Human,
                Some("json") => LogFormat::Json,
                Some(_) => return Err(read.invalid("log-format", "human or json")),
            },
            log_level: read.text("log-level").unwrap_or("info").to_owned(),
            audit: AuditLimits {
                days_max: read.number("audit-days-max", 1..=36_500)?,
                octets_max: read.number("audit-octets-max", 1 << 20..=1 << 34)?,
                flush_max: Duration::from_millis(read.number("audit-flush-ms-max", 1..=60_000)?),
            },
            mail: MailSettings { server: read.smtp_server()?, from: read.text("mail-from").map(str::to_owned) },
            sync: SyncSettings {
                every: match read.number("sync-hours", 0..=24 * 365)? {
                    0 => None,
                    hours => Some(Duration::from_secs(hours * 3600)),
                },
                extrausers: read.text("sync-extrausers").map(PathBuf::from),
            },
            sessions: Lifetimes {
                idle_max: Interval::from_seconds(read.number("session-idle-minutes-max", 1..=65_535)? * 60),
                idle_long_max: Interval::from_days(read.number("session-idle-days-max", 1..=365)?),
                absolute_max: Interval::from_days(read.number("session-days-max", 1..=3650)?),
            },
            work: Work {
                ldap_threads: threads("ldap-threads")?,
                search_threads: threads("search-threads")?,
                writer_threads: read.number("writer-threads", 1..=1024)? as usize,
                hashing_threads: threads("hashing-threads")?,
                hashing_queue_max: count("hashing-queue-max")?,
            },
            cost: Cost {
                memory_kib: read.number("argon2-memory-kib", 8..=1 << 20)? as u32,
                passes: read.number("argon2-passes", 1..=64)? as u32,
            },
            map_octets: read.number("map-gib", 1..=1 << 14)? << 30,
            limits: ServerLimits {
                connections_max: count("connections-max")?,
                connections_per_address_max: count("connections-per-address-max")?,
                idle_max: seconds("idle-seconds-max", 1)?,
                handshake_max: seconds("handshake-seconds-max", 1)?,
                message_octets_max: read.number("message-octets-max", 1024..=1 << 30)? as usize,
                message_octets_before_bind_max: read.number("message-octets-before-bind-max", 1024..=1 << 30)? as usize,
                operations_per_connection_max: count("operations-per-connection-max")?,
                output_octets_max: read.number("output-octets-max", 4096..=1 << 30)? as usize,
                page_entries_max: match read.number("page-entries-max", 0..=1_000_000)? {
                    0 => None,
                    entries => Some(entries as u32),
                },
                paged_searches_per_connection_max: count("paged-searches-per-connection-max")?,
                http_connections_max: count("http-connections-max")?,
                http_body_octets_max: read.number("http-body-octets-max", 1024..=1 << 30)? as usize,
                http_request_max: seconds("http-request-seconds-max", 1)?,
                shutdown_max: seconds("shutdown-seconds-max", 0)?,
            },
            rest: Rest::read(&read)?,
        })
    }
}

struct Reader<'a> {
    values: &'a Values,
}

impl<'a> Reader<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        let text = self.values.value(name).text.as_str();
        (!text.is_empty()).then_some(text)
    }

    fn invalid(&self, name: &'static str, expected: &'static str) -> ConfigError {
        let value = self.values.value(name);
        ConfigError::Invalid { name, value: value.text.clone(), origin: value.origin.clone(), expected }
    }

    fn parsed<T: FromStr>(&self, name: &'static str, expected: &'static str) -> Result<T, ConfigError> {
        self.values.value(name).text.parse().map_err(|_| self.invalid(name, expected))
    }

    fn number(&self, name: &'static str, range: std::ops::RangeInclusive<u64>) -> Result<u64, ConfigError> {
        let number: u64 = self.parsed(name, "a whole number")?;
        if range.contains(&number) { Ok(number) } else { Err(self.invalid(name, "a number within its bounds")) }
    }

    fn url(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let is_url = |text: &str| {
            ["https://", "http://"].iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
                && text.chars().all(|c| c.is_ascii_graphic() && c != '"')
        };
        match self.text(name) {
            Some(text) if !is_url(text) => Err(self.invalid(name, "an address such as https://dc1.example.com:5001")),
            text => Ok(text.map(str::to_owned)),
        }
    }

    fn smtp_server(&self) -> Result<Option<SmtpServer>, ConfigError> {
        let security = match self.text("smtp-security") {
            Some("starttls") | None => SmtpSecurity::StartTls,
            Some("tls") => SmtpSecurity::Tls,
            Some("none") => SmtpSecurity::None,
            Some(_) => return Err(self.invalid("smtp-security", "starttls, tls or none")),
        };
        let port = match (self.number("smtp-port", 0..=u64::from(u16::MAX))?, security) {
            (0, SmtpSecurity::StartTls) => 587,
            (0, SmtpSecurity::Tls) => 465,
            (0, SmtpSecurity::None) => 25,
            (port, _) => port as u16,
        };
        let user = match (self.text("smtp-user"), self.text("smtp-password-file")) {
            (Some(_), Some(_)) if security == SmtpSecurity::None => {
                return Err(self.invalid("smtp-security", "starttls or tls, since a password goes there"));
            }
            (Some(user), Some(file)) => Some((user.to_owned(), PathBuf::from(file))),
            (Some(_), None) => return Err(ConfigError::Needs { name: "smtp-user", needs: "smtp-password-file" }),
            (None, Some(_)) => return Err(ConfigError::Needs { name: "smtp-password-file", needs: "smtp-user" }),
            (None, None) => None,
        };
        let authority = self.text("smtp-authority").map(PathBuf::from);
        Ok(self.text("smtp-server").map(|host| SmtpServer { host: host.to_owned(), port, security, user, authority }))
    }

    fn listener(&self, name: &'static str) -> Result<Option<SocketAddr>, ConfigError> {
        match self.text(name) {
            None | Some("off") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| self.invalid(name, "ADDRESS:PORT or off")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn values(flags: &[(&'static str, &str)], environment: &[(&str, &str)], file: &str) -> Result<Values, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, file).unwrap();
        let flags: BTreeMap<_, _> = flags.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        let lookup = |name: &str| environment.iter().find(|(n, _)| *n == name).map(|(_, text)| (*text).to_owned());
        Values::read(&Sources { flags: &flags, environment: &lookup, file: Some(path) })
    }

    fn config(flags: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
        Config::from_values(&values(flags, &[], "").unwrap())
    }

    #[test]
    fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
        let file = "ldap = \"127.0.0.1:3\"\nldaps = \"127.0.0.1:3\"\nhttp = \"127.0.0.1:3\"\n";
        let environment = [("BAILIWICK_LDAP", "127.0.0.1:2"), ("BAILIWICK_LDAPS", "127.0.0.1:2")];
        let values = values(&[("ldap", "127.0.0.1:1")], &environment, file).unwrap();
        assert_eq!(values.value("ldap").text, "127.0.0.1:1");
        assert_eq!(values.value("ldap").origin, Origin::Flag);
        assert_eq!(values.value("ldaps").text, "127.0.0.1:2");
        assert_eq!(values.value("ldaps").origin, Origin::Environment);
        assert_eq!(values.value("http").text, "127.0.0.1:3");
        assert!(matches!(values.value("http").origin, Origin::File { line: 3, .. }));
        assert_eq!(values.value("https").text, "127.0.0.1:5001");
        assert_eq!(values.value("https").origin, Origin::Default);
    }

    #[test]
    fn numbers_and_booleans_need_no_quotes_in_the_file() {
        let values = values(&[], &[], "require-encryption = true\nidle-seconds-max = 60\n").unwrap();
        let config = Config::from_values(&values).unwrap();
        assert!(config.require_encryption);
        assert_eq!(config.limits.idle_max, Duration::from_secs(60));
    }

    #[test]
    fn an_unknown_key_names_its_line_and_a_similar_setting() {
        let error = values(&[], &[], "# mine\nldap = \"off\"\nhttp_body = 4\n").unwrap_err();
        let ConfigError::UnknownKey { line, key, similar, .. } = error else { panic!("{error}") };
        assert_eq!((line, key.as_str()), (3, "http_body"));
        assert_eq!(similar, Some("http-body-octets-max"));
    }

    #[test]
    fn a_file_that_is_not_toml_names_its_line() {
        let error = values(&[], &[], "ldap = \"off\"\nldaps = \n").unwrap_err();
        assert!(matches!(error, ConfigError::Syntax { line: 2, .. }), "{error}");
    }

    #[test]
    fn a_listener_takes_an_address_or_off() {
        assert_eq!(config(&[("ldap", "off")]).unwrap().listeners.ldap, None);
        assert_eq!(config(&[("ldap", "[::1]:389")]).unwrap().listeners.ldap, Some("[::1]:389".parse().unwrap()));
        let error = config(&[("ldap", "389")]).unwrap_err();
        assert_eq!(error.to_string(), "ldap (from flag) takes ADDRESS:PORT or off, not `389`");
    }

    #[test]
    fn numbers_outside_their_bounds_are_refused() {
        assert!(config(&[("writer-threads", "0")]).is_err());
        assert!(config(&[("message-octets-max", "9999999999")]).is_err());
        assert!(config(&[("argon2-passes", "minus one")]).is_err());
    }

    #[test]
    fn a_certificate_needs_its_key() {
        assert!(matches!(config(&[("tls-certificate", "x.pem")]), Err(ConfigError::Needs { .. })));
    }

    #[test]
    fn the_defaults_are_valid() {
        config(&[]).unwrap();
    }

    #[test]
    fn a_mail_server_has_the_port_of_its_protection_and_gets_no_password_in_the_clear() {
        let server = |flags: &[(&'static str, &str)]| config(flags).map(|config| config.mail.server);
        assert!(server(&[]).unwrap().is_none());
        for (security, port) in [("starttls", 587), ("tls", 465), ("none", 25)] {
            let flags = [("smtp-server", "mail.example.com"), ("smtp-security", security)];
            assert_eq!(server(&flags).unwrap().unwrap().port, port);
        }
        let user = [("smtp-server", "mail.example.com"), ("smtp-user", "bailiwick"), ("smtp-password-file", "secret")];
        assert_eq!(server(&user).unwrap().unwrap().user, Some(("bailiwick".to_owned(), PathBuf::from("secret"))));
        assert!(matches!(server(&user[..2]), Err(ConfigError::Needs { needs: "smtp-password-file", .. })));
        let clear = [user.as_slice(), &[("smtp-security", "none")]].concat();
        assert!(matches!(server(&clear), Err(ConfigError::Invalid { name: "smtp-security", .. })));
        assert!(matches!(server(&[("smtp-security", "ssl")]), Err(ConfigError::Invalid { .. })));
    }
}
