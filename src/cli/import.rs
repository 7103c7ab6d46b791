//! `kaodian import`: a roster, checked whole and stored whole, or not at all.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, Seconding, SitePassphrase, count, failure_of};
use crate::domain::ids::Digest;
use crate::domain::policy::PolicyFinding;
use crate::domain::time::Clock;
use crate::intake::{Finding, Found, Limits, Severity};
use crate::runtime::clock::SystemClock;
use crate::runtime::import::{ImportReport, PolicyFile, Request, RosterFile, check};
use crate::runtime::reimport::{Change, What};
use crate::store::STEP;
use serde_json::json;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// People's text stops here; `--json` prints everything.
const MOST_PRINTED: usize = 200;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The roster: CSV in UTF-8 or GB18030, or XLSX.
    file: PathBuf,
    /// An exam policy; one for each certificate and level.
    #[arg(long = "policy", value_name = "POLICY.toml")]
    policies: Vec<PathBuf>,
    /// The site's rooms: CSV or XLSX with 考场, 名称, 容量, 座位 (`1-30` or a list), 位置.
    #[arg(long, value_name = "ROOMS.csv")]
    rooms: Option<PathBuf>,
    /// How many rows the chief lets it remove. A newer roster of a planned session is shown and not stored without.
    #[arg(long, value_name = "N")]
    removals: Option<u32>,
    /// Check everything, store nothing; needs neither data directory nor person.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    seconding: Seconding,
    #[command(flatten)]
    site: SitePassphrase,
}

pub(super) fn run(context: &Context, args: &ImportArgs) -> Outcome {
    let name = file_name(&args.file);
    let policies = policies(context, &args.policies)?;
    let bytes = match std::fs::read(&args.file) {
        Ok(bytes) => bytes,
        Err(error) => return print(context, &unreadable(&name, &error), &name, None),
    };
    let rooms = match args.rooms.as_ref().map(|path| (file_name(path), std::fs::read(path))) {
        None => None,
        Some((name, Ok(bytes))) => Some((name, bytes)),
        Some((name, Err(error))) => return print(context, &unreadable(&name, &error), &name, None),
    };
    let roster = RosterFile { name: &name, bytes: &bytes };
    let rooms = rooms.as_ref().map(|(name, bytes)| RosterFile { name, bytes });
    let limits = Limits::default();
    // People see how far it is; scripts and files get no half lines.
    let shown = !context.json && std::io::stderr().is_terminal();
    let progress = |stored: usize| {
        if shown {
            eprint!("\r{stored} rows sealed");
        }
    };
    let request =
        Request { roster, rooms, policies: &policies, limits: &limits, removals: args.removals, progress: &progress };
    let report = if args.dry_run {
        check(&request, SystemClock::new(0).wall().0.date())
    } else {
        let mut site = context.write("import")?;
        let admin = args.acting.authenticate(&mut site)?;
        let Some(chief) = args.seconding.authenticate(&mut site)? else {
            let cause = "expected admin and chief together, found no second person";
            return Err(Failure::new(Kind::No, "KD-T-05", cause, "add --witness CHIEF=FD"));
        };
        let passphrase = args.site.read(&site)?;
        let report = site.import(&request, (&admin, &chief), passphrase.as_ref()).map_err(failure_of)?;
        if shown && report.added + report.changed() >= STEP {
            eprintln!();
        }
        report
    };
    print(context, &report, &name, Some(roster.sha256()))
}

/// A roster that cannot be read is refused like one with errors.
fn unreadable(name: &str, error: &std::io::Error) -> ImportReport {
    let finding = Finding {
        severity: Severity::Error,
        code: "KD-R-01",
        file: name.to_owned(),
        sheet: None,
        line: None,
        column: None,
        expected: "a file that can be read".to_owned(),
        found: Found::Words(error.to_string()),
        hint: "请确认名册文件的位置和权限".to_owned(),
    };
    ImportReport { findings: vec![finding], ..ImportReport::default() }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn policies(context: &Context, paths: &[PathBuf]) -> Outcome<Vec<PolicyFile>> {
    let mut files = Vec::with_capacity(paths.len());
    let mut findings: Vec<PolicyFinding> = Vec::new();
    for path in paths {
        let name = file_name(path);
        let bytes = std::fs::read(path).map_err(|e| {
            Failure::new(Kind::No, "KD-P-08", format!("{name}: {e}"), "name a policy file that can be read")
        })?;
        match PolicyFile::parse(&name, bytes) {
            Ok(file) => files.push(file),
            Err(found) => findings.extend(found),
        }
    }
    super::policy::print(context, &findings)?;
    if findings.is_empty() {
        Ok(files)
    } else {
        let found = count(findings.len(), "finding");
        let cause = format!("the policies have {found}; nothing was imported");
        Err(Failure::new(Kind::No, "KD-P-00", cause, "correct the policy files"))
    }
}

fn print(context: &Context, report: &ImportReport, name: &str, sha256: Option<Digest>) -> Outcome {
    for (n, finding) in report.findings.iter().enumerate() {
        if context.json {
            super::print_line(&finding.to_json())?;
        } else if n < MOST_PRINTED {
            super::tell(&finding.to_string());
        }
    }
    if !context.json && report.findings.len() > MOST_PRINTED {
        super::tell(&format!("and {} more", report.findings.len() - MOST_PRINTED));
    }
    preview(context, &report.changes)?;
    let errors = report.errors();
    if context.json {
        super::print_json(&json!({
            "event": "import", "rows": report.rows, "errors": errors, "notices": report.findings.len() - errors,
            "added": report.added, "removed": report.removed(), "changed": report.changed(), "applied": report.applied, "sha256": sha256,
        }))?;
    } else {
        let stored = if report.applied { "stored" } else { "nothing stored" };
        let (rows, errors) = (count(report.rows, "row"), count(errors, "error"));
        super::tell(&format!("{name}: {rows}, {errors}, {stored}"));
    }
    if errors == 0 {
        report.unapproved.map_or(Ok(()), |removals| Err(unapproved(removals)))
    } else {
        Err(Failure::new(
            Kind::No,
            "KD-R-00",
            format!("{}; nothing was imported", count(errors, "error")),
            "correct the roster in the system it comes from",
        ))
    }
}

/// What a newer roster changes, a line for each admission number.
fn preview(context: &Context, changes: &[Change]) -> Outcome {
    for (n, change) in changes.iter().enumerate() {
        let (word, aspects) = match change.what {
            What::Added => ("added", Vec::new()),
            What::Removed => ("removed", Vec::new()),
            What::Changed(aspects) => ("changed", aspects.names()),
            What::Dropped => ("roster_drop", Vec::new()),
            What::Drifted => ("roster_drift", Vec::new()),
            What::Ignored(aspects) => ("ignored", aspects.names()),
        };
        if context.json {
            super::print_json(&json!({
                "event": "change", "change": word, "admission_number": change.cand, "session": change.session,
                "of": aspects,
            }))?;
        } else if n < MOST_PRINTED {
            let of = if aspects.is_empty() { String::new() } else { format!(": {}", aspects.join(", ")) };
            super::tell(&format!("{word} {} session {}{of}", change.cand, change.session));
        }
    }
    if !context.json && changes.len() > MOST_PRINTED {
        super::tell(&format!("and {} more", changes.len() - MOST_PRINTED));
    }
    Ok(())
}

fn unapproved(removals: u32) -> Failure {
    let cause = format!("expected the number of removals, {removals}, approved by the chief; nothing was imported");
    Failure::new(Kind::No, "KD-R-53", cause, "look at the changes, then add --removals N")
}
