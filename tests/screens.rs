//! Every screen as it stands in the terminal: text in both languages, styles of what must be told apart, and no size at
//! which drawing fails.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "support code of tests is test code, though clippy sees no #[test] on it"
)]

#[path = "support/import_cases.rs"]
mod import_cases;
#[path = "support/reader_cases.rs"]
mod reader_cases;
#[path = "support/readiness_cases.rs"]
mod readiness_cases;
#[path = "support/screens.rs"]
mod sample;
#[path = "support/screen_cases.rs"]
mod screen_cases;
#[path = "support/seal_cases.rs"]
mod seal_cases;

use kaodian::domain::crew::Role as Crew;
use kaodian::domain::session::Mode;
use kaodian::tui::Look;
use kaodian::tui::i18n::{Lang, Texts};
use kaodian::tui::keymap::{Keymap, ScreenId};
use kaodian::tui::screens::{ready, verdict};
use kaodian::tui::theme::{Depth, Plate, Role, Theme};
use kaodian::tui::widgets::footer::{Message, Rank};
use kaodian::tui::widgets::{edge, frame};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use sample::lines;
use screen_cases::{Case, cases};

const DEMO: Keymap = Keymap { legend: true, role: Some(Crew::Assessor) };

fn draw(case: &Case, lang: Lang, depth: Depth, size: (u16, u16)) -> (Buffer, Position) {
    let (texts, theme) = (Texts::load(lang).unwrap(), Theme::load(depth).unwrap());
    draw_with(case, &texts, &theme, size)
}

fn draw_with(case: &Case, texts: &Texts, theme: &Theme, size: (u16, u16)) -> (Buffer, Position) {
    let look = Look { texts, theme, keys: &DEMO };
    let area = Rect::new(0, 0, size.0, size.1);
    let mut buffer = Buffer::empty(area);
    let message = Message { rank: Rank::Done, code: None, text: "08:42:17 1432".into() };
    let around = frame::Around {
        header: &case.header,
        message: Some(&message),
        screen: case.screen,
        under: case.screen,
        strip: case.strip.as_ref(),
        last: Some(Plate::Refused),
    };
    let cursor = frame::draw(&look, area, &mut buffer, &around, &case.draw);
    (buffer, cursor)
}

#[test]
fn every_screen_stands_as_it_was_approved() {
    for case in cases() {
        for lang in Lang::ALL {
            let (buffer, cursor) = draw(&case, lang, Depth::Mono, (80, 24));
            let ink = case.screen == ScreenId::Verdict;
            let mut rows: Vec<String> = lines(&buffer, ink).iter().map(|l| l.trim_end().to_owned()).collect();
            rows.push(format!("cursor {},{}", cursor.x, cursor.y));
            let text = rows.join("\n");
            insta::assert_snapshot!(format!("{}.{}", case.name, lang.tag()), text);
        }
    }
}

#[test]
fn sealing_diagnosis_checks_and_the_seat_map_use_a_large_terminal() {
    const LARGE: [&str; 7] = [
        "checklist-blocked",
        "checklist-warned",
        "sealed",
        "reader-live",
        "readiness-blocked",
        "seatmap",
        "seatmap-reason",
    ];
    for case in cases().into_iter().filter(|c| LARGE.contains(&c.name)) {
        for lang in Lang::ALL {
            let (buffer, cursor) = draw(&case, lang, Depth::Mono, (128, 48));
            let mut rows: Vec<String> =
                lines(&buffer, case.name == "sealed").iter().map(|l| l.trim_end().to_owned()).collect();
            rows.push(format!("cursor {},{}", cursor.x, cursor.y));
            insta::assert_snapshot!(format!("{}.128x48.{}", case.name, lang.tag()), rows.join("\n"));
        }
    }
}

