use super::issue::{self, Issuer, Subject, Validity};
use super::samples::{Ca, DAY, SITE, YEARS, key, key_info};
use super::*;
use crate::proof::jws::Alg;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CrlIssuingDistributionPoint, CrlScope, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod,
    KeyPair, KeyUsagePurpose, PublicKeyData as _, RevokedCertParams, SerialNumber,
};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

mod openssl;

type Change = fn(&mut CertificateParams);

const OU: [u64; 4] = [2, 5, 4, 11];

fn eku(role: Role) -> ExtendedKeyUsagePurpose {
    ExtendedKeyUsagePurpose::Other(Arc::demo().role_components(role))
}

#[test]
fn a_certificate_says_what_was_asked_for() {
    let ca = Ca::demo();
    let wang = key();
    let certificate = ca.issue(&wang, "wang", SITE, Role::Proctor);
    assert_eq!((certificate.cn(), certificate.ou(), certificate.o()), (Some("wang"), Some(SITE), None));
    assert_eq!(certificate.subject(), "OU=EX-SITE-01, CN=wang");
    assert_eq!((certificate.not_before(), certificate.not_after()), (YEARS.from, YEARS.until));
    assert_eq!(certificate.public_key(), &PublicKey::Ed25519(wang.public()));
    assert_eq!(certificate.serial().len(), 16);
    assert_eq!(certificate.role(&Arc::demo()), Some(Role::Proctor));
    assert_eq!(Certificate::parse(certificate.pem().as_bytes()).unwrap(), certificate);
    assert_eq!(format!("{certificate:?}"), format!("Certificate({})", certificate.thumbprint()));
    let root = &ca.root;
    assert_eq!((root.o(), root.ou(), root.cn()), (Some("EX-ORG-A"), Some("DEMO"), Some("示例评价组织")));
}

#[test]
fn every_role_passes_for_itself_and_for_no_other() {
    let ca = Ca::demo();
    let anchors = ca.anchors();
    for role in Role::ALL {
        let certificate = ca.issue(&key(), "x", SITE, role);
        for asked in Role::ALL {
            let expected =
                if asked == role { Ok(()) } else { Err(ChainError::Role { expected: asked, found: Some(role) }) };
            assert_eq!(anchors.check(&certificate, asked, DAY), expected, "{role} as {asked}");
        }
    }
}

/// Sealing-time checks count both ends of a certificate's life in, as openssl does.
#[test]
fn a_certificate_is_valid_from_its_first_second_to_its_last() {
    let ca = Ca::demo();
    let certificate = ca.issue(&key(), SITE, SITE, Role::Site);
    let at = |at| ca.anchors().check(&certificate, Role::Site, at);
    assert_eq!((at(YEARS.from), at(YEARS.until)), (Ok(()), Ok(())));
    let what = "certificate";
    let early = YEARS.from - 1;
    assert_eq!(at(early), Err(ChainError::NotYet { what, at: early, from: YEARS.from }));
    assert_eq!(at(-1), Err(ChainError::NotYet { what, at: -1, from: YEARS.from }));
    let late = YEARS.until + 1;
    let expired = ChainError::Expired { what, at: late, until: YEARS.until };
    assert_eq!(at(late), Err(expired.clone()));
    assert_eq!(
        expired.to_string(),
        "expected a certificate valid at 2027-11-24T00:00:01Z, found one valid until 2027-11-24T00:00:00Z"
    );
}

