//! The full screen, from the command line: a desk over a data directory, or the demo.

use super::demo::day_failed;
use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, failure_of};
use crate::config::{Lang, Theme as ThemeWord};
use crate::demo::conductor::Conductor;
use crate::demo::ground::{Ground, lay, organisation};
use crate::demo::headless::DayError;
use crate::demo::performer::Performer;
use crate::demo::{crew, roster};
use crate::domain::event::SignInReason;
use crate::domain::time::Instant;
use crate::reader::port::PortConfig;
use crate::reader::simulate::{Delays, Settings, SimulatedReader};
use crate::runtime::clock::{Pace, VirtualClock};
use crate::runtime::msg::Msg;
use crate::runtime::running::Sink;
use crate::runtime::signals;
use crate::runtime::site::Site;
use crate::runtime::site::SiteError;
use crate::trust::pin::Pin;
use crate::tui::app::{App, Parts};
use crate::tui::i18n::{self, Texts};
use crate::tui::run::{Inbound, read_terminal, run as run_loop};
use crate::tui::terminal::Screen;
use crate::tui::theme::{Depth, Theme};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// A desk over the data directory.
pub(super) fn run(context: &Context, acting: &Acting, port: &PortConfig) -> Outcome {
    needs_terminal()?;
    let site = context.write(&format!("desk {}", context.desk()))?;
    let signed_in = match &acting.op {
        Some(_) => Some(acting.pin(&site)?),
        None => None,
    };
    stand_at(
        context,
        site,
        |app| {
            app.desk().attach_reader(port.clone())?;
            app.desk().attach_lines(super::lines::ports(&context.config))?;
            if let Some((op, pin)) = signed_in {
                app.sign_in(op, pin, SignInReason::Start);
            }
            Ok(())
        },
        |_| None,
        None,
    )
}

/// The demo: ground, simulated reader, and a proctor on duty from the beginning.
pub(super) fn demo(context: &Context, dir: &Path, candidates: u32, seed: u64) -> Outcome {
    needs_terminal()?;
    let opens = Instant::at(roster::DAY, jiff::civil::Time::constant(8, 30, 0, 0));
    let clock = Arc::new(VirtualClock::new(opens, Pace::Running));
    eprintln!("laying the ground of the demo: a site, a crew, {candidates} candidates …");
    let ground =
        lay(dir, &context.config, candidates, seed, Arc::clone(&clock) as _).map_err(|e| day_failed(e.into()))?;
    let Ground { mut site, candidates } = ground;
    let first = site.store().session_ids().map_err(|e| failure_of(e.into()))?.into_keys().next();
    if let Some(no) = first {
        let opened = crew::pin_of(&crew::chief())
            .map_err(SiteError::from)
            .and_then(|pin| site.authenticate(&crew::chief(), &pin))
            .and_then(|chief| site.open_session(no, &chief, crew::passphrase().ok().as_ref()));
        opened.map_err(failure_of)?;
    }
    clock.advance_to(opens.plus_minutes(5));
    // A radio takes its time, but a newcomer shall not wait for it.
    let settings = Settings { delays: Delays::default(), ..Settings::default() };
    // Found by a name of its own: while it is unplugged, its terminal's number may become somebody else's.
    let link = dir.join("reader");
    let reader = SimulatedReader::start(settings, Some(&link)).map_err(|e| day_failed(DayError::Reader(e)))?;
    let port = PortConfig::fast(reader.path());
    let performer = Performer::new(reader, clock);
    stand_at(
        context,
        site,
        |app| {
            app.desk().attach_reader(port)?;
            let member = crew::CREW.iter().find(|member| member.op == crew::proctor().as_str());
            if let Some(pin) = member.and_then(|member| Pin::parse(member.pin).ok()) {
                app.sign_in(crew::proctor(), pin, SignInReason::Start);
            }
            Ok(())
        },
        |desk| Some(Conductor::new(performer, desk, candidates, seed)),
        Some(organisation(dir)),
    )
}

fn needs_terminal() -> Outcome {
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return Ok(());
    }
    let cause = "expected a terminal, found none";
    Err(Failure::new(Kind::Usage, "KD-U-12", cause, "add --headless for a desk without a screen"))
}

/// Runs the screen until somebody quits; the data directory's lock is held as long.
fn stand_at(
    context: &Context,
    site: Site,
    begin: impl FnOnce(&mut App) -> std::io::Result<()>,
    conduct: impl FnOnce(&crate::desk::Desk) -> Option<Conductor>,
    organisation: Option<PathBuf>,
) -> Outcome {
    let about = site.store().about().clone();
    let (inbound, inbox) = channel();
    let to_loop = inbound.clone();
    let sink: Sink = Arc::new(move |msg: Msg| {
        // The loop has ended when nobody listens any more; what is stored is stored.
        let _ = to_loop.send(Inbound::Desk(msg));
    });
    let (mut desk, _lock) = site.into_running(Arc::clone(&sink)).map_err(failure_of)?;
    desk.set_photo_decoder(super::tools::photo_decoder(context));
    signals::on_terminate(sink).map_err(|e| Failure::new(Kind::Device, "KD-U-09", e, ""))?;
    let demo = conduct(desk.desk());
    let mut app = App::new(Parts {
        desk,
        about,
        faces_candidates: context.config.desk.faces_candidates,
        sound: context.config.ui.sound,
        texts: texts(context)?,
        theme: theme(context)?,
        demo,
        organisation,
        keyboards: super::lines::keyboards(&context.config),
    });
    let broken = |e: std::io::Error| Failure::new(Kind::Device, "KD-U-04", format!("the terminal: {e}"), "");
    begin(&mut app).map_err(broken)?;
    read_terminal(inbound);
    let ended = on_screen(&mut app, &inbox);
    if let Some(offset) = app.clock_offset_ms() {
        app.desk().keep_clock_offset(offset);
    }
    ended.map_err(broken)
}

/// The terminal is given back before anything else is said.
fn on_screen(app: &mut App, inbox: &Receiver<Inbound>) -> std::io::Result<()> {
    let mut screen = Screen::take()?;
    run_loop(app, inbox, &mut screen)
}

pub(super) fn texts(context: &Context) -> Outcome<Texts> {
    let lang = match context.config.ui.lang {
        Lang::ZhCn => i18n::Lang::Chinese,
        Lang::En => i18n::Lang::English,
    };
    Texts::load(lang).map_err(|e| Failure::new(Kind::Integrity, "KD-U-14", e, "report this as a defect"))
}

fn theme(context: &Context) -> Outcome<Theme> {
    let env = |name| std::env::var(name).ok();
    let depth = match context.config.ui.theme {
        ThemeWord::Auto => {
            Depth::choose(env("NO_COLOR").as_deref(), env("COLORTERM").as_deref(), env("TERM").as_deref())
        }
        ThemeWord::Xterm256 => Depth::Cube,
        ThemeWord::Ansi16 => Depth::Sixteen,
        ThemeWord::Mono => Depth::Mono,
    };
    Theme::load(depth).map_err(|e| Failure::new(Kind::Integrity, "KD-U-15", e, "report this as a defect"))
}
