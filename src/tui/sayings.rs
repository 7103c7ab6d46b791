//! What is said for a code: to the candidate, to the proctor, to the crew.
//!
//! Owns the match from codes to messages (admission rules.md §6, commands rules.md §7 and §9, devices KD-3101 to
//! KD-3138). Who is refused, and why, is decided elsewhere; values come in as plain text.

use super::Look;
use super::text::{fit_tail, points};
use super::widgets::header::{Phase, phase_word, role_word};
use crate::domain::crew::Role;
use crate::domain::ids::Code;
use crate::reader::port::PortFault;
use crate::tui::i18n::tr;
use std::path::Path;

/// Values that sentences of the admission table name; a sentence takes those it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the argument of its name in rules.md §6")]
pub struct Told {
    pub opens: String,
    pub accepted: String,
    pub site: String,
    pub date: String,
    pub session: String,
    pub time: String,
    pub room: String,
    pub seat: String,
    pub desk: String,
    pub at: String,
    pub minutes: u32,
}

/// One row of the admission table as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// To the candidate, at most twenty 汉字.
    pub headline: String,
    /// To the candidate: what to do.
    pub line: String,
    /// To the proctor: the next step.
    pub next: String,
}

/// The codes that this release can say.
pub const ADMISSION: &[u8] = &[
    1, 2, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 40, 41, 42, 47,
    50, 51, 52, 61, 70, 71, 72, 90, 91,
];

macro_rules! saying {
    ($look:ident, $head:literal, $line:literal, $next:literal) => {
        (tr!($look, $head), tr!($look, $line), tr!($look, $next))
    };
}

/// What is said for a row of the admission table. A code without a text shows itself.
#[must_use]
pub fn admission(code: Code, told: &Told, look: &Look<'_>) -> Saying {
    let room = tr!(look, "verdict-room", room = told.room.as_str());
    let (headline, line, next) = match code.0 {
        1 => (tr!(look, "adm-01"), tr!(look, "adm-01-line", opens = told.opens.as_str()), tr!(look, "adm-01-next")),
        2 => saying!(look, "adm-02", "adm-02-line", "adm-02-next"),
        3 => saying!(look, "adm-03", "adm-03-line", "adm-03-next"),
        19 => saying!(look, "adm-19", "adm-19-line", "adm-19-next"),
        10 => saying!(look, "adm-10", "adm-10-line", "adm-10-next"),
        11 => saying!(look, "adm-11", "adm-11-line", "adm-11-next"),
        12 => {
            (tr!(look, "adm-12"), tr!(look, "adm-12-line", accepted = told.accepted.as_str()), tr!(look, "adm-12-next"))
        }
        13 => saying!(look, "adm-13", "adm-13-line", "adm-13-next"),
        14 => saying!(look, "adm-14", "adm-14-line", "adm-14-next"),
        15 => saying!(look, "adm-15", "adm-15-line", "adm-15-next"),
        16 => saying!(look, "adm-16", "adm-16-line", "adm-16-next"),
        17 => {
            (tr!(look, "adm-17"), tr!(look, "adm-17-line", accepted = told.accepted.as_str()), tr!(look, "adm-17-next"))
        }
        18 => saying!(look, "adm-18", "adm-18-line", "adm-18-next"),
        20 => saying!(look, "adm-20", "adm-20-line", "adm-20-next"),
        21 => (tr!(look, "adm-21"), tr!(look, "adm-21-line", site = told.site.as_str()), tr!(look, "adm-21-next")),
        22 => (tr!(look, "adm-22"), tr!(look, "adm-22-line", date = told.date.as_str()), tr!(look, "adm-22-next")),
        23 => (
            tr!(look, "adm-23", session = told.session.as_str()),
            tr!(look, "adm-23-line", time = told.time.as_str(), room = room),
            tr!(look, "adm-23-next"),
        ),
        24 => (
            tr!(look, "adm-24", room = told.room.as_str()),
            tr!(look, "adm-24-line"),
            tr!(look, "adm-24-next", room = told.room.as_str()),
        ),
        29 => saying!(look, "adm-29", "adm-29-line", "adm-29-next"),
        33 => saying!(look, "adm-33", "adm-33-line", "adm-33-next"),
        50 => saying!(look, "adm-50", "adm-50-line", "adm-50-next"),
        70 => saying!(look, "adm-70", "adm-70-line", "adm-70-next"),
        71 => saying!(look, "adm-71", "adm-71-line", "adm-71-next"),
        72 => saying!(look, "adm-72", "adm-72-line", "adm-72-next"),
        25 => saying!(look, "adm-25", "adm-25-line", "adm-25-next"),
        26 => saying!(look, "adm-26", "adm-26-line", "adm-26-next"),
        27 => saying!(look, "adm-27", "adm-27-line", "adm-27-next"),
        28 => saying!(look, "adm-28", "adm-28-line", "adm-28-next"),
        30 => saying!(look, "adm-30", "adm-30-line", "adm-30-next"),
        31 => saying!(look, "adm-31", "adm-31-line", "adm-31-next"),
        32 => saying!(look, "adm-32", "adm-32-line", "adm-32-next"),
        40 => (tr!(look, "adm-40"), tr!(look, "adm-40-line", seat = told.seat.as_str()), tr!(look, "adm-40-next")),
        41 => (
            tr!(look, "adm-41"),
            tr!(look, "adm-41-line"),
            tr!(look, "adm-41-next", desk = told.desk.as_str(), at = told.at.as_str()),
        ),
        42 => saying!(look, "adm-42", "adm-42-line", "adm-42-next"),
        51 => (tr!(look, "adm-51"), tr!(look, "adm-51-line", opens = told.opens.as_str()), tr!(look, "adm-51-next")),
        47 => saying!(look, "adm-47", "adm-47-line", "adm-47-next"),
        62 => saying!(look, "adm-62", "adm-62-line", "adm-62-next"),
        60 => saying!(look, "adm-60", "adm-60-line", "adm-60-next"),
        61 => saying!(look, "adm-61", "adm-61-line", "adm-61-next"),
        52 => saying!(look, "adm-52", "adm-52-line", "adm-52-next"),
        90 => (
            tr!(look, "adm-90"),
            tr!(look, "adm-90-line", room = room, seat = told.seat.as_str()),
            tr!(look, "adm-90-next"),
        ),
        91 => (
            tr!(look, "adm-91"),
            tr!(look, "adm-91-line", room = room, seat = told.seat.as_str()),
            tr!(look, "adm-91-next", minutes = told.minutes.to_string()),
        ),
        _ => (code.to_string(), tr!(look, "refusal-comfort"), code.to_string()),
    };
    Saying { headline, line, next }
}

