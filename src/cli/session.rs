//! `kaodian session`: list, check, open, start, mark absent, collect, close.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, Seconding, SitePassphrase, failure_of, number};
use crate::desk::{Answer, Command, Refusal, SeatRefusal};
use crate::domain::ids::{OperatorId, RoomId, SessionNo};
use crate::domain::readiness::{Item, WaiveReason};
use crate::domain::record::Held;
use crate::domain::scoring::MarkRefusal;
use crate::runtime::site::{Authenticated, Site, SiteError};
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum SessionVerb {
    /// Lists the sessions with their figures.
    #[command(after_help = "Example:\n  kaodian --data D session list")]
    List,
    /// Makes the checks before opening, but for the reader; exit 1 while one is red that nobody lets stand.
    #[command(after_help = "Example:\n  kaodian --data D session check 1")]
    Check {
        /// The session's number.
        #[arg(value_parser = number)]
        no: SessionNo,
    },
    /// Opens check-in (chief): the checks are green, or the chief lets each red one stand.
    #[command(
        after_help = "Example:\n  kaodian --data D session open 1 --as chen --pin-file 3 3<pin.chen\n  kaodian --data D session open 1 --waive disk=in_repair --as chen --pin-file 3 3<pin.chen"
    )]
    Open(OpenArgs),
    /// Declares the exam begun (chief).
    #[command(after_help = "Example:\n  kaodian --data D session start 1 --as chen --pin-file 3 3<pin.chen")]
    Start(OneArgs),
    /// Declares everybody who has not come absent (proctor, after the late limit).
    #[command(after_help = "Example:\n  kaodian --data D session absent 1 --room 01 --as wang --pin-file 3 3<pin.wang")]
    Absent(RoomArgs),
    /// Hands in the work of everybody inside (proctor).
    #[command(after_help = "Example:\n  kaodian --data D session collect 1 --as wang --pin-file 3 3<pin.wang")]
    Collect(RoomArgs),
    /// Ends the exam: books must balance (chief, seconded by a proctor).
    #[command(
        after_help = "Example:\n  kaodian --data D session close 1 --as chen --pin-file 3 --witness wang=4 3<pin.chen 4<pin.wang"
    )]
    Close(CloseArgs),
}

/// A session to open.
#[derive(Debug, clap::Args)]
pub struct OpenArgs {
    /// The session's number.
    #[arg(value_parser = number)]
    no: SessionNo,
    /// Lets a red item of `session check` stand: other_means, in_repair, not_needed or organisation_instruction.
    #[arg(long = "waive", value_name = "ITEM=REASON", value_parser = waiver)]
    waivers: Vec<(Item, WaiveReason)>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    site: SitePassphrase,
}

/// A session and who acts.
#[derive(Debug, clap::Args)]
pub struct OneArgs {
    /// The session's number.
    #[arg(value_parser = number)]
    no: SessionNo,
    #[command(flatten)]
    acting: Acting,
}

/// A session, a room and who acts.
#[derive(Debug, clap::Args)]
pub struct RoomArgs {
    /// The session's number.
    #[arg(value_parser = number)]
    no: SessionNo,
    /// Only this room.
    #[arg(long)]
    room: Option<RoomId>,
    #[command(flatten)]
    acting: Acting,
}

/// A session, who acts and who seconds.
#[derive(Debug, clap::Args)]
pub struct CloseArgs {
    /// The session's number.
    #[arg(value_parser = number)]
    no: SessionNo,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    seconding: Seconding,
}

pub(super) fn run(context: &Context, verb: SessionVerb) -> Outcome {
    match verb {
        SessionVerb::List => {
            let site = context.read()?;
            let held = site.store().hold(site.desk()).map_err(|e| failure_of(e.into()))?;
            print_list(&held, context.json)
        }
        SessionVerb::Check { no } => super::check::run(context, no),
        SessionVerb::Open(a) => open(context, &a),
        SessionVerb::Start(a) => act(context, "session start", Command::Start(a.no), &a.acting, None),
        SessionVerb::Absent(a) => act(context, "session absent", Command::MarkAbsent(a.no, a.room), &a.acting, None),
        SessionVerb::Collect(a) => act(context, "session collect", Command::Collect(a.no, a.room), &a.acting, None),
        SessionVerb::Close(a) => act(context, "session close", Command::Close(a.no), &a.acting, Some(&a.seconding)),
    }
}

