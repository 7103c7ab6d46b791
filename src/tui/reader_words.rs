//! The words for a reader's line: commands, status codes, and what is likely wrong with what to do about it.
//!
//! One place for the screen and for `kaodian reader doctor`. Which finding it is, is decided in `reader::trace`.

use super::i18n::{Texts, tr};
use super::text::fit_tail;
use crate::domain::document::DocKind;
use crate::domain::photo::{DecoderFault, Portrait};
use crate::reader::frame::Flaw;
use crate::reader::inventory::{Access, Port};
use crate::reader::port::PortFault;
use crate::reader::sam::Command;
use crate::reader::trace::{Finding, What};
use std::path::Path;

/// What `tr!` reads.
struct In<'a> {
    texts: &'a Texts,
}

/// What a line of the trace means.
#[must_use]
pub fn meaning(what: &What, texts: &Texts) -> String {
    let look = In { texts };
    match what {
        What::Sent(command) => command_name(*command, &look),
        What::Received(masked) => format!("[{:02X}] {}", masked.sw3, status(masked.sw3, &look)),
        What::Flawed(Flaw::Length) => tr!(look, "reader-flaw-length"),
        What::Flawed(Flaw::Checksum) => tr!(look, "reader-flaw-checksum"),
        What::Flawed(Flaw::Truncated) => tr!(look, "reader-flaw-truncated"),
        What::Noise(bytes) => tr!(look, "reader-noise", n = bytes.to_string()),
        What::Up(baud) => tr!(look, "reader-answers", baud = baud.to_string()),
        What::Down(fault) => tr!(look, "reader-stops", code = fault.code()),
    }
}

/// Which way it went: to the reader, from it, or neither.
#[must_use]
pub fn way(what: &What, texts: &Texts) -> String {
    let look = In { texts };
    match what {
        What::Sent(_) => tr!(look, "reader-out"),
        What::Received(_) => tr!(look, "reader-in"),
        What::Flawed(_) | What::Noise(_) | What::Up(_) | What::Down(_) => String::new(),
    }
}

fn command_name(command: Command, look: &In<'_>) -> String {
    match command {
        Command::Reset => tr!(look, "reader-cmd-reset"),
        Command::Status => tr!(look, "reader-cmd-status"),
        Command::SamNumber => tr!(look, "reader-cmd-sam"),
        Command::Find => tr!(look, "reader-cmd-find"),
        Command::Select => tr!(look, "reader-cmd-select"),
        Command::Read => tr!(look, "reader-cmd-read"),
        Command::ReadWithFingerprint => tr!(look, "reader-cmd-fingerprint"),
        Command::AllAddresses => tr!(look, "reader-cmd-all"),
        Command::LatestAddress => tr!(look, "reader-cmd-address"),
        Command::ChipNumber => tr!(look, "reader-cmd-chip"),
        Command::SetSpeed(_) => tr!(look, "reader-cmd-speed"),
        Command::SetMaxRadioFrame(_) => tr!(look, "reader-cmd-radio"),
    }
}

fn status(sw3: u8, look: &In<'_>) -> String {
    match sw3 {
        0x90 => tr!(look, "reader-sw-90"),
        0x9F => tr!(look, "reader-sw-9f"),
        0x91 => tr!(look, "reader-sw-91"),
        0x10 => tr!(look, "reader-sw-10"),
        0x11 => tr!(look, "reader-sw-11"),
        0x21 => tr!(look, "reader-sw-21"),
        0x23 => tr!(look, "reader-sw-23"),
        0x24 => tr!(look, "reader-sw-24"),
        0x31 => tr!(look, "reader-sw-31"),
        0x32 => tr!(look, "reader-sw-32"),
        0x33 => tr!(look, "reader-sw-33"),
        0x34 => tr!(look, "reader-sw-34"),
        0x37 => tr!(look, "reader-sw-37"),
        0x3F => tr!(look, "reader-sw-3f"),
        0x40 => tr!(look, "reader-sw-40"),
        0x41 => tr!(look, "reader-sw-41"),
        0x47 => tr!(look, "reader-sw-47"),
        0x4E => tr!(look, "reader-sw-4e"),
        0x50 => tr!(look, "reader-sw-50"),
        0x60 => tr!(look, "reader-sw-60"),
        0x61 => tr!(look, "reader-sw-61"),
        0x66 => tr!(look, "reader-sw-66"),
        0x80 => tr!(look, "reader-sw-80"),
        0x81 => tr!(look, "reader-sw-81"),
        _ => tr!(look, "reader-sw-unknown"),
    }
}

