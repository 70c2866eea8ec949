//! Objects of the directory, and which of them to list.

use serde::{Deserialize, Deserializer};

use crate::form::Parameters;

/// Which objects to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectQuery {
    /// How far below the base; direct children unless said.
    pub scope: ObjectScope,
    /// The kinds of objects; all unless said.
    pub categories: Vec<ObjectCategory>,
    /// How many to leave out at the beginning.
    pub offset: u64,
    /// How many at most, or [`ObjectQuery::ALL`]; 40 unless said.
    pub limit: i64,
}

/// How far below the base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ObjectScope {
    /// What lies directly in it.
    #[default]
    One,
    /// Everything below it. A Bailiwick understands this; whether a DSM does is not known.
    Subtree,
    /// The base itself. A Bailiwick understands this; whether a DSM does is not known.
    Base,
}

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ObjectCategory {
    /// A user or contact.
    Person,
    /// A group.
    Group,
    /// An organizational unit.
    OrganizationalUnit,
    /// A computer.
    Computer,
    /// A container, such as `CN=Users`.
    Container,
    /// `CN=Builtin`.
    BuiltinDomain,
    /// One that is not known here.
    #[serde(other)]
    Unknown,
}

/// Some objects of all that match.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[non_exhaustive]
pub struct ObjectPage {
    /// The objects of this page, sorted by name.
    #[serde(rename = "data")]
    pub objects: Vec<DirectoryObject>,
    /// How many match in all.
    pub total: u64,
}

/// An object as it stands in a list.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DirectoryObject {
    /// Its distinguished name.
    pub dn: String,
    /// Its name within its container.
    pub name: String,
    /// What it is.
    #[serde(rename = "objectCategory")]
    pub category: ObjectCategory,
    /// Its logon name; empty where it has none.
    #[serde(rename = "sAMAccountName")]
    pub account_name: String,
    /// The name to show.
    pub display_name: String,
    /// A description.
    pub description: String,
    /// A mail address.
    pub mail: String,
    /// An office.
    #[serde(rename = "physicalDeliveryOfficeName")]
    pub office: String,
    /// A telephone number.
    pub telephone_number: String,
    /// When the account expires, in Unix seconds; `None` for never.
    #[serde(rename = "accountExpiryTime", deserialize_with = "expiry")]
    pub account_expires: Option<i64>,
    /// Whether the account is disabled.
    pub disabled: bool,
    /// Whether the account is locked after wrong passwords.
    pub locked: bool,
    /// Whether the password must be changed.
    pub password_expired: bool,
    /// The relative id of a group, 0 for everything else.
    pub primary_group_token: u64,
    /// Whether it may be deleted.
    pub deletable: bool,
    /// Whether it may be moved.
    pub movable: bool,
    /// Whether it may be renamed.
    pub renamable: bool,
    /// Whether only the advanced view shows it.
    pub show_in_advanced_view_only: bool,
}

/// An object that was created.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewObject {
    /// Its distinguished name.
    pub dn: String,
    /// Its name with the domain's before it, such as `EXAMPLE\jdoe`.
    #[serde(default)]
    pub name: String,
}

impl ObjectQuery {
    /// No limit.
    pub const ALL: i64 = -1;
    /// As many as the page of the Python client says.
    const USUAL: i64 = 40;

    pub(super) fn parameters(&self, base_dn: &str) -> Parameters {
        let scope = match self.scope {
            ObjectScope::One => "one",
            ObjectScope::Subtree => "sub",
            ObjectScope::Base => "base",
        };
        let all = ObjectCategory::ALL.as_slice();
        let categories = if self.categories.is_empty() { all } else { &self.categories };
        let words: Vec<&str> = categories.iter().filter_map(|category| category.word()).collect();
        Parameters::new()
            .json("action", "enum")
            .json("basedn", base_dn)
            .json("scope", scope)
            .json("offset", self.offset)
            .json("limit", self.limit)
            .json("objectCategory", words)
    }
}

