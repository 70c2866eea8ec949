//! Where a search goes on: a plan and the last key it came to, as octets that outlive the process.

use bailiwick_domain::{Error, Position};

use crate::record::EntryId;

const BY_ID: u8 = 1;
const BY_KEY: u8 = 2;
const SORTED: u8 = 3;
const PUT_OFF: u8 = 4;

/// The most octets of a position that is read back: it may have been out of our hands.
const POSITION_OCTETS_MAX: usize = 8192;

/// The decoded form of a [`Position`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// In order of ids: go on at this one.
    Id(EntryId),
    /// In order of an index: go on at this key of the store.
    Key(Vec<u8>),
    /// In sorted order: go on after this sort key.
    Sorted(Vec<u8>, EntryId),
    /// Nothing was done yet, since it took more than the budget of where it was asked for: go on as after this one,
    /// from the beginning where there is none, and do not put it off again.
    PutOff(Option<Box<Mark>>),
}

impl Mark {
    /// The octets.
    pub fn encode(&self) -> Position {
        let mut octets = Vec::new();
        match self {
            Mark::Id(id) => {
                octets.push(BY_ID);
                octets.extend_from_slice(&id.key());
            }
            Mark::Key(key) => {
                octets.push(BY_KEY);
                octets.extend_from_slice(key);
            }
            Mark::PutOff(mark) => {
                octets.push(PUT_OFF);
                octets.extend(mark.iter().flat_map(|mark| mark.encode().0));
            }
            Mark::Sorted(key, id) => {
                octets.push(SORTED);
                octets.extend_from_slice(&id.key());
                octets.extend_from_slice(key);
            }
        }
        Position(octets)
    }

    /// Reads the octets back.
    ///
    /// # Errors
    /// `InvalidPosition` when they are none of ours.
    pub fn decode(position: &Position) -> Result<Mark, Error> {
        let octets = &position.0;
        if octets.len() > POSITION_OCTETS_MAX {
            return Err(Error::InvalidPosition);
        }
        match octets.split_first() {
            Some((&PUT_OFF, [])) => Ok(Mark::PutOff(None)),
            Some((&PUT_OFF, mark)) => Ok(Mark::PutOff(Some(Box::new(Mark::read(mark)?)))),
            _ => Mark::read(octets),
        }
    }

    fn read(octets: &[u8]) -> Result<Mark, Error> {
        match octets.split_first() {
            Some((&BY_ID, id)) if id.len() == 8 => EntryId::read(id).map(Mark::Id).ok_or(Error::InvalidPosition),
            Some((&BY_KEY, key)) if key.len() > 4 => Ok(Mark::Key(key.to_vec())),
            Some((&SORTED, rest)) if rest.len() >= 8 => {
                let id = EntryId::read(rest).ok_or(Error::InvalidPosition)?;
                Ok(Mark::Sorted(rest[8..].to_vec(), id))
            }
            _ => Err(Error::InvalidPosition),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_reads_back_and_nonsense_is_refused() {
        for mark in [
            Mark::Id(EntryId(9)),
            Mark::Key(vec![0, 0, 0, 1, 5]),
            Mark::Sorted(vec![3, 4], EntryId(2)),
            Mark::Sorted(vec![], EntryId(2)),
            Mark::PutOff(None),
            Mark::PutOff(Some(Box::new(Mark::Id(EntryId(9))))),
        ] {
            assert_eq!(Mark::decode(&mark.encode()), Ok(mark));
        }
        for nonsense in [
            &[][..],
            &[0],
            &[BY_ID],
            &[BY_ID, 1, 2],
            &[BY_KEY],
            &[SORTED],
            &[SORTED, 1],
            &[PUT_OFF, PUT_OFF],
            &[77, 1, 2, 3],
        ] {
            assert_eq!(Mark::decode(&Position(nonsense.to_vec())), Err(Error::InvalidPosition));
        }
    }
}
