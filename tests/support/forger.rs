//! A forger of packages: opens a good one with the organisation's key, changes whatever it likes, and signs, encrypts and
//! encloses again with every key that the attacker of the day holds.
//!
//! ```text
//! Forge    manifest and inner files of the good package; made to fit again step by step, each step a lie more
//!            relist    files        ◄ digests and lengths of the files
//!            rechain   desks, journal         ◄ the lines of journal.jsonl, by the desks that they name
//!            reledge   ledger                 ◄ the lines of ledger.jsonl
//!            reprepare SealPrepared's frontier and count ◄ both
//!            retell    numbers and counters of a journal told otherwise, then everything below
//!            rederive  ResultsDerived ◄ the lines of results.jsonl without their salt
//!            regrow    records_tree ◄ admissions and results
//! Parts    payload, signatures and inner archive as bytes, to be wrong in form; sealed by an envelope that fits them
//! Offer    a package with what the verifier is told about it
//! ```
//!
//! Uses the public library as a writer would; what makes a package good is decided nowhere here.

#![allow(dead_code, reason = "each test binary uses its part of the forger")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a forger that cannot forge has failed its test"
)]

#[path = "forger/archive.rs"]
pub mod archive;
#[path = "forger/ground.rs"]
pub mod ground;

use ground::{Ground, Holder, ground};
use kaodian::domain::event::{CandidateAdmitted, Event, Recorded};
use kaodian::domain::ids::{AdmissionNo, DeskId, Salt};
use kaodian::journal::{chain::Chain, line};
use kaodian::proof::jws::{Entry, Jws, Typ};
use kaodian::proof::merkle::Tree;
use kaodian::proof::{base64url, jcs, sha256};
use kaodian::seal::envelope::{Content, Envelope};
use kaodian::seal::layout::{File, SEALED};
use kaodian::seal::leaves;
use kaodian::seal::manifest::{DeskStream, FileEntry, Manifest, TreeHead};
use kaodian::seal::package::{encrypted, inner_zip, outer_zip, recipients, signed};
use kaodian::seal::verify::{Report, Request, Revocations, verify};
use kaodian::trust::x509::{Anchors, Crl};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Manifest and files of a package.
#[derive(Clone)]
pub struct Forge {
    pub manifest: Manifest,
    pub files: Vec<(File, Vec<u8>)>,
}

impl Forge {
    /// The good package, opened.
    pub fn new() -> Self {
        let good = &ground().good;
        Self { manifest: good.manifest.clone(), files: good.files.clone() }
    }

    pub fn file(&mut self, file: File) -> &mut Vec<u8> {
        &mut self.files.iter_mut().find(|(name, _)| *name == file).unwrap().1
    }

    pub fn lines(&mut self, file: File) -> Vec<Vec<u8>> {
        self.file(file).split_inclusive(|byte| *byte == b'\n').map(|line| line[..line.len() - 1].to_vec()).collect()
    }

    pub fn set_lines(&mut self, file: File, lines: &[Vec<u8>]) {
        *self.file(file) = lines.iter().flat_map(|line| [line, &b"\n"[..]].concat()).collect();
    }

    /// Changes the first line that holds `with`; it stays canonical.
    pub fn edit(&mut self, file: File, with: &str, change: impl FnOnce(&mut Value)) {
        let mut lines = self.lines(file);
        let found = lines.iter_mut().find(|line| String::from_utf8_lossy(line).contains(with));
        let line = found.unwrap_or_else(|| panic!("no line with {with}"));
        let mut value = jcs::parse(line).unwrap();
        change(&mut value);
        let after = jcs::to_bytes(&value).unwrap();
        assert_ne!(after, *line, "a change changes something");
        *line = after;
        self.set_lines(file, &lines);
    }

