//! One file for each screen: `State` (what a person did here), `Data` (facts of this draw), `on_key`, `view`.
//!
//! `on_key` changes the screen's own state and answers with what the person asked for, as data; it never acts. `view`
//! draws twenty rows of body and returns where the hardware cursor belongs. Keys that mean the same everywhere never
//! come here: the root carries them out.

pub mod clock;
pub mod close;
pub mod confirm;
pub mod detail;
pub mod fault;
pub mod help;
pub mod holds;
pub mod import;
pub mod legend;
pub mod lift;
pub mod lock;
pub mod manual;
pub mod menu;
pub mod pending;
pub mod reader;
pub mod readiness;
pub mod ready;
pub mod results;
pub mod rooms;
pub mod roster;
pub mod scoring;
pub mod seal;
pub mod seatmap;
pub mod unlock;
pub mod verdict;
