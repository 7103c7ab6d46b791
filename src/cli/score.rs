//! `kaodian score`: how far marking is, and fixing the results.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, failure_of, number};
use crate::desk::Command;
use crate::domain::crew::Act;
use crate::domain::ids::SessionNo;
use crate::runtime::results::derive;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum ScoreVerb {
    /// Counts what is marked and what is not.
    #[command(after_help = "Example:\n  kaodian --data D score progress")]
    Progress,
    /// Computes composites and outcomes of a closed session (chief).
    #[command(after_help = "Example:\n  kaodian --data D score derive 1 --as chen --pin-file 3 3<pin.chen")]
    Derive {
        /// The session's number.
        #[arg(value_parser = number)]
        no: SessionNo,
        #[command(flatten)]
        acting: Acting,
    },
}

pub(super) fn run(context: &Context, verb: ScoreVerb) -> Outcome {
    match verb {
        ScoreVerb::Progress => progress(context),
        ScoreVerb::Derive { no, acting } => derive_results(context, no, &acting),
    }
}

fn progress(context: &Context) -> Outcome {
    let site = context.read()?;
    let held = site.store().hold(site.desk()).map_err(|e| failure_of(e.into()))?;
    for (no, book) in &held.books {
        let handed_in = book.record.counts(held.roster.registered(*no)).handed_in;
        for part in &book.session.policy.parts {
            let marked = book.record.marks().filter(|(_, id, _)| **id == part.id).count();
            if context.json {
                super::print_json(&json!({
                    "event": "progress", "session": no, "part": part.id, "handed_in": handed_in, "marked": marked,
                }))?;
            } else {
                super::print_line(&format!("session {no} {}: {marked} of {handed_in} marked", part.id))?;
            }
        }
    }
    Ok(())
}

fn derive_results(context: &Context, no: SessionNo, acting: &Acting) -> Outcome {
    let mut site = context.write("score derive")?;
    let chief = acting.authenticate(&mut site)?;
    chief.may(Act::DeriveResults, "derive results").map_err(failure_of)?;
    let mut held = site.store().hold(site.desk()).map_err(|e| failure_of(e.into()))?;
    held.roster = site.store().roster(|session| chief.keys.get(&session)).map_err(|e| failure_of(e.into()))?;
    let Some(book) = held.books.get(&no) else {
        return Err(super::session::refused(&crate::desk::Refusal::NoSession));
    };
    let derived = derive(book, &held.roster)
        .map_err(|e| Failure::new(Kind::Integrity, "KD-9106", e, "report this as a defect"))?;
    let command = Command::DeriveResults(no, derived.root);
    let answer = super::session::run_command(&mut site, command, chief, None)?;
    super::session::report(context, "score derive", &answer)?;
    let counts = derived.results.counts();
    if context.json {
        return super::print_json(&json!({"event": "results", "session": no, "counts": counts, "root": derived.root}));
    }
    super::print_line(&format!(
        "session {no}: pass {} fail {} absent {} partial {}",
        counts.pass, counts.fail, counts.absent, counts.partial
    ))
}