    /// Takes the first journal line that holds `with` out and closes the gap in the numbers.
    pub fn drop_line(&mut self, with: &str) {
        let mut lines = self.lines(File::Journal);
        let at = lines.iter().position(|line| String::from_utf8_lossy(line).contains(with)).unwrap();
        lines.remove(at);
        self.set_lines(File::Journal, &lines);
        self.renumber();
    }

    /// Counts the lines of each desk from 1.
    pub fn renumber(&mut self) {
        let mut next = BTreeMap::<u64, u64>::new();
        let mut lines = self.values(File::Journal);
        for line in &mut lines {
            let seq = next.entry(desk_of(line)).or_default();
            *seq += 1;
            line["seq"] = json!(seq);
        }
        self.set_values(File::Journal, &lines);
    }

    pub fn values(&mut self, file: File) -> Vec<Value> {
        self.lines(file).iter().map(|line| jcs::parse(line).unwrap()).collect()
    }

    pub fn set_values(&mut self, file: File, values: &[Value]) {
        let lines: Vec<Vec<u8>> = values.iter().map(|value| jcs::to_bytes(value).unwrap()).collect();
        self.set_lines(file, &lines);
    }

    /// Tells the journal of one desk otherwise: numbers and counters follow the new order, and everything is made to fit.
    pub fn retell(&mut self, change: impl FnOnce(&mut Vec<Value>)) {
        let mut lines = self.values(File::Journal);
        change(&mut lines);
        for (n, line) in (1u64..).zip(&mut lines) {
            (line["seq"], line["a"]["lc"]) = (json!(n), json!(n));
        }
        self.set_values(File::Journal, &lines);
        self.reprepare();
        self.regrow();
    }

    /// Makes lengths and digests in the manifest those of the files.
    pub fn relist(&mut self) {
        self.manifest.files = self.files.iter().map(|(file, bytes)| FileEntry::of(*file, bytes)).collect();
    }

    /// The lines of each desk, in the order of the file.
    fn streams(&mut self) -> Vec<(u64, Vec<Vec<u8>>)> {
        let mut streams: Vec<(u64, Vec<Vec<u8>>)> = Vec::new();
        for line in self.lines(File::Journal) {
            // A line that does not read stands with those before it.
            let named = serde_json::from_slice::<Value>(&line).ok().and_then(|line| line["a"]["desk"].as_u64());
            let desk = named.or(streams.last().map(|(desk, _)| *desk)).unwrap_or(1);
            match streams.last_mut() {
                Some((last, lines)) if *last == desk => lines.push(line),
                _ => streams.push((desk, vec![line])),
            }
        }
        streams
    }

    /// Makes heads and trees in the manifest those of the streams.
    pub fn rechain(&mut self) {
        let stream = |(desk, lines): &(u64, Vec<Vec<u8>>)| {
            let (chain, tree) = (chain(lines), lines.iter().collect::<Tree>());
            DeskStream { desk: desk_id(*desk), size: chain.size(), head: chain.head(), root: tree.root() }
        };
        self.manifest.desks = self.streams().iter().map(stream).collect();
        self.manifest.journal = TreeHead::from(&self.lines(File::Journal).iter().collect::<Tree>());
    }

    /// Makes size and head in the manifest those of the ledger's lines.
    pub fn reledge(&mut self) {
        let lines = self.lines(File::Ledger);
        let end = lines.iter().fold(Chain::at(0, self.manifest.ledger.from), |chain, line| chain.with(line));
        (self.manifest.ledger.size, self.manifest.ledger.head) = (end.size(), end.head());
    }

