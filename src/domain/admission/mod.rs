//! The admission decision (rules.md §6): pure and total, one static table whose order is the precedence.
//!
//! Rows are tried from top to bottom and the first that holds wins; where none holds the person comes in. Identity
//! problems show before time problems, and nobody already inside is told "too late". Each row says who may set it aside.

mod table;

use super::attendance::Attendance;
use super::by_hand::{ByHand, Typed};
use super::candidate::Hold;
use super::document::DocKind;
use super::event::{NameMatch, Via};
use super::ids::{AdmissionNo, Code, DeskId, RoomId, SeatLabel};
use super::pointer::Pointer;
use super::policy::{SeatMode, Ticket, Uid};
use super::presented::{CardRead, Presented, ValidTo};
use super::record::{SessionBook, SessionBooks};
use super::roster::{Entry, Identity, Roster};
use super::seats::Place;
use super::session::State;
use super::time::Instant;

pub use table::{By, Given, Lift, Lifter, RULES, Rule};

/// The code of a timely admission.
pub const ADMITTED: Code = Code(90);
/// The code of a late one.
pub const ADMITTED_LATE: Code = Code(91);

/// What a tap comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// In, on time.
    Admitted,
    /// In, so many seconds after the start.
    AdmittedLate(u32),
    /// In already; the tap changes nothing.
    AlreadyIn {
        /// The desk that let them in.
        desk: DeskId,
        /// When.
        at: Instant,
    },
    /// Not in.
    Refused,
    /// Not in before a proctor has looked.
    NeedsProctor,
}

/// The answer to a tap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The row of the table that decided, or [`ADMITTED`], [`ADMITTED_LATE`].
    pub code: Code,
    /// What it comes to.
    pub verdict: Verdict,
    /// Kind of the document shown.
    pub doc: Option<DocKind>,
    /// The roster row, whenever exactly one was found.
    pub row: Option<Entry>,
    /// How the names compare, where a row of this session was found.
    pub name_match: Option<NameMatch>,
    /// How the identity came to the desk.
    pub via: Via,
    /// Whom it takes to set the code aside; none where nobody can.
    pub lifter: Option<Lifter>,
    /// Whether the document has expired (grace included), even if the policy lets it pass.
    pub expired: bool,
    /// The seat of whoever comes in now.
    pub place: Option<Place>,
}

/// Why nobody can be seated just so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoSeat {
    /// The seat is out of service.
    Withdrawn,
    /// Somebody else has it.
    Taken,
    /// There is none to give.
    None,
}

/// How near a roster row is to this session, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    ThisSession,
    Today,
    OtherDay,
    OtherSite,
}

/// Everything a rule may look at.
#[derive(Debug)]
pub struct Ctx<'a> {
    book: &'a SessionBook,
    presented: &'a Presented,
    now: Instant,
    unreadable: u32,
    simulated: bool,
    valid_number: bool,
    nearest: Vec<&'a Entry>,
    nearness: Option<Nearness>,
    open_rows: usize,
    name_match: Option<NameMatch>,
    ticket: Option<InHand<'a>>,
    desk: DeskId,
    lifted: &'a [Code],
}

/// The ticket shown together with a document.
#[derive(Debug, Clone, Copy)]
enum InHand<'a> {
    /// Its row.
    Of(&'a AdmissionNo),
    /// No row has its number.
    Unknown,
}