/// Why a reader gives nothing, and the next step. A status, not a fault of the desk: the port is tried again and search
/// goes on meanwhile.
#[must_use]
pub fn reader(fault: &PortFault, look: &Look<'_>) -> String {
    match fault {
        PortFault::NoSuchPort { path } => tr!(look, "fault-3101", port = short(path)),
        PortFault::Silent { .. } => tr!(look, "fault-3102"),
        PortFault::NoPermission { path } => tr!(look, "fault-3103", port = short(path)),
        PortFault::Busy { path } => tr!(look, "fault-3104", port = short(path)),
        PortFault::Unplugged { .. } => tr!(look, "fault-3105"),
        PortFault::SelfTestFailed => tr!(look, "fault-3106"),
        PortFault::NotAuthorised => tr!(look, "fault-3107"),
        PortFault::Unusable { path, .. } => tr!(look, "fault-3108", port = short(path)),
    }
}

/// Why a scanner or campus-card reader gives nothing: the reader's sentences where they name no reader.
#[must_use]
pub fn line_device(fault: &PortFault, look: &Look<'_>) -> String {
    match fault {
        PortFault::NoSuchPort { path } => tr!(look, "fault-3131", port = short(path)),
        PortFault::Unplugged { path } => tr!(look, "fault-3135", port = short(path)),
        other => reader(other, look),
    }
}

fn short(path: &Path) -> String {
    fit_tail(&path.display().to_string(), 16)
}

/// Why a command of the crew is refused (rules.md §7, §9, §10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// KD-T-03: absence before this time of day.
    AbsenceTooEarly(String),
    /// KD-T-05: a second person is missing, the same, or of the wrong role.
    Witness,
    /// KD-T-06: this role may.
    Role(Role),
    /// KD-T-07: the session's state.
    Session(Phase),
    /// KD-M-01: the part's maximum in centi-points.
    OverMax(u32),
    /// KD-M-02: the step in centi-points.
    OffStep(u32),
    /// KD-M-03: the part has its mark.
    Marked,
    /// KD-M-06: zero without a reason.
    ZeroReason,
    /// KD-M-10: the candidate is absent.
    Absent,
    /// KD-M-11: never admitted.
    NeverAdmitted,
    /// KD-M-12: removed for breach.
    Removed,
    /// KD-S-02: both sides of a balance.
    Balance(u32, u32),
    /// KD-S-08: so many without a final outcome.
    Unmarked(u32),
    /// A PIN that does not open.
    WrongPin,
}

