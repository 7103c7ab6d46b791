//! A session of six, closed and prepared on two desks, with a throw-away organisation that can seal it.
//!
//! Desk 1 leads. Candidates 1 to 5 came, 3 late and 4 with an expired document; 6 is absent. The ledger holds three
//! lines, the last of them of another session.

use super::content::{Frozen, Source, freeze};
use super::journal::Journal;
use super::manifest::{ClockSeen, Software};
use super::package::{Package, Signer, package, sign};
use super::verify::{Report, Request, Revocations, verify};
use crate::domain::by_hand::LiftReason;
use crate::domain::candidate::Sitting;
use crate::domain::event::{
    Author, CrewAssigned, DeskEnd, DeskJoined, End, Event, Flag, Frontier, Lift, MarkEntered, Recorded, ResultsDerived,
    RosterImported, SealCounts, SealPrepared, SessionClosed, SessionOpened, SessionPlanned, SessionStarted,
};
use crate::domain::ids::{AdmissionNo, Code, DeskId, Digest, Salt};
use crate::domain::ledger::{AbandonReason, LedgerEvent, LedgerLine, LockReason, OperatorLocked, SealAbandoned};
use crate::domain::record::{SessionBook, SessionRecord};
use crate::domain::samples::{
    CREW, POLICY, absent, admitted, at, cand, desk_id, digest, handed_in, op, part, plan, policy, session_id,
};
use crate::domain::scoring::results;
use crate::domain::session::{Mode, Plan, Sealable, Session};
use crate::domain::time::{ClockQuality, Instant};
use crate::journal::chain::Chain;
use crate::journal::line;
use crate::proof::merkle::Tree;
use crate::proof::{jcs, sha256};
use crate::trust::data_key::DataKey;
use crate::trust::signing::SigningKey;
use crate::trust::x509::samples::{Ca, SITE, key};
use crate::trust::x509::{Anchors, Certificate, Role};
use age::x25519::Identity;
use std::collections::BTreeMap;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Ten minutes after the last line.
pub(crate) const SEALED_AT: i64 = 1_795_488_000;

/// Somebody with a key.
pub(crate) struct Holder {
    pub key: SigningKey,
    pub certificate: Certificate,
}

impl Holder {
    pub(crate) fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, certificate: &self.certificate }
    }
}

/// An organisation with one site, two proctors and the two age identities.
pub(crate) struct Ground {
    pub ca: Ca,
    pub site: Holder,
    pub proctors: [Holder; 2],
    pub working: Identity,
    pub recovery: Identity,
}

impl Ground {
    pub(crate) fn new() -> Self {
        let ca = Ca::demo();
        let holder = |cn: &str, role| {
            let key = key();
            let certificate = ca.issue(&key, cn, SITE, role);
            Holder { key, certificate }
        };
        let (site, proctors) = (holder(SITE, Role::Site), ["qian", "sun"].map(|name| holder(name, Role::Proctor)));
        Self { site, proctors, working: Identity::generate(), recovery: Identity::generate(), ca }
    }

    pub(crate) fn anchors(&self) -> Anchors {
        self.ca.anchors()
    }

    pub(crate) fn recipients(&self) -> Vec<String> {
        [&self.working, &self.recovery].map(|identity| identity.to_public().to_string()).to_vec()
    }

    /// Signs a frozen session by everybody and closes the package.
    pub(crate) fn seal(&self, frozen: &Frozen) -> Package {
        let [a, b] = &self.proctors;
        let entries = [a, b, &self.site].map(|holder| sign(frozen, &holder.signer()).unwrap());
        package(frozen, entries, &self.anchors(), &self.site.signer(), None).unwrap()
    }

    /// Checks everything with the working identity.
    pub(crate) fn check(&self, bytes: &[u8]) -> Report {
        verify(bytes, &self.request(&self.anchors()))
    }

    pub(crate) fn request<'a>(&'a self, anchors: &'a Anchors) -> Request<'a> {
        Request { anchors, revocations: Revocations::Declined, identity: Some(&self.working), after: None }
    }
}

/// The closed session as a store holds it.
pub(crate) struct Day {
    pub plan: Plan,
    pub streams: BTreeMap<u8, Vec<Recorded>>,
    pub ledger: Vec<LedgerLine>,
    pub cands: Vec<(AdmissionNo, Sitting)>,
    lc: u64,
}

