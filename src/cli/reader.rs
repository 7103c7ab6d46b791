//! `kaodian reader list | watch | decode | simulate | doctor`: a technician's tools. `decode` and `watch` print what a
//! card holds, `doctor` masks it.
//!
//! One JSON object a line:
//!
//! ```text
//! {"event":"card","kind":"resident","name":…,"id_number":…,…}    each kind has its own fields, see below
//! {"event":"card","kind":"unknown","text":"4b6d…"}               a type flag nobody knows: the record as it is
//! {"event":"reply","sw3":"9F","data":"00000000"}                 any other valid reply; watch prints changes only
//! {"event":"photo","state":"absent|raw|decoded|failed",…}        decode --photo, after its card; see `photo`
//! {"event":"noise","bytes":3}
//! {"event":"up","sam":"05.03-…","simulated":false}               watch
//! {"event":"latest_address","address":…}                         watch --address, if the card has one
//! {"event":"removed"}                                            watch
//! {"event":"fault","code":"KD-3102","message":…}                 watch
//! {"event":"down","cause":"KD-3102"}                             watch, after its fault
//! ```
//!
//! A card's fields are those of [`Layout`](crate::reader::record::Layout), as they stand on it. Added are `sex_name` and
//! `nation_name` behind a code that is known, `valid_to_is_long_term`, and `warnings` if there are any.

mod doctor;
mod list;
mod photo;
mod simulate;

pub use doctor::{Diagnosis, DoctorArgs, DoctorError, choose, doctor};
pub use simulate::{SimulateArgs, SimulateError, simulate};

use crate::domain::document::Presented;
use crate::domain::photo::Photo;
use crate::reader::frame::{Decoder, Event, Frame};
use crate::reader::inventory::Inventory;
use crate::reader::port::{PortConfig, PortFault, ReaderEvent, Sink, spawn_with};
use crate::reader::record::{Field, Fields, Record, Text, parts};
use crate::reader::sam::Reply;
use crate::tui::i18n::Texts;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Tools for card readers.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum ReaderVerb {
    /// Says what bytes of a card reader mean; prints what a card holds.
    #[command(after_help = "Example:\n  kaodian reader decode --json capture.hex")]
    Decode(DecodeArgs),
    /// Prints what a reader on a port says and what happens to it; prints what a card holds.
    #[command(after_help = "Example:\n  kaodian reader watch --port /dev/idreader --json --seconds 30")]
    Watch(WatchArgs),
    /// Lists serial ports: names, USB ids, permission, who holds them; and readers that show none.
    #[command(after_help = "Example:\n  kaodian reader list --json")]
    List,
    /// Examines a reader: speed, status, module number, a trial read; names the likely fault and what to do.
    #[command(after_help = "Example:\n  kaodian reader doctor --port /dev/idreader --capture reader.txt")]
    Doctor(DoctorArgs),
    /// Plays a card reader on a pseudo-terminal until SIGTERM, ctrl-C or the end of a pipe on standard input.
    #[command(after_help = "Example:\n  kaodian reader simulate --link /tmp/idreader --card chen.hex wang.json")]
    Simulate(SimulateArgs),
}

/// What to decode.
#[derive(Debug, Clone, clap::Args)]
pub struct DecodeArgs {
    /// Bytes as they were on the line, or hexadecimal text of them; `-` or nothing: standard input
    pub file: Option<PathBuf>,
    /// Says of each card's photo what photo.decoder of the configuration makes of it; the picture itself goes nowhere
    #[arg(long)]
    pub photo: bool,
}

impl DecodeArgs {
    /// Opens what is to be decoded.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        match &self.file {
            Some(file) if file.as_os_str() != "-" => Ok(Box::new(std::fs::File::open(file)?)),
            _ => Ok(Box::new(io::stdin())),
        }
    }
}

/// What to watch.
#[derive(Debug, Clone, clap::Args)]
pub struct WatchArgs {
    /// The serial port, best by a name that survives unplugging
    #[arg(long, value_name = "PATH")]
    pub port: PathBuf,
    /// Line speed to begin with
    #[arg(long, value_name = "BAUD", default_value_t = 115_200)]
    pub baud: u32,
    /// Asks each card for its latest address as well
    #[arg(long)]
    pub address: bool,
    /// Stops after this long; otherwise at a signal
    #[arg(long, value_name = "N")]
    pub seconds: Option<u64>,
}

/// What becomes of a photo that is asked for.
type Develop<'a> = &'a dyn Fn(Photo) -> Photo;

