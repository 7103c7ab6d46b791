"""Reads the signatures of a package with joserfc: jws.py PACKAGE ROOT.pem IDENTITY.age [ARC]

Every entry is checked alone, as a flattened JWS by its own certificate's key; then roles are counted.
"""

import base64
import hashlib
import json
import sys
import warnings
from collections import Counter

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwk, jws
from joserfc.errors import SecurityWarning

sys.dont_write_bytecode = True  # nothing is written beside the sources
import package  # noqa: E402
from package import Bad  # noqa: E402

# joserfc asks writers to move from EdDSA to Ed25519 (RFC 9864); readers take both.
warnings.simplefilter("ignore", SecurityWarning)

DEMO_ARC = "1.3.6.1.4.1.32473.1"
KINDS = {"EdDSA": jwk.OKPKey, "Ed25519": jwk.OKPKey, "ES256": jwk.ECKey}


def signer(file, entry, typ, root, arc):
    """Role and public key of the one who made this entry."""
    der = base64.b64decode(entry["header"]["x5c"][0], validate=True)
    certificate = x509.load_der_x509_certificate(der)
    certificate.verify_directly_issued_by(root)
    key = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    protected = json.loads(base64.urlsafe_b64decode(entry["protected"] + "=" * (-len(entry["protected"]) % 4)))
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    if protected["typ"] != typ or protected["x5t#S256"] != thumbprint:
        raise Bad(f"expected typ {typ} and the thumbprint of x5c, found others")
    flattened = {"payload": file["payload"], **entry}
    jws.deserialize_json(flattened, KINDS[protected["alg"]].import_key(key), algorithms=list(KINDS))

    usages = [usage.dotted_string for usage in certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value]
    role = {(f"{arc}.1",): "site", (f"{arc}.2",): "proctor"}.get(tuple(usages))
    if role is None:
        raise Bad("expected the role site or proctor, found another")
    return role, key


def check(path, root_pem, identity, arc=DEMO_ARC):
    with open(root_pem, "rb") as file:
        root = x509.load_pem_x509_certificate(file.read())
    outer, inner = package.read(path, identity)

    envelope = json.loads(outer["envelope.jws.json"])
    roles = [signer(envelope, entry, "exam-seal-envelope+jws", root, arc)[0] for entry in envelope["signatures"]]
    if roles != ["site"]:
        raise Bad(f"expected an envelope signed by the site, found {roles}")
    if package.payload(envelope)["seal_sha256"] != hashlib.sha256(inner["seal.jws.json"]).hexdigest():
        raise Bad("expected the envelope's seal_sha256, found another digest")

    seal = json.loads(inner["seal.jws.json"])
    signers = [signer(seal, entry, "exam-seal+jws", root, arc) for entry in seal["signatures"]]
    count = Counter(role for role, _ in signers)
    if len({key for _, key in signers}) != len(signers):
        raise Bad("expected a different key for each signature, found one twice")
    if count["site"] != 1 or count["proctor"] < 2:
        raise Bad(f"expected one site and two proctors, found {dict(count)}")
    return f"envelope by the site, manifest by {count['site']} site and {count['proctor']} proctors, each checked alone"


if __name__ == "__main__":
    package.main(check, "jws.py PACKAGE ROOT.pem IDENTITY.age [ARC]")
