use super::*;
use crate::proof::jws::{self, Alg, Entry, Jws, Typ, protected, signing_input};
use crate::trust::request::{self, SiteRequest};
use crate::trust::signing::{self, ScryptCost, SigningKey};
use crate::trust::x509::samples::{Ca, DAY, SITE, YEARS, key, key_info};
use crate::trust::x509::{Arc, Reason, Request, Role, issue};
use age::x25519::Identity;
use ring::rand::SystemRandom;
use std::fs;
use std::path::{Path, PathBuf};

/// A site with its keys, and the organisation that knows it.
struct World {
    dir: tempfile::TempDir,
    ca: Ca,
    policy: SigningKey,
    site: SigningKey,
    wang: SigningKey,
    li: SigningKey,
    recipient: String,
}

fn recipient() -> String {
    Identity::generate().to_public().to_string()
}

fn op(text: &str) -> OperatorId {
    OperatorId::parse(text).unwrap()
}

fn site_id() -> SiteId {
    SiteId::parse(SITE).unwrap()
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let [policy, site, wang, li] = [(); 4].map(|()| key());
        let world = Self { dir, ca: Ca::demo(), policy, site, wang, li, recipient: recipient() };
        fs::create_dir(world.keys()).unwrap();
        for (holder, key) in world.holders() {
            world.lay(&holder, key);
        }
        request::keep_recipient(&world.keys(), &world.recipient).unwrap();
        world
    }

    /// Puts a key's files where they belong.
    fn lay(&self, holder: &Holder, key: &SigningKey) {
        let path = self.keys().join(holder.stem()).with_extension("pem");
        signing::write(&path, key, b"secret", ScryptCost { log_n: 4 }, &SystemRandom::new()).unwrap();
        request::keep(&self.keys(), &site_id(), holder, key).unwrap();
    }

    fn holders(&self) -> [(Holder, &SigningKey); 3] {
        let proctor = |id| Holder::Proctor(op(id));
        [(Holder::Site, &self.site), (proctor("li"), &self.li), (proctor("wang"), &self.wang)]
    }

    fn keys(&self) -> PathBuf {
        self.dir.path().join("keys")
    }

    fn trust(&self) -> PathBuf {
        self.dir.path().join("trust")
    }

    fn org(&self) -> PathBuf {
        self.trust().join("EX-ORG-A")
    }

    fn signer(&self) -> Certificate {
        self.ca.issue(&self.policy, "EX-ORG-A", "EX-ORG-A", Role::PolicySigner)
    }

    fn issued(&self, holder: Holder, key: &SigningKey) -> Issued {
        let certificate = self.ca.issue(key, &holder.cn(&site_id()), SITE, holder.role());
        Issued { holder, der: certificate.der().to_vec() }
    }

    fn bundle(&self) -> Bundle {
        Bundle {
            org: OrgId::parse("EX-ORG-A").unwrap(),
            site: site_id(),
            bundle_sequence: 1,
            issued_at: DAY,
            next_update: DAY + 2_592_000,
            certificates: self.holders().map(|(holder, key)| self.issued(holder, key)).into(),
            crl: self.ca.crl(&[]),
            recipients: [recipient(), recipient()],
            site_recipient: self.recipient.clone(),
            trust_anchors: vec![self.ca.root.der().to_vec()],
            arc: Arc::demo().to_string(),
            name: "示例评价组织".to_owned(),
        }
    }

    fn sign(&self, bundle: &Bundle) -> Vec<u8> {
        bundle.sign(&self.policy, &self.signer()).unwrap()
    }

    /// A good bundle with one thing changed, properly signed.
    fn changed(&self, change: impl FnOnce(&mut Bundle)) -> Vec<u8> {
        let mut bundle = self.bundle();
        change(&mut bundle);
        self.sign(&bundle)
    }

    fn enrol(&self, bytes: &[u8]) -> Result<Enrolled, CredentialError> {
        enrol(&self.trust(), &self.keys(), &site_id(), bytes, Some(self.ca.root.pem().as_bytes()), DAY)
    }
}

/// Everything below a directory, to see that nothing was changed.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut found: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    found.sort();
    found
}

