//! `kaodian reader simulate`: a reader on a pseudo-terminal, with cards or a script.
//!
//! Prints what it does, one JSON object a line; no card's content:
//!
//! ```text
//! {"event":"plugged_in","port":PATH}    {"event":"unplugged","port":PATH}    {"event":"removed","port":PATH}
//! {"event":"presented","card":FILE}     {"event":"read"}                      {"event":"fault","plan":{…}}
//! ```

use crate::reader::simulate::{Card, CardError, Script, Settings, SimulatedReader, State, Step};
use serde_json::json;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often to look whether a card has been read.
const LOOK: Duration = Duration::from_millis(10);

/// What to play. Each card lies there until it has been read and a little longer; then the next one comes.
#[derive(Debug, Clone, clap::Args)]
pub struct SimulateArgs {
    /// The name under which the port is found; a link is made and removed
    #[arg(long, value_name = "PATH")]
    pub link: PathBuf,
    /// What happens, step by step, as a TOML file; its module replaces the options below
    #[arg(long, value_name = "TOML", conflicts_with = "card")]
    pub script: Option<PathBuf>,
    /// A card: hexadecimal text of one whole reply, or a JSON object with the fields of `reader decode`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub card: Vec<PathBuf>,
    /// How long a card stays after it has been read
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    pub stay_ms: u64,
    /// How long the reader is empty between two cards
    #[arg(long, value_name = "MS", default_value_t = 1000)]
    pub pause_ms: u64,
    /// Begins again after the last card
    #[arg(long)]
    pub repeat: bool,
    /// Answers at once instead of taking a real module's time
    #[arg(long)]
    pub immediate: bool,
}

