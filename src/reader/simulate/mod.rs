//! A card reader that is not there: the protocol of id-card-reader.md §12 from the module's side.
//!
//! [`Simulator`] is a pure state machine, bytes in, [`Act`]s out; [`SimulatedReader`] serves one on a real
//! pseudo-terminal that a host opens by path like any serial port, and [`SimulatedLine`] is a scanner or campus-card
//! reader on another. Everything that can go wrong is data: [`Plan`].
//! A simulator's module number is of the range 99.99, so that a host can tell (KD-A-19); its photos are noise.

mod card;
mod fault;
mod line;
mod machine;
mod plug;
mod pty;
mod script;
mod settings;

pub use card::{Card, CardError};
pub use fault::{Fault, Often, On, Plan};
pub use line::SimulatedLine;
pub use machine::{Act, Simulator, State};
pub use pty::SimulatedReader;
pub use script::{Module, Script, Step};
pub use settings::{Delays, Settings, garbled};
