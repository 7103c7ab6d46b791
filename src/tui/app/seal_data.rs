//! The facts of the sealing screens, read from the desk for one draw.

use super::super::screens::seal::progress::{self, Stand};
use super::super::screens::seal::readiness::{Check, Item, Standing};
use super::super::screens::seal::{Groups, checklist, done, sign};
use super::super::widgets::tries::{MOST, Tries};
use super::notices::shown_name;
use super::sealing::Streams;
use super::{App, Place};
use crate::demo::crew::{CREW, SITE_PASSPHRASE};
use crate::desk::Refusal;
use crate::domain::event::AttendanceCounts;
use crate::domain::ids::{OperatorId, SessionNo};
use crate::domain::record::SessionBook;
use crate::domain::session::{Mode, Sealable, State};
use crate::domain::time::{ClockQuality, Instant};
use crate::proof::sha256;
use crate::runtime::sealing::{Papers, SealFault, Step, Written};
use crate::seal::verify::Report;
use crate::seal::{Fingerprint, layout};
use std::path::Path;

impl App {
    /// The session that the header speaks of: on the screens of a seal the one that is sealed.
    pub(super) fn shown(&self) -> Option<&SessionBook> {
        let no = match &self.place {
            Place::Checklist | Place::Sign | Place::Sealing => self.wizard.as_ref().map(|wizard| wizard.no),
            Place::Sealed => self.sealed.as_ref().map(|(no, ..)| *no),
            Place::Detail(no, ..) => Some(*no),
            Place::Rooms(..) | Place::Close(_) => self.in_view(State::Running).map(|book| book.session.plan.no),
            Place::Results(_) => self.with_results().map(|book| book.session.plan.no),
            Place::Roster | Place::SeatMap(_) => self.viewed,
            _ => None,
        };
        no.and_then(|no| self.desk.desk().books().get(&no)).or_else(|| self.served())
    }

    /// The demo's PIN of somebody; none anywhere else.
    pub(super) fn demo_pin(&self, op: &OperatorId) -> Option<String> {
        let demo = self.about.mode == Mode::Demo;
        CREW.iter().find(|member| demo && member.op == op.as_str()).map(|member| member.pin.to_owned())
    }

    /// The demo's site passphrase; none anywhere else.
    pub(super) fn demo_passphrase(&self) -> Option<String> {
        (self.about.mode == Mode::Demo).then(|| SITE_PASSPHRASE.to_owned())
    }

    /// What stands against guessing somebody's PIN, where one was wrong lately.
    pub(super) fn tries(&self, op: &OperatorId) -> Option<Tries> {
        let failed = self.desk.gate().standing(op)?;
        let wait = failed.remaining_ms(self.desk.clock().wall().0).unsigned_abs().div_ceil(1000);
        Some(Tries { left: MOST.saturating_sub(failed.tries), wait: u32::try_from(wait).unwrap_or(u32::MAX) })
    }

    fn name_of(&self, op: &OperatorId) -> String {
        let known = self.desk.gate().operators().iter().find(|operator| operator.op == *op);
        known.map_or_else(|| op.to_string(), |operator| shown_name(&operator.masked_name, op))
    }

    pub(super) fn checklist_data(&self, no: SessionNo, streams: Option<Streams>) -> checklist::Data {
        let desk = self.desk.desk();
        let papers = self.desk.seal_papers(no);
        let counts = desk.books().get(&no).map(|book| book.record.counts(desk.roster().registered(no)));
        let counts = counts.unwrap_or_default();
        let mut items = of_session(&desk.unready(no), &counts);
        items.extend(of_streams(streams));
        items.extend(self.of_papers(&papers));
        let offered = self.to_seal();
        let recipients = papers.as_ref().ok().map(|papers| &papers.credentials().recipients);
        checklist::Data {
            chief: self.acting.as_ref().map(|acting| acting.masked.clone()).unwrap_or_default(),
            items,
            frozen: self.is_prepared(no),
            place: offered.iter().position(|offered| *offered == no).map_or(1, |at| at + 1),
            closed: offered.len(),
            counts,
            organisation: papers.as_ref().map(|papers| papers.credentials().name.clone()).unwrap_or_default(),
            working: recipients.map(|of| short(&of.working)).unwrap_or_default(),
            recovery: recipients.map(|of| short(&of.recovery)).unwrap_or_default(),
        }
    }