impl Day {
    /// Everything up to, and without, SealPrepared.
    pub(crate) fn closed() -> Self {
        let plan = Plan { policy_sha256: sha256(&[POLICY.as_bytes()]), ..plan(1) };
        let cands = (1..=6).map(|n| (cand(n), if n == 2 { Sitting::Resit } else { Sitting::First })).collect();
        let mut day = Self { plan, streams: BTreeMap::new(), ledger: Vec::new(), cands, lc: 0 };
        day.prologue();
        day.morning();
        day.afternoon();
        let other = SealAbandoned { session: session_id(2), reason: AbandonReason::Stopped };
        for n in 1..=2 {
            day.book(OperatorLocked { op: op("qian"), why: LockReason::WrongPin, tries: n });
        }
        day.book(other);
        day
    }

    /// Everything up to SealPrepared.
    pub(crate) fn prepared() -> Self {
        let mut day = Self::closed();
        day.prepare();
        day
    }

    /// Adds a line of desk `desk`.
    pub(crate) fn write(&mut self, desk: u8, event: impl Into<Event>) {
        self.lc += 1;
        let (stream, event) = (self.streams.entry(desk).or_default(), event.into());
        let (who, witness) = match &event {
            Event::MarkEntered(_) => ("li", None),
            Event::SessionClosed(_) => ("zhao", Some("qian")),
            _ => ("zhao", None),
        };
        let (op, w) = (Some(op(who)), witness.map(op));
        let author = Author { desk: desk_id(desk), lc: self.lc, op, w, q: ClockQuality::Synced };
        let at = Instant(at(9, 0, 0).0 + i64::try_from(self.lc).unwrap() * 1000);
        stream.push(Recorded { seq: stream.len() as u64 + 1, at, author, event });
    }

    /// Adds a line of the ledger.
    pub(crate) fn book(&mut self, event: impl Into<LedgerEvent>) {
        let seq = self.ledger.len() as u64 + 1;
        let author = Author { desk: DeskId::FIRST, lc: seq, op: None, w: None, q: ClockQuality::Synced };
        self.ledger.push(Recorded { seq, at: at(12, 0, 0), author, event: event.into() });
    }

    fn prologue(&mut self) {
        let Plan { id: session, no, policy_sha256, .. } = self.plan;
        let (roster_sha256, app_sha256) = (digest(2), digest(3));
        self.write(
            1,
            SessionPlanned {
                session,
                no,
                mode: Mode::Demo,
                pack_sha256: None,
                policy_sha256,
                roster_sha256,
                ledger_head: Digest::ZERO,
            },
        );
        let (rows, sha256) = (6, roster_sha256);
        self.write(
            1,
            RosterImported {
                rev: 1,
                sha256,
                bytes: 900,
                rows,
                added: rows,
                removed: 0,
                changed: 0,
                notices: 0,
                rooms_sha256: None,
                dropped: vec![],
                drifted: vec![],
            },
        );
        for (name, role) in CREW {
            self.write(1, CrewAssigned { op: op(name), role, lead: Flag(false), rooms: vec![] });
        }
        for desk in [1, 2] {
            self.write(desk, DeskJoined { session, desk: desk_id(desk), key: None, app_sha256, rooms: vec![] });
        }
    }

    fn morning(&mut self) {
        self.write(1, SessionOpened { red_items: vec![] });
        for n in 1..=5u32 {
            let mut event = admitted(cand(n).as_str(), &n.to_string());
            event.salt = Salt::new([u8::try_from(n).unwrap(); 16]);
            if n == 3 {
                event.late_s = 301;
            }
            if n == 4 {
                event.expired = Flag(true);
                event.lifts = vec![lift(17)];
            }
            self.write(1 + u8::from(n % 2 == 0), event);
            if n == 2 {
                let counts = self.record().counts(6);
                self.write(1, SessionStarted { counts });
            }
        }
        self.write(2, absent(cand(6).as_str()));
    }

    fn afternoon(&mut self) {
        for n in 1..=5u32 {
            self.write(1 + u8::from(n == 5), handed_in(cand(n).as_str(), &["theory"]));
        }
        for n in 1..=5u32 {
            self.write(1, handed_in(cand(n).as_str(), &["theory", "practical"]));
        }
        let counts = self.record().counts(6);
        self.write(1, SessionClosed { counts });
        for n in 1..=5u32 {
            for (part_id, mark) in [("theory", 5500 + 350 * n), ("practical", 6000 + 300 * n)] {
                let (cand, part, scored_by) = (cand(n), part(part_id), op("li"));
                self.write(1, MarkEntered { cand, part, mark, scored_by, zero_reason: None, sheet_sha256: None });
            }
        }
        self.derive();
    }

