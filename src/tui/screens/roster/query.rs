//! What is typed into the search box: filters, and the rest that is searched for.
//!
//! ```text
//! !  ！       only whoever somebody has to look at
//! ??  ？？     only those who are not here yet
//! k03         only room 03; leading zeros do not count
//! ```
//!
//! Filters stand anywhere, parted by blanks; `!` and `??` may also stand right before what is searched for.

/// A query, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// `!`.
    pub open: bool,
    /// `??`.
    pub missing: bool,
    /// `k03`: the room's code as it was typed.
    pub room: Option<String>,
    /// What is searched for.
    pub text: String,
}

impl Query {
    /// Takes it apart.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        let mut words = Vec::new();
        for word in typed.split_whitespace() {
            let mut word = word;
            while let Some((mark, rest)) = mark(word) {
                match mark {
                    Mark::Open => query.open = true,
                    Mark::Missing => query.missing = true,
                }
                word = rest;
            }
            match room(word) {
                Some(room) => query.room = Some(room.to_owned()),
                None if word.is_empty() => {}
                None => words.push(word),
            }
        }
        query.text = words.join(" ");
        query
    }

    /// Whether a room passes.
    #[must_use]
    pub fn takes_room(&self, code: &str) -> bool {
        let bare = |code: &str| code.trim_start_matches('0').to_ascii_uppercase();
        self.room.as_ref().is_none_or(|room| bare(room) == bare(code))
    }

    /// Whether anything but the text decides.
    #[must_use]
    pub fn filters(&self) -> bool {
        self.open || self.missing || self.room.is_some()
    }
}

enum Mark {
    Open,
    Missing,
}

fn mark(word: &str) -> Option<(Mark, &str)> {
    let open = word.strip_prefix(['!', '！']).map(|rest| (Mark::Open, rest));
    let missing = || ["??", "？？"].iter().find_map(|mark| word.strip_prefix(mark)).map(|rest| (Mark::Missing, rest));
    open.or_else(missing)
}

/// `k` and a code that begins with a digit: no name reads so.
fn room(word: &str) -> Option<&str> {
    let code = word.strip_prefix(['k', 'K'])?;
    let is_code = code.starts_with(|c: char| c.is_ascii_digit()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
    is_code.then_some(code)
}

/// The next filter of Tab over the same text: everybody, `!`, `??`, everybody again. A room stays.
#[must_use]
pub fn next_filter(typed: &str) -> String {
    let Query { open, missing, room, text } = Query::parse(typed);
    let mark = match (open, missing) {
        (false, false) => Some("!".to_owned()),
        (true, _) => Some("??".to_owned()),
        (false, true) => None,
    };
    let words = [mark, room.map(|room| format!("k{room}"))].into_iter().flatten();
    words.map(|word| word + " ").chain([text]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_told_from_what_is_searched_for() {
        let q = |typed: &str| {
            let Query { open, missing, room, text } = Query::parse(typed);
            (open, missing, room, text)
        };
        for (typed, expected) in [
            ("", (false, false, None, "")),
            ("zx", (false, false, None, "zx")),
            ("!", (true, false, None, "")),
            ("! zx", (true, false, None, "zx")),
            ("!zx", (true, false, None, "zx")),
            ("？？", (false, true, None, "")),
            ("??k03 w", (false, true, Some("03"), "w")),
            ("K3 ! zhang xm", (true, false, Some("3"), "zhang xm")),
            ("k", (false, false, None, "k")),
            ("kl", (false, false, None, "kl")),
            ("3-17", (false, false, None, "3-17")),
            ("?", (false, false, None, "?")),
        ] {
            let (open, missing, room, text) = expected;
            assert_eq!(q(typed), (open, missing, room.map(str::to_owned), text.to_owned()), "{typed}");
        }
    }

    #[test]
    fn tab_goes_round_and_keeps_room_and_text() {
        let mut typed = "k03 zx".to_owned();
        let mut seen = vec![typed.clone()];
        for _ in 0..3 {
            typed = next_filter(&typed);
            seen.push(typed.clone());
        }
        assert_eq!(seen, ["k03 zx", "! k03 zx", "?? k03 zx", "k03 zx"]);
    }

    #[test]
    fn a_room_is_the_same_with_and_without_zeros() {
        let query = Query::parse("k03");
        assert!(query.takes_room("3") && query.takes_room("03") && !query.takes_room("13"));
        assert!(Query::parse("k3a").takes_room("03A") && Query::default().takes_room("9"));
    }
}