#[test]
fn a_bundle_is_taken_in_and_read_again() {
    let world = World::new();
    let bundle = world.bundle();
    let bytes = world.sign(&bundle);
    let report = world.enrol(&bytes).unwrap();
    assert_eq!((report.first, report.changed, report.demo, report.bundle_sequence), (true, true, true, 1));
    assert_eq!((report.root, report.org.as_str()), (world.ca.root.thumbprint(), "EX-ORG-A"));
    let holders: Vec<_> = report.certificates.iter().map(|(holder, ..)| holder.to_string()).collect();
    assert_eq!(holders, ["site", "proctor li", "proctor wang"]);
    assert!(report.without.is_empty() && !report.recipients_changed);

    let kept = load(&world.org()).unwrap();
    assert_eq!(kept, verify(&bytes, &world.ca.root).unwrap());
    assert_eq!((kept.site.cn(), kept.site_id.as_str()), (Some(SITE), SITE));
    assert_eq!(kept.proctors.keys().map(OperatorId::as_str).collect::<Vec<_>>(), ["li", "wang"]);
    assert_eq!([kept.recipients.working.clone(), kept.recipients.recovery.clone()], bundle.recipients);
    let names: Vec<_> =
        files(&world.org()).iter().map(|(path, _)| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["bundle.ekcred", "certificates.pem", "crl.pem", "org.toml", "recipients.txt", "root.pem"]);
    let certificates = fs::read_to_string(world.org().join("certificates.pem")).unwrap();
    assert_eq!(certificates.matches("BEGIN CERTIFICATE").count(), 3);

    let again = enrol(&world.trust(), &world.keys(), &site_id(), &bytes, None, DAY).unwrap();
    assert_eq!((again.first, again.changed), (false, false));
}

