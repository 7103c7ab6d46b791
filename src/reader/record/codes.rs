//! What the codes on a card mean: sex (GB/T 2261.1) and nation (GB/T 3304) (id-card-reader.md §7).

/// The name of a nation code (GB/T 3304), without 族.
#[must_use]
pub fn nation_name(code: &str) -> Option<&'static str> {
    const NATIONS: &str = "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 \
        拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 \
        鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺";
    if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match code.parse::<usize>().ok()? {
        97 => Some("其他"),
        98 => Some("外国血统中国籍人士"),
        number => NATIONS.split(' ').nth(number.checked_sub(1)?),
    }
}

/// The name of a sex code (GB/T 2261.1).
#[must_use]
pub fn sex_name(code: &str) -> Option<&'static str> {
    match code {
        "0" => Some("未知"),
        "1" => Some("男"),
        "2" => Some("女"),
        "9" => Some("未说明"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nations_are_the_56_of_the_standard_and_two_more() {
        let all = (0..100).filter_map(|n| nation_name(&format!("{n:02}"))).count();
        assert_eq!(all, 58);
        assert_eq!(
            (nation_name("46"), nation_name("56"), nation_name("97")),
            (Some("德昂"), Some("基诺"), Some("其他"))
        );
        for unknown in ["57", "00", "99", "1", "+1", "", "０１"] {
            assert_eq!(nation_name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn an_unknown_sex_is_not_a_woman() {
        assert_eq!(["0", "1", "2", "9"].map(sex_name), [Some("未知"), Some("男"), Some("女"), Some("未说明")]);
        for unknown in ["", "3", "M", "１", "01"] {
            assert_eq!(sex_name(unknown), None, "{unknown}");
        }
    }
}
