//! A newer roster before it is applied.

use super::sample::*;
use super::screen_cases::{Case, case};
use kaodian::intake::{Finding, Found, Severity};
use kaodian::runtime::reimport::{Aspects, Change, What};
use kaodian::tui::keymap::{Action, Press, ScreenId};
use kaodian::tui::screens::import::{self, Data, Seen, State};

fn changes() -> Vec<Change> {
    let place = Aspects { placement: true, ..Aspects::default() };
    let who = Aspects { identity: true, hold: true, ..Aspects::default() };
    let what = [
        What::Removed,
        What::Added,
        What::Added,
        What::Changed(place),
        What::Changed(who),
        What::Dropped,
        What::Drifted,
        What::Ignored(place),
    ];
    let session = 1.try_into().expect("a session number");
    what.into_iter().enumerate().map(|(n, what)| Change { cand: number(n), session, what }).collect()
}

fn finding(severity: Severity, code: &'static str, line: u32, found: &str, hint: &str) -> Finding {
    Finding {
        severity,
        code,
        file: "roster-2.xlsx".into(),
        sheet: None,
        line: Some(line),
        column: Some("证件号码".into()),
        expected: String::new(),
        found: Found::Cell(found.into()),
        hint: hint.into(),
    }
}

fn data(errors: bool) -> Data {
    let flawed = vec![
        finding(Severity::Error, "KD-R-21", 18, "**************0013", "请核对第 18 位"),
        finding(Severity::Error, "KD-R-30", 40, "440106...", "请将整列设为“文本”后重新导出"),
    ];
    let seen = Seen {
        file: "roster-2.xlsx".into(),
        rows: 61,
        added: 2,
        findings: if errors { flawed } else { vec![] },
        changes: if errors { vec![] } else { changes() },
        approval: (!errors).then_some(1),
        applied: false,
    };
    Data { chiefs: vec!["陈*".into(), "林*".into()], passphrase: true, seen: Some(seen), ..Data::default() }
}

/// The screen after a path, a passphrase and these characters, Enter behind each.
fn typed(name: &'static str, data: fn() -> Data, more: &'static [&'static str]) -> Case {
    case(name, ScreenId::Import, move |pen| {
        let data = data();
        let mut state = State::default();
        let enter = |state: &mut State, text: &str| {
            text.chars().for_each(|c| drop(import::on_key(state, &data, Press::Char(c))));
            drop(import::on_key(state, &data, Press::Do(Action::Enter)));
        };
        if data.seen.is_some() {
            enter(&mut state, "/run/media/usb/roster-2.xlsx");
            enter(&mut state, "slow red river 9");
        }
        if let Some(seen) = &data.seen {
            state.looked(seen);
        }
        more.iter().for_each(|text| enter(&mut state, text));
        import::view(&state, &data, pen)
    })
}

pub fn cases() -> Vec<Case> {
    vec![
        typed("import-ask", || Data { seen: None, ..data(false) }, &[]),
        typed("import-preview", || data(false), &["1"]),
        typed("import-refused", || data(true), &[]),
    ]
}
