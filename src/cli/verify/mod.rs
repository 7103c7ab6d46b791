//! `kaodian verify` and `kaodian open`: is this package what it says, and what is in it. Needs no data directory.
//!
//! Owns the files that a check is made with, and what is printed: one page for people, or one JSON object. The rules
//! are `seal::verify`'s.

mod page;
mod texts;

use super::failure::{Failure, Kind};
use super::{Context, Outcome, count, print_json, print_line, tell};
use crate::seal::open::{OpenError, open};
use crate::seal::verify::{Report, Request, Revocations, verify};
use crate::trust::organisation::{self, Organisation};
use crate::trust::x509::{Anchors, Arc, Certificate, ChainError, Crl};
use age::x25519::Identity;
use serde_json::json;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What a package is held against.
#[derive(Debug, clap::Args)]
struct Trusted {
    /// The package.
    package: PathBuf,
    /// The organisation's root certificate.
    #[arg(long, value_name = "ROOT.pem")]
    root: PathBuf,
    /// The organisation's id and where it numbers its roles [default: org.toml beside the root, else the demo's].
    #[arg(long, value_name = "ORG.toml")]
    org: Option<PathBuf>,
    /// The organisation's newest list of revocations.
    #[arg(long, value_name = "CRL.pem")]
    crl: Option<PathBuf>,
    /// Do without a list of revocations.
    #[arg(long, conflicts_with = "crl")]
    no_crl: bool,
}

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    trusted: Trusted,
    /// A decryption key as age-keygen writes it; with it everything is checked, without it the envelope.
    #[arg(long, value_name = "KEY")]
    identity: Option<PathBuf>,
    /// The site's package before this one.
    #[arg(long, value_name = "PACKAGE")]
    after: Option<PathBuf>,
}

/// Arguments of `open`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("revocations").required(true).args(["crl", "no_crl"]))]
pub struct OpenArgs {
    #[command(flatten)]
    trusted: Trusted,
    /// A decryption key as age-keygen writes it.
    #[arg(long, value_name = "KEY")]
    identity: PathBuf,
    /// A new or an empty directory for the files.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Everything read, before anything is judged.
struct Held {
    package: Vec<u8>,
    anchors: Anchors,
    crl: Option<Crl>,
    declined: bool,
}

impl Held {
    fn read(args: &Trusted) -> Outcome<Self> {
        let package = read(&args.package, PACKAGE)?;
        let root = read(&args.root, BESIDE)?;
        let certificate = Certificate::parse(&root).map_err(|e| unfit(&args.root, &e))?;
        let anchors = match organisation(args)? {
            Some(known) => known.anchors(certificate),
            None => Anchors::new(certificate, Arc::demo()),
        };
        let anchors = anchors.map_err(|e| unfit(&args.root, &e))?;
        let crl = match &args.crl {
            Some(path) => Some(Crl::parse(&read(path, BESIDE)?, &anchors).map_err(|e| unfit(path, &e))?),
            None => None,
        };
        Ok(Self { package, anchors, crl, declined: args.no_crl })
    }

    fn request<'a>(&'a self, identity: Option<&'a Identity>, after: Option<&'a [u8]>) -> Request<'a> {
        let revocations = match &self.crl {
            Some(crl) => Revocations::List(crl),
            None if self.declined => Revocations::Declined,
            None => Revocations::NotGiven,
        };
        let identity = identity.map(|identity| identity as &dyn age::Identity);
        Request { anchors: &self.anchors, revocations, identity, after }
    }
}

pub(super) fn run(context: &Context, args: &VerifyArgs) -> Outcome {
    let held = Held::read(&args.trusted)?;
    let identity = args.identity.as_deref().map(identity).transpose()?;
    let after = args.after.as_deref().map(|path| read(path, PACKAGE)).transpose()?;
    let report = verify(&held.package, &held.request(identity.as_ref(), after.as_deref()));
    print(context, &args.trusted.package, &report, held.crl.as_ref())?;
    answer(&report)
}

