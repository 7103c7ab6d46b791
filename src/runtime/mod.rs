//! The only place where rooms meet: the data directory, workers, one inbox, the execution of effects, the clock.
//!
//! What survives when the process dies at each arrow of a tap (house.md):
//!
//! ```text
//! card read   -> Msg::Reader        nothing; the candidate taps again
//! judged      -> Effect::Append     nothing; no screen was green
//! COMMIT      -> Msg::Appended      the line; after a restart the tap answers "already in"
//! Appended    -> Notice::Verdict    the line and, from now on, the green screen that speaks of it
//! ```
//!
//! A worker owns its resource and hands messages to a sink; the loop that owns the [`running::RunningDesk`] never
//! blocks on one.

pub mod auth;
pub mod clock;
mod custody;
pub mod data_dir;
pub mod import;
pub mod lines;
pub mod log;
pub mod msg;
pub mod newer;
pub mod packages;
mod people;
mod program;
pub mod reader;
pub mod readiness;
pub mod reimport;
pub mod results;
pub mod rooms;
pub mod running;
pub mod sealing;
pub mod signals;
pub mod site;
mod standing;
mod store_worker;
