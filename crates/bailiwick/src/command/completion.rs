//! `bailiwick completion`: what a shell needs to complete our command lines.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Arguments;
use crate::exit::Failure;
use crate::shell::say;

/// Print a script that completes `bailiwick` command lines.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Completion {
    /// For which shell.
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick completion bash > /etc/bash_completion.d/bailiwick
  bailiwick completion zsh > /usr/share/zsh/site-functions/_bailiwick
  bailiwick completion fish > ~/.config/fish/completions/bailiwick.fish";

impl Completion {
    /// Prints the script.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn run(self) -> Result<ExitCode, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "bailiwick", &mut script);
        say(String::from_utf8_lossy(&script))?;
        Ok(ExitCode::SUCCESS)
    }
}
