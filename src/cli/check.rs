//! `kaodian session check`: the checks before opening, as screen 3.2 makes them, but for the reader.

use super::failure::{Failure, Kind};
use super::full_screen::texts;
use super::{Context, Outcome, failure_of};
use crate::desk::Refusal;
use crate::domain::ids::SessionNo;
use crate::domain::readiness::Standing;
use crate::tui::policy_words::summary;
use crate::tui::readiness_words::{found, name, remedy};
use serde_json::json;

pub(super) fn run(context: &Context, no: SessionNo) -> Outcome {
    let site = context.read()?;
    let held = site.store().hold(site.desk()).map_err(|e| failure_of(e.into()))?;
    let (Some(book), Some(facts)) = (held.books.get(&no), site.readiness(no).map_err(failure_of)?) else {
        return Err(super::session::refused(&Refusal::NoSession));
    };
    let texts = texts(context)?;
    let brief = summary(&book.session.policy, &texts);
    let mut red = Vec::new();
    for fact in &facts {
        let (standing, code) = fact.judged();
        let says = found(fact, &brief, &texts);
        let waived = standing == Standing::Blocked && book.record.has_waived(fact.item());
        if standing == Standing::Blocked && !waived {
            red.push(fact.item());
        }
        if context.json {
            super::print_json(&json!({
                "event": "check", "item": fact.item().as_str(), "standing": standing.as_str(), "waived": waived,
                "code": code, "says": says,
            }))?;
        } else {
            let code = code.unwrap_or_default();
            super::print_line(
                format!("{:9} {}: {says}  {code}", standing.as_str(), name(fact.item(), &texts)).trim_end(),
            )?;
            if let Some(what) =
                remedy(fact, &texts).filter(|_| matches!(standing, Standing::Blocked | Standing::Warning))
            {
                super::print_line(&format!("          {what}"))?;
            }
        }
    }
    if red.is_empty() {
        return Ok(());
    }
    let words: Vec<_> = red.iter().map(|item| item.as_str()).collect();
    let cause = format!("expected checks that let session {no} open, found red: {}", words.join(", "));
    Err(Failure::new(Kind::No, "KD-T-20", cause, "put them right, or let the chief say why they may stand"))
}
