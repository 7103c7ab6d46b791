//! From TOML to [`Policy`]: the table of rules.md §4 as code, one line per key, then the rules between keys.

use super::super::table::{self, Fault, Problem, Table};
use super::{
    Admission, Checks, Combine, DecideOn, Desk, Documents, Expired, Forgotten, Head, Marking, NameVariant, Override,
    Papers, Part, Photo, Policy, PolicyCode, PolicyFinding, Privacy, Receipts, Reentry, ReentryRule, Report,
    ResultRule, Rounding, SeatMode, Seats, ThirdRule, Ticket, Uid,
};
use crate::domain::candidate::{Label, Level, Mark};
use crate::domain::document::DocKind;
use crate::domain::ids::{OrgId, PartId};
use crate::domain::scoring::composite;
use crate::domain::time::parse_date;

/// A key that takes one of a few words.
pub(super) trait Choice: Copy + 'static {
    const ALL: &'static [Self];
    fn word(self) -> &'static str;
}

impl Choice for Level {
    const ALL: &'static [Self] = Level::ALL;
    fn word(self) -> &'static str {
        self.as_str()
    }
}

/// A rule between two keys that does not hold, noted while the tables are still open.
struct Clash {
    code: PolicyCode,
    key: String,
    expected: String,
    found: String,
}

pub(super) fn policy(bytes: &[u8], file: &str) -> Result<Policy, Vec<PolicyFinding>> {
    let mut clashes = Vec::new();
    let read = table::read(bytes, |root| read_policy(root, &mut clashes));
    let (policy, mut problems) = match read {
        Ok(policy) => (Some(policy), Vec::new()),
        Err(problems) => (None, problems),
    };
    let mut findings: Vec<PolicyFinding> = problems.drain(..).map(|p| finding(p, file)).collect();
    findings.extend(clashes.into_iter().map(|c| PolicyFinding {
        code: c.code,
        file: file.into(),
        line: table::line_of(bytes, &c.key),
        key: c.key,
        expected: c.expected,
        found: c.found,
    }));
    findings.sort_by_key(|f| f.line);
    match policy {
        Some(policy) if findings.is_empty() => Ok(policy),
        _ => Err(findings),
    }
}

fn finding(p: Problem, file: &str) -> PolicyFinding {
    let code = match p.fault {
        Fault::UnknownKey => PolicyCode::UnknownKey,
        Fault::Missing => PolicyCode::Missing,
        Fault::Unreadable | Fault::WrongType => PolicyCode::WrongType,
        Fault::OutOfRange => PolicyCode::OutOfRange,
    };
    PolicyFinding { code, file: file.into(), line: p.line, key: p.key, expected: p.expected, found: p.found }
}

fn choice<T: Choice>(table: &mut Table<'_, '_>, key: &'static str, default: T) -> T {
    chosen(table, key).unwrap_or(default)
}

fn chosen<T: Choice>(table: &mut Table<'_, '_>, key: &'static str) -> Option<T> {
    let words: Vec<&str> = T::ALL.iter().map(|v| v.word()).collect();
    table.text(key, &words.join(", "), |s| T::ALL.iter().copied().find(|v| v.word() == s))
}

fn mark(table: &mut Table<'_, '_>, key: &'static str, expected: &str, range: impl Fn(Mark) -> bool) -> Option<Mark> {
    table.text(key, expected, |s| Mark::parse(s).filter(|m| range(*m)))
}

fn printable(most: usize) -> impl Fn(&str) -> Option<Box<str>> {
    move |s| Label::parse(s).ok().filter(|_| s.chars().count() <= most && s.trim() == s).map(|_| s.into())
}

