//! Everything that the host keeps, opened once by the one process that writes it.

use std::sync::Arc;

use bailiwick_credential::Vault;
use bailiwick_store::Store;

use crate::audit::{Audit, Retention};
use crate::host::{self, OpenError};
use crate::host_key::HostKeys;
use crate::second_factor::SecondFactors;
use crate::session::{Lifetimes, Sessions};
use crate::trusted_device::TrustedDevices;

/// What the host keeps: one part for each noun.
///
/// Readers of the store remember what they read, so one process opens the file to write at a time: the server, or a
/// command while no server runs. [`crate::administration`] reaches whichever it is.
pub struct Accounts {
    /// Who signed in and who changed what.
    pub audit: Audit,
    /// What accounts show beside their passwords.
    pub second_factors: SecondFactors,
    /// Who is signed in to a web face.
    pub sessions: Sessions,
    /// Devices that need not show a second factor again.
    pub trusted_devices: TrustedDevices,
    /// The keys of the host.
    pub keys: HostKeys,
}

impl Accounts {
    /// Opens what a store with the spaces of [`crate::SPACES`] holds, marking a new one. `vault` seals secrets at rest.
    ///
    /// # Errors
    /// See [`OpenError`]; the store is unchanged then.
    pub fn open(store: Arc<dyn Store>, vault: Vault, retention: Retention) -> Result<Accounts, OpenError> {
        host::open(store.as_ref())?;
        Ok(Accounts {
            audit: Audit::new(Arc::clone(&store), retention),
            second_factors: SecondFactors::new(Arc::clone(&store), vault.clone()),
            sessions: Sessions::open(Arc::clone(&store), vault.clone(), Lifetimes::default())?,
            trusted_devices: TrustedDevices::new(Arc::clone(&store)),
            keys: HostKeys::new(store, vault),
        })
    }
}
