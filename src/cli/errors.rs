//! From an error of a room to the failure that a command ends with: kind, code, cause, what to do.

use super::failure::{Failure, Kind};
use crate::org::OrgError;
use crate::runtime::data_dir::DirError;
use crate::runtime::msg::Denied;
use crate::runtime::site::SiteError;
use crate::trust::KeyError;
use crate::trust::credentials::CredentialError;

/// Sorts an error of the site into a failure.
pub(super) fn failure_of(error: SiteError) -> Failure {
    match error {
        SiteError::Dir(e) => {
            let (kind, code, advice) = match &e {
                DirError::Missing(_) => (
                    Kind::Device,
                    "KD-D-01",
                    "make it with `kaodian site init`, or name another with --data".to_owned(),
                ),
                DirError::Exists(_) => (Kind::No, "KD-D-02", "choose an empty directory".to_owned()),
                DirError::TooWide { path, .. } => {
                    (Kind::Device, "KD-D-03", format!("close it to others: chmod go= {}", path.display()))
                }
                DirError::Held(_) => {
                    (Kind::Device, "KD-D-04", "wait until it has ended, or act at that desk".to_owned())
                }
                DirError::Io { .. } => (Kind::Device, "KD-D-05", "check the disk and the permissions".to_owned()),
            };
            Failure::new(kind, code, e, &advice)
        }
        SiteError::Store(e) => {
            let kind = if e.is_integrity() { Kind::Integrity } else { Kind::Device };
            let advice = match kind {
                Kind::Integrity => "stop using this data directory and keep it as it is; call the organisation",
                _ => "free or repair the disk, then try again; nothing was acknowledged that is not stored",
            };
            Failure::new(kind, e.code(), e, advice)
        }
        SiteError::Key(e) => {
            let advice = key_advice(&e);
            Failure::new(key_kind(&e), e.code(), e, &advice)
        }
        SiteError::Denied(Denied::Key { op, source }) => {
            let cause = format!("{op}: {source}");
            Failure::new(key_kind(&source), source.code(), cause, &key_advice(&source))
        }
        SiteError::Denied(e @ Denied::Wrong { .. }) => {
            Failure::new(Kind::No, "KD-K-02", e, "type the PIN again, or ask the chief")
        }
        SiteError::Denied(Denied::Site(e)) => failure_of(SiteError::Key(e)),
        SiteError::Denied(e @ Denied::Unknown(_)) => {
            Failure::new(Kind::No, "KD-T-06", e, "list the crew with `kaodian people list`")
        }
        SiteError::Denied(Denied::Store(e)) => failure_of(SiteError::Store(e)),
        SiteError::Role { .. } => Failure::new(Kind::No, "KD-T-06", error, "let somebody with that role act"),
        SiteError::SamePerson(_) => Failure::new(Kind::No, "KD-T-05", error, "let a second person give their PIN"),
        SiteError::Known(_) | SiteError::Reserved(_) => {
            Failure::new(Kind::No, "KD-T-09", error, "choose another operator id")
        }
        SiteError::LiveNeedsKeys => Failure::new(Kind::No, "KD-S-15", error, "add --site-pass-file FD"),
        SiteError::Passphrase => Failure::new(Kind::Usage, "KD-K-20", error, "add --site-pass-file FD"),
        SiteError::Credentials(e) => credentials_failed(&e),
        SiteError::Seal(e) => super::seal::failed(e),
        SiteError::NotJoined { .. } => Failure::new(
            Kind::Usage,
            "KD-D-08",
            error,
            "set desk.number in the configuration to the desk that imported the roster",
        ),
        SiteError::SealedPeople => Failure::new(
            Kind::No,
            "KD-T-11",
            error,
            "let an admin act who was on the crew when the session was planned",
        ),
        SiteError::NoPolicy(_) => {
            Failure::new(Kind::No, "KD-R-12", error, "add --policy FILE for its certificate and level")
        }
        SiteError::Refused(refusal) => super::session::refused(&refusal),
        SiteError::NoAnswer => Failure::new(Kind::Integrity, "KD-9105", error, "report this as a defect"),
    }
}

/// What the organisation's side says.
pub(super) fn org_failed(error: &OrgError) -> Failure {
    let advice = match error {
        OrgError::Key(e) => return Failure::new(key_kind(e), e.code(), e, &key_advice(e)),
        OrgError::Credential(CredentialError::File(e)) => {
            return Failure::new(key_kind(e), e.code(), e, &key_advice(e));
        }
        OrgError::NotEmpty { .. } => "choose an empty directory",
        OrgError::UnknownSerial => "copy the serial number from issued.jsonl",
        OrgError::AlreadyRevoked { .. } => "",
        OrgError::Credential(_) => "let the site make its request again with `kaodian site request`",
        OrgError::Missing { .. } | OrgError::Chain(_) => {
            "name the directory that `kaodian org init` made, as it made it"
        }
    };
    Failure::new(Kind::No, error.code(), error, advice)
}

/// Credentials that are not there or do not hold are an answer; files that do not read are a fault.
pub(super) fn credentials_failed(error: &CredentialError) -> Failure {
    if let CredentialError::File(e) = error {
        return Failure::new(key_kind(e), e.code(), e, &key_advice(e));
    }
    let advice = "let the organisation issue credentials for this site, and enrol them with `kaodian site enrol`";
    Failure::new(Kind::No, error.code(), error, advice)
}

/// A wrong PIN is an answer; a missing or damaged file is a fault.
pub(super) fn key_kind(error: &KeyError) -> Kind {
    match error.code() {
        "KD-K-03" | "KD-K-04" | "KD-K-06" | "KD-K-09" | "KD-K-17" => Kind::Device,
        "KD-K-05" | "KD-K-10" | "KD-K-11" | "KD-K-12" | "KD-K-18" => Kind::Integrity,
        _ => Kind::No,
    }
}

pub(super) fn key_advice(error: &KeyError) -> String {
    match error {
        KeyError::WrongPin | KeyError::PinShape => "type the PIN again, or ask the chief".to_owned(),
        KeyError::WrongPassphrase | KeyError::PassphraseForm { .. } => "type the passphrase again".to_owned(),
        KeyError::Wait { .. } => "wait, or ask the chief".to_owned(),
        KeyError::TooWide { path, .. } => format!("close it to others: chmod 600 {}", path.display()),
        KeyError::NoMachineSecret { .. } => {
            "put the file back, or name its place as trust.machine_secret in the configuration".to_owned()
        }
        KeyError::NoWraps { .. } | KeyError::NotForThisPerson { .. } => {
            "keep the data directory as it is and let the chief look".to_owned()
        }
        KeyError::Cost { .. } => "correct [trust] in the configuration".to_owned(),
        _ => "check the disk, and that the data directory and its machine secret belong together".to_owned(),
    }
}
