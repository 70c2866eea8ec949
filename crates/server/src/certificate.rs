//! The server's own certificate authority and certificate, so that TLS works from the first start.
//!
//! `tls/ca.pem` is what clients trust. The server's certificate is issued anew when the names change or its end is
//! near; the authority stays, so clients need not be told. An administrator's own certificate replaces both.

use std::fmt;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use time::OffsetDateTime;

use crate::config::OwnCertificate;

/// How long the authority holds: ten years.
const AUTHORITY_DAYS: i64 = 3653;
/// How long a server certificate holds: the most that all clients accept.
const SERVER_DAYS: i64 = 825;
/// A server certificate with less than this left is issued anew at the start.
const RENEWAL_DAYS: u64 = 60;
/// Clocks of clients may be behind ours by this much.
const CLOCK_SKEW_DAYS: i64 = 1;

/// The names and addresses that clients reach this server by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerNames {
    /// The domain, which names the authority; it never changes within a data folder.
    pub domain: String,
    /// DNS names, the host's full name first.
    pub names: Vec<String>,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
}

impl ServerNames {
    /// The names of a host in a domain, with those of loopback and the one that the machine has for itself: OpenLDAP's
    /// library looks for that one when it connects to `localhost`.
    pub fn new(host_fqdn: &str, domain: &str, machine: &str) -> ServerNames {
        let short = host_fqdn.split('.').next().unwrap_or(host_fqdn);
        let mut names: Vec<String> = Vec::new();
        for name in [host_fqdn, short, domain, "localhost", machine] {
            let name = name.to_ascii_lowercase();
            let is_name = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-._".contains(&octet));
            if !name.is_empty() && is_name && !names.contains(&name) {
                names.push(name);
            }
        }
        ServerNames {
            domain: domain.to_ascii_lowercase(),
            names,
            addresses: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        }
    }
}

/// A TLS identity, ready to serve.
#[derive(Clone)]
pub struct Identity {
    /// What every TLS listener uses.
    pub tls: Arc<rustls::ServerConfig>,
    /// The file that clients trust; none for an administrator's own certificate.
    pub authority: Option<PathBuf>,
}

/// A certificate cannot be made or used.
#[derive(Debug)]
pub enum CertificateError {
    /// A file cannot be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not the PEM that is expected.
    NotPem {
        /// The file.
        path: PathBuf,
    },
    /// The certificate could not be made.
    Make(rcgen::Error),
    /// Certificate and key do not serve TLS.
    Tls(rustls::Error),
    /// A key cannot serve for encrypted passwords.
    PasswordKey {
        /// Its file.
        path: PathBuf,
        /// Why.
        source: bailiwick_rest::KeyError,
    },
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CertificateError::File { path, source } => write!(f, "{}: {source}", path.display()),
            CertificateError::NotPem { path } => write!(f, "{} is not a certificate or key in PEM", path.display()),
            CertificateError::Make(error) => write!(f, "cannot make a certificate: {error}"),
            CertificateError::PasswordKey { path, source } => write!(f, "{}: {source}", path.display()),
            CertificateError::Tls(error) => write!(f, "certificate and key do not serve TLS: {error}"),
        }
    }
}

impl std::error::Error for CertificateError {}

/// Loads the administrator's own certificate.
///
/// # Errors
/// A file that cannot be read, or a pair that does not fit.
pub fn load_own(own: &OwnCertificate) -> Result<Identity, CertificateError> {
    Ok(Identity { tls: server_config(&own.certificate, &own.key)?, authority: None })
}

/// Loads the identity kept in `folder`, making whatever is missing.
///
/// # Errors
/// A file that cannot be read or written, or that is damaged.
pub fn load_or_make(folder: &Path, names: &ServerNames) -> Result<Identity, CertificateError> {
    let files = Files::of(folder);
    make_private_folder(folder)?;
    if !files.authority.exists() || !files.authority_key.exists() {
        make_authority(&files, names)?;
    }
    if !serves(&files, names)? {
        issue(&files, names)?;
    }
    Ok(Identity { tls: server_config(&files.certificate, &files.key)?, authority: Some(files.authority) })
}

/// The provider of all TLS here, named once so that no default is installed for the process.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

struct Files {
    authority: PathBuf,
    authority_key: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    fn of(folder: &Path) -> Files {
        Files {
            authority: folder.join("ca.pem"),
            authority_key: folder.join("ca.key"),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
        }
    }
}

fn make_authority(files: &Files, names: &ServerNames) -> Result<(), CertificateError> {
    let key = KeyPair::generate().map_err(CertificateError::Make)?;
    let mut params = authority_params(names);
    params.not_after = days_from_now(AUTHORITY_DAYS);
    let certificate = params.self_signed(&key).map_err(CertificateError::Make)?;
    // The key goes first: a certificate without its key would be taken for complete.
    write_whole(&files.authority_key, key.serialize_pem().as_bytes(), 0o600)?;
    write_whole(&files.authority, certificate.pem().as_bytes(), 0o644)
}

fn authority_params(names: &ServerNames) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = days_from_now(-CLOCK_SKEW_DAYS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = common_name(&format!("Bailiwick CA of {}", names.domain));
    params
}

