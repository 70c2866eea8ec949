//! Entries of the port into messages, straight into the output: the twin of `from_wire`.
//!
//! The sink is called piece by piece while the output is only borrowed for each call, so it keeps the marks of the
//! open elements instead of an `EntryWriter`, which would hold the output for as long as an entry is open.

use bailiwick_domain::{Flow, Sink};
use bailiwick_ldap::ber::{Mark, Tag, Writer};
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::response::SearchReference;

/// The operation SearchResultEntry. RFC 4511 section 4.5.2.
const SEARCH_RESULT_ENTRY: Tag = Tag::application_constructed(4);

/// Writes the entries of a search as answers to one message.
pub struct ToWire<'o> {
    out: &'o mut Vec<u8>,
    id: MessageId,
    octets_max: usize,
    entries: u32,
    entry: Option<OpenEntry>,
    attribute: Option<OpenAttribute>,
}

struct OpenEntry {
    message: Mark,
    operation: Mark,
    attributes: Mark,
}

struct OpenAttribute {
    attribute: Mark,
    values: Mark,
}

impl<'o> ToWire<'o> {
    /// A sink that asks to stop once `out` has `octets_max` octets.
    pub fn new(out: &'o mut Vec<u8>, id: MessageId, octets_max: usize) -> ToWire<'o> {
        ToWire { out, id, octets_max, entries: 0, entry: None, attribute: None }
    }

    /// How many entries were written.
    pub fn entries(&self) -> u32 {
        self.entries
    }

    fn end_attribute(&mut self) {
        if let Some(open) = self.attribute.take() {
            let mut writer = Writer::new(self.out);
            writer.end(open.values);
            writer.end(open.attribute);
        }
    }
}

impl Sink for ToWire<'_> {
    fn begin(&mut self, dn: &str) {
        let mut writer = Writer::new(self.out);
        let message = writer.start(Tag::SEQUENCE);
        writer.integer(Tag::INTEGER, self.id.number().into());
        let operation = writer.start(SEARCH_RESULT_ENTRY);
        writer.string(Tag::OCTET_STRING, dn);
        let attributes = writer.start(Tag::SEQUENCE);
        self.entry = Some(OpenEntry { message, operation, attributes });
    }

    fn attribute(&mut self, description: &str) {
        self.end_attribute();
        let mut writer = Writer::new(self.out);
        let attribute = writer.start(Tag::SEQUENCE);
        writer.string(Tag::OCTET_STRING, description);
        let values = writer.start(Tag::SET);
        self.attribute = Some(OpenAttribute { attribute, values });
    }

    fn value(&mut self, value: &[u8]) {
        Writer::new(self.out).octets(Tag::OCTET_STRING, value);
    }

    fn end(&mut self) -> Flow {
        self.end_attribute();
        if let Some(open) = self.entry.take() {
            let mut writer = Writer::new(self.out);
            writer.end(open.attributes);
            writer.end(open.operation);
            writer.end(open.message);
        }
        self.entries += 1;
        if self.out.len() >= self.octets_max { Flow::Stop } else { Flow::Continue }
    }

    fn reference(&mut self, url: &str) {
        SearchReference { addresses: vec![url] }.write(self.out, self.id, &[]);
    }
}

/// Notices whether there is another match, and keeps nothing of it.
#[derive(Default)]
pub struct Probe {
    /// Whether there was one.
    pub found: bool,
}

impl Sink for Probe {
    fn begin(&mut self, _dn: &str) {
        self.found = true;
    }

    fn attribute(&mut self, _description: &str) {}

    fn value(&mut self, _value: &[u8]) {}

    fn end(&mut self) -> Flow {
        Flow::Stop
    }

    fn reference(&mut self, _url: &str) {}
}

#[cfg(test)]
mod tests {
    use bailiwick_ldap::message::ResponseMessage;
    use bailiwick_ldap::response::{EntryWriter, Response};

    use super::*;

    fn id() -> MessageId {
        MessageId::new(7).unwrap()
    }

    #[test]
    fn entries_are_the_same_octets_as_the_codec_writes() {
        let mut by_sink = Vec::new();
        let mut sink = ToWire::new(&mut by_sink, id(), usize::MAX);
        sink.begin("CN=a");
        sink.attribute("cn");
        sink.value(b"a");
        sink.attribute("member;range=0-1");
        sink.value(b"b");
        sink.value(b"c");
        sink.attribute("empty");
        assert_eq!(sink.end(), Flow::Continue);
        let mut by_codec = Vec::new();
        let mut writer = EntryWriter::begin(&mut by_codec, id(), "CN=a");
        writer.attribute("cn");
        writer.value(b"a");
        writer.attribute("member;range=0-1");
        writer.value(b"b");
        writer.value(b"c");
        writer.attribute("empty");
        writer.finish();
        assert_eq!(by_sink, by_codec);
    }

    #[test]
    fn a_full_output_stops_after_a_whole_entry() {
        let mut out = Vec::new();
        let mut sink = ToWire::new(&mut out, id(), 1);
        sink.begin("CN=a");
        assert_eq!(sink.end(), Flow::Stop);
        assert_eq!(sink.entries(), 1);
        let message = ResponseMessage::decode(&out).unwrap();
        assert!(matches!(message.operation, Response::SearchEntry(entry) if entry.dn == "CN=a"));
    }
}
