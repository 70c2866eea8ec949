//! The binary: one subcommand per file in `command`, flags made from the server's table of settings.

mod command;
mod domain;
mod exit;
mod export;
mod flags;
mod import;
mod progress;
mod screen;
mod shell;

use std::process::ExitCode;

use clap::Parser;

use command::Command;

/// An Active Directory-compatible directory server in one binary.
#[derive(Parser)]
#[command(name = "bailiwick", version, about, after_help = EXAMPLES, after_long_help = LONG_EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick serve --domain example.com     make a domain, or serve the one that is there
  bailiwick import people.ldif             bring people in
  bailiwick user create ada --name 'Ada Lovelace' --password-file secret
                                           make a user, while the server runs or not
  bailiwick config                         show every setting and where it came from

`bailiwick COMMAND --help` explains a command.";

const LONG_EXAMPLES: &str = "\
Examples:
  bailiwick serve --domain example.com     make a domain, or serve the one that is there
  bailiwick import people.ldif             bring people in
  bailiwick import people.ldif --url ldap://localhost:3890 --bind Administrator --password-file secret
                                           bring people in through a running server
  bailiwick export backup.ldif             write everything down
  bailiwick user create ada --name 'Ada Lovelace' --password-file secret
                                           make a user, while the server runs or not
  bailiwick config                         show every setting and where it came from

`bailiwick COMMAND --help` explains a command.

Exit codes:
   0  done
   1  something else failed
   2  the command line is wrong
   3  the configuration is wrong
   4  a port is taken or needs more rights
   5  the data folder is missing, not writable, or not one of Bailiwick's
   6  the data folder is in use
   7  the data folder holds another domain
   8  the data folder was written by a newer version
   9  the data is damaged
  10  records of an import were refused
  11  the input is not LDIF, or is cut off
  12  the server cannot be reached or refuses the sign-in
  13  there is no such object, or more than one";

fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bailiwick: {error}");
            error.code()
        }
    }
}
