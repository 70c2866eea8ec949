//! What the server's numbers mean. One number means different things in different APIs.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::secret::Secret;

/// A call that the server refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refused {
    /// The API that was called.
    pub api: String,
    /// The method that was called.
    pub method: String,
    /// The server's number.
    pub code: i64,
    /// What the number means.
    pub refusal: Refusal,
}

/// What a refusal means.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The server failed, and does not say how.
    ServerFailed,
    /// The server is busy or cannot reach what it needs. Trying again later may help.
    Busy,
    /// The request lacks an API, a method or a version, or cannot be read at all.
    Malformed,
    /// The server has no such API.
    NoSuchApi,
    /// The API has no such method.
    NoSuchMethod,
    /// The API has no such version.
    NoSuchVersion,
    /// A parameter is missing or wrong.
    BadParameter {
        /// Its name, where the server tells.
        name: Option<String>,
        /// Why: `required`, `type` or `condition`, where the server tells.
        reason: Option<String>,
    },
    /// Who is signed in may not do that.
    NotPermitted,
    /// Who is signed in may not use this application.
    NoApplicationPrivilege,
    /// A demonstration server does not do that.
    DemoMode,
    /// A secret came in the clear, and the server demands the envelope or TLS.
    SecretInClear,
    /// The session was not used for too long. Sign in again.
    SessionExpired,
    /// A newer sign-in of the same user ended the session.
    SessionReplaced,
    /// There is no such session, or a token or hash of the request is wrong. Sign in again.
    SessionUnknown,
    /// The request comes from another address than the sign-in did.
    AddressChanged,

    /// Sign-in: there is no such account, or the password is wrong.
    WrongCredentials,
    /// Sign-in: the account is disabled or expired.
    AccountDisabled,
    /// Sign-in: the account may not use the web API.
    SignInNotPermitted,
    /// Sign-in: a one-time code is needed.
    SecondFactorNeeded {
        /// Stands in for the password when the sign-in is tried again with a code, where the server gives one.
        retry: Option<Secret>,
        /// The kinds of second factor that would do, such as `otp`.
        kinds: Vec<String>,
    },
    /// Sign-in: the one-time code is wrong or was used already.
    WrongSecondFactor,
    /// Sign-in: a second factor is demanded, and the account has none.
    SecondFactorNotSetUp,
    /// Sign-in: there were too many failures from this address.
    AddressBlocked,
    /// Sign-in: the password is expired, and its owner may not change it.
    PasswordExpiredForGood,
    /// Sign-in: the password is expired.
    PasswordExpired,
    /// Sign-in: the password must be changed first.
    PasswordMustChange,
    /// Sign-in: there were too many failures for this account.
    AccountLocked,

    /// The directory refused.
    DirectoryFailed {
        /// Why, one for each object that failed.
        causes: Vec<Cause>,
    },
    /// The object, ticket or task is not there.
    NotFound,
    /// The object is there already.
    AlreadyExists,
    /// The server knows no domain of that name.
    NoSuchDomain,
    /// The server's copy of the domain is being updated already.
    UpdateRunning,

    /// There is no such task, or it was forgotten.
    NoSuchTask,
    /// The task failed.
    TaskFailed,

    /// There is no such user.
    NoSuchUser,
    /// There is a user of that name.
    UserExists,
    /// The name is kept for the system.
    UserNameReserved,
    /// There are as many users as there may be.
    TooManyUsers,
    /// That cannot be done to an account that every server has.
    DefaultAccount,
    /// Somebody must remain who can administer the server.
    LastAdministrator,
    /// The given password is not that of the account.
    WrongPassword,
    /// The new password breaks a rule.
    PasswordRefused(PasswordRule),

    /// There is no such group.
    NoSuchGroup,
    /// There is a group of that name.
    GroupExists,
    /// The group belongs to the system.
    GroupProtected,
    /// The name cannot be that of a group.
    BadGroupName,
    /// There are as many groups as there may be.
    TooManyGroups,

    /// A number that is not known here.
    Other {
        /// What the server says beside it.
        detail: Option<Value>,
    },
}

/// The kind of rule that a new password breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordRule {
    /// Its length, or what it is made of.
    Strength,
    /// It was used before.
    History,
    /// Too many people use it.
    Common,
    /// One that the server does not tell.
    Unnamed,
}

/// Why the directory refused one object.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// The server's number; 10237 is a refused change.
    #[serde(default)]
    pub code: i64,
    /// The server's words, such as `ldb updaterecords: modify`.
    #[serde(default, rename = "msg")]
    pub message: String,
}

