//! One-time codes: enrolled, confirmed, shown, used up.

use std::ops::ControlFlow;

use bailiwick_accounts::second_factor::{Enrolment, Error, Proof, RECOVERY_CODES, Status, Subject};
use bailiwick_credential::{Seed, Step};
use bailiwick_store::Space;

use crate::{Host, NOON, open};

const ADA: &str = "S-1-5-21-1-2-3-1104";
/// How long a code is shown.
const STEP: i64 = 30;
/// How long wrong codes make everybody wait.
const PAUSE: i64 = 15 * 60;

fn ada() -> Subject {
    ADA.parse().unwrap()
}

/// What the device shows at a time.
fn code(seed: &Seed, unix_seconds: i64) -> String {
    String::from_utf8(seed.code(Step::at(unix_seconds)).to_vec()).unwrap()
}

/// Enrolled and confirmed at noon.
fn enrolled(host: &Host) -> Enrolment {
    let enrolment = host.accounts.second_factors.enrol(&host.at(NOON), &ada()).unwrap();
    let code = code(&enrolment.seed, NOON);
    host.accounts.second_factors.confirm(&host.at(NOON), &ada(), &code).unwrap();
    enrolment
}

fn word(result: Result<Proof, Error>) -> String {
    match result {
        Ok(Proof::Code) => "code".into(),
        Ok(Proof::RecoveryCode { left }) => format!("{left} left"),
        Err(error) => format!("{error:?}").split(' ').next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn nothing_is_asked_of_somebody_before_a_code_is_confirmed() {
    let host = Host::new();
    let factors = &host.accounts.second_factors;
    assert_eq!(factors.status(&ada()).unwrap(), Status::None);
    let first = factors.enrol(&host.at(NOON), &ada()).unwrap();
    assert!(matches!(factors.status(&ada()).unwrap(), Status::Pending { .. }));
    assert_eq!(word(factors.verify(&host.at(NOON), &ada(), &code(&first.seed, NOON))), "NotEnrolled");
    // Whoever lost the picture begins anew, and the former seed is worth nothing.
    let second = factors.enrol(&host.at(NOON), &ada()).unwrap();
    assert!(matches!(factors.confirm(&host.at(NOON), &ada(), &code(&first.seed, NOON)), Err(Error::WrongCode)));
    factors.confirm(&host.at(NOON), &ada(), &code(&second.seed, NOON)).unwrap();
    let expected = Status::Active { since: host.at(NOON).now, recovery_codes: RECOVERY_CODES };
    assert_eq!(factors.status(&ada()).unwrap(), expected);
    assert!(matches!(factors.enrol(&host.at(NOON), &ada()), Err(Error::AlreadyActive)));
    assert!(matches!(factors.confirm(&host.at(NOON), &ada(), "000000"), Err(Error::AlreadyActive)));
}

#[test]
fn a_code_works_once_and_only_in_its_time() {
    let host = Host::new();
    let seed = enrolled(&host).seed;
    let verify =
        |shown: i64, now: i64| word(host.accounts.second_factors.verify(&host.at(now), &ada(), &code(&seed, shown)));
    // The code of the confirmation is used up.
    assert_eq!(verify(NOON, NOON), "WrongCode");
    assert_eq!(verify(NOON + STEP, NOON + STEP), "code");
    assert_eq!(verify(NOON + STEP, NOON + STEP), "WrongCode");
    assert_eq!(verify(NOON + 10 * STEP, NOON + 8 * STEP), "WrongCode");
    assert_eq!(verify(NOON + 10 * STEP, NOON + 11 * STEP), "code");
    // One that is still good but older than the last one is refused too.
    assert_eq!(verify(NOON + 10 * STEP, NOON + 10 * STEP), "WrongCode");
}

#[test]
fn each_recovery_code_works_once() {
    let host = Host::new();
    let codes = enrolled(&host).recovery_codes;
    let verify = |typed: &str| word(host.accounts.second_factors.verify(&host.at(NOON), &ada(), typed));
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert_eq!(verify(&codes[3].expose().to_lowercase()), format!("{} left", RECOVERY_CODES - 1));
    assert_eq!(verify(codes[3].expose()), "WrongCode");
    assert_eq!(verify(codes[0].expose()), format!("{} left", RECOVERY_CODES - 2));
    assert_eq!(verify(""), "WrongCode");
}

#[test]
fn guessing_makes_a_pause_in_which_nothing_counts() {
    let host = Host::new();
    let seed = enrolled(&host).seed;
    let verify = |typed: &str, now: i64| word(host.accounts.second_factors.verify(&host.at(now), &ada(), typed));
    for _ in 0..5 {
        assert_eq!(verify("no code", NOON), "WrongCode");
    }
    let soon = NOON + 2 * STEP;
    assert_eq!(verify(&code(&seed, soon), soon), "TooManyWrongCodes");
    // After the pause one more guess is had, and the next pause begins with it.
    assert_eq!(verify("no code", NOON + PAUSE), "WrongCode");
    assert_eq!(verify(&code(&seed, NOON + PAUSE), NOON + PAUSE), "TooManyWrongCodes");
    let later = NOON + 2 * PAUSE;
    assert_eq!(verify(&code(&seed, later), later), "code");
    assert_eq!(verify("no code", later), "WrongCode");
    assert_eq!(verify(&code(&seed, later + STEP), later + STEP), "code");
}

#[test]
fn what_is_kept_survives_and_is_sealed_for_its_account() {
    let host = Host::new();
    let enrolment = enrolled(&host);
    let again = open(&host.store, 1);
    assert!(matches!(again.second_factors.status(&ada()), Ok(Status::Active { .. })));
    let transaction = host.store.read().unwrap();
    let mut kept = Vec::new();
    let mut count = 0;
    transaction
        .scan(Space("second-factor"), &[], None, &mut |_, value| {
            kept.extend_from_slice(value);
            count += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(count, 1);
    assert!(!kept.windows(8).any(|window| window == &enrolment.seed.expose()[..8]), "the seed lies open");
    // Another host's key opens nothing, and a door that cannot look does not open; taking it away still works.
    let other = open(&host.store, 2).second_factors;
    assert!(matches!(other.status(&ada()), Err(Error::Unreadable)));
    let code = code(&enrolment.seed, NOON + STEP);
    assert!(matches!(other.verify(&host.at(NOON + STEP), &ada(), &code), Err(Error::Unreadable)));
    assert!(other.remove(&ada()).unwrap());
    assert!(!other.remove(&ada()).unwrap());
}

#[test]
fn an_envelope_of_another_account_does_not_open() {
    let host = Host::new();
    enrolled(&host);
    let space = Space("second-factor");
    let moved = host.store.transact(|transaction| {
        let key =
            [&b"d"[..], &"S-1-5-21-1-2-3-1104".parse::<bailiwick_adtypes::sid::Sid>().unwrap().to_bytes()].concat();
        let envelope = transaction.get(space, &key)?.unwrap().to_vec();
        transaction.put(space, b"h\0\0\0\x07", &envelope)
    });
    moved.unwrap().unwrap();
    assert!(matches!(host.accounts.second_factors.status(&Subject::Host(7)), Err(Error::Unreadable)));
}

#[test]
fn accounts_of_domain_and_host_have_each_their_own() {
    let host = Host::new();
    enrolled(&host);
    assert_eq!(host.accounts.second_factors.status(&Subject::Host(1104)).unwrap(), Status::None);
}
