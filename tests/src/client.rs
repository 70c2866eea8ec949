//! A small blocking LDAP client, for tests that need many connections or must know exactly what was acknowledged.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::{Attribute, Modification};
use bailiwick_ldap::request::{
    AddRequest, BindRequest, DeleteRequest, DereferenceAliases, ModifyDnRequest, ModifyRequest, Request, Scope,
    SearchRequest,
};
use bailiwick_ldap::response::Response;
use bailiwick_ldap::result_code::ResultCode;

use crate::domain::{ADMINISTRATOR, PASSWORD};

/// One connection.
pub struct Client {
    socket: TcpStream,
    state: bailiwick_ldap::client::Client,
}

/// How an operation ended, or that the connection broke before it did.
pub type Ended = Result<ResultCode, ConnectionLost>;

/// The connection broke; whether the operation was done nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLost;

/// An entry: its name and attributes.
pub type Found = (String, Vec<(String, Vec<Vec<u8>>)>);

impl Client {
    /// Connects and signs in as the administrator.
    ///
    /// # Panics
    /// Either fails.
    #[track_caller]
    pub fn administrator(address: SocketAddr) -> Client {
        let mut client = Client::connect(address).expect("the server listens");
        assert_eq!(client.bind(ADMINISTRATOR, PASSWORD), Ok(ResultCode::Success));
        client
    }

    /// Connects.
    ///
    /// # Errors
    /// Nobody listens.
    pub fn connect(address: SocketAddr) -> std::io::Result<Client> {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        Ok(Client { socket, state: bailiwick_ldap::client::Client::new() })
    }

    /// Signs in.
    pub fn bind(&mut self, name: &str, password: &str) -> Ended {
        self.run(&Request::Bind(BindRequest::simple(name, password.as_bytes())))
    }

    /// Adds an entry.
    pub fn add(&mut self, name: &str, attributes: &[(&str, &str)]) -> Ended {
        let attributes = attributes
            .iter()
            .map(|(name, value)| Attribute { name: (*name).to_owned(), values: vec![value.as_bytes().to_vec()] })
            .collect();
        self.run(&Request::Add(AddRequest { entry: name, attributes }))
    }

    /// Changes an entry.
    pub fn modify(&mut self, name: &str, modifications: Vec<Modification>) -> Ended {
        self.run(&Request::Modify(ModifyRequest { entry: name, modifications }))
    }

    /// Renames an entry.
    pub fn rename(&mut self, name: &str, new_rdn: &str) -> Ended {
        let request = ModifyDnRequest { entry: name, new_rdn, delete_old_rdn: true, new_superior: None };
        self.run(&Request::ModifyDn(request))
    }

    /// Deletes an entry.
    pub fn delete(&mut self, name: &str) -> Ended {
        self.run(&Request::Delete(DeleteRequest { entry: name }))
    }

    /// Everything below and at `base` that matches the filter.
    ///
    /// # Errors
    /// The connection broke.
    ///
    /// # Panics
    /// The filter is malformed, or the search is refused.
    pub fn search(&mut self, base: &str, filter: &str, attributes: &[&str]) -> Result<Vec<Found>, ConnectionLost> {
        self.find(base, Scope::Subtree, filter, attributes)
    }

    /// One entry by its name.
    ///
    /// # Errors
    /// The connection broke.
    ///
    /// # Panics
    /// It is not there.
    pub fn read(&mut self, name: &str, attributes: &[&str]) -> Result<Found, ConnectionLost> {
        Ok(self.find(name, Scope::Base, "(objectClass=*)", attributes)?.remove(0))
    }

    fn find(
        &mut self,
        base: &str,
        scope: Scope,
        filter: &str,
        attributes: &[&str],
    ) -> Result<Vec<Found>, ConnectionLost> {
        let request = Request::Search(SearchRequest {
            base,
            scope,
            dereference_aliases: DereferenceAliases::Never,
            size_limit: 0,
            time_limit_seconds: 0,
            types_only: false,
            filter: Filter::parse(filter).expect("a test's filter is well formed"),
            attributes: attributes.to_vec(),
        });
        let mut found = Vec::new();
        let code = self.run_with(&request, |response| {
            if let Response::SearchEntry(entry) = response {
                let attributes = entry.attributes.iter().map(|attribute| {
                    let values = attribute.values.iter().map(|value| value.to_vec()).collect();
                    (attribute.name.to_owned(), values)
                });
                found.push((entry.dn.to_owned(), attributes.collect()));
            }
        })?;
        assert_eq!(code, ResultCode::Success, "{filter} below {base}");
        Ok(found)
    }

    fn run(&mut self, request: &Request<'_>) -> Ended {
        self.run_with(request, |_| {})
    }

    fn run_with(&mut self, request: &Request<'_>, mut each: impl FnMut(&Response<'_>)) -> Ended {
        let mut octets = Vec::new();
        let id = self.state.send(&mut octets, request, &[]);
        self.socket.write_all(&octets).map_err(|_| ConnectionLost)?;
        loop {
            while let Some(response) = self.state.next_response().expect("the server speaks LDAP") {
                // A notice of disconnection has no id; the connection ends by itself then.
                if response.id != id {
                    continue;
                }
                each(&response.operation);
                if let Some(result) = response.operation.result() {
                    return Ok(result.code);
                }
            }
            let count = self.socket.read(self.state.spare()).map_err(|_| ConnectionLost)?;
            if count == 0 {
                return Err(ConnectionLost);
            }
            self.state.filled(count);
        }
    }
}