fn open(context: &Context, args: &OpenArgs) -> Outcome {
    let mut site = context.write("session open")?;
    let chief = args.acting.authenticate(&mut site)?;
    let passphrase = args.site.read(&site)?;
    for (item, reason) in &args.waivers {
        let answer = site
            .run(Command::Waive(args.no, *item, *reason), chief.op.clone(), None)
            .map_err(|e| refused_in(e, "planned"))?;
        report(context, "session open --waive", &answer)?;
    }
    let answer = site.open_session(args.no, &chief, passphrase.as_ref()).map_err(|e| refused_in(e, "planned"))?;
    for spare in site.short_of_spare(args.no).map_err(failure_of)? {
        super::tell(&format!(
            "room {}: {} of {} seats are spare, fewer than the policy asks for",
            spare.room, spare.free, spare.seats
        ));
    }
    report(context, "session open", &answer)
}

/// Reads `ITEM=REASON`.
fn waiver(text: &str) -> Result<(Item, WaiveReason), String> {
    let words = |words: &[&str]| words.join(", ");
    let (item, reason) = text.split_once('=').ok_or("expected ITEM=REASON")?;
    let item = Item::parse(item).ok_or_else(|| format!("expected an item: {}", words(&Item::ALL.map(Item::as_str))))?;
    let reason = WaiveReason::parse(reason)
        .ok_or_else(|| format!("expected a reason: {}", words(&WaiveReason::ALL.map(WaiveReason::as_str))))?;
    Ok((item, reason))
}

/// A refusal for the session's state names the one that the command asks for.
fn refused_in(error: SiteError, state: &str) -> Failure {
    match error {
        SiteError::Refused(refusal @ Refusal::State(found)) => {
            let cause = format!("expected the session to be {state}, found it {}", found.as_str());
            Failure::new(Kind::No, refusal.code(), cause, "look at `kaodian session list`")
        }
        error => failure_of(error),
    }
}

pub(super) fn act(
    context: &Context,
    purpose: &'static str,
    command: Command,
    acting: &Acting,
    seconding: Option<&Seconding>,
) -> Outcome {
    let mut site = context.write(purpose)?;
    let who = acting.authenticate(&mut site)?;
    let witness = match seconding {
        Some(seconding) => seconding.authenticate(&mut site)?.map(|w| w.op),
        None => None,
    };
    let answer = run_command(&mut site, command, who, witness)?;
    report(context, purpose, &answer)
}

/// Has the command done; a refusal names what the command asks for and what there was.
pub(super) fn run_command(
    site: &mut Site,
    command: Command,
    who: Authenticated,
    witness: Option<OperatorId>,
) -> Outcome<Answer> {
    let (words, state) = asks(&command);
    let role = who.role.as_str();
    site.run(command, who.op, witness).map_err(|error| match error {
        SiteError::Refused(Refusal::Role) => failure_of(SiteError::Role { act: words, role }),
        SiteError::Refused(refusal @ Refusal::State(found)) => {
            let cause = format!("expected the session to be {state}, found it {}", found.as_str());
            Failure::new(Kind::No, refusal.code(), cause, "look at `kaodian session list`")
        }
        error => failure_of(error),
    })
}

