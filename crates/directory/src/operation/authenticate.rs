//! Signing in with a name and a password. [MS-ADTS] 5.1.1.1, [MS-SAMR] 3.1.1.5.
//!
//! [`begin`] finds the account and decides at once where no hash is needed: for a password that this process saw
//! verified since the account last changed, for a locked account, for an address that guesses. Otherwise the check runs
//! in the hashing pool, and [`finish`] after it, which counts, admits and records.

use std::sync::Arc;

use bailiwick_adtypes::sid::Sid;
use bailiwick_credential::{Password, PasswordHash, SALT_OCTETS};
use bailiwick_domain::{
    Authentication, Check, Context, Error, Identity, PasswordFault, Refusal, Requester, SignInFailure, Verdict,
};

use crate::access;
use crate::native::Native;
use crate::operation::{logon, password, sign_in_name};
use crate::policy::Policy;
use crate::policy::logon::{Account, Purpose};
use crate::record::credential::{self, Credential};
use crate::record::{EntryId, Fault, Record, Snapshot};
use crate::sign_ins::Basis;

/// First step: finds the account. A name that nobody has, and an account without a password, get a check that fails after
/// the same work.
pub(crate) fn begin(native: &Native, context: &Context<'_>, name: &str, password: &Password) -> Authentication {
    if name.is_empty() && password.is_empty() {
        return Authentication::Decided(Ok(Requester { identity: Identity::Anonymous, ..context.requester.clone() }));
    }
    // RFC 4513 section 5.1.2: a name without a password is no sign-in, whoever the name is.
    if password.is_empty() {
        return Authentication::Decided(Err(Error::Refused(Refusal::EmptyPassword)));
    }
    decide(native, context, name, password, Purpose::SignIn).unwrap_or_else(|error| Authentication::Decided(Err(error)))
}

/// Who it is by name and password, for a change of that password and nothing else: neither that it has expired nor that
/// it must be changed stands in the way. Wrong passwords count as those of sign-ins do.
///
/// # Errors
/// As for a sign-in.
pub(crate) fn for_change(
    native: &Native,
    context: &Context<'_>,
    name: &str,
    password: &Password,
) -> Result<Requester, Error> {
    if password.is_empty() {
        return Err(Error::Refused(Refusal::EmptyPassword));
    }
    match decide(native, context, name, password, Purpose::Change)? {
        Authentication::Decided(result) => result,
        Authentication::Check(check) => {
            let verdict = check.run();
            verified(native, context, &check, verdict, Purpose::Change).map(|verified| verified.requester)
        }
    }
}

fn decide(
    native: &Native,
    context: &Context<'_>,
    name: &str,
    password: &Password,
    purpose: Purpose,
) -> Result<Authentication, Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    let account = sign_in_name::find(native, snapshot, name)?;
    let credential = account.map(|id| credential::read(snapshot.transaction, id)).transpose()?.flatten();
    let failed = |failure| Ok(Authentication::Decided(Err(Error::SignIn(failure))));
    let is_slowed = !native.sign_ins.may_try(context.requester.address, context.now);
    let Some((id, credential)) = account.zip(credential) else {
        return match is_slowed {
            true => failed(SignInFailure::TooManyAttempts),
            false => {
                let hash = PasswordHash::unmatchable(native.cost);
                Ok(Authentication::Check(Check::new(password.clone(), hash, account.map(|id| id.0))))
            }
        };
    };
    let record = snapshot.existing(id)?;
    let policy = Policy::of_domain(native, snapshot)?;
    let fingerprint = native.sign_ins.fingerprint(context, id, password);
    // A remembered password is no guess, so it passes before addresses are slowed. After wrong ones it takes the long way,
    // which ends their count.
    let known = snapshot.schema.known();
    let is_clear = [known.bad_pwd_count, known.lockout_time]
        .into_iter()
        .all(|attribute| record.integer(attribute).unwrap_or_default() == 0);
    if is_clear && native.sign_ins.is_right(id, &fingerprint, basis(snapshot, &record, &credential, &policy)) {
        let admitted = admit(native, snapshot, context, &record, &policy, purpose);
        // With no room for another logon it takes the long way too, at whose end those that wait are written.
        let is_logon = admitted.is_ok() && purpose == Purpose::SignIn;
        if !is_logon || native.sign_ins.note_logon(id, context.now) {
            return Ok(Authentication::Decided(admitted));
        }
    } else if is_slowed {
        return failed(SignInFailure::TooManyAttempts);
    }
    // Whatever the password is, it does not count and is not looked at.
    let account = Account::of(&record, snapshot.schema.known());
    if policy.lockout.is_locked(account.locked_at, context.now) {
        return failed(SignInFailure::AccountLocked);
    }
    let check = Check::new(password.clone(), credential.hash, Some(id.0)).with_former(credential.history);
    Ok(Authentication::Check(check))
}

