//! A blocking LDAP connection: the sans-IO client of the codec over a socket, with or without TLS.

use std::fmt;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::Entry;
use bailiwick_ldap::client::{Client, ClientError};
use bailiwick_ldap::control::{Control, PagedResults};
use bailiwick_ldap::extended::start_tls;
use bailiwick_ldap::message::{MessageId, ResponseMessage};
use bailiwick_ldap::request::Request;
use bailiwick_ldap::response::Response;
use bailiwick_server::certificate;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use zeroize::Zeroizing;

use super::Address;

/// How long a server may take to accept a connection, and to answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// How a connection is protected.
#[derive(Clone, Debug, Default)]
pub struct Protection {
    /// Begin TLS on a connection that is in the clear.
    pub start_tls: bool,
    /// The certificate authority to trust (PEM).
    pub authority: Option<PathBuf>,
}

/// A connection cannot be had, or broke.
#[derive(Debug)]
pub enum ConnectionError {
    /// The socket.
    Io(std::io::Error),
    /// What arrived is not LDAP.
    Protocol(ClientError),
    /// TLS cannot begin.
    Tls(rustls::Error),
    /// TLS needs an authority to trust.
    AuthorityNeeded,
    /// The file of the authority cannot be read.
    Authority {
        /// The file.
        path: PathBuf,
    },
    /// The password would go over a network in the clear.
    Unprotected,
    /// The server refuses StartTLS.
    StartTlsRefused,
    /// The server has closed the connection.
    Closed,
}

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectionError::Io(error) => error.fmt(f),
            ConnectionError::Protocol(error) => error.fmt(f),
            ConnectionError::Tls(error) => error.fmt(f),
            ConnectionError::AuthorityNeeded => f.write_str("TLS needs a certificate authority to trust: --ca FILE"),
            ConnectionError::Authority { path } => write!(f, "{} is no certificate in PEM", path.display()),
            ConnectionError::Unprotected => {
                f.write_str("the password is not sent to another machine in the clear: use ldaps:// or --start-tls")
            }
            ConnectionError::StartTlsRefused => f.write_str("the server refuses StartTLS"),
            ConnectionError::Closed => f.write_str("the server has closed the connection"),
        }
    }
}

impl std::error::Error for ConnectionError {}

impl From<std::io::Error> for ConnectionError {
    fn from(error: std::io::Error) -> ConnectionError {
        ConnectionError::Io(error)
    }
}

impl From<ClientError> for ConnectionError {
    fn from(error: ClientError) -> ConnectionError {
        ConnectionError::Protocol(error)
    }
}

impl From<rustls::Error> for ConnectionError {
    fn from(error: rustls::Error) -> ConnectionError {
        ConnectionError::Tls(error)
    }
}

/// Something that a server sent, copied out of the buffer.
#[derive(Debug)]
pub enum Received {
    /// An entry that a search found.
    Entry(Entry),
    /// Something that is of no use here, such as where a search could go on.
    Other,
    /// The end of an operation.
    End(End),
}

/// How an operation ended.
#[derive(Debug)]
pub struct End {
    /// Which operation.
    pub id: MessageId,
    /// The result code.
    pub code: u32,
    /// The diagnostic text.
    pub text: String,
    /// Where a paged search goes on; none when it does not.
    pub cookie: Option<Vec<u8>>,
    /// What an extended operation gives.
    pub value: Option<Zeroizing<Vec<u8>>>,
}

impl From<ResponseMessage<'_>> for Received {
    fn from(message: ResponseMessage<'_>) -> Received {
        if let Response::SearchEntry(entry) = &message.operation {
            let attributes = entry.attributes.iter().map(|attribute| Attribute {
                name: attribute.name.to_owned(),
                values: attribute.values.iter().map(|value| value.to_vec()).collect(),
            });
            return Received::Entry(Entry { dn: entry.dn.to_owned(), attributes: attributes.collect() });
        }
        let Some(result) = message.operation.result() else { return Received::Other };
        let cookie = message
            .controls
            .find(PagedResults::OID)
            .and_then(|control| PagedResults::decode(control.value).ok())
            .map(|paged| paged.cookie.to_vec())
            .filter(|cookie| !cookie.is_empty());
        let value = match &message.operation {
            Response::Extended(extended) => extended.value.map(|value| Zeroizing::new(value.to_vec())),
            _ => None,
        };
        let text = result.diagnostic.to_owned();
        Received::End(End { id: message.id, code: result.code.number(), text, cookie, value })
    }
}

