//! A filter on the wire. RFC 4511 section 4.5.1.7; the tree itself is `bailiwick_adtypes::filter`.
//!
//! Depth and nodes are counted before anything is kept, so a hostile filter costs neither stack nor memory.

use bailiwick_adtypes::filter::{Assertion, Extensible, FILTER_DEPTH_MAX, FILTER_NODES_MAX, Filter, Substrings};

use crate::ber::{self, Reader, Tag, Writer};
use crate::malformed::{Items, Malformed, count};

const AND: Tag = Tag::context_constructed(0);
const OR: Tag = Tag::context_constructed(1);
const NOT: Tag = Tag::context_constructed(2);
const EQUALITY: Tag = Tag::context_constructed(3);
const SUBSTRINGS: Tag = Tag::context_constructed(4);
const GREATER_OR_EQUAL: Tag = Tag::context_constructed(5);
const LESS_OR_EQUAL: Tag = Tag::context_constructed(6);
const PRESENT: Tag = Tag::context(7);
const APPROXIMATE: Tag = Tag::context_constructed(8);
const EXTENSIBLE: Tag = Tag::context_constructed(9);

const INITIAL: Tag = Tag::context(0);
const ANY: Tag = Tag::context(1);
const FINAL: Tag = Tag::context(2);

const RULE: Tag = Tag::context(1);
const TYPE: Tag = Tag::context(2);
const VALUE: Tag = Tag::context(3);
const DN_ATTRIBUTES: Tag = Tag::context(4);

/// Reads a filter of at most [`FILTER_DEPTH_MAX`] levels and [`FILTER_NODES_MAX`] nodes; each piece of a
/// substrings filter counts as a node.
///
/// # Errors
/// `FilterDepth`, `TooMany`; `Substrings` and `ExtensibleMatch` for those forms; otherwise what is wrong with the encoding.
#[inline]
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Filter, Malformed> {
    let mut nodes_left = FILTER_NODES_MAX;
    read_node(reader, FILTER_DEPTH_MAX, &mut nodes_left)
}

fn read_node(reader: &mut Reader<'_>, depth_left: usize, nodes_left: &mut usize) -> Result<Filter, Malformed> {
    let depth_left = depth_left.checked_sub(1).ok_or(Malformed::FilterDepth)?;
    count_node(nodes_left)?;
    let (tag, contents) = reader.element()?;
    let mut inner = Reader::new(contents);
    Ok(match tag {
        AND => Filter::And(read_nodes(inner, depth_left, nodes_left)?),
        OR => Filter::Or(read_nodes(inner, depth_left, nodes_left)?),
        NOT => {
            let operand = read_node(&mut inner, depth_left, nodes_left)?;
            inner.end()?;
            Filter::Not(Box::new(operand))
        }
        EQUALITY => Filter::Equality(read_assertion(inner)?),
        SUBSTRINGS => Filter::Substrings(read_substrings(inner, nodes_left)?),
        GREATER_OR_EQUAL => Filter::GreaterOrEqual(read_assertion(inner)?),
        LESS_OR_EQUAL => Filter::LessOrEqual(read_assertion(inner)?),
        PRESENT => Filter::Present(ber::text(contents)?.to_owned()),
        APPROXIMATE => Filter::Approximate(read_assertion(inner)?),
        EXTENSIBLE => Filter::Extensible(read_extensible(inner)?),
        tag => return Err(Malformed::UnknownChoice(tag)),
    })
}

fn count_node(nodes_left: &mut usize) -> Result<(), Malformed> {
    count(nodes_left, Items::FilterNodes, FILTER_NODES_MAX)
}

fn read_nodes(mut reader: Reader<'_>, depth_left: usize, nodes_left: &mut usize) -> Result<Vec<Filter>, Malformed> {
    let mut nodes = Vec::new();
    while !reader.is_empty() {
        nodes.push(read_node(&mut reader, depth_left, nodes_left)?);
    }
    Ok(nodes)
}

fn read_assertion(mut reader: Reader<'_>) -> Result<Assertion, Malformed> {
    let attribute = reader.string(Tag::OCTET_STRING)?.to_owned();
    let value = reader.expect(Tag::OCTET_STRING)?.to_vec();
    reader.ignore_extensions()?;
    Ok(Assertion { attribute, value })
}

