// Reads the signatures of a package with npm jose: jws.mjs PACKAGE ROOT.pem IDENTITY.age [ARC]
//
// Every entry is checked alone, as a flattened JWS by its own certificate's key, because generalVerify is content with the
// first good signature; then roles are counted. unzip and age open the archives. jose lies under target/: see setup.

import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { flattenedVerify } = createRequire(new URL("../../target/verifiers/", import.meta.url))("jose");

const DEMO_ARC = "1.3.6.1.4.1.32473.1";
const ALGORITHMS = { ed25519: ["EdDSA", "Ed25519"], ec: ["ES256"] };
const PIPED = { maxBuffer: 64 << 20, stdio: ["pipe", "pipe", "ignore"] };

const member = (archive, name) => execFileSync("unzip", ["-p", archive, name], PIPED);

// unzip wants a file: the decrypted archive lies in a private directory for that moment.
function innerMember(archive, name) {
  const directory = mkdtempSync(join(tmpdir(), "kaodian-jws-"));
  try {
    const path = join(directory, "inner.zip");
    writeFileSync(path, archive, { mode: 0o600 });
    return member(path, name);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

function refuse(reason) {
  throw new Error(reason);
}

async function signer(file, entry, typ, root, arc) {
  const certificate = new X509Certificate(Buffer.from(entry.header.x5c[0], "base64"));
  if (!certificate.checkIssued(root) || !certificate.verify(root.publicKey)) refuse("expected a certificate of this root, found another's");
  const key = certificate.publicKey;
  const algorithms = ALGORITHMS[key.asymmetricKeyType] ?? refuse("expected a key of Ed25519 or P-256, found another");

  const { protectedHeader } = await flattenedVerify({ payload: file.payload, ...entry }, key, { algorithms });
  const thumbprint = base64url(createHash("sha256").update(certificate.raw).digest());
  if (protectedHeader.typ !== typ) refuse(`expected typ ${typ}, found another kind of file`);
  if (protectedHeader["x5t#S256"] !== thumbprint) refuse("expected the thumbprint of x5c, found another digest");

  const usages = (certificate.keyUsage ?? []).join();
  const role = { [`${arc}.1`]: "site", [`${arc}.2`]: "proctor" }[usages] ?? refuse("expected the role site or proctor, found another");
  return { role, key: base64url(key.export({ type: "spki", format: "der" })) };
}

async function check(pkg, rootPem, identity, arc = DEMO_ARC) {
  const root = new X509Certificate(readFileSync(rootPem));
  const envelope = JSON.parse(member(pkg, "envelope.jws.json"));
  const opened = execFileSync("age", ["-d", "-i", identity], { ...PIPED, input: member(pkg, "sealed.zip.age") });
  const sealBytes = innerMember(opened, "seal.jws.json");

  const [site, ...more] = await Promise.all(envelope.signatures.map((entry) => signer(envelope, entry, "exam-seal-envelope+jws", root, arc)));
  if (site?.role !== "site" || more.length > 0) refuse("expected an envelope signed by the site alone, found another");
  const { seal_sha256 } = JSON.parse(Buffer.from(envelope.payload, "base64url"));
  if (seal_sha256 !== createHash("sha256").update(sealBytes).digest("hex")) refuse("expected the envelope's seal_sha256, found another digest");

  const seal = JSON.parse(sealBytes);
  const signers = await Promise.all(seal.signatures.map((entry) => signer(seal, entry, "exam-seal+jws", root, arc)));
  const count = (role) => signers.filter((signer) => signer.role === role).length;
  if (new Set(signers.map((signer) => signer.key)).size !== signers.length) refuse("expected a different key for each signature, found one twice");
  if (count("site") !== 1 || count("proctor") < 2) refuse(`expected one site and two proctors, found ${count("site")} and ${count("proctor")}`);
  return `envelope by the site, manifest by ${count("site")} site and ${count("proctor")} proctors, each checked alone`;
}

const args = process.argv.slice(2);
if (args.length < 3 || args.length > 4) {
  console.error("usage: jws.mjs PACKAGE ROOT.pem IDENTITY.age [ARC]");
  process.exit(2);
}
try {
  console.log(`ok: ${await check(...args)}`);
} catch (error) {
  console.log(`refused: ${String(error.message).split("\n")[0]}`);
  process.exitCode = 1;
}
