//! One line of cells to one roster row (rules.md §2, §3): every cell parsed to its type, every flaw with its code.

use super::Context;
use super::cells::{Cell, Line};
use super::finding::{Found, Mask, Report, masked};
use super::header::{Field, Header};
use super::parts::Taken;
use crate::domain::candidate::{
    Arrangement, CampusUid, CandidateKind, CreditAccount, Hold, Label, Level, NameError, Person, PersonName, Phone,
    PhotoFile, Placement, Remark, RosterRow, Sex, Sitting, StudentNo,
};
use crate::domain::document::{DocKind, Document, DocumentError};
use crate::domain::ids::{AdmissionNo, BatchId, RoomId, SeatLabel, SessionNo, SiteId};
use crate::domain::policy::{Policy, SeatMode};
use crate::domain::time::{parse_date, parse_time};
use jiff::civil;
use unicode_normalization::UnicodeNormalization;

/// What is known of a row, whole or not: flaws of one cell do not hide those between rows.
pub(super) struct Draft<'p> {
    pub line: u32,
    /// Whether the row is of this site.
    pub own: bool,
    pub cand: Option<AdmissionNo>,
    pub name: Option<PersonName>,
    pub document: Option<Document>,
    pub sex: Option<Sex>,
    pub session: Option<SessionNo>,
    pub certificate: Option<Box<str>>,
    pub level: Option<Level>,
    pub date: Option<civil::Date>,
    pub start: Option<civil::Time>,
    pub batch: Option<BatchId>,
    pub room: Option<RoomId>,
    pub seat: Option<SeatLabel>,
    pub policy: Option<&'p Policy>,
    /// The row, where all of it is there and right.
    pub row: Option<RosterRow>,
}

/// A cell that already has its finding.
pub(super) struct Refused;

pub(super) type Parsed<T> = Result<Option<T>, Refused>;

/// The cells of one line, by field.
pub(super) struct Cells<'a> {
    header: &'a Header,
    line: &'a Line,
    report: &'a mut Report,
}

impl<'a> Cells<'a> {
    pub fn new(header: &'a Header, line: &'a Line, report: &'a mut Report) -> Self {
        Self { header, line, report }
    }