/// A command in words, and the states it is allowed in.
fn asks(command: &Command) -> (&'static str, &'static str) {
    match command {
        Command::Open(_) => ("open a session", "planned"),
        Command::Start(_) => ("start a session", "open"),
        Command::MarkAbsent(..) => ("declare absences", "running or closed"),
        Command::Collect(..) => ("collect work", "running"),
        Command::EnterMark(..) => ("enter marks", "running or closed"),
        Command::Close(_) => ("close a session", "running"),
        Command::DeriveResults(..) => ("derive results", "closed"),
        Command::PlaceHold(..) => ("place a hold", "open or running"),
        Command::LiftHold(..) => ("lift a hold", "open or running"),
        Command::Resolve(..) => ("settle a conflict", "open, running or closed"),
        Command::PrepareSeal(..) => ("prepare a seal", "closed"),
        Command::MoveSeat(..) => ("move a candidate", "planned, open or running"),
        Command::WithdrawSeat(..) => ("take this seat out of service", "planned, open or running"),
        Command::CheckReadiness(_) => ("check readiness", "planned or open"),
        Command::Waive(..) => ("let a red item stand", "planned"),
    }
}

/// Tells what was stored.
pub(super) fn report(context: &Context, purpose: &str, answer: &Answer) -> Outcome {
    let Answer::Done { command, lines, seq } = answer else { return Ok(()) };
    if context.json {
        return super::print_json(&json!({
            "event": "done", "command": purpose, "session": command.session(), "lines": lines, "seq": seq,
        }));
    }
    match seq {
        Some(seq) => {
            let lines = super::count(*lines, "line");
            super::tell(&format!("{purpose} {}: {lines} stored, the last is number {seq}", command.session()));
        }
        None => super::tell(&format!("{purpose} {}: nothing left to do", command.session())),
    }
    Ok(())
}

pub(super) fn print_list(held: &Held, json: bool) -> Outcome {
    for (no, book) in &held.books {
        let plan = &book.session.plan;
        let counts = book.record.counts(held.roster.registered(*no));
        if json {
            super::print_json(&json!({
                "event": "session", "session": no, "id": plan.id, "certificate": plan.certificate, "level": plan.level,
                "date": plan.date, "start": plan.start.strftime("%H:%M").to_string(),
                "state": book.record.state, "counts": counts,
            }))?;
        } else {
            super::print_line(&format!(
                "{no:>2}  {} {}  {:8}  expected {} present {} absent {}  {} {}",
                plan.date,
                plan.start.strftime("%H:%M"),
                book.record.state.as_str(),
                counts.expected,
                counts.present,
                counts.absent,
                plan.certificate,
                plan.level.zh(),
            ))?;
        }
    }
    Ok(())
}