impl Refused {
    /// Reads a number and what came with it. Total: what is not known stays a number.
    pub fn read(api: &str, method: &str, code: i64, detail: Option<&Value>) -> Refused {
        let refusal = Refusal::read(api, method, code, detail);
        Refused { api: api.to_owned(), method: method.to_owned(), code, refusal }
    }
}

impl Refusal {
    /// Whether signing in again is what helps.
    pub fn is_session_over(&self) -> bool {
        matches!(
            self,
            Refusal::SessionExpired | Refusal::SessionReplaced | Refusal::SessionUnknown | Refusal::AddressChanged
        )
    }

    fn read(api: &str, method: &str, code: i64, detail: Option<&Value>) -> Refusal {
        match code {
            100 => Refusal::ServerFailed,
            101 => Refusal::Malformed,
            102 => Refusal::NoSuchApi,
            103 => Refusal::NoSuchMethod,
            104 => Refusal::NoSuchVersion,
            105 => Refusal::NotPermitted,
            106 => Refusal::SessionExpired,
            107 => Refusal::SessionReplaced,
            117 if method == "get" || method.ends_with("status") || method.ends_with("stop") => Refusal::NoSuchTask,
            109 | 110 | 111 | 117 | 118 => Refusal::Busy,
            114 | 120 => bad_parameter(detail),
            116 => Refusal::DemoMode,
            119 => Refusal::SessionUnknown,
            150 => Refusal::AddressChanged,
            160 => Refusal::NoApplicationPrivilege,
            _ if api == "SYNO.API.Auth" => sign_in(code, detail),
            _ if api.starts_with("SYNO.DirectoryServer.") || api.starts_with("SYNO.Auth.") => {
                named_object(code, detail)
            }
            _ => directory_or_host(api, code, detail),
        }
    }
}

fn sign_in(code: i64, detail: Option<&Value>) -> Refusal {
    match code {
        400 => Refusal::WrongCredentials,
        401 => Refusal::AccountDisabled,
        402 => Refusal::SignInNotPermitted,
        403 => second_factor_needed(detail),
        404 => Refusal::WrongSecondFactor,
        406 => Refusal::SecondFactorNotSetUp,
        407 => Refusal::AddressBlocked,
        408 => Refusal::PasswordExpiredForGood,
        409 => Refusal::PasswordExpired,
        410 => Refusal::PasswordMustChange,
        411 => Refusal::AccountLocked,
        _ => other(detail),
    }
}

/// `SYNO.DirectoryServer.*` and the reset of passwords by mail.
fn named_object(code: i64, detail: Option<&Value>) -> Refusal {
    match code {
        400 => bad_parameter(detail),
        401 => Refusal::ServerFailed,
        403 => Refusal::NotPermitted,
        404 => Refusal::NotFound,
        405 => Refusal::AlreadyExists,
        3121 => Refusal::PasswordRefused(PasswordRule::Strength),
        3122 => Refusal::PasswordRefused(PasswordRule::History),
        3123 => Refusal::PasswordRefused(PasswordRule::Common),
        _ => other(detail),
    }
}

/// `SYNO.ActiveDirectory.*` and `SYNO.Core.*`.
fn directory_or_host(api: &str, code: i64, detail: Option<&Value>) -> Refusal {
    match code {
        403 => Refusal::SecretInClear,
        1402 => Refusal::TaskFailed,
        2601 => Refusal::NoSuchDomain,
        2607 => Refusal::WrongPassword,
        2626 => Refusal::UpdateRunning,
        3101 | 3103 | 3201 => bad_parameter(detail),
        3106 => Refusal::NoSuchUser,
        3107 | 3108 => Refusal::UserExists,
        3109 | 3210 | 7100 => Refusal::LastAdministrator,
        3110 => Refusal::TooManyUsers,
        3114 => Refusal::UserNameReserved,
        3115 => Refusal::DefaultAccount,
        3121 if api.ends_with(".PasswordConfirm") => Refusal::WrongPassword,
        3121 => Refusal::PasswordRefused(PasswordRule::Strength),
        3122 => Refusal::PasswordRefused(PasswordRule::History),
        3123 => Refusal::PasswordRefused(PasswordRule::Common),
        3124 | 2723 => Refusal::PasswordRefused(PasswordRule::Unnamed),
        3204 | 3205 => Refusal::NoSuchGroup,
        3206 => Refusal::GroupExists,
        3207 => Refusal::GroupProtected,
        3208 => Refusal::BadGroupName,
        3209 => Refusal::TooManyGroups,
        10104 => Refusal::DirectoryFailed { causes: detail.map(causes).unwrap_or_default() },
        _ => other(detail),
    }
}

