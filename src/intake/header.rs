//! Columns of a roster: the alias table of rules.md §3 as data, and which column of a file holds which field.

use super::finding::{Found, Mask, Place, Report, harmless};
use super::record::{Raw, decimal};
use unicode_normalization::UnicodeNormalization;

/// A field of a roster row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Cand,
    Name,
    NameLatin,
    DocKind,
    DocNo,
    Sex,
    School,
    Dept,
    Major,
    Class,
    StudentNo,
    CampusUid,
    Kind,
    FeeExempt,
    Certificate,
    Level,
    Batch,
    Site,
    Parts,
    Session,
    Date,
    Start,
    Room,
    Seat,
    Sitting,
    Phone,
    Photo,
    CreditAccount,
    Arrangement,
    Hold,
    Note,
    RoomName,
    Capacity,
    Seats,
    Way,
}

/// Which table a file is: 备注 or 名称 are columns of one alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Candidates.
    Roster,
    /// Rooms.
    Rooms,
}

/// Names of each field: default header, then aliases. All in the normal form of [`normal`].
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Cand,
        &["准考证号", "准考证", "考生编号", "考号", "准考证号码", "admission_no", "ticket_no", "candidate_no", "cand"],
    ),
    (Field::Name, &["姓名", "考生姓名", "名字", "name", "full_name"]),
    (Field::NameLatin, &["英文姓名", "外文姓名", "name_latin"]),
    (Field::DocKind, &["证件类型", "证件类别", "证件种类", "doc_type", "id_type", "doc_kind"]),
    (Field::DocNo, &["证件号码", "身份证号", "身份证号码", "证件号", "id_no", "doc_no"]),
    (Field::Sex, &["性别", "sex", "gender"]),
    (Field::School, &["学校", "单位", "school"]),
    (Field::Dept, &["院系", "学院", "系部", "department", "dept"]),
    (Field::Major, &["专业", "专业名称", "major"]),
    (Field::Class, &["班级", "行政班", "class"]),
    (Field::StudentNo, &["学号", "学籍号", "student_no"]),
    (Field::CampusUid, &["校园卡uid", "卡号", "campus_uid"]),
    (Field::Kind, &["考生来源", "考生类别", "人员类别", "candidate_kind", "kind"]),
    (Field::FeeExempt, &["免费标识", "建档立卡", "是否免考核费", "fee_exempt"]),
    (Field::Certificate, &["证书名称", "证书", "certificate"]),
    (Field::Level, &["等级", "职业技能等级", "级别", "level"]),
    (Field::Batch, &["批次", "考核批次", "batch"]),
    (Field::Site, &["考核站点", "考点", "考点代码", "site"]),
    (Field::Parts, &["科目", "考核科目", "考试科目", "parts"]),
    (Field::Session, &["场次", "考试场次", "session"]),
    (Field::Date, &["考核日期", "日期", "date"]),
    (Field::Start, &["开始时间", "时间", "start"]),
    (Field::Room, &["考场", "考场号", "room"]),
    (Field::Seat, &["座位号", "工位号", "机位号", "seat"]),
    (Field::Sitting, &["考试类型", "新考补考", "sitting"]),
    (Field::Phone, &["手机", "联系电话", "phone"]),
    (Field::Photo, &["照片引用", "照片", "photo"]),
    (Field::CreditAccount, &["学分银行账号", "学分银行", "credit_account"]),
    (Field::Arrangement, &["便利安排", "合理便利", "arrangement"]),
    (Field::Hold, &["限制", "状态", "hold"]),
    (Field::Note, &["备注", "note"]),
];

/// The same for a table of rooms, whose code column is the roster's.
const ROOMS: &[(Field, &[&str])] = &[
    (Field::Room, &["考场", "考场号", "room"]),
    (Field::RoomName, &["名称", "考场名称", "name"]),
    (Field::Capacity, &["容量", "座位数", "capacity"]),
    (Field::Seats, &["座位", "座位号", "seats"]),
    (Field::Way, &["位置", "路线", "way"]),
];

/// Headers of carried marks, and the part that each names: an id, the word of a kind, or nothing for the part that
/// the row does not list.
const CARRIED: &[(&str, &str)] = &[("理论保留成绩", "theory"), ("实操保留成绩", "practical"), ("保留成绩", "")];

