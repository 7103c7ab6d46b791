//! The admission table: one row for each reason a person may not come in, in order of precedence (rules.md §6).

use super::{Ctx, Nearness, NoSeat, Verdict};
use crate::domain::attendance::Attendance;
use crate::domain::candidate::Hold;
use crate::domain::event::NameMatch;
use crate::domain::ids::Code;
use crate::domain::pointer::Pointer;
use crate::domain::policy::{Expired, NameVariant};
use crate::domain::presented::Presented;
use crate::domain::session::State;

/// One reason.
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// Its name in the rules.
    pub reason: &'static str,
    /// What it comes to.
    pub verdict: fn(&Ctx<'_>) -> Verdict,
    /// When it holds.
    pub holds: fn(&Ctx<'_>) -> bool,
}

const fn rule(code: u8, reason: &'static str, verdict: fn(&Ctx<'_>) -> Verdict, holds: fn(&Ctx<'_>) -> bool) -> Rule {
    Rule { code: Code(code), reason, verdict, holds }
}

fn refused(_: &Ctx<'_>) -> Verdict {
    Verdict::Refused
}

fn needs_proctor(_: &Ctx<'_>) -> Verdict {
    Verdict::NeedsProctor
}

/// The third unreadable card within a minute needs a person.
fn refused_then_proctor(ctx: &Ctx<'_>) -> Verdict {
    if ctx.unreadable >= 3 { Verdict::NeedsProctor } else { Verdict::Refused }
}

fn by_expired_rule(ctx: &Ctx<'_>) -> Verdict {
    match ctx.book.session.policy.documents.expired {
        Expired::Refuse => Verdict::Refused,
        Expired::Proctor | Expired::Accept => Verdict::NeedsProctor,
    }
}

fn already_in(ctx: &Ctx<'_>) -> Verdict {
    ctx.attendance().admission().map_or(Verdict::Refused, |a| Verdict::AlreadyIn { desk: a.desk, at: a.at })
}

fn not_yet_valid(ctx: &Ctx<'_>) -> bool {
    let from = ctx.card().and_then(|card| card.valid_from);
    from.is_some_and(|from| from > ctx.book.session.plan.date)
}

fn kind_not_accepted(ctx: &Ctx<'_>) -> bool {
    ctx.card().is_some_and(|card| !ctx.book.session.policy.documents.accepted.contains(&card.doc))
}

/// Every reason of this release, in order of precedence. The states of a later release and overrides add their rows
/// between these.
pub static RULES: &[Rule] = &[
    rule(19, "reader_simulated", refused, |c| c.simulated),
    rule(1, "session_not_open", refused, |c| c.book.record.state == State::Planned),
    rule(3, "session_sealed", refused, |c| c.book.record.state == State::Sealed),
    rule(2, "session_closed", refused, |c| c.book.record.state == State::Closed),
    rule(10, "card_unreadable", refused_then_proctor, |c| matches!(c.presented, Presented::Unreadable { .. })),
    rule(11, "card_type_unknown", refused, |c| matches!(c.presented, Presented::UnknownKind)),
    rule(13, "uid_only", refused, |c| matches!(c.pointer(), Some(Pointer::Uid(_)))),
    rule(14, "ticket_only", refused, |c| matches!(c.pointer(), Some(Pointer::Ticket(_)))),
    rule(12, "doc_not_accepted", refused, kind_not_accepted),
    rule(16, "doc_number_invalid", needs_proctor, |c| !c.valid_number),
    rule(17, "doc_expired", by_expired_rule, |c| {
        c.expired() && c.book.session.policy.documents.expired != Expired::Accept
    }),
    rule(18, "doc_not_yet_valid", needs_proctor, not_yet_valid),
    rule(15, "ticket_missing", refused, |c| c.needs_ticket() && c.ticket.is_none()),
    rule(28, "ticket_mismatch", needs_proctor, |c| c.needs_ticket() && c.ticket_differs()),
    rule(20, "not_in_roster", refused, |c| c.nearest.is_empty()),
    rule(25, "several_rows", needs_proctor, |c| c.row().is_none()),
    rule(21, "other_site", refused, |c| c.nearness == Some(Nearness::OtherSite)),
    rule(22, "other_day", refused, |c| c.nearness == Some(Nearness::OtherDay)),
    rule(23, "other_session_today", refused, |c| c.nearness == Some(Nearness::Today)),
    rule(24, "other_room", refused, |c| c.other_room()),
    rule(27, "name_differs", needs_proctor, |c| c.name_match == Some(NameMatch::Different)),
    rule(26, "name_variant", needs_proctor, |c| {
        c.name_match == Some(NameMatch::Variant) && c.book.session.policy.documents.name_variant == NameVariant::Proctor
    }),
    rule(30, "barred", refused, |c| c.is_held(Hold::Barred)),
    rule(31, "withdrawn", refused, |c| c.is_held(Hold::Withdrawn)),
    rule(32, "on_hold", needs_proctor, |c| c.is_held(Hold::Pending)),
    // Every desk of this release is the only one, so "already in here" answers for all of them.
    rule(40, "already_in_here", already_in, |c| matches!(c.attendance(), Attendance::Present(_))),
    rule(42, "handed_in", refused, |c| matches!(c.attendance(), Attendance::Submitted(..))),
    rule(51, "too_early", refused, |c| c.not_yet_in() && c.now.second() < c.book.session.opens().second()),
    rule(52, "too_late", refused, |c| c.not_yet_in() && c.now.second() > c.book.session.late_limit().second()),
    // Absence is declared after the late limit only; this row is met when the clock was set back since.
    rule(47, "marked_absent", needs_proctor, |c| matches!(c.attendance(), Attendance::Absent(..))),
    rule(62, "seat_withdrawn", needs_proctor, |c| c.lacks_seat(NoSeat::Withdrawn)),
    rule(60, "seat_conflict", needs_proctor, |c| c.lacks_seat(NoSeat::Taken)),
    rule(61, "no_free_seat", needs_proctor, |c| c.lacks_seat(NoSeat::None)),
];
