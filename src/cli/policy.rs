//! `kaodian policy check`: a policy's rules in words, and every finding of its file.
//!
//! Rules go to standard output in the language of the screens, or with `--json` in both; a policy that this release
//! cannot carry out is read out all the same, then refused.

use super::failure::{Failure, Kind};
use super::full_screen::texts;
use super::{Context, Outcome};
use crate::domain::policy::{Policy, PolicyFinding};
use crate::proof::sha256;
use crate::tui::i18n::Lang;
use crate::tui::policy_words::sentences;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum PolicyVerb {
    /// Checks a policy file: says its rules in words, prints every finding.
    #[command(after_help = "Example:\n  kaodian policy check b2b.toml\n  kaodian --lang en policy check b2b.toml")]
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
    let findings = match Policy::parse(&bytes, &name) {
        Ok(policy) => {
            say(context, &policy)?;
            Policy::parse_supported(&bytes, &name).err().unwrap_or_default()
        }
        Err(findings) => findings,
    };
    print(context, &findings)?;
    if context.json {
        super::print_json(&json!({
            "event": "policy", "errors": findings.len(), "sha256": sha256(&[&bytes]),
        }))?;
    }
    match findings.as_slice() {
        [] => Ok(()),
        found => {
            let cause = format!("{name}: {}", super::count(found.len(), "finding"));
            Err(Failure::new(Kind::No, "KD-P-00", cause, "correct the file; nothing was changed"))
        }
    }
}

/// Says the rules of a policy, a line each.
fn say(context: &Context, policy: &Policy) -> Outcome {
    if context.json {
        let mut texts = texts(context)?;
        let [zh, en] = Lang::ALL.map(|lang| {
            texts.switch(lang);
            sentences(policy, &texts)
        });
        for (zh, en) in zh.into_iter().zip(en) {
            super::print_json(&json!({"event": "rule", "key": zh.key, "zh": zh.says, "en": en.says}))?;
        }
        return Ok(());
    }
    for sentence in sentences(policy, &texts(context)?) {
        let indent = if sentence.is_of_part() { "  " } else { "" };
        super::print_line(&format!("{indent}{}", sentence.says))?;
    }
    Ok(())
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
