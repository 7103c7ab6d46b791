//! The event catalogue (rules.md §11): facts in the past tense, versioned, never edited.
//!
//! Owns names and fields of the events that this release writes; the bytes of a line belong to `journal`. Values are
//! strings and integers only, booleans are 0 and 1, an absent value is left out. No event carries a name, a document
//! number, a telephone number or free text.

use super::by_hand::{LiftReason, ManualCheck, ManualReason};
use super::candidate::Hold;
use super::catalogue::catalogue;
use super::conflict::{ConflictId, EventId};
use super::crew::Role;
use super::document::DocKind;
use super::ids::{
    AdmissionNo, Code, DeskId, Digest, DocTag, OperatorId, PaperRef, PartId, RoomId, Salt, SeatLabel, Seed, SessionId,
    SessionNo,
};
use super::readiness::{Item, WaiveReason};
use super::seats::{Place, SeatReason};
use super::session::Mode;
use super::time::{ClockQuality, Instant};
use jiff::civil;
use serde::{Deserialize, Serialize};

/// A boolean of a journal line: 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Flag(pub bool);

impl From<Flag> for u8 {
    fn from(flag: Flag) -> u8 {
        u8::from(flag.0)
    }
}

impl TryFrom<u8> for Flag {
    type Error = &'static str;
    fn try_from(n: u8) -> Result<Self, Self::Error> {
        match n {
            0 => Ok(Self(false)),
            1 => Ok(Self(true)),
            _ => Err("expected 0 or 1"),
        }
    }
}

/// Who wrote a line, where and with which clock: the member `a`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The desk that wrote it.
    pub desk: DeskId,
    /// Lamport counter of the session: 1 + the greatest this desk had durably stored.
    pub lc: u64,
    /// Who acted; `None` is written `-`: nobody was signed in.
    #[serde(with = "operator_or_dash")]
    pub op: Option<OperatorId>,
    /// The second person of a two-person act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub w: Option<OperatorId>,
    /// Quality of the clock that gave `t`.
    pub q: ClockQuality,
}

