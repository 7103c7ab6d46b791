//! The exam policy in words: every parameter of rules.md §4 that decides something, with its unit and what it means.
//!
//! One place for the readiness screen and for `kaodian policy check`. Made from the types, never from the file: each
//! section is taken apart without `..`, so that a new key does not compile before somebody has said it. A parameter
//! that another one makes idle (a tolerance where nobody marks twice) is left unsaid, for it would promise what never
//! happens.

mod marking;

use super::i18n::{Lang, Texts, tr};
use super::text::points;
use crate::domain::candidate::{Level, Mark};
use crate::domain::document::DocKind;
use crate::domain::policy::{
    Admission, Checks, DecideOn, Desk, Documents, Expired, Forgotten, Head, NameVariant, Override, Papers, Photo,
    Policy, Privacy, Receipts, Reentry, ReentryRule, Report, ResultRule, Rounding, SeatMode, Seats, Ticket, Uid,
};
use jiff::civil::Date;

/// What `tr!` reads.
struct In<'a> {
    texts: &'a Texts,
}

/// One rule as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The key that states it, such as `admission.opens_min`.
    pub key: String,
    /// What it means, in one language.
    pub says: String,
}

impl Sentence {
    /// Whether it tells more of the part that a sentence before it names.
    #[must_use]
    pub fn is_of_part(&self) -> bool {
        self.key.starts_with("parts[") && !self.key.ends_with("].name")
    }
}

/// Sentences in the making.
struct Said<'a> {
    look: In<'a>,
    sentences: Vec<Sentence>,
}

impl Said<'_> {
    fn say(&mut self, key: impl Into<String>, says: String) {
        self.sentences.push(Sentence { key: key.into(), says });
    }
}

/// Says a key: a message of the catalogue, its arguments by name.
macro_rules! say {
    ($said:ident, $key:expr, $id:literal $(, $name:ident = $value:expr)*) => {{
        let words = tr!($said.look, $id $(, $name = $value)*);
        $said.say($key, words);
    }};
}
use say;

