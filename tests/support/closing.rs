//! A closed session that waits for its seal: a kept demo day, copied for each round, with its organisation beside it.
//!
//! Key derivation is set as cheap as it goes, so that a seal takes a fraction of a second.

use super::lines::{Lines, kaodian, run, run_json};
use super::tmp::Tmp;
use kaodian::config::Config;
use kaodian::proof::sha256;
use kaodian::runtime::site::Site;
use kaodian::seal::verify::{Report, Request, Revocations, verify};
use kaodian::trust::organisation::Organisation;
use kaodian::trust::x509::{Certificate, Crl};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;

const CONFIG: &str = "[trust]\nargon_mib = 1\nargon_t = 1\nscrypt_log_n = 10\n";

/// The command that seals session 1.
pub const SEAL: &str = "seal 1 --json --as chen --pin-file chen --site-pass-file site --sign wang=wang --sign li=li";

/// A day with what is needed to act on it.
#[derive(Clone)]
pub struct Closing {
    home: Rc<Tmp>,
    root: PathBuf,
}

impl Closing {
    /// A day of six candidates, played to this step.
    pub fn until(step: &str) -> Self {
        let home = Tmp::new();
        let (config, root) = (home.file("kaodian.toml", CONFIG), home.join("day"));
        let mut demo = kaodian(home.path(), ["demo", "--headless", "--json", "--candidates", "6", "--until", step]);
        run_json(demo.arg("--keep").arg(&root).arg("--config").arg(config));
        let pins: Value = serde_json::from_slice(&fs::read(root.join("pins.json")).unwrap()).unwrap();
        for (name, secret) in pins.as_object().unwrap() {
            home.file(name, secret.as_str().unwrap());
        }
        home.file("wrong", "000000");
        home.file("wrong.site", "five other words open nothing");
        Self { home: Rc::new(home), root }
    }

    /// The same day in a directory of its own, as the files stand: also those of a command that was killed.
    pub fn copy(&self) -> Self {
        let root = tempfile::Builder::new().prefix("copy-").tempdir_in(self.home.path()).unwrap().keep();
        copy_into(&self.root, &root);
        Self { root, ..self.clone() }
    }

