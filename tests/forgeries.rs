//! Forged packages, each refused for its flaw and no other. A forger holds the day's keys (`support/forger.rs`): what is
//! signed again is really signed, so that only the rule that the row names stands in the way.
//!
//! Rows lie by theme in `forgeries/`: one test for each theme, because a process plays a day of its own first.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "forgeries/archives.rs"]
mod archives;
#[path = "forgeries/command.rs"]
mod command;
#[path = "forgeries/contents.rs"]
mod contents;
#[path = "forgeries/course.rs"]
mod course;
#[path = "forgeries/desks.rs"]
mod desks;
#[path = "support/forger.rs"]
mod forger;
#[path = "forgeries/lines.rs"]
mod lines;
#[path = "forgeries/signers.rs"]
mod signers;
mod support;
#[path = "forgeries/texts.rs"]
mod texts;

use forger::ground::ground;
use forger::{Forge, Offer};
use kaodian::seal::verify::Reason;

/// A flaw, the codes of all rules that it breaks, and the forgery.
type Row = (&'static str, &'static str, fn() -> Offer);

/// What is wrong with an answer: other rules than these.
fn wrong(flaw: &str, codes: &str, offer: &Offer) -> Option<String> {
    let report = offer.report();
    let found = report.reasons.iter().map(Reason::code).collect::<Vec<_>>().join(" ");
    let why: Vec<String> = report.reasons.iter().map(ToString::to_string).collect();
    (found != codes || report.ok()).then(|| format!("{flaw}: expected {codes}, found {found}: {why:?}"))
}

/// Everything that is wrong, at once.
fn refused(rows: &[Row]) {
    let wrong: Vec<String> = rows.iter().filter_map(|(flaw, codes, make)| wrong(flaw, codes, &make())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn refused_each(flaw: &str, codes: &str, offer: &Offer) {
    assert_eq!(wrong(flaw, codes, offer), None);
}

/// Without this the tables would prove nothing.
#[test]
fn a_forger_without_a_flaw_is_believed() {
    assert_eq!(Offer::from(ground().good.bytes.clone()).codes(), "");
    assert_eq!(Forge::new().by_all().close().codes(), "");
    let mut remade = Forge::new();
    remade.rederive();
    remade.regrow();
    remade.relist();
    assert_eq!(remade.payload(), Forge::new().payload(), "made to fit again, nothing changes");
}
