use super::*;
use crate::domain::document::{CardRead, CardWarning, DocKind, DocumentError, ValidTo};
use jiff::civil::date;
use proptest::prelude::*;

/// A good card of each kind, invented.
fn card(kind: CardKind) -> Fields {
    let values: &[(Field, &str)] = match kind {
        CardKind::Resident => &[
            (Field::Name, "测试一"),
            (Field::Sex, "1"),
            (Field::Nation, "01"),
            (Field::Birth, "19900307"),
            (Field::Number, "110199199003070017"),
        ],
        CardKind::HmtJ => &[
            (Field::Name, "测试六"),
            (Field::Sex, "1"),
            (Field::Birth, "19010203"),
            (Field::Number, "81000019010203991X"),
            (Field::PermitNumber, "H99999999"),
        ],
        CardKind::ForeignerI => &[
            (Field::LatinName, "TESTERSON, ALPHA BETA"),
            (Field::Sex, "1"),
            (Field::Birth, "19900307"),
            (Field::Number, "UTO110190030716"),
        ],
        CardKind::ForeignerY => &[
            (Field::Name, "测试五"),
            (Field::LatinName, "TESTERSON"),
            (Field::Sex, "2"),
            (Field::Birth, "19010101"),
            (Field::Number, "911999190101019920"),
        ],
    };
    let blank = Fields::blank(kind).with(Field::ValidFrom, "20200101").with(Field::ValidTo, "20400101");
    values.iter().fold(blank, |card, (field, value)| card.with(*field, *value))
}

fn read(card: &Fields) -> CardRead {
    card.read(Photo::Absent)
}

/// Reads a card back from what it was written as.
fn again(card: &Fields) -> Fields {
    match Record::decode(&card.encode().unwrap()).unwrap().text {
        Text::Known(fields) => fields,
        Text::Unknown(_) => panic!("a card of a known kind"),
    }
}

#[test]
fn a_good_card_of_every_kind_is_read_without_a_warning() {
    for (layout, doc) in
        LAYOUTS.iter().zip([DocKind::ResidentId, DocKind::HmtResidence, DocKind::ForeignerPr, DocKind::ForeignerPr])
    {
        let card = card(layout.kind);
        assert_eq!(again(&card), card, "{}", layout.id);
        let read = read(&card);
        assert_eq!((read.doc, read.warnings.as_slice()), (doc, &[][..]), "{}", layout.id);
        assert!(read.document(date(2026, 11, 24)).is_ok(), "{}", layout.id);
        assert_eq!(read.valid_from, Some(date(2020, 1, 1)));
    }
}

#[test]
fn a_record_of_an_unknown_kind_is_kept_and_not_decoded() {
    for flag in [0x005Au16, 0x0069, 0xD800, 0x4E00] {
        let mut text = card(CardKind::Resident).encode().unwrap();
        text[FLAG..FLAG + 2].copy_from_slice(&flag.to_le_bytes());
        let record = Record::decode(&text).unwrap();
        assert_eq!((record.kind(), record.presented()), (None, Presented::UnknownKind));
        assert_eq!(record.text(), &Text::Unknown(Box::new(text)));
    }
    assert!(Record::decode(&[0x20; TEXT - 1]).is_none());
}

#[test]
fn zeros_pad_like_blanks() {
    for layout in LAYOUTS {
        let card = card(layout.kind);
        let mut text = card.encode().unwrap();
        for unit in text.as_chunks_mut::<2>().0 {
            if *unit == [0x20, 0] {
                *unit = [0, 0];
            }
        }
        let padded = again(&card);
        let Some(Text::Known(zeros)) = Record::decode(&text).map(|record| record.text) else { panic!() };
        // The blank inside a Latin name is no padding, and became part of this attack on it.
        for (field, value) in zeros.iter().filter(|(field, _)| *field != Field::LatinName) {
            assert_eq!(value, padded.get(field), "{} {field:?}", layout.id);
        }
    }
}

#[test]
fn blanks_inside_dots_and_rare_characters_stay() {
    for name in ["测 \u{e000}试", "阿依·古丽", "\u{20bb7}野家", "\u{2ffff}", "测\u{3000}试"] {
        let card = card(CardKind::Resident).with(Field::Name, name);
        assert_eq!(again(&card).get(Field::Name), name);
        assert_eq!(read(&card).warnings, [], "{name}");
    }
}

