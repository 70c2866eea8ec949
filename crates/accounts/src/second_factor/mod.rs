//! What accounts show beside their passwords: codes of a device, and recovery codes for when it is lost.
//!
//! Somebody enrols, is shown a seed once, and confirms with a first code; from then on [`SecondFactors::verify`] wants a
//! code. Seeds lie sealed in the vault, recovery codes as digests. A code works once, and wrong ones make a pause.

mod stored;
mod subject;

use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::{
    NONCE_OCTETS, RECOVERY_CODE_OCTETS, RecoveryCode, RecoveryDigest, SEED_OCTETS, Seed, Step, Vault,
};
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, ReadTransaction, Space, Store, WriteTransaction};

use stored::Stored;

pub use subject::{Subject, SubjectError};

/// Second factors by [`Subject::key`], sealed.
pub(crate) const SECOND_FACTOR: Space = Space("second-factor");

/// How many recovery codes an account gets.
pub const RECOVERY_CODES: usize = 8;
/// So many wrong codes in a row make a pause after each further one.
const WRONG_CODES_MAX: u32 = 5;
/// How long the pause is. With three codes good at a time, a guesser who knows the password then needs a year for a
/// chance in ten.
const PAUSE_SECONDS: u64 = 15 * 60;
/// What envelopes are sealed for; the subject's key follows.
const PURPOSE: &[u8] = b"second factor of ";

/// The second factors of domain accounts and host accounts.
pub struct SecondFactors {
    store: Arc<dyn Store>,
    vault: Vault,
}

/// What somebody who enrols is shown, and never again.
#[derive(Debug)]
pub struct Enrolment {
    /// What the device keeps.
    pub seed: Seed,
    /// What to keep on paper.
    pub recovery_codes: Vec<RecoveryCode>,
}

/// How far an account has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It has no second factor.
    None,
    /// It was shown a seed and has not confirmed it with a code. Nothing is asked of it yet.
    Pending {
        /// Since when.
        since: FileTime,
    },
    /// It must show a code.
    Active {
        /// When it was enrolled.
        since: FileTime,
        /// How many recovery codes are not used up.
        recovery_codes: usize,
    },
}

/// What was shown that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A code of the device.
    Code,
    /// A recovery code, which is used up.
    RecoveryCode {
        /// How many are left.
        left: usize,
    },
}

/// Why something is not done.
#[derive(Debug)]
pub enum Error {
    /// The account has a second factor already; remove it first.
    AlreadyActive,
    /// The account has none, or none to confirm.
    NotEnrolled,
    /// It is no code of this account, is not good now, or was used before.
    WrongCode,
    /// There were too many wrong codes; not even the right one counts before this time.
    TooManyWrongCodes {
        /// The time.
        until: FileTime,
    },
    /// The seed does not open with this host's secret key, or is damaged.
    Unreadable,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

impl SecondFactors {
    /// The second factors in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>, vault: Vault) -> SecondFactors {
        SecondFactors { store, vault }
    }

    /// Makes a seed and recovery codes. They count when [`SecondFactors::confirm`] was shown a code; an enrolment that
    /// was not confirmed is replaced.
    ///
    /// # Errors
    /// `AlreadyActive`, `Unreadable`, `Store`.
    pub fn enrol(&self, context: &Context<'_>, subject: &Subject) -> Result<Enrolment, Error> {
        let mut seed = [0; SEED_OCTETS];
        (context.random)(&mut seed);
        let seed = Seed::new(seed);
        let recovery_codes: Vec<RecoveryCode> = (0..RECOVERY_CODES)
            .map(|_| {
                let mut octets = [0; RECOVERY_CODE_OCTETS];
                (context.random)(&mut octets);
                RecoveryCode::new(octets)
            })
            .collect();
        let stored = Stored {
            is_confirmed: false,
            since: context.now,
            last_step: None,
            wrong: 0,
            wrong_at: FileTime::ZERO,
            seed: seed.clone(),
            recovery: recovery_codes.iter().map(RecoveryCode::digest).collect(),
        };
        self.store.transact(|transaction| {
            if self.read(transaction, subject)?.is_some_and(|stored| stored.is_confirmed) {
                return Err(Error::AlreadyActive);
            }
            self.write(transaction, context, subject, &stored)
        })??;
        Ok(Enrolment { seed, recovery_codes })
    }

    /// Puts an enrolment into force: its device has shown a right code.
    ///
    /// # Errors
    /// `NotEnrolled`, `AlreadyActive`, `WrongCode`, `TooManyWrongCodes`, `Unreadable`, `Store`.
    pub fn confirm(&self, context: &Context<'_>, subject: &Subject, code: &str) -> Result<(), Error> {
        self.change(context, subject, |stored| {
            if stored.is_confirmed {
                return Err(Error::AlreadyActive);
            }
            stored.check(context.now, |stored| stored.takes_code(context.now, code))?;
            stored.is_confirmed = true;
            Ok(())
        })
    }