#[test]
fn a_later_bundle_replaces_an_earlier_one_and_never_the_other_way() {
    let world = World::new();
    let first = world.sign(&world.bundle());
    world.enrol(&first).unwrap();
    let second = world.changed(|b| b.bundle_sequence = 2);
    let report = enrol(&world.trust(), &world.keys(), &site_id(), &second, None, DAY).unwrap();
    assert_eq!((report.first, report.changed, report.recipients_changed), (false, true, true));
    assert_eq!(load(&world.org()).unwrap().bundle_sequence, 2);
    assert_eq!(fs::read(world.org().join("bundle.previous.ekcred")).unwrap(), first);
    let kept = files(&world.org());
    for (older, what) in [
        (first, "expected a bundle after 2, found 1"),
        (world.changed(|b| b.bundle_sequence = 2), "expected a bundle after 2, found 2"),
    ] {
        let error = world.enrol(&older).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.code()), (what, "KD-C-37"));
    }
    // The list of revocations has its own numbers.
    let lists = [9u8, 8].map(|number| {
        let validity = issue::Validity { from: DAY, until: DAY + 9 };
        world.ca.issuer().crl(&[number], validity, []).unwrap()
    });
    world.enrol(&world.changed(|b| (b.bundle_sequence, b.crl) = (3, lists[0].clone()))).unwrap();
    let older_list = world.changed(|b| (b.bundle_sequence, b.crl) = (4, lists[1].clone()));
    let error = world.enrol(&older_list).unwrap_err();
    assert_eq!(error.to_string(), "expected a revocation list after 09, found 08");
    assert_ne!(files(&world.org()), kept);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn a_flawed_bundle_is_refused_for_its_flaw_and_changes_nothing() {
    let world = World::new();
    let stranger = key();
    let other_site = |holder: Holder, key: &SigningKey| {
        let certificate = world.ca.issue(key, "EX-SITE-02", "EX-SITE-02", holder.role());
        Issued { holder, der: certificate.der().to_vec() }
    };
    let foreign = Ca::demo();
    let short = issue::Validity { from: YEARS.from, until: DAY - 1 };
    let with_validity = |validity| {
        let subject = issue::Subject { cn: SITE, ou: SITE, key_info: &key_info(&world.site), role: Role::Site };
        let certificate = world.ca.issuer().certificate(&Arc::demo(), &subject, [5; 16], validity).unwrap();
        Issued { holder: Holder::Site, der: certificate.der().to_vec() }
    };
    let wang = world.issued(Holder::Proctor(op("wang")), &world.wang);
    let wang_serial = Certificate::parse(&wang.der).unwrap().serial().to_vec();
    let signer_serial = world.signer().serial().to_vec();
    let flawed: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        (
            "for another site",
            world.changed(|b| b.site = SiteId::parse("EX-SITE-02").unwrap()),
            "KD-C-34",
            "site: expected CN=EX-SITE-02",
        ),
        (
            "site certificate of another site",
            world.changed(|b| b.certificates[0] = other_site(Holder::Site, &world.site)),
            "KD-C-34",
            "site: expected CN=EX-SITE-01",
        ),
        (
            "proctor certificate of another site",
            world.changed(|b| b.certificates[1] = other_site(Holder::Proctor(op("li")), &world.li)),
            "KD-C-34",
            "proctor li: expected CN=li",
        ),
        (
            "a proctor for another",
            world.changed(|b| b.certificates[1].der = world.issued(Holder::Proctor(op("zhao")), &world.li).der),
            "KD-C-34",
            "proctor li: expected CN=li",
        ),
        (
            "proctor certificate as site",
            world.changed(|b| b.certificates[0].der = wang.der.clone()),
            "KD-C-17",
            "role site, found proctor",
        ),
        (
            "no site",
            world.changed(|b| drop(b.certificates.remove(0))),
            "KD-C-33",
            "the site's certificate once, found none",
        ),
        ("site twice", world.changed(|b| b.certificates.push(with_validity(YEARS))), "KD-C-33", "the key of site once"),
        (
            "proctor twice",
            world.changed(|b| b.certificates.push(wang.clone())),
            "KD-C-33",
            "the key of proctor wang once",
        ),
        (
            "one person under two names",
            world.changed(|b| b.certificates.push(world.issued(Holder::Proctor(op("zhao")), &world.wang))),
            "KD-C-33",
            "the key of proctor zhao once",
        ),
        (
            "two keys for one proctor",
            world.changed(|b| b.certificates.push(world.issued(Holder::Proctor(op("wang")), &stranger))),
            "KD-C-33",
            "the certificate of proctor wang once",
        ),
        (
            "expired",
            world.changed(|b| b.certificates[0] = with_validity(short)),
            "KD-C-16",
            "site: expected a certificate valid at 2026-11-24",
        ),
        (
            "not valid yet",
            world.changed(|b| b.certificates[0] = with_validity(issue::Validity { from: DAY + 1, ..YEARS })),
            "KD-C-15",
            "site: expected",
        ),
        (
            "issued before the signer was",
            world.changed(|b| b.issued_at = YEARS.from - 1),
            "KD-C-15",
            "policy-signer: expected",
        ),
        ("wrong arc", world.changed(|b| b.arc = "1.3.6.1.4.1.32473.2".to_owned()), "KD-C-17", "role policy-signer"),
        ("no arc", world.changed(|b| b.arc = "exam".to_owned()), "KD-C-12", "object identifier"),
        (
            "certificate of a foreign root",
            world
                .changed(|b| b.certificates[0].der = foreign.issue(&world.site, SITE, SITE, Role::Site).der().to_vec()),
            "KD-C-14",
            "site: the root's signature",
        ),
        (
            "list of another root",
            world.changed(|b| b.crl = foreign.crl(&[])),
            "KD-C-14",
            "signature on the revocation list",
        ),
        ("no list", world.changed(|b| b.crl.clear()), "KD-C-10", "expected one revocation list, found none"),
        (
            "revoked proctor",
            world.changed(|b| b.crl = world.ca.crl(&[(&wang_serial, DAY, Reason::Superseded)])),
            "KD-C-40",
            "proctor wang",
        ),
        (
            "revoked signer",
            world.changed(|b| b.crl = world.ca.crl(&[(&signer_serial, DAY + 9, Reason::KeyCompromise)])),
            "KD-C-40",
            "policy-signer",
        ),
        (
            "another anchor",
            world.changed(|b| b.trust_anchors = vec![foreign.root.der().to_vec()]),
            "KD-C-38",
            "one anchor",
        ),
        ("two anchors", world.changed(|b| b.trust_anchors.push(foreign.root.der().to_vec())), "KD-C-38", "one anchor"),
        ("no working key", world.changed(|b| b.recipients[0] = "age1".to_owned()), "KD-C-36", "working key"),
        (
            "upper case recipient",
            world.changed(|b| b.recipients[1] = b.recipients[1].to_uppercase()),
            "KD-C-36",
            "recovery key",
        ),
        (
            "one key for both",
            world.changed(|b| b.recipients[1] = b.recipients[0].clone()),
            "KD-C-36",
            "other than the working key",
        ),
        (
            "another site's recipient",
            world.changed(|b| b.site_recipient = recipient()),
            "KD-C-36",
            "that this site asked with",
        ),
        (
            "key that is not here",
            world.changed(|b| b.certificates[0] = world.issued(Holder::Site, &stranger)),
            "KD-C-35",
            "site: expected",
        ),
        (
            "proctor without a key here",
            world.changed(|b| b.certificates.push(world.issued(Holder::Proctor(op("zhao")), &stranger))),
            "KD-C-35",
            "proctor zhao",
        ),
        (
            "signed by a proctor",
            world.bundle().sign(&world.wang, &Certificate::parse(&wang.der).unwrap()).unwrap(),
            "KD-C-17",
            "role policy-signer, found proctor",
        ),
        (
            "signed by another's key",
            world.bundle().sign(&world.wang, &world.signer()).unwrap(),
            "KD-C-20",
            "policy-signer: expected a signature",
        ),
        (
            "signed under a foreign root",
            world
                .bundle()
                .sign(&world.policy, &foreign.issue(&world.policy, "EX-ORG-A", "EX-ORG-A", Role::PolicySigner))
                .unwrap(),
            "KD-C-14",
            "policy-signer: the root's signature",
        ),
        (
            "garbage for a certificate",
            world.changed(|b| b.certificates[0].der = b"garbage".to_vec()),
            "KD-C-10",
            "site: expected one certificate",
        ),
        ("number 0", world.changed(|b| b.bundle_sequence = 0), "KD-C-30", "credential bundle"),
        ("a name that steers a terminal", world.changed(|b| b.name = "\u{1b}[2J".to_owned()), "KD-C-30", "printable"),
        ("nothing", Vec::new(), "KD-C-31", "the credential bundle: "),
        ("another kind of file", world.ca.root.pem().into_bytes(), "KD-C-31", "the credential bundle: "),
        ("too long", vec![b' '; MOST_BYTES + 1], "KD-C-30", "at most 1 MiB"),
    ];
    for (flaw, bytes, code, says) in flawed {
        let error = world.enrol(&bytes).unwrap_err();
        assert_eq!(error.code(), code, "{flaw}: {error}");
        assert!(error.to_string().contains(says), "{flaw}: {error}");
        assert!(files(&world.org()).is_empty(), "{flaw}");
    }
    world.enrol(&world.sign(&world.bundle())).unwrap();
}

