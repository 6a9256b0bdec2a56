use epicor_odata_client::gl_journal::{EnteredLine, JournalKey};

use super::*;

const TOKEN: &str = "ML0123456789";

fn amount(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn lines(lines: &[(&str, &str, &str)]) -> Vec<Line> {
    sorted(lines.iter().map(|(a, d, c)| ((*a).to_owned(), amount(d), amount(c))).collect())
}

fn expected() -> Expected<'static> {
    Expected {
        token: TOKEN,
        date: "2026-05-17".parse().expect("a date"),
        currency: "USD",
        lines: lines(&[("1150", "42.52", "0"), ("4000", "0", "50.00"), ("5100", "7.48", "0")]),
    }
}

fn in_entry(entered: &[(&str, &str, &str)]) -> EnteredJournal {
    EnteredJournal {
        key: JournalKey {
            book_id: "MAIN".into(),
            fiscal_year: 2026,
            fiscal_year_suffix: String::new(),
            journal_code: "GJ".into(),
            journal_num: 7,
            fiscal_calendar_id: "MAIN".into(),
        },
        description: format!("{TOKEN} Amazon settlement"),
        comment: String::new(),
        je_date: Some("2026-05-17".parse().expect("a date")),
        currency: "USD".into(),
        tot_debit: Decimal::ZERO,
        tot_credit: Decimal::ZERO,
        in_review: false,
        lines: lines(entered)
            .into_iter()
            .map(|(account, debit, credit)| EnteredLine {
                journal_line: 1,
                account,
                debit,
                credit,
                description: TOKEN.into(),
                comment: String::new(),
                invalid_account: None,
            })
            .collect(),
    }
}

fn in_ledger(journal_num: i64, posted: &[(&str, &str, &str)]) -> Vec<PostedLine> {
    lines(posted)
        .into_iter()
        .map(|(account, debit, credit)| PostedLine {
            fiscal_year_suffix: String::new(),
            book_id: "MAIN".into(),
            journal_num,
            journal_line: 1,
            fiscal_year: 2026,
            fiscal_period: 5,
            journal_code: "GJ".into(),
            group_id: "M01234567".into(),
            description: TOKEN.into(),
            account,
            debit,
            credit,
            book_debit: debit,
            book_credit: credit,
            je_date: Some("2026-05-17".parse().expect("a date")),
            currency: "USD".into(),
        })
        .collect()
}

const ALL: [(&str, &str, &str); 3] =
    [("5100", "7.48000", "0.00"), ("4000", "0", "50"), ("1150", "42.52", "0")];

#[test]
fn equal_whatever_the_order_and_the_trailing_zeros() {
    assert_eq!(entered(&expected(), &in_entry(&ALL)).0, Found::Entered);
    assert_eq!(posted(&expected(), "MAIN", &in_ledger(7, &ALL)).0, Found::Posted);
}

#[test]
fn a_missing_line_is_partial_in_entry_and_different_when_posted() {
    assert_eq!(entered(&expected(), &in_entry(&ALL[..2])).0, Found::Partial);
    assert_eq!(entered(&expected(), &in_entry(&[])).0, Found::Partial);
    let (found, note) = posted(&expected(), "MAIN", &in_ledger(7, &ALL[..2]));
    assert_eq!(found, Found::Different);
    assert!(note.contains("1150"), "{note}");
}

#[test]
fn one_cent_is_a_difference() {
    let mut off = ALL;
    off[2].1 = "42.51";
    let (found, note) = posted(&expected(), "MAIN", &in_ledger(7, &off));
    assert_eq!(found, Found::Different);
    assert!(note.contains("42.52") && note.contains("42.51"), "{note}");
    assert_eq!(entered(&expected(), &in_entry(&off)).0, Found::Different);
}

#[test]
fn the_same_lines_twice_are_a_difference() {
    let twice: Vec<_> = ALL.iter().chain(&ALL).copied().collect();
    assert_eq!(posted(&expected(), "MAIN", &in_ledger(7, &twice)).0, Found::Different);
    let mut two_journals = in_ledger(7, &ALL);
    two_journals.extend(in_ledger(8, &ALL));
    let (found, note) = posted(&expected(), "MAIN", &two_journals);
    assert_eq!(found, Found::Different);
    assert!(note.contains("more than one"), "{note}");
}

#[test]
fn a_book_that_repeats_the_journal_is_looked_over() {
    let mut lines = in_ledger(7, &ALL);
    let in_other = in_ledger(7, &ALL).into_iter();
    lines.extend(in_other.map(|line| PostedLine { book_id: "STAT".into(), ..line }));
    assert_eq!(posted(&expected(), "MAIN", &lines).0, Found::Posted);
    let (found, note) = posted(&expected(), "IFRS", &lines);
    assert_eq!(found, Found::Different);
    assert!(note.contains("not to book IFRS"), "{note}");
}

#[test]
fn another_date_currency_or_description_is_not_ours() {
    let mut journal = in_entry(&ALL);
    journal.je_date = Some("2026-06-17".parse().expect("a date"));
    assert_eq!(entered(&expected(), &journal).0, Found::Different);

    let mut journal = in_entry(&ALL);
    journal.currency = "EUR".into();
    assert_eq!(entered(&expected(), &journal).0, Found::Different);

    let mut journal = in_entry(&ALL);
    journal.description = "Month end".into();
    assert_eq!(entered(&expected(), &journal).0, Found::Different);
}
