//! `kaodian desk`: the full screen, or the same desk without one.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, failure_of, verdict};
use crate::domain::crew::Act;
use crate::domain::event::SignInReason;
use crate::domain::ids::SessionNo;
use crate::domain::policy::Photo;
use crate::domain::record::{SessionBook, SessionBooks};
use crate::domain::session::{Mode, State};
use crate::reader::port::PortConfig;
use crate::runtime::log;
use crate::runtime::msg::Msg;
use crate::runtime::running::{Notice, RunningDesk, Sink};
use crate::runtime::signals;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Arguments of `desk`.
#[derive(Debug, Default, clap::Args)]
pub struct DeskArgs {
    /// The reader's port, such as /dev/serial/by-id/… [default: reader.port of the configuration].
    #[arg(long, value_name = "PORT")]
    reader: Option<PathBuf>,
    /// No screen: one line for each verdict, printed only after its commit.
    #[arg(long)]
    headless: bool,
    #[command(flatten)]
    acting: Acting,
}

pub(super) fn run(context: &Context, args: DeskArgs) -> Outcome {
    let port = port(context, args.reader)?;
    let _log = log::install(&context.data()?.join("log"));
    if args.headless {
        headless(context, &args.acting, &port)
    } else {
        super::full_screen::run(context, &args.acting, &port)
    }
}

/// The port's settings: what was asked for, over the configuration.
fn port(context: &Context, asked: Option<PathBuf>) -> Outcome<PortConfig> {
    let Some(path) = asked.or_else(|| context.config.reader.port.clone()) else {
        let cause = "expected --reader PORT or reader.port in the configuration, found neither";
        return Err(Failure::new(Kind::Usage, "KD-U-08", cause, "list ports with `kaodian reader list`"));
    };
    Ok(at(context, path))
}

/// The settings of the configuration for a port.
pub(super) fn at(context: &Context, path: PathBuf) -> PortConfig {
    let reader = &context.config.reader;
    let (usual, poll) = (PortConfig::new(path), Duration::from_millis(u64::from(reader.poll_ms)));
    PortConfig {
        baud: reader.baud,
        poll,
        // Who looks for cards more often than usual wants to see them leave as soon.
        removal: poll.min(usual.removal),
        same_card: (reader.same_card_s > 0).then(|| Duration::from_secs(u64::from(reader.same_card_s))),
        ..usual
    }
}

fn headless(context: &Context, acting: &Acting, port: &PortConfig) -> Outcome {
    let Some(op) = acting.op.clone() else {
        let cause = "expected --as OPERATOR, found nobody: a desk without a screen cannot wait to be unlocked";
        return Err(Failure::new(Kind::Usage, "KD-U-05", cause, "add --as OPERATOR --pin-file FD"));
    };
    let mut site = context.write(&format!("desk {}", context.desk()))?;
    let mode: Mode = site.store().about().mode;
    let pin = super::secret::pin(acting.pin_file.as_ref(), &op, mode)?;
    // Checked before the desk starts, so that a wrong PIN is the command's answer.
    site.authenticate(&op, &pin).and_then(|who| who.may(Act::Scan, "check people in")).map_err(failure_of)?;

    if let Some(no) = asks_everybody(&site.store().hold(site.desk()).map_err(|e| failure_of(e.into()))?.books) {
        let cause =
            format!("expected sessions that ask nobody at the door, found checks.photo or checks.pledge in {no}");
        return Err(Failure::new(Kind::No, "KD-U-26", cause, "check people in at the full screen"));
    }

    let (sender, inbox) = channel();
    let sink: Sink = Arc::new(move |msg| {
        // The loop has ended when nobody listens any more; what is stored is stored.
        let _ = sender.send(msg);
    });
    let (mut desk, _lock) = site.into_running(Arc::clone(&sink)).map_err(failure_of)?;
    signals::on_terminate(Arc::clone(&sink)).map_err(|e| Failure::new(Kind::Device, "KD-U-09", e, ""))?;
    desk.check(vec![(op.clone(), pin)]);
    let mut loop_ = Headless { desk, ready: false };
    loop_.serve(&inbox, |desk| {
        desk.attach_reader(port.clone())?;
        desk.attach_lines(super::lines::ports(&context.config))
    })
}

