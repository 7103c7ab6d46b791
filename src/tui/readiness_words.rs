//! The checks before opening in words: what was found, what to do about it, and the reasons for letting a red one stand.
//!
//! One place for screen 3.2 and for `kaodian session check`. What a finding means is judged in `domain::readiness`.

use super::i18n::{Texts, tr};
use crate::domain::readiness::{Fact, Item, Reader, Standing, WaiveReason};
use crate::domain::time::ClockQuality;

/// What `tr!` reads.
struct In<'a> {
    texts: &'a Texts,
}

/// The name of an item.
#[must_use]
pub fn name(item: Item, texts: &Texts) -> String {
    let look = In { texts };
    match item {
        Item::Roster => tr!(look, "check-roster"),
        Item::Policy => tr!(look, "check-policy"),
        Item::Seats => tr!(look, "check-seats"),
        Item::Journal => tr!(look, "check-journal"),
        Item::Chain => tr!(look, "check-chain"),
        Item::Reader => tr!(look, "check-reader"),
        Item::Desks => tr!(look, "check-desks"),
        Item::Clock => tr!(look, "check-clock"),
        Item::Disk => tr!(look, "check-disk"),
        Item::Crew => tr!(look, "check-crew"),
        Item::Certificates => tr!(look, "check-certificates"),
        Item::Recipients => tr!(look, "check-recipients"),
    }
}

/// What was found. `brief` is the policy in one line.
#[must_use]
pub fn found(fact: &Fact, brief: &str, texts: &Texts) -> String {
    let look = In { texts };
    match *fact {
        Fact::Roster { people: 0, .. } => tr!(look, "check-roster-none"),
        Fact::Roster { people, rooms } => {
            tr!(look, "check-roster-people", people = people.to_string(), rooms = rooms.to_string())
        }
        Fact::Policy { sha256, .. } => {
            let short: String = sha256.to_string().chars().take(8).collect();
            tr!(look, "check-policy-rules", rules = brief, sha256 = short)
        }
        Fact::Seats { fixed: false, .. } => tr!(look, "check-seats-arrival"),
        Fact::Seats { without: 0, .. } => tr!(look, "check-seats-all"),
        Fact::Seats { without, .. } => tr!(look, "check-seats-without", n = without.to_string()),
        Fact::Journal { takes: true, lines } => tr!(look, "check-journal-takes", n = lines.to_string()),
        Fact::Journal { takes: false, .. } => tr!(look, "check-journal-stopped"),
        Fact::Chain(Some(true)) => tr!(look, "check-chain-holds"),
        Fact::Chain(Some(false)) => tr!(look, "check-chain-broken"),
        Fact::Chain(None) | Fact::Desks(None) | Fact::Disk(None) => tr!(look, "check-unknown"),
        Fact::Reader(Reader::Up) => tr!(look, "check-reader-up"),
        Fact::Reader(Reader::Sought) => tr!(look, "check-reader-sought"),
        Fact::Reader(Reader::Absent) => tr!(look, "check-reader-absent"),
        Fact::Reader(Reader::Down(_)) => tr!(look, "check-reader-down"),
        Fact::Desks(Some(0)) => tr!(look, "check-desks-alone"),
        Fact::Desks(Some(n)) => tr!(look, "check-desks-others", n = n.to_string()),
        Fact::Clock { same_day: false, .. } => tr!(look, "check-clock-day"),
        Fact::Clock { quality: ClockQuality::Synced, .. } => tr!(look, "check-clock-synced"),
        Fact::Clock { .. } => tr!(look, "check-clock-alone"),
        Fact::Disk(Some(free)) => tr!(look, "check-disk-free", size = size(free)),
        Fact::Crew { proctors, assessors } => {
            tr!(look, "check-crew-count", proctors = proctors.to_string(), assessors = assessors.to_string())
        }
        Fact::Certificates(Ok(n)) => tr!(look, "check-certificates-count", n = n.to_string()),
        Fact::Certificates(Err(_)) => tr!(look, "check-certificates-missing"),
        Fact::Recipients(true) => tr!(look, "check-recipients-known"),
        Fact::Recipients(false) => tr!(look, "check-recipients-unknown"),
    }
}

