//! Screen 3.2 as it may stand.

use super::sample::*;
use super::screen_cases::{Case, case};
use kaodian::domain::ids::Digest;
use kaodian::domain::policy::Policy;
use kaodian::domain::readiness::{Fact, Item, Reader};
use kaodian::domain::session::Mode;
use kaodian::domain::time::ClockQuality;
use kaodian::tui::i18n::Texts;
use kaodian::tui::keymap::{Action, Press, ScreenId};
use kaodian::tui::policy_words::{sentences, summary};
use kaodian::tui::screens::readiness::{self, Data, State};
use kaodian::tui::widgets::Pen;
use kaodian::tui::widgets::header::Phase;

const POLICY: &[u8] = include_bytes!("../../config/policies/example-b2b-intermediate.toml");

/// The wireframe's morning: the reader is silent, the clock and the certificates are worth a look.
fn facts() -> Vec<Fact> {
    vec![
        Fact::Roster { people: 500, rooms: 17 },
        Fact::Policy { sha256: Digest::new([0xa5; 32]), example: false, mode: Mode::Live },
        Fact::Seats { fixed: true, without: 0 },
        Fact::Journal { takes: true, lines: 1284 },
        Fact::Chain(Some(true)),
        Fact::Reader(Reader::Down("KD-3102")),
        Fact::Desks(None),
        Fact::Clock { quality: ClockQuality::Untrusted, same_day: true },
        Fact::Disk(Some(41 << 10)),
        Fact::Crew { proctors: 34, assessors: 6 },
        Fact::Certificates(Ok(1)),
        Fact::Recipients(true),
    ]
}

fn data(pen: &Pen<'_>) -> Data {
    let texts: &Texts = pen.look().texts;
    let policy = Policy::parse(POLICY, "p.toml").expect("the example parses");
    Data {
        session: "1 跨境电商B2B数据运营 中级".into(),
        facts: facts(),
        waived: vec![],
        checked: Some((at(7, 41, 10), 3)),
        place: 1,
        planned: 2,
        brief: summary(&policy, texts),
        rules: sentences(&policy, texts),
        chief: true,
    }
}

/// The screen after these presses.
fn after(name: &'static str, presses: &'static [Press], change: fn(Data) -> Data) -> Case {
    let mut case = case(name, ScreenId::Readiness, move |pen| {
        let data = change(data(pen));
        let mut state = State::default();
        for press in presses {
            readiness::on_key(&mut state, &data, *press);
        }
        readiness::view(&state, &data, pen)
    });
    case.header.phase = Some(Phase::Planned);
    case
}

const DOWN: Press = Press::Do(Action::Down);
const TO_THE_READER: [Press; 5] = [DOWN; 5];

pub fn cases() -> Vec<Case> {
    const WAIVE: [Press; 6] = [DOWN, DOWN, DOWN, DOWN, DOWN, Press::Do(Action::Acknowledge)];
    vec![
        after("readiness", &[], |data| Data { planned: 1, ..data }),
        after("readiness-blocked", &TO_THE_READER, |data| data),
        after("readiness-reason", &WAIVE, |data| data),
        after("readiness-waived", &TO_THE_READER, |data| Data { waived: vec![Item::Reader], ..data }),
        after("readiness-unchecked", &[], |data| Data { facts: vec![], checked: None, ..data }),
        after("readiness-rules", &[Press::Do(Action::Enter), Press::Do(Action::PageDown)], |data| data),
    ]
}
