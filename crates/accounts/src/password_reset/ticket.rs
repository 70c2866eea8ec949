//! Tickets: what a letter brings to somebody who forgot a password, good for one new password within half an hour.
//!
//! An account has one ticket at most, and the file has only its digest: whoever reads the file cannot use it.

use std::fmt;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_store::{Error, Space, Store, WriteTransaction};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::audit::Moment;
use crate::second_factor::Subject;

/// The ticket of each account, by the key of its subject.
pub(crate) const TICKET: Space = Space("reset-ticket");

/// How long a ticket is good.
pub const TICKET_MINUTES_MAX: u64 = 30;
/// How long an account waits for its next ticket.
pub const TICKET_PAUSE_MINUTES: u64 = 5;
/// Octets of the secret part: 43 characters.
const SECRET_OCTETS: usize = 32;
/// The longest text that is looked at as a ticket.
const TICKET_CHARACTERS_MAX: usize = 160;
/// The version of what is kept of a ticket.
const VERSION: u32 = 1;

/// A ticket as its receiver has it: never printed, never stored.
pub struct Ticket(Zeroizing<String>);

/// What a good ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The account.
    pub subject: Subject,
    /// The stamp of the password that it was asked for with: after any change of that the ticket is void.
    pub stamp: i64,
}

/// The tickets of a host.
#[derive(Clone)]
pub struct Tickets {
    store: Arc<dyn Store>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    subject: Subject,
    stamp: i64,
    from: IpAddr,
    issued: Moment,
    /// None when it was used: the account still waits for its next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

impl Ticket {
    /// Its text, for a letter to the account and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

impl Tickets {
    /// The tickets in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>) -> Tickets {
        Tickets { store }
    }

    /// A new ticket in the place of the account's last one, asked for from an address; none when that is less than
    /// [`TICKET_PAUSE_MINUTES`] old.
    ///
    /// # Errors
    /// The store's.
    pub fn issue(
        &self,
        claim: Claim,
        from: IpAddr,
        now: FileTime,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<Option<Ticket>, Error> {
        let mut secret = Zeroizing::new([0; SECRET_OCTETS]);
        random(secret.as_mut_slice());
        let subject = claim.subject.key();
        self.store.transact(|transaction| {
            if stored(transaction.get(TICKET, &subject)?).is_some_and(|last| last.issued.0 > pause_start(now)) {
                return Ok(None);
            }
            sweep(transaction, now)?;
            let stored = Stored {
                version: VERSION,
                subject: claim.subject,
                stamp: claim.stamp,
                from: from.to_canonical(),
                issued: Moment(now),
                digest: Some(digest(secret.as_slice())),
            };
            put(transaction, &subject, &stored)?;
            let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(&subject), URL_SAFE_NO_PAD.encode(secret.as_slice()));
            Ok(Some(Ticket(Zeroizing::new(text))))
        })?
    }

    /// What the ticket is for, shown from an address; none when it is not good: unknown, used, too old, or asked for
    /// from another address.
    ///
    /// # Errors
    /// The store's.
    pub fn find(&self, ticket: &str, from: IpAddr, now: FileTime) -> Result<Option<Claim>, Error> {
        let Some((subject, shown)) = parts(ticket) else { return Ok(None) };
        let transaction = self.store.read()?;
        Ok(stored(transaction.get(TICKET, &subject)?).and_then(|stored| stored.claim(&shown, from, now)))
    }

    /// Uses the ticket up: true for one of those who show it at the same time.
    ///
    /// # Errors
    /// The store's.
    pub fn use_up(&self, ticket: &str, from: IpAddr, now: FileTime) -> Result<Option<Claim>, Error> {
        let Some((subject, shown)) = parts(ticket) else { return Ok(None) };
        self.store.transact(|transaction| {
            let Some(mut stored) = stored(transaction.get(TICKET, &subject)?) else { return Ok(None) };
            let claim = stored.claim(&shown, from, now);
            if claim.is_some() {
                stored.digest = None;
                put(transaction, &subject, &stored)?;
            }
            Ok(claim)
        })?
    }
}

impl Tickets {
    /// Makes a ticket good again that was just used up in vain. Nothing comes of it when the account has another by now.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn restore(&self, ticket: &str) -> Result<(), Error> {
        let Some((subject, shown)) = parts(ticket) else { return Ok(()) };
        self.store.transact(|transaction| {
            let Some(mut stored) = stored(transaction.get(TICKET, &subject)?) else { return Ok(()) };
            if stored.digest.is_none() {
                stored.digest = Some(shown.clone());
                put(transaction, &subject, &stored)?;
            }
            Ok(())
        })?
    }
}

impl Stored {
    fn claim(&self, shown: &str, from: IpAddr, now: FileTime) -> Option<Claim> {
        let is_same: bool = self.digest.as_ref()?.as_bytes().ct_eq(shown.as_bytes()).into();
        let is_good = is_same && self.from == from.to_canonical() && self.issued.0 > lifetime_start(now);
        is_good.then_some(Claim { subject: self.subject, stamp: self.stamp })
    }
}

/// Tickets issued before this time are too old.
fn lifetime_start(now: FileTime) -> FileTime {
    now.before(Interval::from_seconds(TICKET_MINUTES_MAX * 60))
}

/// An account whose ticket was issued after this time waits for its next one.
fn pause_start(now: FileTime) -> FileTime {
    now.before(Interval::from_seconds(TICKET_PAUSE_MINUTES * 60))
}

/// The key of the subject, and the digest of the secret as it is shown.
fn parts(ticket: &str) -> Option<(Vec<u8>, String)> {
    if ticket.len() > TICKET_CHARACTERS_MAX {
        return None;
    }
    let (subject, secret) = ticket.split_once('.')?;
    let secret = Zeroizing::new(URL_SAFE_NO_PAD.decode(secret).ok()?);
    Some((URL_SAFE_NO_PAD.decode(subject).ok()?, digest(&secret)))
}

fn digest(secret: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

/// What cannot be read is no ticket.
fn stored(value: Option<&[u8]>) -> Option<Stored> {
    serde_json::from_slice(value?).ok()
}

fn put(transaction: &mut dyn WriteTransaction, subject: &[u8], stored: &Stored) -> Result<(), Error> {
    let octets = serde_json::to_vec(stored).map_err(|_| Error::Corrupt { doing: "writing a ticket" })?;
    transaction.put(TICKET, subject, &octets)
}

/// Lets tickets go that are good for nothing any more, so that there are never more than were issued in half an hour.
fn sweep(transaction: &mut dyn WriteTransaction, now: FileTime) -> Result<(), Error> {
    let mut over = Vec::new();
    transaction.scan(TICKET, &[], None, &mut |key, value| {
        if stored(Some(value)).is_none_or(|stored| stored.issued.0 <= lifetime_start(now)) {
            over.push(key.to_vec());
        }
        ControlFlow::Continue(())
    })?;
    for key in over {
        transaction.delete(TICKET, &key)?;
    }
    Ok(())
}