/// Why a simulation cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A file cannot be read.
    #[error("expected to read {}, found {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A card file is none.
    #[error("{}: {source}", path.display())]
    Card {
        /// Which.
        path: PathBuf,
        /// Why.
        source: CardError,
    },
    /// A script is none.
    #[error("{}, line {line}: {}", path.display(), source.message())]
    Script {
        /// Which.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// The pseudo-terminal or the output failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Plays until it is told to stop, or to the end of a script that has one.
///
/// # Errors
/// [`SimulateError`]; files are read before the port appears.
pub fn simulate(args: &SimulateArgs, out: &mut dyn Write) -> Result<(), SimulateError> {
    let (stop, stopped) = channel();
    listen_for_signals(stop.clone())?;
    listen_for_end_of_input(stop)?;
    play(args, &stopped, out)
}

/// Plays until the channel says stop or has no sender.
pub(super) fn play(args: &SimulateArgs, stopped: &Receiver<()>, out: &mut dyn Write) -> Result<(), SimulateError> {
    let (settings, scenes, repeat) = read_plan(args)?;
    let reader = SimulatedReader::start(settings, Some(&args.link))?;
    let mut player = Player { reader, stopped, out };
    player.tell("plugged_in")?;
    loop {
        for scene in &scenes {
            if player.play(scene)? {
                return Ok(());
            }
        }
        if !repeat || scenes.is_empty() {
            // Everything has been shown; the reader itself stays.
            while !player.stopped_within(Duration::from_hours(1)) {}
            return Ok(());
        }
    }
}

/// A step with its card read.
#[derive(Debug)]
struct Scene {
    step: Step,
    card: Option<Card>,
}

fn read_plan(args: &SimulateArgs) -> Result<(Settings, Vec<Scene>, bool), SimulateError> {
    let Some(path) = &args.script else {
        let settings = if args.immediate { Settings::immediate() } else { Settings::default() };
        let steps = args.card.iter().flat_map(|card| {
            let (stay, pause) = (Step::Wait { ms: args.stay_ms }, Step::Wait { ms: args.pause_ms });
            let present = Step::Present { card: card.clone(), latest_address: None };
            [present, Step::WaitRead, stay, Step::Remove, pause]
        });
        return Ok((settings, read_cards(steps, Path::new(""))?, args.repeat));
    };
    let text = read_text(path)?;
    let script = Script::parse(&text).map_err(|source| {
        let before = source.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        SimulateError::Script { path: path.clone(), line, source: Box::new(source) }
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok((script.module.settings(), read_cards(script.steps, folder)?, script.repeat))
}

fn read_cards(steps: impl IntoIterator<Item = Step>, folder: &Path) -> Result<Vec<Scene>, SimulateError> {
    let with_card = |step| {
        let Step::Present { card, latest_address } = &step else { return Ok(Scene { step, card: None }) };
        let path = folder.join(card);
        let card = Card::parse(&read_text(&path)?).and_then(|card| match latest_address {
            Some(address) => Ok(card.with_latest_address(address)?),
            None => Ok(card),
        });
        Ok(Scene { card: Some(card.map_err(|source| SimulateError::Card { path, source })?), step })
    };
    steps.into_iter().map(with_card).collect()
}

fn read_text(path: &Path) -> Result<String, SimulateError> {
    std::fs::read_to_string(path).map_err(|source| SimulateError::File { path: path.to_owned(), source })
}

struct Player<'a> {
    reader: SimulatedReader,
    stopped: &'a Receiver<()>,
    out: &'a mut dyn Write,
}

impl Player<'_> {
    /// Does one step; says whether it was stopped meanwhile, or by it.
    fn play(&mut self, scene: &Scene) -> Result<bool, SimulateError> {
        match (&scene.step, &scene.card) {
            (Step::Present { card: file, .. }, Some(card)) => {
                self.reader.present(card.clone());
                self.print(&json!({"event": "presented", "card": file}))?;
            }
            (Step::Present { .. }, None) => {}
            (Step::Remove, _) => {
                self.reader.remove();
                self.tell("removed")?;
            }
            (Step::Unplug, _) => {
                self.reader.unplug();
                self.tell("unplugged")?;
            }
            (Step::PlugIn, _) => {
                self.reader.plug_in()?;
                self.tell("plugged_in")?;
            }
            (Step::Rename { name }, _) => self.reader.rename(name),
            (Step::Fault { plan }, _) => {
                self.reader.set_fault(plan.clone());
                self.print(&json!({"event": "fault", "plan": plan}))?;
            }
            (Step::ClearFaults, _) => self.reader.clear_faults(),
            (Step::End, _) => return Ok(true),
            (Step::Wait { ms }, _) => return Ok(self.stopped_within(Duration::from_millis(*ms))),
            (Step::WaitRead, _) => {
                while self.reader.state() != State::Done {
                    if self.stopped_within(LOOK) {
                        return Ok(true);
                    }
                }
                self.print(&json!({"event": "read"}))?;
            }
        }
        Ok(self.stopped_within(Duration::ZERO))
    }

    fn tell(&mut self, event: &str) -> io::Result<()> {
        let path = self.reader.path();
        self.print(&json!({"event": event, "port": path}))
    }

    fn print(&mut self, line: &serde_json::Value) -> io::Result<()> {
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }

    fn stopped_within(&self, time: Duration) -> bool {
        !matches!(self.stopped.recv_timeout(time), Err(RecvTimeoutError::Timeout))
    }
}

fn listen_for_signals(stop: Sender<()>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT, SIGHUP])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if signals.forever().next().is_some() {
            // Nobody waits any more if this fails.
            let _ = stop.send(());
        }
    })?;
    Ok(())
}

/// Only a pipe ends a simulation by its end: a terminal has ctrl-C, and shells give background jobs an empty device.
fn listen_for_end_of_input(stop: Sender<()>) -> io::Result<()> {
    use rustix::fs::FileType;
    let kind = FileType::from_raw_mode(rustix::fs::fstat(rustix::stdio::stdin())?.st_mode);
    if !matches!(kind, FileType::Fifo | FileType::Socket) {
        return Ok(());
    }
    std::thread::Builder::new().name("standard-input".to_owned()).spawn(move || {
        let mut ignored = [0; 256];
        while io::stdin().read(&mut ignored).is_ok_and(|count| count > 0) {}
        let _ = stop.send(());
    })?;
    Ok(())
}

#[cfg(test)]
mod tests;
