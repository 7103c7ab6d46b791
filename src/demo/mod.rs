//! The demo (演示): a whole examination day that is invented from a seed, so that everything but the radio is real.
//!
//! Owns who comes and with which card. Knows nothing of screens; what it makes goes in through the same doors as real
//! input: a roster file, policy files, frames of a reader.

pub mod roster;
