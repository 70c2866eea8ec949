//! Who asks, when, and within which limits. Nothing below this crate reads a clock or a random source of its own.

use std::net::IpAddr;
use std::sync::Arc;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::sid::Sid;

/// The circumstances of one request, handed to every operation of a directory.
#[derive(Clone)]
pub struct Context<'a> {
    /// Who asks.
    pub requester: &'a Requester,
    /// The time of the request.
    pub now: FileTime,
    /// Fills a buffer with unpredictable octets.
    pub random: &'a (dyn Fn(&mut [u8]) + Sync),
    /// The bounds of one request.
    pub limits: Limits,
    /// Correlates log lines and audit events of one request.
    pub request_id: u64,
}

/// Who asks: an identity, and how it came here.
#[derive(Clone, Debug)]
pub struct Requester {
    /// Who it is.
    pub identity: Identity,
    /// The address the request came from; none for the machine's own shell.
    pub address: Option<IpAddr>,
    /// How the connection is protected.
    pub protection: Protection,
}

impl Requester {
    /// Nobody in particular, from `address`.
    pub fn anonymous(address: Option<IpAddr>, protection: Protection) -> Requester {
        Requester { identity: Identity::Anonymous, address, protection }
    }

    /// The same account under the name that people know it by, such as that of the machine's user who acts by it.
    #[must_use]
    pub fn named(self, name: &str) -> Requester {
        let identity = match self.identity {
            Identity::Account { sid, groups, .. } => Identity::Account { sid, groups, name: Arc::from(name) },
            identity => identity,
        };
        Requester { identity, ..self }
    }

    /// The directory itself: provisioning, and the owner of the data folder at the shell.
    pub fn system() -> Requester {
        Requester { identity: Identity::System, address: None, protection: Protection::Local }
    }
}

/// The identity a request runs under.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Not signed in: sees the root DSE only.
    Anonymous,
    /// A signed-in account.
    Account {
        /// The account's SID.
        sid: Sid,
        /// The SIDs of all its groups, nested ones included.
        groups: Arc<[Sid]>,
        /// `NETBIOS\sAMAccountName`, for people to read.
        name: Arc<str>,
    },
    /// The server itself, or the owner of the data folder.
    System,
}

/// How the way from the client to here is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// In the clear over a network.
    None,
    /// In the clear, but the machine's own loopback, socket file or process.
    Local,
    /// TLS, or a sealing security layer.
    Encrypted,
}

impl Protection {
    /// Of a connection from `address`, or from a socket file without one. Neither that nor loopback leaves the machine.
    pub fn of(address: Option<IpAddr>, encrypted: bool) -> Protection {
        match encrypted {
            true => Protection::Encrypted,
            false if address.is_none_or(|address| address.to_canonical().is_loopback()) => Protection::Local,
            false => Protection::None,
        }
    }
}

/// The bounds of one request. The directory's own policy object sets them ([MS-ADTS] 3.1.1.3.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most entries of one page, or of a search without paging (`MaxPageSize`).
    pub page_entries_max: u32,
    /// The most values of one attribute in one answer (`MaxValRange`).
    pub range_values_max: u32,
    /// The longest a search may run, in seconds (`MaxQueryDuration`).
    pub query_seconds_max: u32,
    /// The most entries a server-side sort may hold (`MaxTempTableSize`).
    pub sort_entries_max: u32,
    /// The most objects one tree delete takes in one transaction.
    pub tree_delete_entries_max: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            page_entries_max: 1000,
            range_values_max: 1500,
            query_seconds_max: 120,
            sort_entries_max: 100_000,
            tree_delete_entries_max: 16_384,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_and_socket_files_are_local() {
        let of = |address: &str, encrypted| Protection::of(Some(address.parse().unwrap()), encrypted);
        assert_eq!(of("127.0.0.9", false), Protection::Local);
        assert_eq!(of("::ffff:127.0.0.1", false), Protection::Local);
        assert_eq!(Protection::of(None, false), Protection::Local);
        assert_eq!(of("10.1.1.1", false), Protection::None);
        assert_eq!(of("10.1.1.1", true), Protection::Encrypted);
    }
}
