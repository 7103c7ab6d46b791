//! The whole day without a screen: the same desk, reader and rules; only screen and clock differ.

use super::ground::{Ground, GroundError, lay};
use super::performer::Performer;
use super::roster::{DAY, SplitMix64};
use super::script::{self, Act, Cast};
use super::{crew, first_session};
use crate::config::Config;
use crate::desk::{Answer, Command, Refusal, Shown};
use crate::domain::admission::Verdict;
use crate::domain::event::{AttendanceCounts, SignInReason};
use crate::domain::ids::{Digest, OperatorId};
use crate::domain::session::Session;
use crate::domain::time::Instant;
use crate::reader::port::PortConfig;
use crate::reader::simulate::{Settings, SimulatedReader};
use crate::runtime::clock::{Pace, VirtualClock};
use crate::runtime::msg::Msg;
use crate::runtime::running::{Notice, RunningDesk, Sink};
use crate::runtime::signals;
use crate::runtime::site::{Site, SiteError};
use crate::trust::pin::Pin;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The last step of a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// Check-in is open, at 08:35.
    Open,
    /// The session is closed.
    Closed,
    /// The results are derived.
    Results,
}

/// What a day came to; counts are those of the first session.
#[derive(Debug)]
#[expect(missing_docs, reason = "each is the member of its name in the summary line of cli.md")]
pub struct Summary {
    pub sessions: usize,
    pub counts: AttendanceCounts,
    pub refused: u32,
    pub already_in: u32,
    pub passed: u32,
    pub journal_size: u64,
    pub journal_head: Digest,
}

/// Why a day ended early.
#[derive(Debug, thiserror::Error)]
pub enum DayError {
    /// The ground.
    #[error(transparent)]
    Ground(#[from] GroundError),
    /// The site.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// No pseudo-terminal.
    #[error("the simulated reader or a signal handler: {0}")]
    Reader(std::io::Error),
    /// The desk or the reader did not answer.
    #[error("expected an answer within {0} s, found silence")]
    Silence(u64),
    /// Somebody asked for the end.
    #[error("expected the day to go on, found that it was asked to end")]
    Stopped,
    /// A rule refused what the script does: a defect of the script.
    #[error("the script was refused: {0}")]
    Refused(&'static str),
}

/// Longer than any answer of a desk on a slow disk.
const PATIENCE: Duration = Duration::from_secs(30);

/// Plays the day in `dir`; `show` sees each verdict once it is durable.
///
/// # Errors
/// [`DayError`].
pub fn play(
    dir: &Path,
    config: &Config,
    (candidates, seed): (u32, u64),
    until: Until,
    show: &mut dyn FnMut(&Shown),
) -> Result<Summary, DayError> {
    let midnight = Instant::at(DAY, jiff::civil::Time::midnight());
    let clock = Arc::new(VirtualClock::new(midnight.plus_minutes(8 * 60), Pace::Standing));
    let Ground { site, candidates } = lay(dir, config, candidates, seed, Arc::clone(&clock) as _)?;
    let database = site.store().path().to_owned();
    let reader = SimulatedReader::start(Settings::immediate(), None).map_err(DayError::Reader)?;
    let port = PortConfig::fast(reader.path());
    let mut day = Day::start(site, Performer::new(reader, clock), show)?;

    let session = day.session();
    let no = session.plan.no;
    day.perform([Act::At(session.opens()), Act::Do(Command::Open(no), crew::chief(), None)])?;
    if until == Until::Open {
        day.perform([Act::At(session.opens().plus_minutes(5))])?;
        return day.end(&database);
    }
    day.desk.attach_reader(port).map_err(DayError::Reader)?;
    let mut rng = SplitMix64::new(seed);
    let cast = Cast::deal(&candidates, no, &mut rng);
    let others: Vec<_> = candidates.iter().filter(|c| c.session != no.get()).cloned().collect();
    day.perform(script::morning(&cast, &others, &session, seed))?;
    day.perform(script::start_and_limit(&cast, &session))?;
    day.perform(script::hand_in(&session))?;
    day.perform(script::marks(&cast, &session, seed, 0))?;
    day.perform(script::close(no))?;
    if until == Until::Results {
        day.perform([Act::Pass(60_000), Act::Derive(no)])?;
    }
    day.perform([Act::Pass(60_000)])?;
    day.end(&database)
}

struct Day<'a> {
    desk: RunningDesk,
    performer: Performer,
    inbox: Receiver<Msg>,
    show: &'a mut dyn FnMut(&Shown),
    refused: u32,
    already_in: u32,
    _lock: Option<crate::runtime::data_dir::Lock>,
}

impl<'a> Day<'a> {
    fn start(site: Site, performer: Performer, show: &'a mut dyn FnMut(&Shown)) -> Result<Self, DayError> {
        let (sender, inbox) = channel();
        let sink: Sink = Arc::new(move |msg| {
            // Nobody listens any more once the day has ended.
            let _ = sender.send(msg);
        });
        signals::on_terminate(Arc::clone(&sink)).map_err(DayError::Reader)?;
        let (desk, lock) = site.into_running(sink)?;
        let mut day = Self { desk, performer, inbox, show, refused: 0, already_in: 0, _lock: lock };
        day.sign_in(&crew::proctor())?;
        Ok(day)
    }

