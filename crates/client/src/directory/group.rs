//! Groups of the domain.

use crate::form::Parameters;

/// A group to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name, also its account name.
    pub name: String,
    /// The DN of the container or unit in which it is to be.
    pub located_dn: String,
    /// A description; may be empty.
    pub description: String,
    /// A mail address; may be empty.
    pub email: String,
    /// What it is for.
    pub group_type: GroupType,
    /// Who may be in it, and where it counts.
    pub scope: GroupScope,
}

/// What a group is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupType {
    /// To grant access.
    #[default]
    Security,
    /// To send mail to.
    Distribution,
}

/// Who may be in a group, and where it counts. [MS-ADTS] 6.1.4.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupScope {
    /// Domain local: anybody's accounts, access in this domain.
    Local,
    /// Accounts of this domain, access everywhere.
    #[default]
    Global,
    /// Accounts of the forest, access everywhere.
    Universal,
}

impl NewGroup {
    /// A global security group.
    pub fn new(name: impl Into<String>, located_dn: impl Into<String>) -> NewGroup {
        NewGroup {
            name: name.into(),
            located_dn: located_dn.into(),
            description: String::new(),
            email: String::new(),
            group_type: GroupType::default(),
            scope: GroupScope::default(),
        }
    }

    pub(super) fn parameters(&self) -> Parameters {
        let group_type = match self.group_type {
            GroupType::Security => "security",
            GroupType::Distribution => "distribution",
        };
        let scope = match self.scope {
            GroupScope::Local => "local",
            GroupScope::Global => "global",
            GroupScope::Universal => "universal",
        };
        Parameters::new()
            .json("name", self.name.as_str())
            .json("located_dn", self.located_dn.as_str())
            .json("description", self.description.as_str())
            .json("email", self.email.as_str())
            .json("type", group_type)
            .json("scope", scope)
    }
}