    /// Carried marks: column, part as the header names it, text.
    pub fn carried(&self) -> impl Iterator<Item = (usize, &'a str, &'a str)> + use<'a> {
        let line = self.line;
        self.header.carried().filter_map(move |(i, part)| match line.cells.get(i) {
            Some(Cell::Text(text)) if !text.is_empty() => Some((i, part, text.as_str())),
            _ => None,
        })
    }

    /// Records an error at a carried mark's column.
    pub fn refuse_column(&mut self, code: &'static str, i: usize, expected: impl Into<String>, text: &str) {
        let column = self.header.texts.get(i).map(|t| (i, t.as_str()));
        let place = super::finding::Place { line: Some(self.line.line), column };
        self.report.add(code, place, expected, masked(text, Mask::Short));
    }

    /// A cell's text: absent, empty or written.
    pub fn text(&self, field: Field) -> Parsed<&'a str> {
        match self.header.index(field).and_then(|i| self.line.cells.get(i)) {
            None => Ok(None),
            Some(Cell::Refused) => Err(Refused),
            Some(Cell::Text(text)) => Ok((!text.is_empty()).then_some(text)),
        }
    }

    /// Records an error at a field.
    pub fn refuse(&mut self, code: &'static str, field: Field, expected: impl Into<String>, found: Found) -> Refused {
        self.report.add(code, self.header.place(self.line.line, field), expected, found);
        Refused
    }

    /// A cell's value; one that does not parse is refused with this code.
    pub fn parse<T>(
        &mut self,
        field: Field,
        code: &'static str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Parsed<T> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        match parse(text) {
            Some(value) => Ok(Some(value)),
            None => Err(self.refuse(code, field, expected, masked(text, field.mask()))),
        }
    }

    /// A value that must be there (KD-R-10).
    pub fn required<T>(&mut self, field: Field, value: Parsed<T>) -> Option<T> {
        match value {
            Ok(Some(value)) => Some(value),
            Ok(None) => {
                self.refuse("KD-R-10", field, "a value", Found::Words("nothing".into()));
                None
            }
            Err(Refused) => None,
        }
    }

    fn words<T: Copy>(&mut self, field: Field, code: &'static str, known: &[(&str, T)]) -> Parsed<T> {
        let expected = known.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        self.parse(field, code, &expected, |s| {
            known.iter().find(|(word, _)| word.eq_ignore_ascii_case(s)).map(|(_, value)| *value)
        })
    }

    fn name(&mut self, field: Field) -> Parsed<PersonName> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        let found = masked(text, field.mask());
        match PersonName::parse(text) {
            Ok(name) => {
                if name.has_private_use() {
                    let place = self.header.place(self.line.line, field);
                    self.report.add("KD-R-N4", place, "characters with a code point", found);
                }
                Ok(Some(name))
            }
            Err(NameError::Lost) => Err(self.refuse("KD-R-25", field, "letters", found)),
            Err(NameError::Blanks) => Err(self.refuse("KD-R-11", field, "at most one blank between words", found)),
            Err(NameError::Length(_)) => Err(self.refuse("KD-R-11", field, "1 to 60 characters", found)),
        }
    }

    fn document(&mut self, kind: DocKind, today: civil::Date) -> Parsed<Document> {
        let Some(text) = self.text(Field::DocNo)? else { return Ok(None) };
        let error = match Document::parse(kind, text, today) {
            Ok(document) => return Ok(Some(document)),
            Err(error) => error,
        };
        let found = masked(text, Mask::LastFour);
        Err(match error {
            DocumentError::CheckCharacter { .. } if is_rounded(text) => {
                self.refuse("KD-R-32", Field::DocNo, "all 18 digits", found)
            }
            DocumentError::CheckCharacter { expected, position } => {
                let place = self.header.place(self.line.line, Field::DocNo);
                let hint = format!("请核对第 {position} 位");
                self.report.advise(error.code(), place, format!("check character {expected}"), found, hint);
                Refused
            }
            DocumentError::Shape { expected } => self.refuse(error.code(), Field::DocNo, expected, found),
            DocumentError::BirthDate => {
                self.refuse(error.code(), Field::DocNo, "a birth date between 1900 and today", found)
            }
            DocumentError::FirstGeneration => self.refuse(error.code(), Field::DocNo, "the 18-character number", found),
        })
    }
}

/// 18 digits of which a spreadsheet kept 15: it counts in binary floating point.
fn is_rounded(text: &str) -> bool {
    text.len() == 18 && text.ends_with("000") && text.bytes().all(|b| b.is_ascii_digit())
}

