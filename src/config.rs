//! The configuration of one desk: TOML to values, every key known, every value in range.
//!
//! Owns keys, defaults and ranges (cli.md). Imports `domain` alone. An absent file means the defaults, an unknown key is
//! refused with its line: a misspelt setting that silently does nothing is worse than none.
//!
//! | code | [`ConfigError`] |
//! |---|---|
//! | KD-C-01 | a key is not known |
//! | KD-C-02 | a value has the wrong type, or the file is no TOML |
//! | KD-C-03 | a value is out of range |
//! | KD-C-04 | the file cannot be read |

mod line;

pub use line::{Encoding, Line, LineDevice, TagFormat, Terminator, UidForm};

use crate::domain::ids::DeskId;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// Everything that can be configured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The desk.
    pub desk: Desk,
    /// The card reader.
    pub reader: Reader,
    /// Scanners and campus-card readers; [`Config::devices`] says what they mean.
    pub line: Vec<Spanned<Line>>,
    /// Photographs.
    pub photo: Photo,
    /// Keys at rest.
    pub trust: Trust,
    /// The screen.
    pub ui: Ui,
}

/// `[desk]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Desk {
    /// This desk's number.
    pub number: DeskId,
    /// Whether candidates can see the screen; names are then masked everywhere.
    pub faces_candidates: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self { number: DeskId::FIRST, faces_candidates: false }
    }
}

/// `[reader]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reader {
    /// The port's path; `--reader` wins.
    pub port: Option<PathBuf>,
    /// Line speed in baud.
    pub baud: u32,
    /// Milliseconds between two looks for a card.
    pub poll_ms: u32,
    /// Seconds after which a card that stays is presented again; 0: once per presence.
    pub same_card_s: u32,
}

impl Default for Reader {
    fn default() -> Self {
        Self { port: None, baud: 115_200, poll_ms: 300, same_card_s: 0 }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each is the word of id-card-reader.md §13 or screens.md §6, §9")]
        pub enum $name { $($(#[$vdoc])* $variant),* }
    };
}

words!(
    /// Colours of the screen.
    Theme { #[default] Auto, Xterm256, Ansi16, Mono }
);
words!(
    /// When the terminal bell sounds.
    Sound { #[default] All, Exceptions, Off }
);

/// `[photo]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Photo {
    /// Absolute path of an external decoder of chip photos; off by default.
    pub decoder: Option<PathBuf>,
}

/// `[trust]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trust {
    /// The machine secret; default `D.secret` beside the data directory D.
    pub machine_secret: Option<PathBuf>,
    /// Cost of signing keys at rest, log2 of scrypt's N.
    pub scrypt_log_n: u8,
    /// Memory of PIN derivation in MiB; a live site refuses less than the default.
    pub argon_mib: u32,
    /// Passes of PIN derivation; a live site refuses less than the default.
    pub argon_t: u32,
}

impl Default for Trust {
    fn default() -> Self {
        Self { machine_secret: None, scrypt_log_n: 17, argon_mib: 64, argon_t: 3 }
    }
}

/// `[ui]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Ui {
    /// Language at the start.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// Bells.
    pub sound: Sound,
}

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Lang {
    /// 简体中文.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl std::str::FromStr for Lang {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "zh-CN" => Ok(Self::ZhCn),
            "en" => Ok(Self::En),
            _ => Err("expected zh-CN or en".to_owned()),
        }
    }
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No such key.
    #[error("{file}:{line}: {message}")]
    UnknownKey {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Key and what was expected.
        message: String,
    },
    /// Wrong type, unknown word, or no TOML.
    #[error("{file}:{line}: {message}")]
    WrongValue {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What was expected and found.
        message: String,
    },
    /// Out of range.
    #[error("{file}: {key}: expected {expected}, found {found}")]
    OutOfRange {
        /// The file.
        file: String,
        /// The key.
        key: &'static str,
        /// Its range.
        expected: &'static str,
        /// Its value.
        found: u64,
    },
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl ConfigError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "KD-C-01",
            Self::WrongValue { .. } => "KD-C-02",
            Self::OutOfRange { .. } => "KD-C-03",
            Self::Unreadable { .. } => "KD-C-04",
        }
    }
}

impl Config {
    /// Reads the file that was named, else the one at `default` if it is there, else the defaults.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(named: Option<&Path>, default: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = named.or(default.filter(|path| path.exists())) else { return Ok(Self::default()) };
        let bytes = std::fs::read(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Self::parse(&String::from_utf8_lossy(&bytes), &file)
    }