fn issue(files: &Files, names: &ServerNames) -> Result<(), CertificateError> {
    let authority_key = KeyPair::from_pem(&read_text(&files.authority_key)?)
        .map_err(|_| CertificateError::NotPem { path: files.authority_key.clone() })?;
    // The issuer needs the authority's name and key only, and both are the same as when it was made.
    let issuer = Issuer::new(authority_params(names), authority_key);
    let mut params = CertificateParams::default();
    params.not_before = days_from_now(-CLOCK_SKEW_DAYS);
    params.not_after = days_from_now(SERVER_DAYS);
    params.distinguished_name = common_name(names.names.first().map_or("localhost", String::as_str));
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    for name in &names.names {
        params.subject_alt_names.push(SanType::DnsName(name.as_str().try_into().map_err(CertificateError::Make)?));
    }
    params.subject_alt_names.extend(names.addresses.iter().map(|address| SanType::IpAddress(*address)));
    let key = KeyPair::generate().map_err(CertificateError::Make)?;
    let certificate = params.signed_by(&key, &issuer).map_err(CertificateError::Make)?;
    // One of the two alone does not fit the other; then `serves` says no at the next start and both are made anew.
    write_whole(&files.key, key.serialize_pem().as_bytes(), 0o600)?;
    write_whole(&files.certificate, certificate.pem().as_bytes(), 0o644)
}

/// Whether the certificate in the folder is of our authority, for all the names, long enough, and fits its key.
fn serves(files: &Files, names: &ServerNames) -> Result<bool, CertificateError> {
    if !files.certificate.exists() || !files.key.exists() {
        return Ok(false);
    }
    let certificate = first_certificate(&files.certificate)?;
    let mut roots = RootCertStore::empty();
    roots.add(first_certificate(&files.authority)?).map_err(CertificateError::Tls)?;
    let Ok(verifier) = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build() else {
        return Ok(false);
    };
    let near_end = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
        + Duration::from_secs(RENEWAL_DAYS * 86_400);
    let near_end = UnixTime::since_unix_epoch(near_end);
    let addresses = names.addresses.iter().map(|address| ServerName::IpAddress((*address).into()));
    let mut all = names.names.iter().filter_map(|name| ServerName::try_from(name.as_str()).ok()).chain(addresses);
    let valid = all.all(|name| verifier.verify_server_cert(&certificate, &[], &name, &[], near_end).is_ok());
    Ok(valid && server_config(&files.certificate, &files.key).is_ok())
}

fn server_config(certificate: &Path, key: &Path) -> Result<Arc<rustls::ServerConfig>, CertificateError> {
    let not_pem = |path: &Path| CertificateError::NotPem { path: path.to_owned() };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(read_text(certificate)?.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| not_pem(certificate))?;
    if chain.is_empty() {
        return Err(not_pem(certificate));
    }
    let key = PrivateKeyDer::from_pem_slice(read_text(key)?.as_bytes()).map_err(|_| not_pem(key))?;
    let config = rustls::ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(CertificateError::Tls)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(CertificateError::Tls)?;
    Ok(Arc::new(config))
}

fn first_certificate(path: &Path) -> Result<CertificateDer<'static>, CertificateError> {
    CertificateDer::from_pem_slice(read_text(path)?.as_bytes())
        .map_err(|_| CertificateError::NotPem { path: path.to_owned() })
}

fn common_name(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}

fn days_from_now(days: i64) -> OffsetDateTime {
    OffsetDateTime::now_utc() + time::Duration::days(days)
}

pub(crate) fn read_text(path: &Path) -> Result<String, CertificateError> {
    std::fs::read_to_string(path).map_err(|source| CertificateError::File { path: path.to_owned(), source })
}

pub(crate) fn make_private_folder(folder: &Path) -> Result<(), CertificateError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| CertificateError::File { path: folder.to_owned(), source })
}

/// Writes a file under another name first, so that a reader never finds half of it.
pub(crate) fn write_whole(path: &Path, contents: &[u8], mode: u32) -> Result<(), CertificateError> {
    let failed = |source| CertificateError::File { path: path.to_owned(), source };
    let unfinished = path.with_extension("new");
    let _ = std::fs::remove_file(&unfinished);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&unfinished).map_err(failed)?;
    file.write_all(contents).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&unfinished, path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names(host: &str) -> ServerNames {
        ServerNames::new(host, "example.com", "vm7.lan")
    }

    #[test]
    fn a_certificate_is_kept_until_the_names_change() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        load_or_make(folder.path(), &names("dc1.example.com")).unwrap();
        let (authority, certificate) = (read("ca.pem"), read("server.pem"));
        load_or_make(folder.path(), &names("dc1.example.com")).unwrap();
        assert_eq!(read("server.pem"), certificate);
        load_or_make(folder.path(), &names("dc2.example.com")).unwrap();
        assert_ne!(read("server.pem"), certificate);
        assert_eq!(read("ca.pem"), authority);
    }

    #[test]
    fn a_lost_or_foreign_key_gives_a_new_certificate() {
        let folder = tempfile::tempdir().unwrap();
        load_or_make(folder.path(), &names("dc1.example.com")).unwrap();
        std::fs::copy(folder.path().join("ca.key"), folder.path().join("server.key")).unwrap();
        load_or_make(folder.path(), &names("dc1.example.com")).unwrap();
        std::fs::remove_file(folder.path().join("server.key")).unwrap();
        load_or_make(folder.path(), &names("dc1.example.com")).unwrap();
    }

    #[test]
    fn keys_are_for_the_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        load_or_make(folder.path(), &names("dc1.example.com")).unwrap();
        for key in ["ca.key", "server.key"] {
            let mode = std::fs::metadata(folder.path().join(key)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{key}");
        }
    }

    #[test]
    fn names_hold_each_form_once() {
        let names = names("DC1.Example.com").names;
        assert_eq!(names, ["dc1.example.com", "dc1", "example.com", "localhost", "vm7.lan"]);
    }
}