#[test]
fn a_flawed_certificate_is_refused_for_its_flaw() {
    let ca = Ca::demo();
    let role = |found| ChainError::Role { expected: Role::Site, found };
    let profile = |expected| ChainError::Profile { expected };
    let table: [(&str, Change, ChainError); 12] = [
        ("no_role", |c| c.extended_key_usages.clear(), role(None)),
        ("two_roles", |c| c.extended_key_usages.push(eku(Role::Proctor)), role(None)),
        ("a_number_without_a_role", |c| c.extended_key_usages = other(&[9]), role(None)),
        ("a_number_below_the_role", |c| c.extended_key_usages = other(&[1, 1]), role(None)),
        ("wrong_arc", |c| c.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(vec![2, 999, 1])], role(None)),
        ("any_purpose", |c| c.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any], role(None)),
        ("tls_server", |c| c.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth], role(None)),
        ("an_authority", |c| c.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)), profile("CA:FALSE")),
        ("no_basic_constraints", |c| c.is_ca = IsCa::NoCa, profile("CA:FALSE")),
        (
            "may_only_encrypt",
            |c| c.key_usages = vec![KeyUsagePurpose::KeyEncipherment],
            profile("digitalSignature among its key usages"),
        ),
        (
            "two_sites",
            |c| c.distinguished_name.push(DnType::CustomDnType(OU.to_vec()), "EX-SITE-02"),
            profile("one organisational unit"),
        ),
        (
            "critical_extension",
            |c| {
                let mut odd = CustomExtension::from_oid_content(&[2, 999, 7], vec![5, 0]);
                odd.set_criticality(true);
                c.custom_extensions.push(odd);
            },
            profile("basicConstraints and keyUsage as its only critical extensions"),
        ),
    ];
    let anchors = ca.anchors();
    for (flaw, change, expected) in table {
        assert_eq!(anchors.check(&ca.flawed(change), Role::Site, DAY), Err(expected), "{flaw}");
    }
    for (attribute, missing) in
        [(DnType::CommonName, "one common name"), (DnType::OrganizationalUnitName, "one organisational unit")]
    {
        let certificate = ca.flawed(|c| assert!(c.distinguished_name.remove(attribute)));
        assert_eq!(anchors.check(&certificate, Role::Site, DAY), Err(profile(missing)));
    }
    assert_eq!(anchors.check(&ca.flawed(|_| ()), Role::Site, DAY), Ok(()), "without a change it is good");
}

fn other(below: &[u64]) -> Vec<ExtendedKeyUsagePurpose> {
    vec![ExtendedKeyUsagePurpose::Other([&[1, 3, 6, 1, 4, 1, 32473, 1], below].concat())]
}

#[test]
fn another_root_vouches_for_nothing() {
    let (ours, foreign) = (Ca::demo(), Ca::demo());
    let certificate = foreign.issue(&key(), SITE, SITE, Role::Site);
    // Same name, other key: a demo's root of yesterday.
    let found = ours.anchors().check(&certificate, Role::Site, DAY);
    assert_eq!(found, Err(ChainError::IssuerSignature { what: "certificate" }));
    let other_key = key();
    let root = issue::root(&other_key, "EX-ORG-B", "another", false, [1; 16], YEARS).unwrap();
    let other = Ca { key: other_key, root };
    let certificate = other.issue(&key(), SITE, SITE, Role::Site);
    let found = ours.anchors().check(&certificate, Role::Site, DAY);
    assert_eq!(found, Err(ChainError::Issuer { what: "certificate" }));
    assert!(ours.anchors().is_demo() && !other.anchors().is_demo());
    assert_eq!(ours.anchors().check(&ours.root, Role::Site, DAY), Err(ChainError::Profile { expected: "CA:FALSE" }));
}

#[test]
fn a_root_that_has_run_out_vouches_for_nothing() {
    let signer = key();
    let until = DAY - 1;
    let root = issue::root(&signer, "EX-ORG-A", "x", true, [1; 16], Validity { from: YEARS.from, until }).unwrap();
    let ca = Ca { key: signer, root };
    let certificate = ca.issue(&key(), SITE, SITE, Role::Site);
    let found = ca.anchors().check(&certificate, Role::Site, DAY);
    assert_eq!(found, Err(ChainError::Expired { what: "root certificate", at: DAY, until }));
}

