//! A package in parts, to be changed and closed again by everybody's keys.

use super::{FROZEN, GROUND};
use crate::proof::jws::{Entry, Jws, Typ};
use crate::proof::sha256;
use crate::proof::zip::Packed;
use crate::seal::Frozen;
use crate::seal::envelope::{Content, Envelope};
use crate::seal::layout::{File, SEALED};
use crate::seal::manifest::{FileEntry, Manifest};
use crate::seal::package::{encrypted, inner_zip, outer_zip, recipients, signed};
use crate::seal::samples::Holder;

fn bytes_of(frozen: &Frozen) -> Vec<(File, Vec<u8>)> {
    frozen.files().iter().map(|(file, packed)| (*file, packed.bytes().to_vec())).collect()
}

pub(super) fn packed(files: &[(File, Vec<u8>)]) -> Vec<(File, Packed)> {
    files.iter().map(|(file, bytes)| (*file, bytes.clone().into())).collect()
}

pub(super) struct Forge {
    pub(super) manifest: Manifest,
    pub(super) files: Vec<(File, Vec<u8>)>,
    pub(super) relist: bool,
}

impl Forge {
    pub(super) fn new() -> Self {
        Self::of(&FROZEN)
    }

    pub(super) fn of(frozen: &Frozen) -> Self {
        Self { manifest: frozen.manifest().clone(), files: bytes_of(frozen), relist: true }
    }

    pub(super) fn file(&mut self, file: File) -> &mut Vec<u8> {
        &mut self.files.iter_mut().find(|(name, _)| *name == file).unwrap().1
    }

    pub(super) fn entries(payload: &[u8]) -> Vec<Entry> {
        let [a, b] = &GROUND.proctors;
        [a, b, &GROUND.site].map(|holder| signed(Typ::Seal, payload, &holder.signer()).unwrap()).to_vec()
    }

    pub(super) fn close(mut self) -> Vec<u8> {
        if self.relist {
            self.manifest.files = self.files.iter().map(|(file, bytes)| FileEntry::of(*file, bytes)).collect();
        }
        let payload = self.manifest.to_bytes().unwrap();
        let signatures = Self::entries(&payload);
        self.close_with(&Jws { payload, signatures })
    }

    pub(super) fn close_with(&self, seal: &Jws) -> Vec<u8> {
        self.wrap(&inner_zip(&packed(&self.files), &seal.to_bytes()).unwrap(), seal, |_| {}, &GROUND.site)
    }

    pub(super) fn wrap(&self, zip: &[u8], seal: &Jws, change: impl FnOnce(&mut Envelope), site: &Holder) -> Vec<u8> {
        let age = encrypted(zip, &recipients(&GROUND.recipients()).unwrap()).unwrap();
        let content = Content { path: SEALED.to_owned(), bytes: age.len() as u64, sha256: sha256(&[&age]) };
        let mut envelope = Envelope::of(&self.manifest, content, sha256(&[&seal.to_bytes()]));
        change(&mut envelope);
        let payload = envelope.to_bytes().unwrap();
        let signatures = vec![signed(Typ::Envelope, &payload, &site.signer()).unwrap()];
        outer_zip(&Jws { payload, signatures }.to_bytes(), &age).unwrap()
    }
}
