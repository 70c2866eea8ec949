//! Parents before children. Most entries come in that order by themselves; the names of those that do not are kept
//! until their parent was written.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use bailiwick_adtypes::dn::Dn;

/// When an entry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At once: its parent was.
    Now,
    /// Later: its parent was not yet.
    Later,
}

/// The entries that were written and those that wait.
///
/// Of each entry that was written a hash of its name is kept, 8 octets for what may be millions of names. Should two
/// names ever share one, an entry might come before its parent; the import then refuses it with its line.
pub struct Order {
    base: u64,
    written: HashSet<u64>,
    /// Names that wait for a parent, by that.
    waiting: HashMap<u64, Vec<String>>,
    ready: VecDeque<String>,
}

impl Order {
    /// Nothing is written yet; the entry of `base` waits for nobody.
    pub fn new(base: &str) -> Order {
        let base = Dn::parse(base).as_ref().map(hash).unwrap_or_default();
        Order { base, written: HashSet::new(), waiting: HashMap::new(), ready: VecDeque::new() }
    }

    /// Where the entry with this name goes, as it comes.
    pub fn place(&mut self, dn: &str) -> Place {
        let Ok(name) = Dn::parse(dn) else { return Place::Now };
        let own = hash(&name);
        let parent = name.parent().as_ref().map(hash);
        match parent {
            Some(parent) if own != self.base && !self.written.contains(&parent) => {
                self.waiting.entry(parent).or_default().push(dn.to_owned());
                Place::Later
            }
            _ => {
                self.note_written(own);
                Place::Now
            }
        }
    }

    /// The next entry that waited and can be written now. When nothing is left but entries whose parents never came
    /// (the filter left them out), those follow.
    pub fn next_postponed(&mut self) -> Option<String> {
        if self.ready.is_empty() {
            let orphan = *self.waiting.keys().next()?;
            self.ready.extend(self.waiting.remove(&orphan).into_iter().flatten());
        }
        let dn = self.ready.pop_front()?;
        if let Ok(name) = Dn::parse(&dn) {
            self.note_written(hash(&name));
        }
        Some(dn)
    }

    fn note_written(&mut self, own: u64) {
        self.written.insert(own);
        if let Some(children) = self.waiting.remove(&own) {
            self.ready.extend(children);
        }
    }
}

fn hash(name: &Dn) -> u64 {
    let mut hasher = DefaultHasher::new();
    for rdn in name.rdns() {
        rdn.attribute.to_lowercase().hash(&mut hasher);
        rdn.value.to_lowercase().hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_wait_for_their_parents() {
        let mut order = Order::new("DC=example");
        let mut now = Vec::new();
        for dn in [
            "DC=example",
            "CN=c,OU=b,OU=a,DC=example",
            "OU=b,OU=a,DC=example",
            "OU=a,dc=Example",
            "CN=d,OU=a,DC=example",
        ] {
            if order.place(dn) == Place::Now {
                now.push(dn.to_owned());
            }
        }
        assert_eq!(now, ["DC=example", "OU=a,dc=Example", "CN=d,OU=a,DC=example"]);
        let later: Vec<_> = std::iter::from_fn(|| order.next_postponed()).collect();
        assert_eq!(later, ["OU=b,OU=a,DC=example", "CN=c,OU=b,OU=a,DC=example"]);
    }

    #[test]
    fn entries_without_parents_follow_at_the_end() {
        let mut order = Order::new("DC=example");
        assert_eq!(order.place("CN=c,OU=b,DC=example"), Place::Later);
        assert_eq!(order.next_postponed().as_deref(), Some("CN=c,OU=b,DC=example"));
        assert_eq!(order.next_postponed(), None);
    }
}