pub(super) fn run_open(context: &Context, args: &OpenArgs) -> Outcome {
    let held = Held::read(&args.trusted)?;
    let identity = identity(&args.identity)?;
    let package = &args.trusted.package;
    match open(&held.package, &held.request(Some(&identity), None), &args.out) {
        Ok(report) => {
            print(context, package, &report, held.crl.as_ref())?;
            tell(&page::written(&args.out, context.config.ui.lang));
            Ok(())
        }
        Err(OpenError::Refused(report)) => {
            print(context, package, &report, held.crl.as_ref())?;
            answer(&report)
        }
        Err(e @ OpenError::NotEmpty(_)) => {
            Err(Failure::new(Kind::No, "KD-U-18", e, "name a new or an empty directory"))
        }
        Err(e @ OpenError::Io { .. }) => {
            Err(Failure::new(Kind::Device, "KD-U-19", e, "check the disk and the permissions; nothing was left behind"))
        }
    }
}

/// The largest package that is read; one of 5,000 candidates has less than a megabyte.
const PACKAGE: u64 = 64 << 20;

/// The largest of the small files beside it.
const BESIDE: u64 = 4 << 20;

/// Reads a whole file that has a sensible size: whoever gave it is not trusted.
fn read(path: &Path, most: u64) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        let length = file.metadata()?.len();
        // A device tells no length; a file that tells too much is not read at all.
        let read = if length > most { 0 } else { file.take(most + 1).read_to_end(&mut bytes)? };
        Ok(length.max(read as u64))
    });
    if read.map_err(|e| unreadable(path, &e))? <= most {
        return Ok(bytes);
    }
    let found = format!("{}: expected at most {} MiB, found more", path.display(), most >> 20);
    Err(Failure::new(Kind::No, "KD-U-22", found, "name the file that the site or the organisation gave"))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Kind::Device, "KD-U-16", format!("{}: {error}", path.display()), "name a file that can be read")
}

fn unfit(path: &Path, error: &ChainError) -> Failure {
    let advice = "ask the organisation for its root certificate and its newest list of revocations";
    Failure::new(Kind::No, error.code(), format!("{}: {error}", path.display()), advice)
}

/// Who the root's organisation is: by the file named, else by the one beside the root. Without a file, a demo's arc.
fn organisation(args: &Trusted) -> Outcome<Option<Organisation>> {
    let beside = args.root.with_file_name(organisation::FILE);
    let (path, bytes) = match &args.org {
        Some(path) => (path, read(path, BESIDE)?),
        None => match beside.try_exists() {
            Ok(true) => (&beside, read(&beside, BESIDE)?),
            Ok(false) => return Ok(None),
            Err(e) => return Err(unreadable(&beside, &e)),
        },
    };
    let parsed = Organisation::parse(&bytes).map_err(|e| {
        Failure::new(Kind::No, e.code(), format!("{}: {e}", path.display()), "ask the organisation for its org.toml")
    })?;
    Ok(Some(parsed))
}

/// The one key of a file as age-keygen writes it: comments, then the key.
fn identity(path: &Path) -> Outcome<Identity> {
    let bytes = Zeroizing::new(read(path, BESIDE)?);
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let mut keys = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let key = keys.next().filter(|_| keys.next().is_none()).and_then(|key| key.parse().ok());
    key.ok_or_else(|| {
        let cause = format!("{}: expected one AGE-SECRET-KEY-1…, found another text", path.display());
        Failure::new(Kind::No, "KD-U-17", cause, "name the file that age-keygen wrote")
    })
}

fn print(context: &Context, package: &Path, report: &Report, crl: Option<&Crl>) -> Outcome {
    let page = page::page(package, report, crl, context.config.ui.lang);
    if context.json {
        tell(&page);
        print_json(&object(report))
    } else {
        print_line(&super::failure::harmless(&page))
    }
}

/// The line that scripts rely on (cli.md).
fn object(report: &Report) -> serde_json::Value {
    let checked = |yes| if yes { "checked" } else { "not checked" };
    let reasons: Vec<_> = report
        .reasons
        .iter()
        .map(|r| json!({"code": r.code(), "path": r.path, "expected": r.expected, "found": r.found}))
        .collect();
    json!({
        "event": "verify", "ok": report.ok(), "mode": report.mode(), "package_sha256": report.package_sha256,
        "fingerprint": report.fingerprint.map(|fingerprint| fingerprint.groups()),
        "revocation": checked(report.revocation_checked), "content": checked(report.content_checked),
        "reasons": reasons,
    })
}

