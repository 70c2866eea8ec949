//! `bailiwick completion`: what a shell needs to complete our command lines.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Arguments;
use crate::exit::Failure;

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
    /// None; commands have one form.
    pub fn run(self) -> Result<ExitCode, Failure> {
        clap_complete::generate(self.shell, &mut Arguments::command(), "bailiwick", &mut std::io::stdout());
        Ok(ExitCode::SUCCESS)
    }
}
