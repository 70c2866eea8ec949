//! Which nonces of a session were used: a sliding window, as RFC 4303 section 3.4.3 has it for packets.

/// How far behind the highest nonce an unused one still counts.
pub(super) const WINDOW: u64 = 1024;
/// Words of the window.
const WORDS: usize = (WINDOW / 64) as usize;

/// The nonces that were used. Requests that run beside each other arrive in any order, and some never do.
pub(super) struct Nonces {
    /// One more than the highest that was used; 0 for none.
    end: u64,
    /// Whether `nonce` was used, at bit `nonce % WINDOW`, for those of the window before `end`.
    used: [u64; WORDS],
}

impl Default for Nonces {
    fn default() -> Nonces {
        Nonces { end: 0, used: [0; WORDS] }
    }
}

impl Nonces {
    /// All up to and including `highest` count as used: what is left of a window after a restart.
    pub fn all_up_to(highest: Option<u64>) -> Nonces {
        match highest {
            None => Nonces::default(),
            Some(highest) => Nonces { end: highest.saturating_add(1), used: [u64::MAX; WORDS] },
        }
    }

    /// The highest that was used.
    pub fn highest(&self) -> Option<u64> {
        self.end.checked_sub(1)
    }

    /// Uses one up; false when it was used before, or is too far behind to know.
    pub fn use_up(&mut self, nonce: u64) -> bool {
        // The last one is reserved for another purpose (Noise section 5.1).
        if nonce == u64::MAX || nonce.saturating_add(WINDOW) < self.end {
            return false;
        }
        if nonce >= self.end {
            // Everything in between is new, and takes the places of what falls out of the window.
            let steps = (nonce - self.end).min(WINDOW);
            for between in nonce - steps..nonce {
                self.set(between, false);
            }
            self.end = nonce + 1;
        } else if self.is_used(nonce) {
            return false;
        }
        self.set(nonce, true);
        true
    }

    fn is_used(&self, nonce: u64) -> bool {
        let place = nonce % WINDOW;
        self.used[(place / 64) as usize] >> (place % 64) & 1 == 1
    }

    fn set(&mut self, nonce: u64, used: bool) {
        let place = nonce % WINDOW;
        let word = &mut self.used[(place / 64) as usize];
        match used {
            true => *word |= 1 << (place % 64),
            false => *word &= !(1 << (place % 64)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_counts_once_in_any_order() {
        let mut nonces = Nonces::default();
        for nonce in [0, 2, 1, 40, 3] {
            assert!(nonces.use_up(nonce), "{nonce}");
            assert!(!nonces.use_up(nonce), "{nonce}");
        }
        assert!(nonces.use_up(40 + WINDOW));
        assert!(!nonces.use_up(5) && nonces.use_up(41) && !nonces.use_up(u64::MAX));
    }

    #[test]
    fn after_a_restart_only_later_ones_count() {
        let mut nonces = Nonces::all_up_to(Some(12));
        assert!(!nonces.use_up(12) && !nonces.use_up(3) && nonces.use_up(14) && nonces.use_up(13));
        assert_eq!(Nonces::all_up_to(None).highest(), None);
        assert_eq!(nonces.highest(), Some(14));
    }

    proptest! {
        #[test]
        fn the_window_agrees_with_a_set(steps in prop::collection::vec((0_u64..3000, any::<bool>()), 1..200)) {
            let mut nonces = Nonces::default();
            let mut used = HashSet::new();
            let mut highest = None;
            for (nonce, _) in steps {
                let is_old = highest.is_some_and(|highest: u64| nonce + WINDOW < highest + 1);
                let expected = !is_old && used.insert(nonce);
                prop_assert_eq!(nonces.use_up(nonce), expected);
                if expected {
                    highest = highest.max(Some(nonce));
                }
            }
        }
    }
}
