//! An entry that a search found: written piece by piece by a server, read whole by a client. RFC 4511 section 4.5.2.
//!
//! [`EntryWriter`] appends straight to the output buffer, so that values go from the mapped page of the store to the
//! socket's buffer in one copy and without an allocation of their own.

use crate::ber::{Mark, Reader, Tag, Writer};
use crate::control::{self, Control};
use crate::malformed::Malformed;
use crate::message::{self, MessageId};

const OPERATION: Tag = Tag::application_constructed(4);

/// Appends one entry to an output buffer: [`begin`](Self::begin), then for each attribute
/// [`attribute`](Self::attribute) and its [`value`](Self::value)s, then [`finish`](Self::finish).
///
/// Dropping it without `finish` leaves a broken message in the buffer; call [`abandon`](Self::abandon) instead.
#[derive(Debug)]
#[must_use = "an entry that is neither finished nor abandoned leaves a broken message in the buffer"]
pub struct EntryWriter<'b> {
    writer: Writer<'b>,
    start: usize,
    message: Mark,
    operation: Mark,
    attributes: Mark,
    open: Option<OpenAttribute>,
}

#[derive(Debug)]
struct OpenAttribute {
    start: usize,
    attribute: Mark,
    values: Mark,
}

impl<'b> EntryWriter<'b> {
    /// Begins an entry with this name.
    #[inline]
    pub fn begin(out: &'b mut Vec<u8>, id: MessageId, dn: &str) -> Self {
        Self::begin_after(out, id, |writer| writer.string(Tag::OCTET_STRING, dn))
    }

    /// Begins an entry whose name `build` appends to the buffer in place. It must append UTF-8 and do nothing else.
    #[inline]
    pub fn begin_with(out: &'b mut Vec<u8>, id: MessageId, build: impl FnOnce(&mut Vec<u8>)) -> Self {
        Self::begin_after(out, id, |writer| {
            writer.octets_with(Tag::OCTET_STRING, build);
        })
    }

    #[inline]
    fn begin_after(out: &'b mut Vec<u8>, id: MessageId, write_name: impl FnOnce(&mut Writer<'b>)) -> Self {
        let start = out.len();
        let mut writer = Writer::new(out);
        let message = message::start(&mut writer, id);
        let operation = writer.start(OPERATION);
        write_name(&mut writer);
        let attributes = writer.start(Tag::SEQUENCE);
        Self { writer, start, message, operation, attributes, open: None }
    }

    /// Opens an attribute, after ending the one that may be open.
    #[inline]
    pub fn attribute(&mut self, name: &str) {
        self.open_attribute(|writer| writer.string(Tag::OCTET_STRING, name));
    }

    /// Opens an attribute whose description is made of parts, such as `member` and `;range=0-1499`.
    #[inline]
    pub fn attribute_parts(&mut self, parts: &[&str]) {
        self.open_attribute(|writer| writer.parts(Tag::OCTET_STRING, parts));
    }

    #[inline]
    fn open_attribute(&mut self, write_name: impl FnOnce(&mut Writer<'b>)) {
        self.end_attribute();
        let start = self.writer.out().len();
        let attribute = self.writer.start(Tag::SEQUENCE);
        write_name(&mut self.writer);
        let values = self.writer.start(Tag::SET);
        self.open = Some(OpenAttribute { start, attribute, values });
    }

    /// Adds a value to the open attribute.
    #[inline]
    pub fn value(&mut self, value: &[u8]) {
        debug_assert!(self.open.is_some(), "a value belongs to an attribute");
        self.writer.octets(Tag::OCTET_STRING, value);
    }

    /// Adds a value that `build` appends to the buffer in place. It must append and do nothing else; what it
    /// returns is handed on, so that it may fail, after which the caller abandons attribute or entry.
    #[inline]
    pub fn value_with<R>(&mut self, build: impl FnOnce(&mut Vec<u8>) -> R) -> R {
        debug_assert!(self.open.is_some(), "a value belongs to an attribute");
        self.writer.octets_with(Tag::OCTET_STRING, build)
    }

    /// Ends the open attribute; does nothing when none is open. An attribute may have no values (types only).
    #[inline]
    pub fn end_attribute(&mut self) {
        if let Some(open) = self.open.take() {
            self.writer.end(open.values);
            self.writer.end(open.attribute);
        }
    }

    /// Takes the open attribute back, as if it had never been opened; does nothing when none is open.
    pub fn abandon_attribute(&mut self) {
        if let Some(open) = self.open.take() {
            self.writer.out().truncate(open.start);
        }
    }

    /// How many octets of the message are in the buffer by now.
    #[inline]
    pub fn octets(&mut self) -> usize {
        self.writer.out().len() - self.start
    }

    /// Completes the message.
    #[inline]
    pub fn finish(self) {
        self.finish_with(&[]);
    }

    /// Completes the message with controls.
    pub fn finish_with(mut self, controls: &[Control<'_>]) {
        self.end_attribute();
        self.writer.end(self.attributes);
        self.writer.end(self.operation);
        control::write(&mut self.writer, controls);
        self.writer.end(self.message);
    }

    /// Takes the whole message back; the buffer is as it was before [`begin`](Self::begin).
    pub fn abandon(mut self) {
        let start = self.start;
        self.writer.out().truncate(start);
    }
}

/// An entry as a client receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchEntry<'a> {
    /// The name of the entry.
    pub dn: &'a str,
    /// Its attributes in the server's order.
    pub attributes: Vec<EntryAttribute<'a>>,
}