    /// A place for files that are no part of the day; commands run here, and secrets lie here.
    pub fn home(&self) -> &Tmp {
        &self.home
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Where packages lie.
    pub fn out(&self) -> PathBuf {
        self.root.join("data/out")
    }

    /// The organisation's directory.
    pub fn org(&self) -> PathBuf {
        self.root.join("org")
    }

    /// Arguments of a command on this day's data.
    pub fn args(&self, words: &str) -> Vec<std::ffi::OsString> {
        let mut args = vec!["--config".into(), self.home.join("kaodian.toml").into(), "--data".into()];
        args.push(self.data().into());
        args.extend(words.split_whitespace().map(Into::into));
        args
    }

    /// A command on this day's data.
    pub fn command(&self, words: &str) -> Command {
        kaodian(self.home.path(), self.args(words))
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &str) -> Output {
        run(&mut self.command(words))
    }

    /// Runs one that must succeed.
    pub fn ok(&self, words: &str) -> Vec<Value> {
        run_json(&mut self.command(&format!("{words} --json")))
    }

    /// Runs one that must end with this exit code and say this.
    #[track_caller]
    pub fn refused(&self, words: &str, exit: i32, said: &str) {
        let output = self.run(words);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{words}: {complaint}");
        assert!(complaint.contains(said), "{words}: expected {said:?}, found {complaint}");
        assert!(complaint.contains("\nhint: "), "{words}: {complaint}");
    }

    /// Starts the seal.
    pub fn sealing(&self) -> Lines {
        Lines::spawn(&mut self.command(SEAL))
    }

    /// Seals session 1; returns the last line.
    pub fn seal(&self) -> Value {
        run_json(&mut self.command(SEAL)).pop().unwrap()
    }

    /// The site in this process, for acts that no command does.
    pub fn site(&self) -> Site {
        Site::open(&self.data(), &self.config(), "test").unwrap()
    }

    fn config(&self) -> Config {
        Config::load(Some(&self.home.join("kaodian.toml")), None).unwrap()
    }

    /// Lets the demo's clock show so much later a time.
    pub fn later(&self, seconds: i64) {
        let mut site = self.site();
        let offset = site.store().about().clock_offset_ms;
        site.keep_clock_offset(offset + seconds * 1000).unwrap();
    }

    /// Sets the demo's clock to this time of day in the exam's zone.
    pub fn clock_to(&self, hour: i64, minute: i64) {
        let midnight = 1_795_449_600_000;
        let now = self.site().clock().wall().0.0;
        let seconds = (midnight + (hour * 60 + minute) * 60_000 - now) / 1000 + 1;
        assert!(seconds > 0, "the clock goes forward");
        self.later(seconds);
    }

    /// The file that session 1 is sealed in, before its name.
    pub fn part(&self) -> PathBuf {
        let id = self.session(1)["id"].as_str().unwrap()[..8].to_owned();
        self.out().join(format!("EK-EX-SITE-01-{id}-1.ekseal.part"))
    }

    /// A session as `session list` has it.
    pub fn session(&self, no: u64) -> Value {
        self.ok("session list").into_iter().find(|line| line["session"] == no).unwrap()
    }

    /// The state of session 1.
    pub fn state(&self) -> String {
        self.session(1)["state"].as_str().unwrap().to_owned()
    }

    /// The lines of the site ledger of this kind.
    pub fn ledger(&self, kind: &str) -> Vec<Value> {
        let lines = self.ok("journal show --ledger --as chen --pin-file chen");
        lines.into_iter().filter(|line| line["k"] == kind).collect()
    }

    /// The packages with this ending, by name.
    pub fn packages(&self, ending: &str) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.out()).unwrap().map(|entry| entry.unwrap().path());
        let mut found: Vec<_> = entries
            .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
            .filter(|(name, _)| name.ends_with(ending))
            .map(|(name, path)| (name, fs::read(path).unwrap()))
            .collect();
        found.sort();
        found
    }

    /// What the organisation finds in a package.
    pub fn verified(&self, package: &[u8]) -> Report {
        let read = |name: &str| fs::read(self.org().join(name)).unwrap();
        let organisation = Organisation::parse(&read("org.toml")).unwrap();
        let anchors = organisation.anchors(Certificate::parse(&read("root.pem")).unwrap()).unwrap();
        let crl = Crl::parse(&read("crl.pem"), &anchors).unwrap();
        let text = String::from_utf8(read("identity.age")).unwrap();
        let key = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap();
        let identity: age::x25519::Identity = key.parse().unwrap();
        let revocations = Revocations::List(&crl);
        verify(package, &Request { anchors: &anchors, revocations, identity: Some(&identity), after: None })
    }

    /// Nothing of session 1 is sealed, or the whole: chains, state, ledger and packages say the same. With `settled` a
    /// command has written since. Returns whether it is sealed.
    #[track_caller]
    pub fn is_sealed(&self, settled: bool) -> bool {
        self.ok("journal verify");
        let (sealed, named, parts) =
            (self.ledger("session_sealed/1"), self.packages(".ekseal"), self.packages(".part"));
        assert!(!settled || parts.is_empty(), "{} parts", parts.len());
        let Some(line) = sealed.first() else {
            assert_eq!((self.state().as_str(), named.len()), ("closed", 0));
            assert!(self.ledger("seal_signed/1").is_empty());
            return false;
        };
        assert_eq!((self.state().as_str(), sealed.len()), ("sealed", 1));
        assert_eq!(self.ledger("seal_signed/1").len(), 2);
        let hash = line["d"]["package_sha256"].as_str().unwrap();
        let is_it = |(_, bytes): &&(String, Vec<u8>)| sha256(&[bytes]).to_string() == hash;
        let it: Vec<_> = named.iter().chain(&parts).filter(is_it).collect();
        let [(_, package)] = it.as_slice() else { panic!("expected one package of {hash}, found {}", it.len()) };
        assert!(named.iter().all(|named| is_it(&named)), "another package than the sealed one");
        let report = self.verified(package);
        assert!(report.ok() && report.content_checked, "{:?}", report.reasons);
        true
    }
}

/// Copies what lies in a directory, modes included.
fn copy_into(from: &Path, to: &Path) {
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else if entry.file_name() != "kaodian.db-shm" {
            // Shared memory does not survive a power cut.
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
