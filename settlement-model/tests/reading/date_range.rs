//! The date range report: what it holds of each settlement, and whether a payout proves it.

use proptest::prelude::*;
use proptest::sample::Index;
use settlement_model::date_range::{self, DateRange};
use settlement_model::{DecimalSign, Limits, ReadOptions, Reason, Unreadable};

const PREAMBLE: &str = "\u{feff}\"Inclui transações da Amazon Marketplace\"\n\
                        \"Todas as quantias em BRL, a menos que especificado\"\n";
const HEADER: &str = "\"data/hora\",\"id de liquidação\",\"tipo\",\"descrição\",\
                      \"vendas do produto\",\"tarifas de venda\",\"outro\",\"total\",\
                      \"Status da transação\"\n";

fn row(id: &str, kind: &str, amounts: [&str; 4], status: &str) -> String {
    let [sales, fees, other, total] = amounts;
    format!(
        "\"31 de mar. de 2026 20:32:25 GMT-7\",\"{id}\",\"{kind}\",\"com vírgula, e \"\"aspas\"\"\",\
         \"{sales}\",\"{fees}\",\"{other}\",\"{total}\",\"{status}\"\n"
    )
}

fn read_rows(rows: &[String]) -> Result<DateRange, Unreadable> {
    let text = format!("{PREAMBLE}{HEADER}{}", rows.concat());
    date_range::read(text.as_bytes(), &ReadOptions::default())
}

fn defect(text: &str) -> (Reason, Option<u64>, Option<String>) {
    let refused = date_range::read(text.as_bytes(), &ReadOptions::default()).expect_err("a defect");
    let first = refused.defects.into_iter().next().expect("a defect");
    (first.reason, first.line, first.column)
}

#[test]
fn a_payout_proves_a_whole_settlement() {
    let report = read_rows(&[
        row("1", "Pedido", ["3.263,25", "-63,25", "0", "3.200,00"], "Liberado"),
        row("2", "Pedido", ["10,00", "0", "0", "10,00"], "Diferido"),
        row("1", "Ajuste", ["0", "0", "-1,12", "-1,12"], "Liberado"),
        row("1", "Transferir", ["0", "0", "-3.198,88", "-3.198,88"], "Liberado"),
    ])
    .expect("readable");
    assert_eq!(report.decimal_sign, DecimalSign::Comma);
    let [whole, part] = report.statements.as_slice() else { panic!("two settlements") };
    assert_eq!((whole.rows, whole.transfers), (2, 1));
    assert_eq!(whole.sum.to_string(), "3198.88 BRL");
    assert_eq!((whole.lines.first, whole.lines.last), (4, 7));
    assert!(whole.ties());
    assert_eq!((part.rows, part.deferred_rows, part.transfers), (1, 1, 0));
    assert_eq!(part.deferred.to_string(), "10.00 BRL");
    assert!(!part.ties(), "nothing proves that it is whole");
}

#[test]
fn rows_that_do_not_hold_together_are_refused() {
    let one = |row: String| defect(&format!("{PREAMBLE}{HEADER}{row}"));
    let amounts = ["10,00", "-1,00", "0", "9,00"];
    let total = (Reason::BadNumber, Some(4), Some("total".to_owned()));
    assert_eq!(one(row("1", "Pedido", ["10,00", "-1,00", "0", "9,01"], "")), total);
    let id = (Reason::BadSettlementId, Some(4), Some("id de liquidação".to_owned()));
    assert_eq!(one(row("2.6E+10", "Pedido", amounts, "")), id);
    let sales = (Reason::BadNumber, Some(4), Some("vendas do produto".to_owned()));
    assert_eq!(one(row("1", "Pedido", ["n/a", "-1,00", "0", "9,00"], "")), sales);
    // A blank is nothing, and then the rest is not the total.
    let total = (Reason::BadNumber, Some(4), Some("total".to_owned()));
    assert_eq!(one(row("1", "Pedido", ["", "-1,00", "0", "9,00"], "")), total);
    let undated = row("1", "Pedido", amounts, "").replace("31 de mar. de 2026", "ontem");
    assert_eq!(one(undated), (Reason::BadDate, Some(4), Some("data/hora".to_owned())));
    let short = row("1", "Pedido", amounts, "").replace(",\"\"\n", "\n");
    assert_eq!(one(short), (Reason::TooFewCells, Some(4), None));
}

#[test]
fn without_a_currency_or_a_known_header_nothing_is_read() {
    let unstated = format!("\"Amazon Marketplace\"\n{HEADER}");
    assert_eq!(defect(&unstated), (Reason::UnknownCurrency, Some(2), None));
    let other = format!("{PREAMBLE}\"Datum/Uhrzeit\",\"Abrechnungsnummer\"\n");
    assert_eq!(defect(&other).0, Reason::NotASettlementReport);
    assert_eq!(defect(&"\"Amazon Marketplace\"\n".repeat(1000)).0, Reason::NotASettlementReport);
}

#[test]
fn settlements_are_limited() {
    let amounts = ["1,00", "0", "0", "1,00"];
    let rows: String = ["1", "2", "3"].map(|id| row(id, "Pedido", amounts, "")).concat();
    let text = format!("{PREAMBLE}{HEADER}{rows}");
    let limits = Limits { settlements: 2, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let refused = date_range::read(text.as_bytes(), &options).expect_err("three settlements");
    assert_eq!(refused.defects[0].reason, Reason::LimitExceeded);
}

fn cents(amount: i64) -> String {
    let minus = if amount < 0 { "-" } else { "" };
    let amount = amount.abs();
    format!("{minus}{},{:02}", amount / 100, amount % 100)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_row_left_out_breaks_the_proof(
        amounts in prop::collection::vec(1_i64..99_999, 1..12),
        gone: Index,
    ) {
        let order = |amount: &i64| {
            row("1", "Pedido", [&cents(*amount), "0", "0", &cents(*amount)], "Liberado")
        };
        let paid = cents(-amounts.iter().sum::<i64>());
        let mut rows: Vec<String> = amounts.iter().map(order).collect();
        rows.push(row("1", "Transferir", ["0", "0", &paid, &paid], "Liberado"));
        prop_assert!(read_rows(&rows).expect("readable").statements[0].ties());
        rows.remove(gone.index(rows.len()));
        prop_assert!(!read_rows(&rows).expect("readable").statements[0].ties());
    }

    #[test]
    fn no_damage_makes_it_panic(
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        cut: Index,
    ) {
        let rows = row("1", "Pedido", ["10,00", "-1,00", "0", "9,00"], "Diferido").repeat(3);
        let mut bytes = format!("{PREAMBLE}{HEADER}{rows}").into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Ok(report) = date_range::read(bytes.as_slice(), &ReadOptions::default()) {
            prop_assert!(report.statements.iter().map(|one| one.rows).sum::<u64>() <= 3);
        }
    }
}
