//! A part of the exam in words: length, weight, scale, and how its marks come about (rules.md §9).

use super::{Said, mark, percent, say};
use crate::domain::policy::{Combine, Marking, Part, PartKind, ThirdRule};
use crate::tui::i18n::tr;

pub(super) fn say_part(n: usize, part: &Part, said: &mut Said<'_>) {
    let Part {
        id,
        name,
        kind,
        minutes,
        max,
        step,
        pass,
        decimals,
        weight_permille,
        marking,
        mark_while_present,
        tolerance,
        combine,
        third_rule,
    } = part;
    let key = |field: &str| format!("parts[{n}].{field}");
    let kind = match kind {
        PartKind::Theory => tr!(said.look, "pol-theory"),
        PartKind::Practical => tr!(said.look, "pol-practical"),
    };
    let (name, id) = (name.to_string(), id.to_string());
    say!(said, key("name"), "pol-part", name = name, id = id, kind = kind);
    say!(said, key("minutes"), "pol-part-minutes", n = minutes.to_string());
    say!(said, key("weight_permille"), "pol-part-weight", share = percent(*weight_permille));
    say!(said, key("max"), "pol-part-max", max = mark(*max), step = mark(*step));
    match pass {
        Some(line) => say!(said, key("pass"), "pol-part-pass", pass = mark(*line)),
        None => say!(said, key("pass"), "pol-part-no-pass"),
    }
    match marking {
        Marking::DoubleBlind => {
            say!(said, key("marking"), "pol-double-blind");
            say!(said, key("tolerance"), "pol-tolerance", n = mark(*tolerance));
            say_pair(&key, *combine, *decimals, said);
            match third_rule {
                ThirdRule::ClosestPair => say!(said, key("third_rule"), "pol-closest"),
                ThirdRule::ThirdStands => say!(said, key("third_rule"), "pol-third"),
            }
        }
        Marking::DoubleEntry => say!(said, key("marking"), "pol-double-entry"),
        Marking::Single => say!(said, key("marking"), "pol-single"),
        Marking::Import => say!(said, key("marking"), "pol-import"),
        Marking::Remote => say!(said, key("marking"), "pol-remote"),
    }
    if !matches!(marking, Marking::Import | Marking::Remote) {
        if *mark_while_present {
            say!(said, key("mark_while_present"), "pol-while-present");
        } else {
            say!(said, key("mark_while_present"), "pol-after-handin");
        }
    }
}

/// How two marks that agree become one.
fn say_pair(key: &impl Fn(&str) -> String, combine: Combine, decimals: u32, said: &mut Said<'_>) {
    match combine {
        Combine::Mean => say!(said, key("combine"), "pol-mean", n = decimals.to_string()),
        Combine::Lower => say!(said, key("combine"), "pol-lower"),
        Combine::Higher => say!(said, key("combine"), "pol-higher"),
        Combine::First => say!(said, key("combine"), "pol-first"),
    }
}
