//! `kaodian reader doctor`: opens a port, listens to both sides, has a card read, and says what is likely wrong.
//!
//! ```text
//! port -> opens? answers, at which speed? -> module number -> trial read of a card, if one comes -> figures, finding
//! ```
//!
//! For people each line of the wire with its meaning; with `--json` objects:
//!
//! ```text
//! {"event":"port", …as `reader list`…}
//! {"event":"frame","at":"08:42:16.934","way":"sent|received"|null,"hex":"AA … .."|null,"meaning":…}
//! {"event":"up","baud":115200,"sam":…|null}
//! {"event":"trial","result":"read|failed|none","kind":"resident_id"|null,"ms":n|null}
//! {"event":"photo", …as `reader decode --photo`…}               a card was read and photo.decoder is configured
//! {"event":"figures","reads":n,"ok":n,"lifted":n,"damaged":n,"unknown":n,"mean_ms":n|null}
//! {"event":"finding","ok":true|false,"code":"KD-3111"|null,"message":…,"advice":…}
//! ```
//!
//! Card content is masked as `..` everywhere; nobody is checked in.

use super::list;
use crate::domain::document::Presented;
use crate::domain::photo::Photo;
use crate::domain::time::Clock;
use crate::reader::frame::{Flaw, Frame};
use crate::reader::inventory::{Access, Inventory, Roots, look};
use crate::reader::photo::PhotoDecoder;
use crate::reader::port::{PortConfig, PortFault, ReaderEvent, Sink, spawn_with};
use crate::reader::sam::Command;
use crate::reader::trace::{Entry, Figures, Finding, Link, Trace, Traced, capture, meaning};
use crate::runtime::clock::SystemClock;
use crate::runtime::reader::write_capture;
use crate::tui::i18n::{Texts, tr};
use crate::tui::reader_words::{self, Advice};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What to examine.
#[derive(Debug, Clone, clap::Args)]
pub struct DoctorArgs {
    /// The serial port [default: reader.port of the configuration, else the only one there is]
    #[arg(long, value_name = "PATH")]
    pub port: Option<PathBuf>,
    /// Writes a support capture into a new file: every frame with its meaning, card content masked
    #[arg(long, value_name = "FILE")]
    pub capture: Option<PathBuf>,
    /// How long to wait for a card
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub seconds: u64,
}

/// What the doctor found.
#[derive(Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// All is well, as far as it was tried.
    Well,
    /// Something is wrong.
    Ill(&'static str, Advice),
    /// No port was named, and none or several could be meant.
    NoPort(String),
}