/// A policy in words, in the order of rules.md §4.
#[must_use]
pub fn sentences(policy: &Policy, texts: &Texts) -> Vec<Sentence> {
    let Policy {
        policy: head,
        admission,
        documents,
        checks,
        r#override,
        seats,
        reentry,
        parts,
        result,
        report,
        papers,
        privacy,
        desk,
        receipts,
    } = policy;
    let mut said = Said { look: In { texts }, sentences: Vec::new() };
    say_head(head, &mut said);
    say_admission(admission, &mut said);
    say_documents(documents, &mut said);
    say_checks(checks, r#override, &mut said);
    say_seats(seats, &mut said);
    say_reentry(reentry, &mut said);
    for (n, part) in parts.iter().enumerate() {
        marking::say_part(n, part, &mut said);
    }
    say_result(result, &mut said);
    say_report(report, &mut said);
    say_papers(papers, &mut said);
    say_privacy(privacy, &mut said);
    say_desk(desk, &mut said);
    say_receipts(receipts, &mut said);
    said.sentences
}

/// The rules that a door is opened by, in one line: entry limit and ticket.
#[must_use]
pub fn summary(policy: &Policy, texts: &Texts) -> String {
    summary_of(policy.admission.late_limit_min, policy.documents.ticket == Ticket::Required, texts)
}

pub(super) fn summary_of(late_limit_min: u32, ticket: bool, texts: &Texts) -> String {
    let look = In { texts };
    let ticket = if ticket { tr!(look, "pol-brief-ticket") } else { tr!(look, "pol-brief-no-ticket") };
    tr!(look, "pol-brief", late = late_limit_min.to_string(), ticket = ticket)
}

fn say_head(Head { id, version, org, certificate, level, example }: &Head, said: &mut Said<'_>) {
    let level = match level {
        Level::Primary => tr!(said.look, "pol-level-primary"),
        Level::Intermediate => tr!(said.look, "pol-level-intermediate"),
        Level::Advanced => tr!(said.look, "pol-level-advanced"),
    };
    say!(said, "policy.certificate", "pol-certificate", certificate = certificate.to_string(), level = level);
    let version = version.to_string();
    say!(said, "policy.id", "pol-id", id = id.to_string(), version = version, org = org.to_string());
    if *example {
        say!(said, "policy.example", "pol-example");
    } else {
        say!(said, "policy.example", "pol-no-example");
    }
}

fn say_admission(
    Admission { opens_min, late_limit_min, late_override, earliest_handin_min }: &Admission,
    said: &mut Said<'_>,
) {
    say!(said, "admission.opens_min", "pol-opens", n = opens_min.to_string());
    say!(said, "admission.late_limit_min", "pol-late", n = late_limit_min.to_string());
    if *late_override {
        say!(said, "admission.late_override", "pol-late-override");
    } else {
        say!(said, "admission.late_override", "pol-late-final");
    }
    say!(said, "admission.earliest_handin_min", "pol-handin", n = earliest_handin_min.to_string());
}

fn say_documents(documents: &Documents, said: &mut Said<'_>) {
    let Documents { accepted, ticket, forgotten, expired, expired_grace_days, name_variant, uid } = documents;
    let kinds: Vec<String> = accepted.iter().map(|kind| document(*kind, said.look.texts)).collect();
    let kinds = kinds.join(match said.look.texts.lang() {
        Lang::Chinese => "、",
        Lang::English => ", ",
    });
    say!(said, "documents.accepted", "pol-accepted", kinds = kinds);
    match ticket {
        Ticket::Required => say!(said, "documents.ticket", "pol-ticket"),
        Ticket::NotNeeded => say!(said, "documents.ticket", "pol-no-ticket"),
    }
    match forgotten {
        Forgotten::Refuse => say!(said, "documents.forgotten", "pol-forgotten-refuse"),
        Forgotten::Override => say!(said, "documents.forgotten", "pol-forgotten-override"),
    }
    match expired {
        Expired::Refuse => say!(said, "documents.expired", "pol-expired-refuse"),
        Expired::Proctor => say!(said, "documents.expired", "pol-expired-proctor"),
        Expired::Accept => say!(said, "documents.expired", "pol-expired-accept"),
    }
    match expired_grace_days {
        0 => say!(said, "documents.expired_grace_days", "pol-no-grace"),
        n => say!(said, "documents.expired_grace_days", "pol-grace", n = n.to_string()),
    }
    match name_variant {
        NameVariant::Proctor => say!(said, "documents.name_variant", "pol-variant-proctor"),
        NameVariant::Accept => say!(said, "documents.name_variant", "pol-variant-accept"),
    }
    match uid {
        Uid::Pointer => say!(said, "documents.uid", "pol-uid-pointer"),
        Uid::Off => say!(said, "documents.uid", "pol-uid-off"),
    }
}

fn say_checks(
    Checks { photo, pledge }: &Checks,
    // Two people always: the parser takes nothing else.
    Override { two_person: _, witness_window_s }: &Override,
    said: &mut Said<'_>,
) {
    match photo {
        Photo::Proctor => say!(said, "checks.photo", "pol-photo-proctor"),
        Photo::None => say!(said, "checks.photo", "pol-photo-none"),
    }
    if *pledge {
        say!(said, "checks.pledge", "pol-pledge");
    } else {
        say!(said, "checks.pledge", "pol-no-pledge");
    }
    say!(said, "override.two_person", "pol-two-person");
    say!(said, "override.witness_window_s", "pol-window", n = witness_window_s.to_string());
}

fn say_seats(Seats { mode, spare_permille }: &Seats, said: &mut Said<'_>) {
    match mode {
        SeatMode::Fixed => say!(said, "seats.mode", "pol-seats-fixed"),
        SeatMode::Sequential => say!(said, "seats.mode", "pol-seats-sequential"),
        SeatMode::Random => say!(said, "seats.mode", "pol-seats-random"),
    }
    say!(said, "seats.spare_permille", "pol-spare", share = percent(*spare_permille));
}

fn say_reentry(Reentry { allow, max_out_min, max_times, closed_last_min }: &Reentry, said: &mut Said<'_>) {
    match allow {
        ReentryRule::Never => say!(said, "reentry.allow", "pol-reentry-never"),
        ReentryRule::Permitted => {
            say!(said, "reentry.allow", "pol-reentry");
            say!(said, "reentry.max_out_min", "pol-out", n = max_out_min.to_string());
            say!(said, "reentry.max_times", "pol-times", n = max_times.to_string());
            say!(said, "reentry.closed_last_min", "pol-last", n = closed_last_min.to_string());
        }
    }
}

fn say_result(rule: &ResultRule, said: &mut Said<'_>) {
    let ResultRule { composite_max, pass, decimals, rounding, decide_on, part_lines } = rule;
    say!(said, "result.composite_max", "pol-composite", max = mark(*composite_max));
    say!(said, "result.pass", "pol-pass", pass = mark(*pass));
    say!(said, "result.decimals", "pol-decimals", n = decimals.to_string());
    match rounding {
        Rounding::HalfUp => say!(said, "result.rounding", "pol-half-up"),
        Rounding::HalfEven => say!(said, "result.rounding", "pol-half-even"),
        Rounding::Down => say!(said, "result.rounding", "pol-down"),
    }
    match decide_on {
        DecideOn::Rounded => say!(said, "result.decide_on", "pol-decide-rounded"),
        DecideOn::Exact => say!(said, "result.decide_on", "pol-decide-exact"),
    }
    if *part_lines {
        say!(said, "result.part_lines", "pol-lines");
    } else {
        say!(said, "result.part_lines", "pol-no-lines");
    }
}

fn say_report(Report { due_working_days, holidays, extra_workdays }: &Report, said: &mut Said<'_>) {
    say!(said, "report.due_working_days", "pol-due", n = due_working_days.to_string());
    match days(holidays) {
        Some(days) => say!(said, "report.holidays", "pol-holidays", days = days),
        None => say!(said, "report.holidays", "pol-no-holidays"),
    }
    match days(extra_workdays) {
        Some(days) => say!(said, "report.extra_workdays", "pol-extra", days = days),
        None => say!(said, "report.extra_workdays", "pol-no-extra"),
    }
}

fn say_papers(Papers { count }: &Papers, said: &mut Said<'_>) {
    if *count {
        say!(said, "papers.count", "pol-papers");
    } else {
        say!(said, "papers.count", "pol-no-papers");
    }
}

fn say_privacy(privacy: &Privacy, said: &mut Said<'_>) {
    let Privacy { retention_days, keep_photo, blank_after_s, suppress_below } = privacy;
    say!(said, "privacy.retention_days", "pol-retention", n = retention_days.to_string());
    if *keep_photo {
        say!(said, "privacy.keep_photo", "pol-keep-photo");
    } else {
        say!(said, "privacy.keep_photo", "pol-no-photo");
    }
    say!(said, "privacy.blank_after_s", "pol-blank", n = blank_after_s.to_string());
    say!(said, "privacy.suppress_below", "pol-suppress", n = suppress_below.to_string());
}

fn say_desk(Desk { idle_lock_min, annul_min, debounce_s, clock_skew_s }: &Desk, said: &mut Said<'_>) {
    say!(said, "desk.idle_lock_min", "pol-idle", n = idle_lock_min.to_string());
    say!(said, "desk.annul_min", "pol-annul", n = annul_min.to_string());
    say!(said, "desk.debounce_s", "pol-debounce", n = debounce_s.to_string());
    say!(said, "desk.clock_skew_s", "pol-skew", n = clock_skew_s.to_string());
}

fn say_receipts(Receipts { enabled, slip }: &Receipts, said: &mut Said<'_>) {
    if *enabled {
        say!(said, "receipts.enabled", "pol-receipts");
    } else {
        say!(said, "receipts.enabled", "pol-no-receipts");
    }
    if *slip {
        say!(said, "receipts.slip", "pol-slip");
    } else {
        say!(said, "receipts.slip", "pol-no-slip");
    }
}

/// The name of a kind of document.
fn document(kind: DocKind, texts: &Texts) -> String {
    let look = In { texts };
    match kind {
        DocKind::ResidentId => tr!(look, "doc-resident"),
        DocKind::TempId => tr!(look, "doc-temporary"),
        DocKind::ForeignerPr => tr!(look, "doc-foreigner"),
        DocKind::HmtResidence => tr!(look, "doc-hmt-residence"),
        DocKind::HmtTravel => tr!(look, "doc-hmt-travel"),
        DocKind::Passport => tr!(look, "doc-passport"),
        DocKind::SocialCard => tr!(look, "doc-social"),
        DocKind::MilitaryId => tr!(look, "doc-military"),
        DocKind::CampusUid => tr!(look, "doc-campus"),
        DocKind::Ticket => tr!(look, "doc-ticket"),
    }
}

fn mark(mark: Mark) -> String {
    points(mark.0)
}

/// `5%` of 50 permille, `2.5%` of 25.
fn percent(permille: u32) -> String {
    format!("{}%", points(permille * 10))
}

fn days(dates: &[Date]) -> Option<String> {
    (!dates.is_empty()).then(|| dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
