//! Faults of commits, drawn from a seed so that a failing run can be replayed.

/// How often commits go wrong. The three chances are of a thousand commits and add up to 1000 at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Faults {
    /// Equal seeds and equal sequences of commits meet equal faults.
    pub seed: u64,
    /// The commit is refused as on a full disk; the store goes on.
    pub refuse_per_mille: u16,
    /// The power goes before the commit is durable: the store is down and the batch lost.
    pub die_before_per_mille: u16,
    /// The power goes when the commit is durable but not yet acknowledged: the store is down and
    /// the batch is found after a restart.
    pub die_after_per_mille: u16,
    /// The power goes before this commit is durable, counted from 0; so every commit can be cut in turn.
    pub die_before_commit: Option<u64>,
    /// The power goes when this commit is durable but not yet acknowledged.
    pub die_after_commit: Option<u64>,
    /// A batch of more octets than this is refused as on a full disk.
    pub batch_octets_max: usize,
}

impl Faults {
    /// Commits that always succeed.
    pub const NONE: Faults = Faults {
        seed: 0,
        refuse_per_mille: 0,
        die_before_per_mille: 0,
        die_after_per_mille: 0,
        die_before_commit: None,
        die_after_commit: None,
        batch_octets_max: usize::MAX,
    };
}

/// What becomes of one commit.
pub(super) enum Fate {
    Commit,
    Refuse,
    DieBefore,
    DieAfter,
}

/// Draws the fates (the SplitMix64 sequence).
pub(super) struct Generator {
    faults: Faults,
    state: u64,
    commits: u64,
}

impl Generator {
    pub(super) fn new(faults: Faults) -> Self {
        Generator { faults, state: faults.seed, commits: 0 }
    }

    pub(super) fn next(&mut self, batch_octets: usize) -> Fate {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let drawn = (z ^ (z >> 31)) % 1000;
        let commit = Some(self.commits);
        self.commits += 1;
        let refuse = u64::from(self.faults.refuse_per_mille);
        let die_before = refuse + u64::from(self.faults.die_before_per_mille);
        let die_after = die_before + u64::from(self.faults.die_after_per_mille);
        match drawn {
            _ if batch_octets > self.faults.batch_octets_max => Fate::Refuse,
            _ if commit == self.faults.die_before_commit => Fate::DieBefore,
            _ if commit == self.faults.die_after_commit => Fate::DieAfter,
            n if n < refuse => Fate::Refuse,
            n if n < die_before => Fate::DieBefore,
            n if n < die_after => Fate::DieAfter,
            _ => Fate::Commit,
        }
    }
}
