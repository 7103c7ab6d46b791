//! Search without an input method: by pinyin and initials, admission number, ID tail, room and seat.
//!
//! One box, recognised by form: letters are a name, letters with digits or digits alone a number, `3-17` a seat. A
//! character is found by every reading it has, and a surname by its surname reading too. Needs no terminal and keeps no
//! name: names go in as readings.
//!
//! Memory: a name is one 16-bit number a character, the number of a set of readings; numbers, tails and seats lie in
//! one byte buffer. A search asks each of the few thousand different sets once for every place of the query, then walks
//! the rows over bit masks, so 30,000 rows cost well under a millisecond.

mod readings;

use readings::{Interner, MOST_QUERY};
use std::ops::Range;

/// One candidate as the index takes it.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// Admission number.
    pub number: &'a str,
    /// Last four characters of the document number.
    pub id_tail: &'a str,
    /// Room code.
    pub room: &'a str,
    /// Seat label.
    pub seat: &'a str,
    /// Name as the roster writes it.
    pub name: &'a str,
}

/// What a query was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Nothing typed: every row.
    Everyone,
    /// Pinyin or initials.
    Name,
    /// Admission number or ID tail.
    Number,
    /// Room and seat.
    Seat,
    /// None of these.
    Unknown,
}

/// Rows found, the best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// What the query was taken for.
    pub form: Form,
    /// How many rows match.
    pub total: usize,
    /// The first of them, as positions in the order of building.
    pub rows: Vec<u32>,
}

/// How many rows are named, and which count.
type Of<'a> = (usize, &'a dyn Fn(u32) -> bool);

/// Where a row's bytes and readings lie: the number, the tail after it, and the seat.
#[derive(Clone, Copy)]
struct Row {
    bytes: u32,
    seats: u32,
    number: u8,
    tail: u8,
    seat: u8,
    name: u8,
    readings: u32,
}

/// The index of one roster, in memory only.
pub struct SearchIndex {
    rows: Vec<Row>,
    bytes: Vec<u8>,
    names: Vec<u16>,
    readings: Interner,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SearchIndex({} rows)", self.rows.len())
    }
}