impl<'a> Ctx<'a> {
    fn card(&self) -> Option<&'a CardRead> {
        self.presented.card()
    }

    fn pointer(&self) -> Option<&'a Pointer> {
        match self.presented {
            Presented::Pointer(pointer) => Some(pointer),
            Presented::Card(_) | Presented::Unreadable { .. } | Presented::UnknownKind | Presented::ByHand(_) => None,
        }
    }

    fn typed(&self) -> Option<&'a Typed> {
        match self.presented.by_hand()? {
            ByHand::Typed(typed) => Some(typed),
            ByHand::Declared(_) => None,
        }
    }

    /// Whom somebody without any document says they are.
    fn declared(&self) -> Option<&'a AdmissionNo> {
        match self.presented.by_hand()? {
            ByHand::Declared(cand) => Some(cand),
            ByHand::Typed(_) => None,
        }
    }

    fn doc(&self) -> Option<DocKind> {
        let card = self.card().map(|card| card.doc);
        card.or_else(|| self.typed().map(Typed::doc)).or_else(|| self.pointer().map(Pointer::kind))
    }

    /// Whether what was shown is a document.
    fn is_document(&self) -> bool {
        self.card().is_some() || self.typed().is_some()
    }

    /// Whether a document alone does not do here.
    fn needs_ticket(&self) -> bool {
        let identity = self.is_document() || self.declared().is_some();
        identity && self.book.session.policy.documents.ticket == Ticket::Required
    }

    /// Whether the ticket's row is none of the document's; of neither a row is known where both are strangers.
    fn ticket_differs(&self) -> bool {
        match self.ticket {
            None => false,
            Some(InHand::Unknown) => !self.nearest.is_empty(),
            Some(InHand::Of(cand)) => self.nearest.iter().all(|row| row.cand != *cand),
        }
    }

    /// The one row found, in the best class.
    fn row(&self) -> Option<&'a Entry> {
        match self.nearest.as_slice() {
            [row] if self.open_rows < 2 => Some(row),
            _ => None,
        }
    }

    fn identity(&self) -> Option<&'a Identity> {
        self.row().and_then(|row| row.identity.as_ref())
    }

    /// Whether the organisation or the chief put this hold on the person.
    fn is_held(&self, hold: Hold) -> bool {
        let of_roster = self.identity().and_then(|who| who.hold);
        self.row().is_some_and(|row| self.book.record.holds(&row.cand, hold, of_roster))
    }

    fn is_in_conflict(&self) -> bool {
        self.nearness == Some(Nearness::ThisSession)
            && self.row().is_some_and(|row| self.book.record.attendance.is_in_conflict(&row.cand))
    }

    /// Whether people have set this row of the table aside. Where they have to give something, only that does it.
    fn is_set_aside(&self, rule: &Rule) -> bool {
        let lifter = || rule.lift.lifter(&self.book.session.policy, self.doc());
        self.lifted.contains(&rule.code)
            && lifter().is_some_and(|lifter| lifter.given.is_none() && lifter.by != By::Hand)
    }

    fn attendance(&self) -> &'a Attendance {
        const EXPECTED: &Attendance = &Attendance::Expected;
        self.row()
            .filter(|_| self.nearness == Some(Nearness::ThisSession))
            .map_or(EXPECTED, |row| self.book.record.attendance.of(&row.cand))
    }

    /// The seat for whoever is not in yet: the one they were moved to, else that of the roster, or the next one of this
    /// desk where seats are given on arrival.
    fn seat(&self) -> Result<(&'a RoomId, &'a SeatLabel), NoSeat> {
        let row = self.row().ok_or(NoSeat::None)?;
        let seats = &self.book.record.seats;
        let kept = self.book.record.attendance.place_of(&row.cand).map(|place| (&place.room, &place.seat));
        let fixed = self.book.session.policy.seats.mode == SeatMode::Fixed;
        if let Some((room, seat)) = kept.or_else(|| row.seat.as_ref().filter(|_| fixed).map(|seat| (&row.room, seat))) {
            let withdrawn = seats.is_withdrawn(room, seat);
            let taken = seats.holders(room, seat).any(|holder| *holder != row.cand);
            return match (withdrawn, taken) {
                (true, _) => Err(NoSeat::Withdrawn),
                (_, true) => Err(NoSeat::Taken),
                _ => Ok((room, seat)),
            };
        }
        let block = self.book.record.block(self.desk, &row.room).filter(|_| !fixed);
        block.and_then(|block| seats.next(&row.room, block)).map(|seat| (&row.room, seat)).ok_or(NoSeat::None)
    }

    fn lacks_seat(&self, why: NoSeat) -> bool {
        self.not_yet_in() && self.seat() == Err(why)
    }

    /// Whether the time rows apply: a return, or somebody inside, is never "too late".
    fn not_yet_in(&self) -> bool {
        matches!(self.attendance(), Attendance::Expected | Attendance::Absent(..))
    }

    fn expired(&self) -> bool {
        let policy = &self.book.session.policy.documents;
        let grace = jiff::Span::new().days(i64::from(policy.expired_grace_days));
        let last_day = match self.card().map(|card| card.valid_to) {
            Some(ValidTo::Until(last)) => Some(last),
            Some(ValidTo::LongTerm | ValidTo::Unreadable) => None,
            None => self.typed().and_then(|typed| typed.last_day),
        };
        let until = last_day.and_then(|last| last.checked_add(grace).ok());
        until.is_some_and(|last| last < self.book.session.plan.date)
    }

    fn late_s(&self) -> u32 {
        let late = self.now.second() - self.book.session.starts().second();
        u32::try_from(late).unwrap_or(0)
    }
}

