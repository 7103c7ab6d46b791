//! Workbooks, one flaw each, made here from the clean roster; two real ones stand among the vectors.

use super::read;
use crate::xlsx::{Book, Cell, Sheet, of_csv, zipped};
use kaodian::intake::{Finding, Outcome};

const CLEAN: &str = include_str!("../vectors/roster/clean.csv");
const DATE: usize = 11;

fn clean() -> Book {
    of_csv(CLEAN)
}

/// The clean roster with one cell changed: row as the sheet counts it, column from 0.
fn with_cell(row: usize, column: usize, cell: Cell) -> Book {
    let mut book = clean();
    book.sheets[0].rows[row - 1][column] = cell;
    book
}

fn with_sheet(change: impl FnOnce(&mut Sheet)) -> Book {
    let mut book = clean();
    change(&mut book.sheets[0]);
    book
}

fn found(outcome: &Outcome) -> Vec<(&'static str, Option<u32>, &str)> {
    outcome.findings.iter().map(|f| (f.code, f.line, f.column.as_deref().unwrap_or_default())).collect()
}

#[test]
fn a_workbook_of_the_clean_roster_is_the_clean_roster() {
    let csv = read("", CLEAN.as_bytes());
    let book = read("", &clean().bytes());
    assert_eq!(found(&book), []);
    assert!(book.rows == csv.rows && book.sessions == csv.sessions && book.read == 12);
}

#[test]
fn what_a_spreadsheet_did_to_a_cell_is_found_in_that_cell() {
    let cases: [(usize, Cell, &str); 17] = [
        (0, Cell::Number("2611240101"), "KD-R-30"),
        (3, Cell::Number("1.10199200501020E+17"), "KD-R-30"),
        (6, Cell::Number("24001"), "KD-R-30"),
        (15, Cell::Number("13800000001"), "KD-R-30"),
        (6, Cell::Date(46_350.0), "KD-R-30"),
        (3, Cell::Text("1.10199E+17".into()), "KD-R-31"),
        (3, Cell::Text("110199200501020000".into()), "KD-R-32"),
        (1, Cell::Formula("A1"), "KD-R-34"),
        (5, Cell::Error("#N/A"), "KD-R-34"),
        (5, Cell::Text("#REF!".into()), "KD-R-34"),
        (DATE, Cell::Number("46350"), "KD-R-36"),
        (DATE, Cell::Date(46_350.5), "KD-R-36"),
        (DATE, Cell::Date(90_000.0), "KD-R-36"),
        (DATE, Cell::Text("明天".into()), "KD-R-36"),
        (12, Cell::Date(46_350.375), "KD-R-36"),
        (14, Cell::Date(46_350.0), "KD-R-36"),
        (10, Cell::Number("1.5"), "KD-R-11"),
    ];
    for (column, cell, code) in cases {
        let label = format!("{column} {cell:?}");
        let outcome = read("", &with_cell(2, column, cell).bytes());
        let header = CLEAN.lines().next().unwrap().split(',').nth(column).unwrap();
        assert_eq!(found(&outcome), [(code, Some(2), header)], "{label}");
        assert_eq!(outcome.findings[0].sheet.as_deref(), Some("Sheet1"));
        assert!(outcome.rows.is_empty());
    }
}

#[test]
fn a_leading_zero_lost_in_text_is_missed_in_a_workbook_too() {
    let outcome = read("", &with_cell(4, 6, Cell::Text("24003".into())).bytes());
    assert_eq!(found(&outcome), [("KD-R-33", Some(4), "学号")]);
}

#[test]
fn dates_times_and_small_numbers_mean_what_they_show() {
    let mut book = clean();
    for row in &mut book.sheets[0].rows[1..] {
        row[10] = Cell::Number("1");
        row[DATE] = Cell::Date(46_350.0);
        row[12] = Cell::Date(0.375);
        row[1] = match &row[1] {
            Cell::Text(text) => Cell::Inline(text.clone()),
            other => other.clone(),
        };
    }
    let outcome = read("", &book.bytes());
    assert_eq!(found(&outcome), []);
    assert!(outcome.rows == read("", CLEAN.as_bytes()).rows);
    book.properties = " date1904=\"1\"";
    assert_eq!(found(&read("", &book.bytes()))[0], ("KD-R-36", Some(2), "考核日期"));
}

#[test]
fn what_nobody_sees_is_never_imported() {
    let unseen = |book: Book| -> Vec<(&'static str, String)> {
        let outcome = read("", &book.bytes());
        assert!(outcome.rows.is_empty());
        outcome.findings.iter().map(|f| (f.code, format!("{} / {}", f.expected, words(f)))).collect()
    };
    for (book, says) in [
        (with_sheet(|s| s.row_attributes = vec![(3, "hidden=\"1\""), (5, "ht=\"0\"")]), "no hidden rows / rows 3, 5"),
        (
            with_sheet(|s| s.before = "<cols><col min=\"5\" max=\"6\" hidden=\"1\"/></cols>"),
            "no hidden columns / columns E, F",
        ),
        (
            with_sheet(|s| s.after = "<autoFilter ref=\"A1:P13\"><filterColumn colId=\"8\"/></autoFilter>"),
            "no active filter / one",
        ),
        (
            with_sheet(|s| s.after = "<mergeCells><mergeCell ref=\"F2:F4\"/></mergeCells>"),
            "no merged cells below the header / rows 2, 3, 4",
        ),
    ] {
        assert_eq!(unseen(book), [("KD-R-35", says.to_owned())]);
    }
    // Columns beyond the roster, a filter that hides nothing and a merged title are harmless.
    let harmless = with_sheet(|s| {
        s.before = "<cols><col min=\"17\" max=\"16384\" hidden=\"1\"/></cols>";
        s.after = "<autoFilter ref=\"A1:P13\"/><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>";
    });
    assert_eq!(found(&read("", &harmless.bytes())), []);
}

