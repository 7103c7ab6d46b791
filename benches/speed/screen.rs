//! What a person at the screen waits for: a search, a draw.

use crate::desk::BusyDesk;
use crate::report::{Figure, Section};
use kaodian::config::Sound;
use kaodian::domain::roster::Roster;
use kaodian::domain::session::Mode;
use kaodian::store::About;
use kaodian::tui::app::{App, Parts};
use kaodian::tui::i18n::{Lang, Texts};
use kaodian::tui::pinyin::{Entry, SearchIndex};
use kaodian::tui::theme::{Depth, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What proctors type, by form: the end of an admission number and a whole one's beginning, the tail of a document,
/// initials and full pinyin, a seat.
const QUERIES: [(&str, [&str; 4]); 4] = [
    ("admission number", ["0317", "2611", "26112410", "1000"]),
    ("document tail", ["021X", "8836", "117X", "4436"]),
    ("pinyin", ["zx", "zhangxm", "w", "oyrx"]),
    ("seat", ["3-17", "03-1", "12-", "1-1"]),
];
/// Names listed at most, as the roster screen does.
const LISTED: usize = 200;

/// Search over a whole roster; its floor is one look at every byte of the index.
pub fn search(roster: &Roster) {
    let rows: Vec<_> = roster.entries().iter().filter_map(|e| Some((e, e.identity.as_ref()?))).collect();
    let index = SearchIndex::build(rows.iter().map(|(entry, who)| Entry {
        number: entry.cand.as_str(),
        id_tail: who.doc_tail(),
        room: entry.room.as_str(),
        seat: entry.seat.as_ref().map_or("", |seat| seat.as_str()),
        name: who.name.as_str(),
    }));
    println!("\nsearch index: {} rows in {} KiB", index.len(), index.bytes() / 1024);
    assert!(!index.is_empty(), "nobody to search for");
    let bytes = vec![1u8; index.bytes()];
    let floor = move || bytes.iter().map(|b| u64::from(*b)).sum::<u64>();
    let section = Section::new("search in 30,000").figures(&[Figure::Median, Figure::P99]);
    let section = section.floor("sum of the index's bytes", 400, floor);
    let index = &index;
    let by_form = QUERIES.into_iter().fold(section, |section, (form, queries)| {
        let mut n = 0;
        section.ours(form, 400, move || {
            n += 1;
            index.search(queries[n % queries.len()], LISTED).total
        })
    });
    by_form.run();
}

/// A draw of the ready screen at 120x40; its floor is a cleared buffer of that size.
pub fn draw(busy: BusyDesk) {
    let area = Rect::new(0, 0, 120, 40);
    let about = About {
        mode: Mode::Demo,
        site: "EX-SITE-01".parse().unwrap(),
        site_name: "滨江职业学院考点".to_owned(),
        clock_offset_ms: 0,
    };
    let app = App::new(Parts {
        desk: busy.desk,
        about,
        faces_candidates: false,
        sound: Sound::Off,
        texts: Texts::load(Lang::Chinese).unwrap(),
        theme: Theme::load(Depth::Cube).unwrap(),
        demo: None,
        organisation: None,
        keyboards: Vec::new(),
    });
    Section::new("draw at 120x40")
        .figures(&[Figure::Median, Figure::P99])
        .floor("an empty buffer", 400, || Buffer::empty(area))
        .ours("draw", 400, || {
            let mut buffer = Buffer::empty(area);
            app.draw(area, &mut buffer);
            buffer
        })
        .run();
}