/// What is wrong and what to do about it, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What is wrong.
    pub says: String,
    /// What to do, in the imperative.
    pub does: String,
}

macro_rules! advice {
    ($look:expr, $says:literal, $does:literal $(, $name:ident = $value:expr)*) => {
        Advice { says: tr!($look, $says $(, $name = $value)*), does: tr!($look, $does) }
    };
}

/// The sentences of a finding.
#[must_use]
pub fn finding(finding: &Finding, texts: &Texts) -> Advice {
    let look = &In { texts };
    let code = |sw3: &u8| format!("{sw3:02X}");
    match finding {
        Finding::Port(fault) => port(fault, look),
        Finding::Lifted => advice!(look, "doctor-3111", "doctor-3111-do"),
        Finding::Rejected(sw3) => advice!(look, "doctor-3112", "doctor-3112-do", sw3 = code(sw3)),
        Finding::WrongCard => advice!(look, "doctor-3113", "doctor-3113-do"),
        Finding::Damaged => advice!(look, "doctor-3114", "doctor-3114-do"),
        Finding::Broken(sw3) => advice!(look, "doctor-3115", "doctor-3115-do", sw3 = code(sw3)),
        Finding::Garbage => advice!(look, "doctor-3116", "doctor-3116-do"),
        Finding::OtherSpeed { found, configured } => Advice {
            says: tr!(look, "doctor-3117", found = found.to_string(), configured = configured.to_string()),
            does: tr!(look, "doctor-3117-do", found = found.to_string()),
        },
        Finding::Other(sw3) => advice!(look, "doctor-3118", "doctor-3118-do", sw3 = code(sw3)),
        Finding::Unanswered => advice!(look, "doctor-3119", "doctor-3119-do"),
        Finding::NoSerialPort => advice!(look, "doctor-3120", "doctor-3120-do"),
        Finding::Photo(fault) => decoder(*fault, look),
    }
}

fn decoder(fault: DecoderFault, look: &In<'_>) -> Advice {
    match fault {
        DecoderFault::Start => advice!(look, "doctor-3121", "doctor-3121-do"),
        DecoderFault::Overrun => advice!(look, "doctor-3122", "doctor-3122-do"),
        DecoderFault::Exit(Some(code)) => {
            advice!(look, "doctor-3123", "doctor-3123-do", cause = code.to_string())
        }
        DecoderFault::Exit(None) => {
            advice!(look, "doctor-3123", "doctor-3123-do", cause = tr!(look, "doctor-3123-signal"))
        }
        DecoderFault::Output => advice!(look, "doctor-3124", "doctor-3124-do"),
        DecoderFault::Dimensions => advice!(look, "doctor-3125", "doctor-3125-do"),
        DecoderFault::Blank => advice!(look, "doctor-3126", "doctor-3126-do"),
    }
}

fn port(fault: &PortFault, look: &In<'_>) -> Advice {
    match fault {
        PortFault::NoSuchPort { path } => advice!(look, "doctor-3101", "doctor-3101-do", port = short(path)),
        PortFault::Silent { .. } => advice!(look, "doctor-3102", "doctor-3102-do"),
        PortFault::NoPermission { path } => advice!(look, "doctor-3103", "doctor-3103-do", port = short(path)),
        PortFault::Busy { path } => advice!(look, "doctor-3104", "doctor-3104-do", port = short(path)),
        PortFault::Unplugged { .. } => advice!(look, "doctor-3105", "doctor-3105-do"),
        PortFault::SelfTestFailed => advice!(look, "doctor-3106", "doctor-3106-do"),
        PortFault::NotAuthorised => advice!(look, "doctor-3107", "doctor-3107-do"),
        PortFault::Unusable { path, .. } => advice!(look, "doctor-3108", "doctor-3108-do", port = short(path)),
    }
}

/// The sentences while nothing is wrong.
#[must_use]
pub fn well(answers: bool, texts: &Texts) -> Advice {
    let look = In { texts };
    if answers {
        advice!(look, "doctor-well", "doctor-well-do")
    } else {
        advice!(look, "doctor-seeking", "doctor-seeking-do")
    }
}

/// What to do, introduced as such.
#[must_use]
pub fn what_to_do(advice: &Advice, texts: &Texts) -> String {
    tr!(In { texts }, "doctor-do", text = advice.does.as_str())
}

