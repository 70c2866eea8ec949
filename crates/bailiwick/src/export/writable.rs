//! Which attributes an import can write: what the schema says, and a few that the directory keeps by itself although
//! the schema would let clients write them.

use std::collections::HashSet;

use bailiwick_domain::Scope;

use crate::domain::{Domain, Query};
use crate::exit::Failure;

/// The bit of systemFlags that marks computed attributes. [MS-ADTS] 2.2.10.
const COMPUTED: i64 = 4;

/// Attributes that the directory keeps by itself: sign-in counters, what follows from others, and what holds for one
/// domain alone. In small letters.
const KEPT_BY_DIRECTORY: &[&str] = &[
    "badpasswordtime",
    "badpwdcount",
    "creationtime",
    "iscriticalsystemobject",
    "lastlogoff",
    "lastlogon",
    "lastlogontimestamp",
    "lockouttime",
    "logoncount",
    "modifiedcount",
    "modifiedcountatlastprom",
    "ntsecuritydescriptor",
    "objectcategory",
    "pwdlastset",
    "samaccounttype",
];

/// The attributes that can be written, in small letters.
#[derive(Clone, Debug)]
pub struct Writable {
    names: HashSet<String>,
}

impl Writable {
    /// Reads the schema.
    ///
    /// # Errors
    /// Those of the domain.
    pub fn read(domain: &mut dyn Domain) -> Result<Writable, Failure> {
        let schema = format!("CN=Schema,CN=Configuration,{}", domain.base_dn());
        let query = Query {
            base: &schema,
            scope: Scope::OneLevel,
            filter: "(objectClass=attributeSchema)",
            attributes: &["lDAPDisplayName", "systemOnly", "systemFlags", "linkID"],
            secrets: false,
        };
        let mut names = HashSet::new();
        domain.search(&query, &mut |entry| {
            let number = |name: &str| entry.text(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
            let is_system_only = entry.text("systemOnly") == Some("TRUE");
            let is_computed = number("systemFlags") & COMPUTED != 0;
            // Odd link identifiers are back links, which follow from the forward ones.
            let is_back_link = number("linkID") % 2 == 1;
            if let Some(name) = entry.text("lDAPDisplayName")
                && !is_system_only
                && !is_computed
                && !is_back_link
            {
                names.insert(name.to_ascii_lowercase());
            }
            Ok(())
        })?;
        for name in KEPT_BY_DIRECTORY {
            names.remove(*name);
        }
        names.insert("objectclass".to_owned());
        Ok(Writable { names })
    }

    /// Exactly these, for tests.
    #[cfg(test)]
    pub fn of(names: &[&str]) -> Writable {
        Writable { names: names.iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Whether the attribute can be written; options of the description do not matter.
    pub fn has(&self, description: &str) -> bool {
        let name = description.split(';').next().unwrap_or(description);
        self.names.contains(&name.to_ascii_lowercase())
    }
}