/// Second step: counts a wrong password, or says who signed in and records that.
pub(crate) fn finish(
    native: &Native,
    context: &Context<'_>,
    check: &Check,
    verdict: Verdict,
) -> Result<Requester, Error> {
    let Verified { id, credential, requester } = verified(native, context, check, verdict, Purpose::SignIn)?;
    let fresh = refreshed(native, context, id, check.password(), &credential)?;
    logon::record(native, context, id, fresh.as_ref())?;
    remember(native, context, id, check.password(), credential.version)?;
    Ok(requester)
}

/// Somebody who knows the password and is let in.
struct Verified {
    id: EntryId,
    credential: Credential,
    requester: Requester,
}

/// Counts a wrong password, or says who knows the right one and is let in by it.
fn verified(
    native: &Native,
    context: &Context<'_>,
    check: &Check,
    verdict: Verdict,
    purpose: Purpose,
) -> Result<Verified, Error> {
    let Some(account) = check.account() else {
        native.sign_ins.note_wrong_address(context.requester.address, context.now);
        return Err(Error::SignIn(SignInFailure::UnknownName));
    };
    let id = EntryId(account);
    if verdict != Verdict::Right {
        note_wrong(native, context, id, check.password(), verdict)?;
        return Err(Error::SignIn(SignInFailure::WrongPassword));
    }
    let Some(credential) = confirmed(native, id, check)? else {
        return Err(Error::SignIn(SignInFailure::WrongPassword));
    };
    let requester = {
        let transaction = native.store.read().map_err(Fault::Store)?;
        let snapshot = native.snapshot(transaction.as_ref());
        let record = living(snapshot, id)?;
        let policy = Policy::of_domain(native, snapshot)?;
        admit(native, snapshot, context, &record, &policy, purpose)?
    };
    Ok(Verified { id, credential, requester })
}

/// Who the account with this SID is now, for somebody who showed its password before.
///
/// # Errors
/// `SignIn`; `UnknownName` when it is gone.
pub(crate) fn account(native: &Native, context: &Context<'_>, sid: &Sid) -> Result<Requester, Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    let id = snapshot.by_sid(sid)?.ok_or(Error::SignIn(SignInFailure::UnknownName))?;
    let record = living(snapshot, id)?;
    let account = Account::of(&record, snapshot.schema.known());
    account.admit_known(context.now, native.host_fqdn()).map_err(Error::SignIn)?;
    requester(native, snapshot, context, &record)
}

/// Verifies the old password of somebody who wants to change it; a wrong one counts as a wrong sign-in does.
///
/// # Errors
/// `WrongOld`, for an account without a password or one that is locked too; `TooManyAttempts`.
pub(crate) fn verify_old(
    native: &Native,
    context: &Context<'_>,
    id: EntryId,
    credential: Option<&Credential>,
    old: &Password,
) -> Result<(), Error> {
    if !native.sign_ins.may_try(context.requester.address, context.now) {
        return Err(Error::SignIn(SignInFailure::TooManyAttempts));
    }
    let wrong = Err(Error::Password(PasswordFault::WrongOld));
    let Some(credential) = credential else { return wrong };
    if is_locked(native, context, id)? {
        return wrong;
    }
    let check = Check::new(old.clone(), credential.hash.clone(), Some(id.0)).with_former(credential.history.clone());
    match check.run() {
        Verdict::Right => Ok(()),
        verdict => {
            note_wrong(native, context, id, old, verdict)?;
            wrong
        }
    }
}

/// The credential that the check was right for. When another one was written while the check ran, it has to be right
/// for that one; the hash may just have been replaced by a better one.
fn confirmed(native: &Native, id: EntryId, check: &Check) -> Result<Option<Credential>, Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    let current = credential::read(transaction.as_ref(), id)?;
    drop(transaction);
    Ok(current.filter(|current| current.hash == *check.hash() || current.hash.verify(check.password())))
}

fn living<'t>(snapshot: Snapshot<'t>, id: EntryId) -> Result<Record<'t>, Error> {
    // The account may have gone while the password was checked.
    match snapshot.record(id)? {
        Some(record) if !record.is_deleted() => Ok(record),
        _ => Err(Error::SignIn(SignInFailure::UnknownName)),
    }
}

fn is_locked(native: &Native, context: &Context<'_>, id: EntryId) -> Result<bool, Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    let account = Account::of(&living(snapshot, id)?, snapshot.schema.known()).locked_at;
    Ok(Policy::of_domain(native, snapshot)?.lockout.is_locked(account, context.now))
}

