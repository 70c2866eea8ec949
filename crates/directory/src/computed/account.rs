//! What follows from an account's flags, its password's age and the policy. [MS-ADTS] 3.1.1.4.5.17, 3.1.1.4.5.32,
//! 3.1.1.4.5.29.

use bailiwick_adtypes::file_time::FileTime;

use crate::native::Native;
use crate::policy::Policy;
use crate::policy::expiry;
use crate::policy::logon::Account;
use crate::record::{Fault, Record, Snapshot, credential};
use crate::rule::account::{LOCKED_OUT, PASSWORD_EXPIRED};
use crate::rule::password::is_account;

/// msDS-User-Account-Control-Computed: whether the account is locked and its password has ended.
pub(crate) fn control(
    native: &Native,
    snapshot: Snapshot<'_>,
    record: &Record<'_>,
    now: FileTime,
) -> Result<Option<i64>, Fault> {
    if !is_account(snapshot.schema, record.class()) {
        return Ok(None);
    }
    let account = Account::of(record, snapshot.schema.known());
    let policy = Policy::of_domain(native, snapshot)?;
    let mut flags = 0;
    if policy.lockout.is_locked(account.locked_at, now) {
        flags |= LOCKED_OUT;
    }
    if expiry::password_expiry(account.flags, account.password_set, policy.age_max) <= now {
        flags |= PASSWORD_EXPIRED;
    }
    Ok(Some(flags.into()))
}

/// msDS-UserPasswordExpiryTimeComputed.
pub(crate) fn password_expiry(
    native: &Native,
    snapshot: Snapshot<'_>,
    record: &Record<'_>,
) -> Result<Option<i64>, Fault> {
    if !is_account(snapshot.schema, record.class()) {
        return Ok(None);
    }
    let account = Account::of(record, snapshot.schema.known());
    let policy = Policy::of_domain(native, snapshot)?;
    Ok(Some(expiry::password_expiry(account.flags, account.password_set, policy.age_max).0))
}

/// msDS-KeyVersionNumber: one more with each password.
pub(crate) fn key_version(snapshot: Snapshot<'_>, record: &Record<'_>) -> Result<Option<i64>, Fault> {
    if !is_account(snapshot.schema, record.class()) {
        return Ok(None);
    }
    let version = credential::read(snapshot.transaction, record.id())?.map_or(0, |credential| credential.version);
    // An account that was added without a password has keys of version 1 that nobody can use.
    Ok(Some(i64::try_from(version).unwrap_or(i64::MAX).saturating_add(1)))
}
