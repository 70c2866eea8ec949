//! `bailiwick import`: LDIF into a domain.

use std::fs::File;
use std::io::{BufReader, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::reach::Reach;
use crate::exit::{Failure, RECORDS_REFUSED};
use crate::import::{self, ExistingMode, Options, Report};
use crate::progress::Progress;

/// Bring LDIF into the domain of a data folder, whether a server uses it or not, or of a server elsewhere with --url.
///
/// Each record is applied whole or not at all. Values that name objects further down in the file are added when those
/// are there. Beside the file a journal (FILE.import) says how far the import has come; it is removed at the end.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Import {
    /// The LDIF file; `-` reads standard input.
    file: PathBuf,
    /// Go on after records that are refused, and list them at the end.
    #[arg(long = "continue")]
    go_on: bool,
    /// Go on where an earlier import of the same file ended.
    #[arg(long)]
    resume: bool,
    /// What becomes of records whose objects are there already.
    #[arg(long, value_enum, default_value = "refuse")]
    existing: ExistingMode,
    /// Attributes to leave out of every record, such as those that only the directory writes.
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',')]
    leave_out: Vec<String>,
    /// No progress, only the result.
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    reach: Reach,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick import people.ldif
      Into the domain of ./bailiwick-data, while a server uses it or not.
  bailiwick import people.ldif --continue
      List the records that are refused instead of stopping at the first one.
  bailiwick import people.ldif --resume
      Go on after an interruption.
  bailiwick import backup.ldif --existing update
      What `bailiwick export` wrote, into a new domain of the same name.
  bailiwick import people.ldif --url ldap://localhost:3890 --bind Administrator --password-file secret
      Through a running server.";

impl Import {
    /// Imports the file.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        let is_stdin = self.file == Path::new("-");
        if is_stdin && self.resume {
            return Err(Failure::Usage { text: "standard input cannot be resumed" });
        }
        let options = Options {
            input: if is_stdin { "standard input".to_owned() } else { self.file.display().to_string() },
            go_on: self.go_on,
            existing: self.existing,
            leave_out: self.leave_out.iter().map(|name| name.to_ascii_lowercase()).collect(),
            journal: (!is_stdin).then(|| journal_of(&self.file)),
            resume: self.resume,
        };
        let unreadable = |source| Failure::System { doing: options.input.clone(), source };
        let report = if is_stdin {
            let mut domain = self.reach.open()?;
            let mut progress = if self.quiet { Progress::none() } else { Progress::octets(None) };
            let report = import::run(stdin().lock(), domain.as_mut(), &options, &mut progress);
            progress.end();
            report?
        } else {
            let file = File::open(&self.file).map_err(unreadable)?;
            let octets = file.metadata().map_err(unreadable)?.len();
            let mut domain = self.reach.open()?;
            let mut progress = if self.quiet { Progress::none() } else { Progress::octets(Some(octets)) };
            let input = BufReader::with_capacity(INPUT_BUFFER_OCTETS, file);
            let report = import::run(input, domain.as_mut(), &options, &mut progress);
            progress.end();
            report?
        };
        Ok(conclude(&report, is_stdin))
    }
}

/// How much of the file is read at once.
const INPUT_BUFFER_OCTETS: usize = 1 << 20;

fn journal_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".import");
    PathBuf::from(name)
}

fn conclude(report: &Report, is_stdin: bool) -> ExitCode {
    eprint!("{report}");
    if report.is_stopped() {
        let hint = if is_stdin { "" } else { "mend it and go on with --resume, or " };
        eprintln!("Stopped at this record: {hint}list all such records with --continue.");
    }
    match report.refused_count() {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(RECORDS_REFUSED),
    }
}
