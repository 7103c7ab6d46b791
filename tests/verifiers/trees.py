"""Computes the trees of a package with pymerkle and cbor2: trees.py PACKAGE IDENTITY.age

The tree of all journal lines, that of each desk, and the record tree, whose leaves are deterministic CBOR:
[2, cand, room, seat, t, salt, SHA-256(line)] for each admission, then [1, cand, composite or null, salt, SHA-256(line)] for
each result. A line counts without its LF.
"""

import base64
import hashlib
import json
import sys

import cbor2
from pymerkle import InmemoryTree

sys.dont_write_bytecode = True  # nothing is written beside the sources
import package  # noqa: E402
from package import Bad  # noqa: E402


def root(leaves):
    tree = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        tree.append_entry(leaf)
    return tree.get_root().hex() if leaves else hashlib.sha256(b"").hexdigest()


def lines(data):
    if data and not data.endswith(b"\n"):
        raise Bad("expected lines that end with LF, found a last one without")
    return data.split(b"\n")[:-1]


def same(what, expected, size, leaves):
    if size != len(leaves):
        raise Bad(f"{what}: expected {size} leaves, found {len(leaves)}")
    found = root(leaves)
    if found != expected:
        raise Bad(f"{what}: expected root {expected}, found {found}")


def attendance(line):
    event = json.loads(line)
    fields = event["d"]
    salt, digest = bytes.fromhex(fields["salt"]), hashlib.sha256(line).digest()
    leaf = [2, fields["cand"], fields["room"], fields["seat"], event["t"], salt, digest]
    return cbor2.dumps(leaf, canonical=True)


def result(line):
    fields = json.loads(line)
    salt, digest = base64.urlsafe_b64decode(fields["salt"] + "=="), hashlib.sha256(line).digest()
    return cbor2.dumps([1, fields["cand"], fields.get("composite"), salt, digest], canonical=True)


def check(path, identity):
    _, inner = package.read(path, identity)
    manifest = package.payload(json.loads(inner["seal.jws.json"]))
    journal = lines(inner["journal.jsonl"])

    same("journal", manifest["journal"]["root"], manifest["journal"]["size"], journal)
    rest = journal
    for desk in manifest["desks"]:
        same(f"desk {desk['desk']}", desk["root"], desk["size"], rest[: desk["size"]])
        rest = rest[desk["size"] :]
    if rest:
        raise Bad(f"expected every line in a desk's stream, found {len(rest)} more")

    admitted = [line for line in journal if json.loads(line)["k"].startswith("candidate_admitted/")]
    records = [attendance(line) for line in admitted] + [result(line) for line in lines(inner["results.jsonl"])]
    same("records", manifest["records_tree"]["root"], manifest["records_tree"]["size"], records)
    return f"journal of {len(journal)} lines, {len(manifest['desks'])} desks, {len(records)} records"


if __name__ == "__main__":
    package.main(check, "trees.py PACKAGE IDENTITY.age")
