//! Invented people and the resident cards they carry.
//!
//! Numbers lie in region 110199, which is not assigned, so that none is a living person's. People of the roster have
//! sequence numbers 001 to 899, strangers 900 to 999: whatever the seeds, no stranger is on a roster.
//!
//! Invariants: every number is valid (GB 11643); sex and birth agree with it; every card is valid on the demo's day;
//! every field fits its place on a card (`id-card-reader.md`).

use super::draw::SplitMix64;
use crate::domain::document::mod_11_2;
use crate::reader::record::ResidentCard;
use std::collections::HashSet;
use std::ops::RangeInclusive;

const REGION: &str = "110199";
const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾",
    "彭", "吕", "单", "仇", "欧阳", "上官", "司徒", "诸葛",
];
const GIVEN: &[&str] = &[
    "子", "涵", "雨", "欣", "思", "远", "浩", "然", "佳", "怡", "梓", "晨", "若", "溪", "嘉", "琪", "俊", "熙", "语",
    "桐", "依", "诺", "泽", "楷", "心", "悦", "文", "轩", "书", "瑶", "雅", "芷", "可", "昕", "乐", "之", "恒", "星",
    "辰", "帆", "明", "慧", "凡", "川", "宇", "航", "晓", "燕", "春", "秋",
];
const DISTRICTS: &[&str] = &["滨江区", "虚构区", "东湖区", "南山县"];
const ROADS: &[&str] = &["示例路", "学府路", "码头街", "大学城东路", "江滨大道"];

/// What of a person is not left to chance: years of birth and the sequence numbers of their kind.
pub(super) struct Origin {
    pub born: RangeInclusive<u32>,
    pub sequence: RangeInclusive<u32>,
}

pub(super) const STUDENT: Origin = Origin { born: 2003..=2008, sequence: 1..=899 };
pub(super) const SOCIAL: Origin = Origin { born: 1968..=2000, sequence: 1..=899 };
const STRANGER: Origin = Origin { born: 1985..=2007, sequence: 900..=999 };

/// The people invented so far, by number and name, so that the next one differs from them.
#[derive(Default)]
pub(super) struct Known {
    numbers: HashSet<String>,
    names: HashSet<String>,
}

impl Known {
    /// Names may come again from here on, as they may from session to session; numbers never.
    pub fn forget_names(&mut self) {
        self.names.clear();
    }

    /// Draws a name that nobody has yet, as far as there are any.
    fn name(&mut self, draw: &mut SplitMix64) -> String {
        let mut name = String::new();
        for _ in 0..16 {
            let given = if draw.below(3) == 0 { "" } else { draw.word(GIVEN) };
            name = format!("{}{given}{}", draw.word(SURNAMES), draw.word(GIVEN));
            if !self.names.contains(&name) {
                break;
            }
        }
        self.names.insert(name.clone());
        name
    }

    /// Draws a person; `name` where it is given.
    pub fn person(&mut self, draw: &mut SplitMix64, origin: &Origin, name: Option<&str>) -> ResidentCard {
        let name = match name {
            Some(given) => given.to_owned(),
            None => self.name(draw),
        };
        let (number, born, sequence) = loop {
            let born = day(draw, origin.born.clone(), 12);
            let sequence = draw.within(origin.sequence.clone());
            let body = format!("{REGION}{}{sequence:03}", written(born));
            let number = format!("{body}{}", mod_11_2(&body));
            if self.numbers.insert(number.clone()) {
                break (number, born, sequence);
            }
        };
        let (valid_from, valid_to) = validity(draw, born);
        ResidentCard {
            name,
            sex: if sequence % 2 == 1 { "1" } else { "2" }.into(),
            nation: "01".into(),
            birth: written(born),
            address: format!("测试省样例市{}{}{}号", draw.word(DISTRICTS), draw.word(ROADS), draw.within(1..=199)),
            number,
            issuer: "样例市公安局".into(),
            valid_from,
            valid_to,
        }
    }
}

/// Invents people with valid cards who are on no roster.
#[must_use]
pub fn strangers(n: u32, seed: u64) -> Vec<ResidentCard> {
    // Another sequence than the roster's of the same seed, so that they do not bear its names in its order.
    let mut draw = SplitMix64::new(!seed);
    let mut known = Known::default();
    (0..n.min(super::MOST)).map(|_| known.person(&mut draw, &STRANGER, None)).collect()
}

/// Year, month, day.
type Day = (u32, u32, u32);

/// Draws a day before the last month is over; the 29th to 31st are left out, so that every one exists.
fn day(draw: &mut SplitMix64, years: RangeInclusive<u32>, last_month: u32) -> Day {
    (draw.within(years), draw.within(1..=last_month), draw.within(1..=28))
}

fn written((year, month, day): Day) -> String {
    format!("{year:04}{month:02}{day:02}")
}

/// Draws when a card was issued, at 16 or later and before November 2026, and until when it holds: ten years, twenty
/// from 26 on, without end from 46 on.
fn validity(draw: &mut SplitMix64, born: Day) -> (String, String) {
    let issued = day(draw, (born.0 + 17).max(2018)..=2026, 10);
    let had_birthday = (issued.1, issued.2) >= (born.1, born.2);
    let until = match issued.0 - born.0 - u32::from(!had_birthday) {
        46.. => "长期".into(),
        26.. => written((issued.0 + 20, issued.1, issued.2)),
        _ => written((issued.0 + 10, issued.1, issued.2)),
    };
    (written(issued), until)
}