/// Signs any payload as a bundle's.
fn signed(world: &World, payload: &[u8], typ: Typ, times: usize) -> Vec<u8> {
    let signer = world.signer();
    let header = protected(Alg::EdDsa, typ, &signer.thumbprint());
    let signature = world.policy.sign(&signing_input(&header, payload));
    let entry = Entry::new(Alg::EdDsa, typ, signer.der().to_vec(), signature);
    Jws { payload: payload.to_vec(), signatures: vec![entry; times] }.to_bytes()
}

#[test]
fn a_payload_of_another_form_is_refused_although_it_is_signed() {
    let world = World::new();
    let good = String::from_utf8(world.bundle().to_payload().unwrap()).unwrap();
    let refused = |payload: String| world.enrol(&signed(&world, payload.as_bytes(), Typ::Credentials, 1)).unwrap_err();
    for (from, to) in [
        ("exam-seal-credentials/1", "exam-seal-credentials/2"),
        ("\"org\":", "\"more\":1,\"org\":"),
        ("\"role\":\"site\"", "\"op\":null,\"role\":\"site\""),
        ("\"role\":\"site\"", "\"op\":\"wang\",\"role\":\"site\""),
        ("\"role\":\"site\"", "\"role\":\"desk\""),
        ("\"op\":\"wang\",", ""),
        ("\"bundle_sequence\":1,", "\"bundle_sequence\": 1,"),
        ("\"bundle_sequence\":1,", "\"bundle_sequence\":-1,"),
        ("\"bundle_sequence\":1,", ""),
        ("EX-ORG-A", "../../etc"),
    ] {
        assert!(good.contains(from), "{from}");
        assert_eq!(refused(good.replacen(from, to, 1)).code(), "KD-C-30", "{to}");
    }
    let twice = signed(&world, good.as_bytes(), Typ::Credentials, 2);
    assert!(matches!(world.enrol(&twice), Err(CredentialError::Signatures)));
    let seal = signed(&world, good.as_bytes(), Typ::Seal, 1);
    assert!(matches!(world.enrol(&seal), Err(CredentialError::Jws(jws::JwsError::Typ { .. }))));
    world.enrol(&signed(&world, good.as_bytes(), Typ::Credentials, 1)).unwrap();
}

