//! Whom to trust as a server over TLS.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// Whom to trust as a server over TLS.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Trust {
    /// The authorities that the operating system trusts.
    #[default]
    System,
    /// The authorities of a PEM text, and no others; for Bailiwick the file `tls/ca.pem` of its data folder.
    Pem(Vec<u8>),
    /// Anybody at all. Whoever sits on the line can then read and change everything, passwords included.
    DangerouslyAnyone,
}

/// Why nobody could be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustFault {
    /// The operating system has no authorities, or they cannot be read.
    NoSystemAuthorities,
    /// The PEM text holds no certificate.
    NoCertificate,
    /// A certificate of the PEM text cannot be read as that of an authority.
    BadCertificate,
}

impl Trust {
    /// How to talk TLS under this trust.
    ///
    /// # Errors
    /// There are no authorities to trust.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, TrustFault> {
        let provider = Arc::new(ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(Arc::<CryptoProvider>::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider has suites for the default protocol versions");
        let builder = match self {
            Trust::System => builder.with_root_certificates(system_authorities()?),
            Trust::Pem(pem) => builder.with_root_certificates(authorities(pem)?),
            Trust::DangerouslyAnyone => {
                builder.dangerous().with_custom_certificate_verifier(Arc::new(Anyone { algorithms }))
            }
        };
        Ok(builder.with_no_client_auth())
    }
}

fn system_authorities() -> Result<RootCertStore, TrustFault> {
    let mut roots = RootCertStore::empty();
    // Single certificates that cannot be read are usual in such stores; only an empty store is a fault.
    let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 { Err(TrustFault::NoSystemAuthorities) } else { Ok(roots) }
}

fn authorities(pem: &[u8]) -> Result<RootCertStore, TrustFault> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| TrustFault::BadCertificate)?;
        roots.add(certificate).map_err(|_| TrustFault::BadCertificate)?;
    }
    if roots.is_empty() { Err(TrustFault::NoCertificate) } else { Ok(roots) }
}

/// Accepts any certificate whose key the peer holds.
#[derive(Debug)]
struct Anyone {
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl fmt::Display for TrustFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrustFault::NoSystemAuthorities => "the operating system trusts no authority",
            TrustFault::NoCertificate => "the PEM text holds no certificate",
            TrustFault::BadCertificate => "a certificate of the PEM text cannot be read",
        })
    }
}

impl std::error::Error for TrustFault {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pem: &[u8], expected: Option<TrustFault>) {
        assert_eq!(Trust::Pem(pem.to_vec()).client_config().err(), expected);
    }

    #[test]
    fn a_pem_text_must_hold_authorities() {
        check(b"", Some(TrustFault::NoCertificate));
        check(b"certificates to come", Some(TrustFault::NoCertificate));
        check(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Some(TrustFault::BadCertificate));
        check(b"-----BEGIN CERTIFICATE-----\nAAAA\n", Some(TrustFault::BadCertificate));
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        check(signed.cert.pem().as_bytes(), None);
    }
}
