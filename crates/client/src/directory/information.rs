//! What a domain tells of itself.

use serde::Deserialize;

/// The domain and whether it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectoryInfo {
    /// `running` when the directory is served.
    pub status: String,
    /// The domain's names; `None` while it is not served.
    pub domain: Option<DomainInfo>,
    /// Its controllers.
    pub controllers: Vec<Controller>,
}

/// A domain's names.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct DomainInfo {
    /// The realm, such as `EXAMPLE.COM`.
    pub realm: String,
    /// The NetBIOS name, such as `EXAMPLE`.
    pub workgroup: String,
}

/// A controller of a domain.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Controller {
    /// Its name.
    pub cn: String,
    /// Its distinguished name.
    pub dn: String,
    /// Its host name.
    #[serde(default, rename = "dnshostname")]
    pub host_name: String,
    /// The single-master roles that it holds: `pdc`, `rid`, `schema`, `naming`, `infrastructure`.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// The answer, which has data within its data.
#[derive(Deserialize)]
pub(super) struct DirectoryAnswer {
    data: Inner,
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inner {
    #[serde(default)]
    domain_basic_info: Option<DomainInfo>,
    #[serde(default)]
    domain_controllers: Vec<Controller>,
}

impl From<DirectoryAnswer> for DirectoryInfo {
    fn from(DirectoryAnswer { data, status }: DirectoryAnswer) -> DirectoryInfo {
        DirectoryInfo { status, domain: data.domain_basic_info, controllers: data.domain_controllers }
    }
}

impl<'de> Deserialize<'de> for DirectoryInfo {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<DirectoryInfo, D::Error> {
        DirectoryAnswer::deserialize(deserializer).map(DirectoryInfo::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_running_domain_tells_its_names_and_controllers() {
        let answer = json!({"data": {
            "domainBasicInfo": {"realm": "EXAMPLE.COM", "workgroup": "EXAMPLE"},
            "domainControllers": [{"cn": "AD", "dn": "CN=AD", "dnshostname": "AD.EXAMPLE.COM", "roles": ["pdc", "rid"]}],
        }, "status": "running"});
        let info: DirectoryInfo = serde_json::from_value(answer).unwrap();
        let domain = info.domain.unwrap();
        assert_eq!((&*info.status, &*domain.realm, &*domain.workgroup), ("running", "EXAMPLE.COM", "EXAMPLE"));
        assert_eq!((&*info.controllers[0].host_name, info.controllers[0].roles.len()), ("AD.EXAMPLE.COM", 2));
    }

    #[test]
    fn a_stopped_domain_tells_nothing() {
        let info: DirectoryInfo = serde_json::from_value(json!({"data": {}, "status": "stopped"})).unwrap();
        assert_eq!(info, DirectoryInfo { status: "stopped".to_owned(), domain: None, controllers: Vec::new() });
    }
}
