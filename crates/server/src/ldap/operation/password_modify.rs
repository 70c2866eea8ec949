//! Setting a password by the extended operation. RFC 3062.
//!
//! It is the change of `unicodePwd` under another name: without an old password a reset, with one a change. Active
//! Directory lacks the operation; OpenLDAP's tools and many programs know no other way.

use std::sync::Arc;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::{Assertion, Filter};
use bailiwick_domain::{
    Action, Budget, Change, Collect, Context, Directory, Error, Identity, Object, Password, PasswordFault, Progress,
    Refusal, Scope, SearchOptions, SearchRequest, Turned, Written, change_own_password,
};
use bailiwick_ldap::extended::password_modify::{PasswordModify, PasswordModifyResponse};
use bailiwick_ldap::response::{ExtendedResponse, LdapResult};
use bailiwick_ldap::result_code::ResultCode;

use super::change::turn_away;
use super::{Step, Surroundings, end, log_failure, send_away};
use crate::ldap::mailbox::Outcome;
use crate::ldap::result::Answer;
use crate::ldap::session::{Began, Session, Work};
use crate::provisioning::make_password;

/// What finding an account by its name may examine; both names are indexed.
const FIND_BUDGET: Budget = Budget { entries_examined: 1000, entries_sent: 2 };

/// Whose password it is, as far as the request says.
enum Account {
    Named(ObjectName),
    /// An account name or a userPrincipalName.
    Called(String),
    /// Nobody has signed in; who knows the old password under this name may change it.
    Unproven(String),
}

/// Hands the wish to the hashing pool.
pub fn begin(session: &mut Session, around: &Surroundings<'_>, began: Began, request: &PasswordModify<'_>) -> Step {
    let wish = wish(&session.requester.identity, request);
    if !session.takes_passwords() {
        let error = Error::Refused(Refusal::PasswordUnprotected);
        return turn_away(session, around, &began, Turned::Unread(&wish), &error);
    }
    let account = match account(&session.requester.identity, request) {
        Ok(account) => account,
        Err(error) => return turn_away(session, around, &began, Turned::Unread(&wish), &error),
    };
    let old = request.old_password.map(Password::new);
    let (new, made) = match request.new_password {
        Some(new) => (Password::new(new), None),
        None => {
            let password = make_password();
            (password.clone(), Some(password))
        }
    };
    let request_id = began.request_id;
    let requester = Arc::clone(&session.requester);
    let service = Arc::clone(around.service);
    let reply = send_away(session, around, began, Work::Change);
    let wanted = wish.clone();
    let job = move || {
        let context = service.context(&requester, request_id);
        let result = set(service.directory.as_ref(), &context, account, old.as_ref(), &new, &wanted);
        reply.send(Outcome::PasswordSet(result.map(|()| made)));
    };
    match around.service.hashing.submit(session.key.serial, Box::new(job)) {
        Ok(()) => Step::Away,
        Err(_full) => {
            let Some(running) = session.take_running(request_id) else { return Step::Away };
            turn_away(session, around, &running.began, Turned::Unread(&wish), &Error::Busy)
        }
    }
}

/// Ends the operation; a password that was made here goes into the answer.
pub fn finish(
    session: &mut Session,
    around: &Surroundings<'_>,
    began: &Began,
    result: &Result<Option<Password>, Error>,
) -> Step {
    log_failure(began, result);
    let made = match result {
        Ok(Some(made)) => made,
        Ok(None) => return end(session, around, began, &Answer::SUCCESS),
        Err(error) => return end(session, around, began, &Answer::from(error)),
    };
    let value = PasswordModifyResponse { generated_password: Some(made.expose()) }.encode();
    ExtendedResponse { result: LdapResult::SUCCESS, name: None, value: Some(&value) }.write(
        &mut session.output,
        began.id,
        &[],
    );
    session.ended(&around.service.metrics, began, ResultCode::Success);
    Step::Ended
}

/// What the audit says of a wish that does not come to be a change.
fn wish(requester: &Identity, request: &PasswordModify<'_>) -> Action {
    let object = match (request.identity, requester) {
        (Some(identity), _) if !identity.is_empty() => Object::named(&String::from_utf8_lossy(identity)),
        (_, Identity::Account { name, .. }) => Object::named(name),
        (_, Identity::Anonymous | Identity::System) => Object::named(""),
    };
    Action::Modify { object, written: Written::password() }
}

/// RFC 3062 section 2: an identity may be a DN or any other name; without one the requester is meant. Whoever has not
/// signed in, perhaps because the password has expired, names itself and both passwords.
fn account(requester: &Identity, request: &PasswordModify<'_>) -> Result<Account, Error> {
    let Some(identity) = request.identity.filter(|identity| !identity.is_empty()) else {
        return match requester {
            Identity::Account { sid, .. } => Ok(Account::Named(ObjectName::Sid(*sid))),
            Identity::Anonymous | Identity::System => Err(Error::NotSignedIn),
        };
    };
    let text = std::str::from_utf8(identity).map_err(|_| Error::InvalidName)?;
    if let Identity::Anonymous = requester {
        return match (request.old_password, request.new_password) {
            (Some(_), Some(_)) => {
                let name = text.strip_prefix("dn:").or(text.strip_prefix("u:")).unwrap_or(text);
                Ok(Account::Unproven(name.to_owned()))
            }
            _ => Err(Error::NotSignedIn),
        };
    }
    if let Some(name) = text.strip_prefix("dn:") {
        return ObjectName::parse(name).map(Account::Named).map_err(|_| Error::InvalidName);
    }
    if let Some(name) = text.strip_prefix("u:") {
        return Ok(Account::Called(name.to_owned()));
    }
    match ObjectName::parse(text) {
        Ok(name) if text.contains('=') => Ok(Account::Named(name)),
        _ => Ok(Account::Called(text.to_owned())),
    }
}

