//! From the client's filter to typed nodes: names looked up, values turned into matching keys, names of objects into
//! ids. What cannot be typed is Undefined, never an error.

use std::cell::RefCell;

use bailiwick_adtypes::attribute_name::AttributeDescription;
use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::{Assertion, Extensible, Filter, Substrings};
use bailiwick_domain::Error;

use crate::native::Native;
use crate::operation::target;
use crate::query::chain::{self, Allowance};
use crate::query::{Node, Pieces, anr};
use crate::record::{EntryId, Snapshot, reference};
use crate::schema::{Attribute, AttributeNumber, LinkDirection, Syntax};

const BIT_AND: &str = "1.2.840.113556.1.4.803";
const BIT_OR: &str = "1.2.840.113556.1.4.804";
const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";
/// Equalities of one attribute in an OR from which they are probed as a set.
const SET_PROBE_MIN: usize = 3;

/// Types filters in one snapshot.
pub(crate) struct Compiler<'c, 's> {
    pub native: &'c Native,
    pub snapshot: Snapshot<'s>,
    /// What the filter's chains may cost.
    pub chains: RefCell<Allowance>,
}

impl<'s> Compiler<'_, 's> {
    /// Types a filter. Recursion is bounded by the depth that every reader of filters enforces.
    ///
    /// # Errors
    /// When the store fails; `AdministrativeLimit` when there are too many chains to follow, or they are too long.
    pub fn compile(&self, filter: &Filter) -> Result<Node<'s>, Error> {
        Ok(match filter {
            Filter::And(parts) => {
                let parts = self.compile_all(parts)?;
                if parts.iter().any(|part| matches!(part, Node::False)) { Node::False } else { Node::And(parts) }
            }
            Filter::Or(parts) => Node::Or(gather_equalities(self.compile_all(parts)?)),
            Filter::Not(part) => match self.compile(part)? {
                Node::True => Node::False,
                Node::False => Node::True,
                Node::Undefined => Node::Undefined,
                part => Node::Not(Box::new(part)),
            },
            Filter::Equality(assertion) | Filter::Approximate(assertion) => self.equality(assertion)?,
            Filter::Present(description) => self.presence(description),
            Filter::Substrings(substrings) => self.substrings(substrings),
            Filter::GreaterOrEqual(assertion) => self.ordering(assertion, Node::AtLeast),
            Filter::LessOrEqual(assertion) => self.ordering(assertion, Node::AtMost),
            Filter::Extensible(extensible) => self.extensible(extensible)?,
        })
    }

    fn compile_all(&self, parts: &[Filter]) -> Result<Vec<Node<'s>>, Error> {
        parts.iter().map(|part| self.compile(part)).collect()
    }

    /// The attribute that a filter item tests; none makes the item Undefined.
    fn attribute(&self, description: &str) -> Option<&'s Attribute> {
        let description = AttributeDescription::parse(description).ok()?;
        let attribute = self.snapshot.schema.attribute_named(description.base)?;
        let known = self.snapshot.schema.known();
        // Two constructed attributes are other names of stored ones, and searchable: clients synchronise by them.
        let stored = if attribute.number == known.create_time_stamp {
            self.snapshot.schema.attribute(known.when_created)?
        } else if attribute.number == known.modify_time_stamp {
            self.snapshot.schema.attribute(known.when_changed)?
        } else {
            attribute
        };
        let searchable = !stored.is_constructed() || stored.number == known.anr;
        // Secrets are nobody's. Whether other values may be read is a matter of each object.
        (searchable && !stored.is_secret()).then_some(stored)
    }

    fn equality(&self, assertion: &Assertion) -> Result<Node<'s>, Error> {
        let Some(attribute) = self.attribute(&assertion.attribute) else { return Ok(Node::Undefined) };
        let known = self.snapshot.schema.known();
        if attribute.number == known.anr {
            return self.compile(&anr::expand(self.snapshot.schema, &assertion.value));
        }
        if attribute.number == known.object_category
            && let Some(class) =
                std::str::from_utf8(&assertion.value).ok().and_then(|name| self.snapshot.schema.class_named(name))
        {
            // A class by its name stands for the category of its objects. [MS-ADTS] 3.1.1.3.1.3.5.
            return Ok(self.key_of(attribute, &EntryId(class.default_object_category.0.into()).key()));
        }
        if let Some(form) = attribute.dn_form() {
            let Some(reference) = reference::parse(form, &assertion.value) else { return Ok(Node::Undefined) };
            let Some(target) = self.find(&reference.target)? else { return Ok(Node::False) };
            if attribute.number == known.distinguished_name {
                return Ok(Node::OneOf(attribute, vec![target]));
            }
            return Ok(match attribute.link {
                Some(link) => match (link.direction, link.partner) {
                    (LinkDirection::Forward, _) => Node::LinksTo(attribute, target),
                    (LinkDirection::Back, Some(forward)) => Node::LinkedFrom(attribute, forward, target),
                    (LinkDirection::Back, None) => Node::False,
                },
                None => self.key_of(attribute, &reference::stored(target, &reference.data)),
            });
        }
        let mut key = Vec::new();
        Ok(match attribute.assertion_key(self.snapshot.schema, &assertion.value, &mut key) {
            Ok(()) => Node::Equal(attribute, key),
            Err(_) => Node::Undefined,
        })
    }

    fn key_of(&self, attribute: &'s Attribute, stored: &[u8]) -> Node<'s> {
        let mut key = Vec::new();
        attribute.key(stored, &mut key);
        Node::Equal(attribute, key)
    }

    /// The object a name leads to; none when there is none, which is an answer and not an error.
    fn find(&self, name: &ObjectName) -> Result<Option<EntryId>, Error> {
        match target::find(self.native, self.snapshot, name) {
            Ok(id) => Ok(Some(id)),
            Err(Error::NoSuchObject { .. } | Error::Referral { .. } | Error::InvalidName) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn presence(&self, description: &str) -> Node<'s> {
        let Some(attribute) = self.attribute(description) else { return Node::Undefined };
        let known = self.snapshot.schema.known();
        if attribute.number == known.object_class || attribute.number == known.distinguished_name {
            return Node::True;
        }
        match attribute.link {
            // Descriptors do not lie among the values.
            None if attribute.number == known.nt_security_descriptor => Node::HasDescriptor,
            Some(link) => match (link.direction, link.partner) {
                (LinkDirection::Forward, _) => Node::HasLinks(attribute),
                (LinkDirection::Back, Some(forward)) => Node::HasBackLinks(attribute, forward),
                (LinkDirection::Back, None) => Node::False,
            },
            None => Node::Present(attribute),
        }
    }

    fn substrings(&self, substrings: &Substrings) -> Node<'s> {
        let Some(attribute) = self.attribute(&substrings.attribute) else { return Node::Undefined };
        let piece = |piece: &[u8]| {
            let mut key = Vec::new();
            attribute.fragment_key(piece, &mut key).ok().map(|()| key)
        };
        let pieces = || {
            Some(Pieces {
                initial: match &substrings.initial {
                    Some(initial) => Some(piece(initial)?),
                    None => None,
                },
                any: substrings.any.iter().map(|any| piece(any)).collect::<Option<_>>()?,
                last: match &substrings.last {
                    Some(last) => Some(piece(last)?),
                    None => None,
                },
            })
        };
        if attribute.is_dn() {
            return Node::Undefined;
        }
        pieces().map_or(Node::Undefined, |pieces| Node::Substrings(attribute, pieces))
    }

    fn ordering(&self, assertion: &Assertion, node: fn(&'s Attribute, Vec<u8>) -> Node<'s>) -> Node<'s> {
        let Some(attribute) = self.attribute(&assertion.attribute) else { return Node::Undefined };
        if !attribute.syntax.has_order() {
            return Node::Undefined;
        }
        let mut key = Vec::new();
        match attribute.assertion_key(self.snapshot.schema, &assertion.value, &mut key) {
            Ok(()) => node(attribute, key),
            Err(_) => Node::Undefined,
        }
    }

    fn extensible(&self, extensible: &Extensible) -> Result<Node<'s>, Error> {
        let Some(description) = &extensible.attribute else { return Ok(Node::Undefined) };
        let assertion = || Assertion { attribute: description.clone(), value: extensible.value.clone() };
        let Some(rule) = &extensible.rule else { return self.equality(&assertion()) };
        let Some(attribute) = self.attribute(description) else { return Ok(Node::Undefined) };
        match rule.as_str() {
            BIT_AND | BIT_OR => Ok(match (attribute.syntax.is_number(), integer(&extensible.value)) {
                (true, Some(bits)) if rule == BIT_AND => Node::AllBits(attribute, bits),
                (true, Some(bits)) => Node::AnyBit(attribute, bits),
                _ => Node::Undefined,
            }),
            IN_CHAIN => self.in_chain(attribute, &extensible.value),
            _ => Ok(Node::Undefined),
        }
    }

    /// All objects from which a chain of links leads to the named one. [MS-ADTS] 3.1.1.3.4.4.3.
    fn in_chain(&self, attribute: &'s Attribute, value: &[u8]) -> Result<Node<'s>, Error> {
        let (Some(link), Some(form)) = (attribute.link, attribute.dn_form()) else { return Ok(Node::Undefined) };
        let Some(reference) = reference::parse(form, value) else { return Ok(Node::Undefined) };
        let Some(target) = self.find(&reference.target)? else { return Ok(Node::False) };
        let transaction = self.snapshot.transaction;
        let allowance = &mut *self.chains.borrow_mut();
        allowance.begin()?;
        let ids = match (link.direction, link.partner) {
            (LinkDirection::Forward, _) => chain::sources(transaction, attribute.number, target, allowance)?,
            (LinkDirection::Back, Some(forward)) => chain::targets(transaction, forward, target, allowance)?,
            (LinkDirection::Back, None) => return Ok(Node::False),
        };
        Ok(Node::OneOf(attribute, ids))
    }
}

