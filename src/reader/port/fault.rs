//! Why a device's port does not work: each cause its own sentence and code.

use std::path::PathBuf;

/// Why a device cannot be used. None of these ends the program: the port is tried again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortFault {
    /// Nothing stands at the path.
    #[error("expected a serial port at {}, found nothing", path.display())]
    NoSuchPort {
        /// Where.
        path: PathBuf,
    },
    /// The port opens and nobody answers.
    #[error("expected an answer from a card reader at {}, found silence", path.display())]
    Silent {
        /// Where.
        path: PathBuf,
    },
    /// This user may not open the port.
    #[error("expected permission to open {}, found it denied", path.display())]
    NoPermission {
        /// Where.
        path: PathBuf,
    },
    /// Another program holds the port.
    #[error("expected {} to be free, found it in use by another program", path.display())]
    Busy {
        /// Where.
        path: PathBuf,
    },
    /// The port vanished while it was in use.
    #[error("expected the device to stay at {}, found it unplugged", path.display())]
    Unplugged {
        /// Where it was.
        path: PathBuf,
    },
    /// The module's self-test failed, and a reset did not help (60).
    #[error("expected the reader's self-test to pass, found status 60")]
    SelfTestFailed,
    /// The module holds no key (66).
    #[error("expected an authorised reader module, found status 66")]
    NotAuthorised,
    /// Something stands at the path that does not work as a serial port.
    #[error("expected a serial port at {}, found something else: {reason}", path.display())]
    Unusable {
        /// Where.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

impl PortFault {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPort { .. } => "KD-3101",
            Self::Silent { .. } => "KD-3102",
            Self::NoPermission { .. } => "KD-3103",
            Self::Busy { .. } => "KD-3104",
            Self::Unplugged { .. } => "KD-3105",
            Self::SelfTestFailed => "KD-3106",
            Self::NotAuthorised => "KD-3107",
            Self::Unusable { .. } => "KD-3108",
        }
    }

    /// The next thing to do, for a technician.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::NoSuchPort { .. } => {
                "plug the device in, or name its port; one that shows up as HID only has no port"
            }
            Self::Silent { .. } => "check its power and cable, and that this is the reader's port",
            Self::NoPermission { .. } => "add the user to the group that owns the port, usually dialout",
            Self::Busy { .. } => "close the other program; a login console on the same port is a usual one",
            Self::Unplugged { .. } => "plug it in again",
            Self::SelfTestFailed => "switch the reader off and on; if it stays, replace it",
            Self::NotAuthorised => "replace the reader and send it to service",
            Self::Unusable { .. } => "name a serial port; one that shows up as HID only has none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_own_code_and_sentence() {
        let path = PathBuf::from("/dev/idreader");
        let all = [
            PortFault::NoSuchPort { path: path.clone() },
            PortFault::Silent { path: path.clone() },
            PortFault::NoPermission { path: path.clone() },
            PortFault::Busy { path: path.clone() },
            PortFault::Unplugged { path: path.clone() },
            PortFault::SelfTestFailed,
            PortFault::NotAuthorised,
            PortFault::Unusable { path, reason: "Not a typewriter".to_owned() },
        ];
        for (at, fault) in all.iter().enumerate() {
            assert_eq!(fault.code(), format!("KD-310{}", at + 1));
            for other in all.iter().skip(at + 1) {
                assert_ne!(fault.to_string(), other.to_string());
                assert_ne!(fault.code(), other.code());
            }
        }
    }
}
