use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;

const MINIMAL: &str = r#"policy = { id = "EX-P", version = 1, org = "EX-ORG-A", certificate = "证书", level = "primary" }
parts = [
  { id = "theory", name = "理论", kind = "theory", minutes = 60, weight_permille = 1000 },
]
"#;

fn refused(text: &str) -> Vec<(String, u32, String)> {
    match Policy::parse(text.as_bytes(), "p.toml") {
        Ok(_) => Vec::new(),
        Err(findings) => findings.into_iter().map(|f| (f.code.to_string(), f.line, f.key)).collect(),
    }
}

fn one(text: &str) -> (String, u32, String) {
    let all = refused(text);
    assert_eq!(all.len(), 1, "{all:?} in {text}");
    all[0].clone()
}

#[test]
fn a_minimal_policy_holds_every_default_of_the_rules() {
    let p = Policy::parse(MINIMAL.as_bytes(), "p.toml").unwrap();
    assert_eq!(
        p.admission,
        Admission { opens_min: 30, late_limit_min: 15, late_override: false, earliest_handin_min: 30 }
    );
    assert_eq!(p.documents.accepted.len(), 5);
    assert_eq!((p.documents.ticket, p.documents.forgotten), (Ticket::NotNeeded, Forgotten::Refuse));
    assert_eq!((p.documents.expired, p.documents.expired_grace_days), (Expired::Proctor, 0));
    assert_eq!((p.documents.name_variant, p.documents.uid), (NameVariant::Proctor, Uid::Pointer));
    assert_eq!(p.checks, Checks { photo: Photo::None, pledge: false });
    assert_eq!(p.r#override, Override { two_person: true, witness_window_s: 120 });
    assert_eq!(p.seats, Seats { mode: SeatMode::Fixed, spare_permille: 50 });
    assert_eq!(
        p.reentry,
        Reentry { allow: ReentryRule::Permitted, max_out_min: 10, max_times: 3, closed_last_min: 15 }
    );
    let part = &p.parts[0];
    assert_eq!((part.max, part.step, part.pass, part.decimals), (Mark(10_000), Mark(100), None, 1));
    assert_eq!((part.marking, part.mark_while_present, part.tolerance), (Marking::DoubleBlind, false, Mark(0)));
    assert_eq!((part.combine, part.third_rule), (Combine::Mean, ThirdRule::ClosestPair));
    assert_eq!((p.result.composite_max, p.result.pass, p.result.decimals), (Mark(10_000), Mark(6_000), 1));
    assert_eq!((p.result.rounding, p.result.decide_on), (Rounding::HalfUp, DecideOn::Rounded));
    assert!(p.result.part_lines && p.receipts.enabled && !p.receipts.slip && !p.papers.count && !p.policy.example);
    assert_eq!(p.report, Report { due_working_days: 5, holidays: vec![], extra_workdays: vec![] });
    assert_eq!(p.privacy, Privacy { retention_days: 180, keep_photo: false, blank_after_s: 20, suppress_below: 5 });
    assert_eq!(p.desk, Desk { idle_lock_min: 5, annul_min: 5, debounce_s: 10, clock_skew_s: 60 });
    assert_eq!(p.minutes(), 60);
}

#[test]
fn the_examples_of_the_rules_parse_and_say_what_is_not_supported() {
    for (bytes, keys) in [
        (
            &include_bytes!("../../../config/policies/example-b2b-intermediate.toml")[..],
            &[("parts[0].marking", 8), ("parts[1].marking", 9)][..],
        ),
        (
            &include_bytes!("../../../config/policies/example-eppm-primary.toml")[..],
            &[("parts[0].marking", 8), ("parts[1].marking", 9), ("papers.count", 12)][..],
        ),
        (
            &include_bytes!("../../../config/policies/example-english-primary.toml")[..],
            &[("parts[0].marking", 8), ("parts[1].marking", 9)][..],
        ),
    ] {
        assert!(Policy::parse(bytes, "p.toml").is_ok());
        let findings = Policy::parse_supported(bytes, "p.toml").unwrap_err();
        let found: Vec<_> = findings.iter().map(|f| (f.key.as_str(), f.line)).collect();
        assert_eq!(found, keys);
        assert!(findings.iter().all(|f| f.code == PolicyCode::NotSupported && f.file == "p.toml"));
    }
}

#[test]
fn the_demo_policies_are_supported() {
    for (bytes, id) in [
        (&include_bytes!("../../../assets/demo/b2b-intermediate.toml")[..], "EX-B2B-M"),
        (&include_bytes!("../../../assets/demo/eppm-primary.toml")[..], "EX-EPPM-P"),
        (&include_bytes!("../../../assets/demo/english-primary.toml")[..], "EX-ENG-P"),
    ] {
        let policy = Policy::parse_supported(bytes, id).unwrap();
        assert_eq!((&*policy.policy.id, policy.policy.org.as_str(), policy.policy.example), (id, "EX-ORG-A", true));
    }
}

#[test]
fn what_is_not_supported_is_refused_also_where_it_is_the_default() {
    let findings = Policy::parse_supported(MINIMAL.as_bytes(), "p.toml").unwrap_err();
    assert_eq!(findings.len(), 1);
    assert_eq!(
        findings[0].to_string(),
        "KD-P-07 p.toml:3 parts[0].marking: expected single in this release, found double_blind"
    );
    let text = MINIMAL.replace("weight", "marking = \"single\", weight") + "papers = { count = true }";
    let findings = Policy::parse_supported(text.as_bytes(), "p.toml").unwrap_err();
    assert_eq!((findings.len(), findings[0].key.as_str(), findings[0].line), (1, "papers.count", 5));
}

#[test]
fn each_code_has_its_flaw() {
    let with = |extra: &str| MINIMAL.to_owned() + extra;
    let code = |code: &str, line, key: &str| (code.to_owned(), line, key.to_owned());
    assert_eq!(one(&with("seat = 1\n")), code("KD-P-01", 5, "seat"));
    assert_eq!(one(&with("[admission]\nopen_min = 30\n")), code("KD-P-01", 6, "admission.open_min"));
    assert_eq!(one(&MINIMAL.replace("org = \"EX-ORG-A\", ", "")), code("KD-P-02", 1, "policy.org"));
    assert_eq!(one(&MINIMAL.replace("minutes = 60, ", "")), code("KD-P-02", 3, "parts[0].minutes"));
    assert_eq!(one(&with("result = { pass = 60 }\n")), code("KD-P-03", 5, "result.pass"));
    assert_eq!(one(&with("desk = { debounce_s = 10.0 }\n")), code("KD-P-03", 5, "desk.debounce_s"));
    assert_eq!(one(&with("report = { holidays = [2026-10-01] }\n")), code("KD-P-03", 5, "report.holidays"));
    assert_eq!(one("policy = {"), code("KD-P-03", 1, ""));
    assert_eq!(one(&with("[admission]\nopens_min = 4\n")), code("KD-P-04", 6, "admission.opens_min"));
    assert_eq!(
        one(&with("admission = { earliest_handin_min = 61 }\n")),
        code("KD-P-04", 5, "admission.earliest_handin_min")
    );
    assert_eq!(one(&with("override = { two_person = false }\n")), code("KD-P-04", 5, "override.two_person"));
    assert_eq!(one(&with("documents = { accepted = [] }\n")), code("KD-P-04", 5, "documents.accepted"));
    assert_eq!(one(&with("documents = { accepted = [\"ticket\"] }\n")), code("KD-P-04", 5, "documents.accepted"));
    assert_eq!(one(&with("seats = { mode = \"free\" }\n")), code("KD-P-04", 5, "seats.mode"));
    assert_eq!(
        one(&MINIMAL.replace("weight", "max = \"50\", pass = \"60\", weight")),
        code("KD-P-04", 3, "parts[0].pass")
    );
    assert_eq!(one(&with("result = { composite_max = \"50\" }\n")), code("KD-P-04", 5, "result.pass"));
    assert_eq!(one(&MINIMAL.replace("1000", "999")), code("KD-P-05", 2, "parts"));
    assert_eq!(one(&MINIMAL.replace("weight", "step = \"0.03\", weight")), code("KD-P-06", 3, "parts[0].step"));
    assert_eq!(one(&with("result = { pass = \"60.55\" }\n")), code("KD-P-06", 5, "result.pass"));
    assert_eq!(
        one(&MINIMAL.replace("weight", "marking = \"double_entry\", tolerance = \"1\", weight")),
        code("KD-P-06", 3, "parts[0].tolerance")
    );
    let twice = MINIMAL.replace(
        "1000 },",
        "500 },\n  { id = \"theory\", name = \"乙\", kind = \"theory\", minutes = 60, weight_permille = 500 },",
    );
    assert_eq!(one(&twice), code("KD-P-06", 4, "parts[1].id"));
}

/// Parts with these full marks, in centi-points, of about equal weight.
fn with_maxima(maxima: &[u32]) -> String {
    let share = 1000 / maxima.len();
    let mut text = MINIMAL.lines().next().unwrap().to_owned() + "\nparts = [\n";
    for (n, max) in maxima.iter().enumerate() {
        let weight = if n == 0 { 1000 - share * (maxima.len() - 1) } else { share };
        writeln!(
            text,
            "{{ id = \"p{n}\", name = \"甲\", kind = \"theory\", minutes = 5, max = \"{}\", step = \"0.01\", weight_permille = {weight} }},",
            Mark(*max)
        )
        .unwrap();
    }
    text + "]\nresult = { composite_max = \"9999.99\", decimals = 0 }\n"
}

#[test]
fn full_marks_whose_composite_would_not_be_exact_are_refused() {
    // The largest primes below 100,000: nothing cancels in their least common multiple.
    let primes = [99_991, 99_989, 99_971, 99_961, 99_929, 99_923];
    assert_eq!(one(&with_maxima(&primes)), ("KD-P-06".to_owned(), 2, "parts".to_owned()));
    let said = Policy::parse(with_maxima(&primes).as_bytes(), "p.toml").unwrap_err()[0].to_string();
    assert!(said.ends_with("found 999.91, 999.89, 999.71, 999.61, 999.29, 999.23"), "{said}");
    assert_eq!(refused(&with_maxima(&primes[..5])), []);
    assert_eq!(refused(&with_maxima(&[10_000; 12])), []);
}

#[test]
fn all_flaws_come_at_once_in_the_order_of_lines() {
    let text = MINIMAL.replace("version = 1, ", "").replace("1000", "900") + "desk = { debounce_s = 1 }\nx = 1\n";
    let codes: Vec<_> = refused(&text).into_iter().map(|(code, line, _)| (code, line)).collect();
    assert_eq!(codes, [("KD-P-02".into(), 1), ("KD-P-05".into(), 2), ("KD-P-04".into(), 5), ("KD-P-01".into(), 6)]);
}

proptest! {
    #[test]
    fn parsing_is_total(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Policy::parse(&bytes, "p.toml");
    }

    #[test]
    fn weights_that_do_not_add_up_never_make_a_policy(a in 0u32..=1000, b in 0u32..=1000) {
        let text = MINIMAL.replace("weight_permille = 1000 },", &format!(
            "weight_permille = {a} }},\n {{ id = \"b\", name = \"乙\", kind = \"practical\", minutes = 5, weight_permille = {b} }},"
        ));
        prop_assert_eq!(Policy::parse(text.as_bytes(), "p.toml").is_ok(), a + b == 1000);
    }
}