    /// Makes the last SealPrepared speak of the lines before it and of the whole ledger, then [`Self::rechain`].
    pub fn reprepare(&mut self) {
        let before = match self.values(File::Ledger).first() {
            Some(first) => first["seq"].as_u64().unwrap() - 1,
            None => 0,
        };
        self.reledge();
        let ledger = json!({"head": self.manifest.ledger.head, "size": before + self.manifest.ledger.size});
        let prepared = |line: &Vec<u8>| String::from_utf8_lossy(line).contains("seal_prepared/1");
        let mut lines = self.lines(File::Journal);
        let at = lines.iter().rposition(prepared).unwrap();
        let mut value = jcs::parse(&lines[at]).unwrap();
        let mut streams = self.streams();
        for (desk, lines) in &mut streams {
            if *desk == desk_of(&value) {
                lines.truncate(lines.iter().rposition(prepared).unwrap());
            }
        }
        let ends: Vec<Value> = streams
            .iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(desk, lines)| json!({"desk": desk, "head": chain(lines).head(), "size": lines.len()}))
            .collect();
        value["d"]["frontier"] = json!({"desks": ends, "ledger": ledger});
        let count = streams.iter().map(|(_, lines)| lines.len() as u64).sum::<u64>() + 1;
        value["d"]["counts"]["journal"] = json!(count);
        self.manifest.counts.journal = count;
        lines[at] = jcs::to_bytes(&value).unwrap();
        self.set_lines(File::Journal, &lines);
        self.rechain();
    }

    /// Makes ResultsDerived speak of the result lines, then [`Self::reprepare`].
    pub fn rederive(&mut self) {
        let mut tree = Tree::default();
        for line in self.lines(File::Results) {
            let mut value = jcs::parse(&line).unwrap();
            value.as_object_mut().unwrap().remove("salt");
            tree.push(&jcs::to_bytes(&value).unwrap());
        }
        self.edit_if(File::Journal, "results_derived/1", |value| value["d"]["root"] = json!(tree.root()));
        self.reprepare();
    }

    /// Makes the record tree that of admissions and results.
    pub fn regrow(&mut self) {
        let mut tree = Tree::default();
        for bytes in self.lines(File::Journal) {
            let read: Recorded = line::parse(&bytes).unwrap();
            if let Event::CandidateAdmitted(event) = &read.event {
                let event: &CandidateAdmitted = event;
                tree.push(&leaves::attendance(event, read.at, &bytes).unwrap());
            }
        }
        for bytes in self.lines(File::Results) {
            let value = jcs::parse(&bytes).unwrap();
            let text = |name: &str| value[name].as_str().unwrap().to_owned();
            let salt = Salt::new(base64url::decode(&text("salt")).unwrap().try_into().unwrap());
            let composite = value["composite"].as_u64().map(|mark| u32::try_from(mark).unwrap());
            tree.push(&leaves::result(&AdmissionNo::parse(&text("cand")).unwrap(), composite, &salt, &bytes));
        }
        self.manifest.records_tree = TreeHead::from(&tree);
    }

    fn edit_if(&mut self, file: File, with: &str, change: impl FnOnce(&mut Value)) {
        let mut lines = self.lines(file);
        let line = lines.iter_mut().find(|line| String::from_utf8_lossy(line).contains(with)).unwrap();
        let mut value = jcs::parse(line).unwrap();
        change(&mut value);
        *line = jcs::to_bytes(&value).unwrap();
        self.set_lines(file, &lines);
    }

    pub fn payload(&self) -> Vec<u8> {
        self.manifest.to_bytes().unwrap()
    }

    /// Signed by both proctors and the site.
    pub fn by_all(&self) -> Parts {
        let g = ground();
        self.by(&[&g.proctors[0], &g.proctors[1], &g.site])
    }

    /// Signed by these.
    pub fn by(&self, holders: &[&Holder]) -> Parts {
        let payload = self.payload();
        let entries = holders.iter().map(|holder| entry(Typ::Seal, &payload, holder)).collect();
        self.with(payload, entries)
    }

    /// Any payload with any signatures.
    pub fn with(&self, payload: Vec<u8>, signatures: Vec<Entry>) -> Parts {
        self.with_seal(Jws { payload, signatures }.to_bytes())
    }

    /// Any bytes for seal.jws.json.
    pub fn with_seal(&self, seal: Vec<u8>) -> Parts {
        let files: Vec<_> = self.files.iter().map(|(file, bytes)| (*file, bytes.clone().into())).collect();
        let zip = inner_zip(&files, &seal).unwrap();
        Parts { manifest: self.manifest.clone(), seal, zip }
    }

    /// The good signatures over whatever the files are now.
    pub fn unsigned(&self) -> Parts {
        self.with_seal(ground().good.seal.clone())
    }
}

