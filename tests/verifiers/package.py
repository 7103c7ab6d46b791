"""A sealed package as foreign readers get at it: zipfile and the age command, nothing of kaodian.

The forms that sealing.md asks of archives are verify.sh's and kaodian's to check; here only what the readers need.
"""

import base64
import inspect
import io
import json
import subprocess
import sys
import zipfile

MOST = 64 << 20


class Bad(Exception):
    """Why a package is refused."""


def members(data, names):
    """The named members of an archive, at most MOST bytes of each."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sorted(archive.namelist()) != sorted(names):
            raise Bad("expected the members of a package, found others")
        return {name: archive.open(name).read(MOST) for name in names}


def read(path, identity):
    """The members of the outer and the inner archive."""
    with open(path, "rb") as file:
        outer = members(file.read(MOST), ["mimetype", "envelope.jws.json", "sealed.zip.age"])
    opened = subprocess.run(["age", "-d", "-i", identity], input=outer["sealed.zip.age"], capture_output=True, check=False)
    if opened.returncode != 0:
        raise Bad("expected a whole age file for this identity, found another")
    files = ["attendance.jsonl", "incidents.jsonl", "journal.jsonl", "ledger.jsonl", "policy.toml", "results.jsonl"]
    return outer, members(opened.stdout, [*files, "mimetype", "seal.jws.json"])


def payload(jws):
    """The signed bytes of a signature file, read as JSON."""
    text = jws["payload"]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def main(check, usage):
    """Runs a check with the command line's arguments: one line, exit 1 with the reason, 2 for usage."""
    try:
        inspect.signature(check).bind(*sys.argv[1:])
    except TypeError:
        print(f"usage: {usage}", file=sys.stderr)
        sys.exit(2)
    try:
        print(f"ok: {check(*sys.argv[1:])}")
    except Exception as error:  # whatever a hostile package makes a library raise, the answer is no
        print(f"refused: {type(error).__name__}: {error}".splitlines()[0])
        sys.exit(1)
