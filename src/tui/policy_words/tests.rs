use super::*;
use crate::tui::i18n::Lang;
use crate::tui::text::width;
use std::collections::BTreeSet;

const B2B: &[u8] = include_bytes!("../../../config/policies/example-b2b-intermediate.toml");
const EPPM: &[u8] = include_bytes!("../../../config/policies/example-eppm-primary.toml");
const ENGLISH: &[u8] = include_bytes!("../../../config/policies/example-english-primary.toml");

/// A policy of defaults.
const DEFAULT: &str = r#"policy = { id = "EX-P", version = 1, org = "EX-ORG-A", certificate = "甲", level = "primary" }
parts = [ { id = "theory", name = "理论", kind = "theory", minutes = 60, weight_permille = 1000 } ]
"#;

/// A policy in which each choice is the other one than by default, and every figure its largest.
const OTHER: &str = r#"policy = { id = "EX-OTHER", version = 4294967295, org = "EX-ORG-A", certificate = "证书", level = "advanced" }
admission = { opens_min = 120, late_limit_min = 60, late_override = true, earliest_handin_min = 480 }
documents = { accepted = ["passport"], ticket = "required", forgotten = "override", expired = "accept", expired_grace_days = 90, name_variant = "accept", uid = "off" }
checks = { photo = "proctor", pledge = true }
override = { witness_window_s = 600 }
seats = { mode = "random", spare_permille = 25 }
reentry = { allow = "permitted", max_out_min = 60, max_times = 10, closed_last_min = 60 }
parts = [
  { id = "live", name = "答辩", kind = "practical", minutes = 480, max = "1000", step = "0.25", pass = "987.75", decimals = 2, weight_permille = 999, tolerance = "999.75", combine = "first", third_rule = "third_stands", mark_while_present = true },
  { id = "rest", name = "其余", kind = "theory", minutes = 5, weight_permille = 1, marking = "remote" },
]
result = { composite_max = "1000", pass = "987.65", decimals = 2, rounding = "down", decide_on = "exact", part_lines = false }
report = { due_working_days = 30, holidays = ["2026-10-01"], extra_workdays = ["2026-10-10"] }
papers = { count = true }
privacy = { retention_days = 1095, keep_photo = true, blank_after_s = 120, suppress_below = 20 }
desk = { idle_lock_min = 30, annul_min = 30, debounce_s = 60, clock_skew_s = 300 }
receipts = { enabled = false, slip = true }
"#;

fn said(bytes: &[u8], lang: Lang) -> Vec<Sentence> {
    sentences(&Policy::parse(bytes, "p.toml").unwrap(), &Texts::load(lang).unwrap())
}

/// `key: sentence` of one key.
fn of(bytes: &[u8], lang: Lang, key: &str) -> String {
    let said = said(bytes, lang);
    said.iter().find(|s| s.key == key).unwrap_or_else(|| panic!("{key} is unsaid")).says.clone()
}

/// The keys of the table of rules.md §4, as it writes them.
fn keys_of_the_rules() -> BTreeSet<String> {
    let page = include_str!("../../../assets/design/rules.md");
    let table = page.split("## 4. Exam policy").nth(1).unwrap().split("Codes of a refused policy").next().unwrap();
    let mut keys = BTreeSet::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        // `late_limit_min` / `late_override` share a cell; a name without a table is of the one before it.
        let mut table = "";
        for name in row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2) {
            let (head, fields) = name.split_once('.').unwrap_or((table, name));
            table = head;
            for field in fields.trim_matches(['{', '}']).split(", ") {
                keys.insert(format!("{}.{field}", table.replace("parts[]", "parts[0]")));
            }
        }
    }
    assert!(keys.len() > 50, "the table was read: {keys:?}");
    keys
}

