//! Who signs, with which certificate of whom, under which root and list of revocations.

use super::forger::ground::{Authority, Holder, fresh, ground, years};
use super::forger::{Forge, Offer, enclosed, entry};
use super::{Row, refused};
use kaodian::domain::ids::{OrgId, SessionId, SiteId};
use kaodian::domain::session::Sealable;
use kaodian::proof::jws::{self, Alg, Entry, Jws, Typ};
use kaodian::proof::sha256;
use kaodian::seal::layout::File;
use kaodian::seal::manifest::{Amends, SignersRequired};
use kaodian::trust::x509::issue::Validity;
use kaodian::trust::x509::{Certificate, Reason, Role};
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, KeyUsagePurpose};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

const SITE: &str = "EX-SITE-01";

/// The good manifest, signed by other people.
fn by(holders: &[&Holder]) -> Offer {
    Forge::new().by(holders).close()
}

fn with(entries: Vec<Entry>) -> Offer {
    let forge = Forge::new();
    forge.with(forge.payload(), entries).close()
}

/// A newcomer certified by the organisation's root.
fn newcomer(cn: &str, ou: &str, role: Role, validity: Validity) -> Holder {
    let key = fresh();
    Holder { certificate: ground().authority.issue(&key, (cn, ou), role, validity), key }
}

fn normal() -> Validity {
    years(ground().sealed_at())
}

/// The second proctor replaced by one whose certificate the root should not have signed.
fn odd(change: fn(&mut CertificateParams)) -> Offer {
    second(&ground().authority.odd(("zhao", SITE), change))
}

/// The second proctor replaced.
fn second(holder: &Holder) -> Offer {
    by(&[&ground().proctors[0], holder, &ground().site])
}

fn revoked(holder: &Holder, at: i64, reason: Reason) -> Offer {
    Offer { crl: Some(ground().revoking(holder, at, reason)), ..Offer::from(ground().good.bytes.clone()) }
}

/// The envelope alone, changed and signed by its site.
fn enveloped(change: impl FnOnce(&mut kaodian::seal::envelope::Envelope)) -> Offer {
    Forge::new().by_all().close_as(change, &ground().site)
}

/// Everybody's keys certified by another root, and everything signed under it.
fn under(authority: &Authority, mode: Sealable) -> Offer {
    let g = ground();
    let certified = |holder: &Holder, role| {
        let (cn, ou) = (holder.certificate.cn().unwrap(), holder.certificate.ou().unwrap());
        holder.under(authority.issue(&holder.key, (cn, ou), role, normal()))
    };
    let site = certified(&g.site, Role::Site);
    let [a, b] = [0, 1].map(|n: usize| certified(&g.proctors[n], Role::Proctor));
    let mut forge = Forge::new();
    forge.manifest.mode = mode;
    Offer { anchors: authority.anchors(), ..forge.by(&[&a, &b, &site]).close_as(|_| {}, &site) }
}

