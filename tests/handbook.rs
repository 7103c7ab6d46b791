//! The handbook's page of admission codes is what the program does: made from the one list of rules and the texts of
//! the screens, in both languages. `UPDATE_HANDBOOK=1 cargo nextest run --test handbook` writes it anew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

use kaodian::domain::admission::{Given, Lift, RULES};
use kaodian::domain::ids::Code;
use kaodian::tui::Look;
use kaodian::tui::i18n::{Lang, Texts};
use kaodian::tui::keymap::Keymap;
use kaodian::tui::sayings::{Saying, Told, admission};
use kaodian::tui::theme::{Depth, Theme};
use std::fmt::Write as _;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/handbook/codes.md");

const HEAD: &str = "# 签到时的每一种情况 · What a tap can come to

本页由程序的规则表生成，请勿手改。 Made from the program's table of rules; never edited by hand.

刷卡以后，签到台从上到下逐条检查，第一条成立的就是结果；经人放行以后从头再查，下一条仍会出现。每一次拒绝和放行都记入日志。
考生屏幕最多显示姓氏和 `*`，不显示他人信息，也不显示原因的敏感部分。花括号里是屏幕上的实际数值。

The desk tries these from top to bottom after each tap, and the first that holds is the answer; once somebody has set it aside,
the whole list is tried again, so that the next one still shows. Every refusal and every override is recorded. In braces: what
the screen fills in.

";

/// Who may set a reason aside, in both languages.
fn lifted_by(lift: Lift) -> &'static str {
    match lift {
        Lift::Never => "任何人都不能放行，须先处理原因 · nobody: its cause has to be dealt with first",
        Lift::One => "一名监考确认 · one proctor, with one key",
        Lift::Two => "主考和监考双人审批 · chief and proctor together",
        Lift::OneWith(Given::Row) => "一名监考选定报名记录 · one proctor, who chooses the row",
        Lift::OneWith(Given::Seat) => "一名监考选定座位 · one proctor, who chooses a seat",
        Lift::OneWith(Given::Clock) => {
            "一名监考输入考场钟的时间，每桌一次 · one proctor, who types the time of the room's clock, once for a desk"
        }
        Lift::TwoWith(_) => "主考和监考双人审批，并选定报名记录 · chief and proctor together, who choose the row",
        Lift::ByHand => {
            "监考和另一名考务人员人工核验 · a proctor and a second crew member, who identify the person by hand"
        }
        Lift::TwoIf(_) => {
            "规则卡允许时主考和监考双人审批，否则任何人都不能放行 · chief and proctor together where the policy lets them, else nobody"
        }
    }
}

/// Every argument of the sentences, as its name in braces.
fn placeholders() -> Told {
    let name = |name: &str| format!("{{{name}}}");
    Told {
        opens: name("opens"),
        accepted: name("accepted"),
        site: name("site"),
        date: name("date"),
        session: name("session"),
        time: name("time"),
        room: name("room"),
        seat: name("seat"),
        desk: name("desk"),
        at: name("at"),
        minutes: 6,
    }
}

fn said(code: Code, lang: Lang) -> Saying {
    let (texts, theme) = (Texts::load(lang).unwrap(), Theme::load(Depth::Mono).unwrap());
    let keys = Keymap { legend: false, role: None };
    let saying = admission(code, &placeholders(), &Look { texts: &texts, theme: &theme, keys: &keys });
    assert_ne!(saying.headline, code.to_string(), "{code} has no text of its own");
    saying
}

fn entry(page: &mut String, code: Code, reason: &str, lifted_by: Option<&str>) {
    let [zh, en] = [Lang::Chinese, Lang::English].map(|lang| said(code, lang));
    writeln!(page, "## {code} `{reason}`\n").unwrap();
    writeln!(page, "- 考生 · candidate: {}。{} · {}. {}", zh.headline, zh.line, en.headline, en.line).unwrap();
    writeln!(page, "- 监考 · proctor: {} · {}", zh.next, en.next).unwrap();
    if let Some(lifted_by) = lifted_by {
        writeln!(page, "- 放行 · set aside by: {lifted_by}").unwrap();
    }
    page.push('\n');
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for rule in RULES {
        entry(&mut page, rule.code, rule.reason, Some(lifted_by(rule.lift)));
    }
    for (code, reason) in [(90, "admitted"), (91, "admitted_late")] {
        entry(&mut page, Code(code), reason, None);
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

#[test]
fn the_page_of_codes_is_the_list_of_rules() {
    let made = page();
    if std::env::var_os("UPDATE_HANDBOOK").is_some() {
        std::fs::write(PAGE, &made).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    let differing = made.lines().zip(written.lines().chain(std::iter::repeat(""))).find(|(a, b)| a != b);
    assert!(
        made == written,
        "assets/handbook/codes.md is not what the rules say, first at {differing:?}: run UPDATE_HANDBOOK=1 cargo nextest \
         run --test handbook"
    );
}

#[test]
fn no_candidate_is_told_that_they_are_barred() {
    for rule in RULES {
        let [zh, en] = [Lang::Chinese, Lang::English].map(|lang| said(rule.code, lang));
        assert!(zh.headline.chars().count() <= 20 || zh.headline.contains('{'), "{}: {}", rule.code, zh.headline);
        for text in [zh.headline, zh.line, en.headline.to_lowercase(), en.line.to_lowercase()] {
            assert!(!text.contains("禁考") && !text.contains("barred"), "{}: {text}", rule.code);
        }
    }
}
