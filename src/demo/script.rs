//! The day as data: what happens at the desk, in order, from a seed.
//!
//! Owns who comes when, who comes twice, who does not come at all, and what marks they get. Executes nothing.

use super::crew;
use super::roster::{DemoCandidate, SplitMix64, strangers};
use crate::desk::Command;
use crate::domain::event::ZeroReason;
use crate::domain::ids::{AdmissionNo, OperatorId, PartId, SessionNo};
use crate::domain::policy::Policy;
use crate::domain::session::Session;
use crate::domain::time::Instant;
use crate::reader::record::ResidentCard;

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Act {
    /// The clock reaches this moment.
    At(Instant),
    /// So many milliseconds pass.
    Pass(i64),
    /// A card is laid on the reader and taken away after the verdict.
    Card(ResidentCard),
    /// The next card is lifted before it was read.
    Damage,
    /// The chief opens a session, with the site passphrase.
    Open(SessionNo),
    /// Somebody does something, with a second person where one is needed.
    Do(Command, OperatorId, Option<OperatorId>),
    /// The chief derives the results of a session.
    Derive(SessionNo),
}

/// Milliseconds between two cards, where the morning is long enough for all.
const PACE_MS: i64 = 5_000;
/// Cards begin five minutes after opening and end two minutes before the start.
const MORNING_MS: i64 = 23 * 60_000;
/// The late come from so many minutes after the start on.
const LATE_FROM_MIN: i64 = 2;

/// A session's candidates as the script sees them.
#[derive(Debug)]
pub struct Cast {
    /// In time, in the order in which they come.
    pub early: Vec<DemoCandidate>,
    /// After the start, within the limit.
    pub late: Vec<DemoCandidate>,
    /// After the limit.
    pub too_late: Vec<DemoCandidate>,
    /// Not at all.
    pub missing: Vec<DemoCandidate>,
}

impl Cast {
    /// Deals the roles of one session: of sixty people one comes too late, three late, two not at all.
    #[must_use]
    pub fn deal(candidates: &[DemoCandidate], no: SessionNo, rng: &mut SplitMix64) -> Self {
        let mut people: Vec<_> = candidates.iter().filter(|c| c.session == no.get()).cloned().collect();
        shuffle(&mut people, rng);
        let count = people.len();
        let mut take = |n: usize| people.split_off(people.len().saturating_sub(n));
        let missing = take(count.div_ceil(30));
        let too_late = take(usize::from(count >= 4));
        let late = take(count / 30 + usize::from(count >= 6));
        Self { missing, too_late, late, early: people }
    }
}

fn shuffle<T>(items: &mut [T], rng: &mut SplitMix64) {
    for last in (1..items.len()).rev() {
        let other = rng.below(u32::try_from(last + 1).unwrap_or(u32::MAX));
        items.swap(last, usize::try_from(other).unwrap_or(0));
    }
}

/// Check-in before the start: everybody in time, and the people a desk also meets.
#[must_use]
pub fn morning(cast: &Cast, others: &[DemoCandidate], session: &Session, seed: u64) -> Vec<Act> {
    let count = i64::try_from(cast.early.len()).unwrap_or(1).max(1);
    let pace = PACE_MS.min(MORNING_MS / count);
    let mut acts = vec![Act::At(session.opens().plus_minutes(5))];
    for (n, candidate) in cast.early.iter().enumerate() {
        acts.push(Act::Pass(pace));
        match n {
            // A card lifted too soon is laid down again.
            1 => acts.extend([Act::Damage, Act::Card(candidate.card.clone()), Act::Pass(1_000)]),
            // The same card once more.
            2 => acts.extend([Act::Card(candidate.card.clone()), Act::Pass(1_000)]),
            3 => acts.extend(others.first().map(|other| Act::Card(other.card.clone()))),
            4 => acts.extend(strangers(1, seed).into_iter().map(Act::Card)),
            _ => {}
        }
        acts.push(Act::Card(candidate.card.clone()));
    }
    acts
}

/// From the start to the late limit, and what is declared after it.
#[must_use]
pub fn start_and_limit(cast: &Cast, session: &Session) -> Vec<Act> {
    let no = session.plan.no;
    let mut acts = vec![Act::At(session.starts()), Act::Do(Command::Start(no), crew::chief(), None)];
    // However many come late, the last one still comes within the limit.
    let window = (i64::from(session.policy.admission.late_limit_min) - LATE_FROM_MIN).max(0) * 60_000;
    let pace = window / i64::try_from(cast.late.len()).unwrap_or(i64::MAX).max(1);
    acts.push(Act::At(session.starts().plus_minutes(LATE_FROM_MIN)));
    acts.extend(cast.late.iter().flat_map(|candidate| [Act::Pass(pace), Act::Card(candidate.card.clone())]));
    acts.push(Act::At(session.late_limit().plus_minutes(1)));
    acts.extend(cast.too_late.iter().map(|candidate| Act::Card(candidate.card.clone())));
    acts.extend([Act::Pass(60_000), Act::Do(Command::MarkAbsent(no, None), crew::proctor(), None)]);
    acts
}

/// The end of the exam: everybody's work is collected.
#[must_use]
pub fn hand_in(session: &Session) -> Vec<Act> {
    vec![Act::At(session.ends()), Act::Do(Command::Collect(session.plan.no, None), crew::proctor(), None)]
}

/// A mark for every part of everybody who came, but the last `leave`.
#[must_use]
pub fn marks(cast: &Cast, session: &Session, seed: u64, leave: usize) -> Vec<Act> {
    let mut rng = SplitMix64::new(seed ^ 0x6d61_726b);
    let mut cands: Vec<AdmissionNo> =
        cast.early.iter().chain(&cast.late).filter_map(|candidate| AdmissionNo::parse(&candidate.cand).ok()).collect();
    cands.sort();
    let sheets: Vec<(AdmissionNo, PartId, u32)> =
        cands.iter().flat_map(|cand| figures(cand, &session.policy, &mut rng)).collect();
    let given = sheets.len().saturating_sub(leave);
    sheets
        .into_iter()
        .take(given)
        .flat_map(|(cand, part, mark)| {
            let zero = (mark == 0).then_some(ZeroReason::BlankWork);
            let command = Command::EnterMark(session.plan.no, cand, part, mark, zero);
            [Act::Pass(1_000), Act::Do(command, crew::assessor(), None)]
        })
        .collect()
}

/// Whole marks, most of them between 55 and 95 of 100, each a multiple of the part's step.
fn figures(cand: &AdmissionNo, policy: &Policy, rng: &mut SplitMix64) -> Vec<(AdmissionNo, PartId, u32)> {
    policy
        .parts
        .iter()
        .map(|part| {
            let percent = rng.within(55..=95);
            let mark = part.max.0 / 100 * percent;
            (cand.clone(), part.id.clone(), mark - mark % part.step.0.max(100))
        })
        .collect()
}

/// The session is closed by the chief and a proctor.
#[must_use]
pub fn close(no: SessionNo) -> Vec<Act> {
    vec![Act::Pass(60_000), Act::Do(Command::Close(no), crew::chief(), Some(crew::proctor()))]
}
