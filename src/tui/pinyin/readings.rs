//! Readings of characters, interned: each different set of readings once, a name as a row of their numbers.

use pinyin::ToPinyinMulti;
use std::collections::HashMap;

/// Longest query in bytes; a bit mask has one bit for each place in it.
pub(super) const MOST_QUERY: usize = 40;

/// Surname readings that the dictionary does not put first. Every other reading stays valid beside them.
#[rustfmt::skip]
const SURNAMES: &[(char, &str)] = &[
    ('曾', "zeng"), ('单', "shan"), ('解', "xie"), ('仇', "qiu"), ('查', "zha"), ('区', "ou"),
    ('盖', "ge"), ('朴', "piao"), ('尉', "yu"), ('缪', "miao"), ('召', "shao"), ('员', "yun"),
    ('洗', "xian"), ('秘', "bi"), ('繁', "po"), ('乐', "yue"), ('覃', "qin"), ('翟', "zhai"),
    ('折', "she"), ('黑', "he"), ('种', "chong"), ('郇', "xun"), ('佴', "nai"), ('阚', "kan"),
    ('乜', "nie"), ('句', "gou"), ('都', "du"), ('牟', "mu"), ('薄', "bo"), ('角', "jue"),
    ('祭', "zhai"), ('隗', "wei"), ('会', "gui"), ('卜', "bu"),
];

/// All different sets of readings, each readings list sorted with the one to show first.
#[derive(Default)]
pub(super) struct Interner {
    sets: Vec<Box<[Box<str>]>>,
    numbers: HashMap<Box<[Box<str>]>, u16>,
}

/// Characters that have no reading count as this: nothing matches them.
const NONE: u16 = u16::MAX;

impl Interner {
    /// A name as numbers of sets: one for each 汉字, one for each Latin word.
    pub(super) fn name(&mut self, name: &str) -> Vec<u16> {
        let mut out = Vec::new();
        let mut word = String::new();
        for c in name.chars().chain([' ']) {
            if c.is_ascii_alphanumeric() {
                word.push(c.to_ascii_lowercase());
                continue;
            }
            if !word.is_empty() {
                out.push(self.intern(vec![std::mem::take(&mut word).into()]));
            }
            // The middle dot, blanks and apostrophes part the pieces of a name and are not typed.
            if !c.is_ascii() && c != '·' {
                let surname = out.is_empty();
                out.push(self.intern(readings(c, surname)));
            }
        }
        out.truncate(usize::from(u8::MAX));
        out
    }

    fn intern(&mut self, set: Vec<Box<str>>) -> u16 {
        if set.is_empty() {
            return NONE;
        }
        let set: Box<[Box<str>]> = set.into();
        if let Some(number) = self.numbers.get(&set) {
            return *number;
        }
        let Ok(number) = u16::try_from(self.sets.len()) else { return NONE };
        if number == NONE {
            return NONE;
        }
        self.sets.push(set.clone());
        self.numbers.insert(set, number);
        number
    }

    pub(super) fn bytes(&self) -> usize {
        let set: usize = self.sets.iter().flat_map(|s| s.iter()).map(|r| r.len() + size_of::<Box<str>>()).sum();
        2 * (set + self.sets.len() * size_of::<Box<[Box<str>]>>())
    }

    pub(super) fn initials(&self, name: &[u16]) -> String {
        let first = |n: &u16| self.sets.get(usize::from(*n)).and_then(|set| set.first()?.chars().next());
        name.iter().filter_map(first).collect()
    }

    /// Where each set of readings leads from each place of a query.
    pub(super) fn steps(&self, letters: &str) -> Steps {
        let places = letters.len().min(MOST_QUERY);
        let mut table = vec![0; self.sets.len() * places];
        for (set, row) in self.sets.iter().zip(table.chunks_mut(places.max(1))) {
            for (place, mask) in row.iter_mut().enumerate() {
                let rest = letters.get(place..).unwrap_or("");
                *mask = set.iter().fold(0, |mask, reading| mask | (reach(reading, rest) << place));
            }
        }
        Steps { places, table }
    }
}

/// How far a reading leads into the rest of a query: by its whole, by its initial, and at the end by any beginning.
/// Bit n stands for n letters.
fn reach(reading: &str, rest: &str) -> u64 {
    let initial = match reading.get(..2) {
        Some(two @ ("zh" | "ch" | "sh")) => two,
        _ => reading.get(..1).unwrap_or(""),
    };
    let whole = [reading, initial, reading.get(..1).unwrap_or("")]
        .into_iter()
        .filter(|beginning| !beginning.is_empty() && rest.starts_with(beginning))
        .fold(0, |mask, beginning| mask | 1 << beginning.len());
    if !rest.is_empty() && reading.starts_with(rest) { whole | 1 << rest.len() } else { whole }
}

/// The answer of [`Interner::steps`].
pub(super) struct Steps {
    places: usize,
    table: Vec<u64>,
}

impl Steps {
    /// None when the query does not begin this name; `true` when it uses up every character of it.
    pub(super) fn matches(&self, name: &[u16]) -> Option<bool> {
        let done = 1_u64 << self.places;
        let mut reached = 1_u64;
        let mut found = false;
        let mut whole = false;
        for (n, number) in name.iter().enumerate() {
            let start = usize::from(*number) * self.places;
            let row = self.table.get(start..start + self.places).unwrap_or_default();
            let mut next = 0;
            while reached != 0 {
                let place = reached.trailing_zeros() as usize;
                reached &= reached - 1;
                next |= row.get(place).copied().unwrap_or(0);
            }
            if next & done != 0 {
                found = true;
                whole = n + 1 == name.len();
            }
            reached = next & !done;
            if reached == 0 {
                break;
            }
        }
        found.then_some(whole)
    }
}

/// Every reading of a character without tones: a surname's first, then the usual one, then the others.
fn readings(c: char, surname: bool) -> Vec<Box<str>> {
    let known = SURNAMES.iter().find(|(s, _)| surname && *s == c).map(|(_, reading)| *reading);
    let all = c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain);
    let mut out: Vec<Box<str>> = Vec::new();
    for reading in known.into_iter().chain(all) {
        // ü is typed v; dictionaries without tones write it either way.
        let typed: Box<str> = reading.replace('ü', "v").into();
        if typed.is_ascii() && !out.contains(&typed) {
            out.push(typed);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_surname_reading_changes_something() {
        for (c, reading) in SURNAMES {
            let usual = c.to_pinyin_multi().unwrap().get(0).plain();
            assert_ne!(usual, *reading, "{c} needs no line");
        }
    }
}