    /// Adds the chief's ResultsDerived.
    pub(crate) fn derive(&mut self) {
        let cands: Vec<AdmissionNo> = self.cands.iter().map(|(cand, _)| cand.clone()).collect();
        let results = results(&policy(), &self.record(), &cands);
        let lines = results
            .0
            .iter()
            .zip(&self.cands)
            .map(|(result, (_, sitting))| jcs::to_bytes(&result.line(*sitting, None)).unwrap());
        let root = lines.collect::<Tree>().root();
        let (counts, policy_sha256) = (results.counts(), self.plan.policy_sha256);
        self.write(1, ResultsDerived { counts, root, policy_sha256 });
    }

    /// Adds SealPrepared with what is true.
    pub(crate) fn prepare(&mut self) {
        let lines: usize = self.streams.values().map(Vec::len).sum();
        let counts = SealCounts::new(self.record().counts(6), lines as u64 + 1);
        let frontier = self.frontier();
        self.write(1, SealPrepared { frontier, counts, notices: vec!["crl_expired".to_owned()] });
    }

    pub(crate) fn frontier(&self) -> Frontier {
        let end = |lines: &[Vec<u8>]| lines.iter().fold(Chain::EMPTY, |chain, line| chain.with(line));
        let desks = self.lines().into_iter().map(|(desk, lines)| {
            let end = end(&lines);
            DeskEnd { desk, size: end.size(), head: end.head() }
        });
        let ledger = end(&self.ledger_lines());
        Frontier { desks: desks.collect(), ledger: End { size: ledger.size(), head: ledger.head() } }
    }

    pub(crate) fn record(&self) -> SessionRecord {
        let mut record = SessionRecord::default();
        self.streams.values().flatten().for_each(|line| record.apply(line));
        record
    }

    pub(crate) fn lines(&self) -> Vec<(DeskId, Vec<Vec<u8>>)> {
        let encoded = |lines: &Vec<Recorded>| lines.iter().map(|line| line::encode(line).unwrap()).collect();
        self.streams.iter().map(|(desk, lines)| (desk_id(*desk), encoded(lines))).collect()
    }

    pub(crate) fn ledger_lines(&self) -> Vec<Vec<u8>> {
        self.ledger.iter().map(|line| line::encode(line).unwrap()).collect()
    }

    /// Freezes the session as package number `sequence`.
    pub(crate) fn try_freeze(
        &self,
        ground: &Ground,
        sequence: u64,
        previous: Option<Digest>,
    ) -> Result<Frozen, super::SealError> {
        let session = Session { plan: self.plan.clone(), policy: Arc::new(policy()) };
        let book = SessionBook { session, record: self.record() };
        let data_key = DataKey::from_bytes(Zeroizing::new([5; 32])).unwrap();
        let software = Software { name: "kaodian".to_owned(), version: "0".to_owned(), sha256: digest(4) };
        let mut journal = Journal::default();
        for (desk, line) in self.streams.iter().flat_map(|(desk, lines)| lines.iter().map(move |line| (*desk, line))) {
            journal.take(desk_id(desk), &line::encode(line).unwrap(), line)?;
        }
        let source = Source {
            mode: Sealable::Demo,
            book: &book,
            policy: POLICY.as_bytes(),
            ledger: &self.ledger_lines(),
            cands: &self.cands,
            data_key: &data_key,
            sequence,
            previous,
            sealed_at: SEALED_AT,
            clock: ClockSeen { source: "system".to_owned(), quality: ClockQuality::Synced, offset_ms: None },
            software,
            credential_bundle: 1,
            recipients: &ground.recipients(),
        };
        freeze(&source, journal)
    }

    pub(crate) fn freeze(&self, ground: &Ground) -> Frozen {
        self.try_freeze(ground, 1, None).unwrap()
    }
}

fn lift(code: u8) -> Lift {
    let (by, witness) = (op("zhao"), op("qian"));
    Lift { code: Code(code), by, witness, reason: LiftReason::DocumentRenewal, note: None }
}
