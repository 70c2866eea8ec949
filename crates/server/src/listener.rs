//! Binding the ports: all of them before anything else happens, so that a taken port leaves no trace.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use socket2::{Domain, Protocol, Socket, Type};

use crate::config::Listeners;
use crate::data_folder::DataFolder;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1024;

/// The bound sockets; none is `off`.
#[derive(Debug)]
pub struct Bound {
    /// LDAP with StartTLS.
    pub ldap: Option<TcpListener>,
    /// LDAP over TLS.
    pub ldaps: Option<TcpListener>,
    /// HTTP.
    pub http: Option<TcpListener>,
    /// HTTPS.
    pub https: Option<TcpListener>,
}

/// The addresses that were bound, with the ports that the system chose where 0 was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// LDAP with StartTLS.
    pub ldap: Option<SocketAddr>,
    /// LDAP over TLS.
    pub ldaps: Option<SocketAddr>,
    /// HTTP.
    pub http: Option<SocketAddr>,
    /// HTTPS.
    pub https: Option<SocketAddr>,
}

/// A port cannot be bound.
#[derive(Debug)]
pub struct ListenError {
    /// The setting that asks for it.
    pub setting: &'static str,
    /// The address.
    pub address: SocketAddr,
    /// Why.
    pub source: std::io::Error,
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ListenError { setting, address, source } = self;
        match source.kind() {
            std::io::ErrorKind::AddrInUse => write!(
                f,
                "{address} is taken by another program; choose another with --{setting} ADDRESS:PORT, or --{setting} off"
            ),
            std::io::ErrorKind::PermissionDenied => {
                write!(f, "{address} needs more rights than this process has; choose another with --{setting}")
            }
            _ => write!(f, "cannot listen on {address} (--{setting}): {source}"),
        }
    }
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Bound {
    /// Binds every port that is on.
    ///
    /// # Errors
    /// The first port that cannot be had; the others are given back.
    pub fn bind(listeners: &Listeners) -> Result<Bound, ListenError> {
        Ok(Bound {
            ldap: bind("ldap", listeners.ldap)?,
            ldaps: bind("ldaps", listeners.ldaps)?,
            http: bind("http", listeners.http)?,
            https: bind("https", listeners.https)?,
        })
    }

    /// Where they listen.
    pub fn addresses(&self) -> Addresses {
        let address = |listener: &Option<TcpListener>| listener.as_ref().and_then(|bound| bound.local_addr().ok());
        Addresses {
            ldap: address(&self.ldap),
            ldaps: address(&self.ldaps),
            http: address(&self.http),
            https: address(&self.https),
        }
    }
}

fn bind(setting: &'static str, address: Option<SocketAddr>) -> Result<Option<TcpListener>, ListenError> {
    let Some(address) = address else { return Ok(None) };
    open(address).map(Some).map_err(|source| ListenError { setting, address, source })
}

fn open(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restarted server must not wait for the last one's closed connections to be forgotten.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// The file of the socket in the data folder; it goes when this is dropped.
#[derive(Debug)]
pub struct LocalSocket {
    path: PathBuf,
    owner: u32,
}

impl LocalSocket {
    /// Binds the socket of a data folder that this process holds, which is why a file that is there already is a dead
    /// server's. Only the folder's owner can connect: the folder has no rights for others, and neither has the file.
    ///
    /// # Errors
    /// Those of the system; `InvalidInput` for a folder whose name is too long for a socket (107 octets).
    pub fn bind(folder: &Path) -> std::io::Result<(UnixListener, LocalSocket)> {
        let path = DataFolder::ldapi_of(folder);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        let socket = LocalSocket { owner: std::fs::metadata(folder)?.uid(), path };
        std::fs::set_permissions(&socket.path, std::fs::Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;
        Ok((listener, socket))
    }

    /// The user who owns the folder.
    pub fn owner(&self) -> u32 {
        self.owner
    }
}

impl Drop for LocalSocket {
    fn drop(&mut self) {
        // What is left behind is in nobody's way: the next server removes it.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only_ldap(address: SocketAddr) -> Listeners {
        Listeners { ldap: Some(address), ldaps: None, http: None, https: None }
    }

    #[test]
    fn a_taken_port_names_its_setting() {
        let first = Bound::bind(&only_ldap("127.0.0.1:0".parse().unwrap())).unwrap();
        let taken = first.addresses().ldap.unwrap();
        let error = Bound::bind(&only_ldap(taken)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{taken} is taken by another program; choose another with --ldap ADDRESS:PORT, or --ldap off")
        );
    }

    #[test]
    fn what_is_off_is_not_bound() {
        let bound = Bound::bind(&only_ldap("127.0.0.1:0".parse().unwrap())).unwrap();
        assert!(bound.ldaps.is_none() && bound.http.is_none() && bound.https.is_none());
    }
}