fn read_policy(root: &mut Table<'_, '_>, clashes: &mut Vec<Clash>) -> Option<Policy> {
    root.require("policy", "the table [policy]");
    let policy = root.table("policy", read_head);
    root.require("parts", "at least one of [[parts]]");
    let parts = read_parts(root, clashes);
    let minutes = parts.as_ref().map_or(u32::MAX, |parts| parts.iter().map(|p| p.minutes).sum());
    let admission = root.table("admission", |t| Admission {
        opens_min: t.int("opens_min", 5..=120).unwrap_or(30),
        late_limit_min: t.int("late_limit_min", 0..=60).unwrap_or(15),
        late_override: t.boolean("late_override").unwrap_or(false),
        earliest_handin_min: t.int("earliest_handin_min", 0..=minutes).unwrap_or(30.min(minutes)),
    });
    let documents = root.table("documents", read_documents);
    let checks = root.table("checks", |t| Checks {
        photo: choice(t, "photo", Photo::None),
        pledge: t.boolean("pledge").unwrap_or(false),
    });
    let r#override = root.table("override", |t| {
        let two_person = t.boolean("two_person").unwrap_or(true);
        if !two_person {
            t.refuse(Fault::OutOfRange, "two_person", "true", "false");
        }
        Override { two_person, witness_window_s: t.int("witness_window_s", 30..=600).unwrap_or(120) }
    });
    let seats = root.table("seats", |t| Seats {
        mode: choice(t, "mode", SeatMode::Fixed),
        spare_permille: t.int("spare_permille", 0..=200).unwrap_or(50),
    });
    let reentry = root.table("reentry", |t| Reentry {
        allow: choice(t, "allow", ReentryRule::Permitted),
        max_out_min: t.int("max_out_min", 1..=60).unwrap_or(10),
        max_times: t.int("max_times", 0..=10).unwrap_or(3),
        closed_last_min: t.int("closed_last_min", 0..=60).unwrap_or(15),
    });
    let result = root.table("result", |t| read_result(t, clashes));
    if let Some(parts) = &parts {
        has_composite(parts, &result, clashes);
    }
    let report = root.table("report", |t| Report {
        due_working_days: t.int("due_working_days", 1..=30).unwrap_or(5),
        holidays: t.texts("holidays", "dates such as \"2026-10-01\"", parse_date).unwrap_or_default(),
        extra_workdays: t.texts("extra_workdays", "dates such as \"2026-10-10\"", parse_date).unwrap_or_default(),
    });
    let papers = root.table("papers", |t| Papers { count: t.boolean("count").unwrap_or(false) });
    let privacy = root.table("privacy", |t| Privacy {
        retention_days: t.int("retention_days", 0..=1095).unwrap_or(180),
        keep_photo: t.boolean("keep_photo").unwrap_or(false),
        blank_after_s: t.int("blank_after_s", 5..=120).unwrap_or(20),
        suppress_below: t.int("suppress_below", 0..=20).unwrap_or(5),
    });
    let desk = root.table("desk", |t| Desk {
        idle_lock_min: t.int("idle_lock_min", 1..=30).unwrap_or(5),
        annul_min: t.int("annul_min", 0..=30).unwrap_or(5),
        debounce_s: t.int("debounce_s", 2..=60).unwrap_or(10),
        clock_skew_s: t.int("clock_skew_s", 5..=300).unwrap_or(60),
    });
    let receipts = root.table("receipts", |t| Receipts {
        enabled: t.boolean("enabled").unwrap_or(true),
        slip: t.boolean("slip").unwrap_or(false),
    });
    Some(Policy {
        policy: policy?,
        admission,
        documents,
        checks,
        r#override,
        seats,
        reentry,
        parts: parts?,
        result,
        report,
        papers,
        privacy,
        desk,
        receipts,
    })
}

fn read_head(t: &mut Table<'_, '_>) -> Option<Head> {
    const ID: &str = "3 to 16 of 0-9 A-Z -, no dash at an end, no two in a row";
    for (key, expected) in [
        ("id", "an id"),
        ("version", "a number"),
        ("org", "an organisation id"),
        ("certificate", "the certificate's name"),
        ("level", "primary, intermediate or advanced"),
    ] {
        t.require(key, expected);
    }
    let id = t.text("id", ID, |s| OrgId::parse(s).ok().map(|_| s.into()));
    let version = t.int("version", 1..=u32::MAX);
    let org = t.text("org", ID, |s| OrgId::parse(s).ok());
    let certificate = t.text("certificate", "1 to 40 printable characters", printable(40));
    let level = chosen(t, "level");
    let example = t.boolean("example").unwrap_or(false);
    Some(Head { id: id?, version: version?, org: org?, certificate: certificate?, level: level?, example })
}

fn read_documents(t: &mut Table<'_, '_>) -> Documents {
    const ACCEPTED: &str = "at least one kind of document that proves identity, each once";
    let kind = |s: &str| DocKind::ALL.into_iter().find(|k| k.id() == s && k.proves_identity());
    let accepted = t.texts("accepted", ACCEPTED, kind).unwrap_or_else(|| {
        vec![DocKind::ResidentId, DocKind::TempId, DocKind::ForeignerPr, DocKind::HmtResidence, DocKind::Passport]
    });
    let twice =
        (1..accepted.len()).any(|i| accepted.get(..i).is_some_and(|a| accepted.get(i).is_some_and(|k| a.contains(k))));
    if twice || accepted.is_empty() {
        t.refuse(Fault::OutOfRange, "accepted", ACCEPTED, if twice { "one twice" } else { "none" });
    }
    Documents {
        accepted,
        ticket: choice(t, "ticket", Ticket::NotNeeded),
        forgotten: choice(t, "forgotten", Forgotten::Refuse),
        expired: choice(t, "expired", Expired::Proctor),
        expired_grace_days: t.int("expired_grace_days", 0..=90).unwrap_or(0),
        name_variant: choice(t, "name_variant", NameVariant::Proctor),
        uid: choice(t, "uid", Uid::Pointer),
    }
}

