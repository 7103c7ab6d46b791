//! The kinds of documents, their names and the shapes of their numbers (rules.md §2).

use serde::{Deserialize, Serialize};

/// A kind of document, as rosters, policies and the journal name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocKind {
    /// 居民身份证.
    ResidentId,
    /// 临时居民身份证.
    TempId,
    /// 外国人永久居留身份证.
    ForeignerPr,
    /// 港澳台居民居住证.
    HmtResidence,
    /// 来往内地通行证.
    HmtTravel,
    /// 护照.
    Passport,
    /// 社保卡.
    SocialCard,
    /// 军官证.
    MilitaryId,
    /// 校园卡: a pointer to a row, never proof of identity.
    CampusUid,
    /// 准考证: a pointer or a second factor, never proof of identity alone.
    Ticket,
}

impl DocKind {
    /// Every kind, in the order of rules.md §2.
    pub const ALL: [Self; 10] = [
        Self::ResidentId,
        Self::TempId,
        Self::ForeignerPr,
        Self::HmtResidence,
        Self::HmtTravel,
        Self::Passport,
        Self::SocialCard,
        Self::MilitaryId,
        Self::CampusUid,
        Self::Ticket,
    ];

    /// The identifier that policies, rosters and the journal use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::TempId => "temp_id",
            Self::ForeignerPr => "foreigner_pr",
            Self::HmtResidence => "hmt_residence",
            Self::HmtTravel => "hmt_travel",
            Self::Passport => "passport",
            Self::SocialCard => "social_card",
            Self::MilitaryId => "military_id",
            Self::CampusUid => "campus_uid",
            Self::Ticket => "ticket",
        }
    }

    /// The Chinese name, the same in every language of the screens.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::ResidentId => "居民身份证",
            Self::TempId => "临时居民身份证",
            Self::ForeignerPr => "外国人永久居留身份证",
            Self::HmtResidence => "港澳台居民居住证",
            Self::HmtTravel => "来往内地通行证",
            Self::Passport => "护照",
            Self::SocialCard => "社保卡",
            Self::MilitaryId => "军官证",
            Self::CampusUid => "校园卡",
            Self::Ticket => "准考证",
        }
    }

    /// Whether both kinds carry the same number of the same person: a resident number stands on the card, on the
    /// temporary card and on the social security card.
    #[must_use]
    pub fn shares_number(self, other: Self) -> bool {
        let resident = |kind| matches!(kind, Self::ResidentId | Self::TempId | Self::SocialCard);
        self == other || (resident(self) && resident(other))
    }

    /// Finds the kind by identifier or Chinese name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| text == kind.id() || text == kind.chinese())
    }

    /// Whether a person can be admitted on it at all, should the policy accept it.
    #[must_use]
    pub const fn proves_identity(self) -> bool {
        !matches!(self, Self::CampusUid | Self::Ticket)
    }

    pub(super) const fn shape(self) -> &'static str {
        match self {
            Self::ResidentId | Self::TempId | Self::SocialCard => "18 characters: 1-8, 16 digits, a last digit or X",
            Self::HmtResidence => "18 characters beginning 810000, 820000 or 830000",
            Self::ForeignerPr => "3 letters and 12 digits, or 18 characters beginning with 9",
            Self::HmtTravel => "H or M and 8 digits, or 8 digits",
            Self::Passport => "5 to 15 of A-Z 0-9, with a digit",
            Self::MilitaryId => "4 to 24 of A-Z 0-9 - or Chinese characters",
            Self::CampusUid => "4 to 10 bytes in hexadecimal, 0-9 A-F",
            Self::Ticket => "6 to 20 of 0-9 A-Z",
        }
    }
}