const SETS: &[Row] = &[
    ("a proctor's signature stripped, the envelope made again with the site key", "KD-V-31", || {
        by(&[&ground().proctors[0], &ground().site])
    }),
    ("no proctor", "KD-V-31", || by(&[&ground().site])),
    ("no site", "KD-V-30", || by(&[&ground().proctors[0], &ground().proctors[1]])),
    ("two sites", "KD-V-30 KD-V-32 KD-V-33", || {
        by(&[&ground().proctors[0], &ground().proctors[1], &ground().site, &ground().site])
    }),
    ("one proctor twice", "KD-V-32 KD-V-33", || by(&[&ground().proctors[0], &ground().proctors[0], &ground().site])),
    ("one proctor under two certificates", "KD-V-32 KD-V-33", || {
        let li = &ground().proctors[0];
        second(&li.under(ground().authority.issue(&li.key, ("li", SITE), Role::Proctor, normal())))
    }),
    ("one proctor with two keys", "KD-V-33", || second(&newcomer("li", SITE, Role::Proctor, normal()))),
    ("the site key's signature beside a proctor's certificate", "KD-V-21 KD-V-31", || {
        let (g, payload) = (ground(), Forge::new().payload());
        let [li, site] = [&g.proctors[0], &g.site].map(|holder| entry(Typ::Seal, &payload, holder));
        let wang = g.proctors[1].certificate.der().to_vec();
        with(vec![li, Entry::new(Alg::EdDsa, Typ::Seal, wang, *site.signature()), site])
    }),
    ("the site key certified as a proctor's", "KD-V-32", || {
        let site = &ground().site;
        second(&site.under(ground().authority.issue(&site.key, ("wang", SITE), Role::Proctor, normal())))
    }),
    ("a proctor's signature of another manifest", "KD-V-21 KD-V-31", || {
        let (g, payload) = (ground(), Forge::new().payload());
        let [li, site] = [&g.proctors[0], &g.site].map(|holder| entry(Typ::Seal, &payload, holder));
        with(vec![li, entry(Typ::Seal, b"{}", &g.proctors[1]), site])
    }),
    ("a bad signature beside three good ones", "KD-V-21", || {
        let (g, payload) = (ground(), Forge::new().payload());
        let [a, b, site] = [&g.proctors[0], &g.proctors[1], &g.site].map(|holder| entry(Typ::Seal, &payload, holder));
        let stray = newcomer("zhao", SITE, Role::Proctor, normal());
        with(vec![a, b, entry(Typ::Seal, b"{}", &stray), site])
    }),
    ("fewer signers asked for, signed by the site", "KD-V-48 KD-V-31", || {
        let mut forge = Forge::new();
        forge.manifest.signers_required = SignersRequired { site: 1, proctor: 0 };
        forge.by(&[&ground().site]).close()
    }),
    ("fewer signers asked for, the proctors' signatures kept", "KD-V-48 KD-V-21 KD-V-21 KD-V-31", || {
        let mut forge = Forge::new();
        let old = forge.payload();
        let [a, b] = [0, 1].map(|n: usize| entry(Typ::Seal, &old, &ground().proctors[n]));
        forge.manifest.signers_required.proctor = 1;
        let payload = forge.payload();
        let site = entry(Typ::Seal, &payload, &ground().site);
        forge.with(payload, vec![a, b, site]).close()
    }),
];

const CERTIFICATES: &[Row] = &[
    ("an expired proctor", "KD-V-24 KD-V-31", || {
        let at = ground().sealed_at();
        second(&newcomer("zhao", SITE, Role::Proctor, Validity { from: at - 86_400, until: at - 1 }))
    }),
    ("a proctor not valid yet", "KD-V-24 KD-V-31", || {
        let at = ground().sealed_at();
        second(&newcomer("zhao", SITE, Role::Proctor, Validity { from: at + 1, until: at + 86_400 }))
    }),
    ("sealed after every certificate ended", "KD-V-24", || {
        let mut forge = Forge::new();
        forge.manifest.sealed_at = ground().site.certificate.not_after() + 1;
        forge.by_all().close()
    }),
    ("a desk as proctor", "KD-V-22 KD-V-31", || second(&newcomer("zhao", SITE, Role::Desk, normal()))),
    ("a policy signer as proctor", "KD-V-22 KD-V-31", || second(&newcomer("zhao", SITE, Role::PolicySigner, normal()))),
    ("a proctor as site", "KD-V-30", || {
        let [a, b] = &ground().proctors;
        by(&[a, b, &newcomer(SITE, SITE, Role::Proctor, normal())])
    }),
    ("another site's proctor", "KD-V-26 KD-V-31", || second(&newcomer("zhao", "EX-SITE-02", Role::Proctor, normal()))),
    ("another site's site", "KD-V-26 KD-V-30", || {
        let [a, b] = &ground().proctors;
        by(&[a, b, &newcomer("EX-SITE-02", "EX-SITE-02", Role::Site, normal())])
    }),
    ("a second certificate of the site under the manifest", "KD-V-34", || {
        let [a, b] = &ground().proctors;
        by(&[a, b, &newcomer(SITE, SITE, Role::Site, normal())])
    }),
    ("a proctor of a foreign root", "KD-V-23 KD-V-31", || {
        let (foreign, key) = (Authority::new("EX-ORG-B", true, ground().sealed_at()), fresh());
        let certificate = foreign.issue(&key, ("zhao", SITE), Role::Proctor, normal());
        second(&Holder { key, certificate })
    }),
    ("a proctor who certified himself", "KD-V-23 KD-V-31", || {
        // A root of his own with the organisation's name: the subject is right, the key is not.
        let own = Authority::new("EX-ORG-A", true, ground().sealed_at());
        let key = fresh();
        let certificate = own.issue(&key, ("zhao", SITE), Role::Proctor, normal());
        second(&Holder { key, certificate })
    }),
    ("the root itself as a signer", "KD-V-22 KD-V-31", || {
        let authority = &ground().authority;
        let key = kaodian::trust::signing::SigningKey::from_pkcs8(&authority.key.to_pkcs8()).unwrap();
        second(&Holder { key, certificate: authority.root.clone() })
    }),
    ("a proctor who may certify others", "KD-V-25 KD-V-31", || {
        odd(|c| c.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)))
    }),
    ("a proctor's certificate that does not say it is no authority", "KD-V-25 KD-V-31", || {
        odd(|c| c.is_ca = IsCa::NoCa)
    }),
    ("a proctor's key that may only encrypt", "KD-V-25 KD-V-31", || {
        odd(|c| c.key_usages = vec![KeyUsagePurpose::KeyEncipherment])
    }),
    ("a proctor of two sites in one certificate", "KD-V-25 KD-V-31", || {
        odd(|c| c.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 11]), "EX-SITE-02"))
    }),
    ("a proctor without a name", "KD-V-25 KD-V-31", || {
        odd(|c| assert!(c.distinguished_name.remove(DnType::CommonName)))
    }),
    ("a proctor's certificate with a condition nobody knows", "KD-V-25 KD-V-31", || {
        odd(|c| {
            let mut condition = CustomExtension::from_oid_content(&[2, 999, 7], vec![5, 0]);
            condition.set_criticality(true);
            c.custom_extensions.push(condition);
        })
    }),
    ("bytes for a certificate", "KD-V-20 KD-V-31", || {
        let (g, payload) = (ground(), Forge::new().payload());
        let [a, site] = [&g.proctors[0], &g.site].map(|holder| entry(Typ::Seal, &payload, holder));
        with(vec![a, Entry::new(Alg::EdDsa, Typ::Seal, b"0\x03no".to_vec(), [0; 64]), site])
    }),
    ("another algorithm's name", "KD-V-21 KD-V-31", || {
        let (g, payload) = (ground(), Forge::new().payload());
        let [a, b, site] = [&g.proctors[0], &g.proctors[1], &g.site].map(|holder| entry(Typ::Seal, &payload, holder));
        let der = b.certificate().to_vec();
        with(vec![a, Entry::new(Alg::Es256, Typ::Seal, der, *b.signature()), site])
    }),
];

