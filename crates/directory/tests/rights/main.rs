//! Who may do what, and who may see what, through the port. [MS-ADTS] 5.1.3.

#[path = "../directory/domain.rs"]
mod domain;

mod computers;
mod control_flags;
mod delegation;
mod descriptors;
mod table;
mod validated_writes;
mod visibility;

use std::sync::Arc;

use bailiwick_adtypes::dn::{ObjectName, Rdn};
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_adtypes::sddl;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;
use bailiwick_adtypes::sid::Sid;
use bailiwick_directory::Native;
use bailiwick_domain::{
    Budget, Change, Collect, Directory, Entry, Error, Identity, Protection, Rename, Requester, Scope, SearchRequest,
};

use domain::{BASE, add, context, find};

const WHOLE: Budget = Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };

/// A domain with some people: Ada and Bob in Users, Eve and the group Crew in OU=Sales, Oz an account operator.
fn peopled() -> Native {
    let directory = domain::founded();
    let user = |dn: String, name: &str| {
        add(&dn, &[("objectClass", "user"), ("sAMAccountName", name), ("description", "d"), ("telephoneNumber", "1")])
    };
    let group = |dn: String, name: &str| add(&dn, &[("objectClass", "group"), ("sAMAccountName", name)]);
    let changes = [
        user(dn("Ada"), "ada"),
        user(dn("Bob"), "bob"),
        user(dn("Oz"), "oz"),
        add(&sales(), &[("objectClass", "organizationalUnit")]),
        user(format!("CN=Eve,{}", sales()), "eve"),
        group(format!("CN=Crew,{}", sales()), "crew"),
        group(dn("Help"), "help"),
        add(&format!("CN=PC7,CN=Computers,{BASE}"), &[("objectClass", "computer"), ("sAMAccountName", "PC7$")]),
    ];
    domain::apply(&directory, &changes).expect("the domain is peopled");
    domain::apply(&directory, &[replace(&dn("Ada"), "unixUserPassword", "hush")]).expect("a confidential value");
    member(&directory, &format!("CN=Account Operators,CN=Builtin,{BASE}"), &dn("Oz"));
    member(&directory, &dn("Help"), &dn("Bob"));
    directory
}

fn dn(name: &str) -> String {
    format!("CN={name},CN=Users,{BASE}")
}

fn sales() -> String {
    format!("OU=Sales,{BASE}")
}

fn member(directory: &Native, group: &str, member: &str) {
    domain::apply(directory, &[modify(group, Operation::Add, "member", &[member.as_bytes()])]).expect("a new member");
}

fn modify(name: &str, operation: Operation, attribute: &str, values: &[&[u8]]) -> Change {
    let values = values.iter().map(|value| value.to_vec()).collect();
    let modification = Modification { operation, attribute: attribute.to_owned(), values };
    Change::Modify { name: object(name), modifications: vec![modification], permissive: false, sd_flags: None }
}

fn replace(name: &str, attribute: &str, value: &str) -> Change {
    modify(name, Operation::Replace, attribute, &[value.as_bytes()])
}

fn delete(name: &str) -> Change {
    Change::Delete { name: object(name), tree: false }
}

fn rename(name: &str, rdn: &str, superior: Option<&str>) -> Change {
    let new_rdn = Rdn::parse(rdn).expect("an RDN");
    Change::Rename(Rename { name: object(name), new_rdn, delete_old_rdn: true, new_superior: superior.map(object) })
}

fn object(name: &str) -> ObjectName {
    ObjectName::parse(name).expect("a name")
}

fn sid(directory: &Native, name: &str) -> Sid {
    let found = find(directory, name, Scope::Base, "(objectClass=*)", &["objectSid"]);
    Sid::from_bytes(&found[0].values("objectSid")[0]).expect("a SID")
}

/// An account as it is when it has signed in.
fn account(directory: &Native, name: &str) -> Requester {
    let found = find(directory, name, Scope::Base, "(objectClass=*)", &["objectSid", "tokenGroups"]);
    let read = |octets: &Vec<u8>| Sid::from_bytes(octets).expect("a SID");
    // Those who have signed in belong to Users and to Pre-Windows 2000 Compatible Access.
    let everybody = [Sid::BUILTIN_USERS, Sid::BUILTIN_PRE_WINDOWS_2000_COMPATIBLE_ACCESS];
    let groups: Vec<Sid> = found[0].values("tokenGroups").iter().map(read).chain(everybody).collect();
    let identity =
        Identity::Account { sid: read(&found[0].values("objectSid")[0]), groups: groups.into(), name: Arc::from(name) };
    Requester { identity, address: None, protection: Protection::Encrypted }
}

fn apply_as(directory: &Native, requester: &Requester, change: Change) -> Result<(), Error> {
    directory.apply(&context(requester), &[change]).map(drop).map_err(|refused| refused.error)
}

fn run_as(directory: &Native, requester: &Requester, request: &SearchRequest) -> Result<Vec<Entry>, Error> {
    let mut found = Collect::default();
    directory.search(&context(requester), request, None, WHOLE, &mut found)?;
    Ok(found.entries)
}

fn find_as(directory: &Native, requester: &Requester, base: &str, filter: &str, selection: &[&str]) -> Vec<Entry> {
    let request = domain::request(base, Scope::Subtree, Filter::parse(filter).expect("a filter"), selection);
    run_as(directory, requester, &request).expect("the search succeeds")
}

/// The object as the requester sees it.
fn read_as(directory: &Native, requester: &Requester, name: &str, selection: &[&str]) -> Result<Entry, Error> {
    let request = domain::request(name, Scope::Base, Filter::parse("(objectClass=*)").expect("a filter"), selection);
    run_as(directory, requester, &request).map(|mut found| found.remove(0))
}

/// The descriptor of a text, for the domain of the directory.
fn descriptor(directory: &Native, text: &str) -> SecurityDescriptor {
    let domain = sid(directory, BASE);
    sddl::parse(text, &domain, &domain).expect("a descriptor")
}

/// Adds entries to the explicit DACL of an object, as the system; denials come first.
fn grant(directory: &Native, name: &str, entries: &str) {
    let found = find(directory, name, Scope::Base, "(objectClass=*)", &["nTSecurityDescriptor"]);
    let mut whole = SecurityDescriptor::from_bytes(&found[0].values("nTSecurityDescriptor")[0]).expect("a descriptor");
    let added = descriptor(directory, &format!("D:{entries}"));
    whole.dacl.get_or_insert_default().aces.extend(added.dacl.unwrap_or_default().aces);
    set_descriptor(directory, &Requester::system(), name, &whole).expect("a new descriptor");
}

fn set_descriptor(
    directory: &Native,
    requester: &Requester,
    name: &str,
    descriptor: &SecurityDescriptor,
) -> Result<(), Error> {
    let octets = descriptor.to_bytes().expect("it fits");
    apply_as(directory, requester, modify(name, Operation::Replace, "nTSecurityDescriptor", &[&octets]))
}
