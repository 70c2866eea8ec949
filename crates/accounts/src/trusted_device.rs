//! Devices that showed a second factor once and need not show it again for a while. Their ids lie as digests.

use std::ops::ControlFlow;
use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, Space, Store};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::second_factor::Subject;

/// Devices by the account's key, followed by the digest of the device's id.
pub(crate) const TRUSTED_DEVICE: Space = Space("trusted-device");

/// How long a device is trusted.
pub const TRUST: Interval = Interval::from_days(30);
/// Octets of an id before they are written as text: 86 characters.
const ID_OCTETS: usize = 64;
/// The longest text that is looked up as an id.
const ID_CHARACTERS_MAX: usize = 256;
/// The longest name of a device that is kept, in octets.
const NAME_OCTETS_MAX: usize = 128;
/// The most devices of one account; the oldest goes when there are more.
const DEVICES_PER_ACCOUNT_MAX: usize = 32;

/// The trusted devices of all accounts.
pub struct TrustedDevices {
    store: Arc<dyn Store>,
}

#[derive(Serialize, Deserialize)]
struct Device {
    #[serde(default)]
    name: String,
    /// What changes with the account's password: a device of another stamp is not trusted.
    stamp: i64,
    /// A file time.
    since: i64,
}

impl TrustedDevices {
    /// The devices in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>) -> TrustedDevices {
        TrustedDevices { store }
    }

    /// Trusts a device that has just shown the second factor of the account, and gives the id to show instead from now
    /// on. `stamp` is the version of the account's password: with another password the trust is over.
    ///
    /// # Errors
    /// The store's.
    pub fn trust(
        &self,
        context: &Context<'_>,
        subject: Subject,
        stamp: i64,
        name: &str,
    ) -> Result<Zeroizing<String>, StoreError> {
        let mut octets = Zeroizing::new([0; ID_OCTETS]);
        (context.random)(octets.as_mut());
        let id = Zeroizing::new(URL_SAFE_NO_PAD.encode(octets.as_slice()));
        let name = name[..name.floor_char_boundary(NAME_OCTETS_MAX)].to_owned();
        let device = Device { name, stamp, since: context.now.0 };
        let octets = serde_json::to_vec(&device).expect("texts and numbers are always JSON");
        let prefix = subject.key();
        self.store.transact(|transaction| -> Result<(), StoreError> {
            let mut others: Vec<(i64, Vec<u8>)> = Vec::new();
            transaction.scan(TRUSTED_DEVICE, &prefix, None, &mut |key, value| {
                if key.len() != prefix.len() + 32 || !key.starts_with(&prefix) {
                    return ControlFlow::Break(());
                }
                let since = serde_json::from_slice::<Device>(value).map_or(0, |device| device.since);
                others.push((since, key.to_vec()));
                ControlFlow::Continue(())
            })?;
            others.sort_unstable();
            let excess = (others.len() + 1).saturating_sub(DEVICES_PER_ACCOUNT_MAX);
            let is_over = |since: i64| FileTime(since).after(TRUST) <= context.now;
            for (at, (since, key)) in others.iter().enumerate() {
                if at < excess || is_over(*since) {
                    transaction.delete(TRUSTED_DEVICE, key)?;
                }
            }
            transaction.put(TRUSTED_DEVICE, &key(subject, &id), &octets)
        })??;
        Ok(id)
    }

    /// Whether the account trusts the device of this id. A name counts when one is shown and one was kept.
    ///
    /// # Errors
    /// The store's.
    pub fn is_trusted(
        &self,
        now: FileTime,
        subject: Subject,
        stamp: i64,
        id: &str,
        name: Option<&str>,
    ) -> Result<bool, StoreError> {
        if id.len() > ID_CHARACTERS_MAX {
            return Ok(false);
        }
        let transaction = self.store.read()?;
        let Some(octets) = transaction.get(TRUSTED_DEVICE, &key(subject, id))? else { return Ok(false) };
        let Ok(device) = serde_json::from_slice::<Device>(octets) else { return Ok(false) };
        let is_named = name.is_none_or(|name| device.name.is_empty() || device.name == name);
        Ok(is_named && device.stamp == stamp && now < FileTime(device.since).after(TRUST))
    }
}

fn key(subject: Subject, id: &str) -> Vec<u8> {
    [subject.key().as_slice(), &Sha256::digest(id.as_bytes())].concat()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use bailiwick_domain::{Limits, Requester};
    use bailiwick_store::Memory;

    use super::*;

    const START: FileTime = FileTime(133_000_000_000_000_000);

    fn trust(devices: &TrustedDevices, subject: Subject, salt: u8) -> Zeroizing<String> {
        let requester = Requester::system();
        let random = move |octets: &mut [u8]| octets.fill(salt);
        let now = START.after(Interval::from_seconds(salt.into()));
        let context = Context { requester: &requester, now, random: &random, limits: Limits::default(), request_id: 1 };
        devices.trust(&context, subject, 5, "laptop").unwrap()
    }

    #[test]
    fn a_device_is_trusted_by_its_account_for_a_while_with_the_same_password() {
        let devices = TrustedDevices::new(Arc::new(Memory::open(crate::SPACES)));
        let id = trust(&devices, Subject::Host(1), 1);
        let is_trusted = |now, subject, stamp, name| devices.is_trusted(now, subject, stamp, &id, name).unwrap();
        assert_eq!(id.len(), 86);
        assert!(is_trusted(START, Subject::Host(1), 5, None));
        assert!(is_trusted(START, Subject::Host(1), 5, Some("laptop")));
        assert!(!is_trusted(START, Subject::Host(1), 5, Some("phone")));
        assert!(!is_trusted(START, Subject::Host(1), 6, None));
        assert!(!is_trusted(START, Subject::Host(2), 5, None));
        assert!(!is_trusted(START.after(Interval::from_days(31)), Subject::Host(1), 5, None));
    }

    #[test]
    fn an_account_has_so_many_devices_and_the_oldest_goes() {
        let devices = TrustedDevices::new(Arc::new(Memory::open(crate::SPACES)));
        let ids = Cell::new(Vec::new());
        for salt in 0..=DEVICES_PER_ACCOUNT_MAX as u8 {
            let mut all = ids.take();
            all.push(trust(&devices, Subject::Host(1), salt));
            ids.set(all);
        }
        let is_trusted = |id: &str| devices.is_trusted(START, Subject::Host(1), 5, id, None).unwrap();
        let ids = ids.take();
        assert!(!is_trusted(&ids[0]) && ids[1..].iter().all(|id| is_trusted(id)));
    }
}