const ROOTS: &[Row] = &[
    ("another demo's root", "KD-V-23", || {
        let anchors = Authority::new("EX-ORG-A", true, ground().sealed_at()).anchors();
        Offer { anchors, ..Offer::from(ground().good.bytes.clone()) }
    }),
    ("live under a demo root", "KD-V-49", || {
        let mut forge = Forge::new();
        forge.manifest.mode = Sealable::Live;
        forge.by_all().close()
    }),
    ("a demo under a live root", "KD-V-49", || {
        under(&Authority::new("EX-ORG-A", false, ground().sealed_at()), Sealable::Demo)
    }),
    ("a demo's journal called live under a live root", "KD-V-80", || {
        under(&Authority::new("EX-ORG-A", false, ground().sealed_at()), Sealable::Live)
    }),
    ("another organisation's session under the same root", "KD-V-55", || {
        let mut forge = Forge::new();
        forge.manifest.org = OrgId::parse("EX-ORG-B").unwrap();
        forge.by_all().close()
    }),
    ("another organisation's session, its policy and plan under the same root", "KD-V-55", || {
        let mut forge = Forge::new();
        let policy = String::from_utf8(forge.file(File::Policy).clone()).unwrap().replace("EX-ORG-A", "EX-ORG-B");
        *forge.file(File::Policy) = policy.clone().into_bytes();
        forge.manifest.org = OrgId::parse("EX-ORG-B").unwrap();
        forge.manifest.policy_sha256 = sha256(&[policy.as_bytes()]);
        let digest = serde_json::json!(forge.manifest.policy_sha256);
        forge.edit(File::Journal, "session_planned/1", |v| v["d"]["policy_sha256"] = digest.clone());
        forge.edit(File::Journal, "results_derived/1", |v| v["d"]["policy_sha256"] = digest);
        forge.reprepare();
        forge.relist();
        let offer = forge.by_all().close();
        let other = Offer { anchors: offer.anchors.clone().of(OrgId::parse("EX-ORG-B").unwrap()), ..offer };
        assert_eq!(other.codes(), "", "it is a good one of that organisation");
        Offer::from(other.bytes)
    }),
    ("a package asked of another organisation that has the same root", "KD-V-55", || {
        let offer = Offer::from(ground().good.bytes.clone());
        Offer { anchors: offer.anchors.clone().of(OrgId::parse("EX-ORG-B").unwrap()), ..offer }
    }),
    ("no list of revocations", "KD-V-28", || Offer { crl: None, ..Offer::from(ground().good.bytes.clone()) }),
    ("a compromised proctor in the list", "KD-V-27 KD-V-31", || {
        revoked(&ground().proctors[1], ground().sealed_at() - 60, Reason::KeyCompromise)
    }),
    ("a proctor found compromised years later", "KD-V-27 KD-V-31", || {
        revoked(&ground().proctors[1], ground().sealed_at() + 40_000, Reason::KeyCompromise)
    }),
    ("a proctor revoked later without a reason", "KD-V-27 KD-V-31", || {
        revoked(&ground().proctors[1], ground().sealed_at() + 40_000, Reason::Unspecified)
    }),
    ("a proctor superseded before the seal", "KD-V-27 KD-V-31", || {
        revoked(&ground().proctors[1], ground().sealed_at() - 1, Reason::Superseded)
    }),
    ("a proctor who left at the second of the seal", "KD-V-27 KD-V-31", || {
        revoked(&ground().proctors[1], ground().sealed_at(), Reason::AffiliationChanged)
    }),
    ("a compromised site", "KD-V-27", || revoked(&ground().site, ground().sealed_at() + 40_000, Reason::KeyCompromise)),
];