    /// Whether what somebody typed is a code of the account's device or one of its recovery codes. Either works once.
    /// Durable when this returns.
    ///
    /// # Errors
    /// `NotEnrolled` when the account has no second factor in force, `WrongCode`, `TooManyWrongCodes`, `Unreadable`,
    /// `Store`.
    pub fn verify(&self, context: &Context<'_>, subject: &Subject, typed: &str) -> Result<Proof, Error> {
        self.change(context, subject, |stored| {
            if !stored.is_confirmed {
                return Err(Error::NotEnrolled);
            }
            stored.check(context.now, |stored| {
                stored.takes_code(context.now, typed).or_else(|| stored.takes_recovery_code(typed))
            })
        })
    }

    /// How far the account has come.
    ///
    /// # Errors
    /// `Unreadable`, `Store`.
    pub fn status(&self, subject: &Subject) -> Result<Status, Error> {
        let transaction = self.store.read()?;
        Ok(match self.read(transaction.as_ref(), subject)? {
            None => Status::None,
            Some(Stored { is_confirmed: false, since, .. }) => Status::Pending { since },
            Some(Stored { since, recovery, .. }) => Status::Active { since, recovery_codes: recovery.len() },
        })
    }

    /// Forgets the account's second factor, whether it can be read or not. Says whether there was one.
    ///
    /// # Errors
    /// The store's.
    pub fn remove(&self, subject: &Subject) -> Result<bool, Error> {
        Ok(self.store.transact(|transaction| transaction.delete(SECOND_FACTOR, &subject.key()))??)
    }

    /// Changes what is stored. It is written whatever `work` answers: wrong codes are counted.
    fn change<T: Send>(
        &self,
        context: &Context<'_>,
        subject: &Subject,
        mut work: impl FnMut(&mut Stored) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        self.store.transact(|transaction| -> Result<Result<T, Error>, Error> {
            let mut stored = self.read(transaction, subject)?.ok_or(Error::NotEnrolled)?;
            let result = work(&mut stored);
            self.write(transaction, context, subject, &stored)?;
            Ok(result)
        })??
    }

    fn read<R: ReadTransaction + ?Sized>(&self, transaction: &R, subject: &Subject) -> Result<Option<Stored>, Error> {
        let key = subject.key();
        let Some(envelope) = transaction.get(SECOND_FACTOR, &key)? else { return Ok(None) };
        let octets = self.vault.open(&purpose(&key), envelope).map_err(|_| Error::Unreadable)?;
        Stored::parse(&octets).map(Some).ok_or(Error::Unreadable)
    }

    fn write(
        &self,
        transaction: &mut dyn WriteTransaction,
        context: &Context<'_>,
        subject: &Subject,
        stored: &Stored,
    ) -> Result<(), Error> {
        let key = subject.key();
        let mut nonce = [0; NONCE_OCTETS];
        (context.random)(&mut nonce);
        let envelope = self.vault.seal(nonce, &purpose(&key), &stored.to_octets());
        Ok(transaction.put(SECOND_FACTOR, &key, &envelope)?)
    }
}

impl Stored {
    /// Counts wrong answers of `answer`, and asks it not at all during a pause.
    fn check<T>(&mut self, now: FileTime, answer: impl FnOnce(&mut Stored) -> Option<T>) -> Result<T, Error> {
        let until = self.wrong_at.after(Interval::from_seconds(PAUSE_SECONDS));
        // A clock that was set back must not make the pause longer.
        if self.wrong >= WRONG_CODES_MAX && now < until && now >= self.wrong_at {
            return Err(Error::TooManyWrongCodes { until });
        }
        match answer(self) {
            Some(right) => {
                self.wrong = 0;
                Ok(right)
            }
            None => {
                self.wrong = self.wrong.saturating_add(1);
                self.wrong_at = now;
                Err(Error::WrongCode)
            }
        }
    }

    fn takes_code(&mut self, now: FileTime, typed: &str) -> Option<Proof> {
        self.last_step = Some(self.seed.matching_step(typed, Step::at(now.unix_seconds()), self.last_step)?);
        Some(Proof::Code)
    }

    /// Uses up a recovery code.
    fn takes_recovery_code(&mut self, typed: &str) -> Option<Proof> {
        let digest = RecoveryDigest::of(typed)?;
        let index = self.recovery.iter().position(|kept| *kept == digest)?;
        self.recovery.remove(index);
        Some(Proof::RecoveryCode { left: self.recovery.len() })
    }
}

fn purpose(key: &[u8]) -> Vec<u8> {
    [PURPOSE, key].concat()
}
