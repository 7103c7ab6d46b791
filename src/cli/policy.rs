//! `kaodian policy check`: every finding of a policy file.

use super::failure::{Failure, Kind};
use super::{Context, Outcome};
use crate::domain::policy::{Policy, PolicyFinding};
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum PolicyVerb {
    /// Checks a policy file and prints every finding.
    #[command(after_help = "Example:\n  kaodian policy check b2b.toml")]
    Check {
        /// The TOML file.
        file: PathBuf,
    },
}

pub(super) fn run(context: &Context, verb: PolicyVerb) -> Outcome {
    let PolicyVerb::Check { file } = verb;
    let bytes = std::fs::read(&file)
        .map_err(|e| Failure::new(Kind::No, "KD-P-08", format!("{}: {e}", file.display()), "name a policy file"))?;
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let findings = Policy::parse_supported(&bytes, &name).err().unwrap_or_default();
    print(context, &findings)?;
    if context.json {
        super::print_json(&json!({"event": "policy", "errors": findings.len()}))?;
    }
    match findings.as_slice() {
        [] => Ok(()),
        found => {
            let cause = format!("{name}: {}", super::count(found.len(), "finding"));
            Err(Failure::new(Kind::No, "KD-P-00", cause, "correct the file; nothing was changed"))
        }
    }
}

/// Prints findings: to standard error for people, as lines for scripts.
pub(super) fn print(context: &Context, findings: &[PolicyFinding]) -> Outcome {
    for finding in findings {
        if context.json {
            super::print_json(&json!({
                "event": "error", "code": finding.code.to_string(), "file": finding.file, "line": finding.line,
                "column": finding.key, "expected": finding.expected, "found": finding.found,
            }))?;
        } else {
            super::tell(&finding.to_string());
        }
    }
    Ok(())
}
