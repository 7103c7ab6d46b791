//! `kaodian org`: the organisation's side, for pilots and tests. Everything it does can be done with openssl and age.

use super::failure::{Failure, Kind};
use super::{Context, Outcome, org_failed};
use crate::domain::ids::OrgId;
use crate::domain::time::{Clock as _, Instant};
use crate::org;
use crate::runtime::clock::SystemClock;
use crate::trust::credentials::{Holder, MOST_BYTES};
use crate::trust::organisation::Organisation;
use crate::trust::x509::{Arc, Reason};
use clap::Subcommand;
use ring::rand::SystemRandom;
use serde_json::json;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum OrgVerb {
    /// Makes an organisation: root, policy signer, empty revocation list, two age identities. Its private keys lie in DIR
    /// in clear: a pilot's, not an authority's.
    #[command(
        after_help = "Example:\n  kaodian org init org --org EX-ORG-A --name 示例评价组织 --demo\n\nHand root.pem to the sites by a way of its own, and keep recovery.age offline."
    )]
    Init {
        /// An empty directory, or one that is not there yet.
        dir: PathBuf,
        /// The organisation's id.
        #[arg(long)]
        org: OrgId,
        /// Its name, 1 to 40 characters.
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// A throw-away organisation: OU=DEMO in the root's subject makes everything below it a demo.
        #[arg(long)]
        demo: bool,
        /// The object identifier below which its roles are numbered [default: the documentation's].
        #[arg(long, value_name = "OID", value_parser = arc)]
        arc: Option<Arc>,
    },
    /// Answers a site's request with a signed credential bundle.
    #[command(after_help = "Example:\n  kaodian org issue org EX-SITE-01.ekreq --out EX-SITE-01.ekcred")]
    Issue {
        /// The organisation's directory.
        dir: PathBuf,
        /// What `kaodian site request` wrote.
        request: PathBuf,
        /// Where the bundle is written.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Puts a certificate on the revocation list; the next bundle of each site carries it.
    #[command(
        after_help = "Example:\n  kaodian org revoke org 52a0… --reason keyCompromise\n\nA key that was compromised never signed anything; any other reason counts from now on."
    )]
    Revoke {
        /// The organisation's directory.
        dir: PathBuf,
        /// The certificate's serial number, hexadecimal, as issued.jsonl and openssl write it.
        serial: String,
        /// keyCompromise, cessationOfOperation, superseded, affiliationChanged, privilegeWithdrawn, certificateHold,
        /// CACompromise, AACompromise or unspecified.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Reason,
    },
}

pub(super) fn run(context: &Context, verb: OrgVerb) -> Outcome {
    let now = SystemClock::new(0).wall().0.second();
    match verb {
        OrgVerb::Init { dir, org, name, demo, arc } => {
            let organisation = Organisation::new(org, &name, arc.unwrap_or_else(Arc::demo))
                .map_err(|e| Failure::new(Kind::Usage, e.code(), e, "give another --name"))?;
            init(context, &dir, &organisation, demo, now)
        }
        OrgVerb::Issue { dir, request, out } => issue(context, &dir, &request, &out, now),
        OrgVerb::Revoke { dir, serial, reason } => revoke(context, &dir, &serial, reason, now),
    }
}

fn init(context: &Context, dir: &Path, organisation: &Organisation, demo: bool, now: i64) -> Outcome {
    let made = org::init(dir, organisation, demo, now, &SystemRandom::new()).map_err(|e| org_failed(&e))?;
    if context.json {
        return super::print_json(&json!({
            "event": "org", "org": organisation.org, "demo": demo, "root_sha256": made.root,
            "not_after": made.not_after, "recipients": made.recipients,
        }));
    }
    let kind = if demo { "the demo organisation" } else { "the organisation" };
    super::tell(&format!("{} is now {kind} {}, until {}", dir.display(), organisation.org, date(made.not_after)));
    super::print_line(&format!("root SHA-256 {}", made.root))
}

fn issue(context: &Context, dir: &Path, request: &Path, out: &Path, now: i64) -> Outcome {
    let asked = read(request)?;
    let granted = org::issue(dir, &asked, now, &SystemRandom::new()).map_err(|e| org_failed(&e))?;
    org::hand_out(out, &granted).map_err(|e| org_failed(&e))?;
    if context.json {
        let certificates: Vec<_> = granted.certificates.iter().map(certificate).collect();
        return super::print_json(&json!({
            "event": "issued", "site": granted.site, "bundle_sequence": granted.bundle_sequence,
            "certificates": certificates, "file": out.display().to_string(),
        }));
    }
    for grant in &granted.certificates {
        let line = format!("{:24} {}  until {}", grant.holder.to_string(), grant.serial, date(grant.not_after));
        super::print_line(&line)?;
    }
    super::tell(&format!("bundle {} for {} is in {}", granted.bundle_sequence, granted.site, out.display()));
    Ok(())
}

fn certificate(grant: &org::Grant) -> serde_json::Value {
    let mut line = json!({
        "role": grant.holder.role().as_str(), "serial": grant.serial, "sha256": grant.thumbprint,
        "not_after": grant.not_after,
    });
    if let (Holder::Proctor(op), Some(line)) = (&grant.holder, line.as_object_mut()) {
        line.insert("op".to_owned(), json!(op));
    }
    line
}

fn revoke(context: &Context, dir: &Path, serial: &str, reason: Reason, now: i64) -> Outcome {
    let revoked = org::revoke(dir, serial, reason, now).map_err(|e| org_failed(&e))?;
    if context.json {
        return super::print_json(&json!({
            "event": "revoked", "serial": revoked.serial, "reason": revoked.reason.as_str(),
            "crl_number": revoked.crl_number,
        }));
    }
    super::tell(&format!("{} is revoked ({}); the list has number {}", revoked.serial, reason, revoked.crl_number));
    Ok(())
}

/// A request, as far as one may be long; what is longer the parser refuses.
fn read(path: &Path) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map(|_| bytes).map_err(|e| {
        let cause = format!("{}: {e}", path.display());
        Failure::new(Kind::Device, "KD-C-54", cause, "name what `kaodian site request` wrote")
    })
}

fn arc(text: &str) -> Result<Arc, String> {
    Arc::parse(text).map_err(|e| e.to_string())
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::parse(text).ok_or_else(|| {
        let words = Reason::ALL.map(Reason::as_str);
        format!("expected one of {}", words.join(", "))
    })
}

fn date(second: i64) -> String {
    Instant(second.saturating_mul(1000)).date().to_string()
}