/// What was put on the reader, and when.
#[derive(Debug, Clone, Copy)]
pub struct Tap<'a> {
    /// The card, or what is wrong with it.
    pub presented: &'a Presented,
    /// Now.
    pub now: Instant,
    /// How many reads failed here in the last 60 s, this one included.
    pub unreadable: u32,
    /// Whether a simulated reader tells this to a live site.
    pub simulated: bool,
    /// The ticket shown with the document, where one was scanned.
    pub ticket: Option<&'a AdmissionNo>,
    /// The desk.
    pub desk: DeskId,
    /// The row that a person chose, together with a lift of.
    pub chosen: Option<&'a AdmissionNo>,
    /// The codes that people set aside so far.
    pub lifted: &'a [Code],
}

/// Not on the roster: two people may choose a row all the same.
const NOT_IN_ROSTER: Code = Code(20);
/// On the roster several times: a person chooses among those rows.
const SEVERAL_ROWS: Code = Code(25);

/// Decides one tap in the session that [`deciding_book`] names.
///
/// Without a roster (the desk holds no data key) only the session's state can answer.
#[must_use]
pub fn decide(roster: &Roster, books: &SessionBooks, book: &SessionBook, tap: Tap<'_>) -> Decision {
    let ctx = context(roster, books, book, tap);
    let ruled = RULES.iter().find(|rule| (rule.holds)(&ctx) && !ctx.is_set_aside(rule));
    let (code, verdict) = match ruled {
        Some(rule) => (rule.code, (rule.verdict)(&ctx)),
        None if ctx.late_s() > 0 => (ADMITTED_LATE, Verdict::AdmittedLate(ctx.late_s())),
        None => (ADMITTED, Verdict::Admitted),
    };
    let comes_in = matches!(verdict, Verdict::Admitted | Verdict::AdmittedLate(_));
    let seat = if comes_in { ctx.seat().ok() } else { None };
    Decision {
        place: seat.map(|(room, seat)| Place { room: room.clone(), seat: seat.clone() }),
        code,
        verdict,
        doc: ctx.doc(),
        row: ctx.row().cloned(),
        name_match: ctx.name_match,
        via: via(&ctx),
        lifter: ruled.and_then(|rule| rule.lift.lifter(&book.session.policy, ctx.doc())),
        expired: ctx.expired(),
    }
}

fn via(ctx: &Ctx<'_>) -> Via {
    let registered = ctx.identity().map(|who| who.doc_kind);
    match (ctx.presented.by_hand(), ctx.card()) {
        (Some(ByHand::Typed(_)), _) => Via::Manual,
        (Some(ByHand::Declared(_)), _) => Via::Declared,
        (None, Some(card)) if card.doc == DocKind::HmtResidence && registered == Some(DocKind::HmtTravel) => {
            Via::Permit
        }
        (None, _) => Via::Chip,
    }
}

fn context<'a>(roster: &'a Roster, books: &'a SessionBooks, book: &'a SessionBook, tap: Tap<'a>) -> Ctx<'a> {
    let off = book.session.policy.documents.uid == Uid::Off;
    let rows = match tap.presented {
        Presented::Pointer(Pointer::Uid(_)) if off => Vec::new(),
        _ => rows_of(roster, tap),
    };
    let near = |row: &Entry| nearness(row, books, book, tap.now);
    let nearness = rows.iter().map(|row| near(row)).min();
    let open_rows = rows.iter().filter(|row| takes_taps(row, books)).count();
    let nearest: Vec<_> = rows.into_iter().filter(|row| Some(near(row)) == nearness).collect();
    let name_match = match (nearest.as_slice(), nearness) {
        ([row], Some(Nearness::ThisSession)) => compare_names(row, tap.presented),
        _ => None,
    };
    Ctx {
        book,
        presented: tap.presented,
        now: tap.now,
        unreadable: tap.unreadable,
        simulated: tap.simulated,
        valid_number: has_valid_number(tap.presented, tap.now),
        nearest,
        nearness,
        open_rows,
        name_match,
        ticket: tap.ticket.map(|cand| roster.by_cand(cand).map_or(InHand::Unknown, |row| InHand::Of(&row.cand))),
        desk: tap.desk,
        lifted: tap.lifted,
    }
}

fn has_valid_number(presented: &Presented, now: Instant) -> bool {
    match (presented.card(), presented.by_hand()) {
        (Some(card), _) => card.document(now.date()).is_ok(),
        (None, Some(ByHand::Typed(typed))) => typed.document(now.date()).is_ok(),
        (None, Some(ByHand::Declared(_)) | None) => true,
    }
}