/// What a camera sees: the upper and the lower half of every cell as a pixel, dark or light.
fn photograph(buffer: &Buffer) -> (usize, usize, Vec<u8>) {
    let area = buffer.area;
    let black = [Color::Indexed(16), Color::Black];
    let mut halves = Vec::new();
    for y in area.top()..area.bottom() {
        let seen = |x: u16| {
            let cell = &buffer[(x, y)];
            let plain = cell.fg == Color::Reset;
            let reversed = cell.modifier.contains(Modifier::REVERSED);
            let ink = if plain { reversed } else { black.contains(&cell.fg) };
            let ground = if plain { !reversed } else { black.contains(&cell.bg) };
            match cell.symbol() {
                "█" => (ink, ink),
                "▀" => (ink, ground),
                "▄" => (ground, ink),
                _ => (ground, ground),
            }
        };
        let row: Vec<_> = (area.left()..area.right()).map(seen).collect();
        halves.extend(row.iter().map(|half| half.0));
        halves.extend(row.iter().map(|half| half.1));
    }
    // Each half three times as wide and high: a decoder wants more than a pixel for a module.
    let (width, height) = (usize::from(area.width), 2 * usize::from(area.height));
    let zoom = 3;
    let dark = |x: usize, y: usize| halves[y / zoom * width + x / zoom];
    let pixels = (0..height * zoom).flat_map(|y| (0..width * zoom).map(move |x| (x, y)));
    let image = pixels.map(|(x, y)| if dark(x, y) { 0 } else { 255 }).collect();
    (width * zoom, height * zoom, image)
}

#[test]
fn the_code_on_the_seal_is_read_from_the_screen() {
    let case = cases().into_iter().find(|c| c.name == "sealed").unwrap();
    for depth in Depth::ALL {
        for size in [(80, 24), (128, 48), (200, 60)] {
            let (buffer, _) = draw(&case, Lang::Chinese, depth, size);
            let (width, height, image) = photograph(&buffer);
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| image[y * width + x]);
            let grids = image.detect_grids();
            assert_eq!(grids.len(), 1, "{depth:?} {size:?}");
            let (_, text) = grids[0].decode().unwrap();
            assert_eq!(text, "EK1 A81F03C2-17 A5521B0937C7718D4402E9163F2085G6640H1379", "{depth:?} {size:?}");
        }
    }
}

#[test]
fn the_code_on_the_seal_is_black_on_white_in_every_theme() {
    let case = cases().into_iter().find(|c| c.name == "sealed").unwrap();
    for (depth, black, white) in
        [(Depth::Cube, Color::Indexed(16), Color::Indexed(231)), (Depth::Sixteen, Color::Black, Color::White)]
    {
        let (buffer, _) = draw(&case, Lang::Chinese, depth, (80, 24));
        for (x, y) in (1..38).flat_map(|x| (2..21).map(move |y| (x, y))) {
            assert_eq!((buffer[(x, y)].fg, buffer[(x, y)].bg), (black, white), "{depth:?} {x},{y}");
        }
    }
}

#[test]
fn no_line_is_cut_that_was_meant_to_be_read() {
    // The longest names and a room of eight characters may be cut; sentences may not.
    for case in cases() {
        for lang in Lang::ALL {
            let (buffer, _) = draw(&case, lang, Depth::Mono, (80, 24));
            for (y, line) in lines(&buffer, false).iter().enumerate().skip(2) {
                let sentence = line.trim_end().ends_with("..") && !line.contains("[..]");
                let allowed = ["rooms-absent", "roster-all", "roster-few", "fault", "detail", "detail-reading"]
                    .contains(&case.name);
                assert!(!sentence || allowed, "{} {} row {}: {line}", case.name, lang.tag(), y + 1);
            }
        }
    }
}

#[test]
fn no_sentence_of_sealing_runs_into_the_edge() {
    for case in seal_cases::cases().into_iter().filter(|c| !matches!(c.screen, ScreenId::Unlock | ScreenId::Sealed)) {
        for lang in Lang::ALL {
            let (buffer, _) = draw(&case, lang, Depth::Mono, (80, 24));
            for y in (3..22).filter(|y| case.strip.is_none() || *y > 3) {
                assert_eq!(buffer[(79, y)].symbol(), " ", "{} {} row {}", case.name, lang.tag(), y + 1);
            }
        }
    }
}

