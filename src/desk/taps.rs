//! From a card to a verdict.

use super::cases::{CaseId, Cases, Matter, is_case};
use super::effect::{Effect, Shown, Who};
use super::kept::Together;
use super::{Desk, Moment, Then};
use crate::domain::admission::{Decision, Tap, Verdict, decide, deciding_book};
use crate::domain::by_hand::ByHand;
use crate::domain::candidate::PersonName;
use crate::domain::crew::{Act, allows};
use crate::domain::event::{
    AdmissionRefused, CandidateAdmitted, Event, Flag, ManualIdentityTaken, NameMatch, PhotoCheck, RefusalVerdict,
};
use crate::domain::ids::{Code, DocTag, OperatorId, RoomId, Salt, SeatLabel, SessionNo};
use crate::domain::presented::Presented;
use crate::domain::record::{Held, SessionBook};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// A failed read counts towards the third one for this long.
const UNREADABLE_WINDOW: Duration = Duration::from_mins(1);
/// How many shown verdicts are remembered; a desk cannot show more within any debounce time.
const REMEMBERED: usize = 64;

/// A verdict shown lately, for debounce: the same card and code is not recorded again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remembered {
    session: SessionNo,
    tag: Option<DocTag>,
    code: Code,
    mono: Duration,
    seq: Option<u64>,
}

/// What a desk remembers of the last minute.
#[derive(Debug, Default)]
pub(super) struct Memory {
    shown: VecDeque<Remembered>,
    unreadable: VecDeque<Duration>,
}

impl Memory {
    pub(super) fn remember(&mut self, mut shown: Remembered, seq: Option<u64>) {
        shown.seq = seq;
        self.shown.push_back(shown);
        if self.shown.len() > REMEMBERED {
            self.shown.pop_front();
        }
    }

    /// The line of the same card's same refusal, if it was shown less than `window` ago.
    fn repeated(&self, now: &Remembered, window: Duration) -> Option<&Remembered> {
        self.shown.iter().rev().find(|earlier| {
            (earlier.session, earlier.tag, earlier.code) == (now.session, now.tag, now.code)
                && now.tag.is_some()
                && now.mono.saturating_sub(earlier.mono) < window
        })
    }

    fn count_unreadable(&mut self, mono: Duration) -> u32 {
        self.unreadable.push_back(mono);
        while self.unreadable.front().is_some_and(|first| mono.saturating_sub(*first) > UNREADABLE_WINDOW) {
            self.unreadable.pop_front();
        }
        u32::try_from(self.unreadable.len()).unwrap_or(u32::MAX)
    }
}

/// What comes with a judgement and is no part of the matter.
#[derive(Debug, Clone)]
pub(super) struct Occasion {
    pub(super) moment: Moment,
    /// A fresh salt, should it become an admission.
    pub(super) salt: Salt,
    /// Who acts.
    pub(super) op: Option<OperatorId>,
    /// The second person of a two-person act.
    pub(super) witness: Option<OperatorId>,
    /// The case it goes on with.
    pub(super) case: Option<CaseId>,
}

impl Desk {
    pub(super) fn tap(
        &mut self,
        presented: Presented,
        tags: BTreeMap<SessionNo, DocTag>,
        (salt, simulated): (Salt, bool),
        moment: Moment,
    ) -> Vec<Effect> {
        if self.stopped {
            return vec![Effect::Stopped];
        }
        let unreadable = match presented {
            Presented::Unreadable { .. } => self.memory.count_unreadable(moment.mono),
            Presented::Card(_) | Presented::UnknownKind | Presented::Pointer(_) | Presented::ByHand(_) => 0,
        };
        if !self.unlocked && self.held.books.values().any(|s| s.record.state.takes_taps()) {
            return vec![Effect::AwaitingUnlock];
        }
        let together = self.kept.join(presented, tags, moment.mono);
        let matter = Matter { unreadable, simulated, ..Matter::of(&together) };
        let occasion = Occasion { moment, salt, op: self.operator.clone(), witness: None, case: None };
        self.judge(&matter, &occasion, Some(&together))
    }

