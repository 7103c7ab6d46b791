//! A day that was closed and marked, ready to be sealed again and again.

use kaodian::config::Config;
use kaodian::demo::crew;
use kaodian::demo::headless::{Until, play};
use kaodian::desk::Command as Act;
use kaodian::domain::ids::SessionNo;
use kaodian::domain::session::Mode;
use kaodian::runtime::sealing::{Moment, Papers, Step, Whose, finish, freeze};
use kaodian::runtime::site::Site;
use kaodian::seal::Frozen;
use kaodian::seal::verify::{Request, Revocations, verify};
use kaodian::trust::data_key::DataKey;
use kaodian::trust::passphrase::Passphrase;
use kaodian::trust::signing::{self, ScryptCost, SigningKey};
use kaodian::trust::site_key::{SiteKey, read_sessions};
use ring::rand::SystemRandom;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The session is prepared; every call seals the same one and throws the package away.
pub struct ClosedDay {
    pub dir: PathBuf,
    site: Site,
    no: SessionNo,
    papers: Papers,
    data_key: DataKey,
    site_key: SiteKey,
    proctors: [SigningKey; 2],
    moment: Moment,
}

impl ClosedDay {
    /// Plays the demo's day up to its results, in memory since each of its ten thousand taps and marks is synced, and
    /// freezes the first session on the disk.
    pub fn play(dir: &Path, candidates: u32) -> Self {
        let mut config = Config::default();
        (config.trust.argon_mib, config.trust.argon_t, config.trust.scrypt_log_n) = (1, 1, 10);
        let memory = tempfile::tempdir_in("/dev/shm").expect("a directory in memory");
        let played = memory.path().join("day");
        play(&played, &config, (candidates, 1), Until::Results, &mut |_| {}).expect("a day");
        let copied = Command::new("cp").arg("-a").args([&played, dir]).status();
        assert!(copied.expect("cp").success(), "expected a copy of the day on the disk");
        let data = dir.join("data");
        let mut site = Site::open(&data, &config, "bench").unwrap();
        let no = *site.store().session_ids().unwrap().keys().next().unwrap();
        let book = site.store().hold(site.desk()).unwrap().books.remove(&no).unwrap();
        let whose = Whose::from(&book);
        let plan = book.session.plan;
        let frontier = site.store().frontier(&plan.id);
        site.run(Act::PrepareSeal(no, frontier, vec![]), crew::chief(), None).unwrap();
        let (at, quality) = site.clock().wall();
        let papers = Papers::read(&data.join("trust"), whose, Mode::Demo, at).unwrap();
        let site_key = SiteKey::open(&data.join("keys"), &crew::passphrase().unwrap()).unwrap();
        let data_key = read_sessions(&data.join("keys"), &site_key).unwrap().get(&plan.id).unwrap().clone();
        let proctors = crew::signers().map(|op| {
            let key = data.join("keys").join(format!("{op}.pem"));
            signing::read(&key, crew::pin_of(&op).unwrap().as_bytes()).unwrap()
        });
        let moment = Moment { at, quality };
        Self { dir: dir.to_owned(), site, no, papers, data_key, site_key, proctors, moment }
    }

    pub fn frozen(&self) -> Frozen {
        let place = (self.site.desk(), self.no);
        freeze(self.site.store(), place, &self.data_key, &self.papers, self.moment, &mut |_| {}).unwrap()
    }

    /// One seal; the time up to the re-check.
    pub fn seal(&self) -> Duration {
        let mut checked = None;
        let began = Instant::now();
        let part = self.run(&mut |step| {
            if step == Step::Check {
                checked = Some(began.elapsed());
            }
        });
        part.discard();
        checked.expect("a seal that came to its re-check")
    }

    fn run(&self, step: &mut dyn FnMut(Step)) -> kaodian::runtime::sealing::Written {
        let frozen = self.frozen();
        let [first, second] = crew::signers();
        let signatures = [
            self.papers.sign(&frozen, &first, &self.proctors[0]).unwrap(),
            self.papers.sign(&frozen, &second, &self.proctors[1]).unwrap(),
        ];
        let out = self.dir.join("data/out");
        finish(&frozen, [&signatures[0], &signatures[1]], &self.papers, &self.site_key, &out, step).unwrap()
    }

    /// The bytes of one package.
    pub fn package(&self) -> Vec<u8> {
        let written = self.run(&mut |_| {});
        written.publish().unwrap();
        std::fs::read(written.path()).unwrap()
    }

    /// The organisation's check of a package.
    pub fn verify(&self, package: &[u8]) {
        let credentials = self.papers.credentials();
        let text = std::fs::read_to_string(self.dir.join("org/identity.age")).unwrap();
        let identity: age::x25519::Identity =
            text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap().parse().unwrap();
        let request = Request {
            anchors: &credentials.anchors,
            revocations: Revocations::List(&credentials.crl),
            identity: Some(&identity),
            after: None,
        };
        assert!(verify(package, &request).ok());
    }

    /// One derivation at the cost of a live site.
    pub fn derive(&self) {
        let path = self.dir.join("derived.pem");
        let (key, rng) = (SigningKey::generate(&SystemRandom::new()).unwrap(), SystemRandom::new());
        let secret = Passphrase::parse("five plain words open it").unwrap();
        signing::write(&path, &key, secret.as_bytes(), ScryptCost { log_n: 17 }, &rng).unwrap();
    }
}

/// Lets the peak of this process begin anew; what it holds now, in MB.
pub fn reset_peak() -> f64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    peak_mb()
}

/// The peak of this process, in MB.
pub fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
