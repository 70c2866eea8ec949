//! The four kinds of search, and what each returns unless asked otherwise. Section 9.2 of the reference.

use crate::filter::Criterion;

/// A kind of search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/search`: any object.
    Generic,
    /// `/search/computer`.
    Computer,
    /// `/search/group`.
    Group,
    /// `/search/user`.
    User,
}

/// What a kind of search returns unless asked otherwise: `Settings:SearchDefaults` of the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// How many entries; 0 is all.
    pub limit: u32,
    /// Which attributes; empty is all.
    pub properties: Vec<String>,
    /// Whether `member` is among the attributes of every search for groups.
    pub include_members: bool,
}

const fn criterion(attribute: &'static str, value: &'static str) -> Criterion {
    Criterion { attribute, value }
}

impl Endpoint {
    /// What all objects that it finds have, in the order in which filters say it.
    pub fn criteria(self) -> &'static [Criterion] {
        match self {
            Endpoint::Generic => &[],
            Endpoint::Computer => const { &[criterion("objectClass", "computer")] },
            Endpoint::Group => const { &[criterion("objectClass", "group")] },
            Endpoint::User => const { &[criterion("objectClass", "user"), criterion("objectCategory", "person")] },
        }
    }

    /// The defaults as the reference ships them.
    pub fn shipped_defaults(self) -> Defaults {
        let (limit, properties): (u32, &[&str]) = match self {
            Endpoint::Generic => (10, &["distinguishedName", "name", "objectClass"]),
            Endpoint::Computer => (0, &["distinguishedName", "cn", "operatingSystem"]),
            Endpoint::Group => (5, &["name", "displayName", "groupType", "samAccountName"]),
            Endpoint::User => {
                (20, &["displayName", "mail", "name", "samAccountName", "userAccountControl", "userPrincipalName"])
            }
        };
        let properties = properties.iter().map(|&name| name.to_owned()).collect();
        Defaults { limit, properties, include_members: false }
    }
}
