use proptest::prelude::*;

use super::journal::fit;
use super::*;
use crate::dataset::Row;

#[test]
fn group_ids_are_checked() {
    for id in ["", "ABCDEFGHIJ", "abc", "A B", "Ä"] {
        assert_eq!(GroupId::new(id), Err(InvalidGroupId(id.to_owned())));
    }
    assert!(GroupId::new("ABCDEFG19").is_ok());
}

fn wire_form(text: &str) -> Option<String> {
    GlAccount::parse(text, '-').ok().map(|account| account.to_string())
}

#[test]
fn accounts_are_checked() {
    assert_eq!(wire_form("4000-00-").as_deref(), Some("4000|00"));
    assert_eq!(wire_form(" 4000 --MS").as_deref(), Some("4000||MS"));
    assert_eq!(wire_form(&["1"; 20].join("-")), Some(["1"; 20].join("|")));
    assert!(wire_form(&"9".repeat(200)).is_some());
    let (many, long) = (["1"; 21].join("-"), "9".repeat(201));
    for text in ["", "-", "-00", "4000-a|b", "4000-\u{7}x", &many, &long] {
        assert_eq!(wire_form(text), None, "{text:?}");
    }
}

#[test]
fn an_account_leaves_no_segment_of_the_template() {
    let mut row: Row =
        serde_json::from_str(r#"{"SegValue2":"left over","SegValue9":""}"#).unwrap_or_default();
    let account = GlAccount::parse("4000", '-').map(|account| account.write_to(&mut row));
    assert_eq!(account, Ok(()));
    assert_eq!(
        serde_json::to_string(&row).ok().as_deref(),
        Some(r#"{"GLAccount":"4000","SegValue1":"4000","SegValue2":"","SegValue9":""}"#),
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A description fits its column, and the token it starts with is never cut.
    #[test]
    fn descriptions_keep_their_token(text in "(?s).{0,40}", length in 0_usize..40) {
        let token = text.split_whitespace().next().unwrap_or_default();
        match fit(&text, length) {
            Ok(fitted) => {
                prop_assert!(fitted.encode_utf16().count() <= length);
                prop_assert!(text.trim().starts_with(&fitted));
                prop_assert_eq!(fitted.split_whitespace().next().unwrap_or_default(), token);
            }
            Err(_) => prop_assert!(token.encode_utf16().count() > length),
        }
    }
}