/// Decodes a capture to its end, with a line for each photo if they are asked for. No input is an error: what is no frame
/// is noise.
///
/// # Errors
/// When the input cannot be read or the output not written.
pub fn decode(input: &mut dyn Read, photos: Option<Develop<'_>>, out: &mut dyn Write) -> io::Result<()> {
    let mut decoder = Decoder::for_replies();
    let mut strays = 0;
    // Byte by byte, so that noise stands where it was.
    for byte in Capture::begin(input)? {
        match byte? {
            Some(byte) => {
                let events = decoder.feed(&[byte]);
                print_frames(events, &mut decoder, &mut strays, photos, out)?;
            }
            None => strays += 1,
        }
    }
    let events = decoder.idle_gap();
    print_frames(events, &mut decoder, &mut strays, photos, out)?;
    print_noise(strays + decoder.take_discarded(), out)
}

/// Prints the frames, what was noise before them first.
fn print_frames(
    events: Vec<Event>,
    decoder: &mut Decoder,
    strays: &mut u64,
    photos: Option<Develop<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for frame in events.into_iter().filter_map(Event::frame) {
        print_noise(std::mem::take(strays) + decoder.take_discarded(), out)?;
        writeln!(out, "{}", frame_line(&frame))?;
        if let (Some(develop), Some(record)) = (photos, card(&frame)) {
            writeln!(out, "{}", photo::object(&develop(record.photo().clone())))?;
        }
    }
    Ok(())
}

fn print_noise(bytes: u64, out: &mut dyn Write) -> io::Result<()> {
    if bytes == 0 { Ok(()) } else { writeln!(out, "{}", Line::Noise { bytes }.text()) }
}

/// A capture's bytes, from raw bytes or from hexadecimal text; `None` for what is no hexadecimal digit in text.
struct Capture<'a> {
    bytes: io::Bytes<BufReader<Box<dyn Read + 'a>>>,
    is_text: bool,
}

impl<'a> Capture<'a> {
    /// Tells text from bytes by the beginning: a frame's own bytes are no hexadecimal digits.
    fn begin(input: &'a mut dyn Read) -> io::Result<Self> {
        let mut beginning = Vec::new();
        input.take(64).read_to_end(&mut beginning)?;
        let is_text = beginning.iter().all(|b| b.is_ascii_hexdigit() || b.is_ascii_whitespace());
        let whole: Box<dyn Read + 'a> = Box::new(io::Cursor::new(beginning).chain(input));
        Ok(Self { bytes: BufReader::new(whole).bytes(), is_text })
    }

    fn digit(&mut self) -> Option<io::Result<Option<u8>>> {
        loop {
            match self.bytes.next()? {
                Ok(byte) if byte.is_ascii_whitespace() => {}
                Ok(byte) => return Some(Ok(char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))),
                Err(e) => return Some(Err(e)),
            }
        }
    }
}

impl Iterator for Capture<'_> {
    type Item = io::Result<Option<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.is_text {
            return Some(self.bytes.next()?.map(Some));
        }
        let high = match self.digit()? {
            Ok(Some(high)) => high,
            other => return Some(other),
        };
        match self.digit() {
            Some(Ok(low)) => Some(Ok(low.map(|low| (high << 4) | low))),
            Some(Err(e)) => Some(Err(e)),
            None => Some(Ok(None)),
        }
    }
}

