//! Everything that the host keeps, opened once by the one process that writes it.

use std::sync::Arc;

use bailiwick_credential::{Cost, Vault};
use bailiwick_store::Store;

use crate::audit::{Audit, Retention};
use crate::confirmation::Confirmations;
use crate::group::Groups;
use crate::host::{self, OpenError};
use crate::host_key::HostKeys;
use crate::mail::Outbox;
use crate::password_reset::PasswordResets;
use crate::policy::{Lockout, Policies};
use crate::second_factor::SecondFactors;
use crate::session::{Lifetimes, Sessions};
use crate::sync::{Schedule, View};
use crate::task::Tasks;
use crate::token::Tokens;
use crate::trusted_device::TrustedDevices;
use crate::user::Users;

/// What the host keeps: one part for each noun.
///
/// Readers of the store remember what they read, so one process opens the file to write at a time: the server, or a
/// command while no server runs. [`crate::administration`] reaches whichever it is.
pub struct Accounts {
    /// Who signed in and who changed what.
    pub audit: Audit,
    /// What accounts show beside their passwords.
    pub second_factors: SecondFactors,
    /// What programs show instead of a name and a password.
    pub tokens: Tokens,
    /// Who is signed in to a web face.
    pub sessions: Sessions,
    /// Devices that need not show a second factor again.
    pub trusted_devices: TrustedDevices,
    /// The keys of the host.
    pub keys: HostKeys,
    /// Letters on their way out.
    pub outbox: Outbox,
    /// The ways back to a forgotten password.
    pub password_resets: PasswordResets,
    /// The host's own users.
    pub users: Users,
    /// The host's own groups.
    pub groups: Groups,
    /// What holds for the host's own users.
    pub policies: Policies,
    /// Who guesses their passwords.
    pub lockout: Lockout,
    /// Who has shown his password once more.
    pub confirmations: Confirmations,
    /// Work that takes long.
    pub tasks: Tasks,
    /// The domain's accounts as the host last saw them.
    pub view: View,
    /// How often it looks by itself.
    pub schedule: Schedule,
}

impl Accounts {
    /// Opens what a store with the spaces of [`crate::SPACES`] holds, marking a new one. `vault` seals secrets at rest;
    /// `cost` is that of the passwords that are hashed from now on.
    ///
    /// # Errors
    /// See [`OpenError`]; the store is unchanged then.
    pub fn open(store: Arc<dyn Store>, vault: Vault, retention: Retention, cost: Cost) -> Result<Accounts, OpenError> {
        host::open(store.as_ref())?;
        Ok(Accounts {
            audit: Audit::new(Arc::clone(&store), retention),
            second_factors: SecondFactors::new(Arc::clone(&store), vault.clone()),
            sessions: Sessions::open(Arc::clone(&store), vault.clone(), Lifetimes::default())?,
            trusted_devices: TrustedDevices::new(Arc::clone(&store)),
            outbox: Outbox::new(Arc::clone(&store), vault.clone()),
            password_resets: PasswordResets::new(Arc::clone(&store)),
            keys: HostKeys::new(Arc::clone(&store), vault),
            users: Users::new(Arc::clone(&store), cost),
            groups: Groups::new(Arc::clone(&store)),
            policies: Policies::new(Arc::clone(&store)),
            lockout: Lockout::new(Arc::clone(&store)),
            confirmations: Confirmations::new(Arc::clone(&store)),
            tasks: Tasks::new(Arc::clone(&store)),
            schedule: Schedule::new(Arc::clone(&store)),
            tokens: Tokens::new(Arc::clone(&store)),
            view: View::new(store),
        })
    }

    /// Lets sessions live so long.
    #[must_use]
    pub fn with_session_lifetimes(mut self, lifetimes: Lifetimes) -> Accounts {
        self.sessions = self.sessions.with_lifetimes(lifetimes);
        self
    }
}
