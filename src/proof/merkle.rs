//! Merkle trees of RFC 9162 §2.1 with SHA-256, over lines as they stand.
//!
//! ```text
//! empty tree   SHA-256("")
//! leaf         SHA-256(00 ‖ bytes)
//! node         SHA-256(01 ‖ left 32 ‖ right 32); the left side holds the greatest power of two below the size
//! ```
//!
//! [`Tree`] takes leaves one by one and keeps one hash for each full subtree; paths and proofs are computed from the
//! leaf hashes, which are recomputed rather than stored (sealing.md §8).

use super::sha256;
use crate::domain::ids::Digest;

/// Hashes the bytes of one leaf.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Digest {
    sha256(&[&[0], bytes])
}

fn node(left: &Digest, right: &Digest) -> Digest {
    sha256(&[&[1], left.bytes(), right.bytes()])
}

/// A growing tree in logarithmic memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Roots of the full subtrees, greatest first: one for each bit set in `size`.
    full: Vec<Digest>,
    size: u64,
}

impl Tree {
    /// Adds a leaf by its bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.push_leaf(leaf(bytes));
    }

    /// Adds a leaf by its hash, where one line goes into several trees.
    pub fn push_leaf(&mut self, mut hash: Digest) {
        // Each trailing one of the size is a full subtree that the new leaf completes into one of twice its size.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.full.pop() {
                hash = node(&left, &hash);
            }
        }
        self.full.push(hash);
        self.size += 1;
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves so far.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.full.iter().rev().copied().reduce(|right, left| node(&left, &right)).unwrap_or_else(|| sha256(&[]))
    }
}

impl<B: AsRef<[u8]>> FromIterator<B> for Tree {
    fn from_iter<I: IntoIterator<Item = B>>(leaves: I) -> Self {
        let mut tree = Self::default();
        leaves.into_iter().for_each(|bytes| tree.push(bytes.as_ref()));
        tree
    }
}

/// Computes the root over leaf hashes.
#[must_use]
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => sha256(&[]),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(split(more.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The greatest power of two below `size`, which is at least 2.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// Computes the inclusion path of the leaf at `index` (RFC 9162 §2.1.3.1); `None` when there is no such leaf.
#[must_use]
pub fn inclusion_path(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if index < k {
        (inclusion_path(left, index)?, root(right))
    } else {
        (inclusion_path(right, index - k)?, root(left))
    };
    path.push(sibling);
    Some(path)
}

/// Whether the path leads from a leaf's hash at `index` to the root of a tree of `size` leaves (RFC 9162 §2.1.3.2).
#[must_use]
pub fn includes(root: &Digest, size: u64, leaf: &Digest, index: u64, path: &[Digest]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            // A last node without a right sibling rises until it is one.
            let rise = at.trailing_zeros();
            at >>= rise;
            last >>= rise;
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Computes the proof that the first `old` leaves are a prefix of all (RFC 9162 §2.1.4.1).
///
/// `None` unless 1 ≤ `old` ≤ number of leaves; equal sizes have the empty proof.
#[must_use]
pub fn consistency_proof(leaves: &[Digest], old: usize) -> Option<Vec<Digest>> {
    (1..=leaves.len()).contains(&old).then(|| subproof(leaves, old, true))
}

/// `known`: the verifier holds the root of the first `old` leaves, so it need not be sent.
fn subproof(leaves: &[Digest], old: usize, known: bool) -> Vec<Digest> {
    if old == leaves.len() {
        return if known { Vec::new() } else { vec![root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, other) = if old <= k {
        (subproof(left, old, known), root(right))
    } else {
        (subproof(right, old - k, false), root(left))
    };
    proof.push(other);
    proof
}

/// The size and root of a tree, as a person may have photographed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
}

/// Whether the proof shows that the tree of `old` is a prefix of the tree of `new` (RFC 9162 §2.1.4.2).
///
/// An empty old tree proves nothing and is refused.
#[must_use]
pub fn extends(old: &TreeHead, new: &TreeHead, proof: &[Digest]) -> bool {
    if old.size == 0 || old.size > new.size {
        return false;
    }
    if old.size == new.size {
        return proof.is_empty() && old.root == new.root;
    }
    let mut path = proof.iter();
    // A full old tree is itself the first node of the proof and is not sent.
    let first = if old.size.is_power_of_two() { Some(&old.root) } else { path.next() };
    let Some(first) = first else { return false };
    let rise = (old.size - 1).trailing_ones();
    let (mut at, mut last) = ((old.size - 1) >> rise, (new.size - 1) >> rise);
    let (mut before, mut after) = (*first, *first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            before = node(sibling, &before);
            after = node(sibling, &after);
            let rise = at.trailing_zeros();
            at >>= rise;
            last >>= rise;
        } else {
            after = node(&after, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && before == old.root && after == new.root
}

#[cfg(test)]
mod tests;
