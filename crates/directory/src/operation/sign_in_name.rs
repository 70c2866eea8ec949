//! The account that a sign-in name means: ten forms, tried in order; what several accounts have means none of them.
//! [MS-ADTS] 5.1.1.1.1.

use std::cell::Cell;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Error;

use crate::native::Native;
use crate::operation::target;
use crate::record::{EntryId, Record, Snapshot};
use crate::schema::AttributeNumber;

/// The longest name that is looked up.
const NAME_OCTETS_MAX: usize = 4096;

/// The account with a sign-in name; the first form that fits decides.
pub(crate) fn find(native: &Native, snapshot: Snapshot<'_>, name: &str) -> Result<Option<EntryId>, Error> {
    if name.len() > NAME_OCTETS_MAX {
        return Ok(None);
    }
    let known = snapshot.schema.known();
    let by = |attribute, value: &str| with_value(snapshot, attribute, value);
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
    if let Some(holder) = by(known.user_principal_name, name)? {
        return Ok(holder.only());
    }
    if let Some((account, domain)) = name.rsplit_once('@')
        && is_our_domain(native, domain)
        && let Some(holder) = by(known.sam_account_name, account)?
    {
        return Ok(holder.only());
    }
    // 4. DOMAIN\account.
    if let Some((domain, account)) = name.split_once('\\') {
        return match is_our_domain(native, domain) {
            true => Ok(by(known.sam_account_name, account)?.and_then(Holder::only)),
            false => Ok(None),
        };
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
    for attribute in [known.display_name, known.service_principal_name] {
        if let Some(holder) = by(attribute, name)? {
            return Ok(holder.only());
        }
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
    Ok(by(known.sam_account_name, name)?.and_then(Holder::only))
}

/// Which account has a value.
enum Holder {
    /// This one and no other.
    One(EntryId),
    /// Several: the value is nobody's name, and no other form is tried.
    Several,
}

impl Holder {
    fn only(self) -> Option<EntryId> {
        match self {
            Holder::One(id) => Some(id),
            Holder::Several => None,
        }
    }
}

fn with_value(snapshot: Snapshot<'_>, attribute: AttributeNumber, value: &str) -> Result<Option<Holder>, Error> {
    let first = Cell::new(None);
    let second = snapshot.first_with(attribute, value.as_bytes(), |record| {
        is_account(snapshot, record) && first.replace(Some(first.get().unwrap_or(record.id()))).is_some()
    })?;
    Ok(match (first.get(), second) {
        (_, Some(_)) => Some(Holder::Several),
        (Some(id), None) => Some(Holder::One(id)),
        (None, None) => None,
    })
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
