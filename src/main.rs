//! The binary: parse arguments, call `cli`, turn a failure into an exit code.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match kaodian::cli::run(kaodian::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.kind.exit_code())
        }
    }
}