#[test]
fn every_key_of_the_rules_is_said() {
    let texts = Texts::load(Lang::English).unwrap();
    let policy = Policy::parse(OTHER.as_bytes(), "p.toml").unwrap();
    let keys: BTreeSet<String> = sentences(&policy, &texts).into_iter().map(|s| s.key).collect();
    // What a sentence of another key says along: the head in one, the scale in one, the mean in one.
    let along = [
        ("policy.version", "policy.id"),
        ("policy.org", "policy.id"),
        ("policy.level", "policy.certificate"),
        ("parts[0].id", "parts[0].name"),
        ("parts[0].kind", "parts[0].name"),
        ("parts[0].step", "parts[0].max"),
        ("parts[0].decimals", "parts[0].combine"),
    ];
    let unsaid: Vec<String> = keys_of_the_rules()
        .into_iter()
        .filter(|key| !keys.contains(key) && !along.iter().any(|(k, by)| k == key && keys.contains(*by)))
        .collect();
    assert_eq!(unsaid, Vec::<String>::new());
}

#[test]
fn another_value_of_a_key_is_another_sentence() {
    for lang in Lang::ALL {
        let default = said(DEFAULT.as_bytes(), lang);
        let other = said(OTHER.as_bytes(), lang);
        for sentence in other.iter().filter(|s| !s.key.starts_with("parts[1]")) {
            let Some(twin) = default.iter().find(|s| s.key == sentence.key) else {
                panic!("{} is said of one only", sentence.key)
            };
            let same = ["override.two_person", "policy.example", "reentry.allow", "parts[0].marking"];
            assert_eq!(twin.says == sentence.says, same.contains(&sentence.key.as_str()), "{}", sentence.key);
        }
    }
}

#[test]
fn the_examples_say_their_figures_with_their_units() {
    let zh = |bytes, key| of(bytes, Lang::Chinese, key);
    assert_eq!(zh(B2B, "admission.late_limit_min"), "开考后 15 分钟（含）以内到场算迟到，仍可入场；再晚停止入场");
    assert_eq!(zh(EPPM, "admission.opens_min"), "开考前 40 分钟开始签到入场");
    assert_eq!(zh(B2B, "parts[1].weight_permille"), "占合成成绩 60%");
    assert_eq!(zh(ENGLISH, "parts[1].max"), "满分 30 分，每 0.1 分一档");
    assert_eq!(zh(B2B, "parts[1].tolerance"), "两个分数相差不超过 5 分为一致，否则由第三人评分");
    assert_eq!(zh(EPPM, "reentry.allow"), "离场后不能再进考场");
    assert_eq!(zh(ENGLISH, "documents.accepted"), "可以入场的证件：居民身份证、港澳台居民居住证、外国人永久居留身份证");
    assert_eq!(zh(ENGLISH, "privacy.retention_days"), "组织签收 365 天以后删除个人信息");
    let en = |bytes, key| of(bytes, Lang::English, key);
    assert_eq!(en(B2B, "seats.spare_permille"), "A warning is given when fewer than 5% of the stations are spare");
    assert_eq!(en(OTHER.as_bytes(), "seats.spare_permille").matches("2.5%").count(), 1);
}

#[test]
fn what_decides_nothing_is_not_said() {
    let keys = |bytes: &[u8]| said(bytes, Lang::English).into_iter().map(|s| s.key).collect::<BTreeSet<_>>();
    let eppm = keys(EPPM);
    // Nobody comes back in, so no time out; two equal entries need neither tolerance nor mean.
    for idle in ["reentry.max_out_min", "reentry.max_times", "parts[0].tolerance", "parts[0].combine"] {
        assert!(!eppm.contains(idle), "{idle}");
    }
    assert!(!keys(B2B).contains("parts[0].mark_while_present"), "a mark from a file is never typed");
}

#[test]
fn sentences_fit_a_line_unless_they_list() {
    for lang in Lang::ALL {
        for bytes in [B2B, EPPM, ENGLISH, OTHER.as_bytes()] {
            for sentence in said(bytes, lang) {
                let lists = ["documents.accepted", "report.holidays", "report.extra_workdays"];
                let indent = if sentence.is_of_part() { 2 } else { 0 };
                assert!(
                    lists.contains(&sentence.key.as_str()) || width(&sentence.says) + indent <= 76,
                    "{}: {}",
                    sentence.key,
                    sentence.says
                );
            }
        }
        let brief = summary(&Policy::parse(B2B, "p.toml").unwrap(), &Texts::load(lang).unwrap());
        assert!(brief.contains("15") && width(&brief) <= 50, "{brief}");
    }
}
