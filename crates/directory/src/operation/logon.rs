//! What sign-ins leave behind: counts of wrong passwords, which are durable at once, and logon statistics, which are
//! written now and then. [MS-SAMR] 3.1.1.5, [MS-ADTS] 6.1.6.9 (lastLogonTimestamp).
//!
//! An account's first logon in a while is written at once; those that follow wait in memory, and go along with the next
//! write of any sign-in or are written when the server tends the directory, every few seconds. None of these attributes
//! is replicated in Active Directory but lockoutTime and lastLogonTimestamp, so only those two give the object a new
//! USN.

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Context, Error};
use bailiwick_store::WriteTransaction;

use crate::change;
use crate::native::Native;
use crate::policy::Policy;
use crate::policy::lockout::Guesses;
use crate::record::credential::{self, Credential};
use crate::record::{Draft, EntryId, Fault};
use crate::sign_ins::Logons;

/// How long an account's logons wait once one was written: a minute.
const STATISTICS_INTERVAL: Interval = Interval::from_seconds(60);
/// How old lastLogonTimestamp gets before a logon renews it, as msDS-LogonTimeSyncInterval has it by default.
const TIMESTAMP_INTERVAL: Interval = Interval::from_days(14);
/// The most accounts whose waiting logons go along with one write.
const ACCOUNTS_PER_WRITE_MAX: usize = 128;
/// RID of the built-in Administrator.
const RID_ADMINISTRATOR: u32 = 500;

/// Records a good sign-in, and writes a credential that was made anew unless another password was set meanwhile.
pub(crate) fn record(
    native: &Native,
    context: &Context<'_>,
    id: EntryId,
    fresh: Option<&Credential>,
) -> Result<(), Error> {
    let waits = native.sign_ins.note_logon(id, context.now);
    if waits && fresh.is_none() && !is_due(native, context, id)? {
        return Ok(());
    }
    let own = match waits {
        true => native.sign_ins.take_logons(id),
        false => Some(Logons { last: context.now, count: 1 }),
    };
    let others = native.sign_ins.take_some_logons(ACCOUNTS_PER_WRITE_MAX);
    native
        .store
        .transact(|transaction| write(native, transaction, context.now, (id, own), &others, fresh))
        .map_err(Fault::Store)??;
    Ok(())
}

/// Counts a wrong password, and locks the account when the policy says so.
pub(crate) fn record_wrong(native: &Native, context: &Context<'_>, id: EntryId) -> Result<(), Error> {
    let known = native.schema.known();
    let outcome = native.store.transact(|transaction| -> Result<(), Fault> {
        let Some(before) = living(native, transaction, id)? else { return Ok(()) };
        let lockout = Policy::of_domain(native, native.snapshot(&*transaction))?.lockout;
        let time = |attribute| FileTime(before.integer(attribute).unwrap_or_default());
        let guesses = Guesses {
            count: before.integer(known.bad_pwd_count).unwrap_or_default(),
            last: time(known.bad_password_time),
            locked_at: time(known.lockout_time),
        };
        let is_exempt = !lockout.locks_administrator && is_administrator(native, &before);
        let after = lockout.after_wrong(guesses, context.now, is_exempt);
        let mut draft = before.clone();
        draft.set(known.bad_pwd_count, after.count.to_string());
        draft.set(known.bad_password_time, after.last.0.to_string());
        if after.locked_at != guesses.locked_at {
            draft.set(known.lockout_time, after.locked_at.0.to_string());
            return change::update(transaction, &native.schema, &mut draft);
        }
        change::update_unnoticed(transaction, &native.schema, &draft)
    });
    Ok(outcome.map_err(Fault::Store)??)
}

