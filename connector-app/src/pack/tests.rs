use std::io::Read as _;

use jiff::civil::date;
use ledger_mapper::Period;
use settlement_model::{Currency, SettlementId};
use store::BankLineRecord;

use super::*;
use crate::reconcile::FourFigures;
use crate::reconcile::period::{PeriodRoll, Totals};

fn usd(text: &str) -> Money {
    let amount = text.parse().expect("an amount");
    Money::new(amount, Currency::parse("USD").expect("a code")).expect("cents")
}

fn figures() -> PeriodBooks {
    let zero = usd("0.00");
    let paid = usd("1234.56");
    PeriodBooks {
        currency: Currency::parse("USD").expect("a code"),
        period: Period {
            name: "2026-10".to_owned(),
            start: date(2026, 10, 1),
            end: date(2026, 10, 31),
        },
        until: date(2026, 10, 31),
        rows: vec![FourFigures {
            settlement: SettlementId::parse("81").expect("digits"),
            booked_on: date(2026, 10, 14),
            amazon: paid,
            journal: paid,
            ledger: Some(paid),
            bank: Some(paid),
            closed: true,
        }],
        totals: Totals { amazon: paid, journal: paid, ledger: paid, bank: paid },
        roll: PeriodRoll {
            opening: zero,
            deposits: paid,
            rows: zero,
            bank: paid,
            waived: zero,
            accruals: zero,
            closing: zero,
            explained: zero,
            unexplained: zero,
            ledger: Some(zero),
            ledger_difference: Some(zero),
        },
        differences: Vec::new(),
        bank_lines: vec![BankLineRecord {
            account: "DE02".to_owned(),
            reference: "=HYPERLINK(1)".to_owned(),
            date: date(2026, 10, 17),
            currency: "USD".to_owned(),
            amount: "1234.56".to_owned(),
            text: "AMAZON".to_owned(),
            document: DocumentHash::of(b"x"),
            settlement_id: None,
        }],
        payments: [("DE02/=HYPERLINK(1)".to_owned(), SettlementId::parse("81").expect("digits"))]
            .into(),
        documents: BTreeMap::new(),
        waiting: BTreeMap::new(),
        obstacles: Vec::new(),
    }
}

fn documents() -> Vec<PostedDocument> {
    let line = |account: &str, debit: &str, credit: &str| PostedLine {
        account: account.to_owned(),
        account_name: "Clearing".to_owned(),
        role: "amazon_clearing".to_owned(),
        debit: debit.parse().expect("an amount"),
        credit: credit.parse().expect("an amount"),
        rows: 3,
    };
    vec![PostedDocument {
        record: "81".to_owned(),
        kind: "journal",
        key: "us/journal/81/2026-10/1/r0".to_owned(),
        number: "1042".to_owned(),
        date: date(2026, 10, 14),
        lines: vec![line("1150", "1234.56", "0"), line("4000", "0", "1234.56")],
    }]
}

/// A part of the workbook, as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip file");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("text");
    text
}

#[test]
fn the_workbook_holds_every_figure_and_no_formula() {
    let (figures, documents) = (figures(), documents());
    let standing = Standing::Open { reopened: None };
    let sources = BTreeMap::from([("settlement-81.txt".to_owned(), DocumentHash::of(b"y"))]);
    let pack = Pack {
        connection: "us/east",
        figures: &figures,
        standing: &standing,
        documents: &documents,
        sources: &sources,
        at: "2026-11-03T09:00:00Z".parse().expect("an instant"),
    };
    assert_eq!(pack.name(), "us_east-2026-10-USD.xlsx");
    let bytes = pack.workbook().expect("a workbook");
    assert_eq!(bytes, pack.workbook().expect("a workbook"), "the same figures, the same bytes");

    let names = part(&bytes, "xl/workbook.xml");
    let sheets =
        ["Summary", "Settlements", "Clearing", "Journals", "Differences", "Bank", "Documents"];
    for sheet in sheets {
        assert!(names.contains(&format!("name=\"{sheet}\"")), "{sheet}: {names}");
    }
    let texts = part(&bytes, "xl/sharedStrings.xml");
    for text in ["1042", "us/journal/81/2026-10/1/r0", "=HYPERLINK(1)", "settlement-81.txt"] {
        assert!(texts.contains(text), "{text}: {texts}");
    }
    for sheet in 1..=sheets.len() {
        let sheet = part(&bytes, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(!sheet.contains("<f>"), "{sheet}");
    }
    let journals = part(&bytes, "xl/worksheets/sheet4.xml");
    assert_eq!(journals.matches("<v>1234.56</v>").count(), 2, "{journals}");
}
