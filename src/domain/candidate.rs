//! The candidate (考生) as one roster row describes them: who they are and where they sit.
//!
//! Owns the value types of a roster row (rules.md §2, §3) and the split between [`Placement`], which the journal may
//! know, and [`Person`], which is sealed as one blob. Knows nothing of files, columns or cards.
//!
//! Invariant: no `Debug` here shows a personal value.

mod name;
mod text;

pub use name::{NameError, PersonName, name_match};
pub use text::{Arrangement, CampusUid, CreditAccount, Label, Phone, PhotoFile, Remark, StudentNo, TextError};

use super::document::Document;
use super::event::NameMatch;
use super::ids::{AdmissionNo, BatchId, PartId, RoomId, SeatLabel, SessionNo, SiteId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal, $zh:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $id)] $variant),* }

        impl $name {
            /// Every value, in the order of the glossary.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its identifier in policies, packages and stores.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// Its Chinese word on rosters and forms.
            #[must_use]
            pub fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// Finds the value that has this identifier or this Chinese word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word || v.zh() == word)
            }
        }
    };
}

words!(
    /// Level of a certificate (等级).
    Level {
        /// 初级.
        Primary = "primary", "初级";
        /// 中级.
        Intermediate = "intermediate", "中级";
        /// 高级.
        Advanced = "advanced", "高级";
    }
);
words!(
    /// First sitting or resit (考试类型).
    Sitting {
        /// 新考.
        First = "first", "新考";
        /// 补考.
        Resit = "resit", "补考";
    }
);
words!(
    /// Where a candidate comes from (考生来源).
    CandidateKind {
        /// 在校生.
        Student = "student", "在校生";
        /// 社会成员.
        Social = "social", "社会成员";
    }
);
words!(
    /// Sex as the document states it.
    Sex {
        /// 男.
        Male = "M", "男";
        /// 女.
        Female = "F", "女";
    }
);
words!(
    /// A hold (限制) that the organisation put on a candidate.
    Hold {
        /// 禁考.
        Barred = "barred", "禁考";
        /// 退考.
        Withdrawn = "withdrawn", "退考";
        /// 待核.
        Pending = "pending", "待核";
    }
);

/// Points of a mark in hundredths. Arithmetic on marks is integer arithmetic, everywhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(pub u32);

impl Mark {
    /// Parses `\d{1,4}(\.\d{1,2})?`: no sign, comma, exponent or other digits than ASCII's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |t: &str, most: usize| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
        let (points, hundredths) = match text.split_once('.') {
            Some((_, fraction)) if !digits(fraction, 2) => return None,
            Some((points, fraction)) => {
                let n: u32 = fraction.parse().ok()?;
                (points, if fraction.len() == 1 { n * 10 } else { n })
            }
            None => (text, 0),
        };
        if !digits(points, 4) {
            return None;
        }
        Some(Self(points.parse::<u32>().ok()? * 100 + hundredths))
    }
}

/// Points without trailing zeros: `60`, `71.5`, `71.25`.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (points, hundredths) = (self.0 / 100, self.0 % 100);
        let text = match (hundredths, hundredths % 10) {
            (0, _) => points.to_string(),
            (_, 0) => format!("{points}.{}", hundredths / 10),
            _ => format!("{points}.{hundredths:02}"),
        };
        f.pad(&text)
    }
}

/// Where a candidate sits and what they take: the part of a roster row that holds no personal value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Admission number, unique in the roster.
    pub cand: AdmissionNo,
    /// Session number of the day.
    pub session: SessionNo,
    /// Name of the certificate, as the policy writes it where one is known.
    pub certificate: Box<str>,
    /// Level of the certificate.
    pub level: Level,
    /// Batch; `D<yyyymmdd>` for a plain roster.
    pub batch: BatchId,
    /// Exam site; a row of another site is kept to tell its candidate where to go.
    pub site: SiteId,
    /// Room.
    pub room: RoomId,
    /// Seat; absent where seats are given on arrival.
    pub seat: Option<SeatLabel>,
    /// Parts taken, in the policy's order; empty means all parts of the policy.
    pub parts: Vec<PartId>,
}