/// An attribute of an entry as a client receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryAttribute<'a> {
    /// The attribute description, with options such as a range.
    pub name: &'a str,
    /// The values in the server's order; none when only types were asked for.
    pub values: Vec<&'a [u8]>,
}

impl<'a> SearchEntry<'a> {
    /// Reads an entry. What it allocates is bounded by the size of the message, which its client limits.
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let dn = reader.string(Tag::OCTET_STRING)?;
        let mut list = reader.constructed(Tag::SEQUENCE)?;
        reader.ignore_extensions()?;
        let mut attributes = Vec::new();
        while !list.is_empty() {
            attributes.push(EntryAttribute::read(list.constructed(Tag::SEQUENCE)?)?);
        }
        Ok(Self { dn, attributes })
    }

    /// Appends the entry as a message to `out`.
    pub fn write(&self, out: &mut Vec<u8>, id: MessageId, controls: &[Control<'_>]) {
        let mut entry = EntryWriter::begin(out, id, self.dn);
        for attribute in &self.attributes {
            entry.attribute(attribute.name);
            for value in &attribute.values {
                entry.value(value);
            }
        }
        entry.finish_with(controls);
    }
}

impl<'a> EntryAttribute<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let name = reader.string(Tag::OCTET_STRING)?;
        let mut set = reader.constructed(Tag::SET)?;
        reader.ignore_extensions()?;
        let mut values = Vec::new();
        while !set.is_empty() {
            values.push(set.expect(Tag::OCTET_STRING)?);
        }
        Ok(Self { name, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::ResponseMessage;
    use crate::response::Response;

    const ID: MessageId = MessageId::new(7).unwrap();

    #[track_caller]
    fn check(write: impl FnOnce(&mut Vec<u8>), dn: &str, attributes: &[(&str, &[&[u8]])]) {
        let mut out = Vec::new();
        write(&mut out);
        let attributes =
            attributes.iter().map(|&(name, values)| EntryAttribute { name, values: values.to_vec() }).collect();
        assert_eq!(
            ResponseMessage::decode(&out).map(|message| (message.id, message.operation)),
            Ok((ID, Response::SearchEntry(SearchEntry { dn, attributes })))
        );
    }

    #[test]
    fn names_and_values_may_be_built_in_place() {
        check(
            |out| {
                let mut entry = EntryWriter::begin_with(out, ID, |out| out.extend_from_slice(b"cn=a,dc=b"));
                entry.attribute_parts(&["member", ";range=", "0-1"]);
                entry.value_with(|out| out.extend_from_slice(b"cn=x"));
                entry.value(b"cn=y");
                entry.end_attribute();
                entry.attribute("empty");
                entry.value_with(|_| ());
                entry.finish();
            },
            "cn=a,dc=b",
            &[("member;range=0-1", &[b"cn=x", b"cn=y"]), ("empty", &[b""])],
        );
    }

    #[test]
    fn an_open_attribute_ends_with_the_next_one_and_with_the_entry() {
        check(
            |out| {
                let mut entry = EntryWriter::begin(out, ID, "");
                entry.attribute("a");
                entry.attribute("b");
                entry.value(b"1");
                entry.finish();
            },
            "",
            &[("a", &[]), ("b", &[b"1"])],
        );
    }

    #[test]
    fn an_abandoned_attribute_leaves_no_trace() {
        check(
            |out| {
                let mut entry = EntryWriter::begin(out, ID, "");
                entry.attribute("a");
                entry.value(b"1");
                entry.end_attribute();
                entry.abandon_attribute();
                entry.attribute("b");
                entry.value(b"2");
                entry.abandon_attribute();
                entry.finish();
            },
            "",
            &[("a", &[b"1"])],
        );
    }

    #[test]
    fn an_abandoned_entry_leaves_the_buffer_as_it_was() {
        let mut out = b"before".to_vec();
        let mut entry = EntryWriter::begin(&mut out, ID, "cn=a");
        entry.attribute("a");
        entry.value(b"1");
        assert_eq!(entry.octets(), 6 + 3 + 6 + 6 + 6 + 6 + 3 + 6 + 3);
        entry.abandon();
        assert_eq!(out, b"before");
    }
}
