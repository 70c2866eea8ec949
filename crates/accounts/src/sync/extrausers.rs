//! The view as the files that `libnss-extrausers` reads, so that the host's own programs see the domain's accounts.
//! Who is disabled is not in them. passwd(5), group(5).

use bailiwick_store::{Error as StoreError, ReadTransaction};

use super::account::{DomainGroup, DomainUser};
use super::{GROUPS, MEMBERS, USERS};
use crate::expiry::Expiry;

/// The shell of a user for whom the directory names none: the domain's accounts sign in to services, not to the host.
const SHELL: &str = "/usr/sbin/nologin";
/// Where homes lie for which the directory names no place.
const HOMES: &str = "/home";
/// The longest line of the group file: readers of it have a buffer. Further members are left out; those are still in
/// the group by what the directory says, only not by what this file does.
const LINE_OCTETS_MAX: usize = 1 << 20;

/// Hands out the lines of the `passwd` file, each with its line feed, in the order of numbers.
///
/// # Errors
/// The store's.
pub(super) fn passwd(transaction: &dyn ReadTransaction, mut line: impl FnMut(&str)) -> Result<(), StoreError> {
    USERS.each(transaction, |user| {
        if let Some(text) = passwd_line(&user).filter(|_| is_enabled(&user)) {
            line(&text);
        }
    })
}

/// Hands out the lines of the `group` file, each with its line feed, in the order of numbers.
///
/// # Errors
/// The store's.
pub(super) fn group(transaction: &dyn ReadTransaction, mut line: impl FnMut(&str)) -> Result<(), StoreError> {
    let mut next = Some(0);
    while let Some(group) = next.map(|gid| GROUPS.at_or_after(transaction, gid)).transpose()?.flatten() {
        next = group.gid.checked_add(1);
        let mut members = Vec::new();
        for uid in MEMBERS.members(transaction, group.gid)? {
            members.extend(USERS.get(transaction, uid)?.filter(is_enabled).map(|user| user.name));
        }
        if let Some(text) = group_line(&group, &members) {
            line(&text);
        }
    }
    Ok(())
}

fn passwd_line(user: &DomainUser) -> Option<String> {
    is_name(&user.name).then(|| {
        let DomainUser { uid, gid, name, display_name, .. } = user;
        let home = match user.home.as_str() {
            "" => format!("{HOMES}/{}", name.replace('\\', "/")),
            home => field(home),
        };
        let shell = if user.shell.is_empty() { SHELL.to_owned() } else { field(&user.shell) };
        format!("{name}:x:{uid}:{gid}:{}:{home}:{shell}\n", field(display_name))
    })
}

fn group_line(group: &DomainGroup, members: &[String]) -> Option<String> {
    is_name(&group.name).then(|| {
        let mut line = format!("{}:x:{}:", group.name, group.gid);
        let mut first = true;
        for member in members.iter().filter(|member| is_name(member)) {
            if line.len() + member.len() + 2 > LINE_OCTETS_MAX {
                break;
            }
            if !first {
                line.push(',');
            }
            first = false;
            line.push_str(member);
        }
        line.push('\n');
        line
    })
}

fn is_enabled(user: &DomainUser) -> bool {
    user.expiry != Expiry::Now
}

/// A name that these files cannot hold is left out of them: cut or replaced, it could be somebody else's.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(['-', '+', '#']) && !name.chars().any(|c| c.is_control() || ":,/".contains(c))
}

/// A text without what would end the field or the line.
fn field(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == ':' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::file_time::FileTime;

    use super::*;

    fn user(name: &str) -> DomainUser {
        DomainUser {
            uid: 1_001_104,
            gid: 1_000_513,
            name: name.into(),
            description: String::new(),
            display_name: "Ada L.".into(),
            email: String::new(),
            expiry: Expiry::Normal,
            password_never_expires: false,
            password_pending: false,
            password_changed: FileTime::ZERO,
            home: String::new(),
            shell: String::new(),
            generation: 1,
        }
    }

    #[test]
    fn a_user_is_one_line_whatever_the_directory_says_of_him() {
        assert_eq!(
            passwd_line(&user("EXAMPLE\\ada")).unwrap(),
            "EXAMPLE\\ada:x:1001104:1000513:Ada L.:/home/EXAMPLE/ada:/usr/sbin/nologin\n"
        );
        let odd = DomainUser {
            display_name: "A:B\nroot:x:0:0".into(),
            home: "/srv/a:b".into(),
            shell: "/bin/sh\n".into(),
            ..user("EXAMPLE\\ada")
        };
        assert_eq!(passwd_line(&odd).unwrap(), "EXAMPLE\\ada:x:1001104:1000513:A B root x 0 0:/srv/a b:/bin/sh \n");
        for name in ["EXAMPLE\\a:b", "EXAMPLE\\a\nb", "EXAMPLE\\a/b", "", "+x", "#x"] {
            assert_eq!(passwd_line(&user(name)), None, "{name}");
        }
    }

    #[test]
    fn a_group_names_its_members() {
        let group =
            DomainGroup { gid: 1_001_200, name: "EXAMPLE\\staff".into(), description: String::new(), generation: 1 };
        let members = ["EXAMPLE\\ada", "EXAMPLE\\x,y", "EXAMPLE\\bob"].map(str::to_owned);
        assert_eq!(group_line(&group, &members).unwrap(), "EXAMPLE\\staff:x:1001200:EXAMPLE\\ada,EXAMPLE\\bob\n");
        assert_eq!(group_line(&group, &[]).unwrap(), "EXAMPLE\\staff:x:1001200:\n");
        let many = vec!["EXAMPLE\\".to_owned() + &"x".repeat(1000); 2000];
        assert!(group_line(&group, &many).unwrap().len() <= LINE_OCTETS_MAX);
    }
}