/// Everything of one roster row that is personal or descriptive: the content of one sealed blob.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name; where the roster gives only a Latin one, that one.
    pub name: PersonName,
    /// Name in Latin letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_latin: Option<PersonName>,
    /// The document the candidate registered with.
    pub document: Document,
    /// Sex column, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// School or employer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Label>,
    /// Department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dept: Option<Label>,
    /// Major.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major: Option<Label>,
    /// Class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Label>,
    /// Student number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub student_no: Option<StudentNo>,
    /// Campus card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campus_uid: Option<CampusUid>,
    /// Student or social candidate.
    pub kind: CandidateKind,
    /// Exempt from the exam fee.
    pub fee_exempt: bool,
    /// First sitting or resit.
    pub sitting: Sitting,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// File name of the photograph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoFile>,
    /// Credit-bank account, passed through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_account: Option<CreditAccount>,
    /// Code of an arrangement (便利安排).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrangement: Option<Arrangement>,
    /// Hold of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Remark of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Remark>,
    /// Marks kept from an earlier sitting, by part.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carried: BTreeMap<PartId, Mark>,
}

impl Person {
    /// The best match of any of this person's names with any name on the document.
    #[must_use]
    pub fn match_name(&self, on_document: &[&str]) -> NameMatch {
        [Some(&self.name), self.name_latin.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(|mine| on_document.iter().map(|theirs| name_match(mine.as_str(), theirs)))
            .min()
            .unwrap_or(NameMatch::Different)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(hidden)")
    }
}

/// One row of the roster.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// Where the candidate sits.
    pub placement: Placement,
    /// Who the candidate is.
    pub person: Person,
}

impl fmt::Debug for RosterRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RosterRow({}, hidden)", self.placement.cand)
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::DocKind;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mark_is_digits_and_at_most_two_decimals() {
        for (text, centi) in
            [("0", 0), ("60", 6000), ("71.5", 7150), ("71.25", 7125), ("0.05", 5), ("9999.99", 999_999)]
        {
            assert_eq!(Mark::parse(text), Some(Mark(centi)), "{text}");
        }
        for bad in ["", ".", "1.", ".5", "+1", "-1", "1e2", "1,5", "10000", "1.005", "１", " 1", "1.+5"] {
            assert_eq!(Mark::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn words_are_found_by_identifier_and_in_chinese() {
        assert_eq!(Level::from_word("中级"), Some(Level::Intermediate));
        assert_eq!(Level::from_word("advanced"), Some(Level::Advanced));
        assert_eq!(Hold::from_word("待核"), Some(Hold::Pending));
        assert_eq!(Sex::from_word("X"), None);
        assert_eq!(serde_json::to_string(&Sex::Female).unwrap(), "\"F\"");
    }

    fn somebody(name: &str, latin: Option<&str>) -> Person {
        Person {
            name: PersonName::parse(name).unwrap(),
            name_latin: latin.map(|l| PersonName::parse(l).unwrap()),
            document: Document::parse(DocKind::Passport, "SECRETNUMBER1", jiff::civil::date(2026, 11, 24)).unwrap(),
            sex: None,
            school: Some(Label::parse("滨江职业学院").unwrap()),
            dept: None,
            major: None,
            class: None,
            student_no: None,
            campus_uid: None,
            kind: CandidateKind::Social,
            fee_exempt: false,
            sitting: Sitting::First,
            phone: Some(Phone::parse("13800000000").unwrap()),
            photo: None,
            credit_account: None,
            arrangement: None,
            hold: None,
            note: None,
            carried: BTreeMap::from([(PartId::parse("theory").unwrap(), Mark(6150))]),
        }
    }

    #[test]
    fn either_name_of_a_person_matches_either_name_on_the_document() {
        let person = somebody("马克", Some("MARK TWAIN"));
        assert_eq!(person.match_name(&["马克", "ANYTHING"]), NameMatch::Exact);
        assert_eq!(person.match_name(&["", "Mark Twain"]), NameMatch::Variant);
        assert_eq!(person.match_name(&["马可"]), NameMatch::Different);
        assert_eq!(person.match_name(&[]), NameMatch::Different);
    }

    #[test]
    fn a_person_survives_the_blob_and_never_shows_in_debug() {
        let person = somebody("马克", Some("MARK TWAIN"));
        let json = serde_json::to_string(&person).unwrap();
        assert_eq!(serde_json::from_str::<Person>(&json).unwrap(), person);
        for hidden in [format!("{person:?}"), format!("{:?} {:?}", person.name, person.phone)] {
            for secret in ["马", "MARK", "SECRET", "138"] {
                assert!(!hidden.contains(secret), "{hidden}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_mark_reads_as_it_prints(centi in 0u32..=999_999) {
            prop_assert_eq!(Mark::parse(&Mark(centi).to_string()), Some(Mark(centi)));
        }
    }
}
