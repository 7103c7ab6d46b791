//! The facts of each screen, read from the desk for one draw.

use super::super::facts;
use super::super::sayings::Told;
use super::super::screens::{close, ready, results, rooms, scoring, unlock, verdict};
use super::super::theme::Plate;
use super::super::widgets::header::{Duty, Header, Health, Phase};
use super::super::widgets::plate::Who;
use super::notices::shown_name;
use super::{App, READING, Reader};
use crate::desk::Shown;
use crate::domain::attendance::Attendance;
use crate::domain::candidate::Mark;
use crate::domain::crew::{Act, allows};
use crate::domain::event::AttendanceCounts;
use crate::domain::ids::{OperatorId, PartId, RoomId, SessionNo};
use crate::domain::record::SessionBook;
use crate::domain::roster as domain_roster;
use crate::domain::scoring::{Outcome, PartOutcome, per_mille, spread};
use crate::domain::session::State;
use crate::runtime::lines::LineKind;
use crate::runtime::results::derive;
use std::collections::BTreeMap;

impl App {
    pub(super) fn header(&self) -> Header {
        let now = self.desk.clock().wall().0;
        let book = self.shown();
        Header {
            mode: self.about.mode,
            site: self.about.site_name.clone(),
            certificate: book.map(certificate).unwrap_or_default(),
            session: book.map(|book| self.session_word(book.session.plan.no)).unwrap_or_default(),
            phase: if self.stop.is_some() { Some(Phase::Fault) } else { book.map(facts::phase) },
            desk: self.desk.desk().id(),
            now,
            limit: book.and_then(|book| facts::limit(book, now)),
            reader: match self.reader {
                Reader::Unknown => Health::Absent,
                Reader::Up => Health::Good,
                Reader::Lost(_) => Health::Lost,
            },
            scanner: self.line_health(LineKind::Scanner),
            campus: self.line_health(LineKind::Campus),
            journal: if self.stop.is_some() { Health::Lost } else { Health::Good },
            duty: self
                .acting
                .as_ref()
                .filter(|_| !self.locked())
                .map(|a| Duty { role: a.role, masked: a.masked.clone() }),
        }
    }

    fn line_health(&self, kind: LineKind) -> Health {
        let lines = || self.desk.lines().iter().filter(|line| line.kind == kind);
        if lines().any(|line| line.fault.is_some()) {
            Health::Lost
        } else if lines().next().is_some() {
            Health::Good
        } else {
            Health::Absent
        }
    }

    pub(super) fn unlock_data(&self) -> unlock::Data {
        let people = self.desk.gate().operators().iter().map(|operator| unlock::Person {
            masked: shown_name(&operator.masked_name, &operator.op),
            role: operator.role,
            demo_pin: self.demo_pin(&operator.op),
            tries: self.tries(&operator.op),
        });
        unlock::Data {
            site: self.about.site_name.clone(),
            desk: self.desk.desk().id(),
            phase: self.served().map(facts::phase),
            people: people.collect(),
            judged: self.desk.desk().unlocked(),
        }
    }

    pub(super) fn ready_data(&self) -> ready::Data {
        let now = self.desk.clock().wall().0;
        let book = self.served();
        let invitation = match book.map(|book| book.record.state) {
            None | Some(State::Planned) => ready::Invitation::NotOpen,
            Some(State::Closed | State::Sealed) => ready::Invitation::Over,
            Some(State::Open | State::Running) if matches!(self.reader, Reader::Lost(_)) => {
                ready::Invitation::ReaderLost
            }
            Some(State::Open | State::Running) => ready::Invitation::Card,
        };
        let limit = book.and_then(|book| {
            let (limit, left) = facts::limit(book, now)?;
            Some((limit, left, crate::domain::time::Instant(now.0 + left * 1000)))
        });
        let n = self.pulse.counts;
        ready::Data {
            invitation,
            taps: self.taps.iter().map(|(tap, _)| tap.clone()).collect(),
            counts: ready::Counts {
                desk: self.pulse.desk,
                present: n.present,
                expected: n.expected,
                missing: n.expected.saturating_sub(n.present + n.absent),
                late: n.late,
                refused: self.pulse.refused,
            },
            limit,
        }
    }