fn answer(report: &Report) -> Outcome {
    let Some(first) = report.reasons.first() else { return Ok(()) };
    let cause = format!("the package is refused: {}", count(report.reasons.len(), "reason"));
    Err(Failure::new(Kind::No, first.code(), cause, "each reason is explained in assets/design/exam-seal.md"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::samples::{Day, Ground};
    use age::secrecy::ExposeSecret as _;

    fn trusted(root: PathBuf, org: Option<PathBuf>) -> Trusted {
        Trusted { package: PathBuf::new(), root, org, crl: None, no_crl: true }
    }

    #[test]
    fn the_line_for_scripts_has_the_members_that_cli_md_names() {
        let ground = Ground::new();
        let frozen = Day::prepared().freeze(&ground);
        let (sealed, anchors) = (ground.seal(&frozen), ground.anchors());
        let good = object(&verify(&sealed.bytes, &ground.request(&anchors)));
        let expected = json!({
            "event": "verify", "ok": true, "mode": "demo", "package_sha256": sealed.sha256,
            "fingerprint": frozen.fingerprint().groups(), "revocation": "not checked", "content": "checked",
            "reasons": [],
        });
        assert_eq!(good, expected);

        let unasked = Request { revocations: Revocations::NotGiven, identity: None, ..ground.request(&anchors) };
        let bad = object(&verify(&sealed.bytes, &unasked));
        assert_eq!((&bad["ok"], &bad["fingerprint"]), (&json!(false), &json!(null)));
        let reason = bad["reasons"][0].as_object().unwrap();
        assert_eq!(reason.keys().collect::<Vec<_>>(), ["code", "path", "expected", "found"]);
        assert_eq!((&reason["code"], &reason["path"]), (&json!("KD-V-28"), &json!(null)));
    }

    #[test]
    fn a_key_file_is_read_as_age_keygen_writes_it() {
        let (home, key) = (tempfile::tempdir().unwrap(), Identity::generate());
        let path = home.path().join("key");
        let secret = key.to_string().expose_secret().to_owned();
        let text = format!("# created: 2026-11-24T00:00:00Z\n# public key: {}\n{secret}\n", key.to_public());
        std::fs::write(&path, &text).unwrap();
        assert_eq!(identity(&path).unwrap().to_public().to_string(), key.to_public().to_string());
        for (flaw, text) in
            [("none", String::new()), ("two", format!("{secret}\n{secret}\n")), ("no key", "age1".into())]
        {
            std::fs::write(&path, text).unwrap();
            assert_eq!(identity(&path).map(|_| ()).unwrap_err().code, "KD-U-17", "{flaw}");
        }
        assert_eq!(identity(home.path()).map(|_| ()).unwrap_err().kind, Kind::Device);
    }

    #[test]
    fn an_organisation_is_whom_the_file_says_else_the_one_beside_the_root_else_a_demo_s() {
        let home = tempfile::tempdir().unwrap();
        let (root, beside, named) = (home.path().join("root.pem"), home.path().join("org.toml"), home.path().join("x"));
        let file = |arc: &str| format!("org = \"EX-ORG-A\"\nname = \"x\"\narc = \"{arc}\"\n");
        let asked = |org: Option<&PathBuf>| {
            organisation(&trusted(root.clone(), org.cloned())).map(|known| known.map(|known| known.arc.to_string()))
        };
        assert_eq!(asked(None).unwrap(), None);
        std::fs::write(&beside, file("1.2.3.4")).unwrap();
        std::fs::write(&named, file("1.2.3.5")).unwrap();
        assert_eq!(asked(None).unwrap().as_deref(), Some("1.2.3.4"));
        assert_eq!(asked(Some(&named)).unwrap().as_deref(), Some("1.2.3.5"));
        assert_eq!(asked(Some(&home.path().join("none"))).unwrap_err().kind, Kind::Device);
        std::fs::write(&named, file("1.2.3.x")).unwrap();
        assert_eq!(asked(Some(&named)).unwrap_err().kind, Kind::No);
    }
}