/// What to do about it; nothing where all is well.
#[must_use]
pub fn remedy(fact: &Fact, texts: &Texts) -> Option<String> {
    let look = In { texts };
    if fact.standing() == Standing::Good {
        return None;
    }
    Some(match fact.item() {
        Item::Roster => tr!(look, "check-do-roster"),
        Item::Policy => tr!(look, "check-do-policy"),
        Item::Seats => tr!(look, "check-do-seats"),
        Item::Journal => tr!(look, "check-do-journal"),
        Item::Chain => tr!(look, "check-do-chain"),
        Item::Reader => tr!(look, "check-do-reader"),
        Item::Desks => tr!(look, "check-do-desks"),
        Item::Clock => tr!(look, "check-do-clock"),
        Item::Disk => tr!(look, "check-do-disk"),
        Item::Crew => tr!(look, "check-do-crew"),
        Item::Certificates => tr!(look, "check-do-certificates"),
        Item::Recipients => tr!(look, "check-do-recipients"),
    })
}

/// Why a red item may stand.
#[must_use]
pub fn reason(reason: WaiveReason, texts: &Texts) -> String {
    let look = In { texts };
    match reason {
        WaiveReason::OtherMeans => tr!(look, "check-waive-other"),
        WaiveReason::InRepair => tr!(look, "check-waive-repair"),
        WaiveReason::NotNeeded => tr!(look, "check-waive-not-needed"),
        WaiveReason::OrganisationInstruction => tr!(look, "check-waive-organisation"),
    }
}

/// `41 GB` of 42,000 MiB, `512 MB` of 512.
fn size(mib: u64) -> String {
    if mib >= 1024 { format!("{} GB", mib / 1024) } else { format!("{mib} MB") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::digest;
    use crate::domain::session::Mode;
    use crate::tui::i18n::Lang;
    use crate::tui::text::width;

    #[test]
    fn every_finding_fits_its_line_and_every_flaw_has_a_remedy() {
        for lang in Lang::ALL {
            let texts = Texts::load(lang).unwrap();
            let facts = [
                Fact::Roster { people: 30_000, rooms: 999 },
                Fact::Roster { people: 0, rooms: 0 },
                Fact::Policy { sha256: digest(7), example: true, mode: Mode::Live },
                Fact::Seats { fixed: true, without: 30_000 },
                Fact::Seats { fixed: false, without: 3 },
                Fact::Seats { fixed: true, without: 0 },
                Fact::Journal { takes: true, lines: 100_000_000 },
                Fact::Journal { takes: false, lines: 1 },
                Fact::Chain(Some(true)),
                Fact::Chain(Some(false)),
                Fact::Chain(None),
                Fact::Reader(Reader::Up),
                Fact::Reader(Reader::Down("KD-3102")),
                Fact::Reader(Reader::Sought),
                Fact::Reader(Reader::Absent),
                Fact::Desks(Some(0)),
                Fact::Desks(Some(98)),
                Fact::Clock { quality: ClockQuality::Synced, same_day: true },
                Fact::Clock { quality: ClockQuality::Synced, same_day: false },
                Fact::Clock { quality: ClockQuality::Untrusted, same_day: true },
                Fact::Disk(Some(512)),
                Fact::Disk(Some(9_000_000)),
                Fact::Crew { proctors: 0, assessors: 100 },
                Fact::Certificates(Ok(1)),
                Fact::Certificates(Err("KD-S-16")),
                Fact::Recipients(false),
                Fact::Recipients(true),
            ];
            for fact in facts {
                let brief = crate::tui::policy_words::summary_of(60, true, &texts);
                let words = found(&fact, &brief, &texts);
                assert!(width(&words) <= 37 && !words.is_empty(), "{words}");
                assert!(width(&name(fact.item(), &texts)) <= 18, "{:?}", fact.item());
                assert_eq!(remedy(&fact, &texts).is_none(), fact.standing() == Standing::Good, "{fact:?}");
                assert!(remedy(&fact, &texts).is_none_or(|text| width(&text) <= 152), "two rows: {fact:?}");
            }
            for reason in WaiveReason::ALL.map(|r| super::reason(r, &texts)) {
                assert!(width(&reason) <= 70, "{reason}");
            }
        }
    }
}
