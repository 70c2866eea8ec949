//! What an object of the directory is to the host: a pure function of the object, so that a view is right when each
//! object in it is.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Entry;

use super::account::{DomainGroup, DomainUser, NUMBER_BASE};
use crate::expiry::Expiry;

/// The attributes that the host's view of an object is made of. Members are read apart, since there may be many.
pub(super) const ATTRIBUTES: [&str; 15] = [
    "objectClass",
    "objectSid",
    "sAMAccountName",
    "displayName",
    "description",
    "mail",
    "userAccountControl",
    "accountExpires",
    "pwdLastSet",
    "primaryGroupID",
    "groupType",
    "isDeleted",
    "unixHomeDirectory",
    "loginShell",
    USN,
];
/// The number of an object's last change.
pub(super) const USN: &str = "uSNChanged";

/// ADS_UF_ACCOUNTDISABLE and ADS_UF_DONT_EXPIRE_PASSWD. [MS-ADTS] 2.2.16.
const DISABLED: i64 = 0x2;
const PASSWORD_NEVER_EXPIRES: i64 = 0x1_0000;
/// GROUP_TYPE_SECURITY_ENABLED. [MS-ADTS] 2.2.12.
const SECURITY_GROUP: i64 = 0x8000_0000;
/// RID of Domain Users, the primary group of whoever has no other.
const DOMAIN_USERS: u32 = 513;
/// The greatest RID. [MS-ADTS] 3.1.1.1.9.
const RID_MAX: u32 = (1 << 30) - 1;

/// What an object is to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Projected {
    /// A user.
    User(DomainUser),
    /// A group.
    Group(DomainGroup),
    /// An account with this number that the host does not see, or not any more.
    Gone(u32),
    /// Nothing.
    Nothing,
}

/// What the host sees of a domain.
pub(super) struct Projection<'a> {
    /// The domain's SID.
    pub domain: &'a Sid,
    /// Its NetBIOS name.
    pub netbios: &'a str,
    /// The walk that is under way.
    pub generation: u32,
}

impl Projection<'_> {
    /// The number of the account with this SID; none for accounts of other domains.
    pub fn number(&self, sid: &Sid) -> Option<u32> {
        let rid = sid.rid().filter(|rid| *rid <= RID_MAX)?;
        (sid.domain().as_ref() == Some(self.domain)).then_some(NUMBER_BASE + rid)
    }

    /// What an object is to the host.
    pub fn of(&self, entry: &Entry) -> Projected {
        let sid = entry.values("objectSid").first().and_then(|octets| Sid::from_bytes(octets).ok());
        let Some(number) = sid.and_then(|sid| self.number(&sid)) else { return Projected::Nothing };
        let is =
            |class: &str| entry.values("objectClass").iter().any(|value| value.eq_ignore_ascii_case(class.as_bytes()));
        let Some(account) = text(entry, "sAMAccountName").filter(|_| !entry.text("isDeleted").is_some_and(is_true))
        else {
            return Projected::Gone(number);
        };
        let name = format!("{}\\{account}", self.netbios);
        if is("group") {
            if integer(entry, "groupType").unwrap_or_default() & SECURITY_GROUP == 0 {
                return Projected::Gone(number);
            }
            let description = text(entry, "description").unwrap_or_default();
            return Projected::Group(DomainGroup { gid: number, name, description, generation: self.generation });
        }
        if !is("user") || is("computer") {
            return Projected::Gone(number);
        }
        let control = integer(entry, "userAccountControl").unwrap_or_default();
        let primary = integer(entry, "primaryGroupID").and_then(|rid| u32::try_from(rid).ok());
        let display_name = text(entry, "displayName").unwrap_or_default();
        let password_set = integer(entry, "pwdLastSet").unwrap_or_default();
        Projected::User(DomainUser {
            uid: number,
            gid: NUMBER_BASE + primary.filter(|rid| *rid <= RID_MAX).unwrap_or(DOMAIN_USERS),
            name,
            description: text(entry, "description").unwrap_or_else(|| display_name.clone()),
            display_name,
            email: text(entry, "mail").unwrap_or_default(),
            expiry: match integer(entry, "accountExpires") {
                _ if control & DISABLED != 0 => Expiry::Now,
                Some(end) => Expiry::through(FileTime(end)),
                None => Expiry::Normal,
            },
            password_never_expires: control & PASSWORD_NEVER_EXPIRES != 0,
            password_pending: password_set == 0 && control & PASSWORD_NEVER_EXPIRES == 0,
            password_changed: FileTime(password_set),
            home: text(entry, "unixHomeDirectory").unwrap_or_default(),
            shell: text(entry, "loginShell").unwrap_or_default(),
            generation: self.generation,
        })
    }

    /// The number of a member, from its name in the extended form.
    pub fn member(&self, extended_name: &[u8]) -> Option<u32> {
        let name = std::str::from_utf8(extended_name).ok()?;
        let (_, behind) = name.split_once("<SID=")?;
        let (sid, _) = behind.split_once('>')?;
        self.number(&sid.parse().ok()?)
    }
}