impl SearchIndex {
    /// Takes the rows in the order in which they will be named.
    pub fn build<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let mut index = Self { rows: Vec::new(), bytes: Vec::new(), names: Vec::new(), readings: Interner::default() };
        for entry in entries {
            index.push(entry);
        }
        index.rows.shrink_to_fit();
        index.bytes.shrink_to_fit();
        index.names.shrink_to_fit();
        index
    }

    fn push(&mut self, entry: Entry<'_>) {
        let start = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let (bytes, readings) = (start(self.bytes.len()), start(self.names.len()));
        let mut put = |text: &str| {
            let text: Vec<u8> = text.bytes().take(usize::from(u8::MAX)).map(|b| b.to_ascii_lowercase()).collect();
            self.bytes.extend_from_slice(&text);
            u8::try_from(text.len()).unwrap_or(u8::MAX)
        };
        let number = put(entry.number);
        let tail = put(entry.id_tail);
        let seats = bytes + u32::from(number) + u32::from(tail);
        let seat = put(&place(entry.room, entry.seat));
        self.names.extend(self.readings.name(entry.name));
        let name = u8::try_from(self.names.len() - readings as usize).unwrap_or(u8::MAX);
        self.rows.push(Row { bytes, seats, number, tail, seat, name, readings });
    }

    /// Gives a row another seat. What the old one took stays behind until the index is built again.
    pub fn reseat(&mut self, row: u32, room: &str, seat: &str) {
        let text = place(room, seat);
        let start = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        if let Some(row) = self.rows.get_mut(row as usize) {
            (row.seats, row.seat) = (start, u8::try_from(text.len()).unwrap_or(u8::MAX));
            self.bytes.extend(text.bytes());
        }
    }

    /// How many rows it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True without rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes it occupies, for the memory budget.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.len() * size_of::<Row>() + self.bytes.len() + self.names.len() * 2 + self.readings.bytes()
    }

    /// The initials of a row's name, as the roster shows them: the first reading of each character.
    #[must_use]
    pub fn initials(&self, row: u32) -> String {
        self.rows.get(row as usize).map_or_else(String::new, |r| self.readings.initials(self.name(*r)))
    }

    /// Finds the rows of a query; at most `limit` of them are named, the rest counted.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize) -> Hits {
        self.search_among(query, limit, |_| true)
    }

    /// The same among the rows that `counts`, which is asked for rows that match.
    #[must_use]
    pub fn search_among(&self, query: &str, limit: usize, counts: impl Fn(u32) -> bool) -> Hits {
        let query = query.trim().to_ascii_lowercase();
        let of = (limit, &counts as &dyn Fn(u32) -> bool);
        match form(&query) {
            Form::Everyone => self.collect(Form::Everyone, of, |_| Some(Fit::Whole)),
            Form::Name => self.by_name(&query, of),
            Form::Number => self.by_number(&query, of),
            Form::Seat => self.by_seat(&query, of),
            Form::Unknown => Hits { form: Form::Unknown, total: 0, rows: Vec::new() },
        }
    }

    fn by_name(&self, query: &str, of: Of<'_>) -> Hits {
        let letters: String = query.chars().filter(char::is_ascii_lowercase).collect();
        let steps = self.readings.steps(&letters);
        self.collect(Form::Name, of, |row| {
            steps.matches(self.name(row)).map(|whole| if whole { Fit::Whole } else { Fit::Part })
        })
    }

    fn by_number(&self, query: &str, of: Of<'_>) -> Hits {
        let wanted = query.as_bytes();
        self.collect(Form::Number, of, |row| {
            let (number, tail) = (self.slice(row.number_range()), self.slice(row.tail_range()));
            if number == wanted || tail == wanted {
                Some(Fit::Whole)
            } else {
                let found = number.ends_with(wanted) || number.starts_with(wanted) || tail.ends_with(wanted);
                found.then_some(Fit::Part)
            }
        })
    }

    fn by_seat(&self, query: &str, of: Of<'_>) -> Hits {
        let (room, seat) = query.split_once('-').unwrap_or((query, ""));
        let wanted = format!("{}-{}", plain(room), plain(seat));
        // `3-` and `3-0` ask for all of room 3; `3-1` also for 10 to 19.
        let prefix = if seat.bytes().all(|b| b == b'0') { format!("{}-", plain(room)) } else { wanted.clone() };
        self.collect(Form::Seat, of, |row| {
            let place = self.slice(row.seat_range());
            if place == wanted.as_bytes() {
                Some(Fit::Whole)
            } else {
                place.starts_with(prefix.as_bytes()).then_some(Fit::Part)
            }
        })
    }

    /// Whole matches first, then the others, both in the order of the roster.
    fn collect(&self, form: Form, (limit, counts): Of<'_>, fit: impl Fn(Row) -> Option<Fit>) -> Hits {
        let (mut whole, mut part, mut total) = (Vec::new(), Vec::new(), 0);
        for (n, row) in (0..).zip(&self.rows) {
            let Some(fit) = fit(*row).filter(|_| counts(n)) else { continue };
            total += 1;
            let found = if fit == Fit::Whole { &mut whole } else { &mut part };
            if found.len() < limit {
                found.push(n);
            }
        }
        whole.extend(part);
        whole.truncate(limit);
        Hits { form, total, rows: whole }
    }

    fn slice(&self, range: Range<usize>) -> &[u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    fn name(&self, row: Row) -> &[u16] {
        let start = row.readings as usize;
        self.names.get(start..start + usize::from(row.name)).unwrap_or_default()
    }
}

impl Row {
    fn number_range(self) -> Range<usize> {
        let start = self.bytes as usize;
        start..start + usize::from(self.number)
    }

    fn tail_range(self) -> Range<usize> {
        let start = self.number_range().end;
        start..start + usize::from(self.tail)
    }

    fn seat_range(self) -> Range<usize> {
        let start = self.seats as usize;
        start..start + usize::from(self.seat)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    Part,
}

fn place(room: &str, seat: &str) -> String {
    format!("{}-{}", plain(room), plain(seat)).to_ascii_lowercase()
}

/// Room and seat without leading zeros, so that `3-17` finds 03-17.
fn plain(code: &str) -> &str {
    let cut = code.trim_start_matches('0');
    if cut.is_empty() && !code.is_empty() { "0" } else { cut }
}

/// What a lower-case query is taken for.
#[must_use]
pub fn form(query: &str) -> Form {
    let query = query.trim();
    let all = |allowed: fn(u8) -> bool| query.bytes().all(allowed);
    if query.is_empty() {
        Form::Everyone
    } else if query.len() > MOST_QUERY {
        Form::Unknown
    } else if all(|b| b.is_ascii_alphabetic() || matches!(b, b'\'' | b' ')) {
        Form::Name
    } else if all(|b| b.is_ascii_alphanumeric()) {
        Form::Number
    } else if all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && query.matches('-').count() == 1
        && !query.starts_with('-')
    {
        Form::Seat
    } else {
        Form::Unknown
    }
}

#[cfg(test)]
mod tests;
