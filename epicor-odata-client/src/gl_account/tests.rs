use jiff::civil::date;

use super::*;
use crate::dataset::Row;

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

#[test]
fn an_account_is_open_within_its_dates() {
    let state = |active, from, to| AccountState {
        coa: "MainCOA".to_owned(),
        account: "4000".to_owned(),
        active,
        description: String::new(),
        effective_from: from,
        effective_to: to,
    };
    let day = date(2026, 5, 31);
    assert!(state(true, None, None).open_on(day));
    assert!(state(true, Some(day), Some(day)).open_on(day));
    assert!(!state(false, None, None).open_on(day));
    assert!(!state(true, Some(date(2026, 6, 1)), None).open_on(day));
    assert!(!state(true, None, Some(date(2026, 5, 30))).open_on(day));
}