    /// The plate on the screen: a verdict, or the grey one while a commit takes long.
    pub(super) fn verdict_data(&self) -> Option<verdict::Data> {
        if self.busy_since.is_some_and(|since| self.now.saturating_sub(since) >= READING) {
            return Some(verdict::Data {
                plate: Plate::Reading,
                code: None,
                told: Told::default(),
                who: Who::default(),
                place: None,
                entry: verdict::Entry::None,
                back_in: None,
                open: None,
            });
        }
        let showing = self.showing.as_ref()?;
        let shown = &showing.shown;
        let left = showing.until.saturating_sub(self.now).as_millis().div_ceil(1000);
        Some(verdict::Data {
            plate: facts::plate(shown),
            code: Some(shown.decision.code),
            told: self.told(shown),
            who: facts::who(shown),
            place: shown.place.clone(),
            entry: match shown.seq {
                _ if shown.repeat => verdict::Entry::Repeat,
                Some(_) => verdict::Entry::Written,
                None => verdict::Entry::None,
            },
            back_in: u32::try_from(left).ok(),
            open: self.case_in_front().map(|case| self.ways(case)),
        })
    }

    pub(super) fn told(&self, shown: &Shown) -> Told {
        let mut told = facts::told(shown, self.desk.desk().books());
        if let Some(row) = &shown.decision.row {
            told.session = self.session_word(row.session);
        }
        told
    }

    pub(super) fn rows_of(&self, book: &SessionBook) -> Vec<&domain_roster::Entry> {
        self.desk.desk().roster().rows_of(book.session.plan.no).collect()
    }

    pub(super) fn rooms_data(&self, task: rooms::Task) -> rooms::Data {
        let mut left: BTreeMap<RoomId, (usize, Vec<_>)> = BTreeMap::new();
        if let Some(book) = self.in_view(State::Running) {
            for row in self.rows_of(book) {
                let state = book.record.attendance.of(&row.cand);
                let owed = match task {
                    rooms::Task::Absent => matches!(state, Attendance::Expected),
                    rooms::Task::Collect => matches!(state, Attendance::Present(_)),
                };
                if owed {
                    let people = left.entry(row.room.clone()).or_default();
                    people.0 += 1;
                    people.1.extend(self.desk.desk().place_of(book, row).map(|place| place.seat));
                }
            }
        }
        let rooms = left.into_iter().map(|(room, (people, mut seats))| {
            seats.sort();
            rooms::Room { room, people, seats }
        });
        rooms::Data { task, session: self.session_line(State::Running), rooms: rooms.collect() }
    }

    /// The session to close, its figures, and the proctors who may second, in the order drawn.
    pub(super) fn close_data(&self) -> Option<(SessionNo, close::Data, Vec<OperatorId>)> {
        // A form that somebody fills in stays with its session, or is gone with it.
        let book = match self.viewed {
            Some(no) => self.desk.desk().books().get(&no).filter(|book| book.record.state == State::Running)?,
            None => self.in_view(State::Running)?,
        };
        let no = book.session.plan.no;
        let mut rooms: BTreeMap<RoomId, AttendanceCounts> = BTreeMap::new();
        for row in self.rows_of(book) {
            let counts = rooms.entry(row.room.clone()).or_default();
            counts.registered += 1;
            counts.expected += 1;
            match book.record.attendance.of(&row.cand) {
                Attendance::Expected => {}
                Attendance::Absent(..) => counts.absent += 1,
                Attendance::Present(_) => counts.present += 1,
                Attendance::Submitted(..) => {
                    counts.present += 1;
                    counts.handed_in += 1;
                }
            }
        }
        let operators = self.desk.gate().operators().iter();
        let proctors: Vec<_> = operators.filter(|o| allows(o.role, Act::CloseWitness)).collect();
        let data = close::Data {
            session: self.session_line(State::Running),
            counts: book.record.counts(self.desk.desk().roster().registered(no)),
            rooms: rooms.into_iter().collect(),
            chief: self.acting.as_ref().map(|a| a.masked.clone()).unwrap_or_default(),
            proctors: proctors.iter().map(|o| shown_name(&o.masked_name, &o.op)).collect(),
        };
        Some((no, data, proctors.iter().map(|o| o.op.clone()).collect()))
    }

    /// The first part with work handed in and unmarked; after `current`, where it is given, round and round.
    pub(super) fn part_to_mark(&self, current: Option<&PartId>) -> Option<(SessionNo, PartId)> {
        let book = facts::marked(self.desk.desk().books())?;
        let no = book.session.plan.no;
        let parts: Vec<_> = book.session.policy.parts.iter().map(|part| part.id.clone()).collect();
        let open = |part: &PartId| {
            self.scoring_data(no, part).is_some_and(|data| data.rows.iter().any(|row| row.slot == scoring::Slot::Open))
        };
        let part = match current.and_then(|part| parts.iter().position(|p| p == part)) {
            Some(at) => parts.get((at + 1) % parts.len()).cloned(),
            None => parts.iter().find(|part| open(part)).or(parts.first()).cloned(),
        };
        Some((no, part?))
    }