fn read_substrings(mut reader: Reader<'_>, nodes_left: &mut usize) -> Result<Substrings, Malformed> {
    let mut substrings = Substrings {
        attribute: reader.string(Tag::OCTET_STRING)?.to_owned(),
        initial: None,
        any: Vec::new(),
        last: None,
    };
    let mut pieces = reader.constructed(Tag::SEQUENCE)?;
    reader.ignore_extensions()?;
    if pieces.is_empty() {
        return Err(Malformed::Substrings);
    }
    while !pieces.is_empty() {
        count_node(nodes_left)?;
        let (tag, piece) = pieces.element()?;
        // The initial piece comes first and the final one last; both at most once. RFC 4511 section 4.5.1.7.2.
        if piece.is_empty() || substrings.last.is_some() {
            return Err(Malformed::Substrings);
        }
        match tag {
            INITIAL if substrings.initial.is_none() && substrings.any.is_empty() => {
                substrings.initial = Some(piece.to_vec());
            }
            INITIAL => return Err(Malformed::Substrings),
            ANY => substrings.any.push(piece.to_vec()),
            FINAL => substrings.last = Some(piece.to_vec()),
            tag => return Err(Malformed::UnknownChoice(tag)),
        }
    }
    Ok(substrings)
}

fn read_extensible(mut reader: Reader<'_>) -> Result<Extensible, Malformed> {
    let rule = reader.optional_string(RULE)?.map(str::to_owned);
    let attribute = reader.optional_string(TYPE)?.map(str::to_owned);
    let value = reader.expect(VALUE)?.to_vec();
    let dn_attributes = reader.boolean_or_false(DN_ATTRIBUTES)?;
    reader.ignore_extensions()?;
    if rule.is_none() && attribute.is_none() {
        return Err(Malformed::ExtensibleMatch);
    }
    Ok(Extensible { rule, attribute, value, dn_attributes })
}

/// Writes a filter. Its depth is the caller's; every reader of this project keeps it within [`FILTER_DEPTH_MAX`].
pub(super) fn write(writer: &mut Writer<'_>, filter: &Filter) {
    match filter {
        Filter::And(operands) => write_nodes(writer, AND, operands),
        Filter::Or(operands) => write_nodes(writer, OR, operands),
        Filter::Not(operand) => write_nodes(writer, NOT, std::slice::from_ref(operand.as_ref())),
        Filter::Equality(assertion) => write_assertion(writer, EQUALITY, assertion),
        Filter::Substrings(substrings) => write_substrings(writer, substrings),
        Filter::GreaterOrEqual(assertion) => write_assertion(writer, GREATER_OR_EQUAL, assertion),
        Filter::LessOrEqual(assertion) => write_assertion(writer, LESS_OR_EQUAL, assertion),
        Filter::Present(attribute) => writer.string(PRESENT, attribute),
        Filter::Approximate(assertion) => write_assertion(writer, APPROXIMATE, assertion),
        Filter::Extensible(extensible) => write_extensible(writer, extensible),
    }
}

fn write_nodes(writer: &mut Writer<'_>, tag: Tag, operands: &[Filter]) {
    let node = writer.start(tag);
    for operand in operands {
        write(writer, operand);
    }
    writer.end(node);
}

fn write_assertion(writer: &mut Writer<'_>, tag: Tag, assertion: &Assertion) {
    let node = writer.start(tag);
    writer.string(Tag::OCTET_STRING, &assertion.attribute);
    writer.octets(Tag::OCTET_STRING, &assertion.value);
    writer.end(node);
}

fn write_substrings(writer: &mut Writer<'_>, substrings: &Substrings) {
    let node = writer.start(SUBSTRINGS);
    writer.string(Tag::OCTET_STRING, &substrings.attribute);
    let pieces = writer.start(Tag::SEQUENCE);
    if let Some(initial) = &substrings.initial {
        writer.octets(INITIAL, initial);
    }
    for any in &substrings.any {
        writer.octets(ANY, any);
    }
    if let Some(last) = &substrings.last {
        writer.octets(FINAL, last);
    }
    writer.end(pieces);
    writer.end(node);
}

