//! What is wrong with a roster, or worth knowing: one finding, its two forms, and the masks (rules.md §3, cli.md).
//!
//! Invariant: a finding shows of a cell at most what its mask leaves: the last four of a document or admission number,
//! the last two of a telephone, the first character of anything else. Short numbers and times stand whole.

use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// Whether a finding stops the import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is imported.
    Error,
    /// Must be acknowledged once.
    Notice,
}

/// What was found: a cell's masked text, or words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Masked text of a cell; the text form quotes it.
    Cell(String),
    /// A description.
    Words(String),
}

/// One line of an import's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Error or notice.
    pub severity: Severity,
    /// `KD-R-nn` or `KD-R-Nn`.
    pub code: &'static str,
    /// Name of the file, as it was given.
    pub file: String,
    /// Sheet of a workbook, without what a terminal would obey.
    pub sheet: Option<String>,
    /// Physical line of the record's start; absent for the whole file.
    pub line: Option<u32>,
    /// Header as the file writes it; the default header of a missing column.
    pub column: Option<String>,
    /// What the rules ask for.
    pub expected: String,
    /// What stands there, masked.
    pub found: Found,
    /// What a person can do, in Chinese.
    pub hint: String,
}

#[derive(Serialize)]
struct Json<'a> {
    event: Severity,
    code: &'a str,
    file: &'a str,
    sheet: Option<&'a str>,
    line: Option<u32>,
    column: Option<&'a str>,
    expected: &'a str,
    found: &'a str,
    hint: &'a str,
}

impl Finding {
    /// The JSON line of cli.md.
    #[must_use]
    pub fn to_json(&self) -> String {
        let (Found::Cell(found) | Found::Words(found)) = &self.found;
        let json = Json {
            event: self.severity,
            code: self.code,
            file: &self.file,
            sheet: self.sheet.as_deref(),
            line: self.line,
            column: self.column.as_deref(),
            expected: &self.expected,
            found,
            hint: &self.hint,
        };
        serde_json::to_string(&json).unwrap_or_default()
    }
}

/// Two lines: `CODE file:line column: expected …, found …` and `hint: …`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, harmless(&self.file))?;
        if let Some(line) = self.line {
            match &self.sheet {
                Some(sheet) => write!(f, ":{sheet}!{line}")?,
                None => write!(f, ":{line}")?,
            }
        }
        if let Some(column) = &self.column {
            write!(f, " {column}")?;
        }
        match &self.found {
            Found::Cell(text) => write!(f, ": expected {}, found \"{text}\"", self.expected)?,
            Found::Words(text) => write!(f, ": expected {}, found {text}", self.expected)?,
        }
        write!(f, "\nhint: {}", self.hint)
    }
}

/// How much of a cell may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mask {
    /// Last four characters: document and admission numbers.
    LastFour,
    /// Last two: telephones.
    LastTwo,
    /// First character: names.
    First,
    /// First character, but a number or time of at most five characters whole.
    Short,
}

/// A text without what a terminal would obey, at most 40 characters.
pub(super) fn harmless(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() || is_format(c) { '\u{fffd}' } else { c }).collect()
}

fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Masks a cell.
pub(super) fn masked(text: &str, mask: Mask) -> Found {
    let count = text.chars().count();
    let tail = |keep: usize| {
        let plain = text.is_ascii() && text.bytes().all(|b| b.is_ascii_alphanumeric()) && count > keep;
        plain.then(|| "*".repeat((count - keep).min(36)) + text.get(count - keep..).unwrap_or_default())
    };
    let first = || harmless(&text.chars().take(1).chain(text.chars().skip(1).map(|_| '*')).collect::<String>());
    Found::Cell(match mask {
        Mask::LastFour => tail(4).unwrap_or_else(|| "*".repeat(count.min(40))),
        Mask::LastTwo => tail(2).unwrap_or_else(|| "*".repeat(count.min(40))),
        Mask::First => harmless(&text.chars().take(1).chain(['*']).collect::<String>()),
        Mask::Short if count <= 5 && text.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.') => text.into(),
        Mask::Short => first(),
    })
}

/// Collects findings and puts them into the order of the file. A cell gets one error: the first one recorded.
pub(super) struct Report {
    file: String,
    sheet: Option<String>,
    refused: BTreeSet<(u32, usize)>,
    findings: Vec<((u32, usize), Finding)>,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// Line, none for the whole file.
    pub line: Option<u32>,
    /// Position of the column and its header.
    pub column: Option<(usize, &'a str)>,
}

impl Place<'_> {
    /// The whole file.
    pub const FILE: Place<'static> = Place { line: None, column: None };
}

impl Report {
    pub fn new(file: &str) -> Self {
        Self { file: file.into(), sheet: None, refused: BTreeSet::new(), findings: Vec::new() }
    }

    /// From here on findings are of this sheet.
    pub fn stands_on(&mut self, sheet: &str) {
        self.sheet = Some(harmless(sheet));
    }

    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|(_, f)| f.severity == Severity::Error)
    }

    /// Records a finding with the usual advice of its code.
    pub fn add(&mut self, code: &'static str, place: Place<'_>, expected: impl Into<String>, found: Found) {
        self.advise(code, place, expected, found, advice(code));
    }

    /// Records a finding with advice of its own.
    pub fn advise(
        &mut self,
        code: &'static str,
        place: Place<'_>,
        expected: impl Into<String>,
        found: Found,
        hint: impl Into<String>,
    ) {
        let notice = code.starts_with("KD-R-N");
        let order = (place.line.unwrap_or(0), place.column.map_or(usize::MAX, |(i, _)| i));
        let one_cell = place.line.is_some() && place.column.is_some();
        if one_cell && !notice && !self.refused.insert(order) {
            return;
        }
        self.findings.push((
            order,
            Finding {
                severity: if notice { Severity::Notice } else { Severity::Error },
                code,
                file: self.file.clone(),
                sheet: self.sheet.clone(),
                line: place.line,
                column: place.column.map(|(_, header)| harmless(header)),
                expected: expected.into(),
                found,
                hint: hint.into(),
            },
        ));
    }

    pub fn into_findings(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|(order, _)| *order);
        self.findings.into_iter().map(|(_, finding)| finding).collect()
    }
}

