//! How a command reaches a domain: by the data folder, whether a server uses it or not, or by a server elsewhere.

use std::path::PathBuf;

use bailiwick_credential::Password;
use bailiwick_server::provisioning::read_password;
use clap::Args;

use crate::domain::{Address, Domain, Folder, Protection, Remote, Role, SignIn, running};
use crate::exit::Failure;
use crate::flags::SettingFlags;

/// The environment variable with the password for `--bind`.
const PASSWORD_VARIABLE: &str = "BAILIWICK_BIND_PASSWORD";

/// Flags that say where the domain is.
#[derive(Args)]
pub struct Reach {
    /// A running server instead of the data folder: ldap://HOST:PORT or ldaps://HOST:PORT.
    #[arg(long, help_heading = "Running server", requires = "bind")]
    url: Option<Address>,
    /// Who to sign in as: a DN, `name@domain`, `DOMAIN\name` or a plain name.
    #[arg(long, value_name = "NAME", help_heading = "Running server", requires = "url")]
    bind: Option<String>,
    /// A file with the password; otherwise BAILIWICK_BIND_PASSWORD is asked for it.
    #[arg(long, value_name = "FILE", help_heading = "Running server", requires = "url")]
    password_file: Option<PathBuf>,
    /// Begin TLS on an ldap:// connection.
    #[arg(long, help_heading = "Running server", requires = "url")]
    start_tls: bool,
    /// The certificate authority to trust (PEM), such as tls/ca.pem of the data folder.
    #[arg(long = "ca", value_name = "FILE", help_heading = "Running server", requires = "url")]
    authority: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingFlags,
}

impl Reach {
    /// Opens the way.
    ///
    /// # Errors
    /// The folder cannot be used, or the server not reached.
    pub fn open(&self) -> Result<Box<dyn Domain>, Failure> {
        let Some(address) = &self.url else {
            let config = self.settings.config()?;
            return match running(&config.data, Role::System)? {
                Some(remote) => Ok(Box::new(remote)),
                None => Ok(Box::new(Folder::open(&config)?)),
            };
        };
        let sign_in = SignIn { name: self.bind.clone().unwrap_or_default(), password: self.password()? };
        let protection = Protection { start_tls: self.start_tls, authority: self.authority.clone() };
        Ok(Box::new(Remote::open(address, &protection, &sign_in)?))
    }

    fn password(&self) -> Result<Password, Failure> {
        match (&self.password_file, std::env::var_os(PASSWORD_VARIABLE)) {
            (Some(path), _) => Ok(read_password(path)?),
            (None, Some(password)) => Ok(Password::new(password.as_encoded_bytes())),
            (None, None) => {
                Err(Failure::Usage { text: "the password is missing: --password-file FILE or BAILIWICK_BIND_PASSWORD" })
            }
        }
    }
}