/// A certificate's or part's name as it is compared.
pub(super) fn comparable(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Reads one row. `planned` is false in a dry run without policies, where everything that needs one is skipped.
pub(super) fn read<'p>(cells: &mut Cells<'_>, context: &Context<'p>, planned: bool) -> Draft<'p> {
    const ID: &str = "3 to 16 of 0-9 A-Z -";
    let site = cells.parse(Field::Site, "KD-R-11", ID, |s| SiteId::parse(s).ok());
    let own = match (&site, &context.site) {
        (Ok(Some(site)), Some(here)) => site == here,
        _ => true,
    };
    let session = cells.parse(Field::Session, "KD-R-11", "a number from 1 to 99", |s| {
        s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<SessionNo>().ok()).flatten()
    });
    let session = cells.required(Field::Session, session);
    let exam = read_exam(cells, context, planned && own);
    let date = cells.parse(Field::Date, cells.header.no_date(), "a date such as 2026-11-24", parse_date);
    let start = cells.parse(Field::Start, cells.header.no_date(), "a time such as 09:00", parse_time);
    let (date, start) = if planned {
        (cells.required(Field::Date, date), cells.required(Field::Start, start))
    } else {
        (date.ok().flatten(), start.ok().flatten())
    };
    let batch = cells.parse(Field::Batch, "KD-R-11", ID, |s| BatchId::parse(s).ok());
    let default_batch =
        || date.and_then(|d| BatchId::parse(&format!("D{:04}{:02}{:02}", d.year(), d.month(), d.day())).ok());
    let batch = batch.map(|b| b.or_else(default_batch));
    let (room, seat) = read_seat(cells, own, exam.policy);
    let person = read_person(cells, context.today);
    let cand = cells.parse(Field::Cand, "KD-R-11", "6 to 20 of 0-9 A-Z", |s| AdmissionNo::parse(s).ok());
    let cand = cells.required(Field::Cand, cand);
    let cand = cand.filter(|cand| !holds_document(cells, cand, person.document.as_ref(), context.today));
    let taken = exam.policy.filter(|_| own).map(|policy| super::parts::read(cells, policy, person.sitting));
    let mut draft = Draft {
        line: cells.line.line,
        own,
        cand,
        name: person.name.clone(),
        document: person.document.clone(),
        sex: person.sex,
        session,
        certificate: exam.certificate,
        level: exam.level,
        date,
        start,
        batch: batch.ok().flatten(),
        room,
        seat: seat.as_ref().ok().cloned().flatten(),
        policy: exam.policy,
        row: None,
    };
    let site = site.ok().map(|s| s.or_else(|| context.site.clone()));
    draft.row = whole(&draft, person, site.flatten(), seat, taken);
    draft
}

fn whole(
    draft: &Draft<'_>,
    person: Reading,
    site: Option<SiteId>,
    seat: Parsed<SeatLabel>,
    taken: Option<Result<Taken, Refused>>,
) -> Option<RosterRow> {
    let Taken { parts, carried } = taken.unwrap_or_else(|| Ok(Taken::default())).ok()?;
    let placement = Placement {
        cand: draft.cand.clone()?,
        session: draft.session?,
        certificate: draft.certificate.clone()?,
        level: draft.level?,
        batch: draft.batch.clone()?,
        site: site?,
        room: draft.room.clone()?,
        seat: seat.ok()?,
        parts,
    };
    let person = Person { carried, ..person.whole? };
    Some(RosterRow { placement, person })
}

struct Exam<'p> {
    certificate: Option<Box<str>>,
    level: Option<Level>,
    policy: Option<&'p Policy>,
}

fn read_exam<'p>(cells: &mut Cells<'_>, context: &Context<'p>, planned: bool) -> Exam<'p> {
    let levels: Vec<(&str, Level)> =
        Level::ALL.iter().map(|l| (l.zh(), *l)).chain(Level::ALL.iter().map(|l| (l.as_str(), *l))).collect();
    let level = cells.words(Field::Level, "KD-R-12", &levels);
    let level = cells.required(Field::Level, level);
    let certificate = cells.parse(Field::Certificate, "KD-R-11", "at most 40 printable characters", |s| {
        Label::parse(s).ok().filter(|_| s.chars().count() <= 40).map(|_| Box::<str>::from(s))
    });
    let Some(certificate) = cells.required(Field::Certificate, certificate) else {
        return Exam { certificate: None, level, policy: None };
    };
    if !planned {
        return Exam { certificate: Some(certificate), level, policy: None };
    }
    let key = comparable(&certificate);
    let of_certificate = || context.policies.iter().filter(|p| comparable(&p.policy.certificate) == key);
    let policy = level.and_then(|level| of_certificate().find(|p| p.policy.level == level));
    if policy.is_none() {
        let known: Vec<String> =
            context.policies.iter().map(|p| format!("{} {}", p.policy.certificate, p.policy.level.zh())).collect();
        let known = if known.is_empty() { "one of the policies given, there is none".into() } else { known.join(", ") };
        if of_certificate().next().is_none() {
            cells.refuse("KD-R-12", Field::Certificate, known, masked(&certificate, Mask::Short));
        } else if let Some(level) = level {
            cells.refuse("KD-R-12", Field::Level, known, Found::Words(level.zh().into()));
        }
    }
    Exam { certificate: policy.map(|p| p.policy.certificate.clone()), level, policy }
}

