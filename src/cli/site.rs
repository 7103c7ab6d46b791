//! `kaodian site`: make the data directory and its first chief; say what it is.

use super::secret::{Secret, new_passphrase, new_pin};
use super::{Context, Outcome, SitePassphrase, failure_of, mode};
use crate::cli::failure::{Failure, Kind};
use crate::domain::candidate::PersonName;
use crate::domain::crew::Role;
use crate::domain::ids::{OperatorId, SiteId};
use crate::domain::session::Mode;
use crate::domain::time::Instant;
use crate::runtime::site::{NewPerson, Site};
use crate::store::About;
use clap::Subcommand;
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum SiteVerb {
    /// Makes the data directory, its mode and the first chief.
    #[command(
        after_help = "Example:\n  kaodian --data D site init --mode demo --site EX-SITE-01 --name 滨江职业学院考点 --chief chen --new-pin-file 3 3<pin.chen"
    )]
    Init {
        /// live, rehearsal or demo; it never changes.
        #[arg(long, value_parser = mode)]
        mode: Mode,
        /// The site's id.
        #[arg(long)]
        site: SiteId,
        /// Its name as screens show it.
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// The first chief.
        #[arg(long, value_name = "OPERATOR")]
        chief: OperatorId,
        /// The chief's name, shown masked.
        #[arg(long, value_name = "TEXT")]
        person_name: Option<String>,
        #[command(flatten)]
        passphrase: SitePassphrase,
        /// Where the chief's new PIN is read.
        #[arg(long, value_name = "FD|FILE")]
        new_pin_file: Option<Secret>,
    },
    /// Says what the data directory is and how far its sessions are.
    #[command(after_help = "Example:\n  kaodian --data D site status")]
    Status,
    /// Collects the certificate requests of every key into one file for the organisation; needs no secret.
    #[command(after_help = "Example:\n  kaodian --data D site request --out site.ekreq")]
    Request {
        /// The file to write; it must not be there.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Checks and keeps what the organisation issued.
    #[command(after_help = "Example:\n  kaodian --data D site enrol site.ekcred --root root.pem")]
    Enrol {
        /// The bundle.
        #[arg(value_name = "FILE.ekcred")]
        bundle: PathBuf,
        /// The organisation's root, which came another way; needed with its first bundle.
        #[arg(long, value_name = "ROOT.pem")]
        root: Option<PathBuf>,
    },
}

pub(super) fn run(context: &Context, verb: SiteVerb) -> Outcome {
    match verb {
        SiteVerb::Status => status(context),
        SiteVerb::Request { out } => request(context, &out),
        SiteVerb::Enrol { bundle, root } => enrol(context, &bundle, root.as_deref()),
        SiteVerb::Init { mode, site, name, chief, person_name, passphrase, new_pin_file } => {
            let name = site_name(&name)?;
            let person_name = person_name.as_deref().map(parse_name).transpose()?;
            // Outside Live a site may do without keys of its own; it can never be sealed then.
            let passphrase = match (&passphrase.file, mode) {
                (None, Mode::Demo | Mode::Rehearsal) => None,
                (None, Mode::Live) if !std::io::stdin().is_terminal() => {
                    return Err(failure_of(crate::runtime::site::SiteError::LiveNeedsKeys));
                }
                (given, _) => Some(new_passphrase(given.as_ref(), mode)?),
            };
            let pin = new_pin(new_pin_file.as_ref(), &chief, mode)?;
            let chief = NewPerson { op: chief, role: Role::Chief, lead: false, signer: false, name: person_name, pin };
            let about = About { mode, site, site_name: name, clock_offset_ms: 0 };
            let data = context.data()?;
            Site::init(data, &context.config, &about, &chief, passphrase.as_ref()).map_err(failure_of)?;
            super::tell(&format!("{} is now the {} site {}", data.display(), mode.as_str(), about.site));
            Ok(())
        }
    }
}

fn request(context: &Context, out: &Path) -> Outcome {
    let bytes = context.read()?.request().map_err(failure_of)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(out).map_err(|e| file_failed(out, &e))?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|e| file_failed(out, &e))?;
    if context.json {
        return super::print_json(&json!({"event": "request", "file": out, "bytes": bytes.len()}));
    }
    super::print_line(&format!("requests written to {}: take it to the organisation", out.display()))
}

fn enrol(context: &Context, bundle: &Path, root: Option<&Path>) -> Outcome {
    let site = context.write("site enrol")?;
    let bundle = read_credential(bundle)?;
    let root = root.map(read_credential).transpose()?;
    let enrolled = site.enrol(&bundle, root.as_deref()).map_err(failure_of)?;
    let holders: Vec<_> = enrolled
        .certificates
        .iter()
        .map(|(holder, thumbprint, until)| {
            json!({"holder": holder.stem(), "sha256": thumbprint, "until": Instant(until * 1000).date()})
        })
        .collect();
    if context.json {
        return super::print_json(&json!({
            "event": "enrolled", "org": enrolled.org, "bundle_sequence": enrolled.bundle_sequence,
            "changed": enrolled.changed, "root_sha256": enrolled.root, "certificates": holders,
            "recipients": {"working": enrolled.recipients.working, "recovery": enrolled.recipients.recovery},
        }));
    }
    let demo = if enrolled.demo { "DEMO  " } else { "" };
    super::print_line(&format!("{demo}{}  {}", enrolled.org, enrolled.name))?;
    super::print_line(&format!("root sha256 {}: compare it with the organisation's paper", enrolled.root))?;
    super::print_line(&format!("working key {}", enrolled.recipients.working))?;
    super::print_line(&format!("recovery key {}", enrolled.recipients.recovery))?;
    for (holder, thumbprint, until) in &enrolled.certificates {
        let until = Instant(until * 1000).date();
        super::print_line(&format!("{:16} sha256 {thumbprint}  until {until}", holder.stem()))?;
    }
    for op in &enrolled.without {
        super::tell(&format!("{op} holds a key and has no certificate in this bundle"));
    }
    Ok(())
}

/// A bundle or a root: larger files are none.
fn read_credential(path: &Path) -> Outcome<Vec<u8>> {
    const MOST: u64 = 1 << 20;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes));
    read.map_err(|e| file_failed(path, &e))?;
    Ok(bytes)
}

fn file_failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Kind::Device, "KD-U-20", format!("{}: {error}", path.display()), "check the path and the disk")
}

/// A site's name is shown on every screen: nothing in it may steer a terminal.
fn site_name(text: &str) -> Outcome<String> {
    let fits = (1..=40).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Failure::new(Kind::Usage, "KD-U-06", "expected a site name of 1 to 40 printable characters", ""))
    }
}

pub(super) fn parse_name(text: &str) -> Outcome<PersonName> {
    PersonName::parse(text).map_err(|e| Failure::new(Kind::Usage, "KD-U-07", e, "give a person's name without digits"))
}

fn status(context: &Context) -> Outcome {
    let site = context.read()?;
    let about = site.store().about();
    let held = site.store().hold(site.desk()).map_err(|e| failure_of(e.into()))?;
    if context.json {
        return super::print_json(&json!({
            "event": "site", "mode": about.mode, "site": about.site, "name": about.site_name,
            "sessions": held.books.len(), "desk": site.desk(),
        }));
    }
    let (mode, desk) = (about.mode.as_str(), site.desk());
    super::print_line(&format!("{}  {}  mode {mode}  desk {desk}", about.site, about.site_name))?;
    super::session::print_list(&held, false)
}
