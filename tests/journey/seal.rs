//! From a closed session to 已封存: the wizard by keys, as a chief and two proctors go through it.

use super::super::support::lines::{kaodian, run, run_json};
use super::super::support::pty::{Terminal, keys};
use super::super::support::tmp::Tmp;
use super::super::{CHIEF, SIZE, choose, config, end};
use std::fs;
use std::path::{Path, PathBuf};

const PASSPHRASE: &str = "five plain words open it";
const PROCTORS: [&str; 2] = ["314159", "271828"];

/// What the screens say in one language.
pub struct Words {
    menu: &'static str,
    hint: &'static str,
    all_good: &'static str,
    ask: &'static str,
    freeze_more: &'static str,
    group: fn(char) -> String,
    pick: &'static str,
    /// Beside each signer.
    until: &'static str,
    sealed: &'static str,
    passed: &'static str,
    phase: &'static str,
    wrong_passphrase: &'static str,
}

pub const CHINESE: Words = Words {
    menu: "封存本场",
    hint: "数字选择",
    all_good: "0 阻断",
    ask: "冻结本场？",
    freeze_more: "复核：请从纸上输入",
    group: |letter| format!("{letter} 组"),
    pick: "谁来签认？按数字选人",
    until: "证书至",
    sealed: "[OK] 已封存",
    passed: "验证程序：全部通过",
    phase: "已封存",
    wrong_passphrase: "考点口令不正确",
};

pub const ENGLISH: Words = Words {
    menu: "Seal the session",
    hint: "digit chooses",
    all_good: "blocked 0",
    ask: "Freeze this session?",
    freeze_more: "Check: type two groups",
    group: |letter| format!("group {letter}"),
    pick: "Who signs? Press a digit",
    until: "cert. to",
    sealed: "[OK] Sealed",
    passed: "Verifier: everything passes",
    phase: "SEALED",
    wrong_passphrase: "Wrong site passphrase",
};

/// Opens the menu in this language and chooses to seal.
fn choose_seal(terminal: &mut Terminal, words: &Words) {
    terminal.send(keys::F10).wait_for(words.hint).wait_for(words.menu);
    let screen = terminal.screen();
    let line = screen.lines().find(|line| line.contains(words.menu)).expect("the item");
    let digit = line.split(['[', ']']).nth(1).expect("a digit").to_owned();
    terminal.send(&digit).wait_gone(words.hint);
}

/// The digits behind a letter, as everybody copies them from the screen to paper.
fn digits(screen: &str, letter: char) -> String {
    let words: Vec<&str> = screen.split_whitespace().collect();
    let is = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let found = words.windows(2).find(|pair| pair[0] == letter.to_string() && is(pair[1]));
    found.unwrap_or_else(|| panic!("no group {letter}\n{screen}"))[1].to_owned()
}

/// The two groups asked for, in their order.
fn asked(screen: &str, words: &Words) -> Vec<char> {
    let line = screen.lines().find(|line| ('A'..='H').any(|letter| line.contains(&(words.group)(letter))));
    let line = line.unwrap_or_else(|| panic!("no group asked for\n{screen}"));
    let mut found: Vec<(usize, char)> =
        ('A'..='H').filter_map(|letter| Some((line.find(&(words.group)(letter))?, letter))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, letter)| letter).collect()
}

/// From the checklist to the frozen session, both groups read back.
fn freeze(terminal: &mut Terminal, words: &Words) {
    choose_seal(terminal, words);
    terminal.wait_for(words.all_good);
    terminal.send(keys::ENTER).wait_for(words.ask);
    terminal.send(keys::ENTER).wait_for(words.freeze_more);
    read_back(terminal, words);
}

fn read_back(terminal: &mut Terminal, words: &Words) {
    // A frame comes in pieces: the row that asks is the last of what is read here.
    let both = |screen: &str| ('A'..='H').filter(|letter| screen.contains(&(words.group)(*letter))).count() == 2;
    terminal.wait_until("two groups asked for", both);
    let screen = terminal.screen();
    let letters = asked(&screen, words);
    assert_eq!(letters.len(), 2, "{screen}");
    for letter in letters {
        terminal.send(&digits(&screen, letter));
    }
    terminal.wait_for(words.pick);
}