    /// What keys, certificates and the clock say.
    fn of_papers(&self, papers: &Result<Papers, SealFault>) -> Vec<Item> {
        let (at, quality) = self.desk.clock().wall();
        let good = |check, n| Item { check, standing: Standing::Good, n };
        let warns = |check, warned| {
            let standing = if warned { Standing::Warning } else { Standing::Good };
            Item { check, standing, n: 0 }
        };
        let clock = warns(Check::Clock, quality != ClockQuality::Synced);
        match papers {
            Ok(papers) => vec![
                good(Check::Proctors, u32::try_from(papers.signers(at).count()).unwrap_or(u32::MAX)),
                good(Check::Certificate, 0),
                good(Check::Recipients, 0),
                good(Check::Sealable, 0),
                good(Check::SiteKeys, 0),
                warns(Check::Revocations, !papers.notices(at).is_empty()),
                clock,
            ],
            Err(fault) => vec![Item { check: blocked_by(fault), standing: Standing::Blocked, n: 0 }, clock],
        }
    }

    /// Who may sign what is frozen.
    pub(super) fn signers(&self) -> Vec<OperatorId> {
        let at = self.desk.clock().wall().0;
        let papers = self.desk.sealing().and_then(|flow| flow.papers());
        papers.map(|papers| papers.signers(at).cloned().collect()).unwrap_or_default()
    }

    pub(super) fn sign_data(&self) -> Option<sign::Data> {
        let wizard = self.wizard.as_ref()?;
        let flow = self.desk.sealing()?;
        let (frozen, credentials) = (flow.frozen()?, flow.papers()?.credentials());
        let manifest = frozen.manifest();
        let proctors = wizard.proctors.iter().map(|op| sign::Proctor {
            masked: self.name_of(op),
            until: credentials.proctors.get(op).map(|holds| month(holds.not_after())).unwrap_or_default(),
            tries: self.tries(op).unwrap_or(Tries::FULL),
            demo_pin: self.demo_pin(op),
        });
        let signed = |n: usize| {
            let (op, at) = wizard.signed.get(n)?;
            let proctor = wizard.proctors.iter().position(|proctor| proctor == op)?;
            Some(sign::Signed { proctor, at: *at })
        };
        let n = manifest.counts;
        Some(sign::Data {
            groups: Groups::from(frozen.fingerprint().groups()),
            asked: wizard.asked,
            counts: AttendanceCounts {
                registered: n.registered,
                void: n.void,
                expected: n.expected,
                present: n.present,
                late: n.late,
                absent: n.absent,
                handed_in: n.handed_in,
                removed: n.removed,
            },
            incidents: n.incidents,
            lines: n.journal,
            frozen_at: Instant(manifest.sealed_at * 1000),
            session: self.session_word(wizard.no),
            session_short: first_digits(&manifest.session, 8),
            root_short: first_digits(&manifest.records_tree.root, 12),
            working: short(&credentials.recipients.working),
            recovery: short(&credentials.recipients.recovery),
            proctors: proctors.collect(),
            demo_passphrase: self.demo_passphrase(),
            signed: [signed(0), signed(1)],
        })
    }

    pub(super) fn progress_data(&self) -> Option<progress::Data> {
        let wizard = self.wizard.as_ref()?;
        let manifest = self.desk.sealing().and_then(|flow| flow.frozen()).map(crate::seal::Frozen::manifest);
        let steps = Step::ALL.map(|step| {
            let took = wizard.steps.took(step);
            let stand = match took {
                Some(_) => Stand::Done,
                None if wizard.failure.is_some() && wizard.steps.at() == Some(step) => Stand::Failed,
                None if wizard.steps.is_at(step) => Stand::Running(0),
                None => Stand::Waiting,
            };
            let ms = took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            progress::Step { stand, ms }
        });
        Some(progress::Data {
            steps,
            files: layout::File::ALL.len(),
            leaves: manifest.map(|manifest| (manifest.records_tree.size, manifest.journal.size)),
            failure: wizard.failure.clone(),
        })
    }

    pub(super) fn done_data(&self, written: &Written) -> Option<done::Data> {
        let Report { manifest: Some(manifest), fingerprint: Some(fingerprint), .. } = &written.report else {
            return None;
        };
        let whole = written.report.ok() && written.report.content_checked;
        let (root, identity) = match &self.organisation {
            Some(kept) => (kept.clone(), kept.join("identity.age").display().to_string()),
            None => (self.desk.trusted(&manifest.org), "KEY".to_owned()),
        };
        let path = |path: &Path| path.display().to_string();
        let command = [
            "kaodian".to_owned(),
            "verify".to_owned(),
            path(written.path()),
            "--root".to_owned(),
            path(&root.join("root.pem")),
            "--crl".to_owned(),
            path(&root.join("crl.pem")),
            "--identity".to_owned(),
            identity,
        ];
        Some(done::Data {
            mode: match manifest.mode {
                Sealable::Live => Mode::Live,
                Sealable::Demo => Mode::Demo,
            },
            at: Instant(manifest.sealed_at * 1000),
            file: written.path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            bytes: written.bytes as u64,
            session_short: first_digits(&manifest.session, 8),
            sequence: manifest.sequence,
            groups: Groups::from(fingerprint.groups()),
            passed: if whole { done::Check::ALL.to_vec() } else { Vec::new() },
            command: command.to_vec(),
        })
    }
}

