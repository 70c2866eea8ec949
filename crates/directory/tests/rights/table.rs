//! The golden table: requester x right x object. What is in it is what a new Active Directory domain gives.

use bailiwick_adtypes::modification::Operation;
use bailiwick_directory::Native;
use bailiwick_domain::{Error, Protection, Requester};

use crate::domain::{BASE, add, signed_in_administrator};
use crate::{account, apply_as, delete, dn, modify, peopled, read_as, rename, replace, sales};

/// What is tried, by whom: `+` it is done, `-` the right is missing, `!` only those who have signed in may ask.
const TABLE: &str = "
                      | nobody | user | self | operator | administrator
read description      |   !    |  +   |  +   |    +     |      +
read telephone        |   !    |  +   |  +   |    +     |      +
read confidential     |   !    |  -   |  -   |    +     |      +
read domain policy    |   !    |  +   |  +   |    +     |      +
read schema           |   !    |  +   |  +   |    +     |      +
read partitions       |   !    |  +   |  +   |    +     |      +
read settings objects |   !    |  -   |  -   |    -     |      +
read descriptor       |   !    |  -   |  -   |    -     |      +
write descriptor      |   !    |  -   |  -   |    +     |      +
reset password        |   !    |  -   |  -   |    +     |      +
write control flags   |   !    |  -   |  -   |    +     |      +
write account name    |   !    |  -   |  -   |    +     |      +
write service names   |   !    |  -   |  -   |    +     |      +
write members         |   !    |  -   |  -   |    +     |      +
write admin members   |   !    |  -   |  -   |    -     |      +
write description     |   !    |  -   |  -   |    +     |      +
write telephone       |   !    |  -   |  +   |    +     |      +
write web page        |   !    |  -   |  +   |    +     |      +
write group           |   !    |  -   |  -   |    +     |      +
write computer        |   !    |  -   |  -   |    +     |      +
write admins          |   !    |  -   |  -   |    -     |      +
write administrator   |   !    |  -   |  -   |    -     |      +
write AdminSDHolder   |   !    |  -   |  -   |    -     |      +
write domain policy   |   !    |  -   |  -   |    -     |      +
write unit            |   !    |  -   |  -   |    -     |      +
write configuration   |   !    |  -   |  -   |    -     |      +
add user              |   !    |  -   |  -   |    +     |      +
add user in unit      |   !    |  -   |  -   |    +     |      +
add unit              |   !    |  -   |  -   |    -     |      +
add group             |   !    |  -   |  -   |    +     |      +
add computer          |   !    |  -   |  -   |    -     |      +
add contact           |   !    |  -   |  -   |    -     |      +
add controller        |   !    |  -   |  -   |    -     |      +
rename user           |   !    |  -   |  -   |    +     |      +
move user             |   !    |  -   |  -   |    +     |      +
delete user           |   !    |  -   |  -   |    +     |      +
delete group          |   !    |  -   |  -   |    +     |      +
delete unit           |   !    |  -   |  -   |    -     |      +
";

