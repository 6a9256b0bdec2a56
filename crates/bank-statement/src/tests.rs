use proptest::prelude::*;

use super::*;

mod csv;
mod names;

fn usd() -> Currency {
    Currency::parse("USD").expect("a currency")
}

fn with_usd() -> Options {
    Options { currency: Some(usd()), ..Options::default() }
}

fn lines(text: &str, options: &Options) -> Vec<(String, String, String)> {
    let statements = read(text.as_bytes(), options).expect("readable");
    let lines = statements.into_iter().flat_map(|statement| statement.lines);
    lines.map(|l| (l.date.to_string(), l.amount.amount_text(), l.text)).collect()
}

fn refusal(text: &str, options: &Options) -> String {
    read(text.as_bytes(), options).expect_err("refused").to_string()
}

fn row(date: &str, amount: &str, text: &str) -> (String, String, String) {
    (date.to_owned(), amount.to_owned(), text.to_owned())
}

const BAI2: &str = "\
01,122099999,123456789,261118,0200,1,65,,2/
02,123456789,122099999,1,261117,0000,USD,2/
03,0975312468,,010,50000,,,015,174118,,/
16,165,126618,V,261117,,BREF1,CREF1,AMAZON COM SVCS DES:PAYMENTS
88,ID:7H2K
16,475,2500,Z,,,CHECK 1001/
49,353236,5/
98,353236,1,7/
99,353236,1,9/
";

#[test]
fn bai2_with_its_totals() {
    let found = lines(BAI2, &Options::default());
    assert_eq!(
        found,
        [
            row("2026-11-17", "1266.18", "AMAZON COM SVCS DES:PAYMENTS ID:7H2K"),
            row("2026-11-17", "-25.00", "CHECK 1001"),
        ]
    );
    let statement = read(BAI2.as_bytes(), &Options::default()).expect("readable").remove(0);
    assert_eq!(statement.account, "0975312468");
    assert_eq!(statement.lines[0].reference, "2026-11-17 1266.18 BREF1");
    assert_eq!(statement.proof, Proof::Totals);
}

#[test]
fn bai2_that_lacks_a_record_is_refused() {
    let without_a_line = BAI2.replace("16,475,2500,Z,,,CHECK 1001/\n", "");
    assert!(refusal(&without_a_line, &Options::default()).contains("control total"));
    let changed = BAI2.replace("126618", "126619");
    assert!(refusal(&changed, &Options::default()).contains("control total"));
    let broken_off = BAI2.replace("99,353236,1,9/\n", "");
    assert!(refusal(&broken_off, &Options::default()).contains("breaks off"));
    let miscounted = BAI2.replace("49,353236,5/", "49,353236,6/");
    assert!(refusal(&miscounted, &Options::default()).contains("counts 6 records"));
}

#[test]
fn bai2_whose_groups_or_file_do_not_add_up_is_refused() {
    let group = "02,123456789,122099999,1,261117,0000,USD,2/\n";
    for (from, to, why) in [
        ("98,353236,1,7/", "98,353235,1,7/", "line 8: the control total is 353235"),
        ("98,353236,1,7/", "98,353236,2,7/", "counts 2 accounts, the file has 1"),
        ("98,353236,1,7/", "98,353236,1,8/", "counts 8 records, the file has 7"),
        ("99,353236,1,9/", "99,353237,1,9/", "line 9: the control total is 353237"),
        ("99,353236,1,9/", "99,353236,2,9/", "counts 2 groups, the file has 1"),
        ("99,353236,1,9/", "99,353236,1,8/", "counts 8 records, the file has 9"),
        ("98,353236,1,7/\n", "", "a record 99 was not expected here"),
        ("98,353236,1,7/\n", group, "a record 02 was not expected here"),
        (group, "", "stands outside a group"),
        ("49,353236,5/\n", "", "a record 98 was not expected here"),
    ] {
        let changed = BAI2.replace(from, to);
        assert!(refusal(&changed, &Options::default()).contains(why), "{from} {to}");
    }
}

#[test]
fn bai2_of_two_groups_in_two_currencies_adds_up_as_it_is_written() {
    let text = "01,1,2,261118,0200,1,,,2/\n02,3,1,1,261117,0000,USD,2/\n03,A,,/\n\
                16,165,500,Z,R1/\n49,500,3/\n98,500,1,5/\n02,3,1,1,261117,0000,JPY,2/\n03,B,,/\n\
                16,475,7,Z,R2/\n49,7,3/\n98,7,1,5/\n99,507,2,12/\n";
    let statements = read(text.as_bytes(), &Options::default()).expect("readable");
    let amounts: Vec<String> =
        statements.iter().map(|statement| statement.lines[0].amount.to_string()).collect();
    assert_eq!(amounts, ["5.00 USD", "-7 JPY"]);
}

const OFX: &str = "OFXHEADER:100\nDATA:OFXSGML\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>77001<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261130
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261117120000[-8:PST]<TRNAMT>1266.18<FITID>F1<NAME>AMAZON &amp; CO<MEMO>P</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261118<TRNAMT>-25,00<FITID>F2</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1741.18<DTASOF>20261130</LEDGERBAL>
<AVAILBAL><BALAMT>1.00<DTASOF>20261130</AVAILBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
";

