//! One letter on its way to a mail server. RFC 5321, RFC 5322.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bailiwick_accounts::mail::Letter;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Category, Severity};
use lettre::{Address, SmtpTransport, Transport};

use crate::StartError;
use crate::config::{MailSettings, SmtpSecurity, SmtpServer};
use crate::provisioning::read_password;

/// How long a mail server may take for one answer.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(20);

/// Knows the mail server.
pub struct Sender {
    transport: SmtpTransport,
    from: Mailbox,
}

/// What became of a letter.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The mail server has it.
    Taken,
    /// Not this time, and why.
    Failed(String),
    /// Not ever, and why.
    Refused(String),
}

/// The settings of mail are no good.
#[derive(Debug)]
pub enum MailError {
    /// The sender's address is none.
    From {
        /// The address as given.
        address: String,
    },
    /// A file with certificates cannot be read, or holds none.
    Authority {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// No TLS can be spoken with such a server.
    Tls {
        /// The server's name as given.
        host: String,
        /// Why.
        reason: String,
    },
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MailError::From { address } => write!(f, "mail-from: {address} is no address that letters come from"),
            MailError::Authority { path, reason } => {
                write!(f, "smtp-authority: {} holds no certificates to trust: {reason}", path.display())
            }
            MailError::Tls { host, reason } => write!(f, "smtp-server: no TLS with {host}: {reason}"),
        }
    }
}

impl std::error::Error for MailError {}

impl Sender {
    /// Knows the server of `settings`, as the host with this full name in this domain; none when there is no mail server.
    ///
    /// # Errors
    /// `Mail` when an address or certificate is none, `PasswordFile`.
    pub fn new(settings: &MailSettings, host: &str, domain: &str) -> Result<Option<Sender>, StartError> {
        let Some(server) = &settings.server else { return Ok(None) };
        let address = settings.from.clone().unwrap_or_else(|| format!("bailiwick@{domain}"));
        let from = match address.parse::<Address>() {
            Ok(address) => Mailbox::new(None, address),
            Err(_) => return Err(MailError::From { address }.into()),
        };
        let mut transport = SmtpTransport::builder_dangerous(server.host.as_str())
            .port(server.port)
            .tls(tls(server)?)
            .timeout(Some(ANSWER_WAIT_MAX))
            .hello_name(ClientId::Domain(host.to_owned()));
        if let Some((user, file)) = &server.user {
            let password = read_password(file)?;
            let password = String::from_utf8_lossy(password.expose()).into_owned();
            transport = transport.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Some(Sender { transport: transport.build(), from }))
    }

    /// Hands a letter to the server.
    pub(super) fn send(&self, letter: &Letter) -> Delivery {
        let Ok(to) = letter.to().parse::<Address>() else {
            return Delivery::Refused("the address cannot be written in a letter".to_owned());
        };
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text().to_owned());
        let message = match message {
            Ok(message) => message,
            Err(error) => return Delivery::Refused(error.to_string()),
        };
        match self.transport.send(&message) {
            Ok(_) => Delivery::Taken,
            Err(error) => {
                let reason = with_causes(&error);
                // A letter is refused for good by what the server says of the letter or its receiver (x5x). That it
                // does not let us in is a matter of settings, which somebody will put right.
                let is_final = error.status().is_some_and(|code| {
                    code.severity == Severity::PermanentNegativeCompletion && code.category == Category::MailSystem
                });
                if is_final { Delivery::Refused(reason) } else { Delivery::Failed(reason) }
            }
        }
    }
}

fn tls(server: &SmtpServer) -> Result<Tls, MailError> {
    if server.security == SmtpSecurity::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(path) = &server.authority {
        let unusable = |reason: String| MailError::Authority { path: path.clone(), reason };
        let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
        for certificate in certificates(&pem).map_err(unusable)? {
            parameters = parameters.add_root_certificate(certificate);
        }
    }
    let parameters = parameters
        .build()
        .map_err(|error| MailError::Tls { host: server.host.clone(), reason: with_causes(&error) })?;
    Ok(match server.security {
        SmtpSecurity::Tls => Tls::Wrapper(parameters),
        SmtpSecurity::StartTls | SmtpSecurity::None => Tls::Required(parameters),
    })
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, String> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let der = certificate.map_err(|error| error.to_string())?.to_vec();
        certificates.push(Certificate::from_der(der).map_err(|error| error.to_string())?);
    }
    if certificates.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    Ok(certificates)
}

/// An error with what it comes from, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
