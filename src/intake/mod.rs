//! What the organisation sends: the bytes of a roster to typed rows, or to every reason why not (rules.md §3).
//!
//! Owns file form, columns, cells and the rules between rows. Knows neither store nor screen; reads no file and no
//! clock: bytes, name and today's date are arguments. All findings are collected; with any error there are no rows.
//!
//! Invariants: no finding shows a personal value beyond its mask; a row that comes out satisfies every rule of
//! rules.md §2 and, where its policy is known, names the certificate as the policy writes it and lists its parts.
//!
//! A roster is text (UTF-8 or GB18030, cells separated by `,`, TAB or `;`, quotes as in RFC 4180) or a workbook (XLSX,
//! its sheet 考生 or the only visible one); in both the first line that holds something is the header.

mod cells;
mod check;
mod csv;
mod encoding;
mod finding;
mod header;
mod limits;
mod parts;
mod record;
mod rooms;
mod rows;
mod source;
mod workbook;

pub use check::PlannedSession;
pub use finding::{Finding, Found, Severity};
pub use limits::Limits;
pub use rooms::{Rooms, read_rooms};

use crate::domain::candidate::RosterRow;
use crate::domain::ids::SiteId;
use crate::domain::policy::{Policy, SeatMode};
use crate::domain::room::Room;
use cells::Line;
use finding::{Place, Report};
use header::{Field, Form, Header};
use jiff::civil;
use record::Record;
use rows::{Cells, Draft};
use source::Table;

/// What a roster is read against.
#[derive(Debug, Clone)]
pub struct Context<'p> {
    /// The store's site; a dry run may have none.
    pub site: Option<SiteId>,
    /// The policies given, one for each certificate and level.
    pub policies: &'p [Policy],
    /// The site's rooms, where they are known.
    pub rooms: Option<&'p [Room]>,
    /// Today in the zone +08:00: no birth lies after it.
    pub today: civil::Date,
    /// Whether nothing is going to be applied: without policies, checks that need one are then skipped (KD-R-N8).
    pub dry_run: bool,
}

/// The answer of an import.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Rows, in the order of the file; empty with any error, and in a dry run that knows no site or date.
    pub rows: Vec<RosterRow>,
    /// Sessions that this site's rows plan, by number; empty with any error.
    pub sessions: Vec<PlannedSession>,
    /// Lines below the header that hold something, right or wrong.
    pub read: usize,
    /// Everything found, in the order of the file; findings of the whole file first.
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// How many findings stop the import.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|f| f.severity == Severity::Error).count()
    }

    /// How many must be acknowledged.
    #[must_use]
    pub fn notices(&self) -> usize {
        self.findings.len() - self.errors()
    }
}

/// Reads a roster. `file_name` is the name that findings carry.
#[must_use]
pub fn read(file_name: &str, bytes: &[u8], context: &Context<'_>, limits: &Limits) -> Outcome {
    let mut report = Report::new(file_name);
    let mut outcome = Outcome::default();
    if let Some(table) = source::read(bytes, Form::Roster, limits, &mut report) {
        read_table(table, context, limits, &mut report, &mut outcome);
    }
    if report.has_errors() {
        outcome.rows.clear();
        outcome.sessions.clear();
    }
    outcome.findings = report.into_findings();
    outcome
}

fn read_table(table: Table, context: &Context<'_>, limits: &Limits, report: &mut Report, outcome: &mut Outcome) {
    let planned = !(context.dry_run && context.policies.is_empty());
    outcome.read = table.records.len().saturating_sub(1);
    let first = table.records.first().map(|first| Header::read(first.cells.clone(), table.form, table.workbook));
    let lines = lines_of(table, &required(context, planned), limits, report);
    if let Some(header) = first.filter(|_| !planned) {
        skip_notice(&header, report);
    }
    let Some((header, lines)) = lines else { return };
    let drafts: Vec<Draft<'_>> =
        lines.iter().map(|line| rows::read(&mut Cells::new(&header, line, report), context, planned)).collect();
    check::across(&drafts, &header, limits, planned.then_some(context), report);
    outcome.sessions = check::plan(&drafts);
    // A dry run without site or date has rows that cannot be placed: then there are none.
    outcome.rows = drafts.into_iter().map(|draft| draft.row).collect::<Option<_>>().unwrap_or_default();
}

/// The header and the cleaned lines below it; nothing where no line can be read.
fn lines_of(table: Table, required: &[Field], limits: &Limits, report: &mut Report) -> Option<(Header, Vec<Line>)> {
    let Table { mut records, form, workbook, unclosed } = table;
    if records.is_empty() {
        return None;
    }
    let first = records.remove(0);
    if first.cells.len() > limits.columns {
        let place = Place { line: Some(first.line), column: None };
        let expected = format!("at most {} columns", limits.columns);
        report.add("KD-R-03", place, expected, Found::Words(first.cells.len().to_string()));
        return None;
    }
    let header = Header::read(first.cells, form, workbook);
    let complete = header.check(first.line, required, report);
    if records.len() > limits.rows {
        let expected = format!("at most {} rows", limits.rows);
        report.add("KD-R-03", Place::FILE, expected, Found::Words("more".into()));
        return None;
    }
    if records.is_empty() && !unclosed {
        report.add("KD-R-01", Place::FILE, "rows below the header", Found::Words("none".into()));
    }
    if !complete {
        return None;
    }
    let lines = lines(&records, &header, limits, report);
    Some((header, lines))
}

fn required(context: &Context<'_>, planned: bool) -> Vec<Field> {
    let mut fields =
        vec![Field::Cand, Field::Name, Field::DocNo, Field::Certificate, Field::Level, Field::Session, Field::Room];
    if planned {
        fields.extend([Field::Date, Field::Start]);
    }
    if context.policies.iter().any(|p| p.seats.mode == SeatMode::Fixed) {
        fields.push(Field::Seat);
    }
    fields
}

fn skip_notice(header: &Header, report: &mut Report) {
    const SKIPPED: &str =
        "skipped: KD-R-44, KD-R-45, KD-R-50, KD-R-51, KD-R-12 for certificate, part, room and session";
    let missing: Vec<&str> = [Field::Date, Field::Start]
        .into_iter()
        .filter(|field| header.index(*field).is_none())
        .map(Field::default_header)
        .collect();
    let columns = if missing.is_empty() { String::new() } else { format!(", KD-R-04 for {}", missing.join(" and ")) };
    let found = Found::Words(format!("{SKIPPED}{columns}"));
    report.add("KD-R-N8", Place::FILE, "a policy and a planned session", found);
}

/// Cleans all records; those with another number of cells than the header are KD-R-06 and left out.
fn lines(records: &[Record], header: &Header, limits: &Limits, report: &mut Report) -> Vec<Line> {
    let mut lines = Vec::with_capacity(records.len());
    for record in records {
        if record.cells.len() == header.texts.len() {
            lines.push(cells::clean(record, header, limits, report));
        } else {
            let place = Place { line: Some(record.line), column: None };
            let expected = format!("{} cells", header.texts.len());
            report.add("KD-R-06", place, expected, Found::Words(record.cells.len().to_string()));
        }
    }
    cells::find_lost_zeros(&mut lines, header, report);
    lines
}
