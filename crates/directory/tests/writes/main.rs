//! What writes through the port do, and what they refuse. [MS-ADTS] 3.1.1.5.

#[path = "../directory/domain.rs"]
mod domain;

mod add;
mod counting;
mod delete;
mod groups;
mod links;
mod modify;
mod names;
mod rename;
mod sequence;

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick_adtypes::dn::{ObjectName, Rdn};
use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_adtypes::sid::Sid;
use bailiwick_directory::Native;
use bailiwick_domain::{
    AttributeFault, Change, Collect, Context, Directory, Error, Identity, Protection, Rename, Requester, Scope,
    SearchOptions, SearchRequest,
};

use domain::{BASE, add as add_change, context, find};

/// The names of attributes in the comparisons of whole objects.
type Values = BTreeMap<String, Vec<Vec<u8>>>;

/// An administrator as clients sign in: no more rights than a member of Administrators has.
fn administrator() -> Requester {
    account(&[Sid::BUILTIN_ADMINISTRATORS])
}

/// An account with these groups.
fn account(groups: &[Sid]) -> Requester {
    let sid = "S-1-5-21-1-2-3-1105".parse().expect("a SID");
    let identity = Identity::Account { sid, groups: Arc::from(groups), name: Arc::from("EXAMPLE\\admin") };
    Requester { identity, address: None, protection: Protection::Local }
}

/// Applies one change as an administrator.
fn apply(directory: &Native, change: Change) -> Result<(), Error> {
    apply_as(directory, &administrator(), &[change])
}

/// Applies changes as `requester`.
fn apply_as(directory: &Native, requester: &Requester, changes: &[Change]) -> Result<(), Error> {
    directory.apply(&context(requester), changes).map(drop).map_err(|refused| refused.error)
}

/// A modification of an attribute with text values.
fn modification(operation: Operation, attribute: &str, values: &[&str]) -> Modification {
    let values = values.iter().map(|value| value.as_bytes().to_vec()).collect();
    Modification { operation, attribute: attribute.to_owned(), values }
}

/// Modifications of an object.
fn modify(name: &str, modifications: &[(Operation, &str, &[&str])]) -> Change {
    let modifications =
        modifications.iter().map(|(operation, name, values)| modification(*operation, name, values)).collect();
    Change::Modify { name: ObjectName::parse(name).expect("a name"), modifications, permissive: false, sd_flags: None }
}

/// A new RDN, and a new parent if one is given.
fn rename(name: &str, rdn: &str, superior: Option<&str>) -> Change {
    Change::Rename(Rename {
        name: ObjectName::parse(name).expect("a name"),
        new_rdn: Rdn::parse(rdn).expect("an RDN"),
        delete_old_rdn: true,
        new_superior: superior.map(|name| ObjectName::parse(name).expect("a name")),
    })
}

/// A delete, of one object or of a tree.
fn delete(name: &str, tree: bool) -> Change {
    Change::Delete { name: ObjectName::parse(name).expect("a name"), tree }
}

/// A user below CN=Users.
fn user(name: &str) -> Change {
    add_change(&dn(name), &[("objectClass", "user"), ("sAMAccountName", name)])
}

/// A group below CN=Users.
fn group(name: &str) -> Change {
    add_change(&dn(name), &[("objectClass", "group"), ("sAMAccountName", name)])
}

/// A unit below the domain's head.
fn unit(name: &str) -> Change {
    add_change(&format!("OU={name},{BASE}"), &[("objectClass", "organizationalUnit")])
}

/// The name of an object below CN=Users.
fn dn(name: &str) -> String {
    format!("CN={name},CN=Users,{BASE}")
}

/// The values of an attribute of an object as text; empty when there is no such object.
fn values(directory: &Native, name: &str, attribute: &str) -> Vec<String> {
    let found = try_find(directory, name, Scope::Base, "(objectClass=*)", &[attribute], false);
    let octets = found.first().map(|entry| entry.values(attribute).to_vec()).unwrap_or_default();
    octets.into_iter().map(|value| String::from_utf8_lossy(&value).into_owned()).collect()
}

/// The first value of an attribute of an object.
fn value(directory: &Native, name: &str, attribute: &str) -> String {
    values(directory, name, attribute).into_iter().next().unwrap_or_default()
}

/// The SID of an object.
fn sid(directory: &Native, name: &str) -> Sid {
    let found = find(directory, name, Scope::Base, "(objectClass=*)", &["objectSid"]);
    Sid::from_bytes(&found[0].values("objectSid")[0]).expect("a stored SID")
}

/// Whether an object can be found by its name.
fn exists(directory: &Native, name: &str) -> bool {
    !try_find(directory, name, Scope::Base, "(objectClass=*)", &["1.1"], false).is_empty()
}

/// The tombstones in the domain, with their attributes.
fn tombstones(directory: &Native, filter: &str) -> Vec<bailiwick_domain::Entry> {
    try_find(directory, BASE, Scope::Subtree, &format!("(&(isDeleted=TRUE){filter})"), &["*", "+"], true)
}

/// A search that may fail, as one for an object that is not there does.
fn try_find(
    directory: &Native,
    base: &str,
    scope: Scope,
    filter: &str,
    selection: &[&str],
    show_deleted: bool,
) -> Vec<bailiwick_domain::Entry> {
    let filter = bailiwick_adtypes::filter::Filter::parse(filter).expect("a filter");
    let plain = domain::request(base, scope, filter, selection);
    let options = SearchOptions { show_deleted, ..plain.options.clone() };
    let request = SearchRequest { options, ..plain };
    let requester = Requester::system();
    let context: Context<'_> = context(&requester);
    let mut found = Collect::default();
    let budget = bailiwick_domain::Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };
    match directory.search(&context, &request, None, budget, &mut found) {
        Ok(_) => found.entries,
        Err(_) => Vec::new(),
    }
}

/// All attributes of an object, for comparisons of before and after.
fn whole(directory: &Native, name: &str) -> Values {
    let found = try_find(directory, name, Scope::Base, "(objectClass=*)", &["*", "+"], false);
    let attributes = found.into_iter().next().map(|entry| entry.attributes).unwrap_or_default();
    attributes.into_iter().map(|attribute| (attribute.name, attribute.values)).collect()
}

/// A fault of an attribute.
fn fault(name: &str, fault: AttributeFault) -> Error {
    Error::attribute(name, fault)
}
