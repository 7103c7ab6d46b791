use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const TODAY: civil::Date = date(2026, 11, 24);

fn parse(kind: DocKind, text: &str) -> Result<Document, DocumentError> {
    Document::parse(kind, text, TODAY)
}

fn code(kind: DocKind, text: &str) -> &'static str {
    parse(kind, text).map_or_else(DocumentError::code, |_| "ok")
}

#[test]
fn kinds_are_found_by_identifier_and_by_chinese_name() {
    for kind in DocKind::ALL {
        assert_eq!(DocKind::parse(kind.id()), Some(kind));
        assert_eq!(DocKind::parse(kind.chinese()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
    }
    assert_eq!(DocKind::parse("身份证"), None);
    assert!(DocKind::Passport.proves_identity());
    assert!(!DocKind::CampusUid.proves_identity() && !DocKind::Ticket.proves_identity());
}

#[test]
fn every_kind_takes_its_own_numbers() {
    use DocKind::{
        CampusUid, ForeignerPr, HmtResidence, HmtTravel, MilitaryId, Passport, ResidentId, SocialCard, TempId, Ticket,
    };
    for (kind, text, expected) in [
        (ResidentId, "110199199003070017", "ok"),
        (ResidentId, "34052419800101001X", "ok"),
        (ResidentId, "34052419800101001x", "ok"),
        (TempId, "110199199003070017", "ok"),
        (SocialCard, "110199199003070017", "ok"),
        (ResidentId, "340524198001010013", "KD-R-21"),
        (ResidentId, "11019919900307001", "KD-R-20"),
        (ResidentId, "1101991990030700171", "KD-R-20"),
        (ResidentId, "932682198501010017", "KD-R-20"),
        (ResidentId, "１10199199003070017", "KD-R-20"),
        (ResidentId, "11019919900307001Y", "KD-R-20"),
        (ResidentId, "110199900307001", "KD-R-23"),
        (HmtResidence, "81000019010203991X", "ok"),
        (HmtResidence, "830000190103049929", "ok"),
        (HmtResidence, "110199199003070017", "KD-R-20"),
        (ForeignerPr, "911999190101019920", "ok"),
        (ForeignerPr, "932682198501010017", "ok"),
        (ForeignerPr, "UTO110190030716", "ok"),
        (ForeignerPr, "KAZ110090123105", "ok"),
        (ForeignerPr, "UTO110190030717", "KD-R-21"),
        (ForeignerPr, "932682198501010018", "KD-R-21"),
        (ForeignerPr, "110199199003070017", "KD-R-20"),
        (ForeignerPr, "uto110190030716", "KD-R-20"),
        (ForeignerPr, "110199900307001", "KD-R-20"),
        (HmtTravel, "H12345678", "ok"),
        (HmtTravel, "12345678", "ok"),
        (HmtTravel, "T12345678", "KD-R-20"),
        (HmtTravel, "HM1234567", "KD-R-20"),
        (Passport, "EX1234567", "ok"),
        (Passport, "ABCDEFGH", "KD-R-20"),
        (Passport, "E123", "KD-R-20"),
        (MilitaryId, "军字第1234567", "ok"),
        (MilitaryId, "军12", "KD-R-20"),
        (CampusUid, "DEADBEEF", "ok"),
        (CampusUid, "DEADBEE", "KD-R-20"),
        (CampusUid, "deadbeef", "KD-R-20"),
        (Ticket, "2611240317", "ok"),
        (Ticket, "26112", "KD-R-20"),
    ] {
        assert_eq!(code(kind, text), expected, "{kind:?} {text}");
    }
}

#[test]
fn birth_dates_must_exist_between_1900_and_today() {
    let with_birth = |birth: &str| {
        let body = format!("110199{birth}001");
        format!("{body}{}", mod_11_2(&body))
    };
    for good in ["19000101", "20000229", "20261124"] {
        assert_eq!(code(DocKind::ResidentId, &with_birth(good)), "ok", "{good}");
    }
    for bad in ["18991231", "19000229", "20010229", "19901301", "19900010", "19900431", "20261125", "00000000"] {
        assert_eq!(code(DocKind::ResidentId, &with_birth(bad)), "KD-R-22", "{bad}");
    }
}

#[test]
fn a_check_error_names_what_was_expected_and_where() {
    assert_eq!(
        parse(DocKind::ResidentId, "340524198001010013"),
        Err(DocumentError::CheckCharacter { expected: 'X', position: 18 })
    );
    assert_eq!(
        parse(DocKind::ForeignerPr, "UTO110190030717"),
        Err(DocumentError::CheckCharacter { expected: '6', position: 15 })
    );
}

#[test]
fn a_number_tells_birth_sex_and_tail() {
    let document = parse(DocKind::ResidentId, "34052419800101001x").unwrap();
    assert_eq!(document.number().as_str(), "34052419800101001X");
    assert_eq!(document.tail(), "001X");
    assert_eq!(document.birth(), Some(date(1980, 1, 1)));
    assert_eq!(document.sex_parity(), Some(SexParity::Male));
    let old = parse(DocKind::ForeignerPr, "UTO110190030716").unwrap();
    assert_eq!((old.birth(), old.sex_parity(), old.tail()), (None, None, "0716"));
    assert_eq!(parse(DocKind::MilitaryId, "军字第12").unwrap().tail(), "字第12");
}

#[test]
fn debug_and_errors_hide_the_number() {
    let document = parse(DocKind::ResidentId, "110199199003070017").unwrap();
    assert!(!format!("{document:?} {:?}", document.number()).contains("1990"));
    for bad in ["110199199003070018", "110199190013070011", "110199900307001", "1101991990030"] {
        let error = parse(DocKind::ResidentId, bad).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("1101"), "{error}");
    }
}

#[test]
fn stored_documents_are_checked_again() {
    let document = parse(DocKind::ResidentId, "110199199003070017").unwrap();
    let text = serde_json::to_string(&document).unwrap();
    assert_eq!(text, r#"{"kind":"resident_id","number":"110199199003070017"}"#);
    assert_eq!(serde_json::from_str::<Document>(&text).unwrap(), document);
    assert!(serde_json::from_str::<Document>(&text.replace("0017", "0018")).is_err());
}

prop_compose! {
    fn resident()(region in 100_000u32..900_000, year in 1900i16..2026, day in 1i16..=365, sequence in 0u16..1000) -> String {
        let birth = civil::Date::new(year, 1, 1).unwrap().checked_add(jiff::Span::new().days(day - 1)).unwrap();
        let body = format!("{region}{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month(), birth.day());
        format!("{body}{}", mod_11_2(&body))
    }
}

proptest! {
    #[test]
    fn generated_resident_numbers_round_trip(text in resident()) {
        let document = parse(DocKind::ResidentId, &text).unwrap();
        prop_assert_eq!(document.number().as_str(), &text);
        prop_assert!(document.birth().is_some());
        let stored = serde_json::to_string(&document).unwrap();
        prop_assert_eq!(serde_json::from_str::<Document>(&stored).unwrap(), document);
    }

    #[test]
    fn any_one_changed_character_of_a_resident_number_is_refused(
        text in resident(), at in 0usize..18, digit in "[0-9X]",
    ) {
        let mut changed = text.clone();
        changed.replace_range(at..=at, &digit);
        prop_assume!(changed != text);
        prop_assert!(parse(DocKind::ResidentId, &changed).is_err());
    }

    #[test]
    fn no_text_makes_a_number_panic(text in "\\PC{0,24}") {
        for kind in DocKind::ALL {
            let _ = parse(kind, &text).map(|d| (d.birth(), d.sex_parity(), d.tail().len()));
        }
    }
}
