//! Keys of this host: made when they are first needed, sealed at rest, the same ones after a restart.

use std::sync::Arc;

use bailiwick_credential::{NONCE_OCTETS, Vault};
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, Space, Store};
use zeroize::Zeroizing;

/// Keys by their names, sealed.
pub(crate) const HOST_KEY: Space = Space("host-key");

/// What keys are sealed for; the name follows.
const PURPOSE: &[u8] = b"host key ";

/// The keys of this host.
pub struct HostKeys {
    store: Arc<dyn Store>,
    vault: Vault,
}

/// There is no key to be had.
#[derive(Debug)]
pub enum HostKeyError {
    /// It does not open: the host's secret key is another one than it was made under.
    Unreadable,
    /// None could be made.
    NotMade,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for HostKeyError {
    fn from(error: StoreError) -> HostKeyError {
        HostKeyError::Store(error)
    }
}

impl HostKeys {
    /// The keys in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>, vault: Vault) -> HostKeys {
        HostKeys { store, vault }
    }

    /// The key of this name; `make` makes one when there is none, which is durable when this returns. When two make one
    /// at the same time, both get the one that was there first.
    ///
    /// # Errors
    /// See [`HostKeyError`].
    pub fn read_or_make(
        &self,
        context: &Context<'_>,
        name: &'static str,
        make: impl FnOnce() -> Option<Zeroizing<Vec<u8>>>,
    ) -> Result<Zeroizing<Vec<u8>>, HostKeyError> {
        let stored = self.store.read()?.get(HOST_KEY, name.as_bytes())?.map(<[u8]>::to_vec);
        let envelope = match stored {
            Some(envelope) => envelope,
            None => {
                let made = make().ok_or(HostKeyError::NotMade)?;
                let mut nonce = [0; NONCE_OCTETS];
                (context.random)(&mut nonce);
                let sealed = self.vault.seal(nonce, &purpose(name), &made);
                self.store.transact(|transaction| -> Result<Vec<u8>, StoreError> {
                    if let Some(envelope) = transaction.get(HOST_KEY, name.as_bytes())? {
                        return Ok(envelope.to_vec());
                    }
                    transaction.put(HOST_KEY, name.as_bytes(), &sealed)?;
                    Ok(sealed.clone())
                })??
            }
        };
        self.vault.open(&purpose(name), &envelope).map_err(|_| HostKeyError::Unreadable)
    }
}

fn purpose(name: &str) -> Vec<u8> {
    [PURPOSE, name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::file_time::FileTime;
    use bailiwick_credential::KEY_OCTETS;
    use bailiwick_domain::{Limits, Requester};
    use bailiwick_store::Memory;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_opens_under_the_same_secret_only() {
        let store: Arc<dyn Store> = Arc::new(Memory::open(crate::SPACES));
        let requester = Requester::system();
        let now = FileTime(1);
        let context = Context { requester: &requester, now, random: &|_| {}, limits: Limits::default(), request_id: 1 };
        let keys = |secret| HostKeys::new(Arc::clone(&store), Vault::new(&[secret; KEY_OCTETS]));
        let read = |keys: HostKeys, made: u8| {
            keys.read_or_make(&context, "k", || Some(Zeroizing::new(vec![made]))).map(|key| key.to_vec())
        };
        assert_eq!(read(keys(1), 5).unwrap(), [5]);
        assert_eq!(read(keys(1), 6).unwrap(), [5]);
        assert!(matches!(read(keys(2), 7), Err(HostKeyError::Unreadable)));
    }
}
