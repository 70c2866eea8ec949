//! Whether an object matches a typed filter, by three-valued logic, on the mapped record.

use std::cell::RefCell;
use std::ops::ControlFlow;

use bailiwick_adtypes::access_mask::AccessMask;

use crate::access::View;
use crate::query::{Node, Pieces, Truth};
use crate::record::{EntryId, Fault, Record, Snapshot, Values, link};
use crate::schema::Attribute;

/// Tests objects of one snapshot. A value that the requester may not read behaves as if the object had none: this is
/// the one place where filters look at values. [MS-ADTS] 3.1.1.4.3.
pub(crate) struct Evaluator<'t> {
    snapshot: Snapshot<'t>,
    /// The key of the value being compared, reused from value to value.
    scratch: RefCell<Vec<u8>>,
}

impl<'t> Evaluator<'t> {
    /// An evaluator over a snapshot.
    pub fn new(snapshot: Snapshot<'t>) -> Evaluator<'t> {
        Evaluator { snapshot, scratch: RefCell::new(Vec::with_capacity(128)) }
    }

    /// Whether the object matches, as far as the requester may see it.
    pub fn test(&self, node: &Node<'_>, view: &View, record: &Record<'t>) -> Result<Truth, Fault> {
        Ok(match node {
            Node::True => Truth::True,
            Node::False => Truth::False,
            Node::Undefined => Truth::Undefined,
            Node::And(parts) => {
                let mut all = Truth::True;
                for part in parts {
                    match self.test(part, view, record)? {
                        Truth::True => {}
                        Truth::False => return Ok(Truth::False),
                        Truth::Undefined => all = Truth::Undefined,
                    }
                }
                all
            }
            Node::Or(parts) => {
                let mut any = Truth::False;
                for part in parts {
                    match self.test(part, view, record)? {
                        Truth::True => return Ok(Truth::True),
                        Truth::False => {}
                        Truth::Undefined => any = Truth::Undefined,
                    }
                }
                any
            }
            Node::Not(part) => match self.test(part, view, record)? {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Undefined => Truth::Undefined,
            },
            // A descriptor is in force on every object; to read it is a right on the object, not on an attribute.
            Node::HasDescriptor => view.has(AccessMask::READ_CONTROL).into(),
            item => match self.holds(item, record)? {
                // Most items fail, and then it does not matter who asks.
                Some(attribute) => view.reads(attribute.number).into(),
                None => Truth::False,
            },
        })
    }

    /// The attribute by which an item holds for the object; none when it does not hold.
    fn holds<'n>(&self, item: &Node<'n>, record: &Record<'t>) -> Result<Option<&'n Attribute>, Fault> {
        let transaction = self.snapshot.transaction;
        let (attribute, holds) = match item {
            Node::Equal(attribute, key) => (attribute, self.some_key(attribute, record, |found| found == key)),
            Node::AnyEqual(attribute, keys) => {
                let is_one = |found: &[u8]| keys.binary_search_by(|key| key.as_slice().cmp(found)).is_ok();
                (attribute, self.some_key(attribute, record, is_one))
            }
            Node::Present(attribute) => (attribute, record.has(attribute.number)),
            Node::Substrings(attribute, pieces) => {
                (attribute, self.some_key(attribute, record, |found| has_pieces(found, pieces)))
            }
            Node::AtLeast(attribute, key) => {
                (attribute, self.some_key(attribute, record, |found| found >= key.as_slice()))
            }
            Node::AtMost(attribute, key) => {
                (attribute, self.some_key(attribute, record, |found| found <= key.as_slice()))
            }
            Node::AllBits(attribute, bits) => {
                (attribute, some_number(record.values(attribute.number), |number| number & bits == *bits))
            }
            Node::AnyBit(attribute, bits) => {
                (attribute, some_number(record.values(attribute.number), |number| number & bits != 0))
            }
            Node::LinksTo(attribute, target) => {
                (attribute, link::find(transaction, attribute.number, record.id(), *target)?.is_some())
            }
            Node::LinkedFrom(attribute, forward, source) => {
                (attribute, link::find(transaction, *forward, *source, record.id())?.is_some())
            }
            Node::HasLinks(attribute) => {
                let walk = |visit: &mut Visit<'_>| {
                    link::targets(transaction, attribute.number, record.id(), EntryId::NONE, visit)
                };
                (attribute, first(walk)?)
            }
            Node::HasBackLinks(attribute, forward) => {
                let walk =
                    |visit: &mut Visit<'_>| link::sources(transaction, *forward, record.id(), EntryId::NONE, visit);
                (attribute, first(walk)?)
            }
            Node::OneOf(attribute, ids) => (attribute, ids.binary_search(&record.id()).is_ok()),
            Node::True | Node::False | Node::Undefined | Node::HasDescriptor => return Ok(None),
            Node::And(_) | Node::Or(_) | Node::Not(_) => return Ok(None),
        };
        Ok(holds.then_some(*attribute))
    }

    fn some_key(&self, attribute: &Attribute, record: &Record<'t>, test: impl Fn(&[u8]) -> bool) -> bool {
        let mut scratch = self.scratch.borrow_mut();
        record.values(attribute.number).any(|value| {
            scratch.clear();
            attribute.key(value, &mut scratch);
            test(&scratch)
        })
    }
}

fn some_number(values: Values<'_>, test: impl Fn(i64) -> bool) -> bool {
    values.filter_map(|value| std::str::from_utf8(value).ok()?.parse::<i64>().ok()).any(test)
}

/// What a walk over links calls with each.
type Visit<'v> = dyn FnMut(EntryId, &[u8]) -> ControlFlow<()> + 'v;

/// Whether a walk over links meets any.
fn first(walk: impl FnOnce(&mut Visit<'_>) -> Result<(), Fault>) -> Result<bool, Fault> {
    let mut met = false;
    walk(&mut |_, _| {
        met = true;
        ControlFlow::Break(())
    })?;
    Ok(met)
}

/// Whether the pieces stand in the text in their order, without overlap.
pub(crate) fn has_pieces(text: &[u8], pieces: &Pieces) -> bool {
    let mut rest = text;
    if let Some(initial) = &pieces.initial {
        match rest.strip_prefix(initial.as_slice()) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    if let Some(last) = &pieces.last {
        match rest.strip_suffix(last.as_slice()) {
            Some(before) => rest = before,
            None => return false,
        }
    }
    for piece in &pieces.any {
        if piece.is_empty() {
            continue;
        }
        match rest.windows(piece.len()).position(|window| window == piece.as_slice()) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, initial: &str, any: &[&str], last: &str, expected: bool) {
        let piece = |text: &str| (!text.is_empty()).then(|| text.as_bytes().to_vec());
        let any = any.iter().map(|any| any.as_bytes().to_vec()).collect();
        let pieces = Pieces { initial: piece(initial), any, last: piece(last) };
        assert_eq!(has_pieces(text.as_bytes(), &pieces), expected, "{text} by {initial}*…*{last}");
    }

    #[test]
    fn pieces_stand_in_order_and_do_not_overlap() {
        check("abc", "a", &[], "c", true);
        check("abc", "ab", &[], "bc", false);
        check("aa", "a", &["a"], "a", false);
        check("aaa", "a", &["a"], "a", true);
        check("banana", "", &["an", "an"], "", true);
        check("banana", "", &["an", "an", "an"], "", false);
        check("banana", "", &["na"], "na", true);
        check("", "", &[], "", true);
    }
}
