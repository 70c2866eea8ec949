//! The sockets that LDAP comes over: TCP, and the Unix socket of the data folder, whose system vouches for who is at
//! the other end.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr};

use mio::event::Source;
use mio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use mio::{Interest, Registry, Token};

/// A socket that accepts.
pub enum Listener {
    /// From the network.
    Network(TcpListener),
    /// From this machine.
    Local(UnixListener),
}

/// One connection's socket.
pub enum Socket {
    /// From the network.
    Network(TcpStream),
    /// From this machine.
    Local(UnixStream),
}

/// Who is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Whoever is at this address.
    Network(SocketAddr),
    /// A process of this machine.
    Local {
        /// The user it runs as; none when the system does not say.
        user: Option<u32>,
    },
}

impl Peer {
    /// The address; a process of this machine has none.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Peer::Network(address) => Some(address.ip()),
            Peer::Local { .. } => None,
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::Network(address) => address.fmt(f),
            Peer::Local { user: Some(user) } => write!(f, "uid {user}"),
            Peer::Local { user: None } => f.write_str("ldapi"),
        }
    }
}

impl Listener {
    /// The next connection, if one waits.
    ///
    /// # Errors
    /// Those of the system; `WouldBlock` when none waits.
    pub fn accept(&self) -> io::Result<(Socket, Peer)> {
        match self {
            Listener::Network(listener) => {
                let (socket, address) = listener.accept()?;
                // A socket that cannot do it serves as well, only later.
                let _ = socket.set_nodelay(true);
                Ok((Socket::Network(socket), Peer::Network(address)))
            }
            Listener::Local(listener) => {
                let (socket, _) = listener.accept()?;
                let user =
                    rustix::net::sockopt::socket_peercred(&socket).ok().map(|credentials| credentials.uid.as_raw());
                Ok((Socket::Local(socket), Peer::Local { user }))
            }
        }
    }
}

impl Socket {
    /// Ends one direction or both.
    ///
    /// # Errors
    /// Those of the system.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        match self {
            Socket::Network(socket) => socket.shutdown(how),
            Socket::Local(socket) => socket.shutdown(how),
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Network(socket) => socket.read(buffer),
            Socket::Local(socket) => socket.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Socket::Network(socket) => socket.write(octets),
            Socket::Local(socket) => socket.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Socket::Network(socket) => socket.flush(),
            Socket::Local(socket) => socket.flush(),
        }
    }
}

macro_rules! source {
    ($kind:ident) => {
        impl Source for $kind {
            fn register(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
                match self {
                    $kind::Network(socket) => socket.register(registry, token, interests),
                    $kind::Local(socket) => socket.register(registry, token, interests),
                }
            }

            fn reregister(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
                match self {
                    $kind::Network(socket) => socket.reregister(registry, token, interests),
                    $kind::Local(socket) => socket.reregister(registry, token, interests),
                }
            }

            fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
                match self {
                    $kind::Network(socket) => socket.deregister(registry),
                    $kind::Local(socket) => socket.deregister(registry),
                }
            }
        }
    };
}

source!(Listener);
source!(Socket);