#[test]
fn an_unfit_root_is_no_anchor() {
    let ca = Ca::demo();
    let signer = request::X509Signer::new(&ca.key);
    let self_signed = |change: &dyn Fn(&mut CertificateParams)| {
        let mut wanted = samples::site_params();
        wanted.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        wanted.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        change(&mut wanted);
        Certificate::parse(wanted.self_signed(&signer).unwrap().der()).unwrap()
    };
    let unfit = |root| Anchors::new(root, Arc::demo()).map(drop);
    let expected = |expected| Err(ChainError::Root { expected });
    assert_eq!(unfit(self_signed(&|_| ())), Ok(()));
    assert_eq!(unfit(self_signed(&|c| c.is_ca = IsCa::ExplicitNoCa)), expected("is a certificate authority"));
    let no_crl = self_signed(&|c| c.key_usages = vec![KeyUsagePurpose::KeyCertSign]);
    assert_eq!(unfit(no_crl), expected("may sign certificates and revocation lists"));
    let below = ca.flawed(|c| {
        c.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        c.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    });
    assert_eq!(unfit(below), expected("is signed by itself"));
    let stranger = key();
    assert!(matches!(Issuer::new(&ca.root, &stranger), Err(ChainError::Root { expected: "has this private key" })));
}

#[test]
fn no_changed_byte_passes() {
    let ca = Ca::demo();
    let anchors = ca.anchors();
    let good = ca.issue(&key(), SITE, SITE, Role::Site);
    for at in 0..good.der().len() {
        let mut bytes = good.der().to_vec();
        bytes[at] ^= 1;
        let accepted = Certificate::parse(&bytes).is_ok_and(|c| anchors.check(&c, Role::Site, DAY).is_ok());
        assert!(!accepted, "byte {at}");
        assert!(Certificate::parse(&good.der()[..at]).is_err(), "cut at {at}");
    }
    let crl = ca.crl(&[(good.serial(), DAY, Reason::Superseded)]);
    for at in 0..crl.len() {
        let mut bytes = crl.clone();
        bytes[at] ^= 1;
        assert!(Crl::parse(&bytes, &anchors).is_err(), "byte {at}");
        assert!(Crl::parse(&crl[..at], &anchors).is_err(), "cut at {at}");
    }
}

#[test]
fn what_is_no_certificate_is_refused_by_its_form() {
    let ca = Ca::demo();
    let pem = ca.root.pem();
    let found = |bytes: &[u8]| match Certificate::parse(bytes) {
        Err(ChainError::Malformed { what: "certificate", found }) => found,
        other => panic!("{other:?}"),
    };
    assert_eq!(found(b""), "none");
    assert_eq!(found(b"garbage"), "none");
    assert_eq!(found(format!("{pem}{pem}").as_bytes()), "several");
    assert_eq!(found(pem.replace("-----END", "----END").as_bytes()), "a damaged one");
    assert_eq!(found(pem.replacen("MII", "M!I", 1).as_bytes()), "a damaged one");
    assert_eq!(found(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "a damaged one");
    assert_eq!(found(&[ca.root.der(), &[0]].concat()), "a damaged one");
    assert_eq!(found(&vec![b'\n'; MOST_BYTES + 1]), "more than 1 MiB");
    assert_eq!(found(csr(&ca.key, "x", "y").unwrap().as_bytes()), "none");
    let with_text = format!("Certificate:\n    Data:\n{pem}");
    assert_eq!(Certificate::parse(with_text.as_bytes()).unwrap(), ca.root);
}

#[test]
fn keys_of_other_kinds_are_refused() {
    let other = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let certificate = samples::site_params().self_signed(&other).unwrap();
    assert_eq!(Certificate::parse(certificate.der()), Err(ChainError::Key));
    let request = samples::site_params().serialize_request(&other);
    assert!(request.is_err() || Request::parse(request.unwrap().der()) == Err(ChainError::Key));
}

#[test]
fn a_signature_counts_with_the_algorithm_of_its_key() {
    let ca = Ca::demo();
    let wang = key();
    let certificate = ca.issue(&wang, "wang", SITE, Role::Proctor);
    let signature = wang.sign(b"manifest");
    for alg in [Alg::EdDsa, Alg::Ed25519] {
        assert_eq!(certificate.verify(alg, b"manifest", &signature), Ok(()));
    }
    let unfit = ChainError::Signature { expected: "with the algorithm of the certificate's key" };
    let wrong = ChainError::Signature { expected: "by the certificate's key over these bytes" };
    assert_eq!(certificate.verify(Alg::Es256, b"manifest", &signature), Err(unfit.clone()));
    assert_eq!(certificate.verify(Alg::EdDsa, b"manifesto", &signature), Err(wrong.clone()));
    assert_eq!(certificate.verify(Alg::EdDsa, b"manifest", &signature[..63]), Err(wrong.clone()));

    // P-256: raw r ‖ s, below an Ed25519 root.
    let rng = SystemRandom::new();
    let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let subject = Subject { cn: "li", ou: SITE, key_info: &pair.subject_public_key_info(), role: Role::Proctor };
    let certificate = ca.issuer().certificate(&Arc::demo(), &subject, [3; 16], YEARS).unwrap();
    assert_eq!(ca.anchors().check(&certificate, Role::Proctor, DAY), Ok(()));
    let p256 = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pair.serialize_der(), &rng).unwrap();
    let signature = p256.sign(&rng, b"manifest").unwrap();
    assert_eq!(certificate.verify(Alg::Es256, b"manifest", signature.as_ref()), Ok(()));
    assert_eq!(certificate.verify(Alg::Es256, b"manifesto", signature.as_ref()), Err(wrong));
    assert_eq!(certificate.verify(Alg::EdDsa, b"manifest", signature.as_ref()), Err(unfit));
}

