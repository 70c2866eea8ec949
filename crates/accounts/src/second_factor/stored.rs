//! The form in which a second factor lies in its envelope.
//!
//! ```text
//! version u8 | confirmed u8 | since i64 | last step + 1, or 0: u64 | wrong u32 | wrong at i64 | seed 20 octets
//! | digests of recovery codes, 32 octets each, to the end
//! ```
//!
//! Numbers are big-endian. The envelope tells a changed form from a whole one.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_credential::{RECOVERY_DIGEST_OCTETS, RecoveryDigest, SEED_OCTETS, Seed, Step};
use zeroize::Zeroizing;

/// The first octet.
const VERSION: u8 = 1;

/// A second factor as it is kept.
pub(super) struct Stored {
    /// Whether its device has shown a right code.
    pub is_confirmed: bool,
    /// When it was enrolled.
    pub since: FileTime,
    /// The step of the last code that was taken.
    pub last_step: Option<Step>,
    /// How many wrong codes there were since the last right one.
    pub wrong: u32,
    /// When the last one was.
    pub wrong_at: FileTime,
    /// What the device has.
    pub seed: Seed,
    /// Recovery codes that are not used up.
    pub recovery: Vec<RecoveryDigest>,
}

impl Stored {
    pub fn to_octets(&self) -> Zeroizing<Vec<u8>> {
        let octets = 30 + SEED_OCTETS + self.recovery.len() * RECOVERY_DIGEST_OCTETS;
        // The room is made at once: growing would leave copies of the seed behind.
        let mut out = Zeroizing::new(Vec::with_capacity(octets));
        out.extend([VERSION, u8::from(self.is_confirmed)]);
        out.extend(self.since.0.to_be_bytes());
        out.extend(self.last_step.map_or(0, |step| step.0.saturating_add(1)).to_be_bytes());
        out.extend(self.wrong.to_be_bytes());
        out.extend(self.wrong_at.0.to_be_bytes());
        out.extend(self.seed.expose());
        for digest in &self.recovery {
            out.extend(digest.to_octets());
        }
        out
    }

    /// Reads the form; none when it is not one.
    pub fn parse(octets: &[u8]) -> Option<Stored> {
        let (&[version, confirmed], rest) = octets.split_first_chunk()?;
        let (since, rest) = rest.split_first_chunk()?;
        let (last_step, rest) = rest.split_first_chunk()?;
        let (wrong, rest) = rest.split_first_chunk()?;
        let (wrong_at, rest) = rest.split_first_chunk()?;
        let (seed, rest) = rest.split_first_chunk()?;
        let digests = rest.chunks_exact(RECOVERY_DIGEST_OCTETS);
        if version != VERSION || confirmed > 1 || !digests.remainder().is_empty() {
            return None;
        }
        Some(Stored {
            is_confirmed: confirmed == 1,
            since: FileTime(i64::from_be_bytes(*since)),
            last_step: u64::from_be_bytes(*last_step).checked_sub(1).map(Step),
            wrong: u32::from_be_bytes(*wrong),
            wrong_at: FileTime(i64::from_be_bytes(*wrong_at)),
            seed: Seed::new(*seed),
            recovery: digests.filter_map(|digest| Some(RecoveryDigest::from_octets(*digest.first_chunk()?))).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_reads_back_whole_or_not_at_all() {
        let stored = Stored {
            is_confirmed: true,
            since: FileTime(5),
            last_step: Some(Step(0)),
            wrong: 3,
            wrong_at: FileTime(6),
            seed: Seed::new([7; SEED_OCTETS]),
            recovery: vec![RecoveryDigest::from_octets([8; RECOVERY_DIGEST_OCTETS])],
        };
        let octets = stored.to_octets();
        let read = Stored::parse(&octets).unwrap();
        assert_eq!(read.to_octets(), octets);
        assert_eq!((read.last_step, read.wrong, read.recovery), (Some(Step(0)), 3, stored.recovery));
        let without_codes = octets.len() - RECOVERY_DIGEST_OCTETS;
        for length in (0..octets.len()).filter(|&length| length != without_codes) {
            assert!(Stored::parse(&octets[..length]).is_none(), "{length}");
        }
    }
}
