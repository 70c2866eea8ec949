//! LDAP on the wire.

use bailiwick_ldap::ber::{Reader, Tag, Writer};
use bailiwick_ldap::connection::{Connection, Event, Limits};
use bailiwick_ldap::frame;
use bailiwick_ldap::malformed::Malformed;
use bailiwick_ldap::message::{RequestMessage, ResponseMessage};

/// How deep elements are taken apart; deeper ones are copied whole.
const DEPTH_MAX: usize = 32;
/// Longer than any input.
const MESSAGE_OCTETS_MAX: usize = 1 << 20;

/// BER: elements that are read and written come back with the same tags and contents.
pub fn ber(data: &[u8]) {
    if let Ok(copy) = copy(data, DEPTH_MAX) {
        assert_eq!(self::copy(&copy, DEPTH_MAX), Ok(copy));
    }
    let mut reader = Reader::new(data);
    if let Ok(number) = reader.integer(Tag::INTEGER) {
        let mut out = Vec::new();
        Writer::new(&mut out).integer(Tag::INTEGER, number);
        assert_eq!(Reader::new(&out).integer(Tag::INTEGER), Ok(number));
    }
    if let Ok(value) = Reader::new(data).boolean(Tag::BOOLEAN) {
        let mut out = Vec::new();
        Writer::new(&mut out).boolean(Tag::BOOLEAN, value);
        assert_eq!(Reader::new(&out).boolean(Tag::BOOLEAN), Ok(value));
    }
    if let Ok(text) = Reader::new(data).string(Tag::OCTET_STRING) {
        let mut out = Vec::new();
        Writer::new(&mut out).string(Tag::OCTET_STRING, text);
        assert_eq!(Reader::new(&out).string(Tag::OCTET_STRING), Ok(text));
    }
}

/// The elements of `input`, written again.
fn copy(input: &[u8], depth: usize) -> Result<Vec<u8>, Malformed> {
    let mut out = Vec::new();
    copy_elements(input, &mut Writer::new(&mut out), depth)?;
    Ok(out)
}

fn copy_elements(input: &[u8], writer: &mut Writer<'_>, depth: usize) -> Result<(), Malformed> {
    const CONSTRUCTED: u8 = 0x20;
    let mut reader = Reader::new(input);
    while let Some(tag) = reader.peek() {
        let before = reader;
        let (found, contents) = reader.element().inspect_err(|_| assert_eq!(before.peek(), Some(tag)))?;
        assert_eq!(found, tag);
        if tag.0 & CONSTRUCTED == 0 || depth == 0 {
            writer.octets(tag, contents);
        } else {
            let mark = writer.start(tag);
            copy_elements(contents, writer, depth - 1)?;
            writer.end(mark);
        }
    }
    Ok(())
}

/// Messages: requests that are read and written come back the same, and the pieces in which they arrive make no difference
/// to a connection.
pub fn message(data: &[u8]) {
    let mut rest = data;
    while let Ok(Some(length)) = frame::next(rest, MESSAGE_OCTETS_MAX) {
        let (message, behind) = rest.split_at(length);
        rest = behind;
        if let Ok(request) = RequestMessage::decode(message) {
            let mut out = Vec::new();
            request.encode(&mut out);
            assert_eq!(frame::next(&out, usize::MAX), Ok(Some(out.len())));
            assert_eq!(RequestMessage::decode(&out), Ok(request));
        }
        // A client must not panic either; responses have no common writer to compare with.
        let _ = ResponseMessage::decode(message);
    }
    let whole = events(data.chunks(data.len().max(1)));
    assert_eq!(events(data.chunks(1)), whole);
    assert_eq!(events(data.chunks(7)), whole);
}

/// What a connection makes of octets that arrive in pieces. Every second operation is finished at once, the others run on,
/// so that waiting, abandoning and used ids are reached.
fn events<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    // Under TLS from the beginning: what follows StartTLS in the clear depends on the pieces by design.
    let mut connection = Connection::over_tls(Limits::default());
    let mut events = Vec::new();
    for piece in pieces {
        connection.feed(piece);
        while let Some(event) = connection.next_event() {
            events.push(format!("{event:?}"));
            match event {
                Event::Request(message) if message.id.number() % 2 == 0 => {
                    let id = message.id;
                    connection.finish(id);
                }
                Event::Abandon(id) => connection.finish(id),
                Event::Request(_) | Event::Refuse { .. } | Event::Unbind | Event::Disconnect(_) => {}
            }
        }
    }
    events
}