impl Field {
    fn names(self) -> &'static [&'static str] {
        NAMES.iter().chain(ROOMS).find(|(field, _)| *field == self).map_or(&[], |(_, names)| names)
    }

    /// The header that this product writes.
    pub fn default_header(self) -> &'static str {
        match self {
            Self::CampusUid => "校园卡UID",
            _ => self.names().first().copied().unwrap_or_default(),
        }
    }

    /// How much of a cell a finding may show.
    pub fn mask(self) -> Mask {
        match self {
            Self::Cand | Self::DocNo | Self::StudentNo | Self::CampusUid | Self::CreditAccount => Mask::LastFour,
            Self::Phone => Mask::LastTwo,
            Self::Name | Self::NameLatin => Mask::First,
            _ => Mask::Short,
        }
    }

    /// Identifiers that a spreadsheet destroys when it takes them for numbers.
    pub fn is_identifier(self) -> bool {
        matches!(self, Self::Cand | Self::DocNo | Self::StudentNo | Self::Phone | Self::CampusUid | Self::CreditAccount)
    }

    /// Written in capitals.
    pub fn is_upper(self) -> bool {
        matches!(
            self,
            Self::Cand
                | Self::DocNo
                | Self::StudentNo
                | Self::CampusUid
                | Self::CreditAccount
                | Self::Arrangement
                | Self::Batch
                | Self::Site
                | Self::Room
                | Self::Seat
                | Self::Seats
                | Self::Sex
        )
    }

    /// Where lost leading zeros can be noticed (KD-R-33).
    pub fn keeps_zeros(self) -> bool {
        matches!(self, Self::Cand | Self::StudentNo | Self::CreditAccount)
    }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slot {
    /// A field.
    Field(Field),
    /// A carried mark of the part with this id or kind.
    Carried(String),
}

/// The header of a file.
#[derive(Debug)]
pub(super) struct Header {
    /// Texts as the file writes them.
    pub texts: Vec<String>,
    /// What each column holds; unknown columns hold nothing.
    pub slots: Vec<Option<Slot>>,
    /// Whether the file is a workbook, whose cells may be dates.
    workbook: bool,
}

/// NFKC without blanks, stars and brackets with their content, Latin in lower case.
fn normal(header: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::new();
    for c in header.nfkc().flat_map(char::to_lowercase) {
        match c {
            '(' | '[' | '{' | '【' | '〔' => depth += 1,
            ')' | ']' | '}' | '】' | '〕' => depth = depth.saturating_sub(1),
            c if depth > 0 || c.is_whitespace() || matches!(c, '*' | '\u{feff}') => {}
            c => out.push(c),
        }
    }
    out
}

fn slot(header: &str, form: Form) -> Option<Slot> {
    let name = normal(header);
    let names = if form == Form::Roster { NAMES } else { ROOMS };
    let field = names.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| Slot::Field(*field));
    field.or_else(|| {
        if form != Form::Roster {
            return None;
        }
        let part = CARRIED.iter().find(|(header, _)| *header == name).map(|(_, part)| *part);
        part.or_else(|| name.strip_prefix("carried_").filter(|p| !p.is_empty())).map(|p| Slot::Carried(p.into()))
    })
}

impl Header {
    pub fn read(cells: Vec<Raw>, form: Form, workbook: bool) -> Self {
        let text = |cell| match cell {
            Raw::Text(text) => text,
            Raw::Number(number) | Raw::Date { serial: number, .. } => decimal(number),
            Raw::Computed => String::new(),
        };
        let texts: Vec<String> = cells.into_iter().map(text).collect();
        let slots = texts.iter().map(|text| slot(text, form)).collect();
        Self { texts, slots, workbook }
    }