/// One line of output. Fields stand in this order.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    Card(Map<String, Value>),
    Reply { sw3: String, data: String },
    Noise { bytes: u64 },
    Up { sam: Option<String>, simulated: bool },
    LatestAddress { address: &'a str },
    Removed,
    Fault { code: &'static str, message: String },
    Down { cause: &'static str },
}

impl Line<'_> {
    /// The line, with the control characters escaped that JSON lets through (DEL and C1): a card must not command the
    /// terminal.
    fn text(&self) -> String {
        // Strings, numbers and flags: nothing here can fail to serialise.
        let line = serde_json::to_string(self).unwrap_or_default();
        if !line.contains(char::is_control) {
            return line;
        }
        let shown = |c: char| if c.is_control() { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
        line.chars().map(shown).collect()
    }
}

/// A card's members: its kind, then its fields and what they mean, in the order of output.
fn card_members(record: &Record) -> Map<String, Value> {
    let mut members = Map::new();
    match record.text() {
        Text::Known(fields) => {
            members.insert("kind".to_owned(), fields.kind().id().into());
            add_fields(fields, &mut members);
        }
        Text::Unknown(text) => {
            members.insert("kind".to_owned(), "unknown".into());
            members.insert("text".to_owned(), hex(&text[..]).into());
        }
    }
    members
}

fn add_fields(fields: &Fields, members: &mut Map<String, Value>) {
    for (field, value) in fields.iter() {
        members.insert(field.id().to_owned(), value.into());
        if let Some(meaning) = fields.meaning(field) {
            members.insert(format!("{}_name", field.id()), meaning.into());
        }
        if field == Field::ValidTo {
            members.insert("valid_to_is_long_term".to_owned(), fields.is_long_term().into());
        }
    }
    let warnings = fields.read(Photo::Absent).warnings;
    if !warnings.is_empty() {
        let ids: Vec<Value> = warnings.iter().map(|warning| warning.id().into()).collect();
        members.insert("warnings".to_owned(), ids.into());
    }
}

/// The card that a frame holds; the lengths say with which command it was read.
fn card(frame: &Frame) -> Option<Record> {
    let reply = Reply::of(frame).filter(|reply| reply.sw3 == 0x90)?;
    Record::of(&parts(reply.data, false).or_else(|| parts(reply.data, true))?)
}

/// The line of one valid frame.
fn frame_line(frame: &Frame) -> String {
    let Some(reply) = Reply::of(frame) else { return Line::Noise { bytes: frame.bytes().len() as u64 }.text() };
    match card(frame) {
        Some(record) => Line::Card(card_members(&record)).text(),
        None => Line::Reply { sw3: format!("{:02X}", reply.sw3), data: hex(reply.data) }.text(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| hex_digits(*byte)).collect()
}

fn hex_digits(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 0xF].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'))
}

/// Lists what this machine has.
///
/// # Errors
/// When the output fails.
pub fn list(found: &Inventory, texts: &Texts, json: bool, out: &mut dyn Write) -> io::Result<()> {
    let lines =
        if json { list::objects(found).iter().map(Value::to_string).collect() } else { list::lines(found, texts) };
    for line in lines {
        writeln!(out, "{}", super::failure::harmless(&line))?;
    }
    Ok(())
}

/// Watches a port until the time is over or nobody reads the lines any more.
///
/// # Errors
/// When no thread can be started, or the output fails other than by being closed.
pub fn watch(args: &WatchArgs, out: &mut dyn Write) -> io::Result<()> {
    let (sender, lines) = channel();
    let config = PortConfig { baud: args.baud, latest_address: args.address, ..PortConfig::new(&args.port) };
    let _port = spawn_with(config, Watch { lines: sender, last: String::new(), card: None })?;
    let end = args.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    loop {
        let patience = end.map_or(Duration::from_hours(1), |end| end.saturating_duration_since(Instant::now()));
        let line: String = match lines.recv_timeout(patience) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) if end.is_none() => continue,
            Err(_) => return Ok(()),
        };
        match writeln!(out, "{line}").and_then(|()| out.flush()) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            other => other?,
        }
    }
}

/// Turns events and frames into lines.
struct Watch {
    lines: Sender<String>,
    last: String,
    /// The line of the card that was read last: printed once the port tells the card, for it also reads one again to see
    /// whether it is still the same.
    card: Option<String>,
}

impl Watch {
    fn print(&self, line: String) {
        // Whoever watched has had enough.
        let _ = self.lines.send(line);
    }

    fn print_fault(&self, fault: &PortFault) {
        self.print(Line::Fault { code: fault.code(), message: fault.to_string() }.text());
    }
}

impl Sink for Watch {
    fn frame(&mut self, frame: &Frame) {
        let line = frame_line(frame);
        if card(frame).is_some() {
            self.card = Some(line);
            return;
        }
        self.card = None;
        if line != self.last {
            self.print(line.clone());
            self.last = line;
        }
    }

    fn event(&mut self, event: ReaderEvent) {
        match event {
            ReaderEvent::Up { sam, simulated } => {
                let sam = sam.map(|sam| sam.to_string());
                self.print(Line::Up { sam, simulated }.text());
            }
            ReaderEvent::Presented(Presented::Card(_) | Presented::UnknownKind) => {
                // Without one the module itself did not know the card, and its reply said so.
                if let Some(card) = self.card.take() {
                    self.print(card);
                }
            }
            // The reply said it already; and nobody asks a watched port for anything.
            ReaderEvent::Presented(Presented::Unreadable { .. } | Presented::Pointer(_) | Presented::ByHand(_))
            | ReaderEvent::Tested(_) => {}
            ReaderEvent::LatestAddress(address) => self.print(Line::LatestAddress { address: &address.0 }.text()),
            ReaderEvent::Removed => self.print(Line::Removed.text()),
            ReaderEvent::Fault(fault) => self.print_fault(&fault),
            ReaderEvent::Down(fault) => {
                self.print_fault(&fault);
                self.print(Line::Down { cause: fault.code() }.text());
            }
            ReaderEvent::Noise(bytes) => self.print(Line::Noise { bytes }.text()),
        }
    }
}

#[cfg(test)]
mod tests;
