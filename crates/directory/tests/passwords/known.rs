//! Who somebody is now that showed a password before, and has a token or a session for it.

use bailiwick_adtypes::modification::Operation;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Identity, SignInFailure as Failure};

use super::*;

fn sid_of(directory: &Native) -> Sid {
    let requester = sign_in(directory, "ada", FIRST, NOW).expect("she knows her password");
    let Identity::Account { sid, .. } = requester.identity else { panic!("an account") };
    sid
}

fn known(directory: &Native, sid: &Sid) -> Result<Requester, Error> {
    let client = client();
    directory.account(&at(&client, NOW), sid)
}

#[test]
fn an_account_is_what_it_is_at_this_moment() {
    let directory = with_ada();
    let sid = sid_of(&directory);
    let groups = |directory: &Native| match known(directory, &sid).expect("she is let in").identity {
        Identity::Account { sid: found, groups, name } => {
            assert_eq!((found, name.as_ref()), (sid, "EXAMPLE\\ada"));
            groups.len()
        }
        other => panic!("{other:?}"),
    };
    let before = groups(&directory);
    let member = modify(&dn("Domain Admins"), &[(Operation::Add, "member", &[dn("ada").as_bytes()])]);
    restore(&directory, member).expect("she becomes a member");
    assert!(groups(&directory) > before);
}

#[test]
fn what_restricts_the_account_holds_and_what_concerns_its_password_does_not() {
    let never: &[u8] = &[0; 21];
    let cases: [(&str, &[u8], Option<Failure>); 7] = [
        ("userAccountControl", b"514", Some(Failure::AccountDisabled)),
        ("accountExpires", b"132000000000000000", Some(Failure::AccountExpired)),
        ("userWorkstations", b"PC1,PC2", Some(Failure::Workstation)),
        ("logonHours", never, Some(Failure::LogonHours)),
        ("pwdLastSet", b"0", None),
        ("pwdLastSet", b"132000000000000000", None),
        ("lockoutTime", b"134000000000000000", None),
    ];
    for (attribute, value, expected) in cases {
        let directory = with_ada();
        let sid = sid_of(&directory);
        restore(&directory, modify(&dn("ada"), &[(Operation::Replace, attribute, &[value])])).unwrap();
        let found = known(&directory, &sid).map(drop);
        assert_eq!(found, expected.map_or(Ok(()), |expected| Err(failure(expected))), "{attribute}");
    }
}

#[test]
fn an_account_that_is_gone_is_nobody() {
    let directory = with_ada();
    let sid = sid_of(&directory);
    restore(&directory, Change::Delete { name: name("ada"), tree: false }).expect("she goes");
    assert_eq!(known(&directory, &sid).map(drop), Err(failure(Failure::UnknownName)));
}
