//! The desk's card reader: its port, what went over it, what a technician asks of it.
//!
//! A trial read takes cards off the way of a tap: while one waits, whatever is put on the reader is shown to the
//! technician ([`Notice::Trial`]) and never judged, so nothing of it reaches the journal.
//!
//! The site's photo decoder is run on the photo of a trial read alone, aside: no verdict needs a photo and no screen shows
//! one, so that closed code is not run for nothing on every card.

use super::msg::Msg;
use super::running::{Notice, RunningDesk};
use crate::domain::photo::{DecoderFault, Photo};
use crate::reader::photo::PhotoDecoder;
use crate::reader::port::{self, PortConfig, PortHandle, ReaderEvent, Request, Sink};
use crate::reader::trace::{Link, Trace, Traced, capture};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// What a reader's port was attached with, and what it left.
#[derive(Debug)]
pub struct Attached {
    config: PortConfig,
    trace: Arc<Mutex<Trace>>,
    requests: Sender<Request>,
    _port: PortHandle,
}

impl Attached {
    /// The port as it was asked for.
    #[must_use]
    pub fn port(&self) -> &Path {
        &self.config.path
    }

    /// The speed in baud at which it is looked for first.
    #[must_use]
    pub fn baud(&self) -> u32 {
        self.config.baud
    }

    /// Looks at what went over the line.
    pub fn trace<T>(&self, look: impl FnOnce(&Trace) -> T) -> T {
        look(&self.trace.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The site's photo decoder, if there is one, and the trial whose photo it works on.
#[derive(Debug, Default)]
pub(super) struct Darkroom {
    decoder: Option<PhotoDecoder>,
    trial: u64,
}

/// Hands the port's events to the loop.
struct ToLoop(super::running::Sink);

impl Sink for ToLoop {
    fn event(&mut self, event: ReaderEvent) {
        (self.0)(Msg::Reader(event));
    }
}

impl RunningDesk {
    /// Opens a reader by path, for as long as the desk runs; an earlier one is let go.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn attach_reader(&mut self, config: PortConfig) -> io::Result<()> {
        let same = self.reader.take().filter(|before| before.config.path == config.path);
        // What was seen of this port stays in sight; another port begins anew. The old port is let go first.
        let trace = same.map(|before| Arc::clone(&before.trace));
        let trace = trace.unwrap_or_else(|| Arc::new(Mutex::new(Trace::new(config.baud))));
        let (requests, asked) = channel();
        let sink = Traced::new(Arc::clone(&trace), Arc::clone(&self.clock), ToLoop(Arc::clone(&self.sink)));
        let port = port::spawn_attended(config.clone(), sink, asked)?;
        self.reader = Some(Attached { config, trace, requests, _port: port });
        Ok(())
    }

    /// The reader's port, if one was attached.
    #[must_use]
    pub fn reader(&self) -> Option<&Attached> {
        self.reader.as_ref()
    }

    /// Asks something of the reader; one that does not answer is looked for again at once instead.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn ask_reader(&mut self, request: Request) -> io::Result<()> {
        let Some(reader) = &self.reader else { return Ok(()) };
        if reader.trace(|trace| matches!(trace.link(), Link::Up { .. })) {
            // A port that has just ended says so itself.
            let _ = reader.requests.send(request);
            return Ok(());
        }
        let config = reader.config.clone();
        self.attach_reader(config)
    }

    /// Looks for the reader at another port, until the program ends.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn move_reader(&mut self, path: PathBuf) -> io::Result<()> {
        let Some(reader) = &self.reader else { return Ok(()) };
        let config = PortConfig { path, ..reader.config.clone() };
        tracing::info!("another port is tried for the reader");
        self.attach_reader(config)
    }

    /// From now on cards are shown and not judged.
    pub fn begin_trial(&mut self) {
        self.trial = true;
    }

    /// From now on cards are judged again.
    pub fn end_trial(&mut self) {
        self.trial = false;
    }

    /// Takes what was put on the reader: to the technician while a trial read waits, otherwise to the desk.
    pub(super) fn put_on_reader(&mut self, presented: crate::domain::presented::Presented) -> Vec<Notice> {
        if !self.trial {
            return self.tap(presented);
        }
        if let Some(card) = presented.card() {
            self.develop(card.photo.clone());
        }
        vec![Notice::Trial(Box::new(presented))]
    }

    /// Has the photos of trial reads decoded by the site's own program; none: they stay as they are.
    pub fn set_photo_decoder(&mut self, decoder: Option<PhotoDecoder>) {
        self.darkroom.decoder = decoder;
    }

    /// Whether photos of trial reads are decoded.
    #[must_use]
    pub fn has_photo_decoder(&self) -> bool {
        self.darkroom.decoder.is_some()
    }

    /// Begins to decode a photo; what comes of an earlier one is of no interest any more.
    fn develop(&mut self, photo: Photo) {
        self.darkroom.trial += 1;
        let (trial, sink) = (self.darkroom.trial, Arc::clone(&self.sink));
        let Some(decoder) = self.darkroom.decoder.clone() else { return };
        let work = move || sink(Msg::Developed(trial, decoder.develop(photo)));
        if let Err(error) = std::thread::Builder::new().name("photo-decoder".to_owned()).spawn(work) {
            tracing::warn!(%error, "the photo decoder gets no thread");
            (self.sink)(Msg::Developed(trial, Photo::DecoderFailed(DecoderFault::Start)));
        }
    }

    pub(super) fn developed(&self, trial: u64, photo: Photo) -> Vec<Notice> {
        if trial == self.darkroom.trial { vec![Notice::Developed(photo)] } else { Vec::new() }
    }

    /// Writes a support capture beside the log and says where.
    ///
    /// # Errors
    /// When there is no reader or the file cannot be written.
    pub fn save_capture(&self) -> io::Result<PathBuf> {
        let reader = self.reader.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let text = reader.trace(|trace| capture(trace, reader.port()));
        let folder = &self.gate.places().log;
        let stamp = self.clock.wall().0.civil().strftime("%Y%m%d-%H%M%S").to_string();
        let names = std::iter::once(String::new()).chain((2..100).map(|n| format!("-{n}")));
        for suffix in names {
            let path = folder.join(format!("reader-{stamp}{suffix}.txt"));
            match write_capture(&path, &text) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                written => return written.map(|()| path),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// Writes a capture into a file that was not there, for its owner alone.
///
/// # Errors
/// When the file is there already or cannot be written.
pub fn write_capture(path: &Path, text: &str) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
