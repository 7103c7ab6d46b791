//! The journal: the append-only record as bytes, its running chain and its check.
//!
//! A stream is one session at one desk (rules.md §11). [`mod@line`] owns the bytes of one event, [`chain`] the running
//! hash that binds each line to all before it, [`verify`] the check of whole streams. Where lines are kept is the
//! store's business; what they mean is `domain::event`'s.

pub mod chain;
pub mod line;
#[cfg(test)]
pub(crate) mod samples;
pub mod verify;