const ENVELOPES: &[Row] = &[
    ("the envelope of another package", "KD-V-13", || {
        let mut forge = Forge::new();
        forge.manifest.sequence = 2;
        forge.manifest.previous = Some(sha256(&[b"x"]));
        let parts = forge.by_all();
        let age = parts.age();
        let payload = parts.envelope(&age).to_bytes().unwrap();
        let signatures = vec![entry(Typ::Envelope, &payload, &ground().site)];
        enclosed(&Jws { payload, signatures }.to_bytes(), &ground().good.age)
    }),
    ("the envelope of another session", "KD-V-47", || {
        enveloped(|e| e.session = SessionId::parse("01010101010101010101010101010101").unwrap())
    }),
    ("an envelope with another number", "KD-V-47", || enveloped(|e| e.sequence = 2)),
    ("an envelope of another moment", "KD-V-47", || enveloped(|e| e.sealed_at += 1)),
    ("an envelope with another root of records", "KD-V-47", || enveloped(|e| e.records_root = sha256(&[b"x"]))),
    ("an envelope with more records", "KD-V-47", || enveloped(|e| e.records_size += 1)),
    ("an envelope of another site", "KD-V-26", || enveloped(|e| e.site = SiteId::parse("EX-SITE-02").unwrap())),
    ("an envelope around another set of signatures", "KD-V-45", || enveloped(|e| e.seal_sha256 = sha256(&[b"x"]))),
    ("an envelope that names another member", "KD-V-13", || enveloped(|e| e.content.path = "mimetype".into())),
    ("an envelope signed by a proctor", "KD-V-11", || Forge::new().by_all().close_as(|_| {}, &ground().proctors[0])),
    ("an envelope signed twice", "KD-V-11", || {
        let good = jws::parse(&ground().good.envelope, Typ::Envelope).unwrap();
        let twice = Jws { signatures: [&good.signatures[..], &good.signatures[..]].concat(), ..good };
        enclosed(&twice.to_bytes(), &ground().good.age)
    }),
    ("an envelope under the inner kind", "KD-V-10", || {
        let payload = jws::parse(&ground().good.envelope, Typ::Envelope).unwrap().payload;
        let signatures = vec![entry(Typ::Seal, &payload, &ground().site)];
        enclosed(&Jws { payload, signatures }.to_bytes(), &ground().good.age)
    }),
    ("the inner signature file outside", "KD-V-10", || enclosed(&ground().good.seal, &ground().good.age)),
    ("the envelope inside", "KD-V-44", || Forge::new().with_seal(ground().good.envelope.clone()).close()),
    ("the manifest signed under the envelope's kind", "KD-V-44", || {
        let payload = Forge::new().payload();
        let [a, b] = &ground().proctors;
        let entries = [a, b, &ground().site].map(|holder| entry(Typ::Envelope, &payload, holder));
        with(entries.to_vec())
    }),
];

