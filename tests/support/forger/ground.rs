//! What a forger stands on: a small demo day with every key of it, and the package that it sealed.

use crate::support::lines::{kaodian, run};
use crate::support::tmp::Tmp;
use kaodian::domain::ids::OperatorId;
use kaodian::proof::jws::{self, Typ};
use kaodian::proof::zip;
use kaodian::seal::Signer;
use kaodian::seal::layout::{File, SEAL, SEALED};
use kaodian::seal::manifest::Manifest;
use kaodian::trust::credentials;
use kaodian::trust::passphrase::Passphrase;
use kaodian::trust::signing::{self, SigningKey};
use kaodian::trust::site_key::SiteKey;
use kaodian::trust::x509::issue::{Issuer, Subject, Validity, root};
use kaodian::trust::x509::{Anchors, Arc, Certificate, Crl, Reason, Revocation, Role};
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use serde_json::Value;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A key with its certificate.
pub struct Holder {
    pub key: SigningKey,
    pub certificate: Certificate,
}

impl Holder {
    pub fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, certificate: &self.certificate }
    }

    /// The same key under another certificate.
    pub fn under(&self, certificate: Certificate) -> Self {
        Self { key: again(&self.key), certificate }
    }
}

/// The package of the day, as bytes and in parts.
pub struct Good {
    pub bytes: Vec<u8>,
    pub file_name: String,
    pub envelope: Vec<u8>,
    pub age: Vec<u8>,
    pub zip: Vec<u8>,
    pub seal: Vec<u8>,
    pub manifest: Manifest,
    pub files: Vec<(File, Vec<u8>)>,
}

/// An organisation's root.
pub struct Authority {
    pub key: SigningKey,
    pub root: Certificate,
}

/// Everything.
pub struct Ground {
    dir: Tmp,
    pub anchors: Anchors,
    pub crl: Crl,
    pub identity: age::x25519::Identity,
    pub authority: Authority,
    pub site: Holder,
    pub proctors: [Holder; 2],
    pub good: Good,
}

/// The day, played once in a process.
pub fn ground() -> &'static Ground {
    static GROUND: OnceLock<Ground> = OnceLock::new();
    GROUND.get_or_init(Ground::play)
}

/// The years around the day.
pub fn years(day: i64) -> Validity {
    Validity { from: day - 31_536_000, until: day + 31_536_000 }
}

pub fn fresh() -> SigningKey {
    SigningKey::generate(&ring::rand::SystemRandom::new()).unwrap()
}

fn again(key: &SigningKey) -> SigningKey {
    SigningKey::from_pkcs8(&key.to_pkcs8()).unwrap()
}

impl Ground {
    fn play() -> Self {
        let dir = Tmp::new();
        let day = dir.join("day");
        let args = ["demo", "--headless", "--json", "--candidates", "6", "--keep", day.to_str().unwrap()];
        let said = run(&mut kaodian(dir.path(), args));
        let [lines, complaint] = [&said.stdout, &said.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        assert!(said.status.success(), "{complaint}\nafter\n{lines}");

        let (org, keys) = (day.join("org"), day.join("data/keys"));
        let pins: Value = serde_json::from_slice(&fs::read(day.join("pins.json")).unwrap()).unwrap();
        let secret = |who: &str| pins[who].as_str().unwrap();
        let known = credentials::load(&day.join("data/trust/EX-ORG-A")).unwrap();
        let site = SiteKey::open(&keys, &Passphrase::parse(secret("site")).unwrap()).unwrap();
        let proctor = |op: &str| Holder {
            key: signing::read(&keys.join(format!("{op}.pem")), secret(op).as_bytes()).unwrap(),
            certificate: known.proctors[&OperatorId::parse(op).unwrap()].clone(),
        };
        let identity = identity(&org.join("identity.age"));
        let package = only_package(&day.join("data/out"));
        Self {
            good: Good::open(&package, &identity),
            proctors: ["li", "wang"].map(proctor),
            site: Holder { key: again(site.signing()), certificate: known.site.clone() },
            authority: Authority {
                key: plain_key(&org.join("private/root.key.pem")),
                root: Certificate::parse(&fs::read(org.join("root.pem")).unwrap()).unwrap(),
            },
            anchors: known.anchors,
            crl: known.crl,
            identity,
            dir,
        }
    }

    /// Where the day lies.
    pub fn day(&self) -> PathBuf {
        self.dir.join("day")
    }

    /// A place for a test's own files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn sealed_at(&self) -> i64 {
        self.good.manifest.sealed_at
    }

    pub fn site_id(&self) -> &str {
        self.good.manifest.site.as_str()
    }

    /// A list of revocations by the root.
    pub fn revoking(&self, holder: &Holder, at: i64, reason: Reason) -> Crl {
        let now = Validity { from: self.sealed_at() + 86_400, until: self.sealed_at() + 864_000 };
        let entry = (holder.certificate.serial(), Revocation { at, reason });
        let der = self.authority.issuer().crl(&[9], now, [entry]).unwrap();
        Crl::parse(&der, &self.anchors).unwrap()
    }
}