/// The desk that a line names.
pub fn desk_of(line: &Value) -> u64 {
    line["a"]["desk"].as_u64().unwrap()
}

fn desk_id(desk: u64) -> DeskId {
    DeskId::try_from(u8::try_from(desk).unwrap()).unwrap()
}

/// The chain over these lines.
pub fn chain(lines: &[Vec<u8>]) -> Chain {
    lines.iter().fold(Chain::EMPTY, |chain, line| chain.with(line))
}

/// One signature.
pub fn entry(typ: Typ, payload: &[u8], holder: &Holder) -> Entry {
    signed(typ, payload, &holder.signer()).unwrap()
}

/// The inner archive with what an envelope needs to know.
#[derive(Clone)]
pub struct Parts {
    pub manifest: Manifest,
    pub seal: Vec<u8>,
    pub zip: Vec<u8>,
}

impl Parts {
    /// The inner archive replaced.
    pub fn zip(mut self, zip: Vec<u8>) -> Self {
        self.zip = zip;
        self
    }

    /// Encrypted to the organisation.
    pub fn age(&self) -> Vec<u8> {
        encrypted(&self.zip, &recipients(&ground().good.manifest.recipients).unwrap()).unwrap()
    }

    /// What an honest site would say about this age file.
    pub fn envelope(&self, age: &[u8]) -> Envelope {
        let content = Content { path: SEALED.to_owned(), bytes: age.len() as u64, sha256: sha256(&[age]) };
        Envelope::of(&self.manifest, content, sha256(&[&self.seal]))
    }

    /// Closed by the site.
    pub fn close(&self) -> Offer {
        self.close_as(|_| {}, &ground().site)
    }

    /// Closed with another word in the envelope, or by another key.
    pub fn close_as(&self, change: impl FnOnce(&mut Envelope), holder: &Holder) -> Offer {
        let age = self.age();
        let mut envelope = self.envelope(&age);
        change(&mut envelope);
        let payload = envelope.to_bytes().unwrap();
        let signatures = vec![entry(Typ::Envelope, &payload, holder)];
        enclosed(&Jws { payload, signatures }.to_bytes(), &age)
    }
}

/// Any envelope around any age file.
pub fn enclosed(envelope: &[u8], age: &[u8]) -> Offer {
    Offer::from(outer_zip(envelope, age).unwrap())
}

/// A package, and what its verifier holds.
pub struct Offer {
    pub bytes: Vec<u8>,
    pub anchors: Anchors,
    pub crl: Option<Crl>,
    pub after: Option<Vec<u8>>,
}

impl From<Vec<u8>> for Offer {
    fn from(bytes: Vec<u8>) -> Self {
        let Ground { anchors, crl, .. } = ground();
        Self { bytes, anchors: anchors.clone(), crl: Some(crl.clone()), after: None }
    }
}

impl Offer {
    pub fn report(&self) -> Report {
        let revocations = self.crl.as_ref().map_or(Revocations::NotGiven, Revocations::List);
        let after = self.after.as_deref();
        verify(&self.bytes, &Request { anchors: &self.anchors, revocations, identity: Some(&ground().identity), after })
    }

    /// The codes against it, in the order of the checks.
    pub fn codes(&self) -> String {
        let report = self.report();
        assert_eq!(report.ok(), report.reasons.is_empty());
        report.reasons.iter().map(kaodian::seal::verify::Reason::code).collect::<Vec<_>>().join(" ")
    }
}
