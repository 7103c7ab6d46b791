//! The screens of sealing and the lock, with ordinary, blocked, failed and empty data.

use super::sample::*;
use super::screen_cases::{Case, case};
use kaodian::domain::crew::Role;
use kaodian::domain::session::Mode;
use kaodian::tui::keymap::{Action, Press, ScreenId};
use kaodian::tui::screens::seal::readiness::{Check, Item, Standing};
use kaodian::tui::screens::seal::{checklist, done, progress, sign};
use kaodian::tui::screens::{confirm, lock, unlock};
use kaodian::tui::theme::Plate;
use kaodian::tui::widgets::Pen;
use kaodian::tui::widgets::header::{Duty, Phase};
use kaodian::tui::widgets::strip::Strip;
use kaodian::tui::widgets::tries::Tries;
use ratatui::layout::Position;

pub const GROUPS: [&str; 8] = ["A 5521", "B 0937", "C 7718", "D 4402", "E 9163", "F 2085", "G 6640", "H 1379"];

fn key(c: char) -> Press {
    match c {
        '\n' => Press::Do(Action::Enter),
        '\x1b' => Press::Do(Action::Back),
        'W' => Press::Do(Action::Acknowledge),
        c => Press::Char(c),
    }
}

fn items(standings: &[(Check, Standing, u32)]) -> Vec<Item> {
    standings.iter().map(|(check, standing, n)| Item { check: *check, standing: *standing, n: *n }).collect()
}

/// Every check, `wrong` of them not as they should be.
pub fn checklist_data(wrong: &[(Check, Standing, u32)]) -> checklist::Data {
    use Check::{
        Balance, Certificate, Clock, Closed, Conflicts, Desks, Inside, Marks, Proctors, Recipients, Registered,
        Results, Revocations, Sealable, SiteKeys, Streams,
    };
    let all = [
        (Closed, 0),
        (Balance, 0),
        (Conflicts, 0),
        (Desks, 0),
        (Streams, 0),
        (Inside, 0),
        (Registered, 61),
        (Marks, 0),
        (Results, 0),
        (Proctors, 3),
        (Certificate, 0),
        (Recipients, 0),
        (Sealable, 0),
        (SiteKeys, 0),
        (Revocations, 0),
        (Clock, 0),
    ];
    let of =
        |(check, n): (Check, u32)| wrong.iter().find(|w| w.0 == check).copied().unwrap_or((check, Standing::Good, n));
    let mut all: Vec<_> = all.into_iter().map(of).collect();
    all.extend(wrong.iter().filter(|w| w.0 == Check::Lifts));
    checklist::Data {
        chief: "陈*".into(),
        items: items(&all),
        frozen: false,
        place: 1,
        closed: 1,
        counts: balanced(),
        organisation: "滨江职业技能评价组织中心".into(),
        working: "8841 2207".into(),
        recovery: "2207 9163".into(),
    }
}

fn frozen_data(wrong: &[(Check, Standing, u32)]) -> checklist::Data {
    checklist::Data { frozen: true, ..checklist_data(wrong) }
}

const WARNED: [(Check, Standing, u32); 3] = [
    (Check::Revocations, Standing::Warning, 0),
    (Check::Clock, Standing::Warning, 0),
    (Check::Lifts, Standing::Warning, 4),
];

const BLOCKED: [(Check, Standing, u32); 4] = [
    (Check::Marks, Standing::Blocked, 1),
    (Check::Results, Standing::Blocked, 0),
    (Check::Proctors, Standing::Blocked, 1),
    (Check::Clock, Standing::Warning, 0),
];

fn checks(name: &'static str, data: fn() -> checklist::Data, keys: &'static str) -> Case {
    sealing(case(name, ScreenId::Checklist, move |pen| {
        let mut state = checklist::State::default();
        for c in keys.chars() {
            checklist::on_key(&mut state, &data(), key(c));
        }
        checklist::view(&state, &data(), pen)
    }))
}

