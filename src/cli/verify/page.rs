//! The answer about a package on one page, for people: what it is first (a demo says so before anything), then the
//! answer, then what was checked, then every reason against it.

use super::texts::sentence;
use crate::config::Lang;
use crate::domain::session::Sealable;
use crate::domain::time::{ClockQuality, Instant};
use crate::seal::envelope::Envelope;
use crate::seal::manifest::Manifest;
use crate::seal::verify::{Report, Rule};
use crate::trust::x509::{Crl, Role};
use std::fmt::Write as _;
use std::path::Path;
use unicode_width::UnicodeWidthStr as _;

/// Columns of the labels.
const LABELS: usize = 14;

struct Page {
    lang: Lang,
    text: String,
}

impl Page {
    fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::ZhCn => zh,
            Lang::En => en,
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn row(&mut self, (zh, en): (&str, &str), value: &str) {
        let label = self.say(zh, en);
        let gap = " ".repeat(LABELS.saturating_sub(label.width()));
        self.line(format!("{label}{gap}{value}").trim_end());
    }
}

/// The page.
pub(super) fn page(package: &Path, report: &Report, crl: Option<&Crl>, lang: Lang) -> String {
    let mut page = Page { lang, text: String::new() };
    if report.mode() == Some(Sealable::Demo) {
        page.line(page.say("演示 DEMO：不是真实考核", "DEMO 演示: this is no real examination"));
    }
    let refused = || page.say("不予接受：封存包有问题", "REFUSED: something is wrong with this package");
    let answer = match (report.ok(), report.content_checked, report.reasons.as_slice()) {
        (true, true, _) => {
            page.say("通过：信封、签名和全部内容均正确", "GOOD: envelope, signatures and all contents are right")
        }
        (true, false, _) => page.say("信封通过；内容未检查", "The envelope is good; the content was not checked"),
        (_, _, [only]) if only.rule == Rule::RevocationUnchecked => page.say(
            "未定：没有检查证书吊销情况（用 --crl 或 --no-crl）",
            "UNDECIDED: revocation was not checked (use --crl or --no-crl)",
        ),
        _ => refused(),
    };
    page.line(answer);
    page.line("");
    page.row(("文件", "File"), &package.display().to_string());
    page.row(("SHA-256", "SHA-256"), &report.package_sha256.to_string());
    if let Some(envelope) = &report.envelope {
        of_envelope(&mut page, envelope);
    }
    if let Some(manifest) = &report.manifest {
        of_manifest(&mut page, manifest);
    }
    checks(&mut page, report, crl);
    reasons(&mut page, report);
    page.text.trim_end().to_owned()
}

fn of_envelope(page: &mut Page, envelope: &Envelope) {
    let number = match page.lang {
        Lang::ZhCn => format!("第 {} 包", envelope.sequence),
        Lang::En => format!("package {}", envelope.sequence),
    };
    page.row(("考点", "Site"), &format!("{} · {number}", envelope.site));
    page.row(("场次", "Session"), &envelope.session.to_string());
    page.row(("封存时间", "Sealed"), &Instant(envelope.sealed_at.saturating_mul(1000)).to_string());
}

fn of_manifest(page: &mut Page, manifest: &Manifest) {
    let level = match page.lang {
        Lang::ZhCn => manifest.level.zh(),
        Lang::En => manifest.level.as_str(),
    };
    page.row(("机构", "Organisation"), &format!("{} · {}", manifest.org, manifest.batch));
    page.row(("证书", "Certificate"), &format!("{} · {level}", manifest.certificate));
    page.row(("开始签到", "Opened"), &Instant(manifest.opened_at.saturating_mul(1000)).to_string());
    let quality = match manifest.clock.quality {
        ClockQuality::Synced => page.say("已同步", "synced"),
        ClockQuality::Attested => page.say("人工核对", "attested"),
        ClockQuality::Untrusted => page.say("不可信", "untrusted"),
    };
    page.row(("时钟", "Clock"), &format!("{} · {quality}", manifest.clock.source));
    let counts = &manifest.counts;
    let figures = [
        (page.say("登记", "registered"), counts.registered),
        (page.say("作废", "void"), counts.void),
        (page.say("实到", "present"), counts.present),
        (page.say("迟到", "late"), counts.late),
        (page.say("缺考", "absent"), counts.absent),
        (page.say("交卷", "handed in"), counts.handed_in),
        (page.say("终止", "removed"), counts.removed),
    ];
    let figures: Vec<String> = figures.iter().map(|(word, n)| format!("{word} {n}")).collect();
    page.row(("人数", "Candidates"), &figures.join(" · "));
    let lines = format!("{} · {}", manifest.journal.size, manifest.journal.root);
    page.row(("日志", "Journal"), &lines);
    if !manifest.notices.is_empty() {
        page.row(("提示事项", "Notices"), &manifest.notices.join(" "));
    }
}

