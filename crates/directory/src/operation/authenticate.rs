//! Signing in with a name and a password. [MS-ADTS] 5.1.1.1.1.

use std::sync::Arc;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_credential::PasswordHash;
use bailiwick_domain::{Authentication, Check, Context, Error, Identity, Password, Refusal, Requester, SignInFailure};

use crate::computed::token_groups;
use crate::native::Native;
use crate::operation::target;
use crate::record::{EntryId, Fault, Record, Snapshot, credential};

/// ACCOUNTDISABLE of userAccountControl. [MS-ADTS] 2.2.16.
const ACCOUNT_DISABLED: i64 = 0x2;
/// The longest name that is looked up.
const NAME_OCTETS_MAX: usize = 4096;

/// Finds the account and its hash. A name that nobody has gets a check that fails after the same work.
pub(crate) fn begin(native: &Native, context: &Context<'_>, name: &str, password: &Password) -> Authentication {
    if name.is_empty() && password.is_empty() {
        return Authentication::Decided(Ok(Requester { identity: Identity::Anonymous, ..context.requester.clone() }));
    }
    // RFC 4513 section 5.1.2: a name without a password is no sign-in, whoever the name is.
    if password.is_empty() {
        return Authentication::Decided(Err(Error::Refused(Refusal::EmptyPassword)));
    }
    match find_with_hash(native, name) {
        Ok(Some((account, hash))) => Authentication::Check(Check::new(password.clone(), hash, Some(account.0))),
        Ok(None) => {
            let hash = PasswordHash::unmatchable(native.cost);
            Authentication::Check(Check::new(password.clone(), hash, None))
        }
        Err(fault) => Authentication::Decided(Err(fault)),
    }
}

/// Says who signed in, once the password is verified.
pub(crate) fn finish(
    native: &Native,
    context: &Context<'_>,
    check: &Check,
    verified: bool,
) -> Result<Requester, Error> {
    let Some(account) = check.account() else { return Err(Error::SignIn(SignInFailure::UnknownName)) };
    if !verified {
        return Err(Error::SignIn(SignInFailure::WrongPassword));
    }
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    let known = snapshot.schema.known();
    // The account may have gone or been changed while the password was checked.
    let record = match snapshot.record(EntryId(account))? {
        Some(record) if !record.is_deleted() => record,
        _ => return Err(Error::SignIn(SignInFailure::UnknownName)),
    };
    if record.integer(known.user_account_control).is_none_or(|flags| flags & ACCOUNT_DISABLED != 0) {
        return Err(Error::SignIn(SignInFailure::AccountDisabled));
    }
    let sid = record
        .value(known.object_sid)
        .and_then(|octets| Sid::from_bytes(octets).ok())
        .ok_or(Fault::Damaged { what: "objectSid", id: account })?;
    let groups: Arc<[Sid]> = token_groups::all(snapshot, &record)?.into();
    let account_name = String::from_utf8_lossy(record.value(known.sam_account_name).unwrap_or_default()).into_owned();
    Ok(Requester {
        identity: Identity::Account { sid, groups, name: format!("{}\\{account_name}", native.netbios_name()).into() },
        ..context.requester.clone()
    })
}

fn find_with_hash(native: &Native, name: &str) -> Result<Option<(EntryId, PasswordHash)>, Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    if name.len() > NAME_OCTETS_MAX {
        return Ok(None);
    }
    let Some(account) = find(native, snapshot, name)? else { return Ok(None) };
    Ok(credential::read(snapshot.transaction, account)?.map(|hash| (account, hash)))
}

/// The account with a sign-in name; the first form that fits decides.
fn find(native: &Native, snapshot: Snapshot<'_>, name: &str) -> Result<Option<EntryId>, Error> {
    let known = snapshot.schema.known();
    let by = |attribute, value: &str| -> Result<Option<EntryId>, Error> {
        Ok(snapshot.by_unique(attribute, value.as_bytes())?.filter(|id| is_account(snapshot, *id)))
    };
    // 1. A distinguished name, or one of its bracketed forms.
    if name.contains('=')
        && let Ok(object) = ObjectName::parse(name)
    {
        match target::find(native, snapshot, &object) {
            Ok(id) => return Ok(Some(id).filter(|id| is_account(snapshot, *id))),
            Err(Error::NoSuchObject { .. } | Error::Referral { .. } | Error::InvalidName) => {}
            Err(error) => return Err(error),
        }
    }
    // 2. A user principal name. 3. The account name at the domain, by its DNS or NetBIOS name.
    if let Some(found) = by(known.user_principal_name, name)? {
        return Ok(Some(found));
    }
    if let Some((account, domain)) = name.rsplit_once('@')
        && is_our_domain(native, domain)
        && let Some(found) = by(known.sam_account_name, account)?
    {
        return Ok(Some(found));
    }
    // 4. DOMAIN\account.
    if let Some((domain, account)) = name.split_once('\\') {
        return if is_our_domain(native, domain) { by(known.sam_account_name, account) } else { Ok(None) };
    }
    // 5. A canonical name: example.com/Users/Ada, also with a line feed before the last part.
    if let Some(found) = by_canonical_name(native, snapshot, name)? {
        return Ok(Some(found));
    }
    // 6. objectGUID in braces. 7. displayName. 8. servicePrincipalName.
    if name.starts_with('{')
        && let Ok(guid) = name.parse::<Guid>()
    {
        return Ok(snapshot.by_guid(&guid)?.filter(|id| is_account(snapshot, *id)));
    }
    if let Some(found) = by(known.display_name, name)? {
        return Ok(Some(found));
    }
    if let Some(found) = by(known.service_principal_name, name)? {
        return Ok(Some(found));
    }
    // 9. A SID, also one from the account's history.
    if let Ok(sid) = name.parse::<Sid>() {
        let found = match snapshot.by_sid(&sid)? {
            Some(found) => Some(found),
            None => snapshot.by_unique(known.sid_history, &sid.to_bytes())?,
        };
        return Ok(found.filter(|id| is_account(snapshot, *id)));
    }
    // 10. The bare account name.
    by(known.sam_account_name, name)
}

fn is_our_domain(native: &Native, name: &str) -> bool {
    name.eq_ignore_ascii_case(native.domain_name()) || name.eq_ignore_ascii_case(native.netbios_name())
}

/// Whether the object is a live one that signs in: a user, or a class below it.
fn is_account(snapshot: Snapshot<'_>, id: EntryId) -> bool {
    let known = snapshot.schema.known();
    matches!(snapshot.record(id), Ok(Some(record)) if !record.is_deleted() && is_user(snapshot, &record, known.class_user))
}

fn is_user(snapshot: Snapshot<'_>, record: &Record<'_>, user: crate::schema::ClassNumber) -> bool {
    snapshot.schema.class(record.class()).is_some_and(|class| class.is_a(user))
}

fn by_canonical_name(native: &Native, snapshot: Snapshot<'_>, name: &str) -> Result<Option<EntryId>, Error> {
    let Some((domain, path)) = name.split_once('/') else { return Ok(None) };
    if !domain.eq_ignore_ascii_case(native.domain_name()) {
        return Ok(None);
    }
    let known = snapshot.schema.known();
    let mut id = native.facts.domain;
    for part in path.split(['/', '\n']).filter(|part| !part.is_empty()) {
        let mut next = None;
        for attribute in [known.cn, known.ou] {
            next = next.or(snapshot.child(id, attribute, part.as_bytes())?);
        }
        match next {
            Some(child) => id = child,
            None => return Ok(None),
        }
    }
    Ok(Some(id).filter(|id| is_account(snapshot, *id)))
}
