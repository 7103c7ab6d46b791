//! The admission table: one row for each reason a person may not come in, in order of precedence (rules.md §6).

use super::{Ctx, Nearness, NoSeat, Verdict};
use crate::domain::attendance::Attendance;
use crate::domain::candidate::Hold;
use crate::domain::document::DocKind;
use crate::domain::event::NameMatch;
use crate::domain::ids::Code;
use crate::domain::pointer::Pointer;
use crate::domain::policy::{Expired, Forgotten, NameVariant, Photo, Policy};
use crate::domain::presented::Presented;
use crate::domain::roster::Entry;
use crate::domain::session::State;

/// One reason.
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// Its name in the rules.
    pub reason: &'static str,
    /// What it comes to.
    pub verdict: fn(&Ctx<'_>) -> Verdict,
    /// Who may set it aside.
    pub lift: Lift,
    /// When it holds.
    pub holds: fn(&Ctx<'_>) -> bool,
}

/// Who may set a reason aside (rules.md §6, the last column).
#[derive(Debug, Clone, Copy)]
pub enum Lift {
    /// Nobody: something else has to happen first.
    Never,
    /// ok(1): one proctor, with one key; recorded in `confirmed`.
    One,
    /// The same, and the reason is gone once this is given: it is never passed over without it.
    OneWith(Given),
    /// C+P: chief and proctor, both PINs at this desk within the witness window; recorded in `lifts`.
    Two,
    /// The same, once this is given.
    TwoWith(Given),
    /// C+P where the policy, for the kind of document shown, lets them; else nobody.
    TwoIf(fn(&Policy, Option<DocKind>) -> bool),
    /// P+w: the person is identified by hand, by a proctor and somebody else of the crew.
    ByHand,
}

/// What a person has to give with a lift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Which row of the roster it is.
    Row,
    /// A seat.
    Seat,
    /// What the clock of the room shows.
    Clock,
}

/// How many people it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// One proctor.
    One,
    /// Chief and proctor.
    Two,
    /// A proctor and a witness, who identify the person by hand.
    Hand,
}

/// Whom and what it takes to set a reason aside, once the policy has been asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifter {
    /// Who.
    pub by: By,
    /// What they have to give.
    pub given: Option<Given>,
}

impl Lift {
    /// Whom it takes under this policy, for this kind of document; none where nobody can.
    #[must_use]
    pub fn lifter(self, policy: &Policy, doc: Option<DocKind>) -> Option<Lifter> {
        let (by, given) = match self {
            Self::Never => return None,
            Self::One => (By::One, None),
            Self::OneWith(given) => (By::One, Some(given)),
            Self::Two => (By::Two, None),
            Self::TwoWith(given) => (By::Two, Some(given)),
            Self::TwoIf(lets) => (lets(policy, doc).then_some(By::Two)?, None),
            Self::ByHand => (By::Hand, None),
        };
        Some(Lifter { by, given })
    }
}

impl Rule {
    /// The row of a code.
    #[must_use]
    pub fn of(code: Code) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.code == code)
    }
}