fn checks(page: &mut Page, report: &Report, crl: Option<&Crl>) {
    for signer in &report.signers {
        let role =
            if signer.role == Role::Site { page.say("考点", "site") } else { page.say("监考员", "proctor") };
        let serial = page.say("证书", "certificate");
        page.row(("签名", "Signed by"), &format!("{role} {} · {serial} {}", signer.name, signer.serial));
    }
    if let Some(fingerprint) = report.fingerprint {
        let groups = fingerprint.groups();
        let (first, second) = groups.split_at(4);
        page.row(("指纹", "Fingerprint"), &first.join("  "));
        page.row(("", ""), &second.join("  "));
    }
    // cli.md fixes these two lines in the words that `--json` has.
    let revocation = match crl.filter(|_| report.revocation_checked) {
        Some(crl) => {
            let [this, next] =
                [crl.this_update(), crl.next_update()].map(|at| Instant(at.saturating_mul(1000)).to_string());
            let (list, until) = (page.say("吊销列表", "list of"), page.say("下次", "next"));
            format!("checked · {list} {this} · {until} {next}")
        }
        None => "not checked".to_owned(),
    };
    page.line(&format!("revocation: {revocation}"));
    page.line(if report.content_checked { "content: checked" } else { "content: not checked" });
}

fn reasons(page: &mut Page, report: &Report) {
    if report.reasons.is_empty() {
        return;
    }
    page.line("");
    for reason in &report.reasons {
        let mut text = format!("{} {}", reason.code(), sentence(reason.rule, page.lang));
        if let Some(path) = &reason.path {
            let _ = write!(text, " ({path})");
        }
        page.line(&text);
        let (expected, found) = (page.say("应为", "expected"), page.say("实为", "found"));
        page.line(&format!("         {expected}: {}", reason.expected));
        page.line(&format!("         {found}: {}", reason.found));
    }
}

/// What `open` says when it is done.
pub(super) fn written(dir: &Path, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("已写入 {}", dir.display()),
        Lang::En => format!("written to {}", dir.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::samples::{Day, Ground};
    use crate::seal::verify::{Request, Revocations, verify};

    #[test]
    fn a_demo_says_so_before_anything_and_the_answer_comes_next() {
        let ground = Ground::new();
        let frozen = Day::prepared().freeze(&ground);
        let (sealed, anchors) = (ground.seal(&frozen), ground.anchors());
        let all = ground.request(&anchors);
        let envelope = Request { identity: None, ..all };
        let unasked = Request { revocations: Revocations::NotGiven, ..all };
        for (request, zh, en) in [
            (all, "通过：", "GOOD: "),
            (envelope, "信封通过；内容未检查", "The envelope is good; the content was not checked"),
            (unasked, "未定：", "UNDECIDED: "),
        ] {
            let report = verify(&sealed.bytes, &request);
            for (lang, demo, answer) in [(Lang::ZhCn, "演示 DEMO", zh), (Lang::En, "DEMO", en)] {
                let page = page(Path::new("x.ekseal"), &report, None, lang);
                let mut lines = page.lines();
                assert!(lines.next().unwrap().starts_with(demo) && lines.next().unwrap().starts_with(answer), "{page}");
                assert!(page.contains("\nrevocation: not checked\n"), "{page}");
                let [first, ..] = frozen.fingerprint().groups();
                assert_eq!(page.contains(&first), request.identity.is_some(), "{page}");
            }
        }
    }

    #[test]
    fn a_refused_package_says_why_in_both_languages() {
        let ground = Ground::new();
        let anchors = ground.anchors();
        let report = verify(b"PK", &ground.request(&anchors));
        let zh = page(Path::new("x"), &report, None, Lang::ZhCn);
        assert!(zh.contains("不予接受") && zh.contains("KD-V-01 不是封存包，或已损坏 (the package)"), "{zh}");
        let en = page(Path::new("x"), &report, None, Lang::En);
        assert!(en.contains("REFUSED") && en.contains("KD-V-01 this is no package, or it is damaged"), "{en}");
    }

    #[test]
    fn no_line_of_the_page_names_a_candidate() {
        let ground = Ground::new();
        let anchors = ground.anchors();
        let sealed = ground.seal(&Day::prepared().freeze(&ground));
        let page = page(Path::new("x"), &verify(&sealed.bytes, &ground.request(&anchors)), None, Lang::En);
        assert!(!page.contains("26000000"), "{page}");
    }
}