    /// What a matter comes to now, and the session that decides it; none where nothing is planned.
    pub(super) fn decide(&self, matter: &Matter, moment: Moment) -> Option<(Decision, &SessionBook)> {
        let Held { books, roster, .. } = &self.held;
        let lifted = matter.lifted();
        let tap = Tap {
            presented: &matter.presented,
            now: moment.at,
            unreadable: matter.unreadable,
            simulated: matter.simulated,
            ticket: matter.ticket.as_ref(),
            desk: self.id,
            chosen: matter.chosen.as_ref(),
            lifted: &lifted,
        };
        let book = deciding_book(roster, books, tap)?;
        Some((decide(roster, books, book, tap), book))
    }

    /// Judges a matter, records what it comes to and shows it once that is durable.
    pub(super) fn judge(&mut self, matter: &Matter, occasion: &Occasion, kept: Option<&Together>) -> Vec<Effect> {
        let moment = occasion.moment;
        let Some((decision, book)) = self.decide(matter, moment) else { return vec![Effect::NothingPlanned] };
        let session = book.session.plan.no;
        let takes_lines = book.record.takes_lines();
        let window = Duration::from_secs(u64::from(book.session.policy.desk.debounce_s));
        let place = place(&decision, book);
        // A matter is judged whoever sits there, but recorded under a name only where the role may admit (rules.md §13).
        let record = &book.record;
        let admits = |op: &OperatorId| record.member(op).is_some_and(|member| allows(member.role, Act::Scan));
        let op = occasion.op.clone().filter(admits);
        if let Some(together) = kept {
            self.kept.keep(together, &decision, moment.mono);
        }
        let mut shown = Shown {
            place,
            who: who(&matter.presented),
            session,
            desk: self.id,
            seq: None,
            at: moment.at,
            repeat: false,
            case: None,
            decision,
        };
        // The streams of a session that is being sealed take no line, so nothing is recorded of this.
        if !takes_lines {
            self.cases.turn(None);
            return vec![Effect::Verdict(Box::new(shown))];
        }
        if is_case(&shown) {
            shown.case = Some(occasion.case.unwrap_or_else(|| self.cases.number()));
        }
        let tag = matter.tags.get(&session).copied();
        let remembered = Remembered { session, tag, code: shown.decision.code, mono: moment.mono, seq: None };
        let case = |shown: &Shown| Some(Cases::make(shown.case?, shown.clone(), matter.settled(), moment.mono));
        if let Some(earlier) = self.memory.repeated(&remembered, window).filter(|_| matter.typed.is_none()) {
            let shown = Shown { seq: earlier.seq, repeat: true, ..shown };
            self.cases.turn(case(&shown));
            return vec![Effect::Verdict(Box::new(shown))];
        }
        // Those whose document it is, rather than those who were looked up for it.
        let row = shown.decision.row.as_ref().map(|row| row.cand.clone());
        let typed = matter.typed.clone().map(|taken| {
            let cand = row.unwrap_or(taken.cand);
            ManualIdentityTaken { cand, tag, ..taken }.into()
        });
        let events = typed.into_iter().chain([event(&shown, matter, tag, occasion.salt)]);
        let events = events.map(|event| (session, event)).collect();
        let case = case(&shown).map(Box::new);
        let then = Then::Show { shown: Box::new(shown), remembered, case, done: occasion.case };
        self.append(events, op.as_ref(), occasion.witness.as_ref(), moment, then)
    }
}

impl Matter {
    /// What was shown, before anybody has said anything.
    pub(super) fn of(together: &Together) -> Self {
        Self {
            presented: together.presented.clone(),
            tags: together.tags.clone(),
            ticket: together.ticket.clone(),
            unreadable: 0,
            simulated: false,
            chosen: None,
            confirmed: vec![],
            lifts: vec![],
            typed: None,
        }
    }

