//! The support capture: a text file for whoever services readers, without anything of a card or a person.
//!
//! ```text
//! kaodian reader capture 1
//! version 0.1.0 · port /dev/idreader · speed 115200 8N1 · module 05.03-…
//! reads 431 ok 419 lifted 9 damaged 1 unknown 2 mean_ms 920
//! finding KD-3111
//! 2026-11-24 08:42:16.902 > AA AA AA 96 69 00 03 20 01 22     find card
//! 2026-11-24 08:42:16.934 < AA AA AA 96 69 00 08 00 00 9F ..  9F card found, 4 bytes masked
//! ```
//!
//! `>` to the reader, `<` from it, `-` anything else; `x3` behind what happened three times in a row. English, because it
//! is read far from the desk.

use super::{Entry, Link, Masked, Trace, What};
use crate::reader::frame::Flaw;
use crate::reader::sam::{Command, status};
use std::fmt::Write as _;
use std::path::Path;

/// Columns of the longest masked frame.
const HEX: usize = 34;

/// What a line of the trace means, in plain English.
#[must_use]
pub fn meaning(what: &What) -> String {
    match what {
        What::Sent(command) => command_name(*command).to_owned(),
        What::Received(Masked { card_status, sw3, data, sam }) => {
            let status = status(*sw3).map_or("unknown status", |status| status.meaning);
            let data = match sam {
                Some(sam) => format!(", module {sam}"),
                None if *data > 0 => format!(", {data} bytes masked"),
                None => String::new(),
            };
            let card = match card_status {
                [0, 0] => String::new(),
                [high, low] => format!(", card status {high:02X} {low:02X}"),
            };
            format!("{sw3:02X} {status}{data}{card}")
        }
        What::Flawed(flaw) => match flaw {
            Flaw::Length => "frame with an impossible length",
            Flaw::Checksum => "frame with a wrong checksum",
            Flaw::Truncated => "frame without its end",
        }
        .to_owned(),
        What::Noise(bytes) => format!("{bytes} bytes that are no answer"),
        What::Up(baud) => format!("a reader answers at {baud}"),
        What::Down(fault) => format!("{} {fault}", fault.code()),
    }
}

fn command_name(command: Command) -> &'static str {
    match command {
        Command::Reset => "reset",
        Command::Status => "self-test",
        Command::SamNumber => "module number",
        Command::Find => "find card",
        Command::Select => "select card",
        Command::Read => "read text and photo",
        Command::ReadWithFingerprint => "read text, photo and fingerprints",
        Command::AllAddresses => "read additional data",
        Command::LatestAddress => "read latest address",
        Command::ChipNumber => "read chip number",
        Command::SetSpeed(_) => "set speed",
        Command::SetMaxRadioFrame(_) => "set radio frame",
    }
}

fn line(entry: &Entry) -> String {
    let direction = match entry.what {
        What::Sent(_) => '>',
        What::Received(_) => '<',
        _ => '-',
    };
    let at = entry.at.civil().strftime("%Y-%m-%d %H:%M:%S%.3f");
    let hex = entry.what.hex().unwrap_or_default();
    let times = if entry.times > 1 { format!(" x{}", entry.times) } else { String::new() };
    format!("{at} {direction} {hex:HEX$} {}{times}", meaning(&entry.what))
}

/// The capture as text.
#[must_use]
pub fn capture(trace: &Trace, port: &Path) -> String {
    let mut text = String::from("kaodian reader capture 1\n");
    let figures = trace.figures();
    let (speed, module) = match trace.link() {
        Link::Up { baud, sam, .. } => (baud.to_string(), sam.map(|sam| sam.to_string())),
        Link::Seeking | Link::Down(_) => ("-".to_owned(), None),
    };
    let module = module.unwrap_or_else(|| "-".to_owned());
    let mean = figures.mean().map_or_else(|| "-".to_owned(), |mean| mean.as_millis().to_string());
    let finding = trace.finding().map_or("none", |finding| finding.code());
    let head = [
        format!(
            "version {} · port {} · speed {speed} 8N1 · module {module}",
            env!("CARGO_PKG_VERSION"),
            port.display()
        ),
        format!(
            "reads {} ok {} lifted {} damaged {} unknown {} mean_ms {mean}",
            figures.reads, figures.ok, figures.lifted, figures.damaged, figures.unknown
        ),
        format!("finding {finding}"),
    ];
    for line in head.into_iter().chain(trace.entries().map(line)) {
        // Writing into a text does not fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