/// Lets in who knows the password, unless the account is restricted.
fn admit(
    native: &Native,
    snapshot: Snapshot<'_>,
    context: &Context<'_>,
    record: &Record<'_>,
    policy: &Policy,
    purpose: Purpose,
) -> Result<Requester, Error> {
    let known = snapshot.schema.known();
    Account::of(record, known).admit(policy, context.now, native.host_fqdn(), purpose).map_err(Error::SignIn)?;
    requester(native, snapshot, context, record)
}

/// Who the account is, with the groups that it has now.
fn requester(
    native: &Native,
    snapshot: Snapshot<'_>,
    context: &Context<'_>,
    record: &Record<'_>,
) -> Result<Requester, Error> {
    let known = snapshot.schema.known();
    let sid = record
        .value(known.object_sid)
        .and_then(|octets| Sid::from_bytes(octets).ok())
        .ok_or(Fault::Damaged { what: "objectSid", id: record.id().0 })?;
    let groups: Arc<[Sid]> = access::groups_at_sign_in(snapshot, record)?.into();
    let account_name = String::from_utf8_lossy(record.value(known.sam_account_name).unwrap_or_default()).into_owned();
    Ok(Requester {
        identity: Identity::Account { sid, groups, name: format!("{}\\{account_name}", native.netbios_name()).into() },
        ..context.requester.clone()
    })
}

/// Counts a wrong password. The same one again is no new guess, nor is one that was right not long ago.
fn note_wrong(
    native: &Native,
    context: &Context<'_>,
    id: EntryId,
    password: &Password,
    verdict: Verdict,
) -> Result<(), Error> {
    if verdict == Verdict::Former {
        return Ok(());
    }
    let version = {
        let transaction = native.store.read().map_err(Fault::Store)?;
        credential::read(transaction.as_ref(), id)?.map_or(0, |credential| credential.version)
    };
    let fingerprint = native.sign_ins.fingerprint(context, id, password);
    if !native.sign_ins.is_new_guess(id, fingerprint, version) {
        return Ok(());
    }
    native.sign_ins.note_wrong_address(context.requester.address, context.now);
    logon::record_wrong(native, context, id)
}

/// The credential as it should be, when the stored one is of another kind or cost, or has no keys: the moment at which
/// the password is known is the one to make it anew.
fn refreshed(
    native: &Native,
    context: &Context<'_>,
    id: EntryId,
    password: &Password,
    credential: &Credential,
) -> Result<Option<Credential>, Error> {
    let is_current = credential.hash.argon2id().is_some_and(|hash| hash.cost() == native.cost);
    let lacks_keys = password::lacks_keys(native, id, credential.keys.as_deref());
    if is_current && !lacks_keys {
        return Ok(None);
    }
    let mut fresh = credential.clone();
    if !is_current {
        let mut salt = [0; SALT_OCTETS];
        (context.random)(&mut salt);
        // A cost that is out of range leaves the old hash, which works.
        if let Ok(hash) = PasswordHash::make(password, salt, native.cost) {
            fresh.hash = hash.into();
        }
    }
    if lacks_keys {
        let salt = {
            let transaction = native.store.read().map_err(Fault::Store)?;
            let snapshot = native.snapshot(transaction.as_ref());
            password::salt_of(native, snapshot, &living(snapshot, id)?)
        };
        fresh.keys = password::sealed_keys(native, context, password, salt, id);
    }
    Ok(Some(fresh))
}

/// Remembers a password that was right for this version of the credential, on the basis of what is stored now.
fn remember(
    native: &Native,
    context: &Context<'_>,
    id: EntryId,
    password: &Password,
    version: u64,
) -> Result<(), Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    let (Some(record), Some(credential)) = (snapshot.record(id)?, credential::read(snapshot.transaction, id)?) else {
        return Ok(());
    };
    // Another password may have been set since this one was verified.
    if credential.version != version {
        return Ok(());
    }
    let policy = Policy::of_domain(native, snapshot)?;
    let fingerprint = native.sign_ins.fingerprint(context, id, password);
    native.sign_ins.remember_right(id, fingerprint, basis(snapshot, &record, &credential, &policy));
    Ok(())
}

fn basis(snapshot: Snapshot<'_>, record: &Record<'_>, credential: &Credential, policy: &Policy) -> Basis {
    Basis {
        version: credential.version,
        account_usn: record.integer(snapshot.schema.known().usn_changed).unwrap_or_default(),
        policy_usn: policy.usn,
    }
}
