//! Secrets come from a descriptor, outside Live from a file of mode 0600, or from a prompt; never from an argument or
//! an environment variable.

use super::failure::{Failure, Kind, Outcome};
use crate::domain::ids::OperatorId;
use crate::domain::session::Mode;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{BufRead, IsTerminal, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// More than any PIN or passphrase with its line end.
const LONGEST: u64 = 256;
/// How a script gives the site passphrase.
const PASSPHRASE: &str = "--site-pass-file FD";
/// What a terminal sends for ctrl-C.
const CTRL_C: u8 = 3;

/// Where a secret is read from. A value of digits only is a descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// An open descriptor.
    Descriptor(u32),
    /// A file.
    File(PathBuf),
}

impl std::str::FromStr for Secret {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Err("expected a descriptor or a file, found nothing".to_owned())
        } else if text.bytes().all(|b| b.is_ascii_digit()) {
            text.parse().map(Self::Descriptor).map_err(|_| "expected a descriptor, found a larger number".to_owned())
        } else {
            Ok(Self::File(text.into()))
        }
    }
}

/// `OPERATOR=FD|FILE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorSecret {
    /// Who.
    pub op: OperatorId,
    /// Where their secret is read.
    pub secret: Secret,
}

impl std::str::FromStr for OperatorSecret {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (op, secret) = text.split_once('=').ok_or("expected OPERATOR=FD or OPERATOR=FILE")?;
        Ok(Self { op: op.parse().map_err(|e: crate::domain::ids::IdError| e.to_string())?, secret: secret.parse()? })
    }
}

