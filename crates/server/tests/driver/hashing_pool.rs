//! The hashing pool while it is shut: with the server's own pool, and the real directory behind it.

use std::sync::{Arc, Condvar, Mutex};

use bailiwick_domain::{Action, Event, Face, Witness, Witnessed};
use bailiwick_ldap::request::{BindRequest, Request};

use crate::passwords::{ADA, ADMINISTRATOR, ADMINISTRATORS, FIRST, check, founded, modify, populated, replace};
use crate::started::start_with;

/// A sign-in by this name stays in the pool until the gate is opened.
const HELD: &str = "held@example.com";

/// Hears of sign-ins on the thread that verified them, and keeps that thread.
#[derive(Default)]
struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_held: bool,
    is_open: bool,
    verified: Vec<String>,
}

impl Gate {
    fn wait_for_held(&self) {
        let state = self.changed.wait_while(self.state.lock().unwrap(), |state| !state.is_held);
        drop(state.unwrap());
    }

    fn open(&self) {
        self.state.lock().unwrap().is_open = true;
        self.changed.notify_all();
    }

    fn verified(&self) -> Vec<String> {
        self.state.lock().unwrap().verified.clone()
    }
}

impl Witness for Gate {
    fn witness(&self, event: Event) {
        let Action::SignIn { name, .. } = event.action else { return };
        let mut state = self.state.lock().unwrap();
        if name == HELD {
            state.is_held = true;
            self.changed.notify_all();
            state = self.changed.wait_while(state, |state| !state.is_open).unwrap();
        }
        state.verified.push(name);
    }
}

#[test]
fn while_it_is_shut_searches_changes_and_remembered_binds_answer() {
    let gate = Arc::new(Gate::default());
    let directory = Witnessed::new(Arc::new(founded()), Arc::<Gate>::clone(&gate), Face::Ldap);
    let server = populated(start_with(directory, &[("hashing-threads", "1")]));
    let mut administrator = server.tls_client();
    assert_eq!(administrator.bind(ADMINISTRATOR, ADMINISTRATORS).code, 0);
    let mut held = server.tls_client();
    held.send(&Request::Bind(BindRequest::simple(HELD, b"x")), &[]);
    gate.wait_for_held();
    // The pool's one thread is taken; whoever must be verified waits.
    let mut waiting = server.tls_client();
    waiting.send(&Request::Bind(BindRequest::simple(ADA, FIRST.as_bytes())), &[]);
    for round in 0..20 {
        assert_eq!(administrator.bind(ADMINISTRATOR, ADMINISTRATORS).code, 0);
        assert_eq!(administrator.search("CN=Users,DC=example,DC=com", "(cn=ada)").0.len(), 1);
        let description = format!("round {round}");
        check(&modify(&mut administrator, ADA, &[replace("description", description.as_bytes())]), 0, "");
    }
    assert!(!gate.verified().iter().any(|name| name == ADA || name == HELD), "the pool was not shut");
    gate.open();
    assert_eq!(held.end().1.code, 49);
    assert_eq!(waiting.end().1.code, 0);
}