#[test]
fn a_revocation_counts_by_reason_and_date() {
    use Reason::{CessationOfOperation, KeyCompromise, Superseded, Unspecified};
    for (reason, at, rejects) in [
        (KeyCompromise, DAY + 9, true),
        (KeyCompromise, DAY - 9, true),
        (Unspecified, DAY + 9, true),
        (Superseded, DAY + 1, false),
        (Superseded, DAY, true),
        (CessationOfOperation, DAY - 1, true),
        (CessationOfOperation, DAY + 9, false),
    ] {
        assert_eq!(Revocation { at, reason }.rejects(DAY), rejects, "{reason} at {at}");
    }
}

#[test]
fn a_list_answers_for_each_serial_number() {
    let ca = Ca::demo();
    let list = ca.crl(&[(&[0x80, 1], DAY, Reason::Unspecified), (&[7], DAY - 5, Reason::KeyCompromise)]);
    let list = Crl::parse(&list, &ca.anchors()).unwrap();
    assert_eq!(list.find(&[0x80, 1]), Some(Revocation { at: DAY, reason: Reason::Unspecified }));
    assert_eq!(list.find(&[0, 7]), Some(Revocation { at: DAY - 5, reason: Reason::KeyCompromise }));
    assert_eq!(list.find(&[8]), None);
    assert_eq!((list.number(), list.this_update(), list.next_update()), (&[1][..], DAY, DAY + 2_592_000));
    assert_eq!(list.entries().count(), 2);
    assert_eq!(Crl::parse(list.pem().as_bytes(), &ca.anchors()).unwrap(), list);
    assert_eq!(Crl::parse(&ca.crl(&[]), &ca.anchors()).unwrap().entries().count(), 0);
    for reason in Reason::ALL {
        let list = Crl::parse(&ca.crl(&[(&[1], DAY, reason)]), &ca.anchors()).unwrap();
        assert_eq!(list.find(&[1]).map(|r| r.reason), Some(reason));
        assert_eq!(Reason::parse(reason.as_str()), Some(reason));
    }
}

