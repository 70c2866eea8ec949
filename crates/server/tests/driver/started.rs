//! A server in this process, on ports that the system chooses.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bailiwick_domain::Directory;
use bailiwick_server::certificate::{ServerNames, load_or_make};
use bailiwick_server::config::{Config, Sources, Values};
use bailiwick_server::listener::Bound;
use bailiwick_server::{Running, Server};

use crate::client::Client;
use crate::fake::{Fake, NAME, PASSWORD};

/// A server with its directory and the folder of its certificates.
pub struct Started<D = Fake> {
    pub running: Running,
    pub directory: Arc<D>,
    pub folder: tempfile::TempDir,
}

/// A configuration with all ports chosen by the system, and these settings.
pub fn config(settings: &[(&'static str, &str)]) -> Config {
    let mut flags = BTreeMap::from([
        ("ldap", "127.0.0.1:0".to_owned()),
        ("ldaps", "127.0.0.1:0".to_owned()),
        ("http", "127.0.0.1:0".to_owned()),
        ("https", "127.0.0.1:0".to_owned()),
        ("data", "/nonexistent".to_owned()),
    ]);
    flags.extend(settings.iter().map(|(name, text)| (*name, (*text).to_owned())));
    let values = Values::read(&Sources { flags: &flags, environment: &|_| None, file: None }).unwrap();
    Config::from_values(&values).unwrap()
}

/// Starts a server of `directory` with these settings.
pub fn start_with<D: Directory + 'static>(directory: D, settings: &[(&'static str, &str)]) -> Started<D> {
    let folder = tempfile::tempdir().unwrap();
    let config = config(settings);
    let identity = load_or_make(folder.path(), &ServerNames::new("dc1.example.com", "example.com", "")).unwrap();
    let directory = Arc::new(directory);
    let bound = Bound::bind(&config.listeners).unwrap();
    let running = Server::serve(&config, bound, directory.clone(), identity, None).unwrap();
    Started { running, directory, folder }
}

/// Starts a server of ten entries.
pub fn start() -> Started {
    start_with(Fake::default(), &[])
}

impl<D> Started<D> {
    /// A client in the clear.
    pub fn client(&self) -> Client {
        Client::connect(self.running.addresses().ldap.unwrap())
    }

    /// A client over LDAPS.
    pub fn tls_client(&self) -> Client {
        Client::connect_tls(self.running.addresses().ldaps.unwrap(), &self.authority())
    }

    /// A client in the clear that has signed in.
    pub fn signed_in(&self) -> Client {
        let mut client = self.client();
        assert_eq!(client.bind(NAME, PASSWORD).code, 0);
        client
    }

    pub fn authority(&self) -> std::path::PathBuf {
        Path::new(self.folder.path()).join("ca.pem")
    }
}
