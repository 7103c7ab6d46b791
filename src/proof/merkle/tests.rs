//! Known answers of Certificate Transparency's reference trees (RFC 6962, whose hashes RFC 9162 kept), and properties.

use super::*;
use proptest::prelude::*;

const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const A: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const B: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const C: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const D: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const E: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const F: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|c| u8::from_str_radix(std::str::from_utf8(c).unwrap(), 16).unwrap()).collect()
}

fn digests(texts: &[&str]) -> Vec<Digest> {
    texts.iter().map(|text| Digest::parse(text).unwrap()).collect()
}

fn reference() -> Vec<Digest> {
    LEAVES.iter().map(|hex| leaf(&bytes(hex))).collect()
}

#[test]
fn roots_of_the_reference_tree() {
    for (size, expected) in ROOTS.iter().enumerate() {
        let tree: Tree = LEAVES.iter().take(size).map(|hex| bytes(hex)).collect();
        assert_eq!(tree.root().to_string(), *expected, "size {size}");
        assert_eq!(root(&reference()[..size]).to_string(), *expected, "size {size}");
    }
}

#[test]
fn inclusion_paths_of_the_reference_tree() {
    for (index, size, path) in
        [(0, 1, &[][..]), (0, 8, &[A, B, C]), (5, 8, &[D, E, ROOTS[4]]), (2, 3, &[ROOTS[2]]), (1, 5, &[ROOTS[1], B, D])]
    {
        assert_eq!(inclusion_path(&reference()[..size], index), Some(digests(path)), "{index} in {size}");
    }
    assert_eq!(inclusion_path(&reference(), 8), None);
}

#[test]
fn consistency_proofs_of_the_reference_tree() {
    for (old, size, proof) in [(1, 1, &[][..]), (1, 8, &[A, B, C]), (6, 8, &[F, E, ROOTS[4]]), (2, 5, &[B, D])] {
        assert_eq!(consistency_proof(&reference()[..size], old), Some(digests(proof)), "{old} to {size}");
    }
    assert_eq!(consistency_proof(&reference(), 0), None);
    assert_eq!(consistency_proof(&reference(), 9), None);
}

#[test]
fn an_empty_old_tree_proves_nothing() {
    let new = TreeHead { size: 8, root: root(&reference()) };
    assert!(!extends(&TreeHead { size: 0, root: root(&[]) }, &new, &[]));
    assert!(!extends(&TreeHead { size: 9, root: new.root }, &new, &[]));
}

fn leaves(max: usize) -> impl Strategy<Value = Vec<Digest>> {
    (1..=max).prop_map(|n| (0..n).map(|i| leaf(&i.to_le_bytes())).collect())
}

/// What a forger may do to a path: drop, add, swap or change one hash.
fn forgeries(path: &[Digest]) -> Vec<Vec<Digest>> {
    let mut all = vec![[path, &[Digest::ZERO]].concat()];
    for i in 0..path.len() {
        let mut changed = path.to_vec();
        changed[i] = node(&path[i], &path[i]);
        all.push(changed);
        let mut shorter = path.to_vec();
        shorter.remove(i);
        all.push(shorter);
        let mut swapped = path.to_vec();
        swapped.swap(0, i);
        if swapped != path {
            all.push(swapped);
        }
    }
    all
}

proptest! {
    #[test]
    fn the_growing_tree_and_the_whole_one_agree(lines: Vec<Vec<u8>>) {
        let hashes: Vec<Digest> = lines.iter().map(|line| leaf(line)).collect();
        let tree: Tree = lines.iter().collect();
        prop_assert_eq!((tree.root(), tree.size()), (root(&hashes), lines.len() as u64));
    }

    #[test]
    fn every_leaf_is_included_where_it_stands_and_nowhere_else(leaves in leaves(70), at: proptest::sample::Index) {
        let (index, size, root) = (at.index(leaves.len()), leaves.len() as u64, root(&leaves));
        let path = inclusion_path(&leaves, index).unwrap();
        prop_assert!(includes(&root, size, &leaves[index], index as u64, &path));
        for forged in forgeries(&path) {
            prop_assert!(!includes(&root, size, &leaves[index], index as u64, &forged));
        }
        for other in (0..leaves.len()).filter(|i| *i != index) {
            prop_assert!(!includes(&root, size, &leaves[other], index as u64, &path));
            prop_assert!(!includes(&root, size, &leaves[index], other as u64, &path));
        }
        prop_assert!(!includes(&root, size, &leaves[index], size, &path));
    }

    #[test]
    fn a_prefix_is_proved_and_a_rewritten_past_is_not(leaves in leaves(70), at: proptest::sample::Index) {
        let old = 1 + at.index(leaves.len());
        let head = |hashes: &[Digest]| TreeHead { size: hashes.len() as u64, root: root(hashes) };
        let (before, after) = (head(&leaves[..old]), head(&leaves));
        let proof = consistency_proof(&leaves, old).unwrap();
        prop_assert!(extends(&before, &after, &proof));
        for forged in forgeries(&proof) {
            prop_assert!(!extends(&before, &after, &forged));
        }
        let mut rewritten = leaves.clone();
        rewritten[old - 1] = leaf(b"another line");
        let proof = consistency_proof(&rewritten, old).unwrap();
        prop_assert!(!extends(&before, &head(&rewritten), &proof));
    }
}