mod operator_or_dash {
    use super::OperatorId;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` asks for")]
    pub fn serialize<S: Serializer>(op: &Option<OperatorId>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(op.as_ref().map_or("-", OperatorId::as_str))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<OperatorId>, D::Error> {
        match String::deserialize(d)?.as_str() {
            "-" => Ok(None),
            text => OperatorId::parse(text).map(Some).map_err(D::Error::custom),
        }
    }
}

/// The order of a fold: an event that saw another comes after it, unrelated ones get the same arbitrary order everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Lamport counter.
    pub lc: u64,
    /// Desk.
    pub desk: DeskId,
    /// Position in the desk's stream, from 1.
    pub seq: u64,
}

/// One recorded fact with its place, time and author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<E = Event> {
    /// Position in the stream, from 1.
    pub seq: u64,
    /// When, for people; never compared.
    pub at: Instant,
    /// Who, where.
    pub author: Author,
    /// What happened.
    pub event: E,
}

impl<E> Recorded<E> {
    /// Its place in the order of a fold.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp { lc: self.author.lc, desk: self.author.desk, seq: self.seq }
    }
}

/// A line to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its session.
    pub session: SessionId,
    /// The line.
    pub recorded: Recorded,
}

/// The eight figures of an attendance balance, as `SessionStarted` and `SessionClosed` carry them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendanceCounts {
    /// 登记: rows of the session.
    pub registered: u32,
    /// 作废: void rows.
    pub void: u32,
    /// 应到: registered less void.
    pub expected: u32,
    /// 实到: admitted at any time, whatever came after.
    pub present: u32,
    /// 迟到: of those present.
    pub late: u32,
    /// 缺考: declared absent.
    pub absent: u32,
    /// 交卷: work handed in.
    pub handed_in: u32,
    /// 终止: removed for breach.
    pub removed: u32,
}

/// The seven outcomes counted, as `ResultsDerived` carries them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the outcome of its name, rules.md §9")]
pub struct OutcomeCounts {
    pub pass: u32,
    pub fail: u32,
    pub absent: u32,
    pub breach: u32,
    pub breach_pending: u32,
    pub partial: u32,
    pub void: u32,
}

/// The figures of a package, as its manifest carries them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the first eight are those of AttendanceCounts")]
pub struct SealCounts {
    pub registered: u32,
    pub void: u32,
    pub expected: u32,
    pub present: u32,
    pub late: u32,
    pub absent: u32,
    pub handed_in: u32,
    pub removed: u32,
    /// Incidents reported.
    pub incidents: u32,
    /// Conflicts that people resolved.
    pub conflicts_resolved: u32,
    /// Lines of all streams, `SealPrepared` included.
    pub journal: u64,
}

impl SealCounts {
    /// The figures of a session with so many lines in all its streams.
    #[must_use]
    pub fn new(counts: AttendanceCounts, journal: u64) -> Self {
        let AttendanceCounts { registered, void, expected, present, late, absent, handed_in, removed } = counts;
        Self {
            registered,
            void,
            expected,
            present,
            late,
            absent,
            handed_in,
            removed,
            incidents: 0,
            conflicts_resolved: 0,
            journal,
        }
    }

    /// The same with so many conflicts that people resolved.
    #[must_use]
    pub fn with_resolved(self, conflicts: usize) -> Self {
        Self { conflicts_resolved: u32::try_from(conflicts).unwrap_or(u32::MAX), ..self }
    }

    /// The eight of an attendance balance.
    #[must_use]
    pub fn attendance(&self) -> AttendanceCounts {
        let Self { registered, void, expected, present, late, absent, handed_in, removed, .. } = *self;
        AttendanceCounts { registered, void, expected, present, late, absent, handed_in, removed }
    }
}

/// Where every stream stands before `SealPrepared` itself: what the seal will speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frontier {
    /// Each desk's stream, by number.
    pub desks: Vec<DeskEnd>,
    /// The site ledger.
    pub ledger: End,
}

/// Where a desk's stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "desk, number of lines, head of the running chain")]
pub struct DeskEnd {
    pub desk: DeskId,
    pub size: u64,
    pub head: Digest,
}

/// Where a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "number of lines, head of the running chain")]
pub struct End {
    pub size: u64,
    pub head: Digest,
}

/// How closely the roster's name and the document's agree (rules.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameMatch {
    /// Equal after NFC.
    Exact,
    /// Equal after folding widths, dots, blanks and Latin case.
    Variant,
    /// Anything else.
    Different,
}

/// How an identity came to the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the word of rules.md §11")]
pub enum Via {
    Chip,
    Permit,
    Manual,
    Declared,
}

/// Whether a face was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the word of rules.md §11")]
pub enum PhotoCheck {
    None,
    Confirmed,
}

/// The verdict of a tap that changed no attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the word of rules.md §6")]
pub enum RefusalVerdict {
    Refused,
    NeedsProctor,
    AlreadyIn,
}

/// Why somebody is declared absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the word of rules.md §7, F7")]
pub enum AbsenceReason {
    NoShow,
    IllReported,
    RefusedEntry,
}

/// Why a mark of zero stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the word of rules.md §2")]
pub enum ZeroReason {
    BlankWork,
    ZeroConfirmed,
}

catalogue! {
    /// A fact of a session.
    enum Event;

    /// First line of a session's lead stream.
    SessionPlanned = "session_planned/1" {
        session: SessionId, no: SessionNo, mode: Mode,
        #[serde(default, skip_serializing_if = "Option::is_none")] pack_sha256: Option<Digest>,
        policy_sha256: Digest, roster_sha256: Digest, ledger_head: Digest,
    }
    /// A roster was applied; figures count this session's rows. Whoever had a record and is gone from it, or somebody else
    /// in it, is named: a conflict until the newest roster names them no more.
    RosterImported = "roster_imported/1" {
        rev: u32, sha256: Digest, bytes: u64, rows: u32, added: u32, removed: u32, changed: u32, notices: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")] rooms_sha256: Option<Digest>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] dropped: Vec<AdmissionNo>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] drifted: Vec<AdmissionNo>,
    }
    /// Somebody is on the crew list of this session.
    CrewAssigned = "crew_assigned/1" { op: OperatorId, role: Role, lead: Flag, rooms: Vec<RoomId> }
    /// A desk serves this session; first line of every stream but the lead's.
    DeskJoined = "desk_joined/1" {
        session: SessionId, desk: DeskId,
        #[serde(default, skip_serializing_if = "Option::is_none")] key: Option<String>,
        app_sha256: Digest, rooms: Vec<RoomId>,
    }
    /// Somebody acts at this desk from now on.
    OperatorSignedIn = "operator_signed_in/1" { op: OperatorId, why: SignInReason }
    /// Check-in may begin.
    SessionOpened = "session_opened/1" { red_items: Vec<String> }
    /// The exam began.
    SessionStarted = "session_started/1" { counts: AttendanceCounts }
    /// A person was let in: the line behind every green screen.
    CandidateAdmitted = "candidate_admitted/1" {
        cand: AdmissionNo, doc: DocKind, name_match: NameMatch, via: Via, room: RoomId, seat: SeatLabel,
        late_s: u32, expired: Flag, photo: PhotoCheck, confirmed: Vec<Code>, lifts: Vec<Lift>, salt: Salt,
    }
    /// A tap that let nobody in.
    AdmissionRefused = "admission_refused/1" {
        code: Code, verdict: RefusalVerdict,
        #[serde(default, skip_serializing_if = "Option::is_none")] doc: Option<DocKind>,
        #[serde(default, skip_serializing_if = "Option::is_none")] tag: Option<DocTag>,
        #[serde(default, skip_serializing_if = "Option::is_none")] cand: Option<AdmissionNo>,
        #[serde(default, skip_serializing_if = "Option::is_none")] room: Option<RoomId>,
    }
    /// A person declared a candidate absent.
    AbsenceMarked = "absence_marked/1" {
        cand: AdmissionNo, reason: AbsenceReason,
        #[serde(default, skip_serializing_if = "Option::is_none")] code: Option<Code>,
    }
    /// Work was handed in.
    WorkHandedIn = "work_handed_in/1" {
        cand: AdmissionNo, parts: Vec<PartId>, sheets: u32, bulk: Flag, lifts: Vec<Lift>,
    }
    /// An assessor gave a mark, in centi-points.
    MarkEntered = "mark_entered/1" {
        cand: AdmissionNo, part: PartId, mark: u32, scored_by: OperatorId,
        #[serde(default, skip_serializing_if = "Option::is_none")] zero_reason: Option<ZeroReason>,
        #[serde(default, skip_serializing_if = "Option::is_none")] sheet_sha256: Option<Digest>,
    }
    /// The exam ended with its books balanced.
    SessionClosed = "session_closed/1" { counts: AttendanceCounts }
    /// Composites and outcomes were computed; a later mark or attendance line makes them stale.
    ResultsDerived = "results_derived/1" { counts: OutcomeCounts, root: Digest, policy_sha256: Digest }
    /// The session is frozen for sealing: last line of the lead desk; unless abandoned nothing follows.
    SealPrepared = "seal_prepared/1" { frontier: Frontier, counts: SealCounts, notices: Vec<String> }
    /// The order in which a room's seats are given was drawn, once, when check-in opened.
    SeatDrawSeeded = "seat_draw_seeded/1" { room: RoomId, seed: Seed }
    /// Somebody has another seat, or one before they came; `from` is absent where they had none.
    SeatMoved = "seat_moved/1" {
        cand: AdmissionNo,
        #[serde(default, skip_serializing_if = "Option::is_none")] from: Option<Place>,
        to: Place, reason: SeatReason,
    }
    /// A seat is out of service.
    SeatWithdrawn = "seat_withdrawn/1" { room: RoomId, seat: SeatLabel, reason: SeatReason }
    /// Two people typed a document that no reader read, for the holder of this row.
    ManualIdentityTaken = "manual_identity_taken/1" {
        cand: AdmissionNo, kind: DocKind,
        #[serde(default, skip_serializing_if = "Option::is_none")] tag: Option<DocTag>,
        #[serde(default, skip_serializing_if = "Option::is_none")] valid_to: Option<civil::Date>,
        reason: ManualReason, checks: Vec<ManualCheck>,
    }
    /// The chief keeps somebody from coming in.
    HoldPlaced = "hold_placed/1" { cand: AdmissionNo, hold: Hold, paper_ref: PaperRef }
    /// A hold, of the roster or of the chief, holds no more.
    HoldLifted = "hold_lifted/1" { cand: AdmissionNo, hold: Hold, paper_ref: PaperRef }
    /// People looked at a conflict, with every line of it, and settled it.
    ConflictResolved = "conflict_resolved/1" {
        conflict: ConflictId, order: Vec<EventId>, annul: Vec<EventId>, supersedes: Vec<EventId>, reason: LiftReason,
    }
    /// Somebody compared the desk's clock with the room's: it is behind by so many seconds, from here on made up for.
    ClockAttested = "clock_attested/1" { offset_s: i64, method: ClockMethod }
    /// The checks before opening were made: so many hold, these are red.
    ReadinessChecked = "readiness_checked/1" { passed: u32, failed: Vec<Item> }
    /// The chief lets a red item stand.
    ReadinessWaived = "readiness_waived/1" { item: Item, reason: WaiveReason }
}

/// Why somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInReason {
    /// The desk was started for this person.
    Start,
    /// This person took over from another or from nobody.
    Switch,
}

/// How a clock was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMethod {
    /// Somebody typed what the clock of the room shows.
    RoomClock,
}

/// One row of the admission table that two people set aside: the chief, and a proctor as witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the catalogue of rules.md §11 defines each field by its name")]
pub struct Lift {
    pub code: Code,
    pub by: OperatorId,
    pub witness: OperatorId,
    pub reason: LiftReason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
