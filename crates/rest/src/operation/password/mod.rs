//! `PUT /password/change` and `PUT /password/reset`. Section 8.

pub mod change;
pub mod reset;

use bailiwick_credential::Password;
use bailiwick_domain::administration::{Error as UseCase, Kind, Target};
use bailiwick_domain::{Error, PasswordFault, Refusal};

use crate::directory_fault::{self, PASSWORD_RESTRICTION, WRONG_PASSWORD};
use crate::json::{Object, Value};
use crate::password::{self, PasswordInput};
use crate::problem::{OperationType, Problem};
use crate::service::Call;

/// E_ADS_PROPERTY_NOT_MODIFIED's neighbour that ADSI has for a connection that is not secure: 0x8000500D.
const NO_SECURE_CONNECTION: i32 = -2_147_463_155;
/// ERROR_DS_UNWILLING_TO_PERFORM.
const UNWILLING: i32 = -2_147_016_651;

/// What both operations are about.
struct Wish {
    /// The account.
    target: Target,
    /// The password that it is to have.
    new: Password,
    /// The password that it has, where the caller says.
    current: Option<Password>,
}

/// Reads what both have in common.
fn read(call: &Call, needs_current: bool) -> Result<Wish, Problem> {
    let mut body = call.object()?;
    let dn = call.required_text(&mut body, "dn")?;
    let encrypted = call.flag(&mut body, "encrypted")?;
    let new = new_text(&mut body)
        .ok_or_else(|| call.refuse("The new password must be set: as 'new', 'password' or 'pass'.").on("new"))?;
    let current = call.text(&mut body, "current")?;
    if needs_current && current.is_none() {
        return Err(Problem::plain(400, "The current password is required in order to perform a change request."));
    }
    let new = decode(call, &new, encrypted)?;
    let current = match current.filter(|_| needs_current) {
        Some(current) => Some(decode(call, &current, encrypted)?),
        None => None,
    };
    let target = call.find(Kind::Any, &dn, "dn")?;
    let allowed = &call.settings().restrictions.password;
    super::admitted(call, &target, allowed, 400, "set the password of")?;
    if !matches!(target.kind, Kind::User | Kind::Computer) {
        return Err(call.refuse("Only accounts of users and computers have passwords.").on("dn"));
    }
    Ok(Wish { target, new, current })
}

/// The first of the names for it that has a text.
fn new_text(body: &mut Object) -> Option<String> {
    ["new", "password", "pass"].into_iter().find_map(|key| match body.take(key) {
        Some(Value::Text(text)) if !text.trim().is_empty() => Some(text),
        _ => None,
    })
}

/// Reads a password, encrypted or not.
///
/// # Errors
/// 422 when the server has no key; 400 for what is no password.
pub(super) fn decode(call: &Call, text: &str, encrypted: bool) -> Result<Password, Problem> {
    let encoding = call.settings().encoding;
    let password = match (encrypted, &call.service.parts.key) {
        (false, _) => password::decode(text, encoding),
        (true, Some(key)) => password::decrypt(text, key, encoding),
        (true, None) => return Err(Problem::plain(422, "The server is not configured to decrypt passwords.")),
    };
    password.map_err(|fault: PasswordInput| Problem::refused(400, OperationType::Set, fault.message()).on("password"))
}

/// A refusal as the code words of section 8.5 have it, for whatever concerns the password; none for anything else.
pub(super) fn refusal(error: &UseCase) -> Option<Problem> {
    let UseCase::Directory(error) = error else { return None };
    let (code, word) = match error {
        Error::Password(PasswordFault::WrongOld) => (WRONG_PASSWORD, "error_not_found"),
        Error::Password(PasswordFault::Malformed) => (UNWILLING, "min_password_length_used_before"),
        Error::Password(_) => (PASSWORD_RESTRICTION, "password_not_complex"),
        Error::Refused(Refusal::PasswordUnprotected | Refusal::ConfidentialityRequired) => {
            (NO_SECURE_CONNECTION, "no_secure_conn_for_password")
        }
        _ => return None,
    };
    let problem = directory_fault::problem(400, OperationType::Set, error);
    let mut problem = problem.on("password").code(code);
    problem.message = word.to_owned();
    Some(problem)
}

/// A refusal of either operation.
fn failed(call: &Call, error: &UseCase) -> Problem {
    refusal(error).unwrap_or_else(|| {
        let mut problem = call.failed(error);
        if problem.status == 400 {
            problem.message = "error_not_found".to_owned();
        }
        match &problem.fault {
            Some(fault) if fault.property.is_none() => problem.on("password"),
            _ => problem,
        }
    })
}
