//! The key that callers of the AD REST API encrypt passwords for: the administrator's own, or one made at the first start.
//!
//! `tls/password.key` is the private key, `tls/password.pem` the public one that callers are given.

use std::path::Path;

use bailiwick_rest::DecryptionKey;
use bailiwick_rest::settings::Padding;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

use crate::certificate::{CertificateError, make_private_folder, read_text, write_whole};

/// Characters of a line of PEM. RFC 7468 section 2.
const LINE_CHARACTERS: usize = 64;

/// Loads the administrator's own key, or the one kept in `folder`, making it if it is not there.
///
/// # Errors
/// A file that cannot be read or written, or that is no such key.
pub fn load_or_make(folder: &Path, own: Option<&Path>, padding: Padding) -> Result<DecryptionKey, CertificateError> {
    let path = own.map_or_else(|| folder.join("password.key"), Path::to_owned);
    let unfit = |source| CertificateError::PasswordKey { path: path.clone(), source };
    if own.is_none() && !path.exists() {
        make_private_folder(folder)?;
        let (private, public) = DecryptionKey::make().map_err(unfit)?;
        // The public half comes first: whoever finds a private key finds what goes with it.
        write_whole(&folder.join("password.pem"), pem("PUBLIC KEY", &public).as_bytes(), 0o644)?;
        write_whole(&path, pem("PRIVATE KEY", &private).as_bytes(), 0o600)?;
    }
    let text = Zeroizing::new(read_text(&path)?);
    let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes());
    let key = key.map_err(|_| CertificateError::NotPem { path: path.clone() })?;
    DecryptionKey::read(key.secret_pkcs8_der(), padding).map_err(unfit)
}

fn pem(label: &str, octets: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(octets));
    let mut text = Zeroizing::new(format!("-----BEGIN {label}-----\n"));
    for line in body.as_bytes().chunks(LINE_CHARACTERS) {
        // Base64 is ASCII.
        text.push_str(str::from_utf8(line).unwrap_or_default());
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_is_the_owners() {
        let folder = tempfile::tempdir().unwrap();
        load_or_make(folder.path(), None, Padding::Sha256).unwrap();
        let path = folder.path().join("password.key");
        let made = std::fs::read(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        load_or_make(folder.path(), None, Padding::Pkcs1).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), made);
        let public = std::fs::read_to_string(folder.path().join("password.pem")).unwrap();
        assert!(public.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        load_or_make(Path::new("/nonexistent"), Some(&path), Padding::Sha1).unwrap();
        std::fs::write(&path, public).unwrap();
        assert!(matches!(load_or_make(folder.path(), None, Padding::Sha256), Err(CertificateError::NotPem { .. })));
    }
}