impl Refusal {
    /// Its code; a wrong PIN has none.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::AbsenceTooEarly(_) => "KD-T-03",
            Self::Witness => "KD-T-05",
            Self::Role(_) => "KD-T-06",
            Self::Session(_) => "KD-T-07",
            Self::OverMax(_) => "KD-M-01",
            Self::OffStep(_) => "KD-M-02",
            Self::Marked => "KD-M-03",
            Self::ZeroReason => "KD-M-06",
            Self::Absent => "KD-M-10",
            Self::NeverAdmitted => "KD-M-11",
            Self::Removed => "KD-M-12",
            Self::Balance(..) => "KD-S-02",
            Self::Unmarked(_) => "KD-S-08",
            Self::WrongPin => return None,
        })
    }

    /// What, and the next step.
    #[must_use]
    pub fn sentence(&self, look: &Look<'_>) -> String {
        match self {
            Self::AbsenceTooEarly(at) => tr!(look, "refusal-t-03", at = at.as_str()),
            Self::Witness => tr!(look, "refusal-t-05"),
            Self::Role(role) => tr!(look, "refusal-t-06", role = role_word(*role, look)),
            Self::Session(phase) => tr!(look, "refusal-t-07", state = phase_word(*phase, look)),
            Self::OverMax(max) => tr!(look, "refusal-m-01", max = points(*max)),
            Self::OffStep(step) => tr!(look, "refusal-m-02", step = points(*step)),
            Self::Marked => tr!(look, "refusal-m-03"),
            Self::ZeroReason => tr!(look, "refusal-m-06"),
            Self::Absent => tr!(look, "refusal-m-10"),
            Self::NeverAdmitted => tr!(look, "refusal-m-11"),
            Self::Removed => tr!(look, "refusal-m-12"),
            Self::Balance(left, right) => tr!(
                look,
                "refusal-s-02",
                left = left.to_string(),
                right = right.to_string(),
                diff = left.abs_diff(*right).to_string()
            ),
            Self::Unmarked(n) => tr!(look, "refusal-s-08", n = n.to_string()),
            Self::WrongPin => tr!(look, "refusal-pin"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::i18n::{Lang, Texts};
    use crate::tui::keymap::Keymap;
    use crate::tui::text::width;
    use crate::tui::theme::{Depth, Theme};

    fn in_both(check: impl Fn(&Look<'_>)) {
        let theme = Theme::load(Depth::Mono).unwrap();
        let keys = Keymap { legend: false, role: None };
        for lang in Lang::ALL {
            let texts = Texts::load(lang).unwrap();
            check(&Look { texts: &texts, theme: &theme, keys: &keys });
        }
    }

    #[test]
    fn every_code_is_said_in_full_and_fits_its_row() {
        let told = Told {
            opens: "08:30".into(),
            accepted: "居民身份证、港澳台居民居住证、护照".into(),
            site: "EX-SITE-02".into(),
            date: "2026-11-25".into(),
            session: "下午场".into(),
            time: "13:30".into(),
            room: "03".into(),
            seat: "17".into(),
            desk: "01".into(),
            at: "08:21:33".into(),
            minutes: 6,
        };
        in_both(|look| {
            for code in ADMISSION {
                let said = admission(Code(*code), &told, look);
                for text in [&said.headline, &said.line, &said.next] {
                    assert!(!text.contains("KD-A") && !text.contains('{') && !text.is_empty(), "{code}: {text}");
                }
                assert!(width(&said.headline) <= 40 && width(&said.line) <= 76, "{code}");
                assert!(width(&tr!(look, "verdict-proctor", next = said.next.as_str())) <= 76, "{code}: {}", said.next);
            }
            // A barred candidate is never told so in front of others.
            let barred = admission(Code(30), &told, look);
            for text in [&barred.headline, &barred.line] {
                assert!(!text.contains('禁') && !text.to_lowercase().contains("bar"), "{text}");
            }
            assert_eq!(admission(Code(99), &told, look).headline, "KD-A-99");
        });
    }

    #[test]
    fn faults_and_refusals_fit_row_23_with_their_code() {
        in_both(|look| {
            let path = std::path::PathBuf::from("/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0");
            let faults = [
                PortFault::NoSuchPort { path: path.clone() },
                PortFault::Silent { path: path.clone() },
                PortFault::NoPermission { path: path.clone() },
                PortFault::Busy { path: path.clone() },
                PortFault::Unplugged { path: path.clone() },
                PortFault::SelfTestFailed,
                PortFault::NotAuthorised,
                PortFault::Unusable { path: path.clone(), reason: "EINVAL".into() },
            ];
            let sentences: std::collections::BTreeSet<_> = faults.iter().map(|fault| reader(fault, look)).collect();
            assert_eq!(sentences.len(), faults.len(), "each fault has a sentence of its own");
            for path in [&path, &"/dev/ttyUSB0".into()] {
                for fault in [PortFault::NoSuchPort { path: path.clone() }, PortFault::Unplugged { path: path.clone() }]
                {
                    let row = format!("{} {}", crate::reader::lines::code(&fault), line_device(&fault, look));
                    assert!(width(&row) <= 78, "{row}");
                }
            }
            for fault in faults {
                let row = format!("{} {}", fault.code(), reader(&fault, look));
                assert!(width(&row) <= 78, "{row}");
            }
            let refusals = [
                Refusal::AbsenceTooEarly("09:15".into()),
                Refusal::Witness,
                Refusal::Role(Role::Chief),
                Refusal::Session(Phase::Closed),
                Refusal::OverMax(12_000),
                Refusal::OffStep(50),
                Refusal::Marked,
                Refusal::ZeroReason,
                Refusal::Absent,
                Refusal::NeverAdmitted,
                Refusal::Removed,
                Refusal::Balance(60, 57),
                Refusal::Unmarked(3),
                Refusal::WrongPin,
            ];
            for refusal in refusals {
                let row = format!("{} {}", refusal.code().unwrap_or(""), refusal.sentence(look));
                assert!(width(&row) <= 78, "{row}");
            }
        });
    }
}