/// What helps, by code.
fn advice(code: &str) -> &'static str {
    match code {
        "KD-R-01" => "请确认选中的是名册文件，且表头下面有数据",
        "KD-R-02" => "请在表格软件中另存为 CSV UTF-8",
        "KD-R-03" => "请拆分名册后分批导入",
        "KD-R-04" => "请补上这一列，或把表头改为所列名称之一",
        "KD-R-05" => "请只保留其中一列",
        "KD-R-06" => "请检查这一行的分隔符和引号",
        "KD-R-10" => "请填写此格",
        "KD-R-11" => "请按所示格式填写",
        "KD-R-12" => "请改为所列名称之一",
        "KD-R-20" => "请核对证件类型和号码",
        "KD-R-22" => "请核对号码第 7 至 14 位的出生日期",
        "KD-R-23" => "15 位旧号码已停用，请填写 18 位号码",
        "KD-R-24" => "准考证号不得含有证件号码，请重新编号",
        "KD-R-25" => "姓名中的字在之前的系统里已丢失，请对照证件补全",
        "KD-R-30" => "请将整列设为“文本”后从原系统重新导出",
        "KD-R-31" => "号码的后几位已丢失，请将整列设为“文本”后从原系统重新导出",
        "KD-R-32" => "号码可能被表格软件改成了近似值，请将整列设为“文本”后从原系统重新导出",
        "KD-R-33" => "开头的 0 已丢失，请将整列设为“文本”后从原系统重新导出",
        "KD-R-34" => "请把公式粘贴为数值，改正出错的单元格",
        "KD-R-35" => "请取消隐藏、筛选和合并单元格，确认每一行后再导入",
        "KD-R-36" => "请将此列设为“文本”，按 2026-11-24、09:00 的格式填写",
        "KD-R-40" => "准考证号不得重复",
        "KD-R-41" => "同一证件在同一场次只能有一行",
        "KD-R-42" => "同一证件的两个场次时间重叠，请调整场次",
        "KD-R-43" => "同一座位只能安排一人",
        "KD-R-44" => "请减少本场人数或增加场次",
        "KD-R-46" => "同一场次号的证书、等级、日期、时间必须相同",
        "KD-R-51" => "保留成绩的科目不能再列入科目；补考须写明科目，其余科目须有保留成绩",
        "KD-R-52" => "请只保留其中一处",
        "KD-R-N1" | "KD-R-N3" => "已自动整理，请确认",
        "KD-R-N2" => "这些列不导入，请确认",
        "KD-R-N4" => "姓名含无编码的生僻字，签到时需人工核对",
        "KD-R-N5" => "同场同名，请提醒监考核对证件",
        "KD-R-N6" => "可能是同一个人，请核对证件",
        "KD-R-N7" => "请核对性别和证件号码",
        "KD-R-N8" => "给出 --policy 后再查一次",
        _ => "请核对",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, mask: Mask) -> String {
        match masked(text, mask) {
            Found::Cell(text) | Found::Words(text) => text,
        }
    }

    #[test]
    fn a_mask_never_leaves_the_whole_value() {
        assert_eq!(shown("110199200501010013", Mask::LastFour), "**************0013");
        assert_eq!(shown("0013", Mask::LastFour), "****");
        assert_eq!(shown("阿依古丽买买提", Mask::LastFour), "*******");
        assert_eq!(shown("13800000042", Mask::LastTwo), "*********42");
        assert_eq!(shown("张三丰", Mask::First), "张*");
        assert_eq!(shown("张三丰", Mask::Short), "张**");
        assert_eq!(shown("25:00", Mask::Short), "25:00");
        assert_eq!(shown("200501010013", Mask::Short), "2***********");
    }

    #[test]
    fn a_mask_never_lets_a_terminal_sequence_through() {
        for mask in [Mask::LastFour, Mask::LastTwo, Mask::First, Mask::Short] {
            assert!(!shown("\u{1b}[31m\u{1b}[0m", mask).contains('\u{1b}'));
        }
        assert_eq!(harmless("姓名(\u{1b}[2J)"), "姓名(\u{fffd}[2J)");
    }

    #[test]
    fn both_forms_are_those_of_the_contract() {
        let mut report = Report::new("roster.csv");
        report.advise(
            "KD-R-21",
            Place { line: Some(18), column: Some((2, "证件号码")) },
            "check character 7",
            masked("110199200501010013", Mask::LastFour),
            "请核对第 18 位",
        );
        report.add("KD-R-02", Place::FILE, "UTF-8 or GB18030", Found::Words("UTF-16".into()));
        let findings = report.into_findings();
        assert_eq!(
            findings[1].to_string(),
            "KD-R-21 roster.csv:18 证件号码: expected check character 7, found \"**************0013\"\nhint: 请核对第 18 位"
        );
        assert_eq!(
            findings[0].to_json(),
            r#"{"event":"error","code":"KD-R-02","file":"roster.csv","sheet":null,"line":null,"column":null,"expected":"UTF-8 or GB18030","found":"UTF-16","hint":"请在表格软件中另存为 CSV UTF-8"}"#
        );
    }
}