#[test]
fn half_a_surrogate_pair_is_shown_and_told() {
    let good = card(CardKind::Resident).with(Field::Name, "\u{20bb7}野家").encode().unwrap();
    for unit in [0xDFB7u16, 0xD842].map(u16::to_le_bytes) {
        let mut text = good;
        text[4..6].copy_from_slice(&unit);
        let Some(Text::Known(fields)) = Record::decode(&text).map(|record| record.text) else { panic!() };
        assert_eq!(fields.get(Field::Name), "\u{20bb7}\u{fffd}家");
        assert_eq!(read(&fields).warnings, [CardWarning::BrokenText]);
        assert_eq!(again(&fields), fields, "what was broken once stays visible");
    }
}

#[test]
fn a_latin_name_goes_on_in_its_second_place() {
    // The blank at character 35 ends the first place and is part of the name.
    let name = "TESTERSON-EXAMPLEFIELD, MAXIMILIAN JOHANNES AB";
    let new = card(CardKind::ForeignerY).with(Field::LatinName, name);
    let text = new.encode().unwrap();
    assert_eq!((text[52 + 2 * 34], text[220]), (b' ', b'J'));
    assert_eq!(again(&new).get(Field::LatinName), name);
    // A pair of surrogates may stand across the two places.
    let odd = format!("{}\u{20bb7}", "A".repeat(34));
    assert_eq!(again(&new.with(Field::LatinName, &odd)).get(Field::LatinName), odd);
}

#[test]
fn a_foreigner_without_a_chinese_name_is_named_in_latin() {
    let old = read(&card(CardKind::ForeignerI));
    assert_eq!((&*old.name, old.name_latin.as_deref()), ("TESTERSON, ALPHA BETA", Some("TESTERSON, ALPHA BETA")));
    let new = read(&card(CardKind::ForeignerY));
    assert_eq!((&*new.name, new.name_latin.as_deref()), ("测试五", Some("TESTERSON")));
    assert_eq!(read(&card(CardKind::Resident)).name_latin, None);
    assert_eq!(read(&card(CardKind::HmtJ)).permit_number.as_deref(), Some("H99999999"));
}

#[test]
fn admission_is_told_dates_long_term_and_nonsense_apart() {
    let valid_to = |kind, text: &str| read(&card(kind).with(Field::ValidTo, text));
    assert_eq!(valid_to(CardKind::Resident, "20400229").valid_to, ValidTo::Until(date(2040, 2, 29)));
    assert_eq!(valid_to(CardKind::Resident, "长期").valid_to, ValidTo::LongTerm);
    assert_eq!(valid_to(CardKind::HmtJ, "长期").valid_to, ValidTo::Unreadable);
    for nonsense in ["", "00000000", "20400230", "20410229", "2040/1/1", "长", "２０４００１０"] {
        let read = valid_to(CardKind::Resident, nonsense);
        assert_eq!((read.valid_to, read.warnings), (ValidTo::Unreadable, vec![CardWarning::Validity]), "{nonsense}");
    }
    let from = read(&card(CardKind::Resident).with(Field::ValidFrom, "长期"));
    assert_eq!((from.valid_from, from.warnings), (None, vec![CardWarning::Validity]));
}

#[test]
fn numbers_are_flagged_by_the_rule_of_their_card_and_decode_all_the_same() {
    use CardKind::{ForeignerI, ForeignerY, HmtJ, Resident};
    let check = |expected, position| CardWarning::Number(DocumentError::CheckCharacter { expected, position });
    for (kind, number, first) in [
        (Resident, "110199199003070017", None),
        (Resident, "11019919650228004x", Some(CardWarning::BirthDiffers)),
        (Resident, "110199199003070018", Some(check('7', 18))),
        (Resident, "11019919900307", Some(CardWarning::of_number(DocKind::ResidentId, "").unwrap())),
        (HmtJ, "110199199003070017", Some(CardWarning::of_number(DocKind::HmtResidence, "").unwrap())),
        (ForeignerI, "UTO110190030717", Some(check('6', 15))),
        (ForeignerI, "911999190101019920", Some(CardWarning::BirthDiffers)),
        (ForeignerY, "911999190101019921", Some(check('0', 18))),
        (ForeignerY, "110199190101019921", Some(CardWarning::of_number(DocKind::ForeignerPr, "1").unwrap())),
    ] {
        let read = read(&card(kind).with(Field::Number, number));
        assert_eq!(read.warnings.first().copied(), first, "{kind:?} {number}");
        assert_eq!(read.number, number.replace('x', "X"));
    }
    let other = read(&card(HmtJ).with(Field::PermitNumber, "M99999999"));
    assert_eq!(other.warnings, [CardWarning::PermitNumber]);
    let woman = read(&card(ForeignerI).with(Field::Sex, "2"));
    assert_eq!(woman.warnings, [CardWarning::SexDiffers]);
}

