//! From a card to a verdict.

use super::effect::{Effect, Shown, Who};
use super::{Desk, Moment, Then};
use crate::domain::admission::{Decision, Tap, Verdict, decide, deciding_book};
use crate::domain::candidate::PersonName;
use crate::domain::crew::{Act, allows};
use crate::domain::event::{
    AdmissionRefused, CandidateAdmitted, Event, Flag, NameMatch, PhotoCheck, RefusalVerdict, Via,
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
            Presented::Card(_) | Presented::UnknownKind | Presented::Pointer(_) => 0,
        };
        let Held { books, roster, .. } = &self.held;
        if !self.unlocked && books.values().any(|s| s.record.state.takes_taps()) {
            return vec![Effect::AwaitingUnlock];
        }
        let together = self.kept.join(presented, tags, moment.mono);
        let presented = &together.presented;
        let Some(book) = deciding_book(roster, books, presented, moment.at) else {
            return vec![Effect::NothingPlanned];
        };
        let ticket = together.ticket.as_ref();
        let tap = Tap { presented, now: moment.at, unreadable, simulated, ticket, desk: self.id };
        let decision = decide(roster, books, book, tap);
        self.kept.keep(&together, &decision, moment.mono);
        let session = book.session.plan.no;
        let shown = Shown {
            place: place(&decision, book),
            who: who(presented),
            session,
            desk: self.id,
            seq: None,
            at: moment.at,
            repeat: false,
            decision,
        };
        // The streams of a session that is being sealed take no line, so nothing is recorded of this.
        if !book.record.takes_lines() {
            return vec![Effect::Verdict(Box::new(shown))];
        }
        let tag = together.tags.get(&session).copied();
        let remembered = Remembered { session, tag, code: shown.decision.code, mono: moment.mono, seq: None };
        let window = Duration::from_secs(u64::from(book.session.policy.desk.debounce_s));
        if let Some(earlier) = self.memory.repeated(&remembered, window) {
            let shown = Shown { seq: earlier.seq, repeat: true, ..shown };
            return vec![Effect::Verdict(Box::new(shown))];
        }
        let event = event(&shown, tag, salt);
        // A tap is judged whoever sits there, but recorded under a name only where the role may admit (rules.md §13).
        let record = &book.record;
        let admits = |op: &OperatorId| record.member(op).is_some_and(|member| allows(member.role, Act::Scan));
        let op = self.operator.clone().filter(admits);
        self.append(vec![(session, event)], op.as_ref(), None, moment, Then::Show(Box::new(shown), remembered))
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
    let card = presented.card()?;
    let name = Some(&card.name).filter(|n| !n.is_empty()).or(card.name_latin.as_ref());
    // A card is hostile until its name parsed as one: whatever else it holds never reaches the glass.
    let masked = name.and_then(|n| PersonName::parse(n).ok()).map_or_else(|| "*".to_owned(), |n| n.masked());
    let tail = card.number.chars().rev().take(4).filter(char::is_ascii_alphanumeric).collect::<Vec<_>>();
    Some(Who { masked, tail: tail.into_iter().rev().collect() })
}

/// The line behind a verdict.
fn event(shown: &Shown, tag: Option<DocTag>, salt: Salt) -> Event {
    let Shown { decision, place, session, .. } = shown;
    let late_s = match decision.verdict {
        Verdict::Admitted => Some(0),
        Verdict::AdmittedLate(s) => Some(s),
        Verdict::AlreadyIn { .. } | Verdict::Refused | Verdict::NeedsProctor => None,
    };
    if let (Some(late_s), Some(row), Some((room, seat)), Some(doc)) = (late_s, &decision.row, place, decision.doc) {
        return CandidateAdmitted {
            cand: row.cand.clone(),
            doc,
            name_match: decision.name_match.unwrap_or(NameMatch::Different),
            via: Via::Chip,
            room: room.clone(),
            seat: seat.clone(),
            late_s,
            expired: Flag(decision.expired),
            photo: PhotoCheck::None,
            confirmed: vec![],
            lifts: vec![],
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