const fn rule(
    code: u8,
    reason: &'static str,
    verdict: fn(&Ctx<'_>) -> Verdict,
    lift: Lift,
    holds: fn(&Ctx<'_>) -> bool,
) -> Rule {
    Rule { code: Code(code), reason, verdict, lift, holds }
}

/// A kind that proves nobody's identity proves it to two people neither.
fn identity_kind(_: &Policy, doc: Option<DocKind>) -> bool {
    doc.is_some_and(DocKind::proves_identity)
}

fn unless_refused(policy: &Policy, _: Option<DocKind>) -> bool {
    policy.documents.expired != Expired::Refuse
}

fn by_forgotten(policy: &Policy, _: Option<DocKind>) -> bool {
    policy.documents.forgotten == Forgotten::Override
}

fn by_late_override(policy: &Policy, _: Option<DocKind>) -> bool {
    policy.admission.late_override
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

fn inside(ctx: &Ctx<'_>, here: bool) -> bool {
    matches!(ctx.attendance(), Attendance::Present(a) if (a.desk == ctx.desk) == here)
}

fn conflict_pending(ctx: &Ctx<'_>) -> bool {
    ctx.is_in_conflict()
}

fn other_room(ctx: &Ctx<'_>) -> bool {
    let served = |row: &Entry| ctx.book.record.serves(ctx.desk, &row.room);
    ctx.nearness == Some(Nearness::ThisSession) && !ctx.row().is_none_or(served)
}

/// The clock shows a time before one that it showed already, and nobody has compared it with the room's since.
fn clock_untrusted(ctx: &Ctx<'_>) -> bool {
    let skew = i64::from(ctx.book.session.policy.desk.clock_skew_s);
    let record = &ctx.book.record;
    let went_back = record.latest().is_some_and(|latest| ctx.now.second() + skew < latest.second());
    went_back && record.clock_offset(ctx.desk).is_none()
}

/// The roster or the session asks for something to be seen to before somebody new goes in.
fn welcome(ctx: &Ctx<'_>, asked: bool) -> bool {
    ctx.not_yet_in() && asked
}

fn not_yet_valid(ctx: &Ctx<'_>) -> bool {
    let from = ctx.card().and_then(|card| card.valid_from);
    from.is_some_and(|from| from > ctx.book.session.plan.date)
}

fn kind_not_accepted(ctx: &Ctx<'_>) -> bool {
    let accepted = &ctx.book.session.policy.documents.accepted;
    ctx.is_document() && ctx.doc().is_some_and(|doc| !accepted.contains(&doc))
}

/// Every reason of this release, in order of precedence. Stepping out, removal and voiding add their rows between these.
pub static RULES: &[Rule] = &[
    rule(19, "reader_simulated", refused, Lift::Never, |c| c.simulated),
    rule(1, "session_not_open", refused, Lift::Never, |c| c.book.record.state == State::Planned),
    rule(3, "session_sealed", refused, Lift::Never, |c| c.book.record.state == State::Sealed),
    rule(2, "session_closed", refused, Lift::Never, |c| c.book.record.state == State::Closed),
    rule(10, "card_unreadable", refused_then_proctor, Lift::ByHand, |c| {
        matches!(c.presented, Presented::Unreadable { .. })
    }),
    rule(11, "card_type_unknown", refused, Lift::ByHand, |c| matches!(c.presented, Presented::UnknownKind)),
    rule(13, "uid_only", refused, Lift::Never, |c| matches!(c.pointer(), Some(Pointer::Uid(_)))),
    rule(14, "ticket_only", refused, Lift::Never, |c| matches!(c.pointer(), Some(Pointer::Ticket(_)))),
    rule(12, "doc_not_accepted", refused, Lift::TwoIf(identity_kind), kind_not_accepted),
    rule(29, "no_document", needs_proctor, Lift::TwoIf(by_forgotten), |c| c.declared().is_some()),
    rule(16, "doc_number_invalid", needs_proctor, Lift::Two, |c| !c.valid_number),
    rule(17, "doc_expired", by_expired_rule, Lift::TwoIf(unless_refused), |c| {
        c.expired() && c.book.session.policy.documents.expired != Expired::Accept
    }),
    rule(18, "doc_not_yet_valid", needs_proctor, Lift::Two, not_yet_valid),
    rule(15, "ticket_missing", refused, Lift::One, |c| c.needs_ticket() && c.ticket.is_none()),
    rule(28, "ticket_mismatch", needs_proctor, Lift::Two, |c| c.needs_ticket() && c.ticket_differs()),
    rule(20, "not_in_roster", refused, Lift::TwoWith(Given::Row), |c| c.nearest.is_empty()),
    rule(25, "several_rows", needs_proctor, Lift::OneWith(Given::Row), |c| c.row().is_none()),
    rule(21, "other_site", refused, Lift::Never, |c| c.nearness == Some(Nearness::OtherSite)),
    rule(22, "other_day", refused, Lift::Never, |c| c.nearness == Some(Nearness::OtherDay)),
    rule(23, "other_session_today", refused, Lift::Never, |c| c.nearness == Some(Nearness::Today)),
    // A desk at the entrance serves every room, and never meets this.
    rule(24, "other_room", refused, Lift::Never, other_room),
    rule(27, "name_differs", needs_proctor, Lift::Two, |c| c.name_match == Some(NameMatch::Different)),
    rule(26, "name_variant", needs_proctor, Lift::One, |c| {
        c.name_match == Some(NameMatch::Variant) && c.book.session.policy.documents.name_variant == NameVariant::Proctor
    }),
    rule(30, "barred", refused, Lift::Never, |c| c.is_held(Hold::Barred)),
    rule(31, "withdrawn", refused, Lift::Two, |c| c.is_held(Hold::Withdrawn)),
    rule(32, "on_hold", needs_proctor, Lift::Two, |c| c.is_held(Hold::Pending)),
    // Settled by people, never passed over.
    rule(33, "conflict_pending", needs_proctor, Lift::Never, conflict_pending),
    rule(40, "already_in_here", already_in, Lift::Never, |c| inside(c, true)),
    rule(41, "already_in_elsewhere", already_in, Lift::Never, |c| inside(c, false)),
    rule(42, "handed_in", refused, Lift::Never, |c| matches!(c.attendance(), Attendance::Submitted(..))),
    rule(50, "clock_untrusted", needs_proctor, Lift::OneWith(Given::Clock), clock_untrusted),
    rule(51, "too_early", refused, Lift::Two, |c| c.not_yet_in() && c.now.second() < c.book.session.opens().second()),
    rule(52, "too_late", refused, Lift::TwoIf(by_late_override), |c| {
        c.not_yet_in() && c.now.second() > c.book.session.late_limit().second()
    }),
    // Absence is declared after the late limit only; this row is met when the clock was set back since.
    rule(47, "marked_absent", needs_proctor, Lift::Never, |c| matches!(c.attendance(), Attendance::Absent(..))),
    rule(62, "seat_withdrawn", needs_proctor, Lift::OneWith(Given::Seat), |c| c.lacks_seat(NoSeat::Withdrawn)),
    rule(60, "seat_conflict", needs_proctor, Lift::OneWith(Given::Seat), |c| c.lacks_seat(NoSeat::Taken)),
    rule(61, "no_free_seat", needs_proctor, Lift::OneWith(Given::Seat), |c| c.lacks_seat(NoSeat::None)),
    rule(72, "arrangement", needs_proctor, Lift::One, |c| {
        welcome(c, c.identity().is_some_and(|who| who.arrangement.is_some()))
    }),
    rule(71, "pledge_open", needs_proctor, Lift::One, |c| welcome(c, c.book.session.policy.checks.pledge)),
    rule(70, "photo_check", needs_proctor, Lift::One, |c| {
        welcome(c, c.book.session.policy.checks.photo == Photo::Proctor)
    }),
];