#[test]
fn a_hostile_name_cannot_reach_a_terminal() {
    let hostile = read(&card(CardKind::Resident).with(Field::Name, "\u{1b}[2J测试 "));
    assert_eq!((&*hostile.name, hostile.warnings.as_slice()), ("\u{fffd}[2J测试", &[CardWarning::BrokenText][..]));
}

#[test]
fn debug_shows_the_kind_alone() {
    let record = Record::decode(&card(CardKind::HmtJ).encode().unwrap()).unwrap();
    assert_eq!(format!("{record:?}"), "Record { text: Fields { kind: HmtJ, .. }, photo: Absent }");
    assert_eq!(format!("{:?}", ResidentCard::default()), "ResidentCard { .. }");
}

#[test]
fn a_photo_stays_raw_beside_the_text() {
    let text = card(CardKind::Resident).encode().unwrap();
    let with = Record::of(&Parts { text: &text, photo: &[0x57, 0x4C], fingerprints: None }).unwrap();
    assert_eq!(with.photo(), &Photo::Raw([0x57, 0x4C][..].into()));
    let Presented::Card(told) = with.presented() else { panic!() };
    assert_eq!(&told.photo, with.photo());
    let without = Record::of(&Parts { text: &text, photo: &[], fingerprints: None }).unwrap();
    assert_eq!(without.photo(), &Photo::Absent);
    assert!(Record::of(&Parts { text: &text[1..], photo: &[], fingerprints: None }).is_none());
}

#[test]
fn a_field_that_does_not_fit_is_named() {
    let long = card(CardKind::Resident).with(Field::Name, "测".repeat(16));
    assert_eq!(long.encode(), Err(TooLong { field: "name", room: 15, found: 16 }));
    let pairs = card(CardKind::ForeignerY).with(Field::LatinName, "\u{20bb7}".repeat(24));
    assert_eq!(pairs.encode(), Err(TooLong { field: "name_en", room: 46, found: 48 }));
    assert_eq!(card(CardKind::HmtJ).with(Field::Nation, "01"), card(CardKind::HmtJ), "no nation on this card");
}

#[test]
fn a_resident_card_by_name_is_the_same_card() {
    let named = ResidentCard { name: "测试一".into(), valid_to: "长期".into(), ..ResidentCard::default() };
    let fields = Fields::blank(CardKind::Resident).with(Field::Name, "测试一").with(Field::ValidTo, "长期");
    assert_eq!(Fields::from(&named), fields);
}

/// Any text that a field can hold: as long as it fits, and not ending in padding.
fn any_text(room: usize) -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => prop::char::range('\u{4e00}', '\u{9fa5}'),
        4 => prop::char::range('!', '~'),
        1 => prop::sample::select(&[' ', '·', '\u{e000}', '\u{f8ff}', '\u{20bb7}', '\u{10ffff}', '\u{fffd}', '\u{1}'][..]),
        1 => any::<char>(),
    ];
    prop::collection::vec(character, 0..=room).prop_map(move |chars| {
        let mut text: String = chars.into_iter().collect();
        while text.encode_utf16().count() > room || text.ends_with([' ', '\0', '\u{3000}']) {
            text.pop();
        }
        text
    })
}

fn any_card() -> impl Strategy<Value = Fields> {
    prop::sample::select(&LAYOUTS[..]).prop_flat_map(|layout| {
        let texts: Vec<_> = layout.fields().map(|field| any_text(layout.room(field))).collect();
        texts.prop_map(move |texts| {
            layout.fields().zip(texts).fold(Fields::blank(layout.kind), |card, (field, text)| card.with(field, text))
        })
    })
}

proptest! {
    #[test]
    fn a_card_of_any_kind_reads_back_as_it_was_written(card in any_card()) {
        prop_assert_eq!(again(&card), card);
    }

    #[test]
    fn any_256_bytes_decode_and_what_was_understood_is_written_again(text in prop::array::uniform32(any::<[u8; 8]>()), flag in 0..5usize) {
        let mut text: [u8; TEXT] = text.concat().try_into().unwrap();
        if let Some(layout) = LAYOUTS.get(flag) {
            text[FLAG..FLAG + 2].copy_from_slice(&layout.flag.to_le_bytes());
        }
        let record = Record::decode(&text).unwrap();
        prop_assert_eq!(record.presented() == Presented::UnknownKind, record.kind().is_none());
        if let Text::Known(fields) = record.text() {
            let read = fields.read(Photo::Absent);
            prop_assert!(![&read.name, &read.number].into_iter().any(|text| text.contains(char::is_control)));
            prop_assert_eq!(&again(fields), fields);
        }
    }
}
