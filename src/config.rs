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

use crate::domain::ids::DeskId;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Everything that can be configured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The desk.
    pub desk: Desk,
    /// The card reader.
    pub reader: Reader,
    /// Scanners and campus-card readers; read by a later release.
    pub line: Vec<Line>,
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

/// One `[[line]]`: a device that talks unasked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// Its port.
    pub port: PathBuf,
    /// Line speed in baud.
    #[serde(default = "scanner_speed")]
    pub baud: u32,
    /// Encoding of its text.
    #[serde(default)]
    pub encoding: Encoding,
    /// What ends a line.
    #[serde(default)]
    pub terminator: Terminator,
    /// How a campus card's number is compared.
    #[serde(default)]
    pub uid_form: UidForm,
}

fn scanner_speed() -> u32 {
    9600
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
    /// A kind of line device.
    LineKind { #[default] Scanner, Rfid }
);
words!(
    /// Encoding of a scanner's text.
    Encoding { #[default] Auto, Utf8, Gb18030 }
);
words!(
    /// What ends a scanner's line.
    Terminator { #[default] Any, Cr, Lf, Crlf, Tab, Etx, None }
);
words!(
    /// How a campus card's number is compared.
    UidForm { #[default] AsRead, Reversed, Low24, Wiegand26, Dec10 }
);
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
        let config: Self = toml::from_str(text).map_err(|e| {
            let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let (file, message) = (file.to_owned(), e.message().to_owned());
            if message.starts_with("unknown field") {
                ConfigError::UnknownKey { file, line, message }
            } else {
                ConfigError::WrongValue { file, line, message }
            }
        })?;
        config.in_range(file)?;
        Ok(config)
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
        match ranges.into_iter().find(|(_, found, range, _)| !range.contains(found)) {
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
    fn a_line_device_has_its_own_table() {
        let text = "[[line]]\nkind = \"scanner\"\nport = \"/dev/scanner\"\nterminator = \"crlf\"\n";
        let config = Config::parse(text, "a.toml").unwrap();
        assert_eq!((config.line[0].baud, config.line[0].terminator), (9600, Terminator::Crlf));
    }
}
