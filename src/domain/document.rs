//! Identity documents (rules.md §2).

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
}
