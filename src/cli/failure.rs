//! What a command says when it cannot go on: kind, code, cause and the one thing to do next.

use std::fmt;

/// How a failure ends the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 1: the answer is no.
    No,
    /// 2: the command line is wrong.
    Usage,
    /// 3: device, disk or network, or somebody else holds the data directory.
    Device,
    /// 4: the data directory's own integrity.
    Integrity,
}

impl Kind {
    /// The exit code (house.md, Errors).
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::No => 1,
            Self::Usage => 2,
            Self::Device => 3,
            Self::Integrity => 4,
        }
    }
}

/// A failure at the edge. Prints as `KD-xxx-nn cause` and `hint: advice`.
#[derive(Debug)]
pub struct Failure {
    /// How it ends.
    pub kind: Kind,
    /// Stable code.
    pub code: &'static str,
    /// What happened: lower case, `expected X, found Y`.
    pub cause: String,
    /// What to do next, in the imperative; empty where nothing is to be done.
    pub advice: String,
}

impl Failure {
    /// A failure of a kind.
    pub fn new(kind: Kind, code: &'static str, cause: impl fmt::Display, advice: &str) -> Self {
        Self { kind, code, cause: cause.to_string(), advice: advice.to_owned() }
    }

    /// The same failure with another advice.
    #[must_use]
    pub fn advise(self, advice: &str) -> Self {
        Self { advice: advice.to_owned(), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, harmless(&self.cause))?;
        if self.advice.is_empty() { Ok(()) } else { write!(f, "\nhint: {}", harmless(&self.advice)) }
    }
}

/// A text without what a terminal would obey; paths and file names are what somebody else chose.
pub(in crate::cli) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The result of a command.
pub type Outcome<T = ()> = Result<T, Failure>;