/// Room and seat; those of another site are taken as they are, or stood in for.
fn read_seat(cells: &mut Cells<'_>, own: bool, policy: Option<&Policy>) -> (Option<RoomId>, Parsed<SeatLabel>) {
    if !own {
        let room = cells.text(Field::Room).ok().flatten().and_then(|s| RoomId::parse(s).ok());
        let seat = cells.text(Field::Seat).ok().flatten().and_then(|s| SeatLabel::parse(s).ok());
        return (room.or_else(|| RoomId::parse("0").ok()), Ok(seat));
    }
    let room = cells.parse(Field::Room, "KD-R-11", "1 to 8 of 0-9 A-Z", |s| RoomId::parse(s).ok());
    let room = cells.required(Field::Room, room);
    let seat = cells.parse(Field::Seat, "KD-R-11", "1 to 6 of 0-9 A-Z", |s| SeatLabel::parse(s).ok());
    if policy.is_some_and(|p| p.seats.mode == SeatMode::Fixed) {
        let seat = cells.required(Field::Seat, seat);
        return (room, seat.map(Some).ok_or(Refused));
    }
    // A policy that gives seats on arrival would otherwise give this one to somebody else.
    if let (Some(policy), Ok(Some(seat))) = (policy, &seat) {
        let expected = format!("an empty cell: seats are given on arrival ({})", policy.seats.mode.as_str());
        cells.refuse("KD-R-11", Field::Seat, expected, Found::Cell(seat.to_string()));
        return (room, Err(Refused));
    }
    (room, seat)
}

/// The personal half of a row.
struct Reading {
    name: Option<PersonName>,
    document: Option<Document>,
    sex: Option<Sex>,
    sitting: Sitting,
    whole: Option<Person>,
}

