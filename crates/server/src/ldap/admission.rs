//! Who may connect: the total of connections, and those of one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::config::ServerLimits;
use crate::telemetry::Refusal;

/// Counts connections.
pub struct Admission {
    total_max: usize,
    per_address_max: usize,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place taken; dropping it gives it back.
pub struct Permit {
    admission: Arc<Admission>,
    address: Option<IpAddr>,
}

impl Admission {
    /// Nobody yet.
    pub fn new(limits: &ServerLimits) -> Admission {
        Admission {
            total_max: limits.connections_max,
            per_address_max: limits.connections_per_address_max,
            counts: Mutex::default(),
        }
    }

    /// Takes a place for a connection from `address`; none is this machine, which only the total limits.
    ///
    /// # Errors
    /// `Total` or `Address`, whichever limit is reached.
    pub fn admit(self: &Arc<Self>, address: Option<IpAddr>) -> Result<Permit, Refusal> {
        let address = address.map(|address| address.to_canonical());
        let mut counts = self.counts.lock();
        if counts.total >= self.total_max {
            return Err(Refusal::Total);
        }
        if let Some(address) = address {
            let of_address = counts.by_address.entry(address).or_insert(0);
            if *of_address >= self.per_address_max {
                return Err(Refusal::Address);
            }
            *of_address += 1;
        }
        counts.total += 1;
        Ok(Permit { admission: Arc::clone(self), address })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.counts.lock();
        counts.total -= 1;
        if let Some(address) = self.address
            && let Some(of_address) = counts.by_address.get_mut(&address)
        {
            *of_address -= 1;
            if *of_address == 0 {
                counts.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(total_max: usize, per_address_max: usize) -> Arc<Admission> {
        Arc::new(Admission { total_max, per_address_max, counts: Mutex::default() })
    }

    #[test]
    fn an_address_has_its_own_limit_within_the_total() {
        let admission = admission(3, 2);
        let (a, b): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let first = admission.admit(Some(a)).map_err(|_| ()).unwrap();
        let _second = admission.admit(Some("::ffff:10.0.0.1".parse().unwrap())).map_err(|_| ()).unwrap();
        assert_eq!(admission.admit(Some(a)).err(), Some(Refusal::Address));
        let _third = admission.admit(Some(b)).map_err(|_| ()).unwrap();
        assert_eq!(admission.admit(Some(b)).err(), Some(Refusal::Total));
        drop(first);
        assert!(admission.admit(Some(a)).is_ok());
    }

    #[test]
    fn addresses_are_forgotten_with_their_last_connection() {
        let admission = admission(10, 10);
        drop(admission.admit(Some("10.0.0.1".parse().unwrap())));
        assert!(admission.counts.lock().by_address.is_empty());
    }
}