#[test]
fn no_changed_byte_of_a_bundle_passes() {
    let world = World::new();
    let good = world.sign(&world.bundle());
    for at in (0..good.len()).step_by(7) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        assert!(verify(&bytes, &world.ca.root).is_err(), "byte {at}");
        assert!(verify(&good[..at], &world.ca.root).is_err(), "cut at {at}");
    }
}

#[test]
fn the_first_bundle_needs_a_root_and_later_ones_keep_it() {
    let world = World::new();
    let bytes = world.sign(&world.bundle());
    let without = enrol(&world.trust(), &world.keys(), &site_id(), &bytes, None, DAY).unwrap_err();
    assert_eq!(without.code(), "KD-C-38");
    let foreign = Ca::demo();
    let with = |root: &[u8]| enrol(&world.trust(), &world.keys(), &site_id(), &bytes, Some(root), DAY);
    assert_eq!(with(foreign.root.der()).unwrap_err().code(), "KD-C-14");
    assert_eq!(with(b"no root").unwrap_err().code(), "KD-C-10");
    let site = world.ca.issue(&world.site, SITE, SITE, Role::Site);
    assert_eq!(with(site.der()).unwrap_err().code(), "KD-C-11", "an end-entity certificate is no root");
    assert!(!world.org().exists());
    with(world.ca.root.der()).unwrap();
    assert_eq!(with(foreign.root.der()).unwrap_err().code(), "KD-C-38");
    with(world.ca.root.der()).unwrap();
}

#[test]
fn a_certificate_that_has_run_out_meanwhile_is_not_taken_in() {
    let world = World::new();
    let bytes = world.sign(&world.bundle());
    let root = world.ca.root.pem();
    let late = YEARS.until + 1;
    let error = enrol(&world.trust(), &world.keys(), &site_id(), &bytes, Some(root.as_bytes()), late).unwrap_err();
    assert_eq!(error.code(), "KD-C-16");
    // A kiosk whose clock is behind takes it: sealing asks again.
    enrol(&world.trust(), &world.keys(), &site_id(), &bytes, Some(root.as_bytes()), DAY - 3_600).unwrap();
}

#[test]
fn a_site_takes_no_bundle_of_another_site() {
    let world = World::new();
    let other = SiteId::parse("EX-SITE-02").unwrap();
    let bytes = world.sign(&world.bundle());
    let root = world.ca.root.pem();
    let error = enrol(&world.trust(), &world.keys(), &other, &bytes, Some(root.as_bytes()), DAY).unwrap_err();
    assert_eq!(error.code(), "KD-C-32");
}

#[test]
fn a_proctor_left_out_of_a_bundle_is_named() {
    let world = World::new();
    let report = world.enrol(&world.changed(|b| drop(b.certificates.pop()))).unwrap();
    assert_eq!(report.without, [op("wang")]);
}

#[test]
fn a_changed_folder_is_not_read() {
    let world = World::new();
    assert_eq!(load(&world.org()).unwrap_err().code(), "KD-C-39");
    world.enrol(&world.sign(&world.bundle())).unwrap();
    let foreign = Ca::demo();
    for (name, content, code) in [
        ("root.pem", foreign.root.pem(), "KD-C-14"),
        ("root.pem", String::new(), "KD-C-10"),
        ("org.toml", "org = \"EX-ORG-B\"\nname = \"x\"\narc = \"1.3.6.1.4.1.32473.1\"\n".to_owned(), "KD-C-32"),
        ("org.toml", "org = \"EX-ORG-A\"\nname = \"x\"\narc = \"2.999.1\"\n".to_owned(), "KD-C-38"),
        ("bundle.ekcred", "{}".to_owned(), "KD-C-31"),
    ] {
        let path = world.org().join(name);
        let kept = fs::read(&path).unwrap();
        fs::write(&path, content).unwrap();
        assert_eq!(load(&world.org()).unwrap_err().code(), code, "{name}");
        fs::write(&path, kept).unwrap();
    }
    load(&world.org()).unwrap();
    fs::remove_file(world.org().join("root.pem")).unwrap();
    assert_eq!(load(&world.org()).unwrap_err().code(), "KD-K-05");
}

