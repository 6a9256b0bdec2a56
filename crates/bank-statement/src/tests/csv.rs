//! Tables: marks and columns of debit and credit, balances, quotes, headings.

use super::*;

fn euro() -> Options {
    Options { currency: Some(Currency::parse("EUR").expect("a currency")), ..Options::default() }
}

/// The only line's amount of a table of one row.
fn one(cell: &str, options: &Options) -> Result<String, String> {
    let text = format!("Date;Amount;Text\n2026-11-17;{cell};a\n");
    let read = read(text.as_bytes(), options).map_err(|error| error.to_string())?;
    Ok(read[0].lines[0].amount.amount_text())
}

#[test]
fn csv_of_an_american_bank() {
    let text = "Account,Business Checking\n\nDate,Description,Amount,Running Bal.\n\
                11/03/2026,\"PAYMENT, AMAZON\",\"1,266.18\",\"1,366.18\"\n\
                11/17/2026,Check,(25.00),\"1,341.18\"\n";
    assert_eq!(
        lines(text, &with_usd()),
        [row("2026-11-03", "1266.18", "PAYMENT, AMAZON"), row("2026-11-17", "-25.00", "Check")]
    );
    let changed = text.replace("25.00", "26.00");
    assert!(refusal(&changed, &with_usd()).contains("balance does not follow"));
    assert!(refusal(text, &Options::default()).contains("currency"));
}

#[test]
fn csv_with_two_columns_and_a_comma() {
    let text = "Buchungstag;Verwendungszweck;Soll;Haben;Währung\n\
                17.11.2026;Amazon;;1.266,18;EUR\n18.11.2026;Gebühr;25,00;;EUR\n";
    let expected = [row("2026-11-17", "1266.18", "Amazon"), row("2026-11-18", "-25.00", "Gebühr")];
    assert_eq!(lines(text, &Options::default()), expected);
    // The same in the code page of Windows.
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(text);
    let read = read(&bytes, &Options::default()).expect("readable").remove(0);
    assert_eq!(read.lines[1].text, "Gebühr");
}

#[test]
fn marks_and_signs_beside_an_amount_have_their_meaning() {
    for (cell, amount) in [
        ("1,500.00 DR", "-1500.00"),
        ("1,500.00CR", "1500.00"),
        ("DR 1,500.00", "-1500.00"),
        ("25.00 D", "-25.00"),
        ("25.00 C", "25.00"),
        ("25,00 S", "-25.00"),
        ("25,00 H", "25.00"),
        ("-25.00 DR", "-25.00"),
        ("(-25.00)", "-25.00"),
        ("-(25.00)", "-25.00"),
        ("$ (25.00)", "-25.00"),
        ("25.00-", "-25.00"),
        ("+25.00", "25.00"),
        ("-$25.00", "-25.00"),
        ("$-25.00", "-25.00"),
        ("USD 25.00-", "-25.00"),
        ("\u{2212}25.00 usd", "-25.00"),
        ("-.50", "-0.50"),
    ] {
        assert_eq!(one(cell, &with_usd()).as_deref(), Ok(amount), "{cell}");
    }
    for cell in [
        "12-34",
        "--25.00",
        "-25.00-",
        "-25.00 CR",
        "+25.00 DR",
        "(25.00) CR",
        "(25.00",
        "25.00)",
        "((25.00))",
        "(+25.00)",
        "25.00 EUR",
        "25.00 €",
        "25.00 X",
        "25.00 DR CR",
        "1E5",
        "25.00 OD",
        "USD 25.00 USD",
    ] {
        assert!(one(cell, &with_usd()).is_err(), "{cell}");
    }
    assert_eq!(one("25,00 €", &euro()).as_deref(), Ok("25.00"));
}

#[test]
fn beside_marked_credits_an_unmarked_amount_is_in_doubt() {
    let text = |other: &str| format!("Date;Amount\n2026-11-17;25.00 CR\n2026-11-18;{other}\n");
    assert!(refusal(&text("30.00"), &with_usd()).contains("line 3: \"30.00\" is not marked"));
    assert_eq!(lines(&text("30.00 DR"), &with_usd())[1].1, "-30.00");
    assert_eq!(lines(&text("0.00"), &with_usd())[1].1, "0.00");
    let debits = "Date;Amount\n2026-11-17;25.00\n2026-11-18;30.00 DR\n";
    assert_eq!(lines(debits, &with_usd())[0].1, "25.00");
}