/// Both proctors: the second list lacks the first one.
fn sign(terminal: &mut Terminal, words: &Words) {
    let signed = |n: usize| {
        let line = |line: &&str| line.contains(words.until) && line.contains("[OK]");
        move |screen: &str| screen.lines().filter(line).count() >= n
    };
    // The first of the list by name of operator, li before wang.
    terminal.send("1").send(PROCTORS[1]).send(keys::ENTER).wait_until("one signature", signed(1));
    terminal.wait_for(words.pick);
    assert!(!terminal.screen().contains("[2]"), "one of two is left\n{}", terminal.screen());
    terminal.send("1").send(PROCTORS[0]).send(keys::ENTER).wait_until("two signatures", signed(2));
}

/// The whole wizard, with a wrong passphrase on the way; ends on the sealed screen.
pub fn seal(terminal: &mut Terminal, words: &Words) {
    freeze(terminal, words);
    sign(terminal, words);
    terminal.send("not these words").send(keys::ENTER).wait_for(words.wrong_passphrase);
    terminal.send(PASSPHRASE).send(keys::ENTER);
    terminal.wait_for(words.sealed).wait_for(words.passed).wait_for(words.phase).wait_for("kaodian verify");
    assert!(!terminal.screen().contains(PASSPHRASE));
}

/// The lines of the site's ledger.
fn ledger(home: &Tmp, data: &Path) -> String {
    let (pin, dir) = (home.file("chief-pin", CHIEF.1).display().to_string(), data.display().to_string());
    let args = ["--data", &dir, "journal", "show", "--ledger", "--as", "chen", "--pin-file", &pin];
    String::from_utf8(run(&mut kaodian(home.path(), args)).stdout).unwrap()
}

