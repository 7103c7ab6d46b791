//! The same form as openssl has it: it reads what we write, and we take what it signs.

use super::*;
use std::path::Path;
use std::process::Command;

/// Runs openssl in a directory and returns what it printed; it must succeed.
fn openssl(dir: &Path, arguments: &str) -> String {
    let run = Command::new("openssl").args(arguments.split_whitespace()).current_dir(dir).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "openssl {arguments}: {said}");
    said
}

fn write(dir: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(dir.join(name), bytes).unwrap();
}

#[test]
#[ignore = "needs openssl"]
fn openssl_accepts_what_we_sign() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let ca = Ca::demo();
    let wang = key();
    let certificate = ca.issue(&wang, "wang", SITE, Role::Proctor);
    write(dir, "root.pem", ca.root.pem());
    write(dir, "wang.pem", certificate.pem());
    write(dir, "wang.csr", csr(&wang, "wang", SITE).unwrap());
    let crl = Crl::parse(&ca.crl(&[(&[9], DAY, Reason::KeyCompromise)]), &ca.anchors()).unwrap();
    write(dir, "crl.pem", crl.pem());
    let at = DAY + 1;
    openssl(dir, &format!("verify -x509_strict -attime {at} -CAfile root.pem root.pem"));
    openssl(dir, &format!("verify -x509_strict -attime {at} -CAfile root.pem -purpose any wang.pem"));
    openssl(dir, &format!("verify -attime {at} -CAfile root.pem -CRLfile crl.pem -crl_check -purpose any wang.pem"));
    assert!(openssl(dir, "crl -verify -CAfile root.pem -noout -in crl.pem").contains("verify OK"));
    assert!(openssl(dir, "req -verify -noout -in wang.csr").contains("verify OK"));
    let text = openssl(dir, "x509 -in wang.pem -noout -text");
    for line in ["1.3.6.1.4.1.32473.1.2", "Digital Signature, Non Repudiation", "CA:FALSE"] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

const EXTENSIONS: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n\
    extendedKeyUsage=1.3.6.1.4.1.32473.1.1\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// An authority made by openssl alone, with Ed25519 and with P-256, issues for our request.
#[test]
#[ignore = "needs openssl"]
fn we_accept_what_openssl_signs() {
    for (algorithm, curve) in [("ED25519", ""), ("EC", "-pkeyopt ec_paramgen_curve:P-256")] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        openssl(dir, &format!("genpkey -algorithm {algorithm} {curve} -out ca.key"));
        openssl(
            dir,
            "req -x509 -new -key ca.key -days 3650 -subj /O=EX-ORG-A/CN=root -out root.pem \
             -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign",
        );
        let site = key();
        write(dir, "site.csr", csr(&site, SITE, SITE).unwrap());
        write(dir, "site.ext", EXTENSIONS);
        openssl(
            dir,
            "x509 -req -in site.csr -CA root.pem -CAkey ca.key -set_serial 0x1234 -days 365 -extfile site.ext \
             -out site.pem",
        );
        let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
        let root = Certificate::parse(&read("root.pem")).unwrap();
        let now = root.not_before() + 60;
        let anchors = Anchors::new(root, Arc::demo()).unwrap();
        let certificate = Certificate::parse(&read("site.pem")).unwrap();
        assert_eq!(anchors.check(&certificate, Role::Site, now), Ok(()), "{algorithm}");
        assert_eq!(certificate.serial(), [0x12, 0x34]);

        // `openssl ca` for the list: with and without a number.
        let config = "[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=default\n\
            certificate=root.pem\nprivate_key=ca.key\ndefault_crl_days=30\ncrl_extensions=e\n\
            [e]\nauthorityKeyIdentifier=keyid\n";
        write(dir, "ca.cnf", config);
        write(dir, "index.txt", "");
        write(dir, "number", "01\n");
        openssl(dir, "ca -config ca.cnf -revoke site.pem -crl_reason keyCompromise");
        openssl(dir, "ca -config ca.cnf -gencrl -out crl.pem");
        let list = Crl::parse(&read("crl.pem"), &anchors).unwrap();
        assert_eq!(list.find(certificate.serial()).unwrap().reason, Reason::KeyCompromise, "{algorithm}");

        write(dir, "ca.cnf", config.replace("crlnumber=number\n", ""));
        openssl(dir, "ca -config ca.cnf -gencrl -out crl.pem");
        assert_eq!(Crl::parse(&read("crl.pem"), &anchors), Err(ChainError::Crl { expected: "with a number" }));
        write(dir, "ca.cnf", config.replace("crlnumber=number\n", "").replace("crl_extensions=e\n", ""));
        openssl(dir, "ca -config ca.cnf -gencrl -out crl.pem");
        assert!(matches!(Crl::parse(&read("crl.pem"), &anchors), Err(ChainError::Crl { .. })), "version 1");
    }
}
