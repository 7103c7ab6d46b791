//! `kaodian demo`: a whole examination day on an embedded default.

use super::failure::{Failure, Kind};
use super::{Context, Outcome, failure_of, verdict};
use crate::demo::ground::GroundError;
use crate::demo::headless::{DayError, Packed, Summary, Until, play};
use crate::runtime::log;
use serde_json::json;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// No screen, no delays: the whole day in seconds.
    #[arg(long)]
    headless: bool,
    /// Candidates of the first session.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=30_000))]
    candidates: u32,
    /// Fixes roster, order of cards, verdicts and virtual time.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Keep the day in an empty directory.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Stop after a step and leave a directory that every command works on.
    #[arg(long, value_name = "STEP", default_value = "sealed", value_parser = until)]
    until: Until,
}

fn until(text: &str) -> Result<Until, String> {
    match text {
        "open" => Ok(Until::Open),
        "closed" => Ok(Until::Closed),
        "results" => Ok(Until::Results),
        "sealed" => Ok(Until::Sealed),
        _ => Err("expected open, closed, results or sealed".to_owned()),
    }
}

/// A directory that is removed when the demo ends, unless it is to be kept.
enum Ground {
    Kept(PathBuf),
    ThrownAway(PathBuf),
}

impl Ground {
    fn new(keep: Option<PathBuf>) -> Outcome<Self> {
        keep.map_or_else(Self::throw_away, |dir| Ok(Self::Kept(dir)))
    }

    /// Only what was made here may be removed: a directory that is there already is somebody else's.
    fn throw_away() -> Outcome<Self> {
        let temp = std::env::temp_dir();
        for n in 0u32.. {
            let dir = temp.join(format!("kaodian-demo-{}-{n}", std::process::id()));
            match std::fs::DirBuilder::new().mode(0o700).create(&dir) {
                Ok(()) => return Ok(Self::ThrownAway(dir)),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => {
                    let cause = format!("{}: {e}", dir.display());
                    return Err(Failure::new(Kind::Device, "KD-D-05", cause, "check the disk and TMPDIR"));
                }
            }
        }
        Err(Failure::new(Kind::Device, "KD-D-05", format!("{}: no free name", temp.display()), "clear it"))
    }

    fn path(&self) -> &std::path::Path {
        match self {
            Self::Kept(path) | Self::ThrownAway(path) => path,
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Self::ThrownAway(path) = self
            && let Err(error) = std::fs::remove_dir_all(&*path)
        {
            super::tell(&format!("{} could not be removed: {error}", path.display()));
        }
    }
}

pub(super) fn run(context: &Context, args: DemoArgs) -> Outcome {
    let ground = Ground::new(args.keep)?;
    let _log = log::install(&ground.path().join("data/log"));
    if !args.headless {
        return super::full_screen::demo(context, ground.path(), args.candidates, args.seed);
    }
    let began = Instant::now();
    let mut printed = Ok(());
    let summary = play(ground.path(), &context.config, (args.candidates, args.seed), args.until, &mut |shown| {
        if context.json && printed.is_ok() {
            printed = super::print_json(&verdict::line(shown));
        }
    })
    .map_err(day_failed)?;
    printed?;
    print(context, ground.path(), &summary, args.seed, began)
}

fn print(context: &Context, ground: &Path, summary: &Summary, seed: u64, began: Instant) -> Outcome {
    let Summary { sessions, counts, refused, already_in, passed, journal_size, journal_head, package } = summary;
    let seconds = began.elapsed().as_millis();
    if !context.json {
        let candidates = super::count(counts.registered, "candidate");
        super::print_line(&format!(
            "{sessions} sessions; the first: {candidates}, {} admitted ({} late), {refused} refused, {already_in} already in, \
             {} absent, {passed} passed; {journal_size} journal lines",
            counts.present, counts.late, counts.absent
        ))?;
        return package.as_ref().map_or(Ok(()), |packed| told(ground, packed));
    }
    // Milliseconds are exact; the figure is for people and scripts, never for the journal.
    let seconds: serde_json::Number =
        serde_json::from_str(&format!("{}.{:03}", seconds / 1000, seconds % 1000)).unwrap_or_else(|_| 0.into());
    super::print_json(&json!({
        "event": "summary", "mode": "demo", "seed": seed, "sessions": sessions, "candidates": counts.registered,
        "admitted": counts.present, "late": counts.late, "refused": refused, "already_in": already_in,
        "absent": counts.absent, "passed": passed, "journal": {"size": journal_size, "head": journal_head},
        "package": package.as_ref().map(|packed| relative(ground, &packed.path)),
        "package_sha256": package.as_ref().map(|packed| packed.sha256),
        "fingerprint": package.as_ref().map(|packed| packed.fingerprint.groups()),
        "verified": package.as_ref().map(|packed| packed.verified), "seconds": seconds,
    }))
}

fn relative(ground: &Path, path: &Path) -> String {
    path.strip_prefix(ground).unwrap_or(path).display().to_string()
}

fn told(ground: &Path, packed: &Packed) -> Outcome {
    let verified = if packed.verified { "verified" } else { "NOT verified" };
    super::print_line(&format!("sealed and {verified}: {}", relative(ground, &packed.path)))?;
    super::print_line(&format!("fingerprint {}", packed.fingerprint.groups().join("  ")))
}

pub(super) fn day_failed(error: DayError) -> Failure {
    match error {
        DayError::Site(e) | DayError::Ground(GroundError::Site(e)) => failure_of(e),
        DayError::Ground(GroundError::NotEmpty(_)) => {
            Failure::new(Kind::No, "KD-D-02", error, "choose an empty directory for --keep")
        }
        DayError::Ground(GroundError::Org(e)) => super::org_failed(&e),
        DayError::Ground(_) | DayError::Reader(_) | DayError::Silence(_) => {
            Failure::new(Kind::Device, "KD-D-06", error, "check the disk, then try again")
        }
        DayError::Stopped => Failure::new(Kind::No, "KD-D-09", error, ""),
        DayError::Refused(_) | DayError::Package(_) => {
            Failure::new(Kind::Integrity, "KD-D-07", error, "report this as a defect")
        }
    }
}