#[test]
fn a_flawed_list_is_refused_for_its_flaw() {
    let (ca, foreign) = (Ca::demo(), Ca::demo());
    let what = "revocation list";
    assert_eq!(Crl::parse(&foreign.crl(&[]), &ca.anchors()), Err(ChainError::IssuerSignature { what }));
    let other_key = key();
    let root = issue::root(&other_key, "EX-ORG-B", "another", false, [1; 16], YEARS).unwrap();
    let other = Ca { key: other_key, root };
    assert_eq!(Crl::parse(&other.crl(&[]), &ca.anchors()), Err(ChainError::Issuer { what }));
    let twice = ca.crl(&[(&[7], DAY, Reason::Superseded), (&[7], DAY - 1, Reason::Superseded)]);
    assert_eq!(Crl::parse(&twice, &ca.anchors()), Err(ChainError::Crl { expected: "that names a serial number once" }));
    assert_eq!(Crl::parse(b"", &ca.anchors()), Err(ChainError::Malformed { what, found: "none" }));
    assert_eq!(Crl::parse(ca.root.der(), &ca.anchors()), Err(ChainError::Malformed { what, found: "a damaged one" }));

    let authorities_only = CertificateRevocationListParams {
        this_update: time::OffsetDateTime::from_unix_timestamp(DAY).unwrap(),
        next_update: time::OffsetDateTime::from_unix_timestamp(DAY + 9).unwrap(),
        crl_number: SerialNumber::from_slice(&[1]),
        issuing_distribution_point: Some(CrlIssuingDistributionPoint {
            distribution_point: CrlDistributionPoint { uris: vec!["http://example.org/crl".to_owned()] },
            scope: Some(CrlScope::CaCertsOnly),
        }),
        revoked_certs: Vec::<RevokedCertParams>::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let signer = request::X509Signer::new(&ca.key);
    let issuer = rcgen::Issuer::from_ca_cert_der(&ca.root.der().into(), signer).unwrap();
    let partial = authorities_only.signed_by(&issuer).unwrap();
    let expected = "for every certificate of the root";
    assert_eq!(Crl::parse(partial.der(), &ca.anchors()), Err(ChainError::Crl { expected }));
}

#[test]
fn a_request_is_taken_from_the_holder_of_its_key() {
    let wang = key();
    let pem = csr(&wang, "wang", SITE).unwrap();
    let request = Request::parse(pem.as_bytes()).unwrap();
    assert_eq!((request.cn.as_str(), request.ou.as_str()), ("wang", SITE));
    assert_eq!(request.key, PublicKey::Ed25519(wang.public()));
    assert_eq!(request.key_info, key_info(&wang));

    let asked = |change: &dyn Fn(&mut CertificateParams)| {
        let mut wanted = CertificateParams::default();
        wanted.distinguished_name.push(DnType::CommonName, "wang");
        wanted.distinguished_name.push(DnType::OrganizationalUnitName, SITE);
        change(&mut wanted);
        Request::parse(wanted.serialize_request(&request::X509Signer::new(&wang)).unwrap().der())
    };
    assert!(asked(&|_| ()).is_ok());
    let expected = ChainError::Request { expected: "whose subject is one CN and one OU" };
    for change in [
        &(|c: &mut CertificateParams| c.distinguished_name.push(DnType::CountryName, "CN")) as &dyn Fn(&mut _),
        &|c: &mut CertificateParams| c.distinguished_name.push(DnType::CustomDnType(OU.to_vec()), "EX-SITE-02"),
        &|c: &mut CertificateParams| assert!(c.distinguished_name.remove(DnType::CommonName)),
    ] {
        assert_eq!(asked(change), Err(expected.clone()));
    }
    let der = pem::REQUEST.der::<rustls_pki_types::CertificateSigningRequestDer<'_>>(pem.as_bytes()).unwrap();
    for at in 0..der.len() {
        let mut bytes = der.clone();
        bytes[at] ^= 1;
        // Bytes around the signed ones have more than one reading; none asks for something else.
        assert!(
            Request::parse(&bytes).is_ok_and(|found| found == request) || Request::parse(&bytes).is_err(),
            "byte {at}"
        );
    }
}