/// Why the examination could not be told.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The output failed, or no thread could be started.
    #[error(transparent)]
    Output(#[from] io::Error),
    /// The capture could not be written.
    #[error("expected a new file at {}, found {source}", path.display())]
    Capture {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What the port's thread tells.
enum Heard {
    Line,
    Up,
    Presented(Box<Presented>),
    Fault,
}

struct Ear(Sender<Heard>);

impl Ear {
    fn tell(&self, heard: Heard) {
        // The examination is over.
        let _ = self.0.send(heard);
    }
}

impl Sink for Ear {
    fn event(&mut self, event: ReaderEvent) {
        self.tell(match event {
            ReaderEvent::Up { .. } => Heard::Up,
            ReaderEvent::Presented(presented) => Heard::Presented(Box::new(presented)),
            ReaderEvent::Fault(_) | ReaderEvent::Down(_) => Heard::Fault,
            ReaderEvent::Removed | ReaderEvent::LatestAddress(_) | ReaderEvent::Noise(_) | ReaderEvent::Tested(_) => {
                Heard::Line
            }
        });
    }

    fn frame(&mut self, _: &Frame) {
        self.tell(Heard::Line);
    }

    fn sent(&mut self, _: Command, _: u32) {
        self.tell(Heard::Line);
    }

    fn flawed(&mut self, _: Flaw) {
        self.tell(Heard::Line);
    }
}

/// How the trial read went.
enum Trial {
    Read(Box<Presented>, Duration),
    Failed,
    None,
}

/// Examines a reader and tells while it does.
///
/// # Errors
/// [`DoctorError`].
pub fn doctor(
    args: &DoctorArgs,
    config: PortConfig,
    decoder: Option<&PhotoDecoder>,
    texts: &Texts,
    json: bool,
    out: &mut dyn Write,
) -> Result<Diagnosis, DoctorError> {
    let found = look(&Roots::default(), Some(&config.path));
    let trace = Arc::new(Mutex::new(Trace::new(config.baud)));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new(0));
    let (ear, heard) = channel();
    let path = config.path.clone();
    let mut telling = Telling { trace: Arc::clone(&trace), told: 0, texts, json, out };
    telling.port(&path, &found)?;
    let port = spawn_with(config, Traced::new(Arc::clone(&trace), clock, Ear(ear)))?;
    let trial = telling.listen(&heard, Duration::from_secs(args.seconds))?;
    // Its thread ends before the trace is read for the last time.
    port.stop();
    telling.frames()?;
    let trace = trace.lock().unwrap_or_else(PoisonError::into_inner).clone();
    telling.trial(trial.as_ref())?;
    let photo = match (&trial, decoder) {
        (Some(Trial::Read(presented, _)), Some(decoder)) => {
            presented.card().map(|card| decoder.develop(card.photo.clone()))
        }
        _ => None,
    };
    if let Some(photo) = &photo {
        telling.photo(photo)?;
    }
    telling.figures(trace.figures())?;
    let unported = matches!(trace.link(), Link::Down(PortFault::NoSuchPort { .. })) && !found.without_port.is_empty();
    let finding = if unported { Some(Finding::NoSerialPort) } else { trace.finding() };
    let ill_decoder = photo.and_then(|photo| if let Photo::DecoderFailed(fault) = photo { Some(fault) } else { None });
    let finding = finding.or(ill_decoder.map(Finding::Photo));
    if let Some(file) = &args.capture {
        write_capture(file, &capture(&trace, &path))
            .map_err(|source| DoctorError::Capture { path: file.clone(), source })?;
    }
    telling.verdict(finding.as_ref())
}

/// The port that is meant: the one that was asked for or configured, else the only one.
///
/// # Errors
/// [`Diagnosis::NoPort`], with the sentence for people.
pub fn choose(asked: Option<PathBuf>, found: &Inventory, texts: &Texts) -> Result<PathBuf, Diagnosis> {
    let look = In { texts };
    let open = || found.ports.iter().filter(|port| port.access != Access::Missing);
    match (asked, open().next(), open().count()) {
        (Some(port), ..) => Ok(port),
        (None, Some(port), 1) => Ok(port.best_name().to_owned()),
        (None, Some(_), _) => Err(Diagnosis::NoPort(tr!(look, "doctor-which"))),
        (None, None, _) if !found.without_port.is_empty() => {
            let finding = Finding::NoSerialPort;
            Err(Diagnosis::Ill(finding.code(), reader_words::finding(&finding, texts)))
        }
        (None, None, _) => Err(Diagnosis::NoPort(tr!(look, "doctor-no-port"))),
    }
}

/// What `tr!` reads.
struct In<'a> {
    texts: &'a Texts,
}

/// The telling of it, line by line.
struct Telling<'a> {
    trace: Arc<Mutex<Trace>>,
    /// The number of the last entry that was told.
    told: u64,
    texts: &'a Texts,
    json: bool,
    out: &'a mut dyn Write,
}

