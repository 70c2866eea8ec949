//! Who is in which group: pairs of numbers, kept in both directions.

use bailiwick_store::{Error, ReadTransaction, Space, WriteTransaction};

/// The members of groups in one space, the groups of members in another. Keys are two numbers, big-endian.
pub(crate) struct Membership {
    members: Space,
    groups: Space,
}

impl Membership {
    pub const fn new(members: Space, groups: Space) -> Membership {
        Membership { members, groups }
    }

    /// Puts somebody into a group; whether he was not in it.
    pub fn join(&self, transaction: &mut dyn WriteTransaction, gid: u32, uid: u32) -> Result<bool, Error> {
        if self.holds(transaction, gid, uid)? {
            return Ok(false);
        }
        transaction.put(self.members, &pair(gid, uid), &[])?;
        transaction.put(self.groups, &pair(uid, gid), &[])?;
        Ok(true)
    }

    /// Takes somebody out of a group; whether he was in it.
    pub fn leave(&self, transaction: &mut dyn WriteTransaction, gid: u32, uid: u32) -> Result<bool, Error> {
        transaction.delete(self.groups, &pair(uid, gid))?;
        transaction.delete(self.members, &pair(gid, uid))
    }

    /// Whether somebody is in a group.
    pub fn holds(&self, transaction: &dyn ReadTransaction, gid: u32, uid: u32) -> Result<bool, Error> {
        Ok(transaction.get(self.members, &pair(gid, uid))?.is_some())
    }

    /// Who is in a group, in the order of numbers.
    pub fn members(&self, transaction: &dyn ReadTransaction, gid: u32) -> Result<Vec<u32>, Error> {
        seconds(transaction, self.members, gid)
    }

    /// Which groups somebody is in, in the order of numbers.
    pub fn groups(&self, transaction: &dyn ReadTransaction, uid: u32) -> Result<Vec<u32>, Error> {
        seconds(transaction, self.groups, uid)
    }

    /// Makes the members of a group these, writing only what differs; how many pairs were written.
    pub fn set_members(
        &self,
        transaction: &mut dyn WriteTransaction,
        gid: u32,
        members: &[u32],
    ) -> Result<usize, Error> {
        let former = self.members(transaction, gid)?;
        let mut written = 0;
        for uid in former.iter().filter(|uid| members.binary_search(uid).is_err()) {
            self.leave(transaction, gid, *uid)?;
            written += 1;
        }
        for uid in members.iter().filter(|uid| former.binary_search(uid).is_err()) {
            self.join(transaction, gid, *uid)?;
            written += 1;
        }
        Ok(written)
    }

    /// Takes somebody out of every group.
    pub fn forget_member(&self, transaction: &mut dyn WriteTransaction, uid: u32) -> Result<(), Error> {
        for gid in self.groups(transaction, uid)? {
            self.leave(transaction, gid, uid)?;
        }
        Ok(())
    }

    /// Takes everybody out of a group.
    pub fn forget_group(&self, transaction: &mut dyn WriteTransaction, gid: u32) -> Result<(), Error> {
        for uid in self.members(transaction, gid)? {
            self.leave(transaction, gid, uid)?;
        }
        Ok(())
    }
}

fn pair(first: u32, second: u32) -> [u8; 8] {
    ((u64::from(first) << 32) | u64::from(second)).to_be_bytes()
}

fn seconds(transaction: &dyn ReadTransaction, space: Space, first: u32) -> Result<Vec<u32>, Error> {
    let mut found = Vec::new();
    let mut cursor = transaction.cursor(space)?;
    cursor.seek(&first.to_be_bytes())?;
    while let Some((key, _)) = cursor.next()? {
        match <[u8; 8]>::try_from(key).map(u64::from_be_bytes) {
            Ok(key) if key >> 32 == u64::from(first) => found.push(key as u32),
            Ok(_) => break,
            Err(_) => return Err(Error::Corrupt { doing: "reading who is in a group" }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use bailiwick_store::{Memory, Store};

    use super::*;

    const MEMBERS: Membership = Membership::new(Space("member"), Space("member-of"));

    #[test]
    fn both_directions_agree() {
        let memory = Memory::open(&[Space("member"), Space("member-of")]);
        let store: &dyn Store = &memory;
        let run = store.transact(|transaction| -> Result<(), Error> {
            assert!(MEMBERS.join(transaction, 100, 7)?);
            assert!(!MEMBERS.join(transaction, 100, 7)?);
            assert_eq!(MEMBERS.set_members(transaction, 101, &[5, 7, 9])?, 3);
            assert_eq!(MEMBERS.groups(transaction, 7)?, [100, 101]);
            assert_eq!(MEMBERS.set_members(transaction, 101, &[5, 8])?, 3);
            assert_eq!(MEMBERS.members(transaction, 101)?, [5, 8]);
            assert_eq!(MEMBERS.groups(transaction, 7)?, [100]);
            MEMBERS.forget_member(transaction, 7)?;
            MEMBERS.forget_group(transaction, 101)?;
            assert!(transaction.first_at_or_after(Space("member"), &[])?.is_none());
            assert!(transaction.first_at_or_after(Space("member-of"), &[])?.is_none());
            Ok(())
        });
        run.unwrap().unwrap();
    }
}