#[test]
fn rights_are_those_of_a_new_domain() {
    let mut rows = TABLE.trim_matches('\n').lines().map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let requesters = rows.next().unwrap();
    let rows: Vec<Vec<&str>> = rows.collect();
    for (column, name) in requesters.iter().enumerate().skip(1) {
        let directory = peopled();
        let requester = match *name {
            "nobody" => Requester::anonymous(None, Protection::Encrypted),
            "user" => account(&directory, &dn("Bob")),
            "self" => account(&directory, &dn("Ada")),
            "operator" => account(&directory, &dn("Oz")),
            "administrator" => signed_in_administrator(&directory),
            other => panic!("nobody is called {other}"),
        };
        let found: Vec<char> = rows.iter().map(|row| sign(attempt(&directory, &requester, row[0]))).collect();
        let expected: Vec<char> = rows.iter().map(|row| row[column].chars().next().unwrap()).collect();
        let wrong: Vec<_> =
            rows.iter().zip(found).zip(expected).filter(|((_, found), expected)| found != expected).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
}

fn sign(result: Result<bool, Error>) -> char {
    match result {
        Ok(true) => '+',
        Ok(false) | Err(Error::InsufficientRights) => '-',
        Err(Error::NotSignedIn) => '!',
        Err(error) => panic!("{error}"),
    }
}

/// Tries something; reads succeed when there is a value.
fn attempt(directory: &Native, requester: &Requester, what: &str) -> Result<bool, Error> {
    let configuration = format!("CN=Configuration,{BASE}");
    let made = |name: &str, class: &str| {
        // What goes is made for the purpose, so that attempts do not see each other.
        crate::domain::apply(directory, &[add(name, &[("objectClass", class)])]).expect("it is made");
        name.to_owned()
    };
    let reads = |name: &str, attribute: &str| {
        Ok(!read_as(directory, requester, name, &[attribute])?.values(attribute).is_empty())
    };
    let change = match what {
        "read description" => return reads(&dn("Ada"), "description"),
        "read telephone" => return reads(&dn("Ada"), "telephoneNumber"),
        "read confidential" => return reads(&dn("Ada"), "unixUserPassword"),
        "read domain policy" => return reads(BASE, "minPwdLength"),
        "read schema" => return reads(&format!("CN=User,CN=Schema,{configuration}"), "governsID"),
        "read partitions" => return reads(&format!("CN=EXAMPLE,CN=Partitions,{configuration}"), "nETBIOSName"),
        "read settings objects" => {
            return reads(&format!("CN=Password Settings Container,CN=System,{BASE}"), "objectClass");
        }
        "read descriptor" => return reads(&dn("Ada"), "nTSecurityDescriptor"),
        "write descriptor" => {
            let open = crate::descriptor(directory, "D:(A;;GA;;;AO)(A;;GA;;;DA)").to_bytes().expect("it fits");
            modify(&made(&dn("Opened"), "user"), Operation::Replace, "nTSecurityDescriptor", &[&open])
        }
        "reset password" => {
            let quoted: Vec<u8> = "\"Sommer-2026\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
            modify(&dn("Ada"), Operation::Replace, "unicodePwd", &[&quoted])
        }
        "write control flags" => replace(&dn("Ada"), "userAccountControl", "66050"),
        "write account name" => replace(&dn("Ada"), "sAMAccountName", "lovelace"),
        "write service names" => replace(&dn("Ada"), "servicePrincipalName", "http/shop"),
        "write members" => modify(&dn("Help"), Operation::Add, "member", &[dn("Ada").as_bytes()]),
        "write admin members" => modify(&dn("Domain Admins"), Operation::Add, "member", &[dn("Oz").as_bytes()]),
        "write description" => replace(&dn("Ada"), "description", "x"),
        "write telephone" => replace(&dn("Ada"), "telephoneNumber", "2"),
        "write web page" => replace(&dn("Ada"), "wWWHomePage", "x"),
        "write group" => replace(&dn("Help"), "description", "x"),
        "write computer" => replace(&format!("CN=PC7,CN=Computers,{BASE}"), "description", "x"),
        "write admins" => replace(&dn("Domain Admins"), "description", "x"),
        "write administrator" => replace(&dn("Administrator"), "description", "x"),
        "write AdminSDHolder" => replace(&format!("CN=AdminSDHolder,CN=System,{BASE}"), "description", "x"),
        "write domain policy" => replace(BASE, "minPwdLength", "8"),
        "write unit" => replace(&sales(), "description", "x"),
        "write configuration" => replace(&format!("CN=Services,{configuration}"), "description", "x"),
        "add user" => add(&dn("New"), &[("objectClass", "user")]),
        "add user in unit" => add(&format!("CN=New,{}", sales()), &[("objectClass", "user")]),
        "add unit" => add(&format!("OU=New,{BASE}"), &[("objectClass", "organizationalUnit")]),
        "add group" => add(&dn("New group"), &[("objectClass", "group")]),
        "add computer" => add(&dn("New computer"), &[("objectClass", "computer")]),
        "add contact" => add(&dn("New contact"), &[("objectClass", "contact")]),
        "add controller" => add(&format!("CN=New,OU=Domain Controllers,{BASE}"), &[("objectClass", "computer")]),
        "rename user" => rename(&made(&dn("Renamed"), "user"), "CN=Ida", None),
        "move user" => rename(&made(&dn("Moved"), "user"), "CN=Moved", Some(&sales())),
        "delete user" => delete(&made(&dn("Deleted"), "user")),
        "delete group" => delete(&made(&dn("Deleted group"), "group")),
        "delete unit" => delete(&made(&format!("OU=Deleted,{BASE}"), "organizationalUnit")),
        other => panic!("nothing is called {other}"),
    };
    apply_as(directory, requester, change).map(|()| true)
}