    /// The code of a date or time that is none.
    pub fn no_date(&self) -> &'static str {
        if self.workbook { "KD-R-36" } else { "KD-R-11" }
    }

    /// How many columns are known; the separator is the one for which this is most.
    pub fn known(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    /// Position of a field's column.
    pub fn index(&self, field: Field) -> Option<usize> {
        self.slots.iter().position(|s| *s == Some(Slot::Field(field)))
    }

    /// Place of a field's cell in a line.
    pub fn place(&self, line: u32, field: Field) -> Place<'_> {
        let column = self.index(field).and_then(|i| Some((i, self.texts.get(i)?.as_str())));
        Place { line: Some(line), column: column.or(Some((usize::MAX, field.default_header()))) }
    }

    /// Columns of carried marks.
    pub fn carried(&self) -> impl Iterator<Item = (usize, &str)> {
        self.slots.iter().enumerate().filter_map(|(i, slot)| match slot {
            Some(Slot::Carried(part)) => Some((i, part.as_str())),
            _ => None,
        })
    }

    /// Two columns of one kind (KD-R-05), required ones missing (KD-R-04), unknown ones (KD-R-N2). Says whether rows
    /// can be read under this header.
    pub fn check(&self, line: u32, required: &[Field], report: &mut Report) -> bool {
        let mut readable = true;
        for (i, slot) in self.slots.iter().enumerate() {
            let earlier = slot.as_ref().and_then(|_| self.slots.iter().position(|s| s == slot)).filter(|e| *e < i);
            if let (Some(earlier), Some(text)) = (earlier, self.texts.get(i)) {
                readable = false;
                let first = self.texts.get(earlier).map(|t| harmless(t)).unwrap_or_default();
                let found = Found::Words(format!("{first} and {}", harmless(text)));
                report.add(
                    "KD-R-05",
                    Place { line: Some(line), column: Some((i, text)) },
                    "one column for one field",
                    found,
                );
            }
        }
        let unknown: Vec<&String> =
            self.texts.iter().zip(&self.slots).filter(|(_, slot)| slot.is_none()).map(|(text, _)| text).collect();
        let mut complete = true;
        for field in required.iter().filter(|f| self.index(**f).is_none()) {
            complete = false;
            let others = field.names().get(1..).unwrap_or_default().join(", ");
            report.add(
                "KD-R-04",
                Place { line: None, column: Some((0, field.default_header())) },
                format!("a column {}, also named {others}", field.default_header()),
                Found::Words(format!("{} columns, {} of them unknown", self.texts.len(), unknown.len())),
            );
        }
        if !unknown.is_empty() {
            let words = if complete {
                unknown.iter().map(|text| cut(text)).collect::<Vec<_>>().join(", ")
            } else {
                format!("{} unknown columns", unknown.len())
            };
            report.add("KD-R-N2", Place::FILE, "columns of the roster only", Found::Words(words));
        }
        readable && complete
    }
}

/// An unknown header as a notice may show it: it may be a candidate's data where the header line is missing.
fn cut(header: &str) -> String {
    let digits_hidden = |c: char| if c.is_numeric() { '*' } else { c };
    let text = harmless(&header.trim().chars().take(12).map(digits_hidden).collect::<String>());
    if text.is_empty() { "(empty)".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_in_normal_form_and_names_one_field() {
        let mut seen = std::collections::BTreeSet::new();
        for (form, table) in [(Form::Roster, NAMES), (Form::Rooms, ROOMS)] {
            seen.clear();
            for (field, names) in table {
                for name in *names {
                    assert_eq!(normal(name), *name);
                    assert!(seen.insert(*name), "{name} twice");
                    assert_eq!(slot(name, form), Some(Slot::Field(*field)));
                }
                assert_eq!(slot(field.default_header(), form), Some(Slot::Field(*field)));
            }
        }
    }

    #[test]
    fn decoration_of_a_header_does_not_matter() {
        for written in ["姓名", " *姓 名（必填） ", "姓名(required)", "【必填】姓名", "ＮＡＭＥ", "Full_Name*"]
        {
            assert_eq!(slot(written, Form::Roster), Some(Slot::Field(Field::Name)), "{written}");
        }
        assert_eq!(slot("carried_oral", Form::Roster), Some(Slot::Carried("oral".into())));
        assert_eq!(slot("理论保留成绩", Form::Roster), Some(Slot::Carried("theory".into())));
        for unknown in ["", "民族", "carried_", "姓名2"] {
            assert_eq!(slot(unknown, Form::Roster), None, "{unknown}");
        }
    }

    #[test]
    fn an_unknown_header_is_cut_and_loses_its_digits() {
        assert_eq!(cut("110199200501010013"), "************");
        assert_eq!(cut("非常非常非常非常长的一个表头"), "非常非常非常非常长的一个");
    }
}
