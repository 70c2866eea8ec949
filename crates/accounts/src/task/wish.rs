//! Who asked for a task, kept so that it runs under his rights after a restart too.

use std::net::IpAddr;

use bailiwick_domain::{Identity, Protection, Requester};
use serde::{Deserialize, Serialize};

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    identity: Kept,
    from: Option<IpAddr>,
    protection: KeptProtection,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kept {
    Anonymous,
    Account { sid: String, groups: Vec<String>, name: String },
    System,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KeptProtection {
    None,
    Local,
    Encrypted,
}

impl Wish {
    /// The wish of a requester.
    pub fn of(requester: &Requester) -> Wish {
        let identity = match &requester.identity {
            Identity::Anonymous => Kept::Anonymous,
            Identity::Account { sid, groups, name } => Kept::Account {
                sid: sid.to_string(),
                groups: groups.iter().map(ToString::to_string).collect(),
                name: name.to_string(),
            },
            Identity::System => Kept::System,
        };
        let protection = match requester.protection {
            Protection::None => KeptProtection::None,
            Protection::Local => KeptProtection::Local,
            Protection::Encrypted => KeptProtection::Encrypted,
        };
        Wish { identity, from: requester.address, protection }
    }

    /// Who it was. What cannot be read any more has no rights.
    pub fn requester(&self) -> Requester {
        let identity = match &self.identity {
            Kept::Anonymous => Identity::Anonymous,
            Kept::System => Identity::System,
            Kept::Account { sid, groups, name } => match sid.parse() {
                Ok(sid) => Identity::Account {
                    sid,
                    groups: groups.iter().filter_map(|group| group.parse().ok()).collect(),
                    name: name.as_str().into(),
                },
                Err(_) => Identity::Anonymous,
            },
        };
        let protection = match self.protection {
            KeptProtection::None => Protection::None,
            KeptProtection::Local => Protection::Local,
            KeptProtection::Encrypted => Protection::Encrypted,
        };
        Requester { identity, address: self.from, protection }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asked_reads_back() {
        let identity = Identity::Account {
            sid: "S-1-5-21-1-2-3-1104".parse().unwrap(),
            groups: ["S-1-5-32-544".parse().unwrap()].into(),
            name: "EXAMPLE\\ada".into(),
        };
        let address = Some("192.0.2.7".parse().unwrap());
        let ada = Requester { identity, address, protection: Protection::Encrypted };
        for requester in [ada, Requester::system(), Requester::anonymous(None, Protection::None)] {
            let kept = serde_json::to_string(&Wish::of(&requester)).unwrap();
            let wish: Wish = serde_json::from_str(&kept).unwrap();
            assert_eq!(format!("{:?}", wish.requester()), format!("{requester:?}"));
        }
    }
}
