//! `bailiwick serve`: the server itself.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use bailiwick_server::{Server, telemetry};
use clap::Args;

use crate::exit::Failure;
use crate::flags::SettingFlags;
use crate::screen::Screen;

/// Serve the domain of the data folder; the first start makes it.
///
/// The first start needs the domain's name. It makes the data folder, the domain with the default users and groups,
/// a certificate authority and a certificate, and a password for Administrator, which it shows once. Later starts
/// find everything there. Ctrl-C and SIGTERM finish what is in flight and stop.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {
    #[command(flatten)]
    settings: SettingFlags,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick serve --domain example.com
      A new domain in ./bailiwick-data, on loopback: LDAP 3890, LDAPS 6360, HTTP 5000, HTTPS 5001.
  bailiwick serve
      The same domain again.
  bailiwick serve --data /srv/bailiwick --ldap 0.0.0.0:389 --ldaps 0.0.0.0:636 --http off
      For a network, on the usual ports. Passwords in the clear are refused from other machines.
  BAILIWICK_LOG_FORMAT=json bailiwick serve --log-level debug
      Every setting is a flag, an environment variable and a key of bailiwick.toml; flags win.";

impl Serve {
    /// Runs until it is told to stop.
    ///
    /// # Errors
    /// Why the server cannot start.
    pub fn run(self) -> Result<ExitCode, Failure> {
        let config = self.settings.config()?;
        telemetry::start_log(config.log_format, &config.log_level)?;
        let (running, summary) = Server::start(&config)?;
        running
            .shutdown()
            .follow_signals()
            .map_err(|source| Failure::System { doing: "signals cannot be followed".into(), source })?;
        let mut stdout = std::io::stdout().lock();
        let screen = Screen {
            summary: &summary,
            addresses: running.addresses(),
            require_encryption: config.require_encryption,
            colours: stdout.is_terminal(),
        };
        // A screen that nobody reads is no reason to stop serving.
        let _ = write!(stdout, "{screen}").and_then(|()| stdout.flush());
        drop(stdout);
        // The password must not stay in memory for the life of the server.
        drop(summary);
        running.wait();
        Ok(ExitCode::SUCCESS)
    }
}
