//! A blocking client: the sans-IO client of the codec over a socket, for tests.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bailiwick_ldap::control::Control;
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::request::{BindRequest, DereferenceAliases, ExtendedRequest, Request, Scope, SearchRequest};
use bailiwick_ldap::response::Response;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};

/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    codec: bailiwick_ldap::client::Client,
    socket: TcpStream,
    tls: Option<Box<rustls::ClientConnection>>,
}

/// The end of an operation, owned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    pub id: u32,
    pub code: u32,
    pub matched: String,
    pub text: String,
    /// The value of an extended response.
    pub value: Option<Vec<u8>>,
    /// The name of an extended response.
    pub name: Option<String>,
    /// OIDs and values of the controls.
    pub controls: Vec<(String, Vec<u8>)>,
}

/// Anything a server sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Entry(u32, Entry),
    End(End),
}

/// A found entry, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub dn: String,
    pub attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Client {
        let socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.set_write_timeout(Some(PATIENCE)).unwrap();
        socket.set_nodelay(true).unwrap();
        Client { codec: bailiwick_ldap::client::Client::new(), socket, tls: None }
    }

    pub fn connect_tls(address: SocketAddr, authority: &Path) -> Client {
        let mut client = Client::connect(address);
        client.begin_tls(authority);
        client
    }

    /// Puts TLS around the socket; the server must have been asked before.
    pub fn begin_tls(&mut self, authority: &Path) {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        self.tls = Some(Box::new(rustls::ClientConnection::new(Arc::new(config), name).unwrap()));
    }

    /// StartTLS, the whole of it.
    pub fn start_tls(&mut self, authority: &Path) -> End {
        let end = self.extended("1.3.6.1.4.1.1466.20037", None);
        if end.code == 0 {
            self.codec.tls_started().unwrap();
            self.begin_tls(authority);
        }
        end
    }

    pub fn write(&mut self, octets: &[u8]) {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.socket).write_all(octets).unwrap(),
            None => self.socket.write_all(octets).unwrap(),
        }
    }

    /// Reads once; false at the end of the stream.
    fn read(&mut self) -> bool {
        let spare = self.codec.spare();
        let count = match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.socket).read(spare),
            None => self.socket.read(spare),
        };
        match count {
            Ok(0) => false,
            Ok(count) => {
                self.codec.filled(count);
                true
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => false,
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => false,
            Err(error) => panic!("{error}"),
        }
    }

    pub fn send(&mut self, request: &Request<'_>, controls: &[Control<'_>]) -> u32 {
        let mut out = Vec::new();
        let id = self.codec.send(&mut out, request, controls);
        self.write(&out);
        id.number()
    }

    /// The next answer; none when the server has closed the connection.
    pub fn answer(&mut self) -> Option<Answer> {
        loop {
            if let Some(message) = self.codec.next_response().unwrap() {
                return Some(owned(message));
            }
            if !self.read() {
                return None;
            }
        }
    }

    /// Reads up to the next end of an operation.
    pub fn end(&mut self) -> (Vec<Entry>, End) {
        let mut entries = Vec::new();
        loop {
            match self.answer().expect("the server answers") {
                Answer::Entry(_, entry) => entries.push(entry),
                Answer::End(end) => return (entries, end),
            }
        }
    }

    pub fn run(&mut self, request: &Request<'_>, controls: &[Control<'_>]) -> (Vec<Entry>, End) {
        let id = self.send(request, controls);
        let (entries, end) = self.end();
        assert_eq!(end.id, id);
        (entries, end)
    }

    pub fn bind(&mut self, name: &str, password: &str) -> End {
        self.run(&Request::Bind(BindRequest::simple(name, password.as_bytes())), &[]).1
    }

    pub fn extended(&mut self, name: &str, value: Option<&[u8]>) -> End {
        self.run(&Request::Extended(ExtendedRequest { name, value }), &[]).1
    }

    pub fn search(&mut self, base: &str, filter: &str) -> (Vec<Entry>, End) {
        self.run(&Request::Search(search(base, filter)), &[])
    }

    /// Whether the connection still serves.
    pub fn is_alive(&mut self) -> bool {
        self.extended("1.3.6.1.4.1.4203.1.11.3", None).code == 0
    }
}

/// A search of the whole tree, or of the base alone when the base is empty.
pub fn search<'a>(base: &'a str, filter: &str) -> SearchRequest<'a> {
    SearchRequest {
        base,
        scope: if base.is_empty() { Scope::Base } else { Scope::Subtree },
        dereference_aliases: DereferenceAliases::Never,
        size_limit: 0,
        time_limit_seconds: 0,
        types_only: false,
        filter: filter.parse().unwrap(),
        attributes: Vec::new(),
    }
}

pub fn message_id(number: u32) -> MessageId {
    MessageId::new(number).unwrap()
}

fn owned(message: bailiwick_ldap::message::ResponseMessage<'_>) -> Answer {
    let id = message.id.number();
    if let Response::SearchEntry(entry) = &message.operation {
        let attributes = entry.attributes.iter();
        let attributes = attributes
            .map(|attribute| (attribute.name.to_owned(), attribute.values.iter().map(|value| value.to_vec()).collect()))
            .collect();
        return Answer::Entry(id, Entry { dn: entry.dn.to_owned(), attributes });
    }
    let result = message.operation.result().expect("nothing but entries comes before the end");
    let (name, value) = match &message.operation {
        Response::Extended(extended) => (extended.name.map(str::to_owned), extended.value.map(<[u8]>::to_vec)),
        _ => (None, None),
    };
    Answer::End(End {
        id,
        code: result.code.number(),
        matched: result.matched_dn.to_owned(),
        text: result.diagnostic.to_owned(),
        value,
        name,
        controls: message
            .controls
            .iter()
            .map(|control| (control.oid.to_owned(), control.value.unwrap_or_default().to_vec()))
            .collect(),
    })
}

impl Client {
    /// Asks who one is; none when the server has turned the connection away.
    pub fn answer_or_alive(&mut self) -> Option<()> {
        let mut out = Vec::new();
        let id = self.codec.send(&mut out, &Request::Extended(bailiwick_ldap::extended::who_am_i::request()), &[]);
        self.socket.write_all(&out).ok()?;
        match self.answer() {
            Some(Answer::End(end)) if end.id == id.number() => Some(()),
            _ => None,
        }
    }
}
