//! Flawed policies, each through `policy check`.

use crate::course::Home;
use std::collections::BTreeSet;

const WELL: &str = r#"policy = { id = "EX-P", version = 1, org = "EX-ORG-A", certificate = "证书", level = "primary" }
parts = [
  { id = "theory", name = "理论", kind = "theory", minutes = 60, marking = "single", weight_permille = 1000 },
]
"#;

/// Code, line and key of each flaw.
fn flaws() -> Vec<(&'static str, u32, &'static str, String)> {
    let with = |extra: &str| WELL.to_owned() + extra;
    let instead = |from: &str, to: &str| WELL.replace(from, to);
    vec![
        ("KD-P-01", 6, "admission.open_min", with("[admission]\nopen_min = 30\n")),
        ("KD-P-02", 1, "policy.org", instead("org = \"EX-ORG-A\", ", "")),
        ("KD-P-03", 5, "desk.debounce_s", with("desk = { debounce_s = 10.0 }\n")),
        ("KD-P-04", 5, "admission.opens_min", with("admission = { opens_min = 121 }\n")),
        ("KD-P-05", 2, "parts", instead("1000", "999")),
        ("KD-P-06", 3, "parts[0].step", instead("weight", "step = \"0.03\", weight")),
        ("KD-P-06", 2, "parts", six_coprime_maxima()),
        ("KD-P-07", 3, "parts[0].marking", instead("single", "double_blind")),
    ]
}

/// The composite of six parts whose full marks share no factor cannot be computed exactly.
fn six_coprime_maxima() -> String {
    let head = WELL.lines().next().unwrap();
    let part = |(n, max): (usize, &str)| {
        let weight = if n == 0 { 500 } else { 100 };
        format!(
            "  {{ id = \"p{n}\", name = \"甲\", kind = \"theory\", minutes = 5, marking = \"single\", max = \"{max}\", \
             step = \"0.01\", weight_permille = {weight} }},\n"
        )
    };
    let maxima = ["999.91", "999.89", "999.71", "999.61", "999.29", "999.23"];
    let parts: String = maxima.into_iter().enumerate().map(part).collect();
    format!("{head}\nparts = [\n{parts}]\nresult = {{ composite_max = \"9999.99\", decimals = 0 }}\n")
}

pub fn said() -> BTreeSet<String> {
    let home = Home::new();
    home.file("p.toml", WELL);
    home.ok("policy check p.toml");
    let mut said = BTreeSet::new();
    for (code, line, key, text) in flaws() {
        home.file("p.toml", text);
        let found = home.run("--json policy check p.toml");
        found.refused(1, "KD-P-00 p.toml: 1 finding");
        let lines = found.json();
        let errors: Vec<_> = lines.iter().filter(|line| line["event"] == "error").collect();
        let told: Vec<_> =
            errors.iter().map(|e| (e["code"].as_str(), e["line"].as_u64(), e["column"].as_str())).collect();
        assert_eq!(told, [(Some(code), Some(u64::from(line)), Some(key))]);
        assert!(errors[0]["expected"].is_string() && errors[0]["found"].is_string());
        said.insert(code.to_owned());
        said.insert("KD-P-00".to_owned());
    }
    home.run("policy check none.toml").refused(1, "KD-P-08 ");
    said.insert("KD-P-08".to_owned());
    said
}