const PLACES: &[Row] = &[
    ("number 2 of nothing", "KD-V-51", || numbered(2, None)),
    ("number 1 after something", "KD-V-51", || numbered(1, Some(b"x"))),
    ("number 0", "KD-V-51", || numbered(0, None)),
    ("after a package that it does not name", "KD-V-52", || after(numbered(2, Some(b"x")), &ground().good.bytes)),
    ("a number left out", "KD-V-52", || after(numbered(3, Some(&ground().good.bytes)), &ground().good.bytes)),
    ("after itself", "KD-V-52", || after(Offer::from(ground().good.bytes.clone()), &ground().good.bytes)),
    ("after a package that is none", "KD-V-53", || after(numbered(2, Some(b"PK")), b"PK")),
    ("after a forged package", "KD-V-53", || {
        let forged = Forge::new().by_all().close_as(|_| {}, &ground().proctors[0]).bytes;
        after(numbered(2, Some(&forged)), &forged)
    }),
    ("an amendment", "KD-V-54", || {
        let mut forge = Forge::new();
        forge.manifest.amends = Some(Amends { package_sha256: sha256(&[b"x"]), no: 1 });
        forge.by_all().close()
    }),
];

fn numbered(sequence: u64, previous: Option<&[u8]>) -> Offer {
    let mut forge = Forge::new();
    forge.manifest.sequence = sequence;
    forge.manifest.previous = previous.map(|bytes| sha256(&[bytes]));
    forge.by_all().close()
}

fn after(offer: Offer, before: &[u8]) -> Offer {
    Offer { after: Some(before.to_vec()), ..offer }
}

#[test]
fn forged_signers_are_refused() {
    for rows in [SETS, CERTIFICATES, ROOTS, ENVELOPES, PLACES] {
        refused(rows);
    }
    let good = &ground().good.bytes;
    assert_eq!(after(numbered(2, Some(good)), good).codes(), "", "a second package after the first");
    let later = ground().sealed_at() + 1;
    for reason in [Reason::Superseded, Reason::AffiliationChanged, Reason::CessationOfOperation] {
        assert_eq!(revoked(&ground().proctors[1], later, reason).codes(), "", "{reason} after the seal");
    }
    let zhao = newcomer("zhao", SITE, Role::Proctor, normal());
    let [a, b] = &ground().proctors;
    assert_eq!(by(&[a, b, &zhao, &ground().site]).codes(), "", "a third proctor is welcome");
    a_proctor_may_sign_by_another_algorithm();
}

/// Keys in hardware are on P-256, and Ed25519 has two names: a reader takes all three.
fn a_proctor_may_sign_by_another_algorithm() {
    let (g, payload) = (ground(), Forge::new().payload());
    let [a, b, site] = [&g.proctors[0], &g.proctors[1], &g.site].map(|holder| entry(Typ::Seal, &payload, holder));
    let sign = |alg, certificate: &Certificate, sign: &dyn Fn(&[u8]) -> [u8; 64]| {
        let protected = jws::protected(alg, Typ::Seal, &certificate.thumbprint());
        let signature = sign(&jws::signing_input(&protected, &payload));
        Entry::new(alg, Typ::Seal, certificate.der().to_vec(), signature)
    };
    let named = sign(Alg::Ed25519, &g.proctors[1].certificate, &|input| g.proctors[1].key.sign(input));
    assert_eq!(with(vec![a.clone(), named, site.clone()]).codes(), "", "the name of RFC 9864");

    let (rng, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &rng).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &rng).unwrap();
    // SubjectPublicKeyInfo of P-256, RFC 5480.
    let head =
        b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
    let key_info = [&head[..], key.public_key().as_ref()].concat();
    let certificate = g.authority.certify(&key_info, ("wang", SITE), Role::Proctor, normal());
    let raw = |input: &[u8]| <[u8; 64]>::try_from(key.sign(&rng, input).unwrap().as_ref()).unwrap();
    let es256 = sign(Alg::Es256, &certificate, &raw);
    assert_eq!(with(vec![a.clone(), es256.clone(), site.clone()]).codes(), "", "P-256");
    let misnamed = Entry::new(Alg::EdDsa, Typ::Seal, certificate.der().to_vec(), *es256.signature());
    assert_eq!(with(vec![a.clone(), misnamed, site.clone()]).codes(), "KD-V-21 KD-V-31", "under another name");
    let stale = sign(Alg::Es256, &certificate, &|_| raw(b"another"));
    assert_eq!(with(vec![a.clone(), stale, site.clone()]).codes(), "KD-V-21 KD-V-31", "of another text");
    let zeros = Entry::new(Alg::Es256, Typ::Seal, certificate.der().to_vec(), [0; 64]);
    assert_eq!(with(vec![a, b, zeros, site]).codes(), "KD-V-21", "all zeros");
}
