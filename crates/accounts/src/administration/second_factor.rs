//! Second factors of accounts, as their administrator enrols and removes them.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::{Context, Error, SignInFailure};
use serde::{Deserialize, Serialize};

use super::{Noted, Secret};
use crate::Accounts;
use crate::second_factor::{self, Enrolment, Subject};

/// What is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// A seed and recovery codes, to be confirmed by a code.
    Enrol {
        /// Whose.
        subject: Subject,
        /// Who asks for codes, as the device shows it: the domain.
        issuer: String,
        /// The account, as the device shows it.
        account: String,
    },
    /// To put an enrolment into force.
    Confirm {
        /// Whose.
        subject: Subject,
        /// What the device shows.
        code: Secret,
    },
    /// To ask for no codes any more.
    Remove {
        /// Whose.
        subject: Subject,
    },
    /// How far the account has come.
    Status {
        /// Whose.
        subject: Subject,
    },
}

/// What comes of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Answer {
    /// What the account's owner is shown once.
    Enrolled {
        /// The seed, to be typed.
        seed: Secret,
        /// The seed, to be read from a QR code.
        uri: Secret,
        /// Each lets somebody in once whose device is lost.
        recovery_codes: Vec<Secret>,
    },
    /// It is in force.
    Confirmed,
    /// There is none any more.
    Removed,
    /// How far the account has come.
    Status(Status),
}

/// How far an account has come. Times are seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", tag = "state")]
pub enum Status {
    /// It has no second factor.
    None,
    /// It was shown a seed and has not confirmed it.
    Pending {
        /// Since when.
        since: i64,
    },
    /// It must show a code.
    Active {
        /// When it was enrolled.
        since: i64,
        /// How many recovery codes are not used up.
        recovery_codes: usize,
    },
}

/// Why nothing comes of it. A wrong code is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The account has a second factor already.
    AlreadyActive,
    /// The account has none, or none to confirm.
    NotEnrolled,
    /// It is no code of this account, or not good now.
    WrongCode,
    /// There were too many wrong codes.
    TooManyWrongCodes {
        /// When codes count again, in seconds since 1970.
        until: i64,
    },
    /// What is kept does not open with this host's secret key.
    Unreadable,
}

pub(super) fn perform(accounts: &Accounts, context: &Context<'_>, request: Request) -> Result<Answer, super::Refusal> {
    let factors = &accounts.second_factors;
    Ok(match request {
        Request::Enrol { subject, issuer, account } => {
            let Enrolment { seed, recovery_codes } = factors.enrol(context, &subject)?;
            Answer::Enrolled {
                uri: Secret::new(&seed.uri(&issuer, &account)),
                seed: Secret::new(&seed.to_base32()),
                recovery_codes: recovery_codes.iter().map(|code| Secret::new(code.expose())).collect(),
            }
        }
        Request::Confirm { subject, code } => {
            factors.confirm(context, &subject, code.expose())?;
            Answer::Confirmed
        }
        Request::Remove { subject } => match factors.remove(&subject)? {
            true => Answer::Removed,
            false => return Err(super::Refusal::SecondFactor(Refusal::NotEnrolled)),
        },
        Request::Status { subject } => Answer::Status(factors.status(&subject)?.into()),
    })
}

impl Request {
    pub(super) fn noted(&self) -> Option<Noted> {
        let (use_case, subject) = match self {
            Request::Enrol { subject, .. } => ("second-factor.enrol", subject),
            Request::Confirm { subject, .. } => ("second-factor.confirm", subject),
            Request::Remove { subject } => ("second-factor.remove", subject),
            Request::Status { .. } => return None,
        };
        Some(Noted { use_case, subject: subject.to_string() })
    }
}

impl From<second_factor::Status> for Status {
    fn from(status: second_factor::Status) -> Status {
        let seconds = FileTime::unix_seconds;
        match status {
            second_factor::Status::None => Status::None,
            second_factor::Status::Pending { since } => Status::Pending { since: seconds(since) },
            second_factor::Status::Active { since, recovery_codes } => {
                Status::Active { since: seconds(since), recovery_codes }
            }
        }
    }
}

impl From<second_factor::Error> for super::Refusal {
    fn from(error: second_factor::Error) -> super::Refusal {
        super::Refusal::SecondFactor(match error {
            second_factor::Error::AlreadyActive => Refusal::AlreadyActive,
            second_factor::Error::NotEnrolled => Refusal::NotEnrolled,
            second_factor::Error::WrongCode => Refusal::WrongCode,
            second_factor::Error::TooManyWrongCodes { until } => {
                Refusal::TooManyWrongCodes { until: until.unix_seconds() }
            }
            second_factor::Error::Unreadable => Refusal::Unreadable,
            second_factor::Error::Store(error) => return error.into(),
        })
    }
}

/// What the audit says of a refusal.
impl From<&Refusal> for Error {
    fn from(refusal: &Refusal) -> Error {
        match refusal {
            Refusal::AlreadyActive => Error::AlreadyExists,
            Refusal::NotEnrolled => Error::NoSuchObject { matched: String::new() },
            Refusal::WrongCode => Error::SignIn(SignInFailure::WrongCode),
            Refusal::TooManyWrongCodes { .. } => Error::SignIn(SignInFailure::TooManyWrongCodes),
            Refusal::Unreadable => Error::Unavailable { reason: "a seed does not open with this secret key".into() },
        }
    }
}