fn set(
    directory: &dyn Directory,
    context: &Context<'_>,
    account: Account,
    old: Option<&Password>,
    new: &Password,
    wish: &Action,
) -> Result<(), Error> {
    if let (Account::Unproven(name), Some(old)) = (&account, old) {
        return change_own_password(directory, context, name, old, new);
    }
    let change = change(directory, context, account, old, new).inspect_err(|error| {
        directory.change_turned_away(context, Turned::Unread(wish), error);
    })?;
    directory.apply(context, &[change]).map(drop).map_err(|refused| refused.error)
}

fn change(
    directory: &dyn Directory,
    context: &Context<'_>,
    account: Account,
    old: Option<&Password>,
    new: &Password,
) -> Result<Change, Error> {
    let name = match account {
        Account::Named(name) => name,
        Account::Called(name) => find(directory, context, &name)?,
        Account::Unproven(_) => return Err(Error::NotSignedIn),
    };
    let change = match old {
        Some(old) => Change::change_password(name, old, new),
        None => Change::set_password(name, new),
    };
    change.map_err(|fault: PasswordFault| Error::Password(fault))
}

/// The one account with this name, as far as the requester may see it.
fn find(directory: &dyn Directory, context: &Context<'_>, name: &str) -> Result<ObjectName, Error> {
    let missing = || Error::NoSuchObject { matched: String::new() };
    let attributes = directory.root_dse(context, &|_| false)?;
    let base = attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case("defaultNamingContext"))
        .and_then(|attribute| std::str::from_utf8(attribute.values.first()?).ok())
        .ok_or_else(missing)?;
    let is = |attribute: &str, value: &str| {
        Filter::Equality(Assertion { attribute: attribute.to_owned(), value: value.as_bytes().to_vec() })
    };
    let account_name = name.rsplit_once('\\').map_or(name, |(_, account_name)| account_name);
    let request = SearchRequest {
        base: ObjectName::parse(base).map_err(|_| missing())?,
        scope: Scope::Subtree,
        filter: Filter::Or(vec![is("sAMAccountName", account_name), is("userPrincipalName", name)]),
        selection: vec!["1.1".to_owned()],
        types_only: false,
        options: SearchOptions { domain_scope: true, ..SearchOptions::default() },
    };
    let mut found = Collect::default();
    let progress = directory.search(context, &request, None, FIND_BUDGET, &mut found)?;
    match (found.entries.as_slice(), progress) {
        ([entry], Progress::Done) => ObjectName::parse(&entry.dn).map_err(|_| missing()),
        _ => Err(missing()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'r>(identity: &'r str, old: Option<&'r str>) -> PasswordModify<'r> {
        PasswordModify {
            identity: Some(identity.as_bytes()),
            old_password: old.map(str::as_bytes),
            new_password: Some(b"new"),
        }
    }

    #[test]
    fn an_identity_is_a_dn_or_any_other_name() {
        let named = |text: &str| match account(&Identity::System, &request(text, None)) {
            Ok(Account::Named(name)) => format!("named {name:?}"),
            Ok(Account::Called(name)) => format!("called {name}"),
            Ok(Account::Unproven(name)) => format!("unproven {name}"),
            Err(error) => error.to_string(),
        };
        assert!(named("CN=Ada,DC=example").starts_with("named Dn"));
        assert!(named("dn:CN=Ada,DC=example").starts_with("named Dn"));
        assert_eq!(named("u:EXAMPLE\\ada"), "called EXAMPLE\\ada");
        assert_eq!(named("ada@example.com"), "called ada@example.com");
        assert_eq!(named("dn:nonsense"), "InvalidName");
    }

    #[test]
    fn without_an_identity_one_must_have_signed_in() {
        assert!(matches!(account(&Identity::Anonymous, &PasswordModify::default()), Err(Error::NotSignedIn)));
        assert!(matches!(account(&Identity::Anonymous, &request("", Some("old"))), Err(Error::NotSignedIn)));
    }

    #[test]
    fn somebody_who_has_not_signed_in_names_itself_and_the_old_password() {
        let name = |text: &str| match account(&Identity::Anonymous, &request(text, Some("old"))) {
            Ok(Account::Unproven(name)) => name,
            _ => panic!("{text}"),
        };
        assert_eq!(name("dn:CN=Ada,DC=example"), "CN=Ada,DC=example");
        assert_eq!(name("u:EXAMPLE\\ada"), "EXAMPLE\\ada");
        assert_eq!(name("ada@example.com"), "ada@example.com");
        assert!(matches!(account(&Identity::Anonymous, &request("ada", None)), Err(Error::NotSignedIn)));
    }
}
