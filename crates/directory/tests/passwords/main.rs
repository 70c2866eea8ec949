//! Passwords and sign-ins through the port: who sets which password, what the policy says, and who is let in.
//! [MS-SAMR] 3.1.1.7 and 3.1.1.8, [MS-ADTS] 3.1.1.3.1.5 and 5.1.1.1.

#[path = "../directory/domain.rs"]
mod domain;

mod guessing;
mod import;
mod known;
mod policy;
mod remembering;
mod restrictions;
mod writing;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_credential::Password;
use bailiwick_directory::Native;
use bailiwick_domain::{
    Authentication, Change, Context, Directory, Error, PasswordFault, Protection, Requester, Scope, SignInFailure,
};

use domain::{BASE, NOW, context, find};

/// A password that meets the policy of a new domain.
const FIRST: &str = "Sommer-2026";
/// Another one.
const SECOND: &str = "Winter-2026";
/// A day in steps of 100 ns.
const DAY: i64 = 864_000_000_000;

/// The name of an object below CN=Users.
fn dn(name: &str) -> String {
    format!("CN={name},CN=Users,{BASE}")
}

fn name(name: &str) -> ObjectName {
    ObjectName::parse(&dn(name)).expect("a name")
}

/// Somebody on an encrypted connection from a network address.
fn client() -> Requester {
    Requester::anonymous(Some("192.0.2.1".parse().expect("an address")), Protection::Encrypted)
}

/// The domain's administrator, signed in on an encrypted connection.
fn administrator(directory: &Native) -> Requester {
    Requester { protection: Protection::Encrypted, ..domain::signed_in_administrator(directory) }
}

/// The time so many days after the domain's founding.
fn days(days: i64) -> FileTime {
    FileTime(NOW.0 + days * DAY)
}

fn at<'r>(requester: &'r Requester, now: FileTime) -> Context<'r> {
    Context { now, ..context(requester) }
}

/// Signs in as a face does, both steps.
fn sign_in(directory: &Native, name: &str, password: &str, now: FileTime) -> Result<Requester, Error> {
    sign_in_from(directory, &client(), name, password, now)
}

fn sign_in_from(
    directory: &Native,
    client: &Requester,
    name: &str,
    password: &str,
    now: FileTime,
) -> Result<Requester, Error> {
    let context = at(client, now);
    match directory.authenticate(&context, name, &Password::new(password.as_bytes())) {
        Authentication::Decided(result) => result,
        Authentication::Check(check) => {
            let verdict = check.run();
            directory.finish(&context, check, verdict)
        }
    }
}

/// Whether the first step of a sign-in decides.
fn is_decided_at_once(directory: &Native, name: &str, password: &str, now: FileTime) -> bool {
    let client = client();
    let password = Password::new(password.as_bytes());
    matches!(directory.authenticate(&at(&client, now), name, &password), Authentication::Decided(_))
}

fn failure(failure: SignInFailure) -> Error {
    Error::SignIn(failure)
}

fn fault(fault: PasswordFault) -> Result<(), Error> {
    Err(Error::Password(fault))
}

/// Applies one change at a time.
fn apply(directory: &Native, requester: &Requester, change: Change, now: FileTime) -> Result<(), Error> {
    directory.apply(&at(requester, now), &[change]).map(drop).map_err(|refused| refused.error)
}

/// Applies changes as the directory itself.
fn restore(directory: &Native, change: Change) -> Result<(), Error> {
    domain::apply(directory, &[change])
}

/// unicodePwd as clients write it.
fn quoted(password: &str) -> Vec<u8> {
    format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// An enabled user with a password, and what is given beside.
fn user_with(name: &str, password: &str, attributes: &[(&str, &str)]) -> Change {
    let mut pairs = vec![("objectClass", "user"), ("sAMAccountName", name), ("userAccountControl", "512")];
    pairs.extend_from_slice(attributes);
    let Change::Add { name, mut attributes, .. } = domain::add(&dn(name), &pairs) else { unreachable!("an add") };
    attributes.push(Attribute { name: "unicodePwd".to_owned(), values: vec![quoted(password)] });
    Change::Add { name, attributes, sd_flags: None }
}

/// A domain with the user `ada`, whose password is [`FIRST`].
fn with_ada() -> Native {
    let directory = domain::founded();
    let administrator = administrator(&directory);
    apply(&directory, &administrator, user_with("ada", FIRST, &[]), NOW).expect("ada is added");
    directory
}

fn modify(name: &str, modifications: &[(Operation, &str, &[&[u8]])]) -> Change {
    let modifications = modifications
        .iter()
        .map(|(operation, attribute, values)| Modification {
            operation: *operation,
            attribute: (*attribute).to_owned(),
            values: values.iter().map(|value| value.to_vec()).collect(),
        })
        .collect();
    Change::Modify { name: ObjectName::parse(name).expect("a name"), modifications, permissive: false, sd_flags: None }
}

/// Replaces one attribute of an account, as the directory itself.
fn set(directory: &Native, account: &str, attribute: &str, value: &str) {
    let change = modify(&dn(account), &[(Operation::Replace, attribute, &[value.as_bytes()])]);
    restore(directory, change).unwrap_or_else(|error| panic!("{attribute}: {error}"));
}

/// Replaces one attribute of the domain's head.
fn set_policy(directory: &Native, attribute: &str, value: &str) {
    restore(directory, modify(BASE, &[(Operation::Replace, attribute, &[value.as_bytes()])]))
        .unwrap_or_else(|error| panic!("{attribute}: {error}"));
}

/// The first value of an attribute of an account as text.
fn value(directory: &Native, account: &str, attribute: &str) -> String {
    let found = find(directory, &dn(account), Scope::Base, "(objectClass=*)", &[attribute]);
    found[0].text(attribute).unwrap_or_default().to_owned()
}

/// The same at another time.
fn value_at(directory: &Native, account: &str, attribute: &str, now: FileTime) -> String {
    let requester = Requester::system();
    let filter = bailiwick_adtypes::filter::Filter::parse("(objectClass=*)").expect("a filter");
    let request = domain::request(&dn(account), Scope::Base, filter, &[attribute]);
    let budget = bailiwick_domain::Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };
    let mut found = bailiwick_domain::Collect::default();
    directory.search(&at(&requester, now), &request, None, budget, &mut found).expect("the account is there");
    found.entries[0].text(attribute).unwrap_or_default().to_owned()
}

/// Sets a password as `requester`.
fn reset(directory: &Native, requester: &Requester, account: &str, new: &str, now: FileTime) -> Result<(), Error> {
    let change = Change::set_password(name(account), &Password::new(new.as_bytes()))?;
    apply(directory, requester, change, now)
}

/// Changes a password as the account itself, whoever that is.
fn change(directory: &Native, account: &str, old: &str, new: &str, now: FileTime) -> Result<(), Error> {
    let [old, new] = [old, new].map(|text| Password::new(text.as_bytes()));
    let requester = Requester {
        identity: bailiwick_domain::Identity::Account {
            sid: "S-1-5-21-1-2-3-4711".parse().expect("a SID"),
            groups: std::sync::Arc::from([]),
            name: std::sync::Arc::from("EXAMPLE\\somebody"),
        },
        ..client()
    };
    apply(directory, &requester, Change::change_password(name(account), &old, &new)?, now)
}
