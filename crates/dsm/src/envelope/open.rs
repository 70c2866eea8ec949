//! The symmetric half of an envelope: what `openssl enc -aes-256-cbc -md md5` writes. Specification section 2.7.2.

use aws_lc_rs::cipher::{AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::Rejected;

/// The longest passphrase that fits into the RSA part.
pub(super) const PASSPHRASE_OCTETS_MAX: usize = 501;
/// What the text begins with.
const MAGIC: &[u8; 8] = b"Salted__";
/// Octets of the salt.
const SALT_OCTETS: usize = 8;
/// Octets of a block.
const BLOCK_OCTETS: usize = 16;

/// Base64 of either alphabet, padded or not.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads base64. A form that was not escaped has spaces where its pluses were.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, Rejected> {
    let standard: String = text
        .chars()
        .filter(|character| !matches!(character, '\r' | '\n'))
        .map(|character| match character {
            '-' | ' ' => '+',
            '_' => '/',
            character => character,
        })
        .collect();
    // A minus is a plus of the other alphabet; a space is one that was not escaped.
    LENIENT.decode(standard).map_err(|_| Rejected)
}

/// Undoes the encryption under a passphrase.
///
/// # Errors
/// `Rejected` for another passphrase and for what was never encrypted so.
pub fn decrypt(passphrase: &[u8], aes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Rejected> {
    let salted = aes.strip_prefix(MAGIC).ok_or(Rejected)?;
    let (salt, text) = salted.split_at_checked(SALT_OCTETS).ok_or(Rejected)?;
    if text.is_empty() || text.len() % BLOCK_OCTETS != 0 {
        return Err(Rejected);
    }
    let (key, iv) = key_and_iv(passphrase, salt);
    let key = UnboundCipherKey::new(&AES_256, key.as_slice()).map_err(|_| Rejected)?;
    let cipher = PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(|_| Rejected)?;
    let mut text = Zeroizing::new(text.to_vec());
    let context = DecryptionContext::Iv128(FixedLength::from(&iv));
    let plain = cipher.decrypt(&mut text, context).map_err(|_| Rejected)?;
    Ok(Zeroizing::new(plain.to_vec()))
}

/// EVP_BytesToKey with MD5 and one round: each digest covers the one before, the passphrase and the salt.
fn key_and_iv(passphrase: &[u8], salt: &[u8]) -> (Zeroizing<[u8; 32]>, [u8; BLOCK_OCTETS]) {
    let mut digests = Zeroizing::new([[0; BLOCK_OCTETS]; 3]);
    for at in 0..digests.len() {
        let before: &[u8] = if at == 0 { &[] } else { &digests[at - 1] };
        digests[at] = Md5::new().chain_update(before).chain_update(passphrase).chain_update(salt).finalize().into();
    }
    let mut key = Zeroizing::new([0; 32]);
    key[..BLOCK_OCTETS].copy_from_slice(&digests[0]);
    key[BLOCK_OCTETS..].copy_from_slice(&digests[1]);
    (key, digests[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_iv_are_those_of_openssl() {
        let hex = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
        let (key, iv) = key_and_iv(b"0123456789abcdef", &[1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(hex(key.as_slice()), "a0a7e9b874aad2a7b017cba7276f7321dc19fb5214a8d29fc0bca608ab405c28");
        assert_eq!(hex(&iv), "319b0508cee2659ff9972c24686bf94d");
    }

    #[test]
    fn both_alphabets_are_read_padded_or_not() {
        for text in ["-_8=", "+/8", " /8=", "+/8\n"] {
            assert_eq!(base64(text), Ok(vec![0xfb, 0xff]), "{text}");
        }
        assert!(base64("*").is_err());
    }
}