#[test]
fn a_request_collects_what_was_kept_with_the_keys() {
    let world = World::new();
    let bytes = request::collect(&world.keys(), &site_id()).unwrap();
    let read = SiteRequest::parse(&bytes).unwrap();
    assert_eq!((read.site.as_str(), &read.recipient), (SITE, &world.recipient));
    let asked: Vec<_> =
        read.requests.iter().map(|(holder, request)| (holder.to_string(), request.cn.as_str())).collect();
    assert_eq!(asked, [("site".into(), SITE), ("proctor li".into(), "li"), ("proctor wang".into(), "wang")]);

    let other = SiteId::parse("EX-SITE-02").unwrap();
    assert_eq!(request::collect(&world.keys(), &other).unwrap_err().code(), "KD-C-34");
    let wang = Holder::Proctor(op("wang"));
    request::keep(&world.keys(), &site_id(), &wang, &key()).unwrap();
    assert_eq!(request::collect(&world.keys(), &site_id()).unwrap_err().code(), "KD-C-35");
    fs::remove_file(world.keys().join("site.recipient")).unwrap();
    request::keep(&world.keys(), &site_id(), &wang, &world.wang).unwrap();
    assert_eq!(request::collect(&world.keys(), &site_id()).unwrap_err().code(), "KD-K-17");
}

#[test]
fn a_flawed_request_is_refused_for_its_flaw() {
    let world = World::new();
    let good = String::from_utf8(request::collect(&world.keys(), &site_id()).unwrap()).unwrap();
    let csr = |key: &SigningKey, cn: &str, ou: &str| {
        serde_json::to_string(&crate::trust::x509::csr(key, cn, ou).unwrap()).unwrap()
    };
    let own = serde_json::to_string(&fs::read_to_string(world.keys().join("wang.csr")).unwrap()).unwrap();
    let site = serde_json::to_string(&fs::read_to_string(world.keys().join("site.csr")).unwrap()).unwrap();
    let put = |new: String| good.replace(&own, &new);
    let stranger = key();
    for (flaw, bytes, code) in [
        ("another site", good.replace("\"site\":\"EX-SITE-01\"", "\"site\":\"EX-SITE-02\""), "KD-C-34"),
        ("another person", put(csr(&world.wang, "zhao", SITE)), "KD-C-34"),
        ("another unit", put(csr(&world.wang, "wang", "EX-SITE-02")), "KD-C-34"),
        ("one key for two", put(csr(&world.li, "wang", SITE)), "KD-C-33"),
        (
            "two for one",
            good.replace("\"op\":\"li\"", "\"op\":\"wang\"").replace(
                &serde_json::to_string(&fs::read_to_string(world.keys().join("li.csr")).unwrap()).unwrap(),
                &csr(&stranger, "wang", SITE),
            ),
            "KD-C-33",
        ),
        ("no site", good.replace(&format!("{{\"csr\":{site},\"role\":\"site\"}},"), ""), "KD-C-33"),
        ("garbage", put("\"garbage\"".to_owned()), "KD-C-10"),
        ("no recipient", good.replace(&world.recipient, "age1xyz"), "KD-C-36"),
        ("another format", good.replace("request/1", "request/2"), "KD-C-30"),
        ("policy signer", good.replace("\"role\":\"site\"", "\"role\":\"policy-signer\""), "KD-C-30"),
        ("blanks", good.replace("\"role\":", "\"role\": "), "KD-C-30"),
        ("too long", " ".repeat(MOST_BYTES + 1), "KD-C-30"),
    ] {
        assert_ne!(bytes, good, "{flaw}");
        let error = SiteRequest::parse(bytes.as_bytes()).unwrap_err();
        assert_eq!(error.code(), code, "{flaw}: {error}");
    }
    // A request for a key that one does not hold: the signature is another's.
    let pem = crate::trust::x509::csr(&world.wang, "wang", SITE).unwrap();
    assert!(Request::parse(pem.as_bytes()).is_ok());
}