fn read_person(cells: &mut Cells<'_>, today: civil::Date) -> Reading {
    let kinds: Vec<(&str, DocKind)> =
        DocKind::ALL.iter().filter(|k| k.proves_identity()).flat_map(|k| [(k.chinese(), *k), (k.id(), *k)]).collect();
    let doc_kind = cells.words(Field::DocKind, "KD-R-12", &kinds).map(|kind| kind.unwrap_or(DocKind::ResidentId));
    let latin = cells.name(Field::NameLatin);
    let name = cells.name(Field::Name);
    let may_be_latin = matches!(doc_kind, Ok(DocKind::ForeignerPr | DocKind::Passport));
    let name = match (name, &latin) {
        (Ok(None), Ok(Some(latin))) if may_be_latin => Some(latin.clone()),
        // Another error of this row decides which name it needs.
        (Ok(None), Err(Refused)) if may_be_latin => None,
        (name, _) => cells.required(Field::Name, name),
    };
    let document = doc_kind.and_then(|kind| cells.document(kind, today));
    let document = cells.required(Field::DocNo, document);
    let sex = cells.words(
        Field::Sex,
        "KD-R-11",
        &[("男", Sex::Male), ("女", Sex::Female), ("M", Sex::Male), ("F", Sex::Female)],
    );
    let student_no = cells.parse(Field::StudentNo, "KD-R-11", StudentNo::EXPECTED, |s| StudentNo::parse(s).ok());
    let kinds: Vec<(&str, CandidateKind)> =
        CandidateKind::ALL.iter().flat_map(|k| [(k.zh(), *k), (k.as_str(), *k)]).collect();
    let kind = cells.words(Field::Kind, "KD-R-12", &kinds);
    let fee_exempt =
        cells.words(Field::FeeExempt, "KD-R-11", &[("是", true), ("否", false), ("1", true), ("0", false)]);
    let sittings: Vec<(&str, Sitting)> = Sitting::ALL.iter().flat_map(|s| [(s.zh(), *s), (s.as_str(), *s)]).collect();
    let sitting = cells.words(Field::Sitting, "KD-R-11", &sittings).map(|s| s.unwrap_or(Sitting::First));
    let holds: Vec<(&str, Hold)> = Hold::ALL.iter().map(|h| (h.zh(), *h)).collect();
    let hold = cells.words(Field::Hold, "KD-R-11", &holds);
    let label = |cells: &mut Cells<'_>, field| cells.parse(field, "KD-R-11", Label::EXPECTED, |s| Label::parse(s).ok());
    let (school, dept) = (label(cells, Field::School), label(cells, Field::Dept));
    let (major, class) = (label(cells, Field::Major), label(cells, Field::Class));
    let uid = cells.parse(Field::CampusUid, "KD-R-11", CampusUid::EXPECTED, |s| CampusUid::parse(s).ok());
    let phone = cells.parse(Field::Phone, "KD-R-11", Phone::EXPECTED, |s| Phone::parse(s).ok());
    let photo = cells.parse(Field::Photo, "KD-R-11", PhotoFile::EXPECTED, |s| PhotoFile::parse(s).ok());
    let account =
        cells.parse(Field::CreditAccount, "KD-R-11", CreditAccount::EXPECTED, |s| CreditAccount::parse(s).ok());
    let arrangement = cells.parse(Field::Arrangement, "KD-R-11", Arrangement::EXPECTED, |s| Arrangement::parse(s).ok());
    let note = cells.parse(Field::Note, "KD-R-11", Remark::EXPECTED, |s| Remark::parse(s).ok());
    let reading = (name.clone(), document.clone(), sex.as_ref().ok().copied().flatten());
    let kept_sitting = sitting.as_ref().ok().copied().unwrap_or(Sitting::First);
    let whole = move || -> Result<Person, Refused> {
        let student_no = student_no?;
        Ok(Person {
            name: name.ok_or(Refused)?,
            name_latin: latin?,
            document: document.ok_or(Refused)?,
            sex: sex?,
            school: school?,
            dept: dept?,
            major: major?,
            class: class?,
            kind: kind?.unwrap_or(if student_no.is_some() { CandidateKind::Student } else { CandidateKind::Social }),
            student_no,
            campus_uid: uid?,
            fee_exempt: fee_exempt?.unwrap_or(false),
            sitting: sitting?,
            phone: phone?,
            photo: photo?,
            credit_account: account?,
            arrangement: arrangement?,
            hold: hold?,
            note: note?,
            carried: std::collections::BTreeMap::new(),
        })
    };
    let (name, document, sex) = reading;
    Reading { name, document, sex, sitting: kept_sitting, whole: whole().ok() }
}

/// KD-R-24: the journal carries the admission number, so it must not carry a document number inside.
fn holds_document(cells: &mut Cells<'_>, cand: &AdmissionNo, own: Option<&Document>, today: civil::Date) -> bool {
    let text = cand.as_str();
    let runs = |n: usize| (0..text.len()).filter_map(move |i| text.get(i..i + n));
    let is = |kind, run: &str| Document::parse(kind, run, today).is_ok();
    let found = own.is_some_and(|d| text.contains(d.number().as_str()))
        || runs(18).any(|run| is(DocKind::ResidentId, run) || is(DocKind::ForeignerPr, run))
        || runs(15).any(|run| is(DocKind::ForeignerPr, run));
    if found {
        cells.refuse("KD-R-24", Field::Cand, "a number without a document number inside", masked(text, Mask::LastFour));
    }
    found
}