impl Secret {
    fn read(&self, mode: Mode) -> Outcome<Zeroizing<String>> {
        let (path, name) = match self {
            Self::Descriptor(fd) => (PathBuf::from(format!("/proc/self/fd/{fd}")), format!("descriptor {fd}")),
            Self::File(path) => (path.clone(), path.display().to_string()),
        };
        let broken = |e: std::io::Error| {
            Failure::new(
                Kind::Device,
                "KD-K-09",
                format!("{name}: {e}"),
                "give the secret on an open descriptor, as in 3<pin",
            )
        };
        let mut file = match (self, File::open(&path)) {
            (Self::Descriptor(fd), Err(e)) if e.kind() == std::io::ErrorKind::NotFound => {
                let cause = format!("expected descriptor {fd} to be open, found it closed");
                let advice = format!("give the secret on it, as in {fd}<pin");
                return Err(Failure::new(Kind::Usage, "KD-K-09", cause, &advice));
            }
            (_, file) => file.map_err(broken)?,
        };
        if let Self::File(_) = self {
            if mode == Mode::Live {
                let cause = "expected a descriptor, found a file: a live site takes no secret from a plain file";
                return Err(Failure::new(
                    Kind::No,
                    "KD-K-14",
                    cause,
                    "use --pin-file 3 3<FILE or a systemd credential",
                ));
            }
            let wide = file.metadata().map_err(broken)?.mode() & 0o777;
            if wide & 0o077 != 0 {
                let cause = format!("expected {name} to be mode 0600, found mode {wide:04o}");
                let advice = format!("close it to others: chmod 600 {name}");
                return Err(Failure::new(Kind::Device, "KD-K-04", cause, &advice));
            }
        }
        let mut text = Zeroizing::new(String::new());
        Read::by_ref(&mut file).take(LONGEST).read_to_string(&mut text).map_err(broken)?;
        Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// A person's PIN from where it was given, else from the terminal.
pub(super) fn pin(given: Option<&Secret>, op: &OperatorId, mode: Mode) -> Outcome<Pin> {
    pin_of(given, op, mode, "--pin-file FD")
}

fn pin_of(given: Option<&Secret>, op: &OperatorId, mode: Mode, option: &str) -> Outcome<Pin> {
    let text = match given {
        Some(secret) => secret.read(mode)?,
        None => prompt(&format!("PIN of {op}: "), Echo::Off, option)?,
    };
    Pin::parse(&text).map_err(|e| Failure::new(Kind::No, e.code(), e, "type it again, digits alone"))
}

/// A new PIN; typed twice where it is asked.
pub(super) fn new_pin(given: Option<&Secret>, op: &OperatorId, mode: Mode) -> Outcome<Pin> {
    const OPTION: &str = "--new-pin-file FD";
    let first = pin_of(given, op, mode, OPTION)?;
    if given.is_none() && !first.is(&prompt(&format!("PIN of {op} again: "), Echo::Off, OPTION)?) {
        let cause = "expected the same PIN twice, found two different ones";
        return Err(Failure::new(Kind::No, "KD-K-01", cause, "type it again"));
    }
    Ok(first)
}

/// The site passphrase from where it was given, else from the terminal.
pub(super) fn passphrase(given: Option<&Secret>, mode: Mode) -> Outcome<Passphrase> {
    let text = match given {
        Some(secret) => secret.read(mode)?,
        None => prompt("site passphrase: ", Echo::Off, PASSPHRASE)?,
    };
    Passphrase::parse(&text).map_err(|e| Failure::new(Kind::No, e.code(), e, "type it again"))
}

/// A new site passphrase; typed twice where it is asked.
pub(super) fn new_passphrase(given: Option<&Secret>, mode: Mode) -> Outcome<Passphrase> {
    let first = passphrase(given, mode)?;
    if given.is_none() && !first.is(&prompt("site passphrase again: ", Echo::Off, PASSPHRASE)?) {
        let cause = "expected the same passphrase twice, found two different ones";
        return Err(Failure::new(Kind::No, "KD-K-15", cause, "type it again"));
    }
    Ok(first)
}

pub(super) fn ask_operator() -> Outcome<OperatorId> {
    let text = prompt("operator: ", Echo::On, "--as OPERATOR")?;
    text.parse().map_err(|e: crate::domain::ids::IdError| {
        Failure::new(Kind::Usage, "KD-U-03", e, "list the crew with `kaodian people list`")
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    On,
    Off,
}

/// Asks on the terminal; `option` is how a script answers.
fn prompt(words: &str, echo: Echo, option: &str) -> Outcome<Zeroizing<String>> {
    let broken = |e: std::io::Error| Failure::new(Kind::Device, "KD-U-04", format!("the terminal: {e}"), "");
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        let cause = format!("expected {option}, or a terminal to ask on, found neither");
        return Err(Failure::new(Kind::Usage, "KD-U-05", cause, &format!("add {option}, or run it on a terminal")));
    }
    let mut err = std::io::stderr();
    let before = tcgetattr(&stdin).map_err(|e| broken(e.into()))?;
    if echo == Echo::Off {
        let mut quiet = before.clone();
        // Ctrl-C ends the line instead of the process, which would leave a terminal without echo behind.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
        tcsetattr(&stdin, OptionalActions::Flush, &quiet).map_err(|e| broken(e.into()))?;
    }
    let line = write!(err, "{words}").and_then(|()| err.flush()).and_then(|()| read_line(&mut stdin.lock()));
    tcsetattr(&stdin, OptionalActions::Drain, &before).map_err(|e| broken(e.into()))?;
    if echo == Echo::Off {
        let _ = writeln!(err);
    }
    line.map_err(|e| match e.kind() {
        std::io::ErrorKind::Interrupted => {
            Failure::new(Kind::No, "KD-U-04", "expected an answer, found ctrl-C", "nothing was done")
        }
        _ => broken(e),
    })
}

/// Reads to the end of the line; ctrl-C is an answer too.
fn read_line(input: &mut impl BufRead) -> std::io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(Vec::with_capacity(usize::try_from(LONGEST).unwrap_or(0)));
    for byte in input.take(LONGEST).bytes() {
        match byte? {
            CTRL_C => return Err(std::io::ErrorKind::Interrupted.into()),
            b'\n' => break,
            byte => line.push(byte),
        }
    }
    let text = std::str::from_utf8(&line).map_err(|_| std::io::ErrorKind::InvalidData)?;
    Ok(Zeroizing::new(text.trim_end_matches('\r').to_owned()))
}
