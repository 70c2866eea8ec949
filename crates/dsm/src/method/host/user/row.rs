//! What a list shows of a user: the name, and what was asked for.

use std::cell::OnceCell;

use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::sync::{DomainUser, NUMBER_BASE};
use bailiwick_accounts::user::User;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Requester;
use bailiwick_domain::administration::domain;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::error_code::{Doing, Fault};
use crate::method::host::{fault, has_second_factor};
use crate::parameters::Wrong;

/// What can be asked for. Other words are passed over.
const WORDS: [&str; 10] = [
    "uid",
    "description",
    "email",
    "expired",
    "cannot_chg_passwd",
    "passwd_never_expire",
    "password_last_change",
    "is_password_pending",
    "groups",
    "2fa_status",
];

/// Makes the rows of one answer.
pub struct Rows<'r> {
    call: &'r Call<'r>,
    wanted: Vec<&'static str>,
    domain: OnceCell<Sid>,
}

impl<'r> Rows<'r> {
    /// Rows of a name, what `additional` asks for, and `always`.
    pub fn read(call: &'r Call<'r>, always: &[&'static str]) -> Result<Rows<'r>, Wrong> {
        let additional = call.parameters.list("additional")?.unwrap_or_default();
        let is_wanted = |word: &&str| always.contains(word) || additional.iter().any(|wanted| wanted == word);
        Ok(Rows { call, wanted: WORDS.into_iter().filter(is_wanted).collect(), domain: OnceCell::new() })
    }

    /// The row of a user of the host.
    pub fn local(&self, user: &User) -> Result<Value, Fault> {
        let value = |word: &str| {
            Ok(Some(match word {
                "uid" => json!(user.uid),
                "description" => json!(user.description),
                "email" => json!(user.email),
                "expired" => json!(user.expiry.to_string()),
                "cannot_chg_passwd" => json!(user.cannot_change_password),
                "passwd_never_expire" => json!(user.password_never_expires),
                "password_last_change" => json!(user.password_changed_day()),
                "is_password_pending" => json!(user.password_pending),
                "groups" => {
                    json!(self.call.accounts().users.groups(user.uid).map_err(|error| fault::failed(&error))?)
                }
                "2fa_status" => json!(has_second_factor(self.call, Subject::Host(user.uid))?),
                _ => return Ok(None),
            }))
        };
        self.row(&user.name, value)
    }

    /// The row of a user of the domain. Whether he may change his password stands in the directory, and not here.
    pub fn domain(&self, user: &DomainUser) -> Result<Value, Fault> {
        let value = |word: &str| {
            Ok(Some(match word {
                "uid" => json!(user.uid),
                "description" => json!(user.description),
                "email" => json!(user.email),
                "expired" => json!(user.expiry.to_string()),
                "passwd_never_expire" => json!(user.password_never_expires),
                "password_last_change" => json!(user.password_changed_day()),
                "is_password_pending" => json!(user.password_pending),
                "groups" => json!(self.call.accounts().view.groups_of(user).map_err(|error| fault::failed(&error))?),
                "2fa_status" => match self.subject(user)? {
                    Some(subject) => json!(has_second_factor(self.call, subject)?),
                    None => return Ok(None),
                },
                _ => return Ok(None),
            }))
        };
        self.row(&user.name, value)
    }

    fn row(&self, name: &str, value: impl Fn(&str) -> Result<Option<Value>, Fault>) -> Result<Value, Fault> {
        let mut row = Map::from_iter([("name".to_owned(), json!(name))]);
        for word in &self.wanted {
            row.extend(value(word)?.map(|value| ((*word).to_owned(), value)));
        }
        Ok(Value::Object(row))
    }

    /// Whose second factor a user of the domain has.
    fn subject(&self, user: &DomainUser) -> Result<Option<Subject>, Fault> {
        let sid = match self.domain.get() {
            Some(sid) => *sid,
            None => {
                let (directory, system) = (self.call.directory(), Requester::system());
                let context = self.call.context_of(&system);
                let sid = domain(directory, &context).and_then(|domain| domain.sid(directory, &context));
                let sid = sid.map_err(Fault::of(Doing::Search))?;
                *self.domain.get_or_init(|| sid)
            }
        };
        Ok(user.uid.checked_sub(NUMBER_BASE).and_then(|rid| sid.with_rid(rid)).map(Subject::Domain))
    }
}
