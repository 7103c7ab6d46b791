//! `kaodian site`: make the data directory and its first chief; say what it is.

use super::secret::{Secret, new_passphrase, new_pin};
use super::{Context, Outcome, SitePassphrase, failure_of, mode};
use crate::cli::failure::{Failure, Kind};
use crate::domain::candidate::PersonName;
use crate::domain::crew::Role;
use crate::domain::ids::{OperatorId, SiteId};
use crate::domain::session::Mode;
use crate::runtime::site::{NewPerson, Site};
use crate::store::About;
use clap::Subcommand;
use serde_json::json;
use std::io::IsTerminal as _;

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
}

pub(super) fn run(context: &Context, verb: SiteVerb) -> Outcome {
    match verb {
        SiteVerb::Status => status(context),
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
