//! What a line is known by: the same in every file that has it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::*;

/// A line as it happened at the bank.
#[derive(Debug, Clone)]
struct Happened {
    day: usize,
    cents: i64,
    reference: &'static str,
    text: &'static str,
}

impl Happened {
    fn date(&self) -> String {
        format!("2026-11-{:02}", self.day + 1)
    }

    fn amount(&self) -> String {
        format!("{}.{:02}", self.cents / 100, self.cents % 100)
    }
}

fn csv(lines: &[&Happened]) -> String {
    let mut file = "Date;Text;Amount;Reference\n".to_owned();
    for line in lines {
        let (date, amount) = (line.date(), line.amount());
        writeln!(file, "{date};{};{amount};{}", line.text, line.reference).expect("written");
    }
    file
}

/// A statement for each `days` days, with a pending copy of its first line where `pending`.
fn camt(lines: &[&Happened], days: usize, pending: bool) -> String {
    let entry = |line: &Happened, status: &str| {
        format!(
            "<Ntry><NtryRef>{status}</NtryRef><Amt Ccy=\"USD\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Sts>{status}</Sts><ValDt><Dt>{}</Dt></ValDt><AcctSvcrRef>{}</AcctSvcrRef>\
             <AddtlNtryInf>{}</AddtlNtryInf></Ntry>",
            line.amount(),
            line.date(),
            line.reference,
            line.text
        )
    };
    let mut file = "<Document><BkToCstmrStmt>".to_owned();
    for part in lines.chunk_by(|one, next| one.day / days == next.day / days) {
        file += "<Stmt><Acct><Id><IBAN>DE1</IBAN></Id><Ccy>USD</Ccy></Acct>";
        file +=
            &part.first().filter(|_| pending).map(|line| entry(line, "PDNG")).unwrap_or_default();
        part.iter().for_each(|line| file += &entry(line, "BOOK"));
        file += "</Stmt>";
    }
    file + "</BkToCstmrStmt></Document>"
}

/// The booked lines of a file by their names; no two have the same.
fn named(file: &str) -> BTreeMap<String, (Date, String, String)> {
    let statements = read(file.as_bytes(), &with_usd()).expect("readable");
    let lines = statements.into_iter().flat_map(|statement| statement.lines);
    let mut named = BTreeMap::new();
    for line in lines.filter(|line| line.booked) {
        let what = (line.date, line.amount.amount_text(), line.text);
        assert!(named.insert(line.reference, what).is_none(), "a name twice: {file}");
    }
    named
}

type Date = jiff::civil::Date;

fn happened() -> impl Strategy<Value = Vec<Happened>> {
    let references = ["", "NONREF", "0000", "1", "2", "AB-1", "AB-2"];
    let line = (0_usize..6, 1_i64..3, 0..references.len(), 0_usize..2).prop_map(
        move |(day, cents, reference, text)| Happened {
            day,
            cents,
            reference: references[reference],
            text: ["AMAZON", "RENT"][text],
        },
    );
    proptest::collection::vec(line, 0..25).prop_map(|mut lines| {
        lines.sort_by_key(|line| line.day);
        lines
    })
}

proptest! {
    #[test]
    fn files_that_share_days_name_their_lines_alike(
        lines in happened(),
        from in 0_usize..6,
        until in 0_usize..6,
        days in 1_usize..4,
        pending in any::<bool>(),
    ) {
        let all: Vec<&Happened> = lines.iter().collect();
        let some: Vec<&Happened> =
            lines.iter().filter(|line| (from..=until).contains(&line.day)).collect();
        let turned: Vec<&Happened> = some.iter().rev().copied().collect();
        let shared = |named: BTreeMap<String, (Date, String, String)>| {
            let days = from + 1..=until + 1;
            let mut named = named;
            named.retain(|_, (date, ..)| days.contains(&date.day().unsigned_abs().into()));
            named
        };
        let whole = named(&csv(&all));
        prop_assert_eq!(whole.len(), lines.len());
        let whole = shared(whole);
        prop_assert_eq!(&whole, &named(&csv(&some)));
        prop_assert_eq!(&whole, &named(&csv(&turned)));

        let one = named(&camt(&all, 6, false));
        prop_assert_eq!(one.len(), lines.len());
        prop_assert_eq!(shared(one.clone()), named(&camt(&some, days, pending)));
        prop_assert_eq!(one, named(&camt(&all, days, pending)));
    }
}

#[test]
fn equal_lines_keep_references_of_their_own() {
    let text = "Date,Amount,Text\n2026-11-17,10.00,a\n2026-11-17,10.00,a\n";
    let statement = read(text.as_bytes(), &with_usd()).expect("readable").remove(0);
    assert_eq!(statement.lines[0].reference, "2026-11-17 10.00 a");
    assert_eq!(statement.lines[1].reference, "2026-11-17 10.00 a #2");
}

#[test]
fn a_reference_that_is_none_or_counts_is_no_name() {
    for none in ["NONREF", "NOTPROVIDED", "not available", "000000000", "-", "17"] {
        let text = format!("Date;Amount;Text;Reference\n2026-11-17;10.00;a;{none}\n");
        let statement = read(text.as_bytes(), &with_usd()).expect("readable").remove(0);
        assert_eq!(statement.lines[0].reference, "2026-11-17 10.00 a", "{none}");
    }
}

#[test]
fn one_reference_for_several_lines_does_not_make_them_one() {
    let text = "Date;Amount;Text;Reference\n2026-11-17;10.00;a;BATCH1\n2026-11-17;11.00;a;BATCH1\n\
                2026-11-18;10.00;a;BATCH1\n2026-11-18;10.00;a;BATCH1\n";
    let statement = read(text.as_bytes(), &with_usd()).expect("readable").remove(0);
    let names: Vec<&str> = statement.lines.iter().map(|line| line.reference.as_str()).collect();
    assert_eq!(
        names,
        [
            "2026-11-17 10.00 BATCH1",
            "2026-11-17 11.00 BATCH1",
            "2026-11-18 10.00 BATCH1",
            "2026-11-18 10.00 BATCH1 #2",
        ]
    );
}

#[test]
fn the_ids_of_ofx_stay_as_they_are() {
    let statement = read(OFX.as_bytes(), &Options::default()).expect("readable").remove(0);
    let names: Vec<&str> = statement.lines.iter().map(|line| line.reference.as_str()).collect();
    assert_eq!(names, ["F1", "F2"]);
    let without = OFX.replace("<FITID>F2", "<FITID>0");
    let statement = read(without.as_bytes(), &Options::default()).expect("readable").remove(0);
    assert_eq!(statement.lines[1].reference, "2026-11-18 -25.00 ");
}
