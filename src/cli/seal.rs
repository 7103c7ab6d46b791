//! `kaodian seal`: the seal of a session in one command.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome, SitePassphrase, failure_of, number, secret};
use crate::domain::ids::SessionNo;
use crate::runtime::sealing::{SealFault, Sealed, Step};
use crate::runtime::site::{Authenticated, Site, SiteError};
use serde_json::json;

/// Arguments of `seal`.
#[derive(Debug, clap::Args)]
pub struct SealArgs {
    /// The session's number.
    #[arg(value_parser = number)]
    no: SessionNo,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    site: SitePassphrase,
    /// A proctor who signs, and where their PIN is read; given twice.
    #[arg(long, value_name = "OPERATOR=FD|FILE")]
    sign: Vec<secret::OperatorSecret>,
    /// Give a prepared seal up instead: the session takes marks again.
    #[arg(long, conflicts_with = "sign")]
    abandon: bool,
}

pub(super) fn run(context: &Context, args: &SealArgs) -> Outcome {
    let mut site = context.write("seal")?;
    let chief = args.acting.authenticate(&mut site)?;
    if args.abandon {
        site.abandon_seal(args.no, &chief).map_err(failure_of)?;
        super::tell(&format!("the seal of session {} was given up; nothing is lost", args.no));
        return Ok(());
    }
    site.seals().map_err(failed)?;
    let [first, second] = args.sign.as_slice() else {
        let cause = format!("expected two proctors who sign, found {}", args.sign.len());
        return Err(Failure::new(Kind::Usage, "KD-T-05", cause, "add --sign OPERATOR=FD for each of the two"));
    };
    let Some(passphrase) = args.site.read(&site)? else { return Err(failed(SealFault::NoSiteKey)) };
    let (first, second) = (proctor(&mut site, first)?, proctor(&mut site, second)?);
    let mut printed = Ok(());
    let mut step = |step: Step| {
        if printed.is_ok() {
            printed = told(context, step);
        }
    };
    let sealed = site.seal(args.no, &chief, &passphrase, [&first, &second], &mut step).map_err(|e| match e {
        SiteError::Refused(refusal) => super::session::refused(&refusal),
        other => failure_of(other),
    })?;
    printed?;
    report(context, &sealed)
}

fn proctor(site: &mut Site, given: &secret::OperatorSecret) -> Outcome<Authenticated> {
    let pin = secret::pin(Some(&given.secret), &given.op, site.store().about().mode)?;
    site.authenticate(&given.op, &pin).map_err(failure_of)
}

fn told(context: &Context, step: Step) -> Outcome {
    let (n, name) = (step.number(), step.as_str());
    if context.json {
        super::print_json(&json!({"event": "step", "n": n, "name": name}))
    } else {
        super::print_line(&format!("{n}/8 {name}"))
    }
}

fn report(context: &Context, sealed: &Sealed) -> Outcome {
    let groups = sealed.fingerprint.groups();
    if context.json {
        return super::print_json(&json!({
            "event": "sealed", "package": sealed.path, "package_sha256": sealed.package_sha256,
            "fingerprint": groups, "verified": true,
        }));
    }
    super::print_line(&format!("sealed and verified: {}", sealed.path.display()))?;
    super::print_line(&format!("sha256 {}", sealed.package_sha256))?;
    super::print_line(&format!("fingerprint {}", groups.join("  ")))
}

/// What stands in the way of a seal, and what to do about it.
pub(super) fn failed(fault: SealFault) -> Failure {
    let fault = match fault {
        SealFault::Store(error) => return failure_of(SiteError::Store(error)),
        SealFault::Bundle(error) => return super::credentials_failed(&error),
        SealFault::Key(error) => return failure_of(SiteError::Key(error)),
        other => other,
    };
    let (kind, advice) = match &fault {
        SealFault::Rehearsal => (Kind::No, "a rehearsal ends with closing; seal the real session on its own site"),
        SealFault::ExamplePolicy => (Kind::No, "import the session under the organisation's policy"),
        SealFault::DevelopmentBuild => (Kind::No, "seal real sessions with a released kaodian"),
        SealFault::NoSiteKey => {
            (Kind::No, "only a site made with `kaodian site init --site-pass-file FD` can be sealed; this one cannot")
        }
        SealFault::Credentials { .. } => (Kind::No, "enrol a current bundle with `kaodian site enrol`"),
        SealFault::NotOfCrew(_) => (Kind::No, "let another proctor of this session sign"),
        SealFault::NotPrepared => (Kind::No, "look at `kaodian session list`"),
        SealFault::DataKey => (Kind::Integrity, "keep the data directory as it is; call the organisation"),
        SealFault::Trees => (Kind::Integrity, "run `kaodian journal verify`; keep the data directory as it is"),
        SealFault::Form(_) => (Kind::Integrity, "report this as a defect; nothing is sealed and nothing is lost"),
        SealFault::Unverified(_) => (Kind::Device, "check the disk and seal again; nothing is called sealed"),
        SealFault::Disk { .. } => {
            (Kind::Device, "free or repair the disk and seal again; the session is closed and nothing is lost")
        }
        SealFault::Unnamed { .. } => {
            (Kind::Device, "free or repair the disk; the next command that writes gives the package its name")
        }
        SealFault::Store(_) | SealFault::Bundle(_) | SealFault::Key(_) => (Kind::Integrity, ""),
    };
    Failure::new(kind, fault.code(), &fault, advice)
}
