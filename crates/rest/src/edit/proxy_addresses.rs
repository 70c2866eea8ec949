//! The addresses of a mailbox: `SMTP:` marks the primary one, `smtp:` the others, and other types (X500, SIP, EUM) are
//! none of our business.

use bailiwick_adtypes::modification::{Modification, Operation};

use super::{EditError, Keyword, PROXY_ADDRESSES};

/// One address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// As it is stored: `smtp:ada@example.com`.
    text: String,
    /// What is the same for equal addresses.
    folded: String,
}

/// What one operation does to the addresses.
#[derive(Debug)]
pub(super) enum AddressEdit {
    /// More of them.
    Add(Vec<Address>),
    /// These and no others.
    Set(Vec<Address>),
    /// These go.
    Remove(Vec<Address>),
    /// Each old one becomes a new one.
    Exchange(Vec<(Address, Address)>),
}

/// The addresses of an object, in their order.
pub(super) struct Addresses {
    list: Vec<Address>,
    /// Whether what was there does not matter any more.
    replaced: bool,
}

/// How many addresses one operation may name. They are compared with each other.
pub(super) const ADDRESSES_MAX: usize = 1000;

const PRIMARY: &str = "SMTP";
const SECONDARY: &str = "smtp";

impl Address {
    /// Reads an address. Without a type it is a secondary one; `SMTP` in upper case makes it the primary one, in any other
    /// case a secondary one. None when it is to be a mail address and has no `@`, or has nothing behind its type.
    pub fn parse(text: &str) -> Option<Address> {
        let (kind, rest) = text.split_once(':').unwrap_or(("", text));
        if !kind.is_empty() && !kind.eq_ignore_ascii_case(SECONDARY) {
            return (!rest.is_empty()).then(|| Address::verbatim(text.to_owned()));
        }
        let kind = if kind == PRIMARY { PRIMARY } else { SECONDARY };
        let (local, _) = rest.rsplit_once('@')?;
        (!local.is_empty()).then(|| Address::verbatim(format!("{kind}:{rest}")))
    }

    fn verbatim(text: String) -> Address {
        let folded = text.to_lowercase();
        Address { text, folded }
    }

    fn kind(&self) -> &str {
        self.text.split_once(':').map_or("", |(kind, _)| kind)
    }

    pub fn is_primary(&self) -> bool {
        self.kind() == PRIMARY
    }

    fn is_mail(&self) -> bool {
        self.kind().eq_ignore_ascii_case(SECONDARY)
    }

    /// Whether it is the same address, primary or not.
    pub fn equals(&self, other: &Address) -> bool {
        self.folded == other.folded
    }

    /// Makes it the primary one, or one that is not.
    fn mark(&mut self, primary: bool) {
        if self.is_mail() {
            self.text.replace_range(..PRIMARY.len(), if primary { PRIMARY } else { SECONDARY });
        }
    }
}

impl AddressEdit {
    /// The addresses that it brings.
    pub fn new_addresses(&self) -> impl Iterator<Item = &Address> {
        let (listed, pairs): (&[Address], &[(Address, Address)]) = match self {
            AddressEdit::Add(listed) | AddressEdit::Set(listed) => (listed, &[]),
            AddressEdit::Remove(_) => (&[], &[]),
            AddressEdit::Exchange(pairs) => (&[], pairs),
        };
        listed.iter().chain(pairs.iter().map(|(_, new)| new))
    }
}

impl Addresses {
    /// Those that an object has. A stored one is taken as it is, whatever a request might not write that way.
    pub fn stored(values: &[Vec<u8>]) -> Addresses {
        let stored = values.iter().map(|value| String::from_utf8_lossy(value).into_owned());
        let list = stored.map(|text| Address::parse(&text).unwrap_or_else(|| Address::verbatim(text))).collect();
        Addresses { list, replaced: false }
    }

