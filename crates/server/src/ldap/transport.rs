//! The octets of a connection, in the clear or inside TLS, without blocking.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use bailiwick_ldap::connection::Connection as Gate;
use rustls::ServerConnection;

use super::socket::Socket;

/// A socket, and TLS around it once that has begun.
pub struct Transport {
    socket: Socket,
    tls: Option<Box<ServerConnection>>,
    /// The socket may have more to read.
    pub readable: bool,
    /// The socket may take more.
    pub writable: bool,
}

/// What reading gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// Something, perhaps only a part of a TLS record.
    Octets,
    /// Nothing now.
    Nothing,
    /// The peer sends nothing more.
    End,
}

impl Transport {
    /// A transport in the clear.
    pub fn new(socket: Socket) -> Transport {
        Transport { socket, tls: None, readable: true, writable: true }
    }

    /// The socket, for registering it.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }

    /// Begins TLS; what was sent so far was in the clear.
    ///
    /// # Errors
    /// The configuration does not serve.
    pub fn start_tls(&mut self, config: &Arc<rustls::ServerConfig>) -> Result<(), rustls::Error> {
        self.tls = Some(Box::new(ServerConnection::new(Arc::clone(config))?));
        Ok(())
    }

    /// Whether a TLS handshake is under way.
    pub fn is_handshaking(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.is_handshaking())
    }

    /// Whether there is TLS, finished or not.
    pub fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// Reads once from the socket into the gate.
    ///
    /// # Errors
    /// Those of the socket; `InvalidData` when the peer breaks TLS.
    pub fn receive(&mut self, gate: &mut Gate) -> io::Result<Received> {
        let Some(tls) = &mut self.tls else {
            let spare = gate.spare();
            return match self.socket.read(spare) {
                Ok(0) => Ok(Received::End),
                Ok(count) => {
                    // A read that does not fill its buffer has emptied the socket; the next event tells of more.
                    self.readable = count == spare.len();
                    gate.filled(count);
                    Ok(Received::Octets)
                }
                Err(error) => self.nothing_or(error),
            };
        };
        let mut metered = Metered { socket: &mut self.socket, emptied: false };
        match tls.read_tls(&mut metered) {
            Ok(0) => return Ok(Received::End),
            Ok(_) => self.readable = !metered.emptied,
            Err(error) => return self.nothing_or(error),
        }
        if let Err(error) = tls.process_new_packets() {
            // The alert tells the peer why; it is lost when the socket takes nothing now.
            let _ = tls.write_tls(&mut self.socket);
            return Err(io::Error::new(ErrorKind::InvalidData, error));
        }
        let mut received = Received::Nothing;
        loop {
            match tls.reader().read(gate.spare()) {
                Ok(0) => return Ok(Received::End),
                Ok(count) => {
                    gate.filled(count);
                    received = Received::Octets;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        // A record that is still incomplete, or of the handshake, gave nothing; more may lie in the socket.
        if received == Received::Nothing && self.readable { Ok(Received::Octets) } else { Ok(received) }
    }

    fn nothing_or(&mut self, error: io::Error) -> io::Result<Received> {
        match error.kind() {
            ErrorKind::WouldBlock => {
                self.readable = false;
                Ok(Received::Nothing)
            }
            ErrorKind::Interrupted => Ok(Received::Octets),
            _ => Err(error),
        }
    }

    /// Sends from the start of `output` what the socket takes, and removes it.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn send(&mut self, output: &mut Vec<u8>) -> io::Result<()> {
        let mut sent = 0;
        let result = self.send_slice(output, &mut sent);
        if sent == output.len() {
            output.clear();
        } else {
            output.drain(..sent);
        }
        result
    }

    fn send_slice(&mut self, output: &[u8], sent: &mut usize) -> io::Result<()> {
        let Some(tls) = &mut self.tls else {
            while self.writable && *sent < output.len() {
                match self.socket.write(&output[*sent..]) {
                    Ok(count) => *sent += count,
                    Err(error) => would_block_or(error, &mut self.writable)?,
                }
            }
            return Ok(());
        };
        loop {
            // TLS takes what fits its own bounded buffer, and nothing before the handshake is over.
            if *sent < output.len() && !tls.is_handshaking() {
                *sent += tls.writer().write(&output[*sent..])?;
            }
            if !tls.wants_write() {
                return Ok(());
            }
            while self.writable && tls.wants_write() {
                if let Err(error) = tls.write_tls(&mut self.socket) {
                    would_block_or(error, &mut self.writable)?;
                }
            }
            if !self.writable || *sent == output.len() {
                return Ok(());
            }
        }
    }

    /// Whether something that was handed over still waits for the socket.
    pub fn is_pending(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.wants_write())
    }

    /// Says goodbye: nothing more will be sent.
    pub fn end_sending(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            let _ = tls.write_tls(&mut self.socket);
        }
        let _ = self.socket.shutdown(std::net::Shutdown::Write);
    }

    /// Reads and forgets what still arrives after goodbye; says whether the peer has ended too.
    pub fn discard(&mut self) -> bool {
        let mut scratch = [0; DISCARD_OCTETS];
        loop {
            match self.socket.read(&mut scratch) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.readable = false;
                    return false;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return true,
            }
        }
    }
}

/// How much is read at a time when it is thrown away.
const DISCARD_OCTETS: usize = 4096;

fn would_block_or(error: io::Error, writable: &mut bool) -> io::Result<()> {
    match error.kind() {
        ErrorKind::WouldBlock => {
            *writable = false;
            Ok(())
        }
        ErrorKind::Interrupted => Ok(()),
        _ => Err(error),
    }
}

/// A socket that notices when it has been emptied.
struct Metered<'s> {
    socket: &'s mut Socket,
    emptied: bool,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.socket.read(buffer)?;
        self.emptied = count < buffer.len();
        Ok(count)
    }
}