impl Telling<'_> {
    fn say(&mut self, text: &str, object: &Value) -> io::Result<()> {
        let line = if self.json { object.to_string() } else { crate::cli::failure::harmless(text) };
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }

    fn port(&mut self, path: &Path, found: &Inventory) -> io::Result<()> {
        let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let only = |port: &&crate::reader::inventory::Port| port.path == place || port.path == path;
        let ports = found.ports.iter().filter(only).cloned().collect();
        let one = Inventory { ports, without_port: found.without_port.clone() };
        let lines = list::lines(&one, self.texts);
        if self.json {
            for object in list::objects(&one) {
                self.say("", &object)?;
            }
            return Ok(());
        }
        for line in lines {
            self.say(&line, &Value::Null)?;
        }
        Ok(())
    }

    /// Listens until a card was tried, a fault stands, or the time is over.
    fn listen(&mut self, heard: &Receiver<Heard>, patience: Duration) -> io::Result<Option<Trial>> {
        let mut until = None;
        loop {
            let left =
                until.map_or(Duration::from_hours(1), |until: Instant| until.saturating_duration_since(Instant::now()));
            let message = match heard.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) if until.is_none() => continue,
                Err(_) => return Ok(Some(Trial::None)),
            };
            self.frames()?;
            match message {
                Heard::Line => {}
                Heard::Up if until.is_some() => {}
                Heard::Up => {
                    until = Some(Instant::now() + patience);
                    self.up(patience)?;
                }
                Heard::Presented(presented) => {
                    let took = self.look(|trace| trace.figures().mean().unwrap_or_default());
                    let read = matches!(*presented, Presented::Card(_));
                    return Ok(Some(if read { Trial::Read(presented, took) } else { Trial::Failed }));
                }
                Heard::Fault => return Ok(None),
            }
        }
    }

    fn look<T>(&self, look: impl FnOnce(&Trace) -> T) -> T {
        look(&self.trace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells what went over the line since the last time; what repeats itself is told once.
    fn frames(&mut self) -> io::Result<()> {
        let fresh: Vec<Entry> = self.look(|trace| trace.since(self.told));
        for entry in fresh {
            self.told = entry.number;
            let at = entry.at.civil().strftime("%H:%M:%S%.3f").to_string();
            let hex = entry.what.hex();
            let words = reader_words::meaning(&entry.what, self.texts);
            let way = reader_words::way(&entry.what, self.texts);
            let text = format!("{at}  {way:4} {:34} {words}", hex.as_deref().unwrap_or_default());
            let way = match &entry.what {
                crate::reader::trace::What::Sent(_) => Some("sent"),
                crate::reader::trace::What::Received(_) => Some("received"),
                _ => None,
            };
            self.say(
                &text,
                &json!({"event": "frame", "at": at, "way": way, "hex": hex, "meaning": meaning(&entry.what)}),
            )?;
        }
        Ok(())
    }

    fn up(&mut self, patience: Duration) -> io::Result<()> {
        let Link::Up { baud, sam, .. } = self.look(|trace| trace.link().clone()) else { return Ok(()) };
        let sam = sam.map(|sam| sam.to_string());
        let look = In { texts: self.texts };
        let shown = sam.clone().unwrap_or_else(|| "-".to_owned());
        let text = tr!(look, "doctor-found", baud = baud.to_string(), sam = shown.as_str());
        self.say(&text, &json!({"event": "up", "baud": baud, "sam": sam}))?;
        if self.json {
            return Ok(());
        }
        let text = tr!(look, "doctor-lay", s = patience.as_secs().to_string());
        self.say(&text, &Value::Null)
    }

    fn trial(&mut self, trial: Option<&Trial>) -> io::Result<()> {
        let look = In { texts: self.texts };
        let object = |result: &str, kind: Option<&str>, ms: Option<u128>| json!({"event": "trial", "result": result, "kind": kind, "ms": ms});
        match trial {
            Some(Trial::Read(presented, took)) => {
                let Some(card) = presented.card() else { return Ok(()) };
                let kind = reader_words::kind(card.doc, self.texts);
                let ms = took.as_millis();
                let text = tr!(look, "doctor-read", kind = kind.as_str(), ms = ms.to_string());
                self.say(&text, &object("read", Some(card.doc.id()), Some(ms)))
            }
            Some(Trial::Failed) => self.say(&tr!(look, "reader-trial-failed"), &object("failed", None, None)),
            Some(Trial::None) => self.say(&tr!(look, "doctor-no-card"), &object("none", None, None)),
            None => Ok(()),
        }
    }

    fn photo(&mut self, photo: &Photo) -> io::Result<()> {
        let look = In { texts: self.texts };
        let says = match photo {
            Photo::Absent => tr!(look, "reader-photo-none"),
            Photo::Raw(_) => tr!(look, "reader-photo-raw"),
            Photo::Decoded(_) => reader_words::decoded(self.texts),
            Photo::DecoderFailed(_) => tr!(look, "reader-photo-failed"),
        };
        self.say(&tr!(look, "doctor-photo", photo = says.as_str()), &super::photo::object(photo))
    }

    fn figures(&mut self, n: Figures) -> io::Result<()> {
        let look = In { texts: self.texts };
        let text = tr!(
            look,
            "reader-figures",
            reads = n.reads.to_string(),
            ok = n.ok.to_string(),
            lifted = n.lifted.to_string(),
            damaged = n.damaged.to_string(),
            unknown = n.unknown.to_string()
        );
        let object = json!({
            "event": "figures", "reads": n.reads, "ok": n.ok, "lifted": n.lifted, "damaged": n.damaged,
            "unknown": n.unknown, "mean_ms": n.mean().map(|mean| mean.as_millis()),
        });
        self.say(&text, &object)
    }

    fn verdict(&mut self, finding: Option<&Finding>) -> Result<Diagnosis, DoctorError> {
        let advice = finding
            .map_or_else(|| reader_words::well(true, self.texts), |finding| reader_words::finding(finding, self.texts));
        let code = finding.map(Finding::code);
        let object = json!({"event": "finding", "ok": code.is_none(), "code": code, "message": advice.says, "advice": advice.does});
        if self.json || code.is_none() {
            self.say(&advice.says, &object)?;
        }
        Ok(code.map_or(Diagnosis::Well, |code| Diagnosis::Ill(code, advice)))
    }
}

#[cfg(test)]
mod tests;