    fn sign_in(&mut self, op: &OperatorId) -> Result<(), DayError> {
        let pin = crew::CREW.iter().find(|member| member.op == op.as_str()).map_or("", |member| member.pin);
        let pin = Pin::parse(pin).map_err(SiteError::from)?;
        self.desk.check(vec![(op.clone(), pin)]);
        loop {
            for notice in self.next()? {
                if let Notice::Checked(_, result) = notice {
                    result.map_err(SiteError::from)?;
                    let mut told = self.desk.sign_in(op.clone(), SignInReason::Start);
                    while !told.iter().any(|notice| matches!(notice, Notice::Answer(_))) {
                        told = self.next()?;
                    }
                    return Ok(());
                }
            }
        }
    }

    fn session(&self) -> Session {
        first_session(self.desk.desk().books())
    }

    fn next(&mut self) -> Result<Vec<Notice>, DayError> {
        let msg = self.inbox.recv_timeout(PATIENCE).map_err(|_| DayError::Silence(PATIENCE.as_secs()))?;
        Ok(self.desk.on(msg))
    }

    fn perform(&mut self, acts: impl IntoIterator<Item = Act>) -> Result<(), DayError> {
        self.performer.add(acts);
        let mut notices = self.performer.go_on(&mut self.desk);
        loop {
            for notice in &notices {
                self.performer.note(notice);
                self.take(notice)?;
            }
            notices = self.performer.go_on(&mut self.desk);
            if notices.is_empty() {
                if self.performer.idle() {
                    return Ok(());
                }
                notices = self.next()?;
            }
        }
    }

    fn take(&mut self, notice: &Notice) -> Result<(), DayError> {
        match notice {
            Notice::Verdict(shown) => {
                // A repeat within the debounce time adds no line and is counted nowhere.
                if !shown.repeat && shown.session == self.session().plan.no {
                    match shown.decision.verdict {
                        Verdict::AlreadyIn { .. } => self.already_in += 1,
                        Verdict::Refused | Verdict::NeedsProctor => self.refused += 1,
                        Verdict::Admitted | Verdict::AdmittedLate(_) => {}
                    }
                }
                (self.show)(shown);
                Ok(())
            }
            Notice::Answer(Answer::Refused { refusal, .. }) => Err(DayError::Refused(Refusal::code(refusal))),
            Notice::NotRecorded => Err(DayError::Refused("KD-9001")),
            Notice::Terminate => Err(DayError::Stopped),
            _ => Ok(()),
        }
    }

    /// Lets the workers go and reads the day back from the file, as anybody would.
    fn end(self, database: &Path) -> Result<Summary, DayError> {
        self.desk.keep_clock_offset(self.performer.clock().offset_ms());
        let (refused, already_in, desk) = (self.refused, self.already_in, self.desk.desk().id());
        drop(self.desk);
        let store = crate::store::Store::open_to_read(database).map_err(SiteError::from)?;
        let held = store.hold(desk).map_err(SiteError::from)?;
        let reports = store.verify().map_err(SiteError::from)?;
        let session = first_session(&held.books);
        let stream = reports.iter().find(|report| report.stream.session == session.plan.id);
        let book = held.books.get(&session.plan.no);
        Ok(Summary {
            sessions: held.books.len(),
            counts: book.map(|b| b.record.counts(held.roster.registered(session.plan.no))).unwrap_or_default(),
            refused,
            already_in,
            passed: book.and_then(|b| b.record.results()).map_or(0, |results| results.counts.pass),
            journal_size: stream.map_or(0, |report| report.size),
            journal_head: stream.map_or(Digest::ZERO, |report| report.head),
        })
    }
}