/// What lies on the disk agrees with the ledger.
pub fn sealed_on_disk(home: &Tmp, data: &Path) -> PathBuf {
    let packages: Vec<PathBuf> = fs::read_dir(data.join("out")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [package] = packages.as_slice() else { panic!("expected one package, found {packages:?}") };
    assert_eq!(package.extension().unwrap(), "ekseal");
    let ledger = ledger(home, data);
    for (kind, times) in [("seal_signed/1", 2), ("session_sealed/1", 1)] {
        assert_eq!(ledger.matches(kind).count(), times, "{kind}\n{ledger}");
    }
    package.clone()
}

/// A desk over a kept demo whose first session has its results, the chief on duty.
fn desk(home: &Tmp) -> (Terminal, PathBuf) {
    let config = config(home);
    let day = home.join("day").display().to_string();
    let args = ["--config", &config, "--json", "demo", "--headless", "--candidates", "6", "--until", "results"];
    run_json(&mut kaodian(home.path(), [&args[..], &["--keep", &day]].concat()));
    let data = Path::new(&day).join("data");
    (desk_over(home, &data), data)
}

fn desk_over(home: &Tmp, data: &Path) -> Terminal {
    let config = config(home);
    let (dir, port) = (data.display().to_string(), home.join("reader").display().to_string());
    let pin = home.file("pin", CHIEF.1).display().to_string();
    let args = ["--config", &config, "--data", &dir, "desk", "--reader", &port, "--as", "chen", "--pin-file", &pin];
    let terminal = Terminal::kaodian(home.path(), &args, SIZE);
    terminal.wait_alternate(true).wait_for("主考 陈*");
    terminal
}

#[test]
fn the_wizard_seals_in_english() {
    let home = Tmp::new();
    let (mut terminal, data) = desk(&home);
    terminal.send(&keys::ctrl('e')).wait_for("chief");
    seal(&mut terminal, &ENGLISH);
    terminal.send(keys::ENTER).wait_gone("kaodian verify");
    end(terminal);
    a_stranger_believes(&home, &sealed_on_disk(&home, &data));
}

#[test]
fn a_seal_that_was_stopped_begins_again_and_one_that_was_killed_goes_on() {
    let home = Tmp::new();
    let (mut terminal, data) = desk(&home);
    freeze(&mut terminal, &CHINESE);
    terminal.send(keys::ESC).wait_for("停止封存并解冻本场？");
    terminal.send(keys::ESC).wait_gone("停止封存并解冻本场？");
    terminal.send(keys::ESC).wait_for("停止封存并解冻本场？");
    terminal.send(keys::ENTER).wait_gone("停止封存并解冻本场？");
    let abandoned = (0..100).any(|_| ledger(&home, &data).contains("seal_abandoned/1"));
    assert!(abandoned, "{}", ledger(&home, &data));
    assert!(fs::read_dir(data.join("out")).map_or(true, |mut entries| entries.next().is_none()));

    // Again, as far as one signature; then the power goes.
    freeze(&mut terminal, &CHINESE);
    terminal.send("1").send(PROCTORS[1]).send(keys::ENTER).wait_for("已签认");
    terminal.process().signal(rustix::process::Signal::KILL);
    terminal.wait_exit();

    let mut terminal = desk_over(&home, &data);
    choose(&mut terminal, CHINESE.menu);
    // Frozen already: no checklist, and both sign anew.
    terminal.wait_for(CHINESE.freeze_more);
    read_back(&mut terminal, &CHINESE);
    sign(&mut terminal, &CHINESE);
    terminal.send(PASSPHRASE).send(keys::ENTER).wait_for(CHINESE.sealed);
    end(terminal);
    sealed_on_disk(&home, &data);
}

#[test]
fn a_locked_desk_opens_to_a_pin_and_goes_back_to_the_seal() {
    let home = Tmp::new();
    let (mut terminal, _) = desk(&home);
    freeze(&mut terminal, &CHINESE);
    terminal.send(keys::F12).wait_for("已锁定").wait_for("未完成：封存本场").wait_gone("监考甲");
    terminal.send(keys::F10).send("135791").send(keys::ENTER).wait_for("PIN 不正确");
    terminal.send(CHIEF.1).send(keys::ENTER).wait_gone("已锁定").wait_for(CHINESE.pick);
    sign(&mut terminal, &CHINESE);
    terminal.send(PASSPHRASE).send(keys::ENTER).wait_for(CHINESE.sealed);
    // Another person begins at the check-in.
    terminal.send(keys::F12).wait_for("已锁定").wait_gone("kaodian verify");
    terminal.send(keys::DOWN).send(keys::DOWN).wait_for("监考");
    terminal.send(PROCTORS[0]).send(keys::ENTER).wait_gone("已锁定").wait_for("监考 王*");
    end(terminal);
}

/// The organisation's side of a kept demo, without anything of the site: package, root, list and key.
pub fn a_stranger_believes(home: &Tmp, package: &Path) {
    let org = home.join("day").join("org");
    let [root, crl, identity] =
        ["root.pem", "crl.pem", "identity.age"].map(|name| org.join(name).display().to_string());
    let package = package.display().to_string();
    for (lang, first, answer, written) in [
        ("zh-CN", "演示 DEMO", "通过：信封、签名和全部内容均正确", "results.jsonl"),
        ("en", "DEMO 演示", "GOOD: envelope, signatures and all contents are right", "results.jsonl"),
    ] {
        let trusted = [&package, "--root", &root, "--crl", &crl, "--identity", &identity];
        let verify = [&["--lang", lang, "verify"], &trusted[..]].concat();
        let out = home.join(lang);
        let open = [&["--lang", lang, "open"], &trusted[..], &["--out", out.to_str().unwrap()]].concat();
        for args in [verify, open] {
            let said = run(&mut kaodian(home.path(), args));
            let (page, complaint) = (String::from_utf8(said.stdout).unwrap(), String::from_utf8_lossy(&said.stderr));
            assert_eq!(said.status.code(), Some(0), "{page}{complaint}");
            assert!(page.starts_with(first), "DEMO comes first\n{page}");
            assert!(page.contains(answer), "{page}");
        }
        assert!(fs::read(out.join(written)).is_ok_and(|bytes| !bytes.is_empty()), "the files are there");
    }
}