fn wireframe(name: &str) -> Vec<String> {
    let path = format!("{}/tests/vectors/screens/{name}.80x24.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(|l| l.trim_end().to_owned()).collect()
}

#[test]
fn plates_are_drawn_as_in_the_wireframes() {
    for (name, file, rows) in [
        ("verdict-ok", "04-admitted", &[3..=3, 5..=15, 17..=20, 22..=22][..]),
        ("verdict-late", "05-late", &[3..=3, 5..=15, 17..=20, 22..=22][..]),
        ("verdict-already", "06-already", &[3..=3, 5..=12, 14..=15, 17..=20, 22..=22][..]),
        ("verdict-refused", "07-refused", &[3..=3, 5..=13, 22..=22][..]),
        ("verdict-proctor", "08-proctor", &[3..=3, 5..=13, 22..=22][..]),
        ("verdict-unreadable", "09-unreadable", &[3..=3, 5..=13, 22..=22][..]),
        ("fault", "30-fault", &[3..=11][..]),
        ("ready", "03-checkin", &[3..=13, 15..=15][..]),
    ] {
        let case = cases().into_iter().find(|c| c.name == name).unwrap();
        let (buffer, _) = draw(&case, Lang::Chinese, Depth::Cube, (80, 24));
        let drawn = lines(&buffer, name.starts_with("verdict"));
        let expected = wireframe(file);
        for row in rows.iter().cloned().flatten() {
            assert_eq!(drawn[row - 1].trim_end(), expected[row - 1], "{name}, row {row}");
        }
    }
}

#[test]
fn a_plate_shows_word_shape_edge_and_seat_in_every_theme() {
    for depth in Depth::ALL {
        let theme = Theme::load(depth).unwrap();
        for case in cases().into_iter().filter(|c| c.name.starts_with("verdict-") || c.name == "fault") {
            let plate = match case.name {
                "verdict-late" => Plate::Late,
                "verdict-already" => Plate::Already,
                "verdict-refused" => Plate::Refused,
                "verdict-proctor" => Plate::Proctor,
                "verdict-unreadable" => Plate::Unreadable,
                "verdict-reading" => Plate::Reading,
                "fault" => Plate::Fault,
                _ => Plate::Ok,
            };
            let (buffer, _) = draw(&case, Lang::Chinese, depth, (80, 24));
            let look = |x: u16, y: u16| (buffer[(x, y)].fg, buffer[(x, y)].bg, buffer[(x, y)].modifier);
            let of = |role: Role| {
                let mut cell = ratatui::buffer::Cell::default();
                cell.set_style(theme.style(Role::Text)).set_style(theme.style(role));
                (cell.fg, cell.bg, cell.modifier)
            };
            assert_eq!(
                buffer[(0, 2)].symbol(),
                &edge::pattern(plate)[..edge::pattern(plate).chars().next().unwrap().len_utf8()]
            );
            assert_eq!(look(0, 2), of(Role::Edge(plate)), "{depth:?} {}: edge", case.name);
            assert_eq!(look(1, 3), of(Role::Plate(plate)), "{depth:?} {}: ground", case.name);
            if plate == Plate::Ok {
                let inked = (18..76).any(|x| {
                    buffer[(x, 14)].bg != buffer[(1, 14)].bg
                        || (buffer[(x, 14)].modifier ^ buffer[(1, 14)].modifier).contains(Modifier::REVERSED)
                });
                assert!(inked, "{depth:?} {}: seat", case.name);
            }
        }
    }
}

#[test]
fn the_selected_row_has_a_mark_and_a_ground_of_its_own() {
    let case = cases().into_iter().find(|c| c.name == "roster-all").unwrap();
    for depth in Depth::ALL {
        let theme = Theme::load(depth).unwrap();
        let (buffer, _) = draw(&case, Lang::Chinese, depth, (80, 24));
        let style = theme.style(Role::Selection);
        let cell = &buffer[(1, 5)];
        assert_eq!(cell.symbol(), ">");
        assert_eq!((style.fg.unwrap_or(cell.fg), style.bg.unwrap_or(cell.bg)), (cell.fg, cell.bg), "{depth:?}");
        assert!(cell.modifier.contains(style.add_modifier), "{depth:?}");
        let focus = theme.style(Role::Field);
        let cell = &buffer[(7, 2)];
        assert_eq!((focus.fg.unwrap_or(cell.fg), focus.bg.unwrap_or(cell.bg)), (cell.fg, cell.bg), "{depth:?} field");
        assert!(cell.modifier.contains(focus.add_modifier), "{depth:?} field");
    }
}

#[test]
fn every_header_outside_live_says_so() {
    for (mode, words) in [(Mode::Demo, ["演示", "DEMO"]), (Mode::Rehearsal, ["演练", "REHEARSAL"])] {
        for mut case in cases() {
            case.header.mode = mode;
            for (lang, word) in Lang::ALL.into_iter().zip(words) {
                let (buffer, _) = draw(&case, lang, Depth::Cube, (80, 24));
                assert!(lines(&buffer, false)[0].starts_with(&format!(" [{word}]")), "{}", case.name);
            }
        }
    }
    let mut case = cases().remove(0);
    case.header.mode = Mode::Live;
    assert!(lines(&draw(&case, Lang::Chinese, Depth::Cube, (80, 24)).0, false)[0].starts_with(" 滨江"));
}

#[test]
fn a_larger_terminal_shows_the_same_core() {
    for case in cases() {
        let (small, cursor) = draw(&case, Lang::Chinese, Depth::Cube, (80, 24));
        let (large, same) = draw(&case, Lang::Chinese, Depth::Cube, (120, 40));
        assert_eq!(cursor, same, "{}", case.name);
        for (a, b) in lines(&small, false).iter().zip(lines(&large, false)) {
            assert_eq!(a.trim_end(), b.trim_end(), "{}", case.name);
        }
    }
}

#[test]
fn a_small_terminal_says_so_and_keeps_the_last_verdict() {
    let case = cases().remove(0);
    let (buffer, _) = draw(&case, Lang::Chinese, Depth::Cube, (60, 16));
    let text = lines(&buffer, false);
    assert_eq!(text[0].trim_end(), "窗口太小 60x16，至少 80x24");
    assert!(text[1].contains("[X] 核验未通过 / NOT ADMITTED"));
}

#[test]
fn the_cursor_of_a_verdict_is_always_on_the_tag_line() {
    for case in cases().into_iter().filter(|c| c.screen == ScreenId::Verdict) {
        let (_, cursor) = draw(&case, Lang::English, Depth::Cube, (80, 24));
        assert_eq!(cursor, Position { x: 2, y: 3 }, "{}", case.name);
    }
    let case = cases().into_iter().find(|c| c.name == "ready").unwrap();
    assert_eq!(draw(&case, Lang::Chinese, Depth::Cube, (80, 24)).1.y, 20, "in the search field");
    assert_eq!(ready::big_word(ready::Invitation::Card), "刷身份证");
    assert_eq!(verdict::on_key(kaodian::tui::keymap::Press::Nothing), verdict::Outcome::Stay);
}

/// Nothing is clipped: no wide character in the last column, none written over by its neighbour.
fn whole(buffer: &Buffer) -> Result<(), String> {
    for y in buffer.area.rows().map(|r| r.y) {
        let mut x = 0;
        let mut digits = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            let wide = u16::try_from(kaodian::tui::text::width(symbol)).unwrap().max(1);
            if x + wide > buffer.area.width {
                return Err(format!("{symbol} at {x},{y} is cut by the edge"));
            }
            if wide == 2 && buffer[(x + 1, y)].symbol() != " " {
                return Err(format!("{symbol} at {x},{y} hides {}", buffer[(x + 1, y)].symbol()));
            }
            digits = if symbol.chars().all(|c| c.is_ascii_digit()) { digits + 1 } else { 0 };
            if digits >= 15 {
                return Err(format!("row {y} shows a number of fifteen digits"));
            }
            x += wide;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_size_draws_whole_characters(width in 20u16..=260, height in 5u16..=80, english: bool, colours in 0usize..3) {
        let lang = if english { Lang::English } else { Lang::Chinese };
        let (texts, theme) = (Texts::load(lang).unwrap(), Theme::load(Depth::ALL[colours]).unwrap());
        for case in cases() {
            for size in [(width, height), (width.max(80), height.max(24))] {
                let (buffer, cursor) = draw_with(&case, &texts, &theme, size);
                prop_assert!(buffer.area.contains(cursor), "{}: cursor {cursor}", case.name);
                if let Err(why) = whole(&buffer) {
                    return Err(TestCaseError::fail(format!("{} at {size:?}: {why}", case.name)));
                }
            }
        }
    }
}
