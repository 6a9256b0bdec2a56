use super::*;

fn line(account: &str, role: &str, debit: &str, credit: &str, rows: u64) -> serde_json::Value {
    serde_json::json!({
        "account": account, "account_name": null, "role": role, "debit": debit, "credit": credit,
        "rows": rows, "roles": [{ "role": role, "amount": "0.00" }], "sources": [],
    })
}

fn journal(period: &str, lines: &[serde_json::Value]) -> Document {
    let journal = serde_json::from_value(serde_json::json!({
        "key": format!("us/journal/81000000001/{period}/1/r0"), "period": period,
        "date": format!("{period}-17"), "currency": "USD", "zone": "UTC", "description": "Amazon",
        "lines": lines,
    }));
    Document::Journal(journal.expect("a journal"))
}

fn may() -> Document {
    journal(
        "2026-05",
        &[
            line("1150", "amazon_clearing", "85.00", "0.00", 0),
            line("4000", "product_sales", "0.00", "100.00", 2),
            line("5100", "referral_fees", "15.00", "0.00", 2),
        ],
    )
}

#[test]
fn a_line_leads_to_its_rows_and_the_deposit_to_none() {
    let sheets = sheets(&[may()], Some("/settlements/us/81"), None);
    let [sheet] = sheets.as_slice() else { panic!("one table") };
    let lines: Vec<_> =
        sheet.lines.iter().map(|line| (line.rows.as_str(), line.href.as_str())).collect();
    let to = "/settlements/us/81/rows?document=0&line=";
    assert_eq!(lines, [("", ""), ("2", &format!("{to}1")), ("2", &format!("{to}2"))]);
    assert_eq!((sheet.debits.as_str(), sheet.credits.as_str()), ("100.00", "100.00"));
    assert_eq!(sheet.lines[1].name, "Product sales", "without a name in the chart it is the role");
}

#[test]
fn a_change_is_seen_from_the_side_the_account_is_on() {
    let before = nets(&[journal(
        "2026-04",
        &[
            line("1150", "amazon_clearing", "80.00", "0.00", 0),
            line("4000", "product_sales", "0.00", "80.00", 2),
        ],
    )]);
    let sheets = sheets(&[may()], None, Some(&before));
    let changes: Vec<_> = sheets[0].lines.iter().map(|line| line.change.as_str()).collect();
    assert_eq!(changes, ["+5.00 (+6 %)", "+20.00 (+25 %)", "new"]);
}

#[test]
fn two_journals_are_told_together_first_and_what_is_carried_over_cancels() {
    let april = journal(
        "2026-04",
        &[
            line("1165", "carried_over", "10.00", "0.00", 0),
            line("4000", "product_sales", "0.00", "10.00", 1),
        ],
    );
    let mut lines = vec![line("1165", "carried_over", "0.00", "10.00", 0)];
    lines.push(line("1150", "amazon_clearing", "60.00", "0.00", 0));
    lines.push(line("4000", "product_sales", "0.00", "50.00", 3));
    let sheets = sheets(&[april, journal("2026-05", &lines)], None, Some(&Nets::new()));
    assert_eq!(sheets.len(), 3);
    let whole: Vec<_> = sheets[0]
        .lines
        .iter()
        .map(|line| {
            (line.account.as_str(), line.debit.as_str(), line.credit.as_str(), line.rows.as_str())
        })
        .collect();
    assert_eq!(whole, [("1150", "60.00", "", ""), ("4000", "", "60.00", "4")]);
    assert!(sheets[0].compared && !sheets[1].compared);
}
