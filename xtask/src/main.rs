//! The project's own chores, run as `cargo xtask NAME`.

mod generate;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["generate"] => generate::run(generate::Mode::Write),
        ["generate", "--check"] => generate::run(generate::Mode::Check),
        _ => {
            eprintln!("usage: cargo xtask generate [--check]");
            ExitCode::FAILURE
        }
    }
}
