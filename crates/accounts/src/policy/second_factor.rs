//! Whose accounts must show a second factor.

use serde::{Deserialize, Serialize};

use super::{Policy, PolicyError};

/// Who has to have a second factor to sign in to a web face, of the host and of the domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecondFactorPolicy {
    /// Who.
    pub enforced: Enforced,
}

/// Who has to have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enforced {
    /// Nobody; whoever has one shows it.
    #[default]
    Nobody,
    /// Administrators.
    Administrators,
    /// Everybody.
    Everybody,
}

impl SecondFactorPolicy {
    /// Whether an account has to have one.
    pub fn demands(&self, is_administrator: bool) -> bool {
        match self.enforced {
            Enforced::Nobody => false,
            Enforced::Administrators => is_administrator,
            Enforced::Everybody => true,
        }
    }
}

impl Policy for SecondFactorPolicy {
    const KEY: &'static [u8] = b"second-factor";

    fn check(&self) -> Result<(), PolicyError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_says_whose_accounts_must_have_one() {
        for (enforced, administrator, user) in [
            (Enforced::Nobody, false, false),
            (Enforced::Administrators, true, false),
            (Enforced::Everybody, true, true),
        ] {
            let policy = SecondFactorPolicy { enforced };
            assert_eq!((policy.demands(true), policy.demands(false)), (administrator, user), "{enforced:?}");
        }
    }
}