/// The bits of a bitwise rule: a decimal number of up to 64 bits, signed or not.
fn integer(value: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(value).ok()?;
    text.parse::<i64>().ok().or_else(|| text.parse::<u64>().ok().map(|bits| bits as i64))
}

/// Turns the equalities of one attribute into one set, so that testing an object is one probe for each value it has.
fn gather_equalities<'s>(parts: Vec<Node<'s>>) -> Vec<Node<'s>> {
    let mut gathered: Vec<(AttributeNumber, &'s Attribute, Vec<Vec<u8>>)> = Vec::new();
    let mut others = Vec::new();
    if parts.len() < SET_PROBE_MIN {
        return parts;
    }
    for part in parts {
        match part {
            // One attribute is the common case, a few the rest: a list is enough to find it.
            Node::Equal(attribute, key) => match gathered.iter_mut().find(|(number, ..)| *number == attribute.number) {
                Some((_, _, keys)) => keys.push(key),
                None => gathered.push((attribute.number, attribute, vec![key])),
            },
            other => others.push(other),
        }
    }
    for (_, attribute, mut keys) in gathered {
        keys.sort_unstable();
        keys.dedup();
        others.push(Node::AnyEqual(attribute, keys));
    }
    others
}

/// Whether the attribute's keys are those of text, where a prefix of a value has a prefix of its key.
pub(crate) fn prefix_keys(syntax: Syntax) -> bool {
    syntax.has_substrings()
}
