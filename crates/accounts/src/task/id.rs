//! What tasks are called. Clients paste ids into JSON and queries unescaped, so they hold letters, digits and `@/_.` only.

use std::fmt;

use bailiwick_domain::Context;
use serde::{Deserialize, Serialize};

/// The longest id that is looked up.
const ID_OCTETS_MAX: usize = 128;

/// The id of a task. The part before a slash is the group whose members may ask for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaskId(String);

/// The forms of ids, by which clients tell whose tasks they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdForm {
    /// `@administrators/groupbatch`, the time in decimal digits and 8 hexadecimal ones.
    GroupBatch,
    /// `@administrators/DomainUpdate`, the time and a random number, each in 8 hexadecimal digits.
    DomainUpdate,
    /// `@administrators/LDAPRefresh`, and the same behind it.
    LdapRefresh,
    /// `@administrators/Synoads_SYNO.ActiveDirectory.Directory_delete`, and the same behind it.
    DirectoryDelete,
    /// `sync_` and a decimal number.
    Sync,
}

impl TaskId {
    /// The id with this text; none for a text that no id has.
    pub fn parse(text: &str) -> Option<TaskId> {
        let is_plain = |octet: u8| octet.is_ascii_alphanumeric() || b"@/_.".contains(&octet);
        let fits = (1..=ID_OCTETS_MAX).contains(&text.len()) && text.bytes().all(is_plain);
        fits.then(|| TaskId(text.to_owned()))
    }

    /// A new id.
    pub(super) fn make(form: IdForm, context: &Context<'_>) -> TaskId {
        let mut octets = [0; 4];
        (context.random)(&mut octets);
        let random = u32::from_be_bytes(octets);
        let seconds = context.now.unix_seconds().max(0);
        TaskId(match form {
            IdForm::GroupBatch => format!("@administrators/groupbatch{seconds}{random:08X}"),
            IdForm::DomainUpdate => format!("@administrators/DomainUpdate{seconds:08X}{random:08X}"),
            IdForm::LdapRefresh => format!("@administrators/LDAPRefresh{seconds:08X}{random:08X}"),
            IdForm::DirectoryDelete => {
                format!("@administrators/Synoads_SYNO.ActiveDirectory.Directory_delete{seconds:08X}{random:08X}")
            }
            IdForm::Sync => format!("sync_{random}"),
        })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::file_time::FileTime;
    use bailiwick_domain::{Limits, Requester};

    use super::*;

    #[test]
    fn ids_look_like_those_of_the_seeds() {
        let requester = Requester::system();
        let random = |octets: &mut [u8]| octets.copy_from_slice(&[0xc6, 0x72, 0x3e, 0x33]);
        let context = Context {
            requester: &requester,
            now: FileTime::from_unix_seconds(1_737_238_746),
            random: &random,
            limits: Limits::default(),
            request_id: 1,
        };
        for (form, expected) in [
            (IdForm::GroupBatch, "@administrators/groupbatch1737238746C6723E33"),
            (IdForm::DomainUpdate, "@administrators/DomainUpdate678C28DAC6723E33"),
            (IdForm::LdapRefresh, "@administrators/LDAPRefresh678C28DAC6723E33"),
            (IdForm::DirectoryDelete, "@administrators/Synoads_SYNO.ActiveDirectory.Directory_delete678C28DAC6723E33"),
            (IdForm::Sync, "sync_3329375795"),
        ] {
            let id = TaskId::make(form, &context);
            assert_eq!(id.as_str(), expected);
            assert_eq!(TaskId::parse(expected), Some(id));
        }
        for bad in ["", "a b", "a\"b", "ä", &"x".repeat(129)] {
            assert_eq!(TaskId::parse(bad), None, "{bad}");
        }
    }
}
