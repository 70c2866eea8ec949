//! Guessing by address: wrong passwords count together, whichever face and whichever accounts they are tried at.

use bailiwick_credential::Password;
use bailiwick_domain::attempts::FAILURES_MAX;
use bailiwick_domain::{Authentication, Error, Process, Protection, Requester, SignInFailure, Verdict};

use crate::world::{HOST_PASSWORD, PASSWORD, World};

fn from(address: &str) -> Requester {
    Requester::anonymous(Some(address.parse().unwrap()), Protection::Encrypted)
}

/// Signs in as the LDAP face does.
fn bind(world: &World, from: &Requester, name: &str, password: &str) -> Result<(), Error> {
    let context = world.process.context(from, 1);
    match world.directory.authenticate(&context, name, &Password::new(password.as_bytes())) {
        Authentication::Decided(result) => result.map(drop),
        Authentication::Check(check) => {
            let verdict: Verdict = check.run();
            world.directory.finish(&context, check, verdict).map(drop)
        }
    }
}

fn login(world: &World, from: &Requester, account: &str, password: &str) -> u64 {
    let body = format!("api=SYNO.API.Auth&version=7&method=login&account={account}&passwd={password}");
    world.send_from(from, "POST", "/webapi/auth.cgi", &body, &[]).code()
}

#[test]
fn wrong_passwords_over_the_web_stop_binds_of_that_address() {
    for account in ["nobody", "EXAMPLE%5Cnobody", "root@elsewhere.org"] {
        let world = World::new();
        let guesser = from("192.0.2.1");
        // The accounts' own lock-out answers 411 in between, and counts nothing.
        let mut tried = 0;
        while login(&world, &guesser, &format!("{account}{tried}"), "wrong") == 400 {
            tried += 1;
        }
        assert_eq!(tried, FAILURES_MAX, "{account}");
        assert_eq!(login(&world, &guesser, "admin", HOST_PASSWORD), 407);
        let slowed = Err(Error::SignIn(SignInFailure::TooManyAttempts));
        assert_eq!(bind(&world, &guesser, "Administrator", PASSWORD), slowed);
        assert_eq!(bind(&world, &from("192.0.2.2"), "Administrator", PASSWORD), Ok(()));
        assert_eq!(login(&world, &from("192.0.2.2"), "admin", HOST_PASSWORD), 0);
        world.wait(2);
        assert_eq!(login(&world, &guesser, "admin", HOST_PASSWORD), 0);
    }
}

#[test]
fn wrong_passwords_of_a_host_account_count_for_the_address() {
    let world = World::new();
    let guesser = from("192.0.2.1");
    let mut wrong = 0;
    for _ in 0..FAILURES_MAX {
        wrong += u32::from(login(&world, &guesser, "admin", "wrong") == 400);
    }
    assert!(wrong > 0 && wrong < FAILURES_MAX, "the account locks first, and then nothing is looked at");
    for number in wrong..FAILURES_MAX {
        assert_eq!(bind(&world, &guesser, "Administrator", PASSWORD), Ok(()));
        assert_eq!(login(&world, &guesser, &format!("nobody{number}"), "wrong"), 400);
    }
    assert_eq!(login(&world, &guesser, "nobody", "wrong"), 407);
}

#[test]
fn wrong_binds_stop_sign_ins_of_either_kind_over_the_web() {
    let world = World::new();
    let guesser = from("2001:db8::1");
    for number in 0..FAILURES_MAX {
        bind(&world, &guesser, &format!("nobody{number}"), "wrong").unwrap_err();
    }
    let neighbour = from("2001:db8::2");
    assert_eq!(login(&world, &neighbour, "admin", HOST_PASSWORD), 407);
    assert_eq!(login(&world, &neighbour, "Administrator", PASSWORD), 407);
    assert_eq!(login(&world, &from("2001:db8:0:1::1"), "admin", HOST_PASSWORD), 0);
}
