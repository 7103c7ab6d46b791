//! What a desk keeps for a minute: the row that a ticket or campus card pointed to, and the document that waits for its
//! ticket (rules.md §6, A-13, A-14, A-15, A-28).
//!
//! A document and a ticket shown within a minute of each other, in either order, are judged as one tap. Neither is kept
//! longer, and nothing is kept once a document was judged to its end.

use crate::domain::admission::Decision;
use crate::domain::ids::{AdmissionNo, Code, DocTag, SessionNo};
use crate::domain::pointer::Pointer;
use crate::domain::presented::{CardRead, Presented};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a row or a document is kept.
const KEPT: Duration = Duration::from_mins(1);

/// A document alone where a ticket is needed, or with another one's.
const WAITS_FOR_TICKET: [Code; 2] = [Code(15), Code(28)];

/// What is waited for, and until when on the desk's monotonic clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Awaited {
    /// The document of somebody whose ticket or campus card was shown.
    Document(AdmissionNo, Duration),
    /// The ticket of somebody whose document was shown.
    Ticket(Duration),
}

/// Document tags under each session's key.
type Tags = BTreeMap<SessionNo, DocTag>;

#[derive(Debug)]
struct Document {
    card: Box<CardRead>,
    tags: Tags,
    since: Duration,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Kept {
    ticket: Option<(AdmissionNo, Duration)>,
    pointed: Option<(AdmissionNo, Duration)>,
    document: Option<Document>,
}

/// What is judged together.
pub(super) struct Together {
    pub(super) presented: Presented,
    pub(super) tags: Tags,
    pub(super) ticket: Option<AdmissionNo>,
    /// When the document was shown, where it waited for the ticket.
    waited_since: Option<Duration>,
}

impl Kept {
    /// Joins what was shown now with what was kept: a ticket with its document, a document with its ticket.
    pub(super) fn join(&mut self, presented: Presented, tags: Tags, now: Duration) -> Together {
        let fresh = |since: Duration| now.saturating_sub(since) < KEPT;
        self.ticket = self.ticket.take().filter(|(_, since)| fresh(*since));
        self.pointed = self.pointed.take().filter(|(_, since)| fresh(*since));
        self.document = self.document.take().filter(|document| fresh(document.since));
        match (presented, self.document.take()) {
            (Presented::Pointer(Pointer::Ticket(cand)), Some(Document { card, tags, since })) => {
                self.ticket = Some((cand.clone(), now));
                Together { presented: Presented::Card(card), tags, ticket: Some(cand), waited_since: Some(since) }
            }
            (presented @ (Presented::Card(_) | Presented::ByHand(_)), _) => {
                let ticket = self.ticket.as_ref().map(|(cand, _)| cand.clone());
                Together { presented, tags, ticket, waited_since: None }
            }
            (other, document) => {
                self.document = document;
                Together { presented: other, tags, ticket: None, waited_since: None }
            }
        }
    }

    /// Keeps what has to wait after this decision, and nothing of a document that was judged to its end.
    pub(super) fn keep(&mut self, shown: &Together, decision: &Decision, now: Duration) {
        match &shown.presented {
            Presented::Card(card) if WAITS_FOR_TICKET.contains(&decision.code) => {
                let (card, tags) = (card.clone(), shown.tags.clone());
                self.document = Some(Document { card, tags, since: shown.waited_since.unwrap_or(now) });
                self.pointed = None;
            }
            Presented::Card(_) | Presented::ByHand(_) => *self = Self::default(),
            Presented::Pointer(pointer) => {
                if let Pointer::Ticket(cand) = pointer {
                    self.ticket = Some((cand.clone(), now));
                }
                self.pointed = decision.row.as_ref().map(|row| (row.cand.clone(), now));
            }
            Presented::Unreadable { .. } | Presented::UnknownKind => {}
        }
    }

    /// What is waited for.
    pub(super) fn awaited(&self, now: Duration) -> Option<Awaited> {
        let fresh = |until: &Duration| now < *until;
        let document = self.document.as_ref().map(|document| document.since + KEPT).filter(fresh);
        let pointed = self.pointed.as_ref().map(|(cand, since)| (cand.clone(), *since + KEPT));
        document
            .map(Awaited::Ticket)
            .or_else(|| pointed.filter(|(_, until)| fresh(until)).map(|(cand, until)| Awaited::Document(cand, until)))
    }
}
