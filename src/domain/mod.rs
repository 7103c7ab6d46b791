//! The vocabulary and the rules of examination day. Pure: no input or output, clock, randomness or thread.
//!
//! Names are those of the glossary (`assets/design/rules.md` §1). Everything here is a value: a refusal is an answer,
//! never an error.

pub mod admission;
pub mod attendance;
pub mod balance;
pub mod by_hand;
pub mod candidate;
pub mod catalogue;
pub mod conflict;
pub mod course;
pub mod crew;
pub mod document;
pub mod event;
pub mod ids;
pub mod ledger;
pub mod photo;
pub mod pointer;
pub mod policy;
pub mod presented;
pub mod readiness;
pub mod record;
pub mod room;
pub mod roster;
#[cfg(test)]
pub(crate) mod samples;
pub mod scoring;
pub mod seats;
pub mod session;
pub mod table;
pub mod time;
