use super::*;
use ring::rand::SystemRandom;

const CHEAP: KdfCost = KdfCost { argon_mib: 1, argon_t: 1, lanes: 1 };

/// Sealed with argon2-cffi and cryptography in Python: a store opens as long as these do.
const KEPT: &str = concat!(
    r#"{"salt":"AAECAwQFBgcICQoLDA0ODw","cost":{"argon_mib":1,"argon_t":1,"lanes":1},"sealed":"#,
    r#""AAECAwQFBgcICQoLW8JVs1GfGQVfWIVAOQe-646Ow_RgKNyKr0Wr_evQEs-8MlyWoYH4Zid70TawIbhoCpd7aherp6azoskQJsRgRu4"#,
    r#"_GoKiZFVXin1lFLLHPK8jJ2EWCequcYE5"}"#
);
const KEPT_NAME: [u8; 34] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0xff, 0x39, 0xb0, 0x7a, 0xba, 0x53, 0xc9, 0x38, 0x6a, 0x25, 0x02, 0x72, 0xb7,
    0xdc, 0x49, 0xad, 0x63, 0x75, 0xfc, 0x7b, 0xe7, 0x31,
];

/// Sealed with cryptography in Python under the seed 00 01 … 1f.
const KEPT_BY_KEY: &str = concat!(
    r#"{"key":"A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg","sealed":"#,
    r#""AAECAwQFBgcICQoLIbljCYtkMjX97W28rKyfcqu-6qtdPBGAlYD1oRcKzV4ROdeIP92OHh6zi2Jf32uzKbpU41232LgkrqKjixlweLxk196c"#,
    r#"2GuBjIPsEt66jNc5jBUwGv8ENgrJ"}"#
);

fn counted() -> SigningKey {
    SigningKey::from_seed(std::array::from_fn(|i| u8::try_from(i).unwrap()))
}

fn op(name: &str) -> OperatorId {
    OperatorId::parse(name).unwrap()
}

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}

#[test]
fn a_kept_identity_and_name_open_and_write_the_same_json() {
    let sealed: SealedIdentity = serde_json::from_str(KEPT).unwrap();
    let identity = sealed.open(&op("chen"), &pin("246813"), &MachineSecret::from_bytes([7; 32])).unwrap();
    assert_eq!(identity.recipient(), "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa");
    assert_eq!(identity.open_name(&KEPT_NAME).unwrap().as_str(), "张三");
    assert_eq!(serde_json::to_string(&sealed).unwrap(), KEPT);
    assert_eq!(format!("{identity:?}"), "Identity(chen)");
}

#[test]
fn an_identity_opens_for_its_person_pin_and_machine_alone() {
    let (rng, machine) = (SystemRandom::new(), MachineSecret::from_bytes([7; 32]));
    let (sealed, made) = SealedIdentity::new(&op("wang"), &pin("111111"), &machine, CHEAP, &rng).unwrap();
    assert_eq!(sealed.open(&op("wang"), &pin("111111"), &machine).unwrap().recipient(), made.recipient());
    let other = MachineSecret::from_bytes([8; 32]);
    for refused in [
        sealed.open(&op("wang"), &pin("111112"), &machine),
        sealed.open(&op("chen"), &pin("111111"), &machine),
        sealed.open(&op("wang"), &pin("111111"), &other),
    ] {
        assert!(matches!(refused, Err(KeyError::WrongPin)));
    }
}

#[test]
fn a_name_opens_for_its_person_alone_and_is_not_an_identity() {
    let (rng, machine) = (SystemRandom::new(), MachineSecret::from_bytes([7; 32]));
    let (sealed, wang) = SealedIdentity::new(&op("wang"), &pin("111111"), &machine, CHEAP, &rng).unwrap();
    let (_, chen) = SealedIdentity::new(&op("chen"), &pin("111111"), &machine, CHEAP, &rng).unwrap();
    let Form::Pin(UnderPin { sealed: Text(bytes), .. }) = sealed.0 else { panic!("sealed under a PIN") };
    let name = wang.seal_name("王五", &rng).unwrap();
    assert_eq!(wang.open_name(&name).unwrap().as_str(), "王五");
    assert!(matches!(chen.open_name(&name), Err(KeyError::Sealed { .. })));
    assert!(matches!(wang.open_name(&bytes), Err(KeyError::Sealed { .. })));
}

