//! Who asks, as the access check sees it: a set of SIDs. [MS-ADTS] 5.1.3.4, [MS-PAC] 4.1.2.2.

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Error, Identity, Requester};

use crate::computed::token_groups;
use crate::record::{Record, Snapshot};

/// RID of Domain Admins in every domain.
const RID_DOMAIN_ADMINS: u32 = 512;
/// What every account is that has signed in over a network.
const SIGNED_IN: [Sid; 4] = [Sid::EVERYONE, Sid::NETWORK, Sid::AUTHENTICATED_USERS, Sid::THIS_ORGANIZATION];

/// The SIDs of somebody who asks.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// Sorted, each once.
    sids: Box<[Sid]>,
    administrator: bool,
}

impl Token {
    /// The token of a requester; none for the directory itself, which is asked nothing.
    pub fn of(requester: &Requester) -> Option<Token> {
        match &requester.identity {
            Identity::System => None,
            // Nobody is not part of Everyone: the default of everyoneIncludesAnonymous.
            Identity::Anonymous => Some(Token::new([Sid::ANONYMOUS, Sid::NETWORK], false)),
            Identity::Account { sid, groups, .. } => {
                let sids = groups.iter().copied().chain(SIGNED_IN).chain([*sid]);
                Some(Token::new(sids, is_administrator(requester)))
            }
        }
    }

    pub(super) fn new(sids: impl IntoIterator<Item = Sid>, administrator: bool) -> Token {
        let mut sids: Vec<Sid> = sids.into_iter().collect();
        sids.sort_unstable();
        sids.dedup();
        Token { sids: sids.into(), administrator }
    }

    /// Whether the SID is one of who asks.
    pub fn contains(&self, sid: &Sid) -> bool {
        self.sids.binary_search(sid).is_ok()
    }

    /// Whether the privileges of administrators come with it.
    pub fn is_administrator(&self) -> bool {
        self.administrator
    }
}

/// Whether the requester is the directory itself, or a member of BUILTIN\Administrators or Domain Admins.
fn is_administrator(requester: &Requester) -> bool {
    match &requester.identity {
        Identity::System => true,
        Identity::Anonymous => false,
        Identity::Account { sid, groups, .. } => {
            let domain_admins = sid.domain().and_then(|domain| domain.with_rid(RID_DOMAIN_ADMINS));
            groups.iter().any(|group| *group == Sid::BUILTIN_ADMINISTRATORS || Some(*group) == domain_admins)
        }
    }
}

/// The groups of an account that signs in: its own, and those that everybody belongs to who has signed in.
///
/// # Errors
/// `AdministrativeLimit` for an account of too many groups, or when the store fails.
pub(crate) fn groups_at_sign_in(snapshot: Snapshot<'_>, account: &Record<'_>) -> Result<Vec<Sid>, Error> {
    let mut groups = token_groups::all(snapshot, account)?;
    groups.extend(token_groups::of_principals(snapshot, &SIGNED_IN)?);
    groups.sort_unstable();
    groups.dedup();
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bailiwick_domain::Protection;

    use super::*;

    fn account(groups: &[Sid]) -> Requester {
        let sid = "S-1-5-21-1-2-3-1104".parse().unwrap();
        let identity = Identity::Account { sid, groups: Arc::from(groups), name: Arc::from("X\\bob") };
        Requester { identity, address: None, protection: Protection::Local }
    }

    #[test]
    fn administrators_are_known_by_their_groups() {
        let domain_admins: Sid = "S-1-5-21-1-2-3-512".parse().unwrap();
        let others: Sid = "S-1-5-21-9-9-9-512".parse().unwrap();
        for (groups, expected) in [
            (&[Sid::BUILTIN_ADMINISTRATORS][..], true),
            (&[domain_admins], true),
            (&[others, Sid::BUILTIN_USERS], false),
            (&[], false),
        ] {
            assert_eq!(is_administrator(&account(groups)), expected, "{groups:?}");
        }
        assert!(is_administrator(&Requester::system()));
        assert!(!is_administrator(&Requester::anonymous(None, Protection::Encrypted)));
    }

    #[test]
    fn accounts_are_everyone_and_nobody_is_not() {
        let nobody = Token::of(&Requester::anonymous(None, Protection::Encrypted)).unwrap();
        assert!(nobody.contains(&Sid::ANONYMOUS) && !nobody.contains(&Sid::EVERYONE));
        let bob = Token::of(&account(&[Sid::BUILTIN_USERS])).unwrap();
        for sid in [Sid::EVERYONE, Sid::AUTHENTICATED_USERS, Sid::BUILTIN_USERS, "S-1-5-21-1-2-3-1104".parse().unwrap()]
        {
            assert!(bob.contains(&sid), "{sid}");
        }
        assert!(!bob.contains(&Sid::BUILTIN_ADMINISTRATORS) && !bob.contains(&Sid::ANONYMOUS));
        assert!(Token::of(&Requester::system()).is_none());
    }
}