#[test]
fn a_column_of_debit_and_credit_gives_the_sign() {
    for (heading, debit, credit) in [
        ("Soll/Haben", "S", "H"),
        ("S/H", "s", "h"),
        ("Dr / Cr", "DR", "CR"),
        ("CR/DR", "Dr.", "Cr."),
        ("Debit/Credit", "Debit", "Credit"),
        ("Credit Debit Indicator", "DBIT", "CRDT"),
        (" ", "S", "H"),
        ("Transaction Type", "Debit", "Credit"),
    ] {
        let text = format!(
            "Datum;Text;Umsatz;{heading}\n17.11.2026;Amazon;1.266,18;{credit}\n\
             18.11.2026;Rent;25,00;{debit}\n"
        );
        let found = lines(&text, &euro());
        assert_eq!((found[0].1.as_str(), found[1].1.as_str()), ("1266.18", "-25.00"), "{heading}");

        let signed = text.replace("25,00", "-25,00");
        assert_eq!(lines(&signed, &euro()), found, "{heading}: signs that agree");
        let contradicting = signed.replace("1.266,18", "-1.266,18");
        assert!(refusal(&contradicting, &euro()).contains("contradicts the sign"), "{heading}");
    }
}

#[test]
fn a_column_of_debit_and_credit_that_is_not_understood_is_refused() {
    let text = "Date;Amount;Soll/Haben\n2026-11-17;25.00;H\n2026-11-18;25.00;X\n";
    assert!(refusal(text, &with_usd()).contains("line 3: \"X\" beside an amount"));
    let text = "Date;Amount;Type\n2026-11-17;25.00;Interest\n2026-11-18;25.00;Debit\n";
    assert!(refusal(text, &with_usd()).contains("which lines are debits is in doubt"));
    let signed = text.replace("25.00;Debit", "-25.00;Debit");
    assert_eq!(lines(&signed, &with_usd())[1], row("2026-11-18", "-25.00", "Debit"));
}

#[test]
fn debits_of_both_signs_are_refused() {
    let text = "Date;Debit;Credit\n2026-11-17;-25.00;\n2026-11-18;30.00;\n";
    assert!(refusal(text, &with_usd()).contains("another sign than those above"));
    let text = "Date;Debit;Credit\n2026-11-17;25.00 CR;\n";
    assert!(refusal(text, &with_usd()).contains("another sign"));
}

const COOPERATIVE: &str = "\
Muster Bank eG\n;\nUmsatzanzeige\n;\nBLZ:;10090000;;Datum:;30.11.2026\n\n\
Buchungstag;Empfänger;Verwendungszweck;Währung;Umsatz; \n\
18.11.2026;Vermieter;Miete, November;EUR;25,00;S\n\
17.11.2026;Amazon;Auszahlung, A, B, C, D, E, F, G;EUR;1.266,18;H\n\n\
01.11.2026;;Anfangssaldo;EUR;100,00;H\n30.11.2026;;Endsaldo;EUR;1.341,18;H\n";

#[test]
fn opening_and_closing_balances_of_a_table_are_checked_and_are_no_lines() {
    let text = COOPERATIVE;
    let statement = read(text.as_bytes(), &Options::default()).expect("readable").remove(0);
    assert_eq!(statement.lines.len(), 2);
    assert_eq!(statement.lines[0].amount.to_string(), "-25.00 EUR");
    assert_eq!(statement.lines[0].text, "Vermieter Miete, November");
    assert_eq!(statement.opening.map(|m| m.to_string()).as_deref(), Some("100.00 EUR"));
    assert_eq!(statement.proof, Proof::Totals);
    let changed = text.replace("1.266,18", "1.266,19");
    assert!(refusal(&changed, &Options::default()).contains("closes with 1341.18 EUR"));
    let twice = format!("{text}30.11.2026;;Endsaldo;EUR;1,00;H\n");
    assert!(refusal(&twice, &Options::default()).contains("states this balance twice"));
}

const CHECKING: &str = "Description,,Summary Amt.\n\
Beginning balance as of 01/01/2026,,\"1,000.00\"\nTotal credits,,\"500.00\"\n\n\
Date,Description,Amount,Running Bal.\n\
01/01/2026,Beginning balance as of 01/01/2026,,\"1,000.00\"\n\
01/05/2026,\"AMAZON, PAYMENTS\",\"500.00\",\"1,500.00\"\n\
01/15/2026,RENT,\"-300.00\",\"1,200.00\"\n";