    /// Parses a configuration; `file` is the name that errors carry.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        let line_at = |start: usize| text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let config: Self = toml::from_str(text).map_err(|e| {
            let line = line_at(e.span().map_or(0, |span| span.start));
            let (file, message) = (file.to_owned(), e.message().to_owned());
            if message.starts_with("unknown field") {
                ConfigError::UnknownKey { file, line, message }
            } else {
                ConfigError::WrongValue { file, line, message }
            }
        })?;
        for line in &config.line {
            let told =
                |message| ConfigError::WrongValue { file: file.to_owned(), line: line_at(line.span().start), message };
            line.get_ref().device().map_err(told)?;
        }
        config.in_range(file)?;
        Ok(config)
    }

    /// What the `[[line]]` tables mean.
    #[must_use]
    pub fn devices(&self) -> Vec<LineDevice> {
        // Parsing has refused the tables that mean nothing.
        self.line.iter().filter_map(|line| line.get_ref().device().ok()).collect()
    }

    fn in_range(&self, file: &str) -> Result<(), ConfigError> {
        let ranges: [(&'static str, u64, std::ops::RangeInclusive<u64>, &'static str); 6] = [
            ("reader.baud", self.reader.baud.into(), 1200..=921_600, "1200 to 921600"),
            ("reader.poll_ms", self.reader.poll_ms.into(), 10..=5000, "10 to 5000"),
            ("reader.same_card_s", self.reader.same_card_s.into(), 0..=600, "0 to 600"),
            ("trust.scrypt_log_n", self.trust.scrypt_log_n.into(), 10..=20, "10 to 20"),
            ("trust.argon_mib", self.trust.argon_mib.into(), 1..=1024, "1 to 1024"),
            ("trust.argon_t", self.trust.argon_t.into(), 1..=16, "1 to 16"),
        ];
        let speed =
            |line: &Spanned<Line>| ("line.baud", line.get_ref().baud().into(), 1200..=921_600, "1200 to 921600");
        match ranges.into_iter().chain(self.line.iter().map(speed)).find(|(_, found, range, _)| !range.contains(found))
        {
            Some((key, found, _, expected)) => {
                Err(ConfigError::OutOfRange { file: file.to_owned(), key, expected, found })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_says_what_the_defaults_are() {
        let example = include_str!("../config/kaodian.example.toml");
        assert_eq!(Config::parse(example, "kaodian.example.toml").unwrap(), Config::default());
    }

    #[test]
    fn every_flaw_has_its_code_and_place() {
        for (text, code, part) in [
            ("[desk]\nnumber = 1\nnumbr = 2\n", "KD-C-01", "a.toml:3"),
            ("[desk]\nnumber = \"one\"\n", "KD-C-02", "a.toml:2"),
            ("[desk]\nnumber = 100\n", "KD-C-02", "a.toml:2"),
            ("[ui]\nlang = \"fr\"\n", "KD-C-02", "a.toml:2"),
            ("not toml", "KD-C-02", "a.toml:1"),
            ("[reader]\npoll_ms = 9\n", "KD-C-03", "reader.poll_ms: expected 10 to 5000, found 9"),
        ] {
            let error = Config::parse(text, "a.toml").unwrap_err();
            assert_eq!(error.code(), code, "{text}");
            assert!(error.to_string().contains(part), "{error}");
        }
        let missing = Path::new("/nowhere/kaodian.toml");
        assert_eq!(Config::load(Some(missing), None).unwrap_err().code(), "KD-C-04");
        assert_eq!(Config::load(None, Some(missing)).unwrap(), Config::default());
    }

    #[test]
    fn each_kind_of_line_device_takes_its_own_keys() {
        let port = PathBuf::from("/dev/x");
        let text = "[[line]]\nkind = \"scanner\"\nport = \"/dev/x\"\nterminator = \"crlf\"\n\
                    [[line]]\nkind = \"rfid\"\nport = \"/dev/x\"\nbaud = 19200\nformat = \"stx_binary\"\nuid_form = \"dec10\"\n\
                    [[line]]\nkind = \"keyboard\"\nformat = \"dec10\"\n";
        let (encoding, terminator) = (Encoding::Auto, Terminator::Crlf);
        let (format, uid_form) = (TagFormat::StxBinary, UidForm::Dec10);
        assert_eq!(
            Config::parse(text, "a.toml").unwrap().devices(),
            [
                LineDevice::Scanner { port: port.clone(), baud: 9600, encoding, terminator, aim: false },
                LineDevice::Rfid { port, baud: 19_200, format, uid_form },
                LineDevice::Keyboard { format: TagFormat::Dec10, uid_form: UidForm::AsRead },
            ]
        );
    }

    #[test]
    fn every_flaw_of_a_line_device_has_its_code_and_place() {
        for (table, code, line, part) in [
            ("kind = \"scanner\"\nport = \"/dev/x\"\nbauds = 1", "KD-C-01", 6, "bauds"),
            ("kind = \"gun\"\nport = \"/dev/x\"", "KD-C-02", 4, "gun"),
            ("kind = \"rfid\"\nport = \"/dev/x\"\nformat = \"auto\"", "KD-C-02", 6, "auto"),
            ("kind = \"scanner\"", "KD-C-02", 3, "expected port with kind scanner, found none"),
            ("kind = \"scanner\"\nport = \"/dev/x\"\nuid_form = \"dec10\"", "KD-C-02", 3, "found uid_form"),
            ("kind = \"rfid\"\nport = \"/dev/x\"\nencoding = \"utf8\"", "KD-C-02", 3, "found encoding"),
            ("kind = \"keyboard\"\nport = \"/dev/x\"", "KD-C-02", 3, "found port"),
            ("kind = \"keyboard\"\nformat = \"stx_binary\"", "KD-C-02", 3, "wiegand26"),
            ("kind = \"keyboard\"", "KD-C-02", 3, "wiegand26"),
        ] {
            let error = Config::parse(&format!("[ui]\n\n[[line]]\n{table}\n"), "a.toml").unwrap_err();
            assert_eq!(error.code(), code, "{table}");
            let told = error.to_string();
            assert!(told.contains(&format!("a.toml:{line}:")) && told.contains(part), "{told}");
        }
        let slow = "[[line]]\nkind = \"scanner\"\nport = \"/dev/x\"\nbaud = 300\n";
        assert_eq!(Config::parse(slow, "a.toml").unwrap_err().code(), "KD-C-03");
    }
}
