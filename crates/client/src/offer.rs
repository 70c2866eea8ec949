//! What a server offers: the APIs with their versions and paths, as `SYNO.API.Info` announces them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::address::is_path;
use crate::error::Error;

/// The path that serves every API.
pub(crate) const ENTRY: &str = "entry.cgi";
/// The path of `SYNO.API.Info`, the same on every DSM since version 2.
pub(crate) const QUERY: &str = "query.cgi";

/// The APIs that this crate calls. Only they are asked for, because a DSM has some hundreds.
pub(crate) const APIS: [&str; 16] = [
    "SYNO.API.Auth",
    "SYNO.API.Auth.UIConfig",
    "SYNO.API.Encryption",
    "SYNO.ActiveDirectory.Directory",
    "SYNO.ActiveDirectory.Group",
    "SYNO.ActiveDirectory.Info",
    "SYNO.ActiveDirectory.User",
    "SYNO.Auth.ForgotPwd",
    "SYNO.Core.Directory.Domain",
    "SYNO.Core.User",
    "SYNO.Core.User.Group",
    "SYNO.Core.User.PasswordConfirm",
    "SYNO.Core.User.PasswordExpiry",
    "SYNO.Core.User.PasswordPolicy",
    "SYNO.Core.User.UsernamePolicy",
    "SYNO.Entry.Request",
];

/// What a server offers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Offer(BTreeMap<String, OfferedApi>);

/// One API that a server offers.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OfferedApi {
    /// The lowest version.
    pub min_version: u32,
    /// The highest version.
    pub max_version: u32,
    /// The path below `/webapi/`.
    #[serde(default)]
    pub path: String,
}

impl Offer {
    /// One API, if it is offered.
    pub fn api(&self, name: &str) -> Option<&OfferedApi> {
        self.0.get(name)
    }

    /// Every API with its name, sorted.
    pub fn apis(&self) -> impl Iterator<Item = (&str, &OfferedApi)> {
        self.0.iter().map(|(name, api)| (name.as_str(), api))
    }

    /// The path of an API. One that was not asked for is on the path that serves all.
    pub(crate) fn path(&self, api: &str) -> &str {
        let announced = self.api(api).map(|api| api.path.as_str());
        announced.filter(|path| is_path(path)).unwrap_or(ENTRY)
    }

    /// The version of an API to call: the wanted one, or the nearest lower one that is offered.
    ///
    /// # Errors
    /// `NotOffered`: the API is not there, or only in higher versions.
    pub(crate) fn version(&self, api: &str, wanted: u32) -> Result<u32, Error> {
        let offered = self.api(api).filter(|offered| offered.min_version <= wanted);
        let offered = offered.ok_or_else(|| Error::NotOffered { api: api.to_owned() })?;
        Ok(wanted.min(offered.max_version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Offer {
        serde_json::from_value(serde_json::json!({
            "SYNO.API.Auth": {"maxVersion": 6, "minVersion": 2, "path": "auth.cgi"},
            "SYNO.Core.User": {"maxVersion": 1, "minVersion": 1, "path": "../../etc", "requestFormat": "JSON"},
        }))
        .unwrap()
    }

    #[test]
    fn the_wanted_version_or_a_lower_one_is_called() {
        let version = |api, wanted| offer().version(api, wanted).ok();
        assert_eq!(version("SYNO.API.Auth", 7), Some(6));
        assert_eq!(version("SYNO.API.Auth", 3), Some(3));
        assert_eq!(version("SYNO.API.Auth", 1), None);
        assert_eq!(version("SYNO.Core.Group", 1), None);
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_not_followed() {
        assert_eq!(offer().path("SYNO.API.Auth"), "auth.cgi");
        assert_eq!(offer().path("SYNO.Core.User"), ENTRY);
        assert_eq!(offer().path("SYNO.Core.Group"), ENTRY);
    }

    #[test]
    fn every_name_is_asked_for_once() {
        assert!(APIS.is_sorted_by(|a, b| a < b));
    }
}