/// The session of which everybody needs a person's key before green: a desk without a screen would let nobody in.
fn asks_everybody(books: &SessionBooks) -> Option<SessionNo> {
    let asks = |book: &&SessionBook| {
        let checks = &book.session.policy.checks;
        book.record.state < State::Closed && (checks.photo == Photo::Proctor || checks.pledge)
    };
    books.values().find(asks).map(|book| book.session.plan.no)
}

struct Headless {
    desk: RunningDesk,
    ready: bool,
}

impl Headless {
    fn serve(&mut self, inbox: &Receiver<Msg>, attach: impl Fn(&mut RunningDesk) -> std::io::Result<()>) -> Outcome {
        while let Ok(msg) = inbox.recv() {
            let mut notices = self.desk.on(msg);
            while !notices.is_empty() {
                let mut more = Vec::new();
                for notice in notices {
                    match self.tell(notice, &attach)? {
                        Told::Done => return Ok(()),
                        Told::More(next) => more.extend(next),
                    }
                }
                notices = more;
            }
        }
        Ok(())
    }

    fn tell(&mut self, notice: Notice, attach: &impl Fn(&mut RunningDesk) -> std::io::Result<()>) -> Outcome<Told> {
        match notice {
            Notice::Checked(_, Ok(people)) => {
                let op = people.into_iter().next();
                return Ok(Told::More(op.map_or_else(Vec::new, |op| self.desk.sign_in(op, SignInReason::Start))));
            }
            Notice::Checked(_, Err(denied)) => return Err(failure_of(denied.into())),
            Notice::Answer(_) if !self.ready => {
                self.ready = true;
                let open = self.desk.desk().books().iter().filter(|(_, book)| book.record.state.takes_taps());
                let open: Vec<_> = open.map(|(no, _)| no).collect();
                super::print_json(&json!({"event": "ready", "session": open, "desk": self.desk.desk().id()}))?;
                attach(&mut self.desk).map_err(|e| Failure::new(Kind::Device, "KD-U-13", e, ""))?;
            }
            Notice::Verdict(shown) => super::print_json(&verdict::line(&shown))?,
            Notice::ReaderUp => super::print_json(&json!({"event": "up"}))?,
            // As `reader watch` tells it: what happened, then that the reader is gone.
            Notice::ReaderDown(fault) => {
                print_fault(fault.code(), &fault)?;
                super::print_json(&json!({"event": "down", "cause": fault.code()}))?;
            }
            Notice::LineUp(index) => {
                if let Some(line) = self.desk.lines().get(index) {
                    super::print_json(&json!({"event": "line_up", "port": line.port}))?;
                }
            }
            Notice::LineDown(index) => {
                if let Some((port, fault)) = self.desk.lines().get(index).and_then(|l| Some((&l.port, l.fault.as_ref()?))) {
                    let cause = crate::reader::lines::code(fault);
                    print_fault(cause, fault)?;
                    super::print_json(&json!({"event": "line_down", "port": port, "cause": cause}))?;
                }
            }
            Notice::NotACode => print_fault("KD-3110", &"expected an admission number, found another code")?,
            Notice::ReaderFault(fault) => print_fault(fault.code(), &fault)?,
            Notice::Fault(error) => {
                print_fault(error.code(), &error)?;
                return Err(failure_of(error.into()));
            }
            Notice::NotRecorded => print_fault("KD-9001", &"a card was neither judged nor recorded")?,
            Notice::Terminate => return Ok(Told::Done),
            Notice::Answer(_)
            | Notice::AwaitingUnlock
            | Notice::NothingPlanned
            | Notice::Restored
            | Notice::Imported(_)
            | Notice::CardRemoved
            // Nobody asks for these without a screen.
            | Notice::History(..)
            | Notice::ReaderTested(_)
            | Notice::Trial(_)
            | Notice::Developed(_)
            // Nothing is sealed without a screen here: `kaodian seal` does that.
            | Notice::SealFrozen
            | Notice::SealSigned(_)
            | Notice::SealStep(_)
            | Notice::SealStreams(..)
            | Notice::Sealed(_)
            | Notice::SealFault(_)
            | Notice::SealAbandoned
            | Notice::Noise(_) => {}
        }
        Ok(Told::More(Vec::new()))
    }
}

fn print_fault(code: &str, fault: &impl std::fmt::Display) -> Outcome {
    super::print_json(&json!({"event": "fault", "code": code, "message": fault.to_string()}))
}

enum Told {
    Done,
    More(Vec<Notice>),
}
