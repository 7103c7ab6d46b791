//! The diagnosis of the reader: no port, a busy one, one without permission, a line that lives, a card that fails.

use super::sample::at;
use super::screen_cases::{Case, case};
use kaodian::domain::document::{DocKind, ValidTo};
use kaodian::domain::photo::DecoderFault;
use kaodian::domain::time::Instant;
use kaodian::reader::inventory::{Access, Holder, Port, Usb};
use kaodian::reader::port::PortFault;
use kaodian::reader::sam::Command;
use kaodian::reader::trace::{Entry, Figures, Finding, Masked, What};
use kaodian::tui::keymap::{Action, Press, ScreenId};
use kaodian::tui::screens::reader::{Data, Link, Picture, Seen, State, Trial, on_key, view};
use std::path::PathBuf;
use std::time::Duration;

fn data() -> Data {
    Data {
        port: "/dev/idreader".into(),
        link: Link::Up,
        baud: 115_200,
        sam: Some("05.03-20150101-0000123456-0987654321".into()),
        open: 2 * 3600 + 14 * 60 + 7,
        entries: Vec::new(),
        finding: None,
        figures: Figures { reads: 431, ok: 419, lifted: 9, damaged: 1, unknown: 2, spent: Duration::from_secs(385) },
        trial: None,
        lifted: false,
    }
}

fn answer(sw3: u8, data: usize) -> What {
    What::Received(Masked { card_status: [0, 0], sw3, data, sam: None })
}

fn exchange(last: What) -> Vec<Entry> {
    let lines = [
        (16_902, What::Sent(Command::Find)),
        (16_934, answer(0x9F, 4)),
        (16_935, What::Sent(Command::Select)),
        (16_961, answer(0x90, 8)),
        (16_962, What::Sent(Command::Read)),
        (17_611, last),
    ];
    let start = at(8, 42, 0).0;
    let entry = |(ms, what)| Entry { at: Instant(start + ms), what, times: 1, number: 1 };
    lines.into_iter().map(entry).collect()
}

fn polls() -> Vec<Entry> {
    let mut entries = exchange(answer(0x90, 1284));
    let start = at(8, 42, 18).0;
    for what in [What::Sent(Command::ChipNumber), answer(0x41, 0), What::Sent(Command::Find), answer(0x80, 0)] {
        let times = if what == answer(0x80, 0) || what == What::Sent(Command::Find) { 1234 } else { 1 };
        entries.push(Entry { at: Instant(start), what, times, number: 1 });
    }
    entries
}

fn down(fault: PortFault) -> Data {
    let stopped = Entry { at: at(8, 42, 16), what: What::Down(fault.clone()), times: 1, number: 1 };
    Data {
        link: Link::Down,
        sam: None,
        entries: vec![stopped],
        finding: Some(Finding::Port(fault)),
        figures: Figures::default(),
        ..data()
    }
}

fn ports() -> Vec<Port> {
    let port = |path: &str, usb: Option<Usb>, access, holders| Port {
        path: path.into(),
        names: Vec::new(),
        usb,
        access,
        holders,
    };
    let usb = Usb {
        vendor: "10c4".into(),
        product: "ea60".into(),
        name: Some("CP2102 USB to UART".into()),
        ..Usb::default()
    };
    let by = |pid, command: &str, own| vec![Holder { pid, command: command.into(), own }];
    vec![
        port("/dev/ttyS0", None, Access::Allowed, by(412, "agetty", false)),
        port("/dev/ttyUSB0", Some(usb), Access::Allowed, by(1, "kaodian", true)),
        port("/dev/ttyUSB1", None, Access::Denied, Vec::new()),
    ]
}

fn seen() -> Seen {
    Seen {
        kind: DocKind::HmtResidence,
        masked: "欧*".into(),
        tail: "021X".into(),
        number_right: true,
        valid_to: ValidTo::Until(jiff::civil::date(2030, 1, 1)),
        photo: Picture::Raw,
    }
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let path = || PathBuf::from("/dev/idreader");
    let shown = |name, data: Data| case(name, ScreenId::Reader, move |pen| view(&State::default(), &data, pen));
    vec![
        shown("reader-missing", down(PortFault::NoSuchPort { path: path() })),
        shown("reader-busy", down(PortFault::Busy { path: path() })),
        shown("reader-permission", down(PortFault::NoPermission { path: path() })),
        shown("reader-live", Data { entries: polls(), ..data() }),
        shown("reader-fault", Data { entries: exchange(answer(0x41, 0)), finding: Some(Finding::Lifted), ..data() }),
        shown("reader-seeking", Data { link: Link::Seeking, sam: None, figures: Figures::default(), ..data() }),
        shown("reader-trial-waits", Data { entries: polls(), trial: Some(Trial::Waits(30)), ..data() }),
        shown("reader-trial-read", Data { entries: polls(), trial: Some(Trial::Read(seen())), ..data() }),
        shown(
            "reader-trial-photo",
            Data {
                entries: polls(),
                trial: Some(Trial::Read(Seen { photo: Picture::Failed(DecoderFault::Overrun), ..seen() })),
                ..data()
            },
        ),
        shown("reader-trial-over", Data { entries: polls(), trial: Some(Trial::Read(seen())), lifted: true, ..data() }),
        shown(
            "reader-trial-failed",
            Data {
                entries: exchange(answer(0x41, 0)),
                finding: Some(Finding::Lifted),
                trial: Some(Trial::Failed),
                ..data()
            },
        ),
        case("reader-ports", ScreenId::Reader, |pen| {
            let mut state = State::default();
            state.pick(ports());
            on_key(&mut state, &data(), Press::Do(Action::Down));
            view(&state, &Data { entries: polls(), ..data() }, pen)
        }),
        case("reader-paused", ScreenId::Reader, |pen| {
            let mut state = State::default();
            on_key(&mut state, &Data { entries: exchange(answer(0x41, 0)), ..data() }, Press::Do(Action::Pause));
            view(&state, &Data { entries: polls(), ..data() }, pen)
        }),
    ]
}
