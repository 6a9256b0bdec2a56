use jiff::civil::date;
use settlement_model::Currency;

use super::*;

fn usd(text: &str) -> Money {
    let amount = text.parse().expect("an amount");
    Money::new(amount, Currency::parse("USD").expect("a code")).expect("cents")
}

fn euros(text: &str) -> Money {
    let amount = text.parse().expect("an amount");
    Money::new(amount, Currency::parse("EUR").expect("a code")).expect("cents")
}

fn posted(id: &str, total: &str, booked_on: Date) -> Posted {
    let figures = SettlementFigures {
        id: SettlementId::parse(id).expect("digits"),
        total: usd(total),
        start: None,
        due: booked_on.tomorrow().expect("a day"),
        rows: Vec::new(),
        journal: usd(total),
        ledger: None,
        booked: None,
    };
    Posted { figures, booked_on, tokens: vec![format!("ML{id}"), format!("MLR{id}")] }
}

fn ledger_line(token: &str, day: Date, amount: &str) -> LedgerLine {
    let description = format!("{token} Amazon clearing");
    LedgerLine { description, date: day, amount: usd(amount), in_book: usd(amount) }
}

fn bank_line(reference: &str, day: Date, amount: Money) -> BankLine {
    BankLine { reference: reference.to_owned(), date: day, amount, settlement: None }
}

/// One settlement of September, one of October; the first is paid in October.
fn books() -> Books {
    let (september, october) = (date(2026, 9, 28), date(2026, 10, 12));
    let lines = vec![
        ledger_line("ML81", september, "100.00"),
        ledger_line("ML82", october, "50.00"),
        ledger_line("BANK", date(2026, 10, 2), "-100.00"),
    ];
    Books {
        currency: Currency::parse("USD").expect("a code"),
        accounts: Vec::new(),
        from: september,
        ledger: Some(LedgerRead { at: Timestamp::UNIX_EPOCH, until: date(2026, 10, 31), lines }),
        settlements: vec![posted("81", "100.00", september), posted("82", "50.00", october)],
        accrued: Vec::new(),
        bank: vec![bank_line("A", date(2026, 10, 2), usd("100.00"))],
        waivers: Vec::new(),
    }
}

fn gathered(books: Books) -> Gathered {
    Gathered {
        by_hand: Vec::new(),
        connection: "us".to_owned(),
        books: vec![books],
        waiting: Vec::new(),
        unreadable: Vec::new(),
        bank_lines: Vec::new(),
        payouts: crate::amazon::Payouts::default(),
        documents: Vec::new(),
        accruals: Vec::new(),
    }
}

fn document(key: &str, period: &str, stands: Stands) -> DocumentInPeriod {
    DocumentInPeriod {
        key: key.to_owned(),
        record: "82".to_owned(),
        currency: "USD".to_owned(),
        period: period.to_owned(),
        stands,
    }
}

fn october(gathered: &Gathered, today: Date) -> period::PeriodBooks {
    let calendar = ledger_mapper::Calendar::months();
    let period = calendar.period_of(date(2026, 10, 5)).expect("months");
    period::figures(gathered, &gathered.books[0], &period, today, 5).expect("small amounts")
}

#[test]
fn a_day_shows_what_was_there_on_it() {
    let books = books();
    let end_of_september = books.as_of(date(2026, 9, 30), 5).expect("small amounts");
    let [row] = end_of_september.rows.as_slice() else { panic!("{end_of_september:?}") };
    assert_eq!((row.ledger, row.bank, row.closed), (Some(usd("100.00")), None, false));
    assert_eq!(end_of_september.result.roll_forward.closing, usd("100.00"));
    assert!(end_of_september.result.is_reconciled(), "it is on its way");

    let later = books.as_of(date(2026, 10, 14), 5).expect("small amounts");
    let closed: Vec<_> = later.rows.iter().map(|row| row.closed).collect();
    assert_eq!(closed, [true, false]);
    assert!(later.result.is_reconciled());
}