fn words(finding: &Finding) -> &str {
    match &finding.found {
        kaodian::intake::Found::Cell(text) | kaodian::intake::Found::Words(text) => text,
    }
}

#[test]
fn the_roster_is_on_its_sheet_or_on_the_only_one_to_be_seen() {
    let beside = |name: &str, state, own: &str, own_state| {
        let mut book = clean();
        book.sheets[0].name = own.into();
        book.sheets[0].state = own_state;
        let rows = vec![vec![Cell::Text("x".into())]];
        book.sheets.insert(0, Sheet { name: name.into(), state, rows, ..Sheet::default() });
        read("", &book.bytes())
    };
    assert_eq!(found(&beside("说明", "", "考生", "")), []);
    assert_eq!(found(&beside("说明", "hidden", "Sheet1", "")), []);
    let both = beside("说明", "", "名单", "");
    assert_eq!((both.findings[0].code, words(&both.findings[0])), ("KD-R-04", "说明, 名单"));
    let none = beside("说明", "hidden", "考生", "veryHidden");
    assert_eq!((none.findings[0].code, words(&none.findings[0])), ("KD-R-04", "none"));
}

#[test]
fn a_workbook_has_the_limits_of_any_roster_and_one_of_its_own() {
    let bomb = |parts: usize, length: usize| {
        let parts: Vec<_> = (0..parts).map(|n| (format!("{n}"), " ".repeat(length))).collect();
        zipped(&parts)
    };
    let refused = |bytes: &[u8], code: &str, says: &str| {
        let outcome = read("", bytes);
        assert_eq!((outcome.findings[0].code, words(&outcome.findings[0])), (code, says));
        assert_eq!(outcome.findings.len(), 1);
    };
    // 300 MiB in 300 kB, by what its directory says.
    refused(&bomb(3, 100 << 20), "KD-R-03", "314572800");
    let mut wide = clean();
    wide.sheets[0].rows[1].resize(16_383, Cell::Text(String::new()));
    wide.sheets[0].rows[1].push(Cell::Number("1"));
    refused(&wide.bytes(), "KD-R-03", "16384");
    let long = read("", &with_cell(2, 1, Cell::Text("长".repeat(100_000))).bytes());
    assert_eq!((found(&long)[0], words(&long.findings[0])), (("KD-R-03", Some(2), "姓名"), "257"));
    let beyond = read("", &with_cell(3, 15, Cell::Text("1".into())).bytes().clone());
    assert_eq!(found(&beyond), [("KD-R-11", Some(3), "手机")]);
    let wider = with_sheet(|s| s.rows[4].push(Cell::Text("x".into())));
    assert_eq!(found(&read("", &wider.bytes())), [("KD-R-06", Some(5), "")]);
}

#[test]
fn a_broken_workbook_is_told_from_a_roster() {
    let bytes = clean().bytes();
    let part = |name: &str, text: &str| {
        let parts = [
            ("_rels/.rels", "<R><Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"w\"/></R>"),
            ("w", "<w><sheets><sheet name=\"a\" r:id=\"s\"/></sheets></w>"),
            ("_rels/w.rels", "<R><Relationship Id=\"s\" Type=\"x/worksheet\" Target=\"s\"/></R>"),
            ("s", "<worksheet><sheetData/></worksheet>"),
        ];
        zipped(&parts.map(|(n, t)| (n.to_owned(), if n == name { text } else { t }.to_owned())))
    };
    for (label, bytes, says) in [
        ("cut", bytes[..bytes.len() / 2].to_vec(), "a broken ZIP"),
        ("no workbook", zipped(&[("a".into(), String::new())]), "a workbook without all its parts"),
        ("empty sheet", part("", ""), "an empty sheet"),
        ("no sheet", part("_rels/w.rels", "<R/>"), "a workbook without its sheet"),
        ("open element", part("s", "<worksheet><sheetData>"), "an empty sheet"),
        ("mismatch", part("s", "<worksheet></sheetData>"), "a workbook whose XML is broken"),
        ("no such string", part("s", "<s><row><c t=\"s\"><v>7</v></c></row></s>"), "a sheet that is broken"),
        ("no number", part("s", "<s><row><c><v>x</v></c></row></s>"), "a sheet that is broken"),
        ("no place", part("s", "<s><row><c r=\"7\"><v>1</v></c></row></s>"), "a sheet that is broken"),
        ("a cell without end", part("s", "<s><row><c><v>1"), "a sheet that is broken"),
    ] {
        let outcome = read("", &bytes);
        assert_eq!((outcome.findings[0].code, words(&outcome.findings[0])), ("KD-R-01", says), "{label}");
    }
    let old = read("", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more");
    assert_eq!((old.findings[0].code, words(&old.findings[0])), ("KD-R-01", "an .xls or encrypted workbook"));
}
