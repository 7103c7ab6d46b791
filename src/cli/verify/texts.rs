//! One sentence for each rule of the format, in both languages: what is wrong, in the reader's words.

use crate::config::Lang;
use crate::seal::verify::Rule;

/// The sentence of a broken rule.
pub(super) fn sentence(rule: Rule, lang: Lang) -> &'static str {
    let (zh, en) = both(rule);
    match lang {
        Lang::ZhCn => zh,
        Lang::En => en,
    }
}

fn both(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::OuterForm => ("不是封存包，或已损坏", "this is no package, or it is damaged"),
        Rule::OuterMembers => ("包内成员不是规定的三个", "the package does not hold its three members"),
        Rule::OuterType => ("包的类型标识不对", "the package names another type"),
        Rule::EnvelopeForm => ("信封不是规定格式的签名文件", "the envelope is no signature file of its kind"),
        Rule::EnvelopeSigner => ("信封不是由考点密钥单独签名", "the envelope is not signed by one site key"),
        Rule::EnvelopePayload => ("信封内容格式不对", "the envelope says something else than its format"),
        Rule::EnvelopeContent => ("加密内容与信封不符", "the encrypted content is not the one of the envelope"),
        Rule::Certificate => ("签名人的证书无法读取", "a signer's certificate does not read"),
        Rule::Signature => ("签名无效", "a signature does not hold"),
        Rule::Role => ("证书不具备签名所需的角色", "a certificate is for another role"),
        Rule::Chain => ("证书不是本机构签发", "a certificate was not issued by this organisation"),
        Rule::Validity => ("封存时证书不在有效期内", "a certificate was not valid at the sealing moment"),
        Rule::Profile => ("证书不符合本机构的证书规范", "a certificate is outside the organisation's profile"),
        Rule::Site => ("证书属于其他考点", "a certificate belongs to another site"),
        Rule::Revoked => ("证书已被吊销", "a certificate is revoked"),
        Rule::RevocationUnchecked => ("没有检查吊销情况", "revocation was not checked"),
        Rule::OneSite => ("考点签名不是恰好一个", "the manifest does not have exactly one site signature"),
        Rule::TwoProctors => ("监考员签名不足两个", "fewer than two proctors signed the manifest"),
        Rule::DifferentKeys => ("两个签名出自同一把密钥", "two signatures are by one key"),
        Rule::DifferentSubjects => ("两个签名出自同一人", "two signatures are by one person"),
        Rule::SameSite => ("信封与清单的考点证书不同", "envelope and manifest have different site certificates"),
        Rule::Decryption => {
            ("内容无法用此密钥解密，或已损坏", "the content does not open with this key, or is damaged")
        }
        Rule::InnerForm => ("内层归档格式不对", "the inner archive is not in its form"),
        Rule::InnerMembers => ("内层成员与规定不符", "the inner archive does not hold its members"),
        Rule::InnerType => ("内层归档的类型标识不对", "the inner archive names another type"),
        Rule::SealForm => ("清单签名文件格式不对", "the signature file of the manifest is not in its form"),
        Rule::SealDigest => ("清单签名文件与信封不符", "the signatures are not those that the envelope names"),
        Rule::ManifestForm => ("清单格式不对", "the manifest is not in its form"),
        Rule::Agreement => ("信封与清单互相矛盾", "envelope and manifest contradict each other"),
        Rule::SignersRequired => ("清单要求的签名人数不对", "the manifest asks for other signers than the format"),
        Rule::Mode => ("演示与正式相混：根证书与清单不一致", "demo and live are mixed: root and manifest differ"),
        Rule::Recipients => ("收件密钥不是两个以上不同的", "the recipients are not two different ones"),
        Rule::Sequence => ("序号与前一包不相称", "number and previous package do not go together"),
        Rule::After => ("不是紧接着所给的前一包", "it does not follow the package given"),
        Rule::AfterPackage => ("所给的前一包未通过检查", "the earlier package does not pass itself"),
        Rule::Amendment => ("更正包，本版本不能检查", "an amendment, which this release cannot check"),
        Rule::Organisation => ("成绩包属于别的机构", "the package is another organisation's"),
        Rule::FileList => ("清单的文件列表不完整或有多余", "the manifest does not list the files it must"),
        Rule::FileBytes => ("文件长度与清单不符", "a file has another length than the manifest says"),
        Rule::FileDigest => ("文件内容与清单不符", "a file is not the one that the manifest names"),
        Rule::FileLines => ("文件末行不完整", "the last line of a file is cut"),
        Rule::JournalLine => ("日志中有无法读取的行", "a line of the journal does not read"),
        Rule::UnknownKind => ("日志中有本版本不认识的事件", "the journal holds an event this release does not know"),
        Rule::JournalPlace => ("日志行缺失或顺序不对", "lines of the journal are missing or out of order"),
        Rule::JournalFirst => ("日志没有说明属于哪一场次", "a stream of the journal does not name its session"),
        Rule::JournalSize => ("日志行数与清单不符", "the journal has another number of lines"),
        Rule::DeskHead => ("日志链与清单不符", "the chain of a desk's lines ends elsewhere"),
        Rule::DeskRoot => ("某台日志的树根与清单不符", "the tree over a desk's lines has another root"),
        Rule::JournalRoot => ("日志的树根与清单不符", "the tree over the journal has another root"),
        Rule::Prepared => ("日志没有以封存准备结束", "the journal does not end with the preparation of the seal"),
        Rule::Frontier => ("封存准备之后仍有变动", "something changed after the seal was prepared"),
        Rule::Planned => ("清单与计划的场次不符", "the manifest is not of the session that was planned"),
        Rule::Course => ("场次开始签到的时间与清单不符", "the session did not open when the manifest says"),
        Rule::LedgerLine => ("考点台账中有错误的行", "a line of the site ledger is wrong"),
        Rule::LedgerChain => ("考点台账不连续", "the site ledger has a gap"),
        Rule::LedgerSeal => {
            ("台账显示此次封存已放弃或早已完成", "the ledger says that this seal was given up, or made before")
        }
        Rule::Policy => ("考务规则无法读取或本版本不支持", "the policy does not read, or this release cannot apply it"),
        Rule::PolicyBinding => ("考务规则不是本场次的", "the policy is not this session's"),
        Rule::Attendance => ("有人的考勤自相矛盾", "somebody's attendance contradicts itself"),
        Rule::Counts => ("人数与日志不符，或不平衡", "the counts are not the journal's, or do not balance"),
        Rule::Mark => ("有规则不允许的成绩", "there is a mark that the rules do not allow"),
        Rule::MarkMissing => ("有成绩缺失", "a mark is missing"),
        Rule::ResultLine => ("成绩行格式不对", "a line of the results is not in its form"),
        Rule::Results => ("成绩与评分和规则算出的不同", "a result is not what marks and policy give"),
        Rule::Derived => ("成绩不是主考确认的成绩", "the results are not those that the chief derived"),
        Rule::AttendanceLines => ("考勤表与日志不符", "the attendance lines are not what the journal gives"),
        Rule::Incidents => ("情况记录与日志不符", "the incidents are not those of the journal"),
        Rule::RecordsTree => {
            ("记录树根不符：有记录或随机值被改动", "the record tree has another root: a record or a salt was changed")
        }
        Rule::Notices => ("提示事项与冻结时不同", "the notices are not those that were frozen"),
        Rule::Turn => ("日志中有一步次序不对", "something in the journal was done out of its turn"),
        Rule::Seat => (
            "有座位停用、被占，或不是抽签得出的那一个",
            "a seat is out of service, somebody else's, or not the one of the draw",
        ),
        Rule::Person => ("日志中有一步不是由有权的人做的", "something in the journal was done by somebody who may not"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_sentence_of_its_own() {
        for lang in [Lang::ZhCn, Lang::En] {
            let mut seen: Vec<&str> = Rule::ALL.iter().map(|rule| sentence(*rule, lang)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), Rule::ALL.len());
        }
    }

    #[test]
    fn the_page_of_the_format_prints_the_same_sentences() {
        let page = include_str!("../../../assets/design/exam-seal.md");
        for rule in Rule::ALL {
            let row = format!("| {} | {} |", rule.code(), sentence(*rule, Lang::En));
            assert!(page.contains(&row), "{row}");
        }
    }
}