#[test]
fn a_balance_without_an_amount_opens_or_closes_the_table() {
    let statement = read(CHECKING.as_bytes(), &with_usd()).expect("readable").remove(0);
    assert_eq!(statement.lines.len(), 2);
    assert_eq!(statement.opening.map(Money::amount_text).as_deref(), Some("1000.00"));
    assert_eq!(statement.proof, Proof::RunningBalance);
    let missing = CHECKING.replace("\"1,000.00\"\n01/05", "\"1,100.00\"\n01/05");
    assert!(refusal(&missing, &with_usd()).contains("balance does not follow"));

    let closed = format!("{CHECKING}01/31/2026,,,\"1,200.00\"\n");
    assert_eq!(lines(&closed, &with_usd()).len(), 2);
    let lost = format!("{CHECKING}01/31/2026,,,\"1,201.00\"\n");
    assert!(refusal(&lost, &with_usd()).contains("balance does not follow"));
    let between = CHECKING.replace("\"500.00\",\"1,500.00\"", ",\"1,500.00\"");
    assert!(refusal(&between, &with_usd()).contains("is not an amount"));
    let a_line = "Date,Description,Amount,Balance\n2026-01-01,Opening balance,5.00,15.00\n";
    assert_eq!(lines(a_line, &with_usd()).len(), 1, "it moves the balance");
}

#[test]
fn a_quote_that_does_not_close_is_refused() {
    let text = "Date,Text,Amount\n2026-11-17,\"AMAZON,10.00\n2026-11-18,b,1.00\n";
    assert!(refusal(text, &with_usd()).contains("line 2: a cell begins with a quote"));
    let later = format!("{text}2026-11-19,\"c\",2.00\n");
    assert!(refusal(&later, &with_usd()).contains("line 2: a cell begins with a quote"));
    let sound = "Date,Text,Amount\n2026-11-17,\"AMAZON \"\"EU\"\"\nSARL\",10.00\n2026-11-18,3\" pipe,1.00\n";
    assert_eq!(
        lines(sound, &with_usd()),
        [row("2026-11-17", "10.00", "AMAZON \"EU\"\nSARL"), row("2026-11-18", "1.00", "3\" pipe")]
    );
}

#[test]
fn the_headings_tell_what_separates_the_cells() {
    // More commas than semicolons, and a row of three cells above the headings.
    let text = "Konto;Inhaber;Filiale\nDatum;Text;Betrag\n\
                17.11.2026;Amazon, Inc, a, b, c, d;10,00\n";
    assert_eq!(lines(text, &euro()), [row("2026-11-17", "10.00", "Amazon, Inc, a, b, c, d")]);
    let tabs = "Datum\tText\tBetrag\n17.11.2026\tA; B; C, D\t10,00\n";
    assert_eq!(lines(tabs, &euro()), [row("2026-11-17", "10.00", "A; B; C, D")]);
}

#[test]
fn columns_may_be_named() {
    let text = "Dzień;Kwota;Datum;Nr;S\n17.11.2026;10,00;x;AB123;H\n";
    let why = refusal(text, &euro());
    for words in ["line 1", "Kwota", "--column amount=HEADING"] {
        assert!(why.contains(words), "{words}: {why}");
    }
    let columns = CsvColumns {
        date: "dzień".to_owned(),
        amount: "Kwota".to_owned(),
        sign: "S".to_owned(),
        reference: "Nr".to_owned(),
        ..CsvColumns::default()
    };
    let told = Options { columns: Some(columns.clone()), ..euro() };
    let statement = read(text.as_bytes(), &told).expect("readable").remove(0);
    assert_eq!(statement.lines[0].reference, "2026-11-17 10.00 AB123");
    assert_eq!(statement.lines[0].text, "x");
    for mistyped in [
        CsvColumns { reference: "No".to_owned(), ..columns.clone() },
        CsvColumns { balance: "No".to_owned(), ..columns.clone() },
        CsvColumns { currency: "No".to_owned(), ..columns.clone() },
        CsvColumns { sign: "No".to_owned(), ..columns.clone() },
    ] {
        let told = Options { columns: Some(mistyped), ..euro() };
        assert!(refusal(text, &told).contains("there is no column \"No\" among: Dzień"));
    }
    let mistyped = CsvColumns { amount: "No".to_owned(), ..columns };
    let told = Options { columns: Some(mistyped), ..euro() };
    assert!(refusal(text, &told).contains("no date and amount among the headings"));
}
