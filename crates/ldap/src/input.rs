//! The buffer between a socket and the decoder, for both halves of the protocol. It owns no socket.
//!
//! The driver reads straight into [`InputBuffer::spare`]; messages are decoded where they lie. The buffer grows with
//! what arrives, never with what a length claims, and shrinks when a large message has gone.

/// The least space that is offered for one read.
const READ_OCTETS_MIN: usize = 4096;
/// What the buffer starts with and shrinks to.
const OCTETS_AT_REST: usize = 8192;
/// A buffer above this shrinks as soon as it is empty.
const OCTETS_KEPT_MAX: usize = 65_536;

/// Octets that arrived and are not yet consumed.
#[derive(Debug, Default)]
pub(crate) struct InputBuffer {
    octets: Vec<u8>,
    start: usize,
    end: usize,
}

impl InputBuffer {
    /// Space to read into; at least [`READ_OCTETS_MIN`] octets.
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            if self.octets.len() > OCTETS_KEPT_MAX {
                self.octets.truncate(OCTETS_AT_REST);
                self.octets.shrink_to_fit();
            }
        }
        if self.octets.len() - self.end < READ_OCTETS_MIN {
            self.octets.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.octets.len() - self.end < READ_OCTETS_MIN {
            let grown = (self.octets.len() * 2).max(OCTETS_AT_REST);
            self.octets.resize(grown, 0);
        }
        &mut self.octets[self.end..]
    }

    /// Says that the first `count` octets of [`spare`](Self::spare) were filled; never counts beyond them.
    pub(crate) fn filled(&mut self, count: usize) {
        self.end = self.octets.len().min(self.end + count);
    }

    /// Copies octets in, for drivers that have them in a buffer of their own.
    pub(crate) fn feed(&mut self, mut octets: &[u8]) {
        while !octets.is_empty() {
            let spare = self.spare();
            let count = spare.len().min(octets.len());
            spare[..count].copy_from_slice(&octets[..count]);
            self.filled(count);
            octets = &octets[count..];
        }
    }

    /// What is there.
    #[inline]
    pub(crate) fn unread(&self) -> &[u8] {
        &self.octets[self.start..self.end]
    }

    /// Consumes the first `count` octets and gives them; never more than are there.
    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> &[u8] {
        let start = self.start;
        self.start = self.end.min(start + count);
        &self.octets[start..self.start]
    }

    /// Frees the memory of an idle connection; does nothing while octets are unread.
    pub(crate) fn release(&mut self) {
        if self.start == self.end {
            *self = Self::default();
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_come_out_as_they_went_in_across_growth_and_compaction() {
        let mut buffer = InputBuffer::default();
        let source: Vec<u8> = (0..200_000_u32).map(|number| number as u8).collect();
        let mut taken = Vec::new();
        for chunk in source.chunks(7_001) {
            buffer.feed(chunk);
            let count = buffer.unread().len() / 3;
            taken.extend_from_slice(buffer.take(count));
        }
        taken.extend_from_slice(buffer.take(usize::MAX / 2));
        assert_eq!(taken, source);
    }

    #[test]
    fn a_large_message_does_not_keep_its_memory() {
        let mut buffer = InputBuffer::default();
        buffer.feed(&vec![1; 1_000_000]);
        buffer.take(1_000_000);
        buffer.spare();
        assert_eq!(buffer.octets.len(), OCTETS_AT_REST);
        assert!(buffer.octets.capacity() <= OCTETS_KEPT_MAX);
    }

    #[test]
    fn an_idle_buffer_can_be_released_but_not_one_with_octets() {
        let mut buffer = InputBuffer::default();
        buffer.feed(b"ab");
        buffer.release();
        assert_eq!(buffer.unread(), b"ab");
        buffer.take(2);
        buffer.release();
        assert_eq!(buffer.octets.capacity(), 0);
    }

    #[test]
    fn there_is_always_space_to_read_into() {
        let mut buffer = InputBuffer::default();
        for _ in 0..10 {
            let count = buffer.spare().len();
            assert!(count >= READ_OCTETS_MIN);
            buffer.filled(count);
        }
    }
}
