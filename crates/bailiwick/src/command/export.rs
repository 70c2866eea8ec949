//! `bailiwick export`: a domain as LDIF.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, stdout};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::reach::Reach;
use crate::exit::Failure;
use crate::export::{self, Options};
use crate::progress::Progress;

/// Write the domain of a data folder down as LDIF, whether a server uses it or not, or of a server elsewhere with --url.
///
/// Parents come before children, so that `bailiwick import` takes the file as it is. Passwords are not written
/// without --with-secrets.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Export {
    /// The file to write; standard output when there is none.
    file: Option<PathBuf>,
    /// Write attributes that the directory makes by itself too; such a file is for reading and not for importing.
    #[arg(long)]
    operational: bool,
    /// Write what accounts sign in with too: hashes, former ones, and keys as they are sealed. Keep such a file secret.
    #[arg(long, conflicts_with_all = ["url", "operational"])]
    with_secrets: bool,
    /// Start here instead of at the domain.
    #[arg(long, value_name = "DN")]
    base: Option<String>,
    /// Only entries that match.
    #[arg(long, value_name = "FILTER", default_value = "(objectClass=*)")]
    filter: String,
    /// No progress, only the result.
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    reach: Reach,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick export backup.ldif
  bailiwick export backup.ldif --with-secrets
      With passwords, for a domain to be made anew.
  bailiwick export --filter '(objectClass=user)' | gzip > users.ldif.gz
  bailiwick export backup.ldif --url ldaps://dc1.example.com:6360 --ca ca.pem \\
      --bind Administrator@example.com --password-file secret";

impl Export {
    /// Writes the domain down.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        let options =
            Options { base: self.base, filter: self.filter, operational: self.operational, secrets: self.with_secrets };
        let mut domain = self.reach.open()?;
        let mut progress = if self.quiet { Progress::none() } else { Progress::entries() };
        let entries = match &self.file {
            None => export::run(domain.as_mut(), &options, BufWriter::new(stdout().lock()), &mut progress),
            Some(path) => {
                // Under another name until it is whole, so that a killed export is not taken for a good one.
                let unfinished = unfinished(path);
                let failed = |source| Failure::System { doing: path.display().to_string(), source };
                let file = create(&unfinished, self.with_secrets).map_err(failed)?;
                let entries = export::run(domain.as_mut(), &options, BufWriter::new(&file), &mut progress);
                match &entries {
                    Ok(_) => {
                        file.sync_all().and_then(|()| std::fs::rename(&unfinished, path)).map_err(failed)?;
                    }
                    Err(_) => drop(std::fs::remove_file(&unfinished)),
                }
                entries
            }
        };
        progress.end();
        match entries? {
            1 => eprintln!("1 entry exported"),
            entries => eprintln!("{entries} entries exported"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A new file; one with secrets is readable for its owner only.
fn create(path: &Path, is_secret: bool) -> std::io::Result<File> {
    if !is_secret {
        return File::create(path);
    }
    // One that an earlier export left may be readable for others.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path)
}

/// Permissions of a file with secrets.
const OWNER_ONLY: u32 = 0o600;

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}