#[test]
fn ofx_without_ends_of_tags_and_with_them() {
    let expected = [row("2026-11-17", "1266.18", "AMAZON & CO P"), row("2026-11-18", "-25.00", "")];
    assert_eq!(lines(OFX, &Options::default()), expected);
    let xml = format!(
        "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?>{}",
        OFX.split_once("\n\n").expect("a header").1.replace("1266.18<", "1266.18</TRNAMT><")
    );
    assert_eq!(lines(&xml, &Options::default()), expected);
    let statement = read(OFX.as_bytes(), &Options::default()).expect("readable").remove(0);
    assert_eq!(statement.closing.map(|m| m.to_string()).as_deref(), Some("1741.18 USD"));
    assert_eq!(statement.account, "77001");
    assert_eq!(statement.lines[1].reference, "F2");
}

#[test]
fn ofx_that_breaks_off_or_mixes_currencies_is_refused() {
    let half = OFX.split_once("<LEDGERBAL>").expect("a balance").0;
    assert!(refusal(half, &Options::default()).contains("breaks off"));
    let foreign = OFX.replace("<FITID>F2", "<FITID>F2<CURRENCY><CURSYM>EUR</CURRENCY>");
    assert!(refusal(&foreign, &Options::default()).contains("line 9"));
    let converted = OFX.replace("<FITID>F2", "<FITID>F2<ORIGCURRENCY><CURSYM>EUR</ORIGCURRENCY>");
    assert_eq!(lines(&converted, &Options::default()).len(), 2);
}

const CAMT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">40.5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">142.52</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-11-16</Dt></BookgDt><ValDt><Dt>2026-11-17</Dt></ValDt><AcctSvcrRef>R1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>E2E</EndToEndId></Refs><RmtInf><Ustrd>Amazon &amp; more</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">2.02</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-18</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-11-19</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"#;

#[test]
fn camt_with_its_balances() {
    assert_eq!(
        lines(CAMT, &Options::default()),
        [
            row("2026-11-17", "142.52", "E2E Amazon & more"),
            row("2026-11-18", "-2.02", ""),
            row("2026-11-19", "9.00", ""),
        ]
    );
    let statement = read(CAMT.as_bytes(), &Options::default()).expect("readable").remove(0);
    assert_eq!(statement.account, "DE02120300000000202051");
    assert_eq!(statement.booked().expect("a sum").amount_text(), "140.50");
    assert!(!statement.lines[2].booked);
    assert_eq!(statement.lines[1].reference, "2026-11-18 -2.02 ");
}

#[test]
fn camt_that_does_not_reach_its_closing_balance_is_refused() {
    let missing = CAMT.replace("142.52", "142.53");
    assert!(refusal(&missing, &Options::default()).contains("closes with 40.50 EUR"));
    let half = CAMT.split_once("</Stmt>").expect("an end").0;
    assert!(refusal(half, &Options::default()).contains("breaks off"));
    let other = "<Document><CstmrPmtStsRpt/></Document>";
    assert!(refusal(other, &Options::default()).contains("not a camt.053"));
}

#[test]
fn a_date_that_may_be_two_days_is_asked_about() {
    let text = "Date,Amount,Text\n03/04/2026,10.00,a\n05/06/2026,10.00,a\n";
    assert!(refusal(text, &with_usd()).contains("may be two days"));
    let told = Options { day_first: Some(DayFirst::No), ..with_usd() };
    assert_eq!(lines(text, &told)[0].0, "2026-03-04");
    let proven = format!("{text}25/12/2026,1.00,b\n");
    assert_eq!(lines(&proven, &told)[0].0, "2026-04-03", "the file's own proof goes first");
    let contradicting = format!("{proven}12/26/2026,1.00,b\n");
    assert!(refusal(&contradicting, &told).contains("contradicts"));
}

#[test]
fn cells_that_are_no_amounts_are_refused() {
    for cell in ["", "abc", "1.2.3,4,5", "--", "1 00", ".", "5.", "1.500,-"] {
        let text = format!("Date;Amount;Text\n2026-11-17;{cell};a\n");
        assert!(read(text.as_bytes(), &with_usd()).is_err(), "{cell:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &with_usd());
    }

    #[test]
    fn no_change_of_a_file_panics(
        form in 0_usize..3, at in 0_usize..900, with in any::<u8>(),
    ) {
        let mut bytes = [BAI2, OFX, CAMT][form].as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = with;
        let _ = read(&bytes, &with_usd());
    }

    #[test]
    fn a_table_is_read_back_as_it_was_written(
        rows in proptest::collection::vec((0_i64..20_000, -99_999_999_i64..99_999_999), 1..40),
        comma in any::<bool>(),
        grouped in any::<bool>(),
    ) {
        let start = jiff::civil::date(2000, 1, 1);
        let day = |n: i64| start + jiff::Span::new().days(n % 9000);
        let mut text = String::from("Date;Amount;Text\n");
        for (days, cents) in &rows {
            text.push_str(&format!("{};{};x\n", day(*days), written(*cents, comma, grouped)));
        }
        let found = lines(&text, &with_usd());
        for ((days, cents), (date, amount, _)) in rows.iter().zip(&found) {
            prop_assert_eq!(date, &day(*days).to_string());
            prop_assert_eq!(amount, &written(*cents, false, false));
        }
        prop_assert_eq!(rows.len(), found.len());
    }
}

fn written(cents: i64, comma: bool, grouped: bool) -> String {
    let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let mut digits = whole.to_string();
    let (decimal, separator) = if comma { (',', '.') } else { ('.', ',') };
    let mut at = digits.len();
    while grouped && at > 3 {
        at -= 3;
        digits.insert(at, separator);
    }
    format!("{}{digits}{decimal}{rest:02}", if cents < 0 { "-" } else { "" })
}
