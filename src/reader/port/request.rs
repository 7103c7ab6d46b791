//! What a technician may ask of a running port, and what it came to.
//!
//! The port's thread does it between two polls: cards are read as before and after. What is asked while no reader answers
//! is dropped; the port looks for its reader all the time anyway.

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// The module's self-test.
    SelfTest,
    /// A reset, then its self-test.
    Reset,
    /// A status at every speed; the line goes back to the one where the reader answers.
    Speeds,
}

/// What it came to. A module that fails its self-test is a fault of the port instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    /// Whether the module said that it works.
    SelfTest(bool),
    /// Whether it came back after the reset.
    Reset(bool),
    /// The speeds in baud at which it answered.
    Speeds(Vec<u32>),
}
