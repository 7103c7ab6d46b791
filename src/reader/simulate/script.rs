//! What a simulated reader does by itself, as a TOML file.
//!
//! ```toml
//! repeat = false                 # begin again after the last step
//! [module]                       # every key may be left out
//! immediate = true               # answers at once instead of taking a real module's time
//! sticky = false
//! chip_number = true
//! filled_numbers = false
//! unselected = 0x41              # or 0x34: what a read without a selected card is answered
//! answers_damaged = true         # 10 or 11 to a command that arrived damaged, otherwise nothing
//! number = 1                     # the last group of the module's number, which begins with 99.99
//! baud = 115200
//! heeds_speed = false            # a host at another speed is not understood
//! answers_at_new_speed = false
//! paced = false                  # bytes leave at the line's speed; not left out: as immediate says
//! bursts = [16, 62]              # so many bytes at a time
//! delays = { find = 90, read = 700, reset = 2000 }   # others: find_none, select, fingerprint; in ms
//! seed = 1
//! [[step]]
//! do = "present"                 # card: a file as for --card, beside the script
//! card = "chen.hex"
//! latest_address = "测试省样例市新址路3号"
//! [[step]]
//! do = "wait_read"               # until the card has been read
//! [[step]]
//! do = "fault"
//! plan = { fault = "status", sw3 = 65, on = "read", often = "once" }
//! [[step]]
//! do = "rename"                  # under another name in the folder of its link, from the next plug_in
//! name = "ttyUSB1"
//! [[step]]
//! do = "wait"                    # others: remove, clear_faults, unplug, plug_in, end
//! ms = 500
//! ```
//!
//! After the last step the reader itself stays until it is told to stop; `end` takes it away.

use super::fault::Plan;
use super::settings::{Delays, Settings};
use crate::reader::sam::SamNumber;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

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

/// The kind of module, as a script names it: what is left out is as [`Settings`] has it.
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
    /// What a read without a selected card is answered.
    pub unselected: u8,
    /// Answers commands that arrived damaged.
    pub answers_damaged: bool,
    /// The last group of its number.
    pub number: u32,
    /// Line speed at the start.
    pub baud: u32,
    /// Does not understand a host at another speed.
    pub heeds_speed: bool,
    /// Answers the command that sets the speed at the new one.
    pub answers_at_new_speed: bool,
    /// Sends at the line's speed.
    pub paced: Option<bool>,
    /// Fewest and most bytes that leave together.
    pub bursts: Option<(u8, u8)>,
    /// Delays before replies.
    pub delays: Milliseconds,
    /// Seed of whatever is random.
    pub seed: u64,
}

/// Delays, those that are not as the timing has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Milliseconds {
    /// Find without a card.
    pub find_none: Option<u64>,
    /// Find with a card.
    pub find: Option<u64>,
    /// Select.
    pub select: Option<u64>,
    /// Reading text and photo.
    pub read: Option<u64>,
    /// Reading fingerprints, on top.
    pub fingerprint: Option<u64>,
    /// After a reset.
    pub reset: Option<u64>,
}

impl Default for Module {
    fn default() -> Self {
        let usual = Settings::default();
        Self {
            immediate: false,
            sticky: usual.sticky,
            chip_number: usual.chip_number,
            filled_numbers: usual.filled_numbers,
            unselected: usual.unselected,
            answers_damaged: usual.answers_damaged,
            number: 1,
            baud: usual.baud,
            heeds_speed: usual.heeds_speed,
            answers_at_new_speed: usual.answers_at_new_speed,
            paced: None,
            bursts: None,
            delays: Milliseconds::default(),
            seed: usual.seed,
        }
    }
}

impl Milliseconds {
    fn over(self, usual: Delays) -> Delays {
        let or = |ms: Option<u64>, usual| ms.map_or(usual, Duration::from_millis);
        Delays {
            find_none: or(self.find_none, usual.find_none),
            find: or(self.find, usual.find),
            select: or(self.select, usual.select),
            read: or(self.read, usual.read),
            fingerprint: or(self.fingerprint, usual.fingerprint),
            reset: or(self.reset, usual.reset),
        }
    }
}

impl Module {
    /// The simulator's settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let timing = if self.immediate { Settings::immediate() } else { Settings::default() };
        Settings {
            sticky: self.sticky,
            sam: SamNumber::simulated(self.number),
            delays: self.delays.over(timing.delays),
            paced: self.paced.unwrap_or(timing.paced),
            bursts: self.bursts.or(timing.bursts),
            baud: self.baud,
            heeds_speed: self.heeds_speed,
            answers_at_new_speed: self.answers_at_new_speed,
            filled_numbers: self.filled_numbers,
            chip_number: self.chip_number,
            unselected: self.unselected,
            answers_damaged: self.answers_damaged,
            seed: self.seed,
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
        /// What `30 03` is answered, at most 35 characters.
        #[serde(default)]
        latest_address: Option<String>,
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
    /// The port will have another name.
    Rename {
        /// In the folder of its link.
        name: String,
    },
    /// The plug is put back.
    PlugIn,
    /// The simulation ends.
    End,
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
        assert_eq!(script.steps.len(), 5);
        let plan = Plan::once(Fault::Status { sw3: 0x41 }, On::Read);
        assert_eq!(script.steps.get(2), Some(&Step::Fault { plan }));
        let ms = Duration::from_millis;
        let delays = Delays { find: ms(90), read: ms(700), reset: ms(2000), ..Delays::default() };
        let expected = Settings { delays, bursts: Some((16, 62)), ..Settings::immediate() };
        assert_eq!(script.module.settings(), expected);
        assert_eq!(Module::default().settings(), Settings::default());
    }

    #[test]
    fn a_step_that_is_not_known_is_refused() {
        assert!(Script::parse("[[step]]\ndo = \"dance\"").is_err());
        assert!(Script::parse("[[step]]\ndo = \"wait\"").is_err());
        assert!(Script::parse("speed = 1").is_err());
        assert!(Script::parse("module = { sam = \"05.03\" }").is_err(), "a simulator's number is its own");
    }
}
