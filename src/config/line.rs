//! `[[line]]`: a scanner, a campus-card reader, or a campus-card reader that types like a keyboard.
//!
//! Each kind takes its own keys; one that means nothing for a kind is refused, since it would silently do nothing.
//!
//! | key | scanner | rfid | keyboard |
//! |---|---|---|---|
//! | `port` | needed | needed | |
//! | `baud` | 9600 | 9600 | |
//! | `encoding`, `terminator`, `aim` | `auto`, `any`, `false` | | |
//! | `format` | | `em4100_ascii` | needed: `dec10`, `hex`, `wiegand26` |
//! | `uid_form` | | `as_read` | `as_read` |

use serde::Deserialize;
use std::path::PathBuf;

/// The table as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    kind: Kind,
    port: Option<PathBuf>,
    baud: Option<u32>,
    encoding: Option<Encoding>,
    terminator: Option<Terminator>,
    aim: Option<bool>,
    format: Option<TagFormat>,
    uid_form: Option<UidForm>,
}

/// What it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineDevice {
    /// A barcode or QR scanner on a port.
    Scanner {
        /// Its port.
        port: PathBuf,
        /// Line speed in baud.
        baud: u32,
        /// Encoding of its text.
        encoding: Encoding,
        /// What ends a line.
        terminator: Terminator,
        /// Whether it puts an AIM identifier in front.
        aim: bool,
    },
    /// A campus-card reader on a port.
    Rfid {
        /// Its port.
        port: PathBuf,
        /// Line speed in baud.
        baud: u32,
        /// What it sends.
        format: TagFormat,
        /// How the roster writes its numbers.
        uid_form: UidForm,
    },
    /// A campus-card reader that types.
    Keyboard {
        /// What it types.
        format: TagFormat,
        /// How the roster writes its numbers.
        uid_form: UidForm,
    },
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each is the word of id-card-reader.md §13")]
        pub enum $name { $($(#[$vdoc])* $variant),* }
    };
}

/// A kind of line device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Scanner,
    Rfid,
    Keyboard,
}

words!(
    /// Encoding of a scanner's text.
    Encoding { #[default] Auto, Utf8, Gb18030 }
);
words!(
    /// What ends a scanner's line.
    Terminator { #[default] Any, Cr, Lf, Crlf, Tab, Etx, None }
);
words!(
    /// What a campus-card reader sends; the last three are lines of digits.
    TagFormat { #[default] Em4100Ascii, StxBinary, StxLength, Dec10, Hex, Wiegand26 }
);
words!(
    /// How a roster writes a campus card's number.
    UidForm { #[default] AsRead, Reversed, Low24, Wiegand26, Dec10 }
);

/// Speed of a device that says nothing else.
const BAUD: u32 = 9600;

impl Line {
    /// What the table means.
    ///
    /// # Errors
    /// What was expected and found, where a key is missing or means nothing for the kind.
    pub fn device(&self) -> Result<LineDevice, String> {
        let Self { kind, port, baud, encoding, terminator, aim, format, uid_form } = self.clone();
        let set = [
            ("port", port.is_some()),
            ("baud", baud.is_some()),
            ("encoding", encoding.is_some()),
            ("terminator", terminator.is_some()),
            ("aim", aim.is_some()),
            ("format", format.is_some()),
            ("uid_form", uid_form.is_some()),
        ];
        let (word, taken): (_, &[&str]) = match kind {
            Kind::Scanner => ("scanner", &["port", "baud", "encoding", "terminator", "aim"]),
            Kind::Rfid => ("rfid", &["port", "baud", "format", "uid_form"]),
            Kind::Keyboard => ("keyboard", &["format", "uid_form"]),
        };
        if let Some((key, _)) = set.iter().find(|(key, set)| *set && !taken.contains(key)) {
            return Err(format!("expected {} with kind {word}, found {key}", taken.join(", ")));
        }
        let port = || port.ok_or_else(|| format!("expected port with kind {word}, found none"));
        let (baud, uid_form) = (baud.unwrap_or(BAUD), uid_form.unwrap_or_default());
        Ok(match kind {
            Kind::Scanner => LineDevice::Scanner {
                port: port()?,
                baud,
                encoding: encoding.unwrap_or_default(),
                terminator: terminator.unwrap_or_default(),
                aim: aim.unwrap_or_default(),
            },
            Kind::Rfid => LineDevice::Rfid { port: port()?, baud, format: format.unwrap_or_default(), uid_form },
            Kind::Keyboard => match format {
                Some(format @ (TagFormat::Dec10 | TagFormat::Hex | TagFormat::Wiegand26)) => {
                    LineDevice::Keyboard { format, uid_form }
                }
                _ => return Err("expected format dec10, hex or wiegand26 with kind keyboard, found another".to_owned()),
            },
        })
    }

    /// The speed as written.
    #[must_use]
    pub fn baud(&self) -> u32 {
        self.baud.unwrap_or(BAUD)
    }
}
