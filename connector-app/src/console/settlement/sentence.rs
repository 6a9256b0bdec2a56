//! The first sentence of a settlement: whether the deposit is the journal, to the cent.

use ledger_mapper::{Journal, Role};
use rust_decimal::Decimal;
use settlement_model::Currency;

use crate::console::figures::figure;

/// What the sentence is made of.
#[derive(Debug, Clone, Copy)]
pub(in crate::console) struct Facts<'a> {
    /// Amazon's total.
    pub(in crate::console) deposit: Decimal,
    pub(in crate::console) currency: Currency,
    /// `None` before the settlement was mapped.
    pub(in crate::console) planned: Option<Planned<'a>>,
    /// Whether something holds it.
    pub(in crate::console) held: bool,
}

/// What a plan says of it.
#[derive(Debug, Clone, Copy)]
pub(in crate::console) struct Planned<'a> {
    pub(in crate::console) journals: &'a [Journal],
    /// The rows less the total.
    pub(in crate::console) difference: Decimal,
}

/// The sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct Sentence {
    /// `good`, `attention` or `bad`.
    pub(in crate::console) tone: &'static str,
    /// `Deposit 1,234.56 USD = journal 1,234.56 USD`
    pub(in crate::console) text: String,
    /// What that means, where it is not plain.
    pub(in crate::console) more: String,
}

impl Sentence {
    /// Of a settlement that somebody entered by hand: the connector has no journal of it.
    pub(in crate::console) fn by_hand(deposit: Decimal, currency: Currency) -> Self {
        let text = format!("Deposit {} {currency}", figure(deposit, currency).text);
        Self { tone: "good", text, more: String::new() }
    }

    pub(in crate::console) fn of(facts: &Facts<'_>) -> Self {
        let Facts { deposit, currency, planned, held } = *facts;
        let money = |amount| format!("{} {currency}", figure(amount, currency).text);
        let total = money(deposit);
        let say = |tone, text, more: String| Self { tone, text, more };
        let Some(Planned { journals, difference }) = planned else {
            let text = format!("Deposit {total}");
            return say("attention", text, "It is not mapped to accounts yet.".to_owned());
        };
        if !difference.is_zero() {
            let rows = money(deposit + difference);
            let word = if difference.is_sign_negative() { "short of" } else { "more than" };
            let apart = money(difference.abs());
            let more = format!("The rows are {apart} {word} the deposit. Nothing is posted.");
            return say("bad", format!("Deposit {total} ≠ rows {rows}"), more);
        }
        if journals.is_empty() && (held || !deposit.is_zero()) {
            let more = "The rows add up to the deposit. There is no journal while it is held.";
            return say("attention", format!("Deposit {total} = rows {total}"), more.to_owned());
        }
        let clearing = journals.iter().flat_map(|journal| &journal.lines);
        let clearing: Decimal = clearing
            .filter(|line| line.role == Role::AMAZON_CLEARING)
            .map(|line| line.debit - line.credit)
            .sum();
        let journal = money(clearing);
        if clearing == deposit {
            let more = if journals.is_empty() { "No money moved: nothing to post." } else { "" };
            return say("good", format!("Deposit {total} = journal {journal}"), more.to_owned());
        }
        let apart = money((deposit - clearing).abs());
        say(
            "bad",
            format!("Deposit {total} ≠ journal {journal}"),
            format!("They are {apart} apart."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(deposit: i64, planned: Option<(&[Journal], i64)>, held: bool) -> Sentence {
        let planned = planned
            .map(|(journals, cents)| Planned { journals, difference: Decimal::new(cents, 2) });
        let currency = Currency::parse("USD").expect("ISO 4217");
        Sentence::of(&Facts { deposit: Decimal::new(deposit, 2), currency, planned, held })
    }

    fn journal(clearing: &str) -> Journal {
        let line = |account: &str, role: &str, debit: &str, credit: &str| {
            serde_json::json!({
                "account": account, "account_name": null, "role": role, "debit": debit,
                "credit": credit, "rows": 0, "roles": [], "sources": [],
            })
        };
        serde_json::from_value(serde_json::json!({
            "key": "us/journal/81000000001/2026-05/1/r0", "period": "2026-05",
            "date": "2026-05-17", "currency": "USD", "zone": "UTC", "description": "Amazon",
            "lines": [line("1150", "amazon_clearing", clearing, "0.00"),
                      line("4000", "product_sales", "0.00", clearing)],
        }))
        .expect("a journal")
    }

    #[test]
    fn a_deposit_is_its_journal_or_by_how_much_it_is_not() {
        let journals = [journal("1234.56")];
        let same = facts(123_456, Some((&journals, 0)), false);
        assert_eq!(same.text, "Deposit 1,234.56 USD = journal 1,234.56 USD");
        assert_eq!((same.tone, same.more.as_str()), ("good", ""));
        let apart = facts(123_457, Some((&journals, 0)), false);
        assert_eq!(apart.text, "Deposit 1,234.57 USD ≠ journal 1,234.56 USD");
        assert_eq!((apart.tone, apart.more.as_str()), ("bad", "They are 0.01 USD apart."));
    }

    #[test]
    fn rows_that_do_not_add_up_say_which_way() {
        let short = facts(10_000, Some((&[], -100)), true);
        assert_eq!(short.text, "Deposit 100.00 USD ≠ rows 99.00 USD");
        assert!(short.more.starts_with("The rows are 1.00 USD short of the deposit"));
        let more = facts(10_000, Some((&[], 100)), true);
        assert!(more.more.starts_with("The rows are 1.00 USD more than the deposit"));
    }

    #[test]
    fn what_is_held_has_rows_and_no_journal_and_no_money_is_nothing_to_post() {
        let held = facts(10_000, Some((&[], 0)), true);
        assert_eq!(
            (held.tone, held.text.as_str()),
            ("attention", "Deposit 100.00 USD = rows 100.00 USD")
        );
        let nothing = facts(0, Some((&[], 0)), false);
        assert_eq!(
            (nothing.tone, nothing.text.as_str()),
            ("good", "Deposit 0.00 USD = journal 0.00 USD")
        );
        assert_eq!(facts(0, None, false).more, "It is not mapped to accounts yet.");
    }
}
