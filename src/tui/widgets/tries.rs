//! How many PINs somebody may still try, and how long the next one waits.

use super::super::Look;
use super::super::theme::Role;
use crate::tui::i18n::tr;

/// Tries that nobody has to wait for.
pub const MOST: u32 = 5;

/// What stands against guessing, for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Tries before the next wait.
    pub left: u32,
    /// Seconds until the next PIN is compared; 0 when it may be typed now.
    pub wait: u32,
}

impl Tries {
    /// Nobody has typed a wrong PIN.
    pub const FULL: Self = Self { left: MOST, wait: 0 };

    /// Whether a PIN is compared now.
    #[must_use]
    pub fn open(self) -> bool {
        self.wait == 0
    }

    /// What is said beside the PIN, and as what.
    #[must_use]
    pub fn words(self, look: &Look<'_>) -> (String, Role) {
        match self {
            Self { wait: 1.., .. } => (tr!(look, "tries-wait", s = self.wait.to_string()), Role::Bad),
            Self { left: 0, .. } => (tr!(look, "tries-last"), Role::Warn),
            Self { left, .. } => {
                let role = if left < MOST { Role::Warn } else { Role::Muted };
                (tr!(look, "tries-left", n = left.to_string()), role)
            }
        }
    }
}
