//! Whether accounts of the domain are told of the end of their passwords when they sign in.

use serde::{Deserialize, Serialize};

use super::{Policy, PolicyError};

/// What users are told when they sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInNotice {
    /// Whoever's password ends soon is told so.
    pub enabled: bool,
}

impl Policy for SignInNotice {
    const KEY: &'static [u8] = b"sign-in-notice";

    fn check(&self) -> Result<(), PolicyError> {
        Ok(())
    }
}