/// What a connection goes over.
enum Socket {
    Network(TcpStream),
    Local(UnixStream),
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Socket::Network(socket) => socket.read(buffer),
            Socket::Local(socket) => socket.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        match self {
            Socket::Network(socket) => socket.write(octets),
            Socket::Local(socket) => socket.write(octets),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Socket::Network(socket) => socket.flush(),
            Socket::Local(socket) => socket.flush(),
        }
    }
}

/// One connection.
pub struct Connection {
    client: Client,
    socket: Socket,
    tls: Option<Box<ClientConnection>>,
    output: Vec<u8>,
}

impl Connection {
    /// Connects, with TLS as wished; without it to this machine only.
    ///
    /// # Errors
    /// See [`ConnectionError`].
    pub fn open(address: &Address, protection: &Protection) -> Result<Connection, ConnectionError> {
        let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
        for candidate in (address.host.as_str(), address.port).to_socket_addrs()? {
            if !address.tls && !protection.start_tls && !candidate.ip().to_canonical().is_loopback() {
                return Err(ConnectionError::Unprotected);
            }
            match TcpStream::connect_timeout(&candidate, PATIENCE) {
                Ok(socket) => return Connection::over(socket, address, protection),
                Err(error) => last = error,
            }
        }
        Err(ConnectionError::Io(last))
    }

    /// Connects to the socket of a server on this machine.
    ///
    /// # Errors
    /// `Io`, for instance when nobody listens.
    pub fn open_local(path: &Path) -> Result<Connection, ConnectionError> {
        let socket = UnixStream::connect(path)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        Ok(Connection { client: Client::new(), socket: Socket::Local(socket), tls: None, output: Vec::new() })
    }

    fn over(socket: TcpStream, address: &Address, protection: &Protection) -> Result<Connection, ConnectionError> {
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let mut connection =
            Connection { client: Client::new(), socket: Socket::Network(socket), tls: None, output: Vec::new() };
        if address.tls {
            connection.begin_tls(address, protection)?;
        } else if protection.start_tls {
            connection.send(&Request::Extended(start_tls::request()), &[]);
            let Received::End(End { code: 0, .. }) = connection.receive()? else {
                return Err(ConnectionError::StartTlsRefused);
            };
            connection.client.tls_started()?;
            connection.begin_tls(address, protection)?;
        }
        Ok(connection)
    }

    fn begin_tls(&mut self, address: &Address, protection: &Protection) -> Result<(), ConnectionError> {
        let authority = protection.authority.as_deref().ok_or(ConnectionError::AuthorityNeeded)?;
        let config = ClientConfig::builder_with_provider(certificate::provider())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots(authority)?)
            .with_no_client_auth();
        let name = ServerName::try_from(address.host.clone())
            .map_err(|_| ConnectionError::Io(std::io::ErrorKind::InvalidInput.into()))?;
        self.tls = Some(Box::new(ClientConnection::new(Arc::new(config), name)?));
        Ok(())
    }

    /// Puts a request into the output; it goes out with the next [`receive`](Self::receive) that has to wait.
    pub fn send(&mut self, request: &Request<'_>, controls: &[Control<'_>]) -> MessageId {
        self.client.send(&mut self.output, request, controls)
    }

    /// What the server sends next.
    ///
    /// # Errors
    /// See [`ConnectionError`].
    pub fn receive(&mut self) -> Result<Received, ConnectionError> {
        loop {
            if let Some(message) = self.client.next_response()? {
                return Ok(Received::from(message));
            }
            self.flush()?;
            let spare = self.client.spare();
            let count = match &mut self.tls {
                Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.socket).read(spare)?,
                None => self.socket.read(spare)?,
            };
            if count == 0 {
                return Err(ConnectionError::Closed);
            }
            self.client.filled(count);
        }
    }

    fn flush(&mut self) -> Result<(), ConnectionError> {
        if !self.output.is_empty() {
            match &mut self.tls {
                Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.socket).write_all(&self.output)?,
                None => self.socket.write_all(&self.output)?,
            }
            self.output.clear();
        }
        Ok(())
    }
}

fn roots(authority: &Path) -> Result<RootCertStore, ConnectionError> {
    let unreadable = || ConnectionError::Authority { path: authority.to_owned() };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(authority).map_err(|_| unreadable())? {
        roots.add(certificate.map_err(|_| unreadable())?)?;
    }
    if roots.is_empty() { Err(unreadable()) } else { Ok(roots) }
}
