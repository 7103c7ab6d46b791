//! The whole day without a screen: the same desk, reader and rules; only screen and clock differ.

use super::ground::{Ground, GroundError, lay, organisation};
use super::performer::Performer;
use super::roster::{DAY, SplitMix64};
use super::script::{self, Act, Cast};
use super::{crew, first_session};
use crate::config::Config;
use crate::desk::{Answer, Refusal, Shown};
use crate::domain::admission::Verdict;
use crate::domain::event::{AttendanceCounts, SignInReason};
use crate::domain::ids::{DeskId, Digest, OperatorId, SessionNo};
use crate::domain::session::Session;
use crate::domain::time::Instant;
use crate::reader::port::PortConfig;
use crate::reader::simulate::{Settings, SimulatedReader};
use crate::runtime::clock::{Pace, VirtualClock};
use crate::runtime::msg::Msg;
use crate::runtime::running::{Notice, RunningDesk, Sink};
use crate::runtime::signals;
use crate::runtime::site::{Site, SiteError};
use crate::seal::Fingerprint;
use crate::seal::verify::{Request, Revocations, verify};
use crate::trust::organisation::Organisation;
use crate::trust::x509::{Certificate, Crl};
use std::path::{Path, PathBuf};
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
    /// The first session is sealed and its package verified.
    Sealed,
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
    pub package: Option<Packed>,
}

/// The sealed package of the first session.
#[derive(Debug)]
#[expect(missing_docs, reason = "each is the member of its name in the summary line of cli.md")]
pub struct Packed {
    pub path: PathBuf,
    pub sha256: Digest,
    pub fingerprint: Fingerprint,
    pub verified: bool,
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
    /// The sealed package does not read back, or keys do not open.
    #[error("the demo's own keys or package: {0}")]
    Package(String),
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
    let time = Arc::clone(&clock);
    let reader = SimulatedReader::start(Settings::immediate(), None).map_err(DayError::Reader)?;
    let port = PortConfig::fast(reader.path());
    let mut day = Day::start(site, Performer::new(reader, clock), show)?;

    let session = day.session();
    let no = session.plan.no;
    day.perform([Act::At(session.opens()), Act::Open(no)])?;
    if until == Until::Open {
        day.perform([Act::At(session.opens().plus_minutes(5))])?;
        return day.end().read_back(&database, None);
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
    if until >= Until::Results {
        day.perform([Act::Pass(60_000), Act::Derive(no)])?;
    }
    day.perform([Act::Pass(60_000)])?;
    let looked = day.end();
    let package = if until == Until::Sealed { Some(seal(dir, config, no, &time)?) } else { None };
    looked.read_back(&database, package)
}

/// What was seen at the desk and stands nowhere else.
struct Seen {
    refused: u32,
    already_in: u32,
    desk: DeskId,
}

impl Seen {
    /// Reads the day back from the file, as anybody would.
    fn read_back(self, database: &Path, package: Option<Packed>) -> Result<Summary, DayError> {
        let store = crate::store::Store::open_to_read(database).map_err(SiteError::from)?;
        let held = store.hold(self.desk).map_err(SiteError::from)?;
        let reports = store.verify().map_err(SiteError::from)?;
        let session = first_session(&held.books);
        let stream = reports.iter().find(|report| report.stream.session == session.plan.id);
        let book = held.books.get(&session.plan.no);
        Ok(Summary {
            sessions: held.books.len(),
            counts: book.map(|b| b.record.counts(held.roster.registered(session.plan.no))).unwrap_or_default(),
            refused: self.refused,
            already_in: self.already_in,
            passed: book.and_then(|b| b.record.results()).map_or(0, |results| results.counts.pass),
            journal_size: stream.map_or(0, |report| report.size),
            journal_head: stream.map_or(Digest::ZERO, |report| report.head),
            package,
        })
    }
}

/// Seals the session as the command does, and has the package verified as the organisation would.
fn seal(dir: &Path, config: &Config, no: SessionNo, clock: &Arc<VirtualClock>) -> Result<Packed, DayError> {
    let mut site = Site::open(&dir.join("data"), config, "demo")?;
    site.set_clock(Arc::clone(clock) as _);
    let mut known = |op: OperatorId| {
        let pin = crew::pin_of(&op).map_err(SiteError::from)?;
        site.authenticate(&op, &pin)
    };
    let [first, second] = crew::signers();
    let (chief, first, second) = (known(crew::chief())?, known(first)?, known(second)?);
    let passphrase = crew::passphrase().map_err(SiteError::from)?;
    let sealed = site.seal(no, &chief, &passphrase, [&first, &second], &mut |_| {})?;
    clock.advance_by(60_000);
    site.keep_clock_offset(clock.offset_ms())?;
    let verified = verified(&organisation(dir), &sealed.path)?;
    Ok(Packed { path: sealed.path, sha256: sealed.package_sha256, fingerprint: sealed.fingerprint, verified })
}

/// The organisation's own look at a package, with its root, its list of revocations and its working key.
pub(super) fn verified(org: &Path, package: &Path) -> Result<bool, DayError> {
    let read = |path: &Path| std::fs::read(path).map_err(|e| DayError::Package(format!("{}: {e}", path.display())));
    let refused = |e: &dyn std::fmt::Display| DayError::Package(e.to_string());
    let organisation = Organisation::parse(&read(&org.join("org.toml"))?).map_err(|e| refused(&e))?;
    let root = Certificate::parse(&read(&org.join("root.pem"))?).map_err(|e| refused(&e))?;
    let anchors = organisation.anchors(root).map_err(|e| refused(&e))?;
    let crl = Crl::parse(&read(&org.join("crl.pem"))?, &anchors).map_err(|e| refused(&e))?;
    let identity = identity_file(&read(&org.join("identity.age"))?).ok_or_else(|| refused(&"no age identity"))?;
    let request =
        Request { anchors: &anchors, revocations: Revocations::List(&crl), identity: Some(&identity), after: None };
    Ok(verify(&read(package)?, &request).ok())
}

fn identity_file(text: &[u8]) -> Option<age::x25519::Identity> {
    let text = std::str::from_utf8(text).ok()?;
    text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-"))?.parse().ok()
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
        let pin = crew::pin_of(op).map_err(SiteError::from)?;
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
            Notice::Checked(_, Err(denied)) => Err(DayError::Package(denied.to_string())),
            Notice::NotRecorded => Err(DayError::Refused("KD-9001")),
            Notice::Terminate => Err(DayError::Stopped),
            _ => Ok(()),
        }
    }

    /// Lets the workers go.
    fn end(self) -> Seen {
        self.desk.keep_clock_offset(self.performer.clock().offset_ms());
        Seen { refused: self.refused, already_in: self.already_in, desk: self.desk.desk().id() }
    }
}
