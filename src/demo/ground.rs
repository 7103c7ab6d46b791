//! Lays the ground of a demo: a site, a crew, a roster, imported as any site would.

use super::crew::{self, CREW};
use super::roster::{self, DemoCandidate};
use crate::config::Config;
use crate::domain::candidate::PersonName;
use crate::domain::ids::{IdError, OperatorId, OrgId, SiteId};
use crate::domain::session::Mode;
use crate::domain::time::Clock;
use crate::intake::Limits;
use crate::org::{self, OrgError};
use crate::runtime::import::{PolicyFile, Request, RosterFile};
use crate::runtime::site::{NewPerson, Site, SiteError};
use crate::store::About;
use crate::trust::KeyError;
use crate::trust::organisation::Organisation;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use crate::trust::x509::Arc;
use ring::rand::SystemRandom;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The demo's own policies.
const POLICIES: [(&str, &str); 3] = [
    ("b2b-intermediate.toml", include_str!("../../assets/demo/b2b-intermediate.toml")),
    ("eppm-primary.toml", include_str!("../../assets/demo/eppm-primary.toml")),
    ("english-primary.toml", include_str!("../../assets/demo/english-primary.toml")),
];

/// The demo's first session alone may hold [`roster::MOST`], and the later ones come on top.
const LIMITS: Limits = Limits {
    bytes: 64 << 20,
    inflated: 0,
    rows: 2 * roster::MOST as usize,
    per_session: roster::MOST as usize,
    columns: 64,
    cell: 256,
};

/// The name of the demo's organisation.
const ORG_NAME: &str = "示例评价组织";
/// The name of the demo's site.
const SITE_NAME: &str = "滨江职业学院考点";

/// Why the ground could not be laid.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    /// The site.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// A file of the demo.
    #[error("the demo's files: {0}")]
    Io(#[from] io::Error),
    /// The directory holds something.
    #[error("expected an empty directory to keep the demo in, found {0} with something in it")]
    NotEmpty(std::path::PathBuf),
    /// The throw-away organisation.
    #[error(transparent)]
    Org(#[from] OrgError),
    /// The demo's own data is wrong: a defect.
    #[error("the demo's own {0} is refused")]
    Own(&'static str),
}

impl From<IdError> for GroundError {
    fn from(_: IdError) -> Self {
        Self::Own("crew")
    }
}

impl From<KeyError> for GroundError {
    fn from(error: KeyError) -> Self {
        Self::Site(error.into())
    }
}

/// A demo that can begin.
pub struct Ground {
    /// The opened site, on the demo's clock.
    pub site: Site,
    /// Everybody on the roster.
    pub candidates: Vec<DemoCandidate>,
}

/// The folder of the throw-away organisation in a demo's directory.
#[must_use]
pub fn organisation(dir: &Path) -> PathBuf {
    dir.join("org")
}

/// Lays it in `dir`: `dir/org`, `dir/roster.csv`, `dir/pins.json`, `dir/data`.
///
/// # Errors
/// [`GroundError`].
pub fn lay(
    dir: &Path,
    config: &Config,
    candidates: u32,
    seed: u64,
    clock: std::sync::Arc<dyn Clock>,
) -> Result<Ground, GroundError> {
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(GroundError::NotEmpty(dir.to_owned()));
    }
    fs::create_dir_all(dir)?;
    let candidates = roster::generate(candidates, seed);
    let csv = roster::csv(&candidates);
    write_private(&dir.join("roster.csv"), &csv)?;
    let mut pins: serde_json::Map<String, serde_json::Value> =
        CREW.iter().map(|member| (member.op.to_owned(), member.pin.into())).collect();
    pins.insert("site".to_owned(), crew::SITE_PASSPHRASE.into());
    write_private(&dir.join("pins.json"), format!("{}\n", serde_json::Value::Object(pins)).as_bytes())?;

    let about = About {
        mode: Mode::Demo,
        site: SiteId::parse(roster::SITE)?,
        site_name: SITE_NAME.to_owned(),
        clock_offset_ms: 0,
    };
    let [chief, others @ ..] = &CREW;
    let passphrase = crew::passphrase()?;
    let mut site = Site::init(&dir.join("data"), &readable(config), &about, &person(chief)?, Some(&passphrase))?;
    site.set_clock(clock);
    let chief = site.authenticate(&crew::chief(), &pin(chief)?)?;
    for member in others {
        site.add_person(&person(member)?, &chief)?;
    }
    credentials(&organisation(dir), &site)?;
    import(&mut site, &csv, &chief, &passphrase)?;
    Ok(Ground { site, candidates })
}

/// The demo's keys at a cost that OpenSSL 3.0 still pays, so that everybody can look at them.
fn readable(config: &Config) -> Config {
    let mut config = config.clone();
    config.trust.scrypt_log_n = config.trust.scrypt_log_n.min(14);
    config
}

/// Root, certificates, recipients: an organisation that lives as long as this demo.
fn credentials(dir: &Path, site: &Site) -> Result<(), GroundError> {
    let (rng, now) = (SystemRandom::new(), site.clock().wall().0.second());
    let organisation = Organisation::new(OrgId::parse(roster::ORG)?, ORG_NAME, Arc::demo()).map_err(OrgError::from)?;
    org::init(dir, &organisation, true, now, &rng)?;
    let granted = org::issue(dir, &site.request()?, now, &rng)?;
    site.enrol(&granted.bytes, Some(&fs::read(dir.join("root.pem"))?))?;
    Ok(())
}

fn import(
    site: &mut Site,
    csv: &[u8],
    chief: &crate::runtime::site::Authenticated,
    passphrase: &Passphrase,
) -> Result<(), GroundError> {
    let policies = POLICIES
        .iter()
        .map(|(name, text)| PolicyFile::parse(name, text.as_bytes().to_vec()).map_err(|_| GroundError::Own("policy")))
        .collect::<Result<Vec<_>, _>>()?;
    let [_, admin, ..] = &CREW;
    let admin = site.authenticate(&crew::admin(), &pin(admin)?)?;
    let roster = RosterFile { name: "roster.csv", bytes: csv };
    let request =
        Request { roster, rooms: None, policies: &policies, limits: &LIMITS, removals: None, progress: &|_| {} };
    let report = site.import(&request, (&admin, chief), Some(passphrase))?;
    if report.applied { Ok(()) } else { Err(GroundError::Own("roster")) }
}

fn pin(member: &crew::Member) -> Result<Pin, KeyError> {
    Pin::parse(member.pin)
}

fn person(member: &crew::Member) -> Result<NewPerson, GroundError> {
    Ok(NewPerson {
        op: OperatorId::parse(member.op)?,
        role: member.role,
        lead: false,
        signer: member.role == crate::domain::crew::Role::Proctor,
        name: Some(PersonName::parse(member.name).map_err(|_| GroundError::Own("crew"))?),
        pin: pin(member)?,
    })
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}