fn other(detail: Option<&Value>) -> Refusal {
    Refusal::Other { detail: detail.cloned() }
}

fn bad_parameter(detail: Option<&Value>) -> Refusal {
    let text = |name| detail.and_then(|detail| detail.get(name)).and_then(Value::as_str).map(str::to_owned);
    Refusal::BadParameter { name: text("name"), reason: text("reason") }
}

fn second_factor_needed(detail: Option<&Value>) -> Refusal {
    let member = |name| detail.and_then(|detail| detail.get(name));
    let retry = member("token").and_then(Value::as_str).filter(|token| !token.is_empty()).map(Secret::from);
    let kind = |kind: &Value| kind.get("type").and_then(Value::as_str).map(str::to_owned);
    let kinds = member("types").and_then(Value::as_array).into_iter().flatten().filter_map(kind).collect();
    Refusal::SecondFactorNeeded { retry, kinds }
}

fn causes(detail: &Value) -> Vec<Cause> {
    let list = detail.as_array().into_iter().flatten();
    list.filter_map(|cause| Cause::deserialize(cause).ok()).collect()
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {} (code {})", self.api, self.method, self.refusal, self.code)
    }
}

impl std::error::Error for Refused {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Refusal::ServerFailed => "the server failed",
            Refusal::Busy => "the server is busy",
            Refusal::Malformed => "the server cannot read the request",
            Refusal::NoSuchApi => "there is no such API",
            Refusal::NoSuchMethod => "there is no such method",
            Refusal::NoSuchVersion => "there is no such version",
            Refusal::BadParameter { name: Some(name), .. } => {
                return write!(f, "the parameter {name} is missing or wrong");
            }
            Refusal::BadParameter { name: None, .. } => "a parameter is missing or wrong",
            Refusal::NotPermitted => "that is not permitted",
            Refusal::NoApplicationPrivilege => "the account may not use this application",
            Refusal::DemoMode => "a demonstration server does not do that",
            Refusal::SecretInClear => "the server takes no secret in the clear",
            Refusal::SessionExpired => "the session expired",
            Refusal::SessionReplaced => "a newer sign-in ended the session",
            Refusal::SessionUnknown => "the server does not know the session",
            Refusal::AddressChanged => "the session belongs to another address",
            Refusal::WrongCredentials => "the account or its password is wrong",
            Refusal::AccountDisabled => "the account is disabled",
            Refusal::SignInNotPermitted => "the account may not sign in",
            Refusal::SecondFactorNeeded { .. } => "a one-time code is needed",
            Refusal::WrongSecondFactor => "the one-time code is wrong",
            Refusal::SecondFactorNotSetUp => "a second factor must be set up first",
            Refusal::AddressBlocked => "this address is blocked after too many failures",
            Refusal::PasswordExpiredForGood => "the password is expired and cannot be changed by its owner",
            Refusal::PasswordExpired => "the password is expired",
            Refusal::PasswordMustChange => "the password must be changed first",
            Refusal::AccountLocked => "the account is locked after too many failures",
            Refusal::DirectoryFailed { causes } => return write_causes(f, causes),
            Refusal::NotFound => "that is not there",
            Refusal::AlreadyExists => "that is there already",
            Refusal::NoSuchDomain => "there is no such domain",
            Refusal::UpdateRunning => "an update is running already",
            Refusal::NoSuchTask => "there is no such task",
            Refusal::TaskFailed => "the task failed",
            Refusal::NoSuchUser => "there is no such user",
            Refusal::UserExists => "there is a user of that name",
            Refusal::UserNameReserved => "the user name is kept for the system",
            Refusal::TooManyUsers => "there are too many users",
            Refusal::DefaultAccount => "that cannot be done to a default account",
            Refusal::LastAdministrator => "the last administrator must remain",
            Refusal::WrongPassword => "the password is wrong",
            Refusal::PasswordRefused(PasswordRule::Strength) => "the password is too weak",
            Refusal::PasswordRefused(PasswordRule::History) => "the password was used before",
            Refusal::PasswordRefused(PasswordRule::Common) => "the password is too common",
            Refusal::PasswordRefused(PasswordRule::Unnamed) => "the password breaks a rule",
            Refusal::NoSuchGroup => "there is no such group",
            Refusal::GroupExists => "there is a group of that name",
            Refusal::GroupProtected => "the group belongs to the system",
            Refusal::BadGroupName => "the group name cannot be one",
            Refusal::TooManyGroups => "there are too many groups",
            Refusal::Other { .. } => "the server refused",
        };
        f.write_str(text)
    }
}

