//! Scoring (评分): from typed marks to composites, outcomes and the figures of a session (rules.md §9, §10).
//!
//! Owns which mark may be entered ([`mark`]), the exact composite ([`composite`]), one candidate's result line
//! ([`outcome`]), the books of a session's results ([`results`]) and its statistics ([`statistics`]). Everything is an
//! integer: marks are centi-points, a composite is a fraction until it is rounded once. A refusal is a value. Knows
//! nothing of who is signed in, of files or of screens; the root over the result lines is `runtime`'s.

pub mod composite;
pub mod mark;
pub mod outcome;
pub mod results;
pub mod statistics;

pub use composite::{Exact, Scheme, SchemeError};
pub use mark::{EnteredMark, MarkRefusal, Marks, NewMark, PartMark, Standing};
pub use outcome::{CandidateRecord, Line, Outcome, PartLine, PartOutcome, PartState, ResultLine};
pub use results::{Imbalance, Results};
pub use statistics::{Column, Rate, Statistics, Summary};

#[cfg(test)]
mod tests;