fn read_result(t: &mut Table<'_, '_>, clashes: &mut Vec<Clash>) -> ResultRule {
    let composite_max =
        mark(t, "composite_max", "a mark such as \"100\", above 0", |m| m > Mark(0)).unwrap_or(Mark(10_000));
    let expected = format!("a mark such as \"60\", at most {composite_max}");
    let pass = mark(t, "pass", &expected, |m| m <= composite_max).unwrap_or(Mark(6_000));
    let decimals = t.int("decimals", 0..=2).unwrap_or(1);
    let unit = 10u32.pow(2 - decimals);
    if pass > composite_max {
        t.refuse(Fault::OutOfRange, "pass", expected, pass.to_string());
    }
    if !pass.0.is_multiple_of(unit) {
        clashes.push(Clash {
            code: PolicyCode::Combination,
            key: t.key("pass"),
            expected: format!("a multiple of {}, the unit of {decimals} decimals", Mark(unit)),
            found: pass.to_string(),
        });
    }
    ResultRule {
        composite_max,
        pass,
        decimals,
        rounding: choice(t, "rounding", Rounding::HalfUp),
        decide_on: choice(t, "decide_on", DecideOn::Rounded),
        part_lines: t.boolean("part_lines").unwrap_or(true),
    }
}

/// Whether full marks have a composite that can be computed exactly; lower marks make no step of it larger.
fn has_composite(parts: &[Part], result: &ResultRule, clashes: &mut Vec<Clash>) {
    let full: Vec<(&Part, u32)> = parts.iter().map(|part| (part, part.max.0)).collect();
    if composite(&full, result).is_none() {
        let maxima: Vec<String> = parts.iter().map(|part| part.max.to_string()).collect();
        clashes.push(Clash {
            code: PolicyCode::Combination,
            key: "parts".into(),
            expected: "full marks with a smaller least common multiple, so that the composite stays exact".into(),
            found: maxima.join(", "),
        });
    }
}

fn read_parts(root: &mut Table<'_, '_>, clashes: &mut Vec<Clash>) -> Option<Vec<Part>> {
    let parts: Option<Vec<Part>> = root.tables("parts", |t| read_part(t, clashes))?.into_iter().collect();
    let parts = parts?;
    if parts.is_empty() {
        root.refuse(Fault::OutOfRange, "parts", "at least one part", "none");
        return None;
    }
    let mut clash = |code, key: String, expected: &str, found: String| {
        clashes.push(Clash { code, key, expected: expected.into(), found });
    };
    for (i, part) in parts.iter().enumerate() {
        if parts.iter().position(|p| p.id == part.id) != Some(i) {
            clash(
                PolicyCode::Combination,
                format!("parts[{i}].id"),
                "an id that no other part has",
                part.id.to_string(),
            );
        }
    }
    let sum: u32 = parts.iter().map(|p| p.weight_permille).sum();
    if sum != 1000 {
        clash(PolicyCode::Weights, "parts".into(), "weights of 1000 permille together", sum.to_string());
    }
    Some(parts)
}

fn read_part(t: &mut Table<'_, '_>, clashes: &mut Vec<Clash>) -> Option<Part> {
    for (key, expected) in [
        ("id", "an id such as theory"),
        ("name", "the part's name"),
        ("kind", "theory or practical"),
        ("minutes", "its length"),
        ("weight_permille", "its weight"),
    ] {
        t.require(key, expected);
    }
    let id = t.text("id", "1 to 16 of a-z 0-9 _, a letter first, not composite", |s| PartId::parse(s).ok());
    let name = t.text("name", "1 to 40 printable characters", printable(40));
    let kind = chosen(t, "kind");
    let minutes = t.int("minutes", 5..=480);
    let weight_permille = t.int("weight_permille", 0..=1000);
    let max = mark(t, "max", "a mark such as \"100\", above 0, at most 1000", |m| m > Mark(0) && m <= Mark(100_000))
        .unwrap_or(Mark(10_000));
    let step = mark(t, "step", "a mark such as \"0.5\", at least 0.01", |m| m > Mark(0)).unwrap_or(Mark(100));
    let most = format!("a mark such as \"60\", at most {max}");
    let pass = mark(t, "pass", &most, |m| m <= max);
    let decimals = t.int("decimals", 0..=2).unwrap_or(1);
    let marking = choice(t, "marking", Marking::DoubleBlind);
    let mark_while_present = t.boolean("mark_while_present").unwrap_or(false);
    let tolerance = mark(t, "tolerance", &most, |m| m <= max).unwrap_or_default();
    let combine = choice(t, "combine", Combine::Mean);
    let third_rule = choice(t, "third_rule", ThirdRule::ClosestPair);
    let mut clash = |key: &str, expected: String, found: String| {
        clashes.push(Clash { code: PolicyCode::Combination, key: t.key(key), expected, found });
    };
    if !max.0.is_multiple_of(step.0) {
        clash("step", format!("a step that divides {max}"), step.to_string());
    }
    if marking == Marking::DoubleEntry && tolerance != Mark(0) {
        clash("tolerance", "0 under double_entry".into(), tolerance.to_string());
    }
    Some(Part {
        id: id?,
        name: name?,
        kind: kind?,
        minutes: minutes?,
        max,
        step,
        pass,
        decimals,
        weight_permille: weight_permille?,
        marking,
        mark_while_present,
        tolerance,
        combine,
        third_rule,
    })
}