fn write_causes(f: &mut fmt::Formatter<'_>, causes: &[Cause]) -> fmt::Result {
    f.write_str("the directory refused")?;
    for (place, cause) in causes.iter().enumerate() {
        write!(f, "{}{}", if place == 0 { ": " } else { "; " }, cause.message)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "SYNO.Core.User";
    const PERSON: &str = "SYNO.ActiveDirectory.User";

    fn check(api: &str, method: &str, code: i64, detail: Value, expected: &str) {
        let refused = Refused::read(api, method, code, Some(&detail).filter(|detail| !detail.is_null()));
        assert_eq!(format!("{:?}", refused.refusal), expected, "{api} {method} {code}");
        assert_eq!(refused.code, code);
    }

    #[test]
    fn one_number_means_different_things_in_different_apis() {
        check("SYNO.API.Auth", "login", 400, Value::Null, "WrongCredentials");
        check("SYNO.DirectoryServer.User", "Create", 400, Value::Null, "BadParameter { name: None, reason: None }");
        check("SYNO.API.Auth", "login", 404, Value::Null, "WrongSecondFactor");
        check("SYNO.Auth.ForgotPwd", "get", 404, Value::Null, "NotFound");
        check("SYNO.DirectoryServer.User", "Delete", 403, Value::Null, "NotPermitted");
        check(USER, "create", 403, Value::Null, "SecretInClear");
        check(USER, "create", 3121, Value::Null, "PasswordRefused(Strength)");
        check("SYNO.Core.User.PasswordConfirm", "auth", 3121, Value::Null, "WrongPassword");
        check("SYNO.ActiveDirectory.Polling", "get", 117, Value::Null, "NoSuchTask");
        check("SYNO.Core.User.Group", "join_status", 117, Value::Null, "NoSuchTask");
        check(USER, "list", 117, Value::Null, "Busy");
    }

    #[test]
    fn what_the_server_tells_beside_the_number_is_kept() {
        let missing = serde_json::json!({"name": "compound", "reason": "required"});
        let expected = r#"BadParameter { name: Some("compound"), reason: Some("required") }"#;
        check("SYNO.Entry.Request", "request", 120, missing, expected);
        let cause = serde_json::json!([{"code": 10237, "msg": "ldb updaterecords: modify"}]);
        let expected = r#"DirectoryFailed { causes: [Cause { code: 10237, message: "ldb updaterecords: modify" }] }"#;
        check(PERSON, "set", 10104, cause, expected);
    }

    #[test]
    fn the_token_for_a_second_try_does_not_print() {
        let detail = serde_json::json!({"token": "hunter2", "types": [{"type": "otp"}, {"type": 7}, "otp"]});
        let expected = r#"SecondFactorNeeded { retry: Some(Secret(…)), kinds: ["otp"] }"#;
        check("SYNO.API.Auth", "login", 403, detail, expected);
    }

    #[test]
    fn nonsense_beside_a_number_is_survived() {
        for detail in
            [serde_json::json!("x"), serde_json::json!([1, null, {"code": "x"}]), serde_json::json!({"name": 7})]
        {
            check(PERSON, "set", 10104, detail.clone(), "DirectoryFailed { causes: [] }");
            check(USER, "get", 3103, detail, "BadParameter { name: None, reason: None }");
        }
    }

    #[test]
    fn unknown_numbers_stay_numbers() {
        for code in [-1, 0, 9999, i64::MAX] {
            check(USER, "get", code, Value::Null, "Other { detail: None }");
        }
        let refused = Refused::read(USER, "get", 4711, None);
        assert_eq!(refused.to_string(), "SYNO.Core.User get: the server refused (code 4711)");
    }

    #[test]
    fn sessions_that_are_over_are_told_from_other_refusals() {
        let is_over = |code| Refusal::read(USER, "get", code, None).is_session_over();
        assert!([106, 107, 119, 150].into_iter().all(is_over));
        assert!(![100, 105, 120, 3106].into_iter().any(is_over));
    }
}