/// Writes all logons that wait: now and then, and when the directory closes.
pub(crate) fn flush(native: &Native) {
    loop {
        let waiting = native.sign_ins.take_some_logons(ACCOUNTS_PER_WRITE_MAX);
        if waiting.is_empty() {
            return;
        }
        let outcome = native.store.transact(|transaction| {
            waiting.iter().try_for_each(|(id, logons)| write_statistics(native, transaction, *id, *logons, false))
        });
        // Statistics that cannot be written any more are lost; nothing depends on them.
        if !matches!(outcome, Ok(Ok(()))) {
            return;
        }
    }
}

/// Whether a good sign-in has something to write now.
fn is_due(native: &Native, context: &Context<'_>, id: EntryId) -> Result<bool, Error> {
    let known = native.schema.known();
    let transaction = native.store.read().map_err(Fault::Store)?;
    let Some(record) = native.snapshot(transaction.as_ref()).record(id)? else { return Ok(false) };
    let number = |attribute| record.integer(attribute).unwrap_or_default();
    let is_older = |attribute, interval| FileTime(number(attribute)).after(interval) <= context.now;
    Ok(number(known.bad_pwd_count) != 0
        || number(known.lockout_time) != 0
        || is_older(known.last_logon, STATISTICS_INTERVAL)
        || is_older(known.last_logon_timestamp, TIMESTAMP_INTERVAL))
}

fn write(
    native: &Native,
    transaction: &mut dyn WriteTransaction,
    now: FileTime,
    own: (EntryId, Option<Logons>),
    others: &[(EntryId, Logons)],
    fresh: Option<&Credential>,
) -> Result<(), Fault> {
    let (id, logons) = own;
    // A sign-in of the same account on another thread may have taken them along.
    let logons = logons.unwrap_or(Logons { last: now, count: 0 });
    write_statistics(native, transaction, id, logons, true)?;
    if let Some(fresh) = fresh
        && credential::read(&*transaction, id)?.is_some_and(|stored| stored.version == fresh.version)
    {
        credential::write(transaction, id, fresh)?;
    }
    others.iter().try_for_each(|(id, logons)| write_statistics(native, transaction, *id, *logons, false))
}

/// Adds logons to an account, and renews the time that other domain controllers would see. A sign-in that is being
/// recorded ends the count of wrong passwords too.
fn write_statistics(
    native: &Native,
    transaction: &mut dyn WriteTransaction,
    id: EntryId,
    logons: Logons,
    signs_in: bool,
) -> Result<(), Fault> {
    let known = native.schema.known();
    let Some(before) = living(native, transaction, id)? else { return Ok(()) };
    let mut draft = before.clone();
    let number = |attribute| before.integer(attribute).unwrap_or_default();
    let last = number(known.last_logon).max(logons.last.0);
    draft.set(known.last_logon, last.to_string());
    let count = number(known.logon_count).saturating_add(logons.count.into()).min(i32::MAX.into());
    draft.set(known.logon_count, count.to_string());
    let mut is_noticed = false;
    if signs_in {
        if number(known.bad_pwd_count) != 0 {
            draft.set(known.bad_pwd_count, "0");
        }
        if number(known.lockout_time) != 0 {
            draft.set(known.lockout_time, "0");
            is_noticed = true;
        }
    }
    if FileTime(number(known.last_logon_timestamp)).after(TIMESTAMP_INTERVAL) <= logons.last {
        draft.set(known.last_logon_timestamp, logons.last.0.to_string());
        is_noticed = true;
    }
    match is_noticed {
        true => change::update(transaction, &native.schema, &mut draft),
        false => change::update_unnoticed(transaction, &native.schema, &draft),
    }
}

fn living(native: &Native, transaction: &dyn WriteTransaction, id: EntryId) -> Result<Option<Draft>, Fault> {
    let record = native.snapshot(transaction).record(id)?;
    Ok(record.filter(|record| !record.is_deleted()).map(|record| Draft::of(&record)))
}

fn is_administrator(native: &Native, draft: &Draft) -> bool {
    let sid = draft.value(native.schema.known().object_sid).and_then(|octets| Sid::from_bytes(octets).ok());
    sid.is_some() && sid == native.facts.domain_sid.with_rid(RID_ADMINISTRATOR)
}
