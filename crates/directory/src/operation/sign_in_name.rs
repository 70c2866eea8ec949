//! The account that a sign-in name means: ten forms, tried in order. [MS-ADTS] 5.1.1.1.1.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Error;

use crate::native::Native;
use crate::operation::target;
use crate::record::{EntryId, Record, Snapshot};

/// The longest name that is looked up.
const NAME_OCTETS_MAX: usize = 4096;

/// The account with a sign-in name; the first form that fits decides.
pub(crate) fn find(native: &Native, snapshot: Snapshot<'_>, name: &str) -> Result<Option<EntryId>, Error> {
    if name.len() > NAME_OCTETS_MAX {
        return Ok(None);
    }
    let known = snapshot.schema.known();
    let by = |attribute, value: &str| -> Result<Option<EntryId>, Error> {
        Ok(snapshot.first_with(attribute, value.as_bytes(), |record| is_account(snapshot, record))?)
    };
    // 1. A distinguished name, or one of its bracketed forms.
    if name.contains('=')
        && let Ok(object) = ObjectName::parse(name)
    {
        match target::find(native, snapshot, &object) {
            Ok(id) => return Ok(Some(id).filter(|id| leads_to_account(snapshot, *id))),
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
        return Ok(snapshot.by_guid(&guid)?.filter(|id| leads_to_account(snapshot, *id)));
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
            None => snapshot.first_with(known.sid_history, &sid.to_bytes(), |record| is_account(snapshot, record))?,
        };
        return Ok(found.filter(|id| leads_to_account(snapshot, *id)));
    }
    // 10. The bare account name.
    by(known.sam_account_name, name)
}

fn is_our_domain(native: &Native, name: &str) -> bool {
    name.eq_ignore_ascii_case(native.domain_name()) || name.eq_ignore_ascii_case(native.netbios_name())
}

/// Whether the object is a live one that signs in: a user, or a class below it.
fn is_account(snapshot: Snapshot<'_>, record: &Record<'_>) -> bool {
    let user = snapshot.schema.known().class_user;
    !record.is_deleted() && snapshot.schema.class(record.class()).is_some_and(|class| class.is_a(user))
}

fn leads_to_account(snapshot: Snapshot<'_>, id: EntryId) -> bool {
    matches!(snapshot.record(id), Ok(Some(record)) if is_account(snapshot, &record))
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
    Ok(Some(id).filter(|id| leads_to_account(snapshot, *id)))
}