pub fn sign_data(signed: [Option<usize>; 2]) -> sign::Data {
    let proctor = |masked: &str, until: &str, tries| sign::Proctor {
        masked: masked.into(),
        until: until.into(),
        tries,
        demo_pin: None,
    };
    let at = [at(15, 59, 41), at(16, 0, 30)];
    sign::Data {
        groups: GROUPS.map(String::from).into(),
        asked: ['C', 'G'],
        counts: balanced(),
        incidents: 7,
        lines: 12_117,
        frozen_at: super::sample::at(15, 58, 20),
        session: "第 12 场".into(),
        session_short: "a81f03c2".into(),
        root_short: "9f3a22c1e0b4".into(),
        working: "8841 2207".into(),
        recovery: "2207 9163".into(),
        proctors: vec![
            proctor("李*", "2027-03", Tries::FULL),
            proctor("王*", "2027-03", Tries { left: 3, wait: 0 }),
            proctor("𠮷*", "2026-12", Tries { left: 0, wait: 15 }),
            proctor("M*", "2027-01", Tries::FULL),
        ],
        demo_passphrase: None,
        signed: [0, 1].map(|n| signed[n].map(|proctor| sign::Signed { proctor, at: at[n] })),
    }
}

/// The state after some keys, each part typed while the signatures stood as its number says.
fn signing(name: &'static str, signed: [Option<usize>; 2], parts: [&'static str; 3], refused: bool) -> Case {
    sealing(case(name, ScreenId::Sign, move |pen| {
        let mut state = sign::State::default();
        let stands = [sign_data([None, None]), sign_data([signed[0], None]), sign_data(signed)];
        for (data, keys) in stands.iter().zip(parts) {
            for c in keys.chars() {
                sign::on_key(&mut state, data, key(c));
            }
        }
        if refused {
            state.refuse();
        }
        sign::view(&state, &sign_data(signed), pen)
    }))
}

fn sealing(mut case: Case) -> Case {
    case.header.phase = Some(Phase::Closing);
    case.header.limit = None;
    case.header.duty = Some(Duty { role: Role::Chief, masked: "陈*".into() });
    case
}

fn sealed(case: Case) -> Case {
    let mut case = sealing(case);
    case.header.phase = Some(Phase::Sealed);
    case
}

pub fn progress_data(at: usize, stand: progress::Stand, failure: Option<progress::Failure>) -> progress::Data {
    use progress::{Stand, Step};
    let took = [104, 432, 61, 1220, 48, 12_300, 240, 2_010];
    let mut n = 0;
    let steps = took.map(|ms| {
        n += 1;
        let stand = match n.cmp(&at) {
            std::cmp::Ordering::Less => Stand::Done,
            std::cmp::Ordering::Equal => stand,
            std::cmp::Ordering::Greater => Stand::Waiting,
        };
        Step { stand, ms: (stand != Stand::Waiting).then_some(ms) }
    });
    progress::Data { steps, files: 6, leaves: (at > 3).then_some((116, 12_117)), failure }
}

fn stopped(at: usize, code: &str, trouble: progress::Trouble, cause: &str) -> progress::Data {
    let failure = progress::Failure { code: code.into(), trouble, cause: cause.into() };
    progress_data(at, progress::Stand::Failed, Some(failure))
}

pub fn done_data() -> done::Data {
    let file = "EK-EX-SITE-01-a81f03c2-17.ekseal";
    let words = format!(
        "kaodian verify packages/{file} --root trust/EX-ORG-01/root.pem --crl trust/EX-ORG-01/root.crl --identity \
         org/working.txt"
    );
    done::Data {
        mode: Mode::Demo,
        at: at(16, 1, 7),
        file: file.into(),
        bytes: 131_072,
        session_short: "a81f03c2".into(),
        sequence: 17,
        groups: GROUPS.map(String::from).into(),
        passed: done::Check::ALL.to_vec(),
        command: words.split(' ').map(str::to_owned).collect(),
    }
}

fn lock_data(tries: Tries) -> lock::Data {
    let people = unlock_data(6).people;
    let people = people.into_iter().map(|person| unlock::Person { tries: Some(tries), ..person }).collect();
    lock::Data { people, locked: 5, why: lock::Why::Idle(10), unfinished: None, judged: true }
}

pub fn cases() -> Vec<Case> {
    [checklists(), signatures(), seals(), locks()].into_iter().flatten().collect()
}

fn checklists() -> Vec<Case> {
    vec![
        checks("checklist", || checklist_data(&[]), ""),
        checks("checklist-asking", || checklist_data(&[]), "\n"),
        checks("checklist-blocked", || checklist_data(&BLOCKED), "\n"),
        checks("checklist-warned", || checklist_data(&WARNED), "\nW\n"),
        checks(
            "checklist-pending",
            || {
                let pending = [(Check::Desks, Standing::Pending, 0), (Check::Streams, Standing::Pending, 0)];
                checklist::Data { place: 2, closed: 3, ..checklist_data(&pending) }
            },
            "",
        ),
        checks("checklist-frozen", || frozen_data(&[(Check::Certificate, Standing::Blocked, 0)]), ""),
        checks("checklist-thaw", || frozen_data(&[]), "\x1b"),
        checks("checklist-empty", || checklist::Data { items: Vec::new(), ..checklist_data(&[]) }, ""),
        checks(
            "checklist-off",
            || {
                let counts = close_data(52).counts;
                checklist::Data { counts, ..checklist_data(&[(Check::Balance, Standing::Blocked, 1)]) }
            },
            "\n",
        ),
    ]
}

