//! `kaodian journal`: check the chains, show the stored lines.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, failure_of, number, output_failed};
use crate::domain::catalogue::Fact as _;
use crate::domain::crew::{Act, allows};
use crate::domain::event::Event;
use crate::domain::ids::{DeskId, SessionNo};
use crate::domain::ledger::LedgerLine;
use crate::journal::line;
use clap::Subcommand;
use serde_json::json;
use std::io::Write as _;

#[derive(Debug, Subcommand)]
pub enum JournalVerb {
    /// Recomputes every chain; needs no secret; exit 4 when something was changed.
    #[command(after_help = "Example:\n  kaodian --data D journal verify")]
    Verify,
    /// Prints the stored lines byte for byte, one a line.
    #[command(after_help = "Example:\n  kaodian --data D journal show --session 1 --as chen --pin-file 3 3<pin.chen")]
    Show(ShowArgs),
}

/// Arguments of `journal show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Only this session.
    #[arg(long, value_name = "NO", value_parser = number)]
    session: Option<SessionNo>,
    /// The site ledger instead of the sessions.
    #[arg(long, conflicts_with_all = ["session", "desk"])]
    ledger: bool,
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
            let (desk, lines) = (report.stream.desk, super::count(report.size, "line"));
            super::print_line(&format!("session {no} desk {desk}: {lines}, head {}", report.head))?;
        }
    }
    let ledger = site.store().each_ledger_line(|_, _| {}).map_err(|e| failure_of(e.into()))?;
    if context.json {
        super::print_json(&json!({"event": "ledger", "size": ledger.size, "head": ledger.head}))?;
    } else {
        super::print_line(&format!("ledger: {}, head {}", super::count(ledger.size, "line"), ledger.head))?;
    }
    let lines: u64 = reports.iter().map(|r| r.size).sum();
    if context.json {
        super::print_json(&json!({"event": "verified", "streams": reports.len(), "lines": lines}))?;
    } else {
        let streams = super::count(reports.len(), "stream");
        super::print_line(&format!("{streams}, {}: every chain holds", super::count(lines, "line")))?;
    }
    Ok(())
}

fn show_ledger(site: &crate::runtime::site::Site, after: u64) -> Outcome {
    let mut lines = Vec::new();
    let take = |line: LedgerLine, bytes| lines.extend((line.seq > after).then_some(bytes));
    site.store().each_ledger_line(take).map_err(|e| failure_of(e.into()))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in lines {
        out.write_all(&line).and_then(|()| out.write_all(b"\n")).map_err(output_failed)?;
    }
    out.flush().map_err(output_failed)
}

fn show(context: &Context, args: &ShowArgs) -> Outcome {
    let mut site = context.read()?;
    let reader = args.acting.authenticate(&mut site)?;
    reader.may(Act::ReadJournal, "read the journal").map_err(failure_of)?;
    if args.ledger {
        return show_ledger(&site, args.after);
    }
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
        let is_final = held.books.get(no).is_some_and(|book| book.record.results().is_some());
        let final_marks = is_final && allows(reader.role, Act::ReadMarks);
        for stored in site.store().lines_of(*id, args.desk, args.after).map_err(|e| failure_of(e.into()))? {
            let marks = line::parse::<Event>(&stored.bytes).is_ok_and(|r| r.event.kind() == "mark_entered/1");
            if marks && !final_marks {
                hidden += 1;
                continue;
            }
            out.write_all(&stored.bytes).and_then(|()| out.write_all(b"\n")).map_err(output_failed)?;
        }
    }
    out.flush().map_err(output_failed)?;
    if hidden > 0 {
        let marks = super::count(hidden, "mark");
        super::tell(&format!("{marks} left out: shown once results are derived, to who may read marks"));
    }
    Ok(())
}
