//! What ordinary tools take for the same bytes.

use super::day::ClosedDay;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A directory with the inner files, keys and a package taken apart.
pub struct Pipeline {
    dir: PathBuf,
    /// Bytes of the inner files.
    pub raw: usize,
}

/// Files of the inner archive, one signature of the manifest three times, and the envelope's.
const SEAL: &str = "rm -f inner.zip sealed.age && zip -q -X inner.zip in/* && sha256sum in/* > sums \
    && for i in 1 2 3; do openssl pkeyutl -sign -rawin -inkey key.pem -in manifest -out sig$i; done \
    && age -R recipients -o sealed.age inner.zip && sha256sum sealed.age > outer.sum \
    && openssl pkeyutl -sign -rawin -inkey key.pem -in manifest -out sig4 && sync sealed.age";

const VERIFY: &str = "rm -rf out plain.zip && sha256sum -c --quiet outer.sum \
    && openssl pkeyutl -verify -rawin -pubin -inkey key.pub -in manifest -sigfile sig4 >/dev/null \
    && age -d -i identity.age -o plain.zip sealed.age && unzip -q plain.zip -d out && (cd out && sha256sum -c --quiet ../sums) \
    && for i in 1 2 3; do openssl pkeyutl -verify -rawin -pubin -inkey key.pub -in manifest -sigfile sig$i >/dev/null; done";

impl Pipeline {
    /// Lays the same bytes out for the shell.
    pub fn lay(dir: &Path, day: &ClosedDay, package: &[u8]) -> Self {
        fs::create_dir_all(dir.join("in")).unwrap();
        let frozen = day.frozen();
        for (file, packed) in frozen.files() {
            fs::write(dir.join("in").join(file.name()), packed.bytes()).unwrap();
        }
        fs::write(dir.join("manifest"), frozen.manifest_bytes()).unwrap();
        fs::write(dir.join("package"), package).unwrap();
        fs::copy(day.dir.join("org/identity.age"), dir.join("identity.age")).unwrap();
        fs::write(dir.join("recipients"), frozen.manifest().recipients.join("\n")).unwrap();
        let raw = frozen.files().iter().map(|(_, packed)| packed.bytes().len()).sum();
        let pipeline = Self { dir: dir.to_owned(), raw };
        pipeline
            .shell("openssl genpkey -algorithm ed25519 -out key.pem && openssl pkey -in key.pem -pubout -out key.pub");
        pipeline.seal();
        pipeline
    }

    /// Everything that sealing asks of the tools.
    pub fn seal(&self) {
        self.shell(SEAL);
    }

    /// Everything that checking asks of them.
    pub fn verify(&self) {
        self.shell(VERIFY);
    }

    fn shell(&self, script: &str) {
        let status = Command::new("bash")
            .args(["-e", "-c", script])
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "{script}");
    }
}