#[test]
fn a_damaged_record_is_refused_before_or_after_it_is_read() {
    let machine = MachineSecret::from_bytes([7; 32]);
    for (from, to) in [("AAEC", "A+EC"), (r#""cost""#, r#""costs""#), (r#","sealed""#, r#","x":1,"sealed""#)] {
        assert!(serde_json::from_str::<SealedIdentity>(&KEPT.replacen(from, to, 1)).is_err(), "{to}");
    }
    let short: SealedIdentity = serde_json::from_str(&KEPT.replacen("AAECAwQFBgcICQoLDA0ODw", "AAEC", 1)).unwrap();
    assert!(matches!(short.open(&op("chen"), &pin("246813"), &machine), Err(KeyError::Sealed { .. })));
    let dear: SealedIdentity = serde_json::from_str(&KEPT.replacen(r#"mib":1"#, r#"mib":999999"#, 1)).unwrap();
    assert!(matches!(dear.open(&op("chen"), &pin("246813"), &machine), Err(KeyError::Cost { .. })));
}

#[test]
fn a_kept_identity_of_a_key_holder_opens_and_writes_the_same_json() {
    let sealed: SealedIdentity = serde_json::from_str(KEPT_BY_KEY).unwrap();
    let identity = sealed.open_with(&op("chen"), &counted()).unwrap();
    assert_eq!(identity.recipient(), "age1h8fru6cjtnhh6dcv0mafgx9hzyf2xcfvdsta5wejztdph5pth4as3txcn8");
    assert_eq!(serde_json::to_string(&sealed).unwrap(), KEPT_BY_KEY);
    assert!(sealed.holds_key());
}

#[test]
fn a_key_holders_identity_opens_with_their_key_alone() {
    let (rng, machine) = (SystemRandom::new(), MachineSecret::from_bytes([7; 32]));
    let (key, other) = (counted(), SigningKey::generate(&rng).unwrap());
    let (sealed, made) = SealedIdentity::for_key(&op("wang"), &key, &rng).unwrap();
    let name = made.seal_name("王五", &rng).unwrap();
    let opened = sealed.open_with(&op("wang"), &key).unwrap();
    assert_eq!(opened.recipient(), made.recipient());
    assert_eq!(opened.open_name(&name).unwrap().as_str(), "王五");
    let (of_pin, _) = SealedIdentity::new(&op("wang"), &pin("111111"), &machine, CHEAP, &rng).unwrap();
    assert!(!of_pin.holds_key());
    for refused in [
        sealed.open_with(&op("wang"), &other),
        sealed.open_with(&op("chen"), &key),
        sealed.open(&op("wang"), &pin("111111"), &machine),
        of_pin.open_with(&op("wang"), &key),
    ] {
        assert!(matches!(refused, Err(KeyError::Sealed { .. })));
    }
}

#[test]
fn a_record_of_both_forms_or_of_none_is_refused() {
    for (flaw, json) in [
        ("both", KEPT.replacen('{', r#"{"key":"AAEC","#, 1)),
        ("neither", r#"{"sealed":"AAEC"}"#.to_owned()),
        ("a member too many", KEPT_BY_KEY.replacen('{', r#"{"x":1,"#, 1)),
        ("no base64url", KEPT_BY_KEY.replacen("A6EH", "A+EH", 1)),
    ] {
        assert!(serde_json::from_str::<SealedIdentity>(&json).is_err(), "{flaw}");
    }
    let others_key = KEPT_BY_KEY.replacen("A6EH", "A6EI", 1);
    let sealed: SealedIdentity = serde_json::from_str(&others_key).unwrap();
    assert!(matches!(sealed.open_with(&op("chen"), &counted()), Err(KeyError::Sealed { .. })));
}
