//! Signing in as a user of the host, in the two steps of the directory's sign-in, so that both run in one hashing pool.

use bailiwick_credential::{Password, PasswordHash};
use bailiwick_domain::{Check, Context, SignInFailure, Verdict};
use bailiwick_store::Error as StoreError;

use super::change::keep_rehashed;
use super::credential::Credential;
use super::{User, Users};
use crate::policy::{PasswordExpiry, Policy};
use crate::roster::{ADMINISTRATORS_GID, MEMBERS, USERS};

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// Who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// Whether he administers the host: to the directory he is then `domain::administration::host_administrator`.
    pub administrator: bool,
    /// In how many days his password ends, if he is to be told.
    pub password_ends_in_days: Option<u16>,
}

impl Users {
    /// First step of a sign-in: looks up who is meant. Run [`Check::run`] in the hashing pool, and [`Users::finish`] there
    /// too; it is the same work for a name that nobody has. Whether the address may try at all is `domain::attempts`'
    /// affair.
    ///
    /// # Errors
    /// The store's. The inner one is `AccountLocked`: no hashing is needed then.
    pub fn authenticate(
        &self,
        context: &Context<'_>,
        name: &str,
        password: &Password,
    ) -> Result<Result<Check, SignInFailure>, StoreError> {
        if self.lockout.is_locked(name, context.now)? {
            return Ok(Err(SignInFailure::AccountLocked));
        }
        let transaction = self.store.read()?;
        let user = USERS.find(transaction.as_ref(), name)?;
        let credential = match &user {
            Some(user) => Credential::read(transaction.as_ref(), user.uid)?,
            None => None,
        };
        let check = match (user, credential) {
            (Some(user), Some(credential)) => {
                Check::new(password.clone(), credential.hash, Some(u64::from(user.uid))).with_former(credential.history)
            }
            _ => Check::new(password.clone(), PasswordHash::unmatchable(self.cost), None),
        };
        Ok(Ok(check.named(name.to_owned())))
    }

    /// Second step of a sign-in: counts a failure, and says who it is. May hash once more, after a change of the cost.
    ///
    /// # Errors
    /// The store's. The inner one says why nobody signed in: `UnknownName` and `WrongPassword` are for faces to treat
    /// alike, and the others are told to those only who showed the right password.
    pub fn finish(
        &self,
        context: &Context<'_>,
        check: &Check,
        verdict: Verdict,
    ) -> Result<Result<SignedIn, SignInFailure>, StoreError> {
        let uid = check.account().and_then(|account| u32::try_from(account).ok());
        match (verdict, uid) {
            (Verdict::Right, Some(uid)) => {
                self.renew_hash(context, uid, check)?;
                self.lockout.clear(check.name())?;
                self.admit(context, uid)
            }
            (Verdict::Former, Some(_)) => Ok(Err(SignInFailure::WrongPassword)),
            (Verdict::Wrong | Verdict::Former | Verdict::Right, uid) => {
                self.lockout.note_failure(check.name(), context.now)?;
                Ok(Err(match uid {
                    Some(_) => SignInFailure::WrongPassword,
                    None => SignInFailure::UnknownName,
                }))
            }
        }
    }

    /// Whether the owner of a password that has ended can set a new one himself.
    ///
    /// # Errors
    /// The store's.
    pub fn may_replace_ended(&self, name: &str) -> Result<bool, StoreError> {
        let transaction = self.store.read()?;
        let user = USERS.find(transaction.as_ref(), name)?;
        let policy = PasswordExpiry::read(transaction.as_ref())?;
        Ok(policy.change_after_end && user.is_some_and(|user| !user.cannot_change_password))
    }

    /// Looks again whether somebody who showed his password may sign in, or still be signed in.
    ///
    /// # Errors
    /// As those of [`Users::finish`].
    pub fn admit(&self, context: &Context<'_>, uid: u32) -> Result<Result<SignedIn, SignInFailure>, StoreError> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let Some(user) = USERS.get(transaction, uid)? else { return Ok(Err(SignInFailure::UnknownName)) };
        let now = context.now;
        if user.expiry.is_over(now) {
            return Ok(Err(match user.expiry {
                crate::expiry::Expiry::Date(_) => SignInFailure::AccountExpired,
                _ => SignInFailure::AccountDisabled,
            }));
        }
        let policy = PasswordExpiry::read(transaction)?;
        let end = policy.end(uid, user.password_never_expires, user.password_changed);
        if end.is_some_and(|end| now >= end) {
            return Ok(Err(SignInFailure::PasswordExpired));
        }
        if user.password_pending {
            return Ok(Err(SignInFailure::PasswordMustChange));
        }
        let days_left = end.map(|end| (end.unix_seconds() - now.unix_seconds()).div_euclid(DAY_SECONDS));
        let password_ends_in_days = days_left
            .and_then(|days| u16::try_from(days).ok())
            .filter(|days| policy.login_prompt && *days <= policy.login_prompt_days);
        let administrator = MEMBERS.holds(transaction, ADMINISTRATORS_GID, uid)?;
        Ok(Ok(SignedIn { user, administrator, password_ends_in_days }))
    }

    /// A hash of another cost is replaced while the password is at hand.
    fn renew_hash(&self, context: &Context<'_>, uid: u32, check: &Check) -> Result<(), StoreError> {
        let former = Credential::read(self.store.read()?.as_ref(), uid)?;
        let Some(former) = former.filter(|former| former.hash.cost() != self.cost) else { return Ok(()) };
        // What cannot be hashed at the new cost stays as it is; setting a password will say so.
        let Ok(renewed) = former.at_cost(check.password(), self.cost, context.random) else { return Ok(()) };
        if !check.hash().argon2id().is_some_and(|checked| *checked == former.hash) {
            return Ok(());
        }
        self.store.transact(|transaction| keep_rehashed(transaction, uid, &former, &renewed))?
    }
}