fn write_extensible(writer: &mut Writer<'_>, extensible: &Extensible) {
    let node = writer.start(EXTENSIBLE);
    if let Some(rule) = &extensible.rule {
        writer.string(RULE, rule);
    }
    if let Some(attribute) = &extensible.attribute {
        writer.string(TYPE, attribute);
    }
    writer.octets(VALUE, &extensible.value);
    if extensible.dn_attributes {
        writer.boolean(DN_ATTRIBUTES, true);
    }
    writer.end(node);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Filter {
        (1..levels).fold(Filter::Present("cn".into()), |filter, _| Filter::Not(Box::new(filter)))
    }

    fn round_trip(filter: &Filter) -> Result<Filter, Malformed> {
        let mut out = Vec::new();
        write(&mut Writer::new(&mut out), filter);
        read(&mut Reader::new(&out))
    }

    #[test]
    fn a_filter_of_the_greatest_depth_is_read_and_a_deeper_one_refused() {
        let deepest = nested(FILTER_DEPTH_MAX);
        assert_eq!(round_trip(&deepest), Ok(deepest));
        assert_eq!(round_trip(&nested(FILTER_DEPTH_MAX + 1)), Err(Malformed::FilterDepth));
    }

    #[test]
    fn depth_is_checked_before_the_contents() {
        // A megabyte of opening NOT tags must end at the limit, not at the end of the stack.
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out);
        let marks: Vec<_> = (0..200_000).map(|_| writer.start(NOT)).collect();
        for mark in marks.into_iter().rev() {
            writer.end(mark);
        }
        assert_eq!(read(&mut Reader::new(&out)), Err(Malformed::FilterDepth));
    }

    #[test]
    fn nodes_and_pieces_are_counted() {
        let leaves = |count| Filter::Or(vec![Filter::Present("a".into()); count]);
        let pieces = |count| {
            Filter::Substrings(Substrings {
                attribute: "a".into(),
                initial: None,
                any: vec![b"x".to_vec(); count],
                last: None,
            })
        };
        let too_many = Err(Malformed::TooMany { items: Items::FilterNodes, maximum: FILTER_NODES_MAX });
        assert!(round_trip(&leaves(FILTER_NODES_MAX - 1)).is_ok());
        assert_eq!(round_trip(&leaves(FILTER_NODES_MAX)), too_many);
        assert!(round_trip(&pieces(FILTER_NODES_MAX - 1)).is_ok());
        assert_eq!(round_trip(&pieces(FILTER_NODES_MAX)), too_many);
    }

    #[track_caller]
    fn check(input: &[u8], expected: Result<Filter, Malformed>) {
        assert_eq!(read(&mut Reader::new(input)), expected);
    }

    #[test]
    fn empty_and_and_or_are_absolute_true_and_false() {
        check(b"\xA0\x00", Ok(Filter::And(Vec::new())));
        check(b"\xA1\x00", Ok(Filter::Or(Vec::new())));
    }

    #[test]
    fn not_has_exactly_one_operand() {
        check(b"\xA2\x00", Err(Malformed::Truncated));
        check(b"\xA2\x03\x87\x01a", Ok(Filter::Not(Box::new(Filter::Present("a".into())))));
        check(b"\xA2\x06\x87\x01a\x87\x01b", Err(Malformed::TrailingOctets));
    }

    #[test]
    fn substrings_need_pieces_in_order() {
        check(b"\xA4\x05\x04\x01a\x30\x00", Err(Malformed::Substrings));
        check(b"\xA4\x07\x04\x01a\x30\x02\x80\x00", Err(Malformed::Substrings));
        check(b"\xA4\x0B\x04\x01a\x30\x06\x82\x01x\x81\x01y", Err(Malformed::Substrings));
        check(b"\xA4\x0B\x04\x01a\x30\x06\x82\x01x\x82\x01y", Err(Malformed::Substrings));
        check(b"\xA4\x0B\x04\x01a\x30\x06\x80\x01x\x80\x01y", Err(Malformed::Substrings));
        check(b"\xA4\x0B\x04\x01a\x30\x06\x81\x01x\x80\x01y", Err(Malformed::Substrings));
        check(b"\xA4\x08\x04\x01a\x30\x03\x83\x01x", Err(Malformed::UnknownChoice(Tag(0x83))));
    }

    #[test]
    fn an_extensible_match_names_a_rule_or_an_attribute() {
        check(b"\xA9\x03\x83\x01x", Err(Malformed::ExtensibleMatch));
        check(b"\xA9\x03\x81\x01x", Err(Malformed::Truncated));
        check(b"\xAA\x00", Err(Malformed::UnknownChoice(Tag(0xAA))));
    }
}
