//! `bailiwick init`: makes a domain without serving it.

use std::process::ExitCode;

use bailiwick_server::provisioning;
use clap::Args;

use crate::exit::Failure;
use crate::flags::SettingFlags;

/// Make a domain without serving it, for instance to import into it first.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Init {
    #[command(flatten)]
    settings: SettingFlags,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick init --domain example.com
  bailiwick import people.ldif
  bailiwick serve";

impl Init {
    /// Makes the domain; one that is there already is left as it is.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.config()?;
        let opened = provisioning::open_or_found(&config)?;
        let (domain, folder) = (opened.directory.domain_name(), opened.folder.path().display());
        match &opened.founded {
            None => println!("{folder} holds the domain {domain} already."),
            Some(founded) => {
                println!("The domain {domain} was made in {folder}.");
                if let Some(password) = &founded.made_password {
                    let password = String::from_utf8_lossy(password.expose());
                    println!("The password of Administrator is\n\n  {password}\n");
                    println!("It is shown this once and stored nowhere: note it now.");
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