/// A refused command as a failure, with the figures a person needs.
pub(super) fn refused(refusal: &Refusal) -> Failure {
    let no = |cause: String, advice: &str| Failure::new(Kind::No, refusal.code(), cause, advice);
    match refusal {
        Refusal::HandInTooEarly(from) => {
            no(format!("expected the earliest hand-in {}, found an earlier moment", from.clock()), "wait until then")
        }
        Refusal::AbsenceTooEarly(limit) => no(
            format!("expected a moment after the late limit {}, found an earlier one", limit.clock()),
            "declare absences after the late limit",
        ),
        Refusal::Witness => no(
            "expected a proctor as the second person, found none or somebody else".to_owned(),
            "add --witness PROCTOR=FD",
        ),
        Refusal::Role => {
            no("expected a member of the crew whose role allows it, found another".to_owned(), "let the right role act")
        }
        Refusal::State(state) => no(
            format!("expected a session in another state, found it {}", state.as_str()),
            "look at `kaodian session list`",
        ),
        Refusal::StartsAt(at) => no(
            format!("expected the scheduled start {}, found an earlier moment", at.clock()),
            "an exam never starts early",
        ),
        Refusal::NoSession => {
            no("expected a planned session, found none of this number".to_owned(), "look at `kaodian session list`")
        }
        Refusal::Unbalanced(equations) => {
            let sides: Vec<_> = equations
                .iter()
                .filter(|e| !e.holds())
                .map(|e| {
                    format!("{} {} = {} + {} is off by {}", e.name, e.left, e.right[0], e.right[1], e.difference())
                })
                .collect();
            no(sides.join("; "), "declare the rest absent, or collect their work")
        }
        Refusal::StillInside(n) => {
            no(format!("expected nobody inside, found {n}"), "collect their work with `kaodian session collect`")
        }
        Refusal::MarksMissing(n) => {
            no(format!("expected a mark for every part, found {n} without"), "enter the marks first")
        }
        Refusal::Sealing => no(
            "expected a session that takes acts, found its seal prepared".to_owned(),
            "finish the seal with `kaodian seal`, or give it up there",
        ),
        Refusal::Moved => {
            no("expected the streams to stand still, found a line stored meanwhile".to_owned(), "try again")
        }
        Refusal::Conflicts(n) => {
            no(format!("expected no open conflict, found {n}"), "let chief and proctor resolve them")
        }
        Refusal::OtherDesks(n) => {
            no(format!("expected every other desk to have signed off, found {n} that did not"), "sign them off first")
        }
        Refusal::Nobody => no("expected registered candidates, found none".to_owned(), "nothing is there to seal"),
        Refusal::ResultsStale => no(
            "expected results newer than the last mark, found none".to_owned(),
            "derive them with `kaodian score derive`",
        ),
        Refusal::CaseGone => no("expected an open case, found none".to_owned(), "lay the card down again"),
        Refusal::NotSetAside => {
            no("expected a reason that can be set aside like this, found another".to_owned(), "see the handbook")
        }
        Refusal::NoRow => no("expected a row of the roster, found none".to_owned(), "look the number up"),
        Refusal::NoteMissing => {
            no("expected the number of the paper, found none".to_owned(), "write the reason on paper first")
        }
        Refusal::WindowOver => no(
            "expected both people within the witness window, found the second one later".to_owned(),
            "begin with the first person again",
        ),
        Refusal::TooFewChecks => no("expected two things compared, found fewer".to_owned(), "compare another one"),
        Refusal::NoConflict => {
            no("expected an open conflict of the roster, found none of this name".to_owned(), "look at the open ones")
        }
        Refusal::NotReady(items) => {
            let words: Vec<_> = items.iter().map(|item| item.as_str()).collect();
            no(
                format!("expected checks that let it open, found red: {}", words.join(", ")),
                "put them right, or let the chief say why they may stand: --waive ITEM=REASON",
            )
        }
        Refusal::Mark(mark) => no(mark_cause(*mark), "correct the mark"),
        Refusal::Seat(seat) => no(seat_cause(*seat).to_owned(), "look at the seat map, F4 at the desk"),
    }
}

fn seat_cause(refusal: SeatRefusal) -> &'static str {
    match refusal {
        SeatRefusal::NoCandidate => "expected somebody on the roster of this session, found nobody of this number",
        SeatRefusal::HandedIn => "expected somebody who has not handed in, found their work handed in",
        SeatRefusal::NoSuchSeat => "expected a seat of this session's rooms, found another",
        SeatRefusal::Taken => "expected a seat that nobody holds, found it somebody's",
        SeatRefusal::OutOfService => "expected a seat in service, found it withdrawn",
    }
}

fn mark_cause(refusal: MarkRefusal) -> String {
    use crate::domain::candidate::Mark;
    match refusal {
        MarkRefusal::OverMax(max) => format!("expected at most {}, found more", Mark(max)),
        MarkRefusal::OffStep(step) => format!("expected a multiple of {}, found another mark", Mark(step)),
        MarkRefusal::Marked => "expected a part without a mark, found one".to_owned(),
        MarkRefusal::ZeroWithoutReason => "expected a reason for a mark of zero, found none".to_owned(),
        MarkRefusal::UnknownPart => "expected a part of the policy, found another".to_owned(),
        MarkRefusal::Absent => "expected a candidate who came, found one declared absent".to_owned(),
        MarkRefusal::NeverAdmitted => "expected a candidate who was admitted, found one who was not".to_owned(),
        MarkRefusal::NotHandedIn => "expected work that was handed in, found the candidate still inside".to_owned(),
    }
}