/// What the store says of the streams; the freezing looks at them again.
fn of_streams(streams: Option<Streams>) -> [Item; 2] {
    let (desks, chains) = match streams {
        None => ((Standing::Pending, 0), (Standing::Pending, 0)),
        Some(Streams::Whole { others: 0 }) => ((Standing::Good, 0), (Standing::Good, 0)),
        Some(Streams::Whole { others }) => ((Standing::Blocked, others), (Standing::Good, 0)),
        Some(Streams::Broken) => ((Standing::Pending, 0), (Standing::Blocked, 1)),
    };
    [(Check::Desks, desks), (Check::Streams, chains)].map(|(check, (standing, n))| Item { check, standing, n })
}

/// What the session itself says: each check of the desk, good unless it refused.
fn of_session(unready: &[Refusal], counts: &AttendanceCounts) -> Vec<Item> {
    let found: Vec<(Check, u32)> = unready.iter().filter_map(refused).collect();
    let missing = found.iter().any(|(check, _)| *check == Check::Marks);
    [
        (Check::Closed, 0),
        (Check::Balance, 0),
        (Check::Conflicts, 0),
        (Check::Inside, 0),
        (Check::Registered, counts.registered),
        (Check::Marks, 0),
        (Check::Results, 0),
    ]
    .map(|(check, n)| match found.iter().find(|(of, _)| *of == check) {
        Some((_, n)) => Item { check, standing: Standing::Blocked, n: *n },
        // Results over missing marks are stale in any case.
        None if check == Check::Results && missing => Item { check, standing: Standing::Blocked, n: 0 },
        None => Item { check, standing: Standing::Good, n },
    })
    .to_vec()
}

fn refused(refusal: &Refusal) -> Option<(Check, u32)> {
    Some(match refusal {
        Refusal::State(_) | Refusal::NoSession => (Check::Closed, 0),
        Refusal::Unbalanced(equations) => {
            let off = equations.iter().filter(|equation| !equation.holds()).count();
            (Check::Balance, u32::try_from(off).unwrap_or(u32::MAX))
        }
        Refusal::Conflicts(n) => (Check::Conflicts, *n),
        Refusal::StillInside(n) => (Check::Inside, *n),
        Refusal::Nobody => (Check::Registered, 0),
        Refusal::MarksMissing(n) => (Check::Marks, *n),
        Refusal::ResultsStale => (Check::Results, 0),
        _ => return None,
    })
}

/// The first thing that papers lack, as the list names it.
fn blocked_by(fault: &SealFault) -> Check {
    match fault {
        SealFault::Rehearsal | SealFault::ExamplePolicy | SealFault::DevelopmentBuild => Check::Sealable,
        SealFault::NoSiteKey => Check::SiteKeys,
        SealFault::Credentials { expected, .. } if expected.contains("proctors") => Check::Proctors,
        SealFault::Credentials { .. } => Check::Certificate,
        _ => Check::Recipients,
    }
}

/// Eight digits that tell two recipients apart: the first two groups of the fingerprint of what age calls them.
fn short(recipient: &str) -> String {
    let [first, second, ..] = Fingerprint::of(&sha256(&[recipient.as_bytes()])).digits();
    format!("{first} {second}")
}

fn month(at: i64) -> String {
    let date = Instant(at * 1000).date();
    format!("{:04}-{:02}", date.year(), date.month())
}

fn first_digits(hex: &impl ToString, digits: usize) -> String {
    hex.to_string().chars().take(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_marks_make_results_wait_too() {
        let counts = AttendanceCounts { registered: 3, ..AttendanceCounts::default() };
        let standing = |items: &[Item], check| items.iter().find(|item| item.check == check).unwrap().standing;
        let items = of_session(&[Refusal::MarksMissing(2)], &counts);
        assert_eq!(standing(&items, Check::Marks), Standing::Blocked);
        assert_eq!(standing(&items, Check::Results), Standing::Blocked);
        assert_eq!(standing(&items, Check::Balance), Standing::Good);
        assert!(of_session(&[], &counts).iter().all(|item| item.standing == Standing::Good));
    }
}