/// Every row that the document, ticket or campus card stands for; of several the one that a person chose, and where
/// there is none, the one that two people chose.
fn rows_of<'a>(roster: &'a Roster, tap: Tap<'a>) -> Vec<&'a Entry> {
    let rows = rows_shown(roster, tap.presented);
    let Some(chosen) = tap.chosen else { return rows };
    if rows.is_empty() && tap.presented.numbered().is_some() && tap.lifted.contains(&NOT_IN_ROSTER) {
        roster.by_cand(chosen).into_iter().collect()
    } else if tap.lifted.contains(&SEVERAL_ROWS) && rows.iter().any(|row| row.cand == *chosen) {
        rows.into_iter().filter(|row| row.cand == *chosen).collect()
    } else {
        rows
    }
}

/// The rows that what was shown stands for, of every session and site.
#[must_use]
pub fn rows_shown<'a>(roster: &'a Roster, presented: &'a Presented) -> Vec<&'a Entry> {
    match presented {
        Presented::Card(card) => {
            let permit = card.permit_number.as_deref().filter(|_| card.doc == DocKind::HmtResidence);
            let by_permit = permit.map(|permit| roster.by_document(DocKind::HmtTravel, permit));
            let by_number = roster.by_document(card.doc, &card.number);
            by_number.into_iter().chain(by_permit.into_iter().flatten()).collect()
        }
        Presented::ByHand(by_hand) => match &**by_hand {
            ByHand::Typed(typed) => roster.by_document(typed.doc(), typed.number()),
            ByHand::Declared(cand) => roster.by_cand(cand).into_iter().collect(),
        },
        Presented::Pointer(Pointer::Ticket(cand)) => roster.by_cand(cand).into_iter().collect(),
        Presented::Pointer(Pointer::Uid(Some(uid))) => roster.by_campus_uid(uid),
        Presented::Pointer(Pointer::Uid(None)) | Presented::Unreadable { .. } | Presented::UnknownKind => Vec::new(),
    }
}

fn takes_taps(row: &Entry, books: &SessionBooks) -> bool {
    row.elsewhere.is_none() && books.get(&row.session).is_some_and(|s| s.record.state.takes_taps())
}

fn nearness(row: &Entry, books: &SessionBooks, book: &SessionBook, now: Instant) -> Nearness {
    if row.elsewhere.is_some() {
        Nearness::OtherSite
    } else if row.session == book.session.plan.no {
        Nearness::ThisSession
    } else if books.get(&row.session).is_some_and(|other| other.session.plan.date == now.date()) {
        Nearness::Today
    } else {
        Nearness::OtherDay
    }
}

/// A foreign document may match by either of its names; a document that no reader read was compared by eye. Nothing
/// compares where there is no document.
fn compare_names(row: &Entry, presented: &Presented) -> Option<NameMatch> {
    let card = match (presented, presented.by_hand()) {
        (Presented::Card(card), _) => card,
        (_, Some(ByHand::Typed(typed))) if typed.same_name => return Some(NameMatch::Exact),
        (_, Some(ByHand::Typed(_))) => return Some(NameMatch::Different),
        // What a person says of themselves is what the roster says.
        (_, Some(ByHand::Declared(_))) => return Some(NameMatch::Exact),
        _ => return None,
    };
    let on_document: Vec<&str> = [Some(card.name.as_str()), card.name_latin.as_deref()]
        .into_iter()
        .flatten()
        .filter(|n| !n.is_empty())
        .collect();
    Some(row.identity.as_ref().map_or(NameMatch::Different, |who| who.match_name(&on_document)))
}

/// The session a tap belongs to (rules.md §11, Streams): the open one that has the person's row; else the open one with
/// the lowest number; if none is open the person's session of today, else any; of several the planned one with the
/// earliest start, else the closed one with the latest.
#[must_use]
pub fn deciding_book<'a>(roster: &Roster, books: &'a SessionBooks, tap: Tap<'_>) -> Option<&'a SessionBook> {
    let rows = rows_of(roster, tap);
    let theirs =
        |book: &&SessionBook| rows.iter().any(|row| row.elsewhere.is_none() && row.session == book.session.plan.no);
    let open = || books.values().filter(|s| s.record.state.takes_taps());
    let today = |book: &&SessionBook| book.session.plan.date == tap.now.date() && theirs(book);
    // Of sessions that take no taps the planned one with the earliest start, else the closed one with the latest.
    let not_open = |which: &dyn Fn(&&SessionBook) -> bool| {
        let these = || books.values().filter(which);
        let planned = these().filter(|s| s.record.state == State::Planned).min_by_key(|s| s.session.starts());
        planned.or_else(|| these().filter(|s| s.record.state >= State::Closed).max_by_key(|s| s.session.starts()))
    };
    open().find(theirs).or_else(|| open().next()).or_else(|| not_open(&today)).or_else(|| not_open(&|_| true))
}

#[cfg(test)]
mod tests;
