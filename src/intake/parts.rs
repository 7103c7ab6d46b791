//! Which parts a row takes and which marks it brings along (rules.md §3: 科目, 保留成绩, KD-R-51).

use super::finding::{Found, Mask, masked};
use super::header::Field;
use super::rows::{Cells, Refused, comparable};
use crate::domain::candidate::{Mark, Sitting};
use crate::domain::ids::PartId;
use crate::domain::policy::{Part, PartKind, Policy};
use std::collections::BTreeMap;

/// Parts taken in the policy's order, and carried marks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    pub parts: Vec<PartId>,
    pub carried: BTreeMap<PartId, Mark>,
}

/// A part by id, by name, or by the word of its kind where only one part is of it.
fn find<'p>(policy: &'p Policy, word: &str) -> Option<&'p Part> {
    let kind = match word {
        "理论" | "theory" => Some(PartKind::Theory),
        "实操" | "practical" => Some(PartKind::Practical),
        _ => None,
    };
    let of_kind = || {
        let mut parts = policy.parts.iter().filter(|p| Some(p.kind) == kind);
        parts.next().filter(|_| parts.next().is_none())
    };
    policy.parts.iter().find(|p| p.id.as_str() == word || comparable(&p.name) == word).or_else(of_kind)
}

/// Reads 科目 and the carried marks under the policy of the row.
pub(super) fn read(cells: &mut Cells<'_>, policy: &Policy, sitting: Sitting) -> Result<Taken, Refused> {
    let listed = read_listed(cells, policy)?;
    let carried = read_carried(cells, policy, listed.as_deref())?;
    let contradiction = |cells: &mut Cells<'_>, expected: &str, found: &str| {
        Err(cells.refuse("KD-R-51", Field::Parts, expected, Found::Words(found.into())))
    };
    if listed.iter().flatten().any(|id| carried.contains_key(id)) {
        return contradiction(cells, "each part either listed or carried", "a part that is both");
    }
    let open = |part: &&Part| !carried.contains_key(&part.id) && !listed.iter().flatten().any(|id| *id == part.id);
    if sitting == Sitting::Resit && policy.parts.iter().any(|part| open(&part)) {
        return contradiction(cells, "each part of a resit either listed or carried", "a part that is neither");
    }
    let parts: Vec<PartId> = match &listed {
        Some(_) => {
            policy.parts.iter().map(|p| p.id.clone()).filter(|id| listed.iter().flatten().any(|l| l == id)).collect()
        }
        None => policy.parts.iter().map(|p| p.id.clone()).filter(|id| !carried.contains_key(id)).collect(),
    };
    if parts.is_empty() {
        return contradiction(cells, "at least one part to take", "all parts carried");
    }
    Ok(Taken { parts, carried })
}

/// The parts of the cell; nothing where it is empty.
fn read_listed(cells: &mut Cells<'_>, policy: &Policy) -> Result<Option<Vec<PartId>>, Refused> {
    let Some(text) = cells.text(Field::Parts)? else { return Ok(None) };
    let mut ids = Vec::new();
    for word in comparable(text).split(['、', ',', '+']) {
        if word == "全科" {
            ids.extend(policy.parts.iter().map(|p| p.id.clone()));
        } else if let Some(part) = find(policy, word) {
            ids.push(part.id.clone());
        } else {
            let known = policy.parts.iter().map(|p| &*p.name).collect::<Vec<_>>().join(", ");
            return Err(cells.refuse("KD-R-12", Field::Parts, format!("全科, {known}"), masked(word, Mask::Short)));
        }
    }
    Ok(Some(ids))
}

fn read_carried(
    cells: &mut Cells<'_>,
    policy: &Policy,
    listed: Option<&[PartId]>,
) -> Result<BTreeMap<PartId, Mark>, Refused> {
    let mut carried = BTreeMap::new();
    let written: Vec<_> = cells.carried().collect();
    let mut whole = true;
    for (i, word, text) in written {
        let part = if word.is_empty() {
            let mut open = policy.parts.iter().filter(|p| listed.is_some_and(|l| !l.contains(&p.id)));
            open.next().filter(|_| open.next().is_none())
        } else {
            find(policy, word)
        };
        let Some(part) = part else {
            cells.refuse_column("KD-R-51", i, "a column that names one part of the policy", text);
            whole = false;
            continue;
        };
        match Mark::parse(text).filter(|m| *m <= part.max && m.0.is_multiple_of(part.step.0)) {
            Some(mark) if carried.insert(part.id.clone(), mark).is_none() => {}
            Some(_) => {
                cells.refuse_column("KD-R-51", i, "one carried mark for a part", text);
                whole = false;
            }
            None => {
                let expected = format!("a mark up to {} in steps of {}", part.max, part.step);
                cells.refuse_column("KD-R-11", i, expected, text);
                whole = false;
            }
        }
    }
    if whole { Ok(carried) } else { Err(Refused) }
}