impl Authority {
    /// A root that nobody was handed.
    pub fn new(org: &str, demo: bool, day: i64) -> Self {
        let key = fresh();
        let root = root(&key, org, "示例评价组织", demo, [7; 16], years(day)).unwrap();
        Self { key, root }
    }

    pub fn issuer(&self) -> Issuer<'_> {
        Issuer::new(&self.root, &self.key).unwrap()
    }

    pub fn anchors(&self) -> Anchors {
        Anchors::new(self.root.clone(), Arc::demo()).unwrap()
    }

    /// A certificate in the profile for a key.
    pub fn issue(&self, key: &SigningKey, names: (&str, &str), role: Role, validity: Validity) -> Certificate {
        // SubjectPublicKeyInfo of Ed25519, RFC 8410.
        let key_info = [&[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0][..], &key.public()].concat();
        self.certify(&key_info, names, role, validity)
    }

    /// A certificate in the profile for a DER SubjectPublicKeyInfo.
    pub fn certify(&self, key_info: &[u8], (cn, ou): (&str, &str), role: Role, validity: Validity) -> Certificate {
        let subject = Subject { cn, ou, key_info, role };
        let mut serial = [3; 16];
        serial[8..].copy_from_slice(&key_info[key_info.len() - 8..]);
        self.issuer().certificate(&Arc::demo(), &subject, serial, validity).unwrap()
    }
}

impl Authority {
    /// A proctor's certificate with one thing changed.
    pub fn odd(&self, (cn, ou): (&str, &str), change: impl FnOnce(&mut CertificateParams)) -> Holder {
        let key = fresh();
        let good = self.issue(&key, (cn, ou), Role::Proctor, years(self.root.not_before() + 31_536_000));
        let mut wanted = CertificateParams::default();
        wanted.distinguished_name = DistinguishedName::new();
        wanted.distinguished_name.push(DnType::OrganizationalUnitName, ou);
        wanted.distinguished_name.push(DnType::CommonName, cn);
        wanted.not_before = time::OffsetDateTime::from_unix_timestamp(good.not_before()).unwrap();
        wanted.not_after = time::OffsetDateTime::from_unix_timestamp(good.not_after()).unwrap();
        wanted.is_ca = IsCa::ExplicitNoCa;
        wanted.use_authority_key_identifier_extension = true;
        wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        let role = Arc::demo().role_components(Role::Proctor);
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(role)];
        change(&mut wanted);
        let pair = |key: &SigningKey| KeyPair::try_from(key.to_pkcs8().as_slice()).unwrap();
        let root = rustls_pki_types::CertificateDer::from(self.root.der());
        let issuer = rcgen::Issuer::from_ca_cert_der(&root, pair(&self.key)).unwrap();
        let signed = wanted.signed_by(&pair(&key), &issuer).unwrap();
        Holder { certificate: Certificate::parse(signed.der()).unwrap(), key }
    }
}

impl Good {
    fn open(path: &Path, identity: &age::x25519::Identity) -> Self {
        let bytes = fs::read(path).unwrap();
        let outer = members(&bytes);
        let age = outer[2].1.clone();
        assert_eq!(outer[2].0, SEALED);
        let decryptor = age::Decryptor::new_buffered(age.as_slice()).unwrap();
        let mut zip = Vec::new();
        let mut reader = decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).unwrap();
        reader.read_to_end(&mut zip).unwrap();
        let inner = members(&zip);
        let of = |name: &str| inner.iter().find(|(found, _)| found == name).unwrap().1.clone();
        let seal = of(SEAL);
        Self {
            manifest: Manifest::parse(&jws::parse(&seal, Typ::Seal).unwrap().payload).unwrap(),
            files: File::ALL.iter().map(|file| (*file, of(file.name()))).collect(),
            file_name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            envelope: outer[1].1.clone(),
            age,
            zip,
            seal,
            bytes,
        }
    }
}

/// Names and bytes of an archive.
pub fn members(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let archive = zip::read(bytes).unwrap();
    let each = archive.entries().iter();
    each.map(|entry| (entry.name().to_owned(), entry.bytes(1 << 24).unwrap().into_owned())).collect()
}

/// The identity in an age identity file.
pub fn identity(path: &Path) -> age::x25519::Identity {
    let text = fs::read_to_string(path).unwrap();
    text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap().parse().unwrap()
}

fn only_package(dir: &Path) -> PathBuf {
    let mut found: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(found.len(), 1, "one package");
    found.remove(0)
}

fn plain_key(path: &Path) -> SigningKey {
    let text = fs::read_to_string(path).unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    SigningKey::from_pkcs8(&kaodian::proof::base64::decode(&body).unwrap()).unwrap()
}
