//! The policies of host accounts: what passwords must be like, when they end, and how often one may guess.

mod common_passwords;
mod expiry;
mod lockout;
mod password;
mod second_factor;
mod sign_in_notice;

use std::sync::Arc;

use bailiwick_store::{Error as StoreError, ReadTransaction, Space, Store};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use expiry::PasswordExpiry;
pub(crate) use lockout::FAILURE;
pub use lockout::{Lockout, LockoutPolicy};
pub use password::{HISTORY_LENGTH_USUAL, PASSWORD_OCTETS_MAX, PasswordFault, PasswordPolicy, Strength, strength};
pub use second_factor::{Enforced, SecondFactorPolicy};
pub use sign_in_notice::SignInNotice;

use crate::book::kept;

/// Policies by name.
pub(crate) const POLICY: Space = Space("account-policy");

/// A policy could not be set.
#[derive(Debug)]
pub enum PolicyError {
    /// A number is outside of its bounds.
    OutOfRange {
        /// The setting, by the name it has here.
        setting: &'static str,
    },
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for PolicyError {
    fn from(error: StoreError) -> PolicyError {
        PolicyError::Store(error)
    }
}

/// One of the policies that are kept.
pub(crate) trait Policy: Serialize + DeserializeOwned + Default {
    /// The key it is kept under.
    const KEY: &'static [u8];

    /// Makes sure that its numbers are within their bounds.
    fn check(&self) -> Result<(), PolicyError>;

    /// What is in force: what was set, or the default.
    fn read(transaction: &dyn ReadTransaction) -> Result<Self, StoreError> {
        match transaction.get(POLICY, Self::KEY)? {
            None => Ok(Self::default()),
            Some(octets) => {
                serde_json::from_slice(octets).map_err(|_| StoreError::Corrupt { doing: "reading a policy" })
            }
        }
    }
}

/// The policies of the host.
#[derive(Clone)]
pub struct Policies {
    store: Arc<dyn Store>,
}

impl Policies {
    /// The policies in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>) -> Policies {
        Policies { store }
    }

    /// What passwords must be like.
    ///
    /// # Errors
    /// The store's.
    pub fn password(&self) -> Result<PasswordPolicy, StoreError> {
        self.read()
    }

    /// Changes what passwords must be like; what `change` leaves alone stays. Answers what is in force then.
    ///
    /// # Errors
    /// `OutOfRange`: nothing is changed.
    pub fn change_password(
        &self,
        change: impl Fn(&mut PasswordPolicy) + Send + Sync,
    ) -> Result<PasswordPolicy, PolicyError> {
        self.change(change)
    }

    /// When passwords end.
    ///
    /// # Errors
    /// The store's.
    pub fn password_expiry(&self) -> Result<PasswordExpiry, StoreError> {
        self.read()
    }

    /// Changes when passwords end, in the manner of [`Policies::change_password`].
    ///
    /// # Errors
    /// `OutOfRange`: nothing is changed.
    pub fn change_password_expiry(
        &self,
        change: impl Fn(&mut PasswordExpiry) + Send + Sync,
    ) -> Result<PasswordExpiry, PolicyError> {
        self.change(change)
    }

    /// How often one may guess.
    ///
    /// # Errors
    /// The store's.
    pub fn lockout(&self) -> Result<LockoutPolicy, StoreError> {
        self.read()
    }

    /// Changes how often one may guess, in the manner of [`Policies::change_password`].
    ///
    /// # Errors
    /// `OutOfRange`: nothing is changed.
    pub fn change_lockout(
        &self,
        change: impl Fn(&mut LockoutPolicy) + Send + Sync,
    ) -> Result<LockoutPolicy, PolicyError> {
        self.change(change)
    }

    /// Who has to have a second factor.
    ///
    /// # Errors
    /// The store's.
    pub fn second_factor(&self) -> Result<SecondFactorPolicy, StoreError> {
        self.read()
    }

    /// Changes who has to have one, in the manner of [`Policies::change_password`].
    ///
    /// # Errors
    /// The store's: nothing is changed.
    pub fn change_second_factor(
        &self,
        change: impl Fn(&mut SecondFactorPolicy) + Send + Sync,
    ) -> Result<SecondFactorPolicy, PolicyError> {
        self.change(change)
    }

    /// What users of the domain are told when they sign in.
    ///
    /// # Errors
    /// The store's.
    pub fn sign_in_notice(&self) -> Result<SignInNotice, StoreError> {
        self.read()
    }

    /// Changes what they are told, in the manner of [`Policies::change_password`].
    ///
    /// # Errors
    /// The store's: nothing is changed.
    pub fn change_sign_in_notice(
        &self,
        change: impl Fn(&mut SignInNotice) + Send + Sync,
    ) -> Result<SignInNotice, PolicyError> {
        self.change(change)
    }

    fn read<P: Policy>(&self) -> Result<P, StoreError> {
        P::read(self.store.read()?.as_ref())
    }

    fn change<P: Policy + Send>(&self, change: impl Fn(&mut P) + Send + Sync) -> Result<P, PolicyError> {
        self.store.transact(|transaction| {
            let mut policy = P::read(transaction)?;
            change(&mut policy);
            policy.check()?;
            transaction.put(POLICY, P::KEY, &kept(&policy))?;
            Ok(policy)
        })?
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_store::Memory;

    use super::*;

    #[test]
    fn a_policy_is_kept_and_a_bad_one_is_not() {
        let policies = Policies::new(Arc::new(Memory::open(crate::SPACES)));
        assert_eq!(policies.password().unwrap(), PasswordPolicy::default());
        policies.change_password(|policy| policy.min_length = 12).unwrap();
        assert_eq!(policies.password().unwrap().min_length, 12);
        let refused = policies.change_password(|policy| policy.min_length = 5);
        assert!(matches!(refused, Err(PolicyError::OutOfRange { setting: "min_length" })));
        assert_eq!(policies.password().unwrap().min_length, 12);
        // A number of a rule that is off is nobody's concern.
        policies.change_password_expiry(|policy| policy.age_days_max = 0).unwrap();
        let refused = policies.change_password_expiry(|policy| policy.expires = true);
        assert!(matches!(refused, Err(PolicyError::OutOfRange { setting: "age_days_max" })));
        policies.change_lockout(|policy| policy.failures_max = 3).unwrap();
        assert_eq!(policies.lockout().unwrap().failures_max, 3);
    }
}