#[test]
fn a_period_rolls_the_balance_forward() {
    let gathered = gathered(books());
    let october = october(&gathered, date(2026, 10, 14));
    let roll = &october.roll;
    assert_eq!((roll.opening, roll.deposits), (usd("100.00"), usd("50.00")));
    assert_eq!((roll.bank, roll.closing), (usd("100.00"), usd("50.00")));
    assert_eq!((roll.explained, roll.unexplained), (usd("50.00"), usd("0.00")));
    assert_eq!(roll.ledger_difference, Some(usd("0.00")));
    assert_eq!(october.rows.len(), 2, "the one that was open before, too");
    assert_eq!(october.totals.amazon, usd("50.00"), "booked in October");
    assert!(october.is_reconciled());
    assert_eq!(october.obstacles.len(), 1, "it is not over: {:?}", october.obstacles);
}

#[test]
fn what_stands_against_a_signature_is_told() {
    let mut gathered = gathered(books());
    gathered.waiting.push(Waiting {
        settlement: "83".to_owned(),
        currency: "USD".to_owned(),
        end: date(2026, 10, 26),
        state: "held".to_owned(),
        periods: BTreeSet::new(),
    });
    gathered.unreadable.push("settlement 84: stored plan".to_owned());
    gathered.books[0].ledger.as_mut().expect("read").until = date(2026, 10, 20);
    let october = october(&gathered, date(2026, 11, 20));
    let told = october.obstacles.join("\n");
    for part in ["read until 2026-10-20", "83 is held", "84: stored plan", "unknown"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(october.unknown(), 1, "the deposit of 82 is overdue at the end of October");
}

#[test]
fn a_reversal_belongs_to_its_settlement() {
    let mut books = books();
    let lines = &mut books.ledger.as_mut().expect("read").lines;
    lines.push(ledger_line("MLR82", date(2026, 10, 13), "-50.00"));
    let as_of = books.as_of(date(2026, 10, 14), 5).expect("small amounts");
    assert_eq!(as_of.rows[1].ledger, Some(usd("0.00")));
}

#[test]
fn a_payout_in_another_currency_meets_what_was_booked_at_the_journals_rate() {
    let mut books = books();
    for line in &mut books.ledger.as_mut().expect("read").lines {
        line.in_book = if line.amount == usd("100.00") { euros("91.00") } else { euros("0.00") };
    }
    let mut line = bank_line("A", date(2026, 10, 2), euros("90.50"));
    line.settlement = Some(SettlementId::parse("81").expect("digits"));
    books.bank = vec![line];
    let as_of = books.as_of(date(2026, 10, 14), 5).expect("small amounts");
    assert!(as_of.rows[0].closed, "{as_of:?}");
    let rate = as_of
        .result
        .differences
        .iter()
        .find(|one| one.kind == ledger_mapper::DifferenceKind::ExchangeRate);
    assert_eq!(rate.map(|one| one.amount), Some(euros("-0.50")));
}

#[test]
fn a_change_under_a_signature_is_seen() {
    let mut gathered = gathered(books());
    let today = date(2026, 11, 20);
    gathered.books[0].bank.push(bank_line("B", date(2026, 10, 15), usd("50.00")));
    gathered.books[0].ledger.as_mut().expect("read").lines.push(ledger_line(
        "BANK",
        date(2026, 10, 15),
        "-50.00",
    ));
    let figures = october(&gathered, today);
    assert_eq!(figures.obstacles, [""; 0]);
    let record = store::SignedPeriodRecord {
        key: sign::key("us", figures.currency, "2026-10"),
        number: 1,
        figures: sign::to_sign(&figures).to_string(),
        hash: store::DocumentHash::of(b"x"),
        signed: Timestamp::UNIX_EPOCH,
        signed_by: "person anna".to_owned(),
        reopened: None,
        reopened_by: None,
        reason: None,
    };
    let standing = |gathered: &Gathered| {
        let signatures = std::slice::from_ref(&record);
        sign::Standing::of(&october(gathered, today), signatures).expect("readable")
    };
    assert!(matches!(standing(&gathered), sign::Standing::Signed(_)));
    let another = bank_line("C", date(2026, 11, 3), usd("7.00"));
    gathered.books[0].bank.push(another);
    assert!(matches!(standing(&gathered), sign::Standing::Signed(_)), "November is another");
    gathered.books[0].bank.push(bank_line("D", date(2026, 10, 31), usd("9.00")));
    let sign::Standing::Changed { changes, .. } = standing(&gathered) else { panic!("changed") };
    let told = changes.join("\n");
    assert!(told.contains("clearing, bank: was 150.00, is 159.00"), "{told}");
    assert!(told.contains("differences: new is"), "{told}");
    gathered.books[0].bank.pop();

    // What is written into the period, or is to be, changes it, and so does what is gone from it.
    gathered.documents.push(document("us/journal/82/2026-11/1/r0", "2026-11", Stands::Posted));
    assert!(matches!(standing(&gathered), sign::Standing::Signed(_)), "November is another");
    gathered.documents.push(document("us/journal/82/2026-10/1/r0", "2026-10", Stands::Missing));
    gathered.waiting.push(Waiting {
        settlement: "83".to_owned(),
        currency: "USD".to_owned(),
        end: date(2026, 11, 4),
        state: "ready".to_owned(),
        periods: BTreeSet::from(["2026-10".to_owned(), "2026-11".to_owned()]),
    });
    let sign::Standing::Changed { changes, .. } = standing(&gathered) else { panic!("changed") };
    let expected = [
        "document us/journal/82/2026-10/1/r0: was nothing, is missing in Epicor",
        "settlement 83: was nothing, is ready",
    ];
    assert_eq!(changes, expected);
    let told = october(&gathered, today).obstacles.join("\n");
    for part in ["settlement 83 is ready", "82/2026-10/1/r0 is missing in Epicor"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn an_accrual_on_the_clearing_account_is_part_of_its_roll_forward() {
    let mut gathered = gathered(books());
    let (last, first) = (date(2026, 9, 30), date(2026, 10, 1));
    gathered.books[0].accrued = vec![(last, usd("42.50")), (first, usd("-42.50"))];
    let lines = &mut gathered.books[0].ledger.as_mut().expect("read").lines;
    lines.push(ledger_line("MLA", last, "42.50"));
    lines.push(ledger_line("MLAR", first, "-42.50"));
    let calendar = ledger_mapper::Calendar::months();
    for (day, accruals, closing) in
        [(last, "42.50", "142.50"), (date(2026, 10, 5), "-42.50", "50.00")]
    {
        let period = calendar.period_of(day).expect("months");
        let today = date(2026, 11, 20);
        let books = &gathered.books[0];
        let figures = period::figures(&gathered, books, &period, today, 30).expect("small amounts");
        let roll = figures.roll;
        assert_eq!((roll.accruals, roll.closing), (usd(accruals), usd(closing)), "{day}");
        assert_eq!((roll.explained, roll.unexplained), (usd(closing), usd("0.00")), "{day}");
        assert_eq!(roll.ledger_difference, Some(usd("0.00")), "{day}");
    }
}

#[test]
fn the_movements_come_to_the_balance_of_the_roll_forward() {
    let mut books = books();
    let opened = &mut books.settlements[1].figures;
    (opened.total, opened.journal) = (usd("40.00"), usd("50.00"));
    opened.rows.push(ledger_mapper::ClearingRow {
        role: ledger_mapper::Role::named("opening_balance").expect("a role"),
        amount: usd("-10.00"),
    });
    let day = date(2026, 10, 14);
    books.accrued = vec![(date(2026, 9, 30), usd("7.00")), (date(2026, 10, 1), usd("-7.00"))];
    books.bank.push(bank_line("B", day, usd("49.98")));
    let settlement = SettlementId::parse("82").expect("digits");
    books.waivers.push((Some(day), Waiver { settlement, amount: usd("0.02") }));
    for until in [date(2026, 9, 30), date(2026, 10, 12), day] {
        let as_of = books.as_of(until, 5).expect("small amounts");
        let until_then = books.movements().into_iter().filter(|(day, _)| *day <= until);
        let sum = until_then.map(|(_, amount)| amount).try_fold(usd("0.00"), Money::checked_add);
        assert_eq!(sum.expect("small amounts"), as_of.result.roll_forward.closing, "{until}");
    }
}
