//! A table from names to positions that finds ASCII names in any case without allocating.

/// An immutable open-addressed table. Names are short and set by administrators, never by clients.
#[derive(Clone, Debug, Default)]
pub(super) struct NameTable {
    /// Position plus one of the entry in each slot; 0 is free. A power of two, at most half full.
    slots: Box<[u32]>,
    entries: Vec<(Box<str>, u32)>,
}

impl NameTable {
    /// The table of these names and what each stands for.
    ///
    /// # Errors
    /// The name that occurs twice, cases aside.
    pub fn new(names: impl Iterator<Item = (Box<str>, u32)>) -> Result<NameTable, Box<str>> {
        let entries: Vec<(Box<str>, u32)> = names.collect();
        let mut table = NameTable { slots: vec![0; (entries.len() * 2 + 1).next_power_of_two()].into(), entries };
        for position in 0..table.entries.len() {
            let name = &table.entries[position].0;
            match table.slot(name) {
                (_, Some(_)) => return Err(name.clone()),
                (slot, None) => table.slots[slot] = position as u32 + 1,
            }
        }
        Ok(table)
    }

    /// What `name` stands for, in any case.
    pub fn get(&self, name: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        self.slot(name).1
    }

    /// The slot where `name` is or would be, and what it stands for.
    fn slot(&self, name: &str) -> (usize, Option<u32>) {
        let mask = self.slots.len() - 1;
        let mut slot = hash(name) as usize & mask;
        loop {
            let Some(position) = self.slots[slot].checked_sub(1) else {
                return (slot, None);
            };
            let (entry, value) = &self.entries[position as usize];
            if entry.eq_ignore_ascii_case(name) {
                return (slot, Some(*value));
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// FNV-1a over the lower-cased octets, with its high half folded in because the table uses the low bits.
fn hash(name: &str) -> u64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        let table = NameTable::new([("memberOf".into(), 7), ("2.5.4.3".into(), 9)].into_iter()).unwrap();
        assert_eq!(table.get("MEMBEROF"), Some(7));
        assert_eq!(table.get("2.5.4.3"), Some(9));
        assert_eq!(table.get("member"), None);
        assert_eq!(NameTable::default().get("x"), None);
    }

    #[test]
    fn a_name_that_occurs_twice_is_refused() {
        assert!(NameTable::new([("cn".into(), 1), ("CN".into(), 2)].into_iter()).is_err());
    }
}
