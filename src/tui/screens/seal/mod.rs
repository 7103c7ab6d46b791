//! 3.21 to 3.24: sealing a closed session, in five steps. Each screen is pure like all others.
//!
//! ```text
//! checklist 3.21   is it ready, does it balance, to whom is it sealed; Enter freezes      step 1
//! sign      3.22   fingerprint to paper and back, two proctors, the site's passphrase     steps 2 to 5
//! progress  3.24   what is being done, second by second                                   step 5
//! done      3.23   the seal, its fingerprint as QR, the verifier's answer
//! readiness        the checks of 3.21 in words: code, finding, what to do
//! ```

pub mod checklist;
pub mod done;
pub mod progress;
pub mod readiness;
pub mod sign;

use super::super::Look;
use super::super::theme::Role;
use super::super::widgets::Pen;
use crate::tui::i18n::tr;

/// The eight groups of a fingerprint: `A 5521` to `H 1379`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups([String; 8]);

impl From<[String; 8]> for Groups {
    fn from(groups: [String; 8]) -> Self {
        Self(groups)
    }
}

impl Groups {
    /// The groups as they are written to paper.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The four digits behind a letter.
    #[must_use]
    pub fn digits(&self, letter: char) -> Option<&str> {
        self.iter().find_map(|group| group.strip_prefix(letter)).map(str::trim)
    }

    /// All of them without blanks, as the QR code carries them.
    #[must_use]
    pub fn compact(&self) -> String {
        self.0.concat().replace(' ', "")
    }

    /// Four groups to a line, `gap` blanks between them.
    fn lines(&self, gap: usize) -> Vec<String> {
        self.0.chunks(4).map(|four| four.join(&" ".repeat(gap))).collect()
    }
}

/// The steps that the title row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Checklist,
    Fingerprint,
    First,
    Second,
    Seal,
}

/// Draws the title row: all five steps, the present one marked.
fn steps(pen: &mut Pen<'_>, now: Step) {
    let look = pen.look();
    let mut x = pen.text(1, 0, &tr!(look, "seal-title"), Role::Title) + 3;
    let all = [Step::Checklist, Step::Fingerprint, Step::First, Step::Second, Step::Seal];
    for (n, step) in (1..).zip(all) {
        let word = format!(" {n} {} ", step.word(look));
        x = pen.text(x, 0, &word, if step == now { Role::Selection } else { Role::Muted });
        if step != Step::Seal {
            x = pen.text(x, 0, ">", Role::Muted);
        }
    }
}

impl Step {
    fn word(self, look: &Look<'_>) -> String {
        match self {
            Self::Checklist => tr!(look, "seal-step-checklist"),
            Self::Fingerprint => tr!(look, "seal-step-fingerprint"),
            Self::First => tr!(look, "seal-step-first"),
            Self::Second => tr!(look, "seal-step-second"),
            Self::Seal => tr!(look, "seal-step-seal"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_its_letter() {
        let groups = Groups::from(
            ["A 5521", "B 0937", "C 7718", "D 4402", "E 9163", "F 2085", "G 6640", "H 1379"].map(String::from),
        );
        assert_eq!((groups.digits('G'), groups.digits('B'), groups.digits('I')), (Some("6640"), Some("0937"), None));
        assert_eq!(groups.compact(), "A5521B0937C7718D4402E9163F2085G6640H1379");
        assert_eq!(groups.lines(2)[1], "E 9163  F 2085  G 6640  H 1379");
    }
}
