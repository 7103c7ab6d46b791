//! A tiny writer of workbooks, so that a test can hold one flaw and nothing else.

#![allow(dead_code, reason = "each test binary uses its part of the rig")]
#![allow(clippy::unwrap_used, reason = "a rig that cannot do its part has failed its test")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// One cell; [`Cell::Raw`] is the inside and attributes of `c` as they are.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Shared text; empty text is no cell at all.
    Text(String),
    /// Text in the cell itself.
    Inline(String),
    /// A number as it stands in the file.
    Number(&'static str),
    /// A number shown as a date.
    Date(f64),
    /// A formula and the text it gave.
    Formula(&'static str),
    /// An error value.
    Error(&'static str),
}

/// A sheet.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// `hidden`, `veryHidden` or nothing.
    pub state: &'static str,
    /// Rows of cells, from row 1.
    pub rows: Vec<Vec<Cell>>,
    /// Attributes of a row, by its number.
    pub row_attributes: Vec<(usize, &'static str)>,
    /// What stands before the rows: `cols`.
    pub before: &'static str,
    /// What stands after them: `autoFilter`, `mergeCells`.
    pub after: &'static str,
}

/// A workbook.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Its sheets.
    pub sheets: Vec<Sheet>,
    /// Attributes of `workbookPr`.
    pub properties: &'static str,
}

/// Every cell of a CSV as text, on one sheet.
pub fn of_csv(text: &str) -> Book {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(|r| r.unwrap().iter().map(|c| Cell::Text(c.to_owned())).collect()).collect();
    Book { sheets: vec![Sheet { name: "Sheet1".into(), rows, ..Sheet::default() }], properties: "" }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn letters(column: usize) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).unwrap());
    if column < 26 { last.to_string() } else { letters(column / 26 - 1) + &last.to_string() }
}

impl Book {
    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut strings: Vec<String> = Vec::new();
        let mut parts: Vec<(String, String)> = Vec::new();
        let (mut sheets, mut relations) = (String::new(), String::new());
        for (n, sheet) in (1..).zip(&self.sheets) {
            let state = if sheet.state.is_empty() { String::new() } else { format!(" state=\"{}\"", sheet.state) };
            let _ = write!(sheets, "<sheet name=\"{}\" sheetId=\"{n}\"{state} r:id=\"rId{n}\"/>", escaped(&sheet.name));
            let _ = write!(
                relations,
                "<Relationship Id=\"rId{n}\" Type=\"http://x/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            );
            parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet.xml(&mut strings)));
        }
        let _ = write!(
            relations,
            "<Relationship Id=\"rIdA\" Type=\"http://x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"rIdB\" Type=\"http://x/styles\" Target=\"styles.xml\"/>"
        );
        let shared: String =
            strings.iter().map(|s| format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(s))).collect();
        parts.extend([
            ("_rels/.rels".into(), "<Relationships><Relationship Id=\"r\" Type=\"http://x/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>".into()),
            ("xl/workbook.xml".into(), format!("<workbook xmlns=\"m\" xmlns:r=\"r\"><workbookPr{}/><sheets>{sheets}</sheets></workbook>", self.properties)),
            ("xl/_rels/workbook.xml.rels".into(), format!("<Relationships>{relations}</Relationships>")),
            ("xl/sharedStrings.xml".into(), format!("<sst>{shared}</sst>")),
            ("xl/styles.xml".into(), "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".into()),
        ]);
        zipped(&parts)
    }
}

/// Parts as a ZIP file.
pub fn zipped(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

impl Sheet {
    fn xml(&self, strings: &mut Vec<String>) -> String {
        let mut out = format!("<worksheet xmlns=\"m\">{}<sheetData>", self.before);
        for (n, row) in (1..).zip(&self.rows) {
            let attributes = self.row_attributes.iter().find(|(row, _)| *row == n).map_or("", |(_, a)| a);
            let _ = write!(out, "<row r=\"{n}\" {attributes}>");
            for (i, cell) in row.iter().enumerate() {
                let at = format!("r=\"{}{n}\"", letters(i));
                let _ = match cell {
                    Cell::Text(text) if text.is_empty() => Ok(()),
                    Cell::Text(text) => {
                        strings.push(text.clone());
                        write!(out, "<c {at} t=\"s\"><v>{}</v></c>", strings.len() - 1)
                    }
                    Cell::Inline(text) => write!(out, "<c {at} t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text)),
                    Cell::Number(number) => write!(out, "<c {at}><v>{number}</v></c>"),
                    Cell::Date(serial) => write!(out, "<c {at} s=\"1\"><v>{serial}</v></c>"),
                    Cell::Formula(formula) => {
                        write!(out, "<c {at} t=\"str\"><f>{}</f><v>x</v></c>", escaped(formula))
                    }
                    Cell::Error(error) => write!(out, "<c {at} t=\"e\"><v>{error}</v></c>"),
                };
            }
            out.push_str("</row>");
        }
        let _ = write!(out, "</sheetData>{}</worksheet>", self.after);
        out
    }
}
