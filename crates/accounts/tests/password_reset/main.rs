//! Tickets for a new password: good once, for a time, from one address, and for one account.

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;

use bailiwick_accounts::password_reset::{Claim, TICKET_MINUTES_MAX, TICKET_PAUSE_MINUTES, Tickets};
use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::{SPACES, open};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_store::{Memory, Store};

const START: FileTime = FileTime(133_000_000_000_000_000);
const ADA: Claim = Claim { subject: Subject::Host(1026), stamp: 7 };
const EVE: Claim = Claim { subject: Subject::Host(1027), stamp: 7 };

struct Desk {
    store: Arc<dyn Store>,
    tickets: Tickets,
    drawn: Cell<u8>,
}

impl Desk {
    fn new() -> Desk {
        let memory = Memory::open(SPACES);
        open(&memory).unwrap();
        let store: Arc<dyn Store> = Arc::new(memory);
        Desk { tickets: Tickets::new(Arc::clone(&store)), store, drawn: Cell::new(0) }
    }

    fn issue(&self, claim: Claim, minute: u64) -> Option<String> {
        let random = |octets: &mut [u8]| {
            self.drawn.set(self.drawn.get() + 1);
            octets.fill(self.drawn.get());
        };
        let ticket = self.tickets.issue(claim, home(), at(minute), &random).unwrap();
        ticket.map(|ticket| ticket.expose().to_owned())
    }

    fn find(&self, ticket: &str, minute: u64) -> Option<Claim> {
        self.tickets.find(ticket, home(), at(minute)).unwrap()
    }

    fn use_up(&self, ticket: &str, minute: u64) -> Option<Claim> {
        self.tickets.use_up(ticket, home(), at(minute)).unwrap()
    }
}

fn home() -> IpAddr {
    "192.0.2.1".parse().unwrap()
}

fn at(minute: u64) -> FileTime {
    START.after(Interval::from_seconds(minute * 60))
}

#[test]
fn a_ticket_is_good_once() {
    let desk = Desk::new();
    let ticket = desk.issue(ADA, 0).unwrap();
    assert_eq!(desk.find(&ticket, 1), Some(ADA));
    assert_eq!(desk.find(&ticket, 1), Some(ADA));
    assert_eq!(desk.use_up(&ticket, 2), Some(ADA));
    assert_eq!(desk.use_up(&ticket, 2), None);
    assert_eq!(desk.find(&ticket, 2), None);
}

#[test]
fn a_ticket_is_good_for_half_an_hour() {
    let desk = Desk::new();
    let ticket = desk.issue(ADA, 0).unwrap();
    assert_eq!(desk.find(&ticket, TICKET_MINUTES_MAX - 1), Some(ADA));
    assert_eq!(desk.find(&ticket, TICKET_MINUTES_MAX), None);
    assert_eq!(desk.use_up(&ticket, TICKET_MINUTES_MAX), None);
}

#[test]
fn a_ticket_is_good_from_the_address_that_asked_for_it() {
    let desk = Desk::new();
    let ticket = desk.issue(ADA, 0).unwrap();
    let from = |address: &str| desk.tickets.find(&ticket, address.parse().unwrap(), at(1)).unwrap();
    assert_eq!(from("::ffff:192.0.2.1"), Some(ADA));
    assert_eq!(from("192.0.2.2"), None);
}

#[test]
fn an_account_waits_for_its_next_ticket_used_or_not() {
    let desk = Desk::new();
    let first = desk.issue(ADA, 0).unwrap();
    assert_eq!(desk.issue(ADA, TICKET_PAUSE_MINUTES - 1), None);
    assert!(desk.issue(EVE, 0).is_some());
    desk.use_up(&first, 1).unwrap();
    assert_eq!(desk.issue(ADA, TICKET_PAUSE_MINUTES - 1), None);
    let second = desk.issue(ADA, TICKET_PAUSE_MINUTES).unwrap();
    assert_eq!(desk.find(&second, TICKET_PAUSE_MINUTES), Some(ADA));
}

#[test]
fn a_new_ticket_makes_the_last_one_void() {
    let desk = Desk::new();
    let first = desk.issue(ADA, 0).unwrap();
    let second = desk.issue(ADA, TICKET_PAUSE_MINUTES).unwrap();
    assert_eq!(desk.find(&first, TICKET_PAUSE_MINUTES), None);
    assert_eq!(desk.find(&second, TICKET_PAUSE_MINUTES), Some(ADA));
}

#[test]
fn nobody_elses_account_is_reached_with_a_ticket() {
    let desk = Desk::new();
    let (ada, eve) = (desk.issue(ADA, 0).unwrap(), desk.issue(EVE, 0).unwrap());
    let (subject, _) = ada.split_once('.').unwrap();
    let (_, secret) = eve.split_once('.').unwrap();
    assert_eq!(desk.find(&format!("{subject}.{secret}"), 1), None);
    for text in ["", ".", "a", "a.b.c", &"x".repeat(10_000), &format!("{ada}A"), &ada[1..], "ß.ß"] {
        assert_eq!(desk.find(text, 1), None, "{text}");
        assert_eq!(desk.use_up(text, 1), None, "{text}");
    }
    assert_eq!(desk.find(&ada, 1), Some(ADA));
}

#[test]
fn the_file_holds_no_ticket_and_none_that_is_over() {
    let desk = Desk::new();
    let space = *SPACES.iter().find(|space| space.0 == "reset-ticket").unwrap();
    let ticket = desk.issue(ADA, 0).unwrap();
    let (_, secret) = ticket.split_once('.').unwrap();
    let kept = |store: &Arc<dyn Store>| {
        let transaction = store.read().unwrap();
        let mut kept = Vec::new();
        transaction
            .scan(space, &[], None, &mut |_, value| {
                kept.push(String::from_utf8_lossy(value).into_owned());
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        kept
    };
    assert!(kept(&desk.store).iter().all(|text| !text.contains(secret)));
    desk.issue(EVE, TICKET_MINUTES_MAX).unwrap();
    assert_eq!(kept(&desk.store).len(), 1);
}