    /// What makes these addresses of the stored ones. Unless all of them are given anew, only what differs is written: a
    /// caller who may not read some of them does not lose them.
    pub fn modifications(self, stored: &[Vec<u8>]) -> Vec<Modification> {
        let wanted: Vec<Vec<u8>> = self.list.into_iter().map(|address| address.text.into_bytes()).collect();
        let modification =
            |operation, values| Modification { operation, attribute: PROXY_ADDRESSES.to_owned(), values };
        if self.replaced {
            return vec![modification(Operation::Replace, wanted)];
        }
        let without = |values: &[Vec<u8>], others: &[Vec<u8>]| -> Vec<Vec<u8>> {
            values.iter().filter(|value| !others.contains(value)).cloned().collect()
        };
        let (mut old, mut new) = (without(stored, &wanted), without(&wanted, stored));
        if old.is_empty() && new.is_empty() {
            // All is as it should be. A directory takes no change that says nothing, and it decides who may say it: one
            // address goes and comes again.
            old.extend(stored.first().cloned());
            new.extend(stored.first().cloned());
        }
        // Old ones go first: an address that only changes its mark is the same value to the directory.
        let steps =
            [(Operation::Delete, old), (Operation::Add, new)].into_iter().filter(|(_, values)| !values.is_empty());
        steps.map(|(operation, values)| modification(operation, values)).collect()
    }

    /// Does what one operation asks for.
    ///
    /// # Errors
    /// `NoSuchAddress`, with `keyword`.
    pub fn apply(&mut self, keyword: Keyword, edit: &AddressEdit) -> Result<(), EditError> {
        match edit {
            AddressEdit::Add(new) => new.iter().for_each(|new| self.add(new)),
            AddressEdit::Set(new) => {
                self.list.clear();
                self.replaced = true;
                new.iter().for_each(|new| self.add(new));
            }
            AddressEdit::Remove(old) => old.iter().try_for_each(|old| self.remove(keyword, old))?,
            AddressEdit::Exchange(pairs) => self.exchange(keyword, pairs)?,
        }
        Ok(())
    }

    /// Appends an address. One that is there stays where it is, and becomes the primary one if the new one is.
    fn add(&mut self, new: &Address) {
        if new.is_primary() {
            self.list.iter_mut().for_each(|address| address.mark(false));
        }
        match self.list.iter_mut().find(|address| address.equals(new)) {
            Some(address) if new.is_primary() => address.mark(true),
            Some(_) => {}
            None => self.list.push(new.clone()),
        }
    }

    /// Removes an address. In place of the primary one, the first other mail address becomes it.
    fn remove(&mut self, keyword: Keyword, old: &Address) -> Result<(), EditError> {
        let place = self.list.iter().position(|address| address.equals(old));
        let place = place.ok_or_else(|| EditError::NoSuchAddress { keyword, address: old.text.clone() })?;
        let removed = self.list.remove(place);
        if removed.is_primary()
            && !self.list.iter().any(Address::is_primary)
            && let Some(first) = self.list.iter_mut().find(|address| address.is_mail())
        {
            first.mark(true);
        }
        Ok(())
    }

    /// Adds all new addresses, then removes all old ones. An address that only changes its mark stays.
    fn exchange(&mut self, keyword: Keyword, pairs: &[(Address, Address)]) -> Result<(), EditError> {
        let missing = pairs.iter().find(|(old, _)| !self.list.iter().any(|address| address.equals(old)));
        if let Some((old, _)) = missing {
            return Err(EditError::NoSuchAddress { keyword, address: old.text.clone() });
        }
        pairs.iter().for_each(|(_, new)| self.add(new));
        for (old, new) in pairs {
            match self.list.iter_mut().find(|address| address.equals(new)) {
                Some(address) if old.equals(new) => address.mark(new.is_primary()),
                _ if pairs.iter().any(|(_, kept)| kept.equals(old)) => {}
                _ => self.remove(keyword, old)?,
            }
        }
        Ok(())
    }
}
