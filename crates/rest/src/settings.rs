//! What an administrator can choose about the API. Section 14 of the specification, with what section 16 adds.

use crate::search::{Bounds, Defaults, Endpoint};
use crate::value::Presentation;

/// All choices.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Which classes each kind of operation is for.
    pub restrictions: Restrictions,
    /// What a group is whose type and scope the caller does not say.
    pub group_default: GroupDefault,
    /// Containers are deleted with what is in them without being asked to.
    pub delete_trees: bool,
    /// How encrypted passwords are padded.
    pub padding: Padding,
    /// What the octets of a password are text in.
    pub encoding: Encoding,
    /// How searches answer.
    pub search: SearchSettings,
}

/// Which classes each kind of operation is for. Section 12.
#[derive(Clone, Debug)]
pub struct Restrictions {
    /// `/create/…`.
    pub create: Allowed,
    /// `/edit`.
    pub edit: Allowed,
    /// `/move`.
    pub move_to: Allowed,
    /// `/rename`.
    pub rename: Allowed,
    /// `/delete`.
    pub delete: Allowed,
    /// `/password/…`.
    pub password: Allowed,
}

/// The classes of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// All of them.
    Every,
    /// These, by their LDAP names in any case; an empty list allows nothing.
    Only(Vec<String>),
}

/// The classes that can be edited, moved, renamed and deleted unless the configuration says otherwise.
pub const CLASSES_SHIPPED: &str = "computer,group,organizationalUnit,user";

impl Default for Restrictions {
    fn default() -> Restrictions {
        let shipped = || Allowed::parse(CLASSES_SHIPPED);
        Restrictions {
            create: Allowed::Every,
            edit: shipped(),
            move_to: shipped(),
            rename: shipped(),
            delete: shipped(),
            password: Allowed::Every,
        }
    }
}

impl Allowed {
    /// Reads names with commas in between, `*` for every class, `none` for no class at all.
    pub fn parse(text: &str) -> Allowed {
        match text.trim() {
            "*" => Allowed::Every,
            "none" => Allowed::Only(Vec::new()),
            list => {
                let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
                Allowed::Only(names.map(str::to_owned).collect())
            }
        }
    }

    /// Whether objects of the class are among them. The class is the structural one, D-11; an object whose class the
    /// caller may not see is of no class that is allowed.
    pub fn contains(&self, class: &str) -> bool {
        match self {
            Allowed::Every => true,
            Allowed::Only(names) => names.iter().any(|name| name.eq_ignore_ascii_case(class)),
        }
    }
}

/// What a group is whose type and scope the caller does not say. D-08.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupDefault {
    /// As documented.
    #[default]
    SecurityGlobal,
    /// As the reference does instead.
    DistributionUniversal,
}

/// How encrypted passwords are padded. Section 8.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// OAEP with SHA-1.
    Sha1,
    /// OAEP with SHA-256.
    #[default]
    Sha256,
    /// OAEP with SHA-384.
    Sha384,
    /// OAEP with SHA-512.
    Sha512,
    /// PKCS#1 v1.5, which tells an attacker who sends many guesses more than it should.
    Pkcs1,
}

/// What the octets of a password are text in. Section 8.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, little-endian.
    Utf16,
}

/// How searches answer. Sections 9.2 and 9.6.
#[derive(Clone, Debug)]
pub struct SearchSettings {
    /// What `/search` returns unless asked otherwise.
    pub generic: Defaults,
    /// The same of `/search/computer`.
    pub computer: Defaults,
    /// The same of `/search/group`.
    pub group: Defaults,
    /// The same of `/search/user`.
    pub user: Defaults,
    /// What one search may cost.
    pub bounds: Bounds,
    /// How values are shown.
    pub presentation: Presentation,
}

impl SearchSettings {
    /// What a kind of search returns unless asked otherwise.
    pub fn defaults(&self, endpoint: Endpoint) -> &Defaults {
        match endpoint {
            Endpoint::Generic => &self.generic,
            Endpoint::Computer => &self.computer,
            Endpoint::Group => &self.group,
            Endpoint::User => &self.user,
        }
    }
}

impl Default for SearchSettings {
    fn default() -> SearchSettings {
        SearchSettings {
            generic: Endpoint::Generic.shipped_defaults(),
            computer: Endpoint::Computer.shipped_defaults(),
            group: Endpoint::Group.shipped_defaults(),
            user: Endpoint::User.shipped_defaults(),
            bounds: Bounds::default(),
            presentation: Presentation::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_11_classes_are_compared_in_any_case() {
        let allowed = Allowed::parse("user, Group,");
        assert!(allowed.contains("USER") && allowed.contains("group"));
        assert!(!allowed.contains("top") && !allowed.contains(""));
    }

    #[test]
    fn d_49_an_empty_list_allows_nothing() {
        assert_eq!(Allowed::parse("none"), Allowed::Only(Vec::new()));
        assert!(!Allowed::parse("none").contains("user"));
        assert!(Allowed::parse("*").contains("user"));
    }
}
