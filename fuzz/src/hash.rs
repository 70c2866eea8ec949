//! Password hashes of other servers.

use bailiwick_credential::{ForeignHash, StoredHash};

/// Hashes as imports bring them: what is read is written as it was, alone and as it is stored. Nothing is verified,
/// which takes time by design.
pub fn foreign_hash(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(hash) = ForeignHash::parse(text) {
        assert_eq!(hash.as_text(), text);
        assert!(ForeignHash::is_one(data));
        let stored = StoredHash::from(hash);
        assert_eq!(StoredHash::from_bytes(&stored.to_bytes()), Ok(stored));
    }
    // A damaged store must not panic either.
    let _ = StoredHash::from_bytes(data);
}