impl Default for ObjectQuery {
    fn default() -> ObjectQuery {
        ObjectQuery { scope: ObjectScope::One, categories: Vec::new(), offset: 0, limit: ObjectQuery::USUAL }
    }
}

impl ObjectCategory {
    /// All that can be asked for.
    pub const ALL: [ObjectCategory; 6] = [
        ObjectCategory::Person,
        ObjectCategory::Group,
        ObjectCategory::OrganizationalUnit,
        ObjectCategory::Computer,
        ObjectCategory::Container,
        ObjectCategory::BuiltinDomain,
    ];

    fn word(self) -> Option<&'static str> {
        match self {
            ObjectCategory::Person => Some("person"),
            ObjectCategory::Group => Some("group"),
            ObjectCategory::OrganizationalUnit => Some("organizationalUnit"),
            ObjectCategory::Computer => Some("computer"),
            ObjectCategory::Container => Some("container"),
            ObjectCategory::BuiltinDomain => Some("builtinDomain"),
            ObjectCategory::Unknown => None,
        }
    }
}

impl Default for DirectoryObject {
    /// An object of which nothing is known; what an answer leaves out stays so.
    fn default() -> DirectoryObject {
        DirectoryObject {
            dn: String::new(),
            name: String::new(),
            category: ObjectCategory::Unknown,
            account_name: String::new(),
            display_name: String::new(),
            description: String::new(),
            mail: String::new(),
            office: String::new(),
            telephone_number: String::new(),
            account_expires: None,
            disabled: false,
            locked: false,
            password_expired: false,
            primary_group_token: 0,
            deletable: false,
            movable: false,
            renamable: false,
            show_in_advanced_view_only: false,
        }
    }
}

/// 2^63-1 intervals of 100 ns since 1601, which stand for "never", in seconds since 1970.
const NEVER: i64 = 910_692_730_085;

fn expiry<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    Ok((seconds != NEVER).then_some(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_of_the_page_is_read() {
        let row = json!({
            "accountExpiryTime": 910692730085_i64, "deletable": true, "description": "of a person", "disabled": false,
            "displayName": "John Doe", "dn": "CN=jdoe,CN=Users,DC=example,DC=com", "locked": false,
            "mail": "jdoe@example.com", "movable": true, "name": "john", "objectCategory": "person",
            "passwordExpired": true, "physicalDeliveryOfficeName": "office", "primaryGroupToken": 0, "renamable": true,
            "sAMAccountName": "jdoe", "showInAdvancedViewOnly": false, "telephoneNumber": "123-444-5677",
        });
        let page: ObjectPage = serde_json::from_value(json!({"data": [row], "total": 99999})).unwrap();
        let expected = DirectoryObject {
            dn: "CN=jdoe,CN=Users,DC=example,DC=com".into(),
            name: "john".into(),
            category: ObjectCategory::Person,
            account_name: "jdoe".into(),
            display_name: "John Doe".into(),
            description: "of a person".into(),
            mail: "jdoe@example.com".into(),
            office: "office".into(),
            telephone_number: "123-444-5677".into(),
            password_expired: true,
            deletable: true,
            movable: true,
            renamable: true,
            ..DirectoryObject::default()
        };
        assert_eq!(page, ObjectPage { objects: vec![expected], total: 99999 });
    }

    #[test]
    fn a_row_that_tells_less_or_other_things_is_read_too() {
        let row = json!({"dn": "CN=x", "objectCategory": "printQueue", "accountExpiryTime": 7, "more": {}});
        let object: DirectoryObject = serde_json::from_value(row).unwrap();
        assert_eq!((object.category, object.account_expires), (ObjectCategory::Unknown, Some(7)));
    }

    #[test]
    fn words_are_those_that_are_read() {
        for category in ObjectCategory::ALL {
            let read: ObjectCategory = serde_json::from_value(json!(category.word())).unwrap();
            assert_eq!(read, category);
        }
    }
}
