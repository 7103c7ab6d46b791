//! Every code that the program can say is explained in assets/design/codes.md, the rules of packages in exam-seal.md.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::path::Path;

fn codes_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("KD-") {
        let code: String =
            text[at..].chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '-').collect();
        let numbered = code.chars().last().is_some_and(|c| c.is_ascii_digit());
        if numbered && code.len() >= 7 {
            found.insert(code);
        }
    }
    found
}

fn sources(dir: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() {
            if !is_test {
                sources(&path, found);
            }
        } else if !is_test {
            let text = std::fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]").next().unwrap();
            found.extend(codes_in(product));
        }
    }
}

#[test]
fn every_code_of_the_program_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut said = BTreeSet::new();
    sources(&root.join("src"), &mut said);
    assert!(said.len() > 80, "the sources were read: {}", said.len());
    let page = |name: &str| std::fs::read_to_string(root.join("assets/design").join(name)).unwrap();
    let explained = codes_in(&(page("codes.md") + &page("exam-seal.md")));
    let missing: Vec<_> = said.difference(&explained).collect();
    assert!(missing.is_empty(), "codes without an explanation: {missing:?}");
}

#[test]
fn a_code_is_found_where_it_is_written() {
    assert_eq!(
        codes_in("x KD-A-20, `KD-3102` KD-R-N4 KD-x KD-A-"),
        ["KD-3102", "KD-A-20", "KD-R-N4"].map(str::to_owned).into()
    );
}
