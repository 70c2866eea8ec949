//! A table from numbers to positions: dense where the numbers are, sparse for those that came much later.

use std::collections::HashMap;

/// How many slots the dense part may have for each number in the table.
const SLOTS_PER_NUMBER_MAX: usize = 8;

/// An immutable table from numbers to positions.
///
/// Provisioning numbers schema objects in one run, so nearly every lookup is one indexed read. An attribute that is
/// added to a directory with millions of entries gets a far greater number and lies in the sparse part.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberTable {
    first: u32,
    /// Position plus one; 0 is free.
    dense: Box<[u32]>,
    sparse: HashMap<u32, u32>,
}

impl NumberTable {
    /// The table that finds each of `numbers` at its position.
    ///
    /// # Errors
    /// The number that occurs twice.
    pub fn new(numbers: &[u32]) -> Result<NumberTable, u32> {
        let first = numbers.iter().copied().min().unwrap_or(0);
        let slots_max = numbers.len() * SLOTS_PER_NUMBER_MAX;
        let slot = |number: u32| Some((number - first) as usize).filter(|slot| *slot < slots_max);
        let slots = numbers.iter().filter_map(|number| slot(*number)).max().map_or(0, |last| last + 1);
        let mut table = NumberTable { first, dense: vec![0; slots].into(), sparse: HashMap::new() };
        for (position, &number) in numbers.iter().enumerate() {
            let old = match slot(number) {
                Some(slot) => std::mem::replace(&mut table.dense[slot], position as u32 + 1) != 0,
                None => table.sparse.insert(number, position as u32).is_some(),
            };
            if old {
                return Err(number);
            }
        }
        Ok(table)
    }

    /// The position of `number`.
    pub fn get(&self, number: u32) -> Option<usize> {
        let slot = number.checked_sub(self.first)? as usize;
        match self.dense.get(slot) {
            Some(0) => None,
            Some(position) => Some(*position as usize - 1),
            None if self.sparse.is_empty() => None,
            None => self.sparse.get(&number).map(|position| *position as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far_numbers_are_found() {
        let table = NumberTable::new(&[10, 11, 13, 4_000_000_000]).unwrap();
        for (number, position) in
            [(9, None), (10, Some(0)), (11, Some(1)), (12, None), (13, Some(2)), (4_000_000_000, Some(3)), (14, None)]
        {
            assert_eq!(table.get(number), position, "{number}");
        }
        assert_eq!(NumberTable::default().get(0), None);
    }

    #[test]
    fn a_number_that_occurs_twice_is_refused() {
        assert_eq!(NumberTable::new(&[5, 5]).unwrap_err(), 5);
        assert_eq!(NumberTable::new(&[5, 900_000, 900_000]).unwrap_err(), 900_000);
    }
}