fn signatures() -> Vec<Case> {
    let mut strip = signing("strip-over-sign", [None, None], ["771866", "", ""], false);
    strip.strip = Some(Strip { plate: Plate::Refused, who: who(NAMES[1], "021X", ""), seat: None });
    vec![
        signing("sign", [None, None], ["771866", "", ""], false),
        signing("sign-differs", [None, None], ["7719", "", ""], false),
        signing("sign-pick", [None, None], ["77186640", "", ""], false),
        signing("sign-pin", [None, None], ["7718664021357", "", ""], false),
        signing("sign-checking", [None, None], ["771866401135790\n", "", ""], false),
        signing("sign-wrong", [None, None], ["771866402135790\n", "", ""], true),
        signing("sign-second", [Some(0), None], ["771866401135790\n", "224", ""], false),
        signing("sign-passphrase", [Some(0), Some(3)], ["771866401135790\n", "3246802\n", "slow red river 9"], false),
        signing("sign-passphrase-wrong", [Some(0), Some(3)], ["771866401135790\n", "3246802\n", "x\n"], true),
        signing("sign-stop", [Some(0), None], ["771866401135790\n", "\x1b", ""], false),
        strip,
    ]
}

fn seals() -> Vec<Case> {
    use progress::{Stand, Trouble};
    vec![
        sealing(case("sealing", ScreenId::Sealing, |pen| {
            progress::view(&progress_data(6, Stand::Running(790), None), pen)
        })),
        sealing(case("sealing-unverified", ScreenId::Sealing, |pen| {
            let cause = "expected digest 9f3a22c1e0b4 of results.jsonl, found 0b4d22c1e0b4";
            progress::view(&stopped(8, "KD-2401", Trouble::Verification, cause), pen)
        })),
        sealing(case("sealing-disk", ScreenId::Sealing, |pen| {
            let cause = "write /var/lib/kaodian/packages/.EK-EX-SITE-01-a81f03c2-17.part: no space left on device (os error 28)";
            progress::view(&stopped(7, "KD-D-05", Trouble::Disk, cause), pen)
        })),
        sealed(case("sealed", ScreenId::Sealed, |pen| done::view(done::State::default(), &done_data(), pen))),
    ]
}

fn locked(name: &'static str, draw: impl Fn(&mut Pen<'_>) -> Position + 'static) -> Case {
    let mut case = case(name, ScreenId::Lock, draw);
    case.header.duty = None;
    case
}

fn locks() -> Vec<Case> {
    let wait = Tries { left: 0, wait: 480 };
    vec![
        locked("lock", |pen| {
            let mut data = lock_data(Tries::FULL);
            data.unfinished = Some("EX-SITE-01-0007".into());
            lock::view(&lock::State::default(), &data, pen)
        }),
        locked("lock-wrong", move |pen| {
            let data = lock::Data { why: lock::Why::Asked, ..lock_data(wait) };
            let mut state = lock::State::default();
            for c in "135".chars() {
                lock::on_key(&mut state, &data, key(c));
            }
            state.notice = unlock::Notice::Wrong;
            lock::view(&state, &data, pen)
        }),
        case("unlock-wait", ScreenId::Unlock, move |pen| {
            let mut data = unlock_data(6);
            data.judged = false;
            data.people.iter_mut().for_each(|person| person.tries = Some(wait));
            let mut state = unlock::State::default();
            for c in "5135".chars() {
                unlock::on_key(&mut state, &data, key(c));
            }
            unlock::view(&state, &data, pen)
        }),
        case("confirm-open", ScreenId::Confirm, |pen| {
            let data = confirm::Data {
                act: confirm::Act::Open,
                pin: true,
                passphrase: true,
                demo_passphrase: None,
                sessions: vec![],
            };
            let mut state = confirm::State::default();
            for c in "135790\nslow red".chars() {
                confirm::on_key(&mut state, &data, key(c));
            }
            confirm::view(&state, &data, pen)
        }),
    ]
}
