//! What a simulated reader does by itself, as a TOML file.
//!
//! ```toml
//! repeat = false                 # begin again after the last step
//! [module]                       # every key may be left out
//! immediate = true               # answers at once instead of taking a real module's time
//! sticky = false
//! chip_number = true
//! filled_numbers = false
//! seed = 1
//! [[step]]
//! do = "present"                 # card: a file as for --card, beside the script
//! card = "chen.hex"
//! [[step]]
//! do = "wait_read"               # until the card has been read
//! [[step]]
//! do = "fault"
//! plan = { fault = "status", sw3 = 65, on = "read", often = "once" }
//! [[step]]
//! do = "wait"                    # others: remove, clear_faults, unplug, plug_in
//! ms = 500
//! ```

use super::fault::Plan;
use super::machine::Settings;
use serde::Deserialize;
use std::path::PathBuf;

/// A whole script.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Whether to begin again after the last step.
    #[serde(default)]
    pub repeat: bool,
    /// The kind of module.
    #[serde(default)]
    pub module: Module,
    /// What happens, in order.
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
}

/// The kind of module, as a script names it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Module {
    /// Answers at once.
    pub immediate: bool,
    /// A card that was read has to be lifted before it is found again.
    pub sticky: bool,
    /// Knows `30 05`.
    pub chip_number: bool,
    /// Find and select carry numbers.
    pub filled_numbers: bool,
    /// Seed of whatever is random.
    pub seed: u64,
}

impl Default for Module {
    fn default() -> Self {
        Self { immediate: false, sticky: false, chip_number: true, filled_numbers: false, seed: 1 }
    }
}

impl Module {
    /// The simulator's settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let timing = if self.immediate { Settings::immediate() } else { Settings::default() };
        Settings {
            sticky: self.sticky,
            chip_number: self.chip_number,
            filled_numbers: self.filled_numbers,
            seed: self.seed,
            ..timing
        }
    }
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// A card is laid on the reader.
    Present {
        /// Its file.
        card: PathBuf,
    },
    /// Waits until the card has been read.
    WaitRead,
    /// The card is lifted.
    Remove,
    /// Waits.
    Wait {
        /// Milliseconds.
        ms: u64,
    },
    /// Something will go wrong.
    Fault {
        /// What, where and how often.
        plan: Plan,
    },
    /// Nothing goes wrong any more.
    ClearFaults,
    /// The plug is pulled.
    Unplug,
    /// The plug is put back.
    PlugIn,
}

impl Script {
    /// Parses a script.
    ///
    /// # Errors
    /// What TOML or the keys' types do not allow, with its place.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::simulate::{Fault, On};

    #[test]
    fn the_example_of_this_page_parses() {
        let page = include_str!("script.rs");
        let example: String = page
            .lines()
            .skip_while(|line| *line != "//! ```toml")
            .skip(1)
            .take_while(|line| *line != "//! ```")
            .filter_map(|line| line.strip_prefix("//! "))
            .flat_map(|line| [line, "\n"])
            .collect();
        let script = Script::parse(&example).unwrap();
        assert_eq!(script.steps.len(), 4);
        let plan = Plan::once(Fault::Status { sw3: 0x41 }, On::Read);
        assert_eq!(script.steps.get(2), Some(&Step::Fault { plan }));
        assert_eq!(script.module.settings(), Settings::immediate());
    }

    #[test]
    fn a_step_that_is_not_known_is_refused() {
        assert!(Script::parse("[[step]]\ndo = \"dance\"").is_err());
        assert!(Script::parse("[[step]]\ndo = \"wait\"").is_err());
        assert!(Script::parse("speed = 1").is_err());
    }
}