/// A kind of card that lies on a reader.
#[must_use]
pub fn kind(doc: DocKind, texts: &Texts) -> String {
    let look = In { texts };
    match doc {
        DocKind::ResidentId => tr!(look, "reader-kind-resident"),
        DocKind::ForeignerPr => tr!(look, "reader-kind-foreigner"),
        DocKind::HmtResidence => tr!(look, "reader-kind-hmt"),
        _ => tr!(look, "reader-kind-other"),
    }
}

/// A photo that the site's decoder made a picture of.
#[must_use]
pub fn decoded(texts: &Texts) -> String {
    let (width, height) = (Portrait::WIDTH.to_string(), Portrait::HEIGHT.to_string());
    tr!(In { texts }, "reader-photo-decoded", width = width, height = height)
}

/// Why a port cannot be had, or who has it; empty where it is free.
#[must_use]
pub fn held(port: &Port, texts: &Texts) -> String {
    let look = In { texts };
    match port.access {
        Access::Denied => return tr!(look, "reader-access-denied"),
        Access::Missing => return tr!(look, "reader-access-missing"),
        Access::Allowed => {}
    }
    match port.holders.iter().find(|holder| !holder.own) {
        Some(holder) => tr!(look, "reader-held", who = format!("{} {}", holder.command, holder.pid)),
        None if port.holders.is_empty() => String::new(),
        None => tr!(look, "reader-held-own"),
    }
}

fn short(path: &Path) -> String {
    fit_tail(&path.display().to_string(), 28)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::sam::STATUS;
    use crate::tui::i18n::Lang;
    use crate::tui::text::width;
    use std::collections::BTreeSet;

    fn all() -> Vec<Finding> {
        let path = std::path::PathBuf::from("/dev/serial/by-id/usb-Silicon_Labs_CP2102_USB_to_UART_0001-if00");
        let faults = [
            PortFault::NoSuchPort { path: path.clone() },
            PortFault::Silent { path: path.clone() },
            PortFault::NoPermission { path: path.clone() },
            PortFault::Busy { path: path.clone() },
            PortFault::Unplugged { path: path.clone() },
            PortFault::SelfTestFailed,
            PortFault::NotAuthorised,
            PortFault::Unusable { path, reason: "not a typewriter".into() },
        ];
        let others = [
            Finding::Lifted,
            Finding::Rejected(0x31),
            Finding::WrongCard,
            Finding::Damaged,
            Finding::Broken(0x81),
            Finding::Garbage,
            Finding::OtherSpeed { found: 115_200, configured: 115_200 },
            Finding::Other(0xEE),
            Finding::Unanswered,
            Finding::NoSerialPort,
        ];
        let photo = [
            DecoderFault::Start,
            DecoderFault::Overrun,
            DecoderFault::Exit(Some(-1)),
            DecoderFault::Output,
            DecoderFault::Dimensions,
            DecoderFault::Blank,
        ];
        let others = others.into_iter().chain(photo.map(Finding::Photo));
        faults.into_iter().map(Finding::Port).chain(others).collect()
    }

    #[test]
    fn every_finding_has_a_code_a_sentence_and_an_advice_of_its_own_that_fit_the_screen() {
        let codes: BTreeSet<_> = all().iter().map(Finding::code).collect();
        assert_eq!(codes.len(), all().len());
        for lang in Lang::ALL {
            let texts = Texts::load(lang).unwrap();
            let mut said = BTreeSet::new();
            for found in all() {
                let advice = finding(&found, &texts);
                assert!(width(&advice.says) <= 68, "{} in {}: {}", found.code(), lang.tag(), advice.says);
                let does = what_to_do(&advice, &texts);
                assert!(width(&does) <= 77, "{} in {}: {does}", found.code(), lang.tag());
                assert!(said.insert(advice.says), "{}", found.code());
            }
        }
    }

    #[test]
    fn every_status_of_the_reference_has_words_that_fit_beside_their_code() {
        for lang in Lang::ALL {
            let texts = Texts::load(lang).unwrap();
            let look = In { texts: &texts };
            let unknown = status(0xEE, &look);
            for row in &STATUS {
                let words = status(row.sw3, &look);
                assert_ne!(words, unknown, "{:02X}", row.sw3);
                assert!(width(&words) <= 19, "{:02X} in {}: {words}", row.sw3, lang.tag());
            }
        }
    }
}