/// The number of an object's last change.
pub(super) fn usn(entry: &Entry) -> Option<u64> {
    entry.text(USN)?.parse().ok()
}

fn text(entry: &Entry, attribute: &str) -> Option<String> {
    entry.text(attribute).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn integer(entry: &Entry, attribute: &str) -> Option<i64> {
    entry.text(attribute)?.parse().ok()
}

fn is_true(text: &str) -> bool {
    text.eq_ignore_ascii_case("TRUE")
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::modification::Attribute;

    use super::*;

    fn entry(attributes: &[(&str, &str)]) -> Entry {
        let sid: Sid = "S-1-5-21-1-2-3-1104".parse().unwrap();
        let mut entry = Entry {
            dn: "CN=Ada".into(),
            attributes: vec![Attribute { name: "objectSid".into(), values: vec![sid.to_bytes()] }],
        };
        for (name, value) in attributes {
            let values = value.split('|').map(|value| value.as_bytes().to_vec()).collect();
            entry.attributes.retain(|attribute| attribute.name != *name);
            entry.attributes.push(Attribute { name: (*name).into(), values });
        }
        entry
    }

    fn projected(attributes: &[(&str, &str)]) -> Projected {
        let domain = "S-1-5-21-1-2-3".parse().unwrap();
        Projection { domain: &domain, netbios: "EXAMPLE", generation: 7 }.of(&entry(attributes))
    }

    const USER: [(&str, &str); 3] =
        [("objectClass", "top|person|user"), ("sAMAccountName", "ada"), ("userAccountControl", "512")];

    fn user(more: &[(&str, &str)]) -> DomainUser {
        match projected(&[&USER, more].concat()) {
            Projected::User(user) => user,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_user_has_the_number_of_his_rid_and_the_name_of_the_domain() {
        let ada = user(&[("primaryGroupID", "515"), ("displayName", "Ada L."), ("mail", "a@b"), ("pwdLastSet", "0")]);
        assert_eq!((ada.uid, ada.gid, ada.name.as_str()), (1_001_104, 1_000_515, "EXAMPLE\\ada"));
        assert_eq!((ada.description.as_str(), ada.email.as_str()), ("Ada L.", "a@b"));
        assert!(ada.password_pending);
        assert_eq!(user(&[]).gid, 1_000_513);
    }

    #[test]
    fn flags_and_ends_become_an_expiry() {
        for (attribute, value, expected) in [
            ("userAccountControl", "512", "normal"),
            ("userAccountControl", "514", "now"),
            ("accountExpires", "0", "normal"),
            ("accountExpires", "9223372036854775807", "normal"),
            // 2027-03-02T00:00:00Z.
            ("accountExpires", "134484192000000000", "2027/3/1"),
        ] {
            assert_eq!(user(&[(attribute, value)]).expiry.to_string(), expected, "{attribute} {value}");
        }
        assert!(user(&[("userAccountControl", "66048")]).password_never_expires);
    }

    #[test]
    fn what_is_no_user_and_no_security_group_is_not_seen() {
        let gone = Projected::Gone(1_001_104);
        let group = [("objectClass", "top|group"), ("sAMAccountName", "staff")];
        for (attributes, seen) in [
            (vec![("objectClass", "top|person|user|computer"), ("sAMAccountName", "pc$")], false),
            (vec![("objectClass", "user"), ("sAMAccountName", "ada"), ("isDeleted", "TRUE")], false),
            (vec![("objectClass", "user")], false),
            ([&group[..], &[("groupType", "2")]].concat(), false),
            ([&group[..], &[("groupType", "-2147483646")]].concat(), true),
        ] {
            assert_eq!(projected(&attributes) != gone, seen, "{attributes:?}");
        }
        assert_eq!(projected(&[("objectSid", "x")]), Projected::Nothing);
    }

    #[test]
    fn members_of_this_domain_have_numbers() {
        let domain = "S-1-5-21-1-2-3".parse().unwrap();
        let projection = Projection { domain: &domain, netbios: "EXAMPLE", generation: 1 };
        for (name, number) in [
            ("<GUID=x>;<SID=S-1-5-21-1-2-3-1104>;CN=Ada", Some(1_001_104)),
            ("<SID=S-1-5-21-1-2-4-1104>;CN=Bob", None),
            ("<SID=S-1-5-32-544>;CN=Administrators", None),
            ("<SID=S-1-5-21-1-2-3-4294967295>;CN=X", None),
            ("CN=Ada", None),
            ("<SID=S-1-5", None),
        ] {
            assert_eq!(projection.member(name.as_bytes()), number, "{name}");
        }
    }
}
