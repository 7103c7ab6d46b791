//! Facts for the checks before doors open, gathered where disk, reader, clock and credentials are at hand; what they
//! mean is judged in `domain::readiness`.
//!
//! Nothing here waits: the chains are verified when a store is opened, and again aside when somebody asks
//! ([`RunningDesk::check_streams`]).

use super::running::RunningDesk;
use super::sealing::{Papers, Whose};
use super::site::{Site, SiteError};
use crate::desk::{Command, Input};
use crate::domain::crew::Role;
use crate::domain::ids::SessionNo;
use crate::domain::policy::SeatMode;
use crate::domain::readiness::{Fact, Found, Reader};
use crate::domain::record::SessionBook;
use crate::domain::roster::Roster;
use crate::domain::session::Mode;
use crate::domain::time::{ClockQuality, Instant};
use crate::reader::trace::Link;
use crate::trust::credentials::{folder, load};
use std::collections::BTreeSet;
use std::path::Path;

/// What the checks of one session look at.
struct Around<'a> {
    book: &'a SessionBook,
    roster: &'a Roster,
    mode: Mode,
    clock: (Instant, ClockQuality),
    trust: &'a Path,
    database: &'a Path,
    site_key: bool,
    takes_lines: bool,
    reader: Reader,
    /// Whether the chains hold, and how many other desks have lines; none where nobody has looked.
    chain: Option<bool>,
    others: Option<u32>,
}

fn facts(around: &Around<'_>) -> [Fact; 12] {
    let Around { book, roster, mode, clock: (at, quality), .. } = *around;
    let plan = &book.session.plan;
    let rooms: BTreeSet<_> = roster.rows_of(plan.no).map(|row| &row.room).collect();
    let without = roster.rows_of(plan.no).filter(|row| row.seat.is_none()).count();
    let crew = |role| number(book.record.crew().filter(|member| member.role == role).count());
    let certificates = if around.site_key {
        Papers::read(around.trust, Whose::from(book), mode, at).map(|papers| number(papers.signers(at).count()))
    } else {
        Err(super::sealing::SealFault::NoSiteKey)
    };
    [
        Fact::Roster { people: roster.registered(plan.no), rooms: number(rooms.len()) },
        Fact::Policy { sha256: plan.policy_sha256, example: book.session.policy.policy.example, mode },
        Fact::Seats { fixed: book.session.policy.seats.mode == SeatMode::Fixed, without: number(without) },
        Fact::Journal { takes: around.takes_lines, lines: book.record.lc() },
        Fact::Chain(around.chain),
        Fact::Reader(around.reader),
        Fact::Desks(around.others),
        Fact::Clock { quality, same_day: at.date() == plan.date },
        Fact::Disk(free_mib(around.database)),
        Fact::Crew { proctors: crew(Role::Proctor), assessors: crew(Role::Assessor) },
        Fact::Certificates(certificates.map_err(|fault| fault.code())),
        Fact::Recipients(load(&folder(around.trust, &plan.org)).is_ok()),
    ]
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Free room in MiB for whoever may write there.
fn free_mib(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) >> 20)
}

/// Whether a command asks what the checks found.
pub(super) fn asks(command: &Command) -> Option<SessionNo> {
    match command {
        Command::Open(no) | Command::CheckReadiness(no) | Command::Waive(no, ..) => Some(*no),
        _ => None,
    }
}

impl RunningDesk {
    /// The checks before opening, of a session that is planned here.
    #[must_use]
    pub fn readiness(&self, no: SessionNo) -> Option<[Fact; 12]> {
        let places = self.gate.places();
        let link = self.reader.as_ref().map(|reader| reader.trace(|trace| trace.link().clone()));
        let reader = match link {
            None => Reader::Absent,
            Some(Link::Seeking) => Reader::Sought,
            Some(Link::Up { .. }) => Reader::Up,
            Some(Link::Down(fault)) => Reader::Down(fault.code()),
        };
        let streams = self.streams.get(&no);
        Some(facts(&Around {
            book: self.desk.books().get(&no)?,
            roster: self.desk.roster(),
            mode: self.mode,
            clock: self.clock.wall(),
            trust: &places.trust,
            database: &places.database,
            site_key: self.gate.has_site_key(),
            takes_lines: !self.desk.stopped(),
            reader,
            // They held when the store was opened.
            chain: Some(streams.is_none_or(Option::is_some)),
            others: streams.copied().flatten(),
        }))
    }

    /// Tells the desk what the checks found, where a command asks.
    pub(super) fn tell_readiness(&mut self, command: &Command) {
        let Some(no) = asks(command) else { return };
        if let Some(facts) = self.readiness(no) {
            // The desk only takes note.
            let _ = self.desk.handle(Input::Readiness(no, Found::from_iter(&facts)));
        }
    }
}

impl Site {
    /// The checks before opening, but for the reader: a command has none.
    ///
    /// # Errors
    /// Whatever the store says.
    pub fn readiness(&self, no: SessionNo) -> Result<Option<[Fact; 12]>, SiteError> {
        let held = self.store.hold(self.desk)?;
        let Some(book) = held.books.get(&no) else { return Ok(None) };
        let desks = self.store.frontier(&book.session.plan.id).desks;
        Ok(Some(facts(&Around {
            book,
            roster: &held.roster,
            mode: self.store.about().mode,
            clock: self.clock.wall(),
            trust: &self.dir.trust(),
            database: self.store.path(),
            site_key: self.has_site_key(),
            takes_lines: true,
            reader: Reader::Absent,
            // A store that can be folded holds.
            chain: Some(true),
            others: Some(number(desks.iter().filter(|end| end.desk != self.desk).count())),
        })))
    }
}
