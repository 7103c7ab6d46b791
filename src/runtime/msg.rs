//! What workers tell the loop.

use super::newer::Imported;
use super::sealing::desk::Told;
use super::sealing::{SealFault, Written};
use super::site::SiteError;
use crate::domain::event::Recorded;
use crate::domain::ids::{AdmissionNo, OperatorId, SessionNo};
use crate::domain::ledger::LedgerLine;
use crate::domain::photo::Photo;
use crate::domain::record::Held;
use crate::domain::roster::Roster;
use crate::reader::lines::LineEvent;
use crate::reader::port::ReaderEvent;
use crate::store::StoreError;
use crate::trust::KeyError;
use crate::trust::signing::SigningKey;
use crate::trust::wraps::DataKeys;

/// One message.
#[derive(Debug)]
pub enum Msg {
    /// From the reader's thread.
    Reader(ReaderEvent),
    /// From the thread of the line device with this number.
    Line(usize, LineEvent),
    /// What the site's decoder made of the photo of the trial read with this number.
    Developed(u64, Photo),
    /// The batch in flight is durable.
    Appended,
    /// These lines of the site ledger are durable.
    Ledgered(Vec<LedgerLine>),
    /// The batch in flight failed, and the store takes nothing more.
    AppendFailed(StoreError),
    /// The store was opened again and folded.
    Reopened(Box<Held>),
    /// It could not be.
    ReopenFailed(StoreError),
    /// PINs were checked.
    Checked {
        /// The number given with the request.
        ticket: u64,
        /// Whose PIN was right after so many wrong ones, also where the next person's was not.
        failed: Vec<(OperatorId, u32)>,
        /// Whose PIN was wrong, or what they opened.
        result: Result<Box<Opened>, Denied>,
    },
    /// What the store holds of a session's streams was looked at.
    Streams(SessionNo, Result<u32, StoreError>),
    /// A step of the seal with this number.
    Seal(u64, Told),
    /// A package is sealed: these ledger lines are durable. It has its name, or the next start gives it.
    Sealed(Vec<LedgerLine>, Result<Box<Written>, SealFault>),
    /// What the journal says of a candidate.
    History(AdmissionNo, Result<Vec<Recorded>, StoreError>),
    /// A newer roster was looked at or applied.
    Imported(Result<Box<Imported>, SiteError>),
    /// The process was asked to end.
    Terminate,
}

/// What right PINs opened.
#[derive(Debug)]
pub struct Opened {
    /// Who, in the order asked.
    pub people: Vec<OperatorId>,
    /// The data keys; none before anything is planned.
    pub keys: DataKeys,
    /// Everybody's identity, where it was asked for.
    pub roster: Option<Roster>,
    /// The last person's signing key, where they hold one.
    pub signing: Option<SigningKey>,
}

/// Why a PIN check failed.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// Nobody of that name.
    #[error("expected a member of the crew, found nobody called {0}")]
    Unknown(OperatorId),
    /// A wrong PIN, or the machine secret of another installation.
    #[error("{op}: the PIN does not open this person's key")]
    Wrong {
        /// Who.
        op: OperatorId,
        /// How many in a row, this one included.
        tries: u32,
    },
    /// The site's own keys.
    #[error("the site's keys: {0}")]
    Site(KeyError),
    /// A person's keys.
    #[error("{op}: {source}")]
    Key {
        /// Who.
        op: OperatorId,
        /// What.
        source: KeyError,
    },
    /// The sealed persons could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}