    /// What is left to say once its line is written.
    fn settled(&self) -> Self {
        Self { typed: None, ..self.clone() }
    }
}

/// Where the person sits: the seat given now, or the one they were admitted to.
fn place(decision: &Decision, book: &SessionBook) -> Option<(RoomId, SeatLabel)> {
    let row = decision.row.as_ref()?;
    match decision.verdict {
        Verdict::Admitted | Verdict::AdmittedLate(_) => decision.place.clone().map(|place| (place.room, place.seat)),
        Verdict::AlreadyIn { .. } => {
            let admission = book.record.attendance.of(&row.cand).admission()?;
            Some((admission.room.clone(), admission.seat.clone()))
        }
        Verdict::Refused | Verdict::NeedsProctor => None,
    }
}

fn who(presented: &Presented) -> Option<Who> {
    if let Some(ByHand::Typed(typed)) = presented.by_hand() {
        return Some(Who { masked: String::new(), tail: tail_of(typed.number()) });
    }
    let card = presented.card()?;
    let name = Some(&card.name).filter(|n| !n.is_empty()).or(card.name_latin.as_ref());
    // A card is hostile until its name parsed as one: whatever else it holds never reaches the glass.
    let masked = name.and_then(|n| PersonName::parse(n).ok()).map_or_else(|| "*".to_owned(), |n| n.masked());
    Some(Who { masked, tail: tail_of(&card.number) })
}

fn tail_of(number: &str) -> String {
    let tail = number.chars().rev().take(4).filter(char::is_ascii_alphanumeric).collect::<Vec<_>>();
    tail.into_iter().rev().collect()
}

/// A face was compared.
const PHOTO: Code = Code(70);

/// The line behind a verdict. Somebody without a document is recorded with the kind that the roster names.
fn event(shown: &Shown, matter: &Matter, tag: Option<DocTag>, salt: Salt) -> Event {
    let Shown { decision, place, session, .. } = shown;
    let late_s = match decision.verdict {
        Verdict::Admitted => Some(0),
        Verdict::AdmittedLate(s) => Some(s),
        Verdict::AlreadyIn { .. } | Verdict::Refused | Verdict::NeedsProctor => None,
    };
    let registered = || decision.row.as_ref().and_then(|row| Some(row.identity.as_ref()?.doc_kind));
    let doc = decision.doc.or_else(registered);
    if let (Some(late_s), Some(row), Some((room, seat)), Some(doc)) = (late_s, &decision.row, place, doc) {
        let photo = if matter.confirmed.contains(&PHOTO) { PhotoCheck::Confirmed } else { PhotoCheck::None };
        return CandidateAdmitted {
            cand: row.cand.clone(),
            doc,
            name_match: decision.name_match.unwrap_or(NameMatch::Different),
            via: decision.via,
            room: room.clone(),
            seat: seat.clone(),
            late_s,
            expired: Flag(decision.expired),
            photo,
            confirmed: matter.confirmed.clone(),
            lifts: matter.lifts.clone(),
            salt,
        }
        .into();
    }
    let row = decision.row.as_ref();
    AdmissionRefused {
        code: decision.code,
        verdict: match decision.verdict {
            Verdict::AlreadyIn { .. } => RefusalVerdict::AlreadyIn,
            Verdict::NeedsProctor => RefusalVerdict::NeedsProctor,
            Verdict::Refused | Verdict::Admitted | Verdict::AdmittedLate(_) => RefusalVerdict::Refused,
        },
        doc: decision.doc,
        tag: tag.filter(|_| row.is_none()),
        cand: row.map(|r| r.cand.clone()),
        room: row.filter(|r| r.counts_in(*session)).map(|r| r.room.clone()),
    }
    .into()
}