    pub(super) fn scoring_data(&self, no: SessionNo, part: &PartId) -> Option<scoring::Data> {
        let book = self.desk.desk().books().get(&no)?;
        let rule = book.session.policy.parts.iter().find(|rule| rule.id == *part)?;
        let mut entries = self.rows_of(book);
        entries.sort_by_key(|row| (self.desk.desk().place_of(book, row), &row.room, &row.cand));
        let rows = entries.into_iter().map(|row| {
            let slot = match (book.record.mark(&row.cand, part), book.record.attendance.of(&row.cand)) {
                (Some(standing), _) => scoring::Slot::Marked(standing.mark),
                (None, Attendance::Submitted(..)) => scoring::Slot::Open,
                (None, Attendance::Present(_)) if rule.mark_while_present => scoring::Slot::Open,
                (None, Attendance::Present(_)) => scoring::Slot::Present,
                (None, Attendance::Absent(..)) => scoring::Slot::Absent,
                (None, Attendance::Expected) => scoring::Slot::NeverAdmitted,
            };
            let place = self.desk.desk().place_of(book, row);
            scoring::Row {
                number: row.cand.clone(),
                place: place.map_or_else(|| row.room.to_string(), |p| p.to_string()),
                slot,
            }
        });
        Some(scoring::Data {
            part: rule.name.to_string(),
            assessor: self.acting.as_ref().map(|a| a.masked.clone()).unwrap_or_default(),
            max: rule.max.0,
            step: rule.step.0,
            rows: rows.collect(),
        })
    }

    pub(super) fn results_data(&self) -> Option<results::Data> {
        let book = self.with_results()?;
        let derived = derive(book, self.desk.desk().roster()).ok()?;
        let policy = &book.session.policy;
        let mut figures = Vec::new();
        for (n, part) in policy.parts.iter().enumerate() {
            let marks: Vec<u32> = derived.results.0.iter().filter_map(|r| final_mark(r.parts.get(n))).collect();
            let passed = marks.iter().filter(|mark| part.pass.is_some_and(|line| **mark >= line.0)).count();
            figures.extend(line_of(Some(part.name.to_string()), &marks, passed));
        }
        let composites: Vec<u32> = derived.results.0.iter().filter_map(|r| r.composite).collect();
        let passed = derived.results.0.iter().filter(|r| r.outcome == Outcome::Pass).count();
        figures.extend(line_of(None, &composites, passed));
        let mut distribution = [0; 10];
        for composite in &composites {
            let tens = composite * 10 / policy.result.composite_max.0.max(1);
            if let Some(count) = usize::try_from(tens.min(9)).ok().and_then(|tens| distribution.get_mut(tens)) {
                *count += 1;
            }
        }
        let weights: Vec<String> =
            policy.parts.iter().map(|p| format!("{} {}%", p.name, Mark(p.weight_permille * 10))).collect();
        Some(results::Data {
            certificate: certificate(book),
            rule: format!("{}  >= {}", weights.join(" + "), policy.result.pass),
            counts: book.record.counts(self.desk.desk().roster().registered(book.session.plan.no)),
            complete: u32::try_from(composites.len()).unwrap_or(u32::MAX),
            derived: match (book.record.results(), book.record.derived_once()) {
                (Some(_), _) => results::Derived::Current,
                (None, true) => results::Derived::Stale,
                (None, false) => results::Derived::Never,
            },
            figures,
            distribution,
            outcomes: book.record.results().map(|derived| derived.counts),
        })
    }
}

/// Certificate and level, as the policy writes them in every language.
pub(super) fn certificate(book: &SessionBook) -> String {
    format!("{} {}", book.session.plan.certificate, book.session.plan.level.zh())
}

fn final_mark(part: Option<&(PartId, PartOutcome)>) -> Option<u32> {
    match part {
        Some((_, PartOutcome::Final(mark))) => Some(*mark),
        _ => None,
    }
}

fn line_of(part: Option<String>, marks: &[u32], passed: usize) -> Option<results::Figures> {
    let spread = spread(marks)?;
    let passed = u32::try_from(passed).unwrap_or(u32::MAX);
    Some(results::Figures {
        part,
        count: spread.count,
        mean: spread.mean,
        median: spread.median,
        min: spread.min,
        max: spread.max,
        sd: spread.deviation,
        passed,
        rate: per_mille(passed, spread.count).unwrap_or(0),
    })
}
