//! `kaodian journal`: check the chains, show the stored lines.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, failure_of, number, output_failed};
use crate::domain::crew::Act;
use crate::domain::ids::{DeskId, SessionNo};
use crate::journal::line;
use clap::Subcommand;
use serde_json::json;
use std::io::Write as _;

#[derive(Debug, Subcommand)]
pub enum JournalVerb {
    /// Recomputes every chain; needs no secret; exit 4 when something was changed.
    Verify,
    /// Prints the stored lines byte for byte, one a line.
    Show(ShowArgs),
}

/// Arguments of `journal show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Only this session.
    #[arg(long, value_name = "NO", value_parser = number)]
    session: Option<SessionNo>,
    /// Only this desk.
    #[arg(long, value_name = "N")]
    desk: Option<DeskId>,
    /// Only lines after this number of their stream.
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    after: u64,
    #[command(flatten)]
    acting: Acting,
}

pub(super) fn run(context: &Context, verb: JournalVerb) -> Outcome {
    match verb {
        JournalVerb::Verify => verify(context),
        JournalVerb::Show(args) => show(context, &args),
    }
}

fn verify(context: &Context) -> Outcome {
    let site = context.read()?;
    let reports = site.store().verify().map_err(|e| failure_of(e.into()))?;
    let numbers = site.store().session_ids().map_err(|e| failure_of(e.into()))?;
    for report in &reports {
        let no = numbers.iter().find(|(_, id)| **id == report.stream.session).map(|(no, _)| *no);
        if context.json {
            super::print_json(&json!({
                "event": "stream", "session": no, "session_id": report.stream.session, "desk": report.stream.desk,
                "size": report.size, "head": report.head, "root": report.root,
            }))?;
        } else {
            let no = no.map_or_else(|| "?".to_owned(), |no| no.to_string());
            println!("session {no} desk {}: {} lines, head {}", report.stream.desk, report.size, report.head);
        }
    }
    let lines: u64 = reports.iter().map(|r| r.size).sum();
    if context.json {
        super::print_json(&json!({"event": "verified", "streams": reports.len(), "lines": lines}))?;
    } else {
        println!("{} streams, {lines} lines: every chain holds", reports.len());
    }
    Ok(())
}

fn show(context: &Context, args: &ShowArgs) -> Outcome {
    let site = context.read()?;
    let reader = args.acting.authenticate(&site)?;
    reader.may(Act::ReadJournal, "read the journal").map_err(failure_of)?;
    let sessions = site.store().session_ids().map_err(|e| failure_of(e.into()))?;
    if let Some(no) = args.session
        && !sessions.contains_key(&no)
    {
        let cause = format!("expected a planned session, found no session {no}");
        return Err(Failure::new(Kind::No, "KD-T-08", cause, "list the sessions with `kaodian session list`"));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let held = site.store().hold(site.desk()).map_err(|e| failure_of(e.into()))?;
    let mut hidden = 0u64;
    for (no, id) in sessions.iter().filter(|(no, _)| args.session.is_none_or(|wanted| wanted == **no)) {
        let final_marks = held.books.get(no).is_some_and(|book| book.record.results().is_some());
        for stored in site.store().lines_of(*id, args.desk, args.after).map_err(|e| failure_of(e.into()))? {
            let marks = line::parse(&stored.bytes).is_ok_and(|r| r.event.kind() == "mark_entered/1");
            if marks && !final_marks {
                hidden += 1;
                continue;
            }
            out.write_all(&stored.bytes).and_then(|()| out.write_all(b"\n")).map_err(output_failed)?;
        }
    }
    out.flush().map_err(output_failed)?;
    if hidden > 0 {
        eprintln!("{hidden} marks are not shown before results are derived");
    }
    Ok(())
}
