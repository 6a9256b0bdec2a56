//! From sales to the deposit in a few steps, as a picture and as the table beside it.

use std::collections::BTreeMap;

use ledger_mapper::Role;
use rust_decimal::Decimal;
use settlement_model::Currency;

use super::figures::{Figure, figure};

/// A step from sales to the deposit, in the order of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Sales,
    Refunds,
    Promotions,
    SellingFees,
    Fulfilment,
    Advertising,
    OtherIncome,
    Tax,
    Balances,
    Unknown,
}

impl Step {
    const fn title(self) -> &'static str {
        match self {
            Self::Sales => "Sales",
            Self::Refunds => "Refunds",
            Self::Promotions => "Promotions",
            Self::SellingFees => "Selling fees",
            Self::Fulfilment => "FBA and shipping",
            Self::Advertising => "Advertising",
            Self::OtherIncome => "Reimbursements",
            Self::Tax => "Tax",
            Self::Balances => "Reserves and balances",
            Self::Unknown => "Not mapped yet",
        }
    }

    /// The step that a role's amounts belong to; without a role, nobody knows what they are.
    pub(super) fn of(role: Option<Role>) -> Self {
        let Some(role) = role else { return Self::Unknown };
        match role.as_str() {
            "product_sales" | "shipping_income" | "gift_wrap_income" | "liquidation_sales"
            | "other_sales" => Self::Sales,
            "product_refunds" | "shipping_refunds" | "gift_wrap_refunds" | "claim_refunds"
            | "other_refunds" => Self::Refunds,
            "promotions" | "shipping_promotions" => Self::Promotions,
            "tax_collected"
            | "tax_withheld_by_marketplace"
            | "tax_on_fees"
            | "tax_withheld_at_source" => Self::Tax,
            "referral_fees"
            | "digital_services_fees"
            | "closing_fees"
            | "refund_administration_fees"
            | "subscription_fees"
            | "promotion_programme_fees"
            | "epr_fees"
            | "other_fees" => Self::SellingFees,
            "advertising" => Self::Advertising,
            "inventory_reimbursements"
            | "reimbursement_clawback"
            | "safe_t_reimbursements"
            | "other_income" => Self::OtherIncome,
            "reserve" | "opening_balance" | "card_charge" | "failed_transfer" | "micro_deposit"
            | "inter_marketplace" | "loan" | "suspense" | "amazon_clearing" | "carried_over"
            | "deferred_balance" | "fees_payable" => Self::Balances,
            _ => Self::Fulfilment,
        }
    }
}

/// One bar of the picture, and its line of the table. Coordinates are in the picture's own units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bar {
    /// What it is.
    pub(super) title: &'static str,
    /// What it adds to the seller's balance.
    pub(super) amount: Figure,
    /// What the balance is behind it.
    pub(super) running: String,
    /// The class that paints it: `up`, `down`, `sum` or `unknown`.
    pub(super) kind: &'static str,
    pub(super) x: u32,
    pub(super) y: i64,
    pub(super) height: i64,
    /// Where the line from the bar before runs.
    pub(super) from: i64,
    /// Where the line to the next bar runs.
    pub(super) level: i64,
    /// Where its amount is written.
    pub(super) label_y: i64,
    /// Where its name is written, in two lines.
    pub(super) name_y: i64,
    pub(super) first_words: String,
    pub(super) last_words: String,
    /// The middle of the bar.
    pub(super) middle: u32,
}

/// The picture: bars from the left to the right, the deposit last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waterfall {
    pub(super) bars: Vec<Bar>,
    pub(super) width: u32,
    pub(super) height: i64,
    /// Where zero is.
    pub(super) zero: i64,
    /// The picture in one sentence, for those who do not see it.
    pub(super) sentence: String,
}

/// What the bars are wide, with the gap to the next one.
const PITCH: u32 = 96;
/// The bars alone; the template says it too.
const BAR: u32 = 62;
/// Above and below the bars, for what is written there.
const HEAD: i64 = 26;
const FOOT: i64 = 46;
/// The bars' own room.
const ROOM: i64 = 190;

impl Waterfall {
    /// The steps of these amounts, each with the role it was given, signed as Amazon does.
    pub(super) fn of(
        amounts: impl IntoIterator<Item = (Option<Role>, Decimal)>,
        currency: Currency,
    ) -> Self {
        let mut steps: BTreeMap<Step, Decimal> = BTreeMap::new();
        for (role, amount) in amounts {
            *steps.entry(Step::of(role)).or_default() += amount;
        }
        steps.retain(|step, amount| !amount.is_zero() || *step == Step::Unknown);
        let deposit: Decimal = steps.values().sum();

        let (mut low, mut high, mut running) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        for amount in steps.values() {
            running += amount;
            low = low.min(running);
            high = high.max(running);
        }
        let scale = Scale { low, span: (high - low).max(Decimal::ONE) };

        let mut bars = Vec::with_capacity(steps.len() + 1);
        let mut before = Decimal::ZERO;
        for (step, amount) in &steps {
            let after = before + amount;
            let kind = match (step, amount.is_sign_negative()) {
                (Step::Unknown, _) => "unknown",
                (_, true) => "down",
                (_, false) => "up",
            };
            let place = bars.len();
            bars.push(scale.bar(step.title(), *amount, (before, after), (kind, place), currency));
            before = after;
        }
        let place = bars.len();
        let whole = (Decimal::ZERO, deposit);
        bars.push(scale.bar("Deposit", deposit, whole, ("sum", place), currency));

        let told = steps.iter().map(|(step, amount)| {
            format!("{} {}", step.title().to_lowercase(), figure(*amount, currency).text)
        });
        let told: Vec<_> = told.collect();
        let deposit = figure(deposit, currency).text;
        Self {
            width: PITCH * u32::try_from(bars.len()).unwrap_or(1) + 8,
            height: HEAD + ROOM + FOOT,
            zero: scale.y(Decimal::ZERO),
            sentence: format!("{}: a deposit of {deposit} {currency}.", told.join(", ")),
            bars,
        }
    }
}

/// From money to the height in the picture.
struct Scale {
    low: Decimal,
    span: Decimal,
}

impl Scale {
    fn y(&self, amount: Decimal) -> i64 {
        let above = (amount - self.low) * Decimal::from(ROOM) / self.span;
        let above = i64::try_from(above.round()).unwrap_or_default();
        HEAD + ROOM - above
    }

    fn bar(
        &self,
        title: &'static str,
        amount: Decimal,
        (before, after): (Decimal, Decimal),
        (kind, place): (&'static str, usize),
        currency: Currency,
    ) -> Bar {
        let (top, bottom) = (self.y(before.max(after)), self.y(before.min(after)));
        let (first_words, last_words) = two_lines(title);
        let x = PITCH * u32::try_from(place).unwrap_or_default() + (PITCH - BAR) / 2;
        Bar {
            title,
            amount: figure(amount, currency),
            running: figure(after, currency).text,
            kind,
            x,
            y: top,
            height: (bottom - top).max(1),
            from: self.y(before),
            level: self.y(after),
            label_y: top - 7,
            name_y: HEAD + ROOM + 18,
            first_words,
            last_words,
            middle: x + BAR / 2,
        }
    }
}

/// A title in two lines, broken where the first is not too long.
fn two_lines(title: &str) -> (String, String) {
    let fits = |(at, _): &(usize, &str)| *at <= 13;
    let space = title.match_indices(' ').rfind(fits);
    match space {
        Some((at, _)) if title.len() > 13 => (title[..at].to_owned(), title[at + 1..].to_owned()),
        _ => (title.to_owned(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        Currency::parse("USD").expect("ISO 4217")
    }

    fn role(name: &str) -> Option<Role> {
        Some(Role::named(name).expect("a role"))
    }

    fn cents(cents: i64) -> Decimal {
        Decimal::new(cents, 2)
    }

    #[test]
    fn the_bars_go_from_sales_to_the_deposit_and_each_begins_where_the_one_before_ends() {
        let picture = Waterfall::of(
            [
                (role("referral_fees"), cents(-1_500)),
                (role("product_sales"), cents(10_000)),
                (role("shipping_income"), cents(500)),
                (role("product_refunds"), cents(-2_000)),
            ],
            usd(),
        );
        let told: Vec<_> =
            picture.bars.iter().map(|bar| (bar.title, bar.amount.text.as_str())).collect();
        assert_eq!(
            told,
            [
                ("Sales", "105.00"),
                ("Refunds", "-20.00"),
                ("Selling fees", "-15.00"),
                ("Deposit", "70.00")
            ]
        );
        let [sales, refunds, fees, deposit] = picture.bars.as_slice() else { panic!("four bars") };
        assert_eq!(refunds.from, sales.level);
        assert_eq!(sales.y, refunds.y, "a falling bar hangs from the level before it");
        assert_eq!(refunds.level, fees.y);
        assert_eq!(fees.level, deposit.y);
        assert_eq!(deposit.y + deposit.height, picture.zero);
        assert!(picture.sentence.ends_with("a deposit of 70.00 USD."), "{}", picture.sentence);
    }

    #[test]
    fn what_nobody_has_mapped_has_a_bar_of_its_own() {
        let picture =
            Waterfall::of([(None, cents(-4_120)), (role("other_sales"), cents(1))], usd());
        let unknown = picture.bars.iter().find(|bar| bar.kind == "unknown").expect("a bar");
        assert_eq!((unknown.title, unknown.amount.text.as_str()), ("Not mapped yet", "-41.20"));
    }

    #[test]
    fn long_names_stand_in_two_lines() {
        let told = |title| {
            let (first, last) = two_lines(title);
            format!("{first}|{last}")
        };
        assert_eq!(told("Sales"), "Sales|");
        assert_eq!(told("FBA and shipping"), "FBA and|shipping");
        assert_eq!(told("Reserves and balances"), "Reserves and|balances");
        assert_eq!(told("Not mapped yet"), "Not mapped|yet");
    }

    #[test]
    fn a_settlement_without_money_is_a_deposit_of_nothing() {
        let picture = Waterfall::of([], usd());
        assert_eq!(picture.bars.len(), 1);
        assert_eq!(picture.bars[0].amount.text, "0.00");
    }

    #[test]
    fn every_role_has_its_step_and_only_the_fees_of_fulfilment_are_left_to_it() {
        let fulfilment: Vec<_> = ledger_mapper::roles()
            .iter()
            .filter(|info| Step::of(Some(info.role)) == Step::Fulfilment)
            .map(|info| info.role.as_str())
            .collect();
        let known = [
            "fba_fulfilment_fees",
            "fba_returns_fees",
            "shipping_chargeback",
            "gift_wrap_chargeback",
            "storage_fees",
            "aged_inventory_fees",
            "awd_fees",
            "removal_fees",
            "liquidation_fees",
            "inbound_freight",
            "inbound_placement_fees",
            "inbound_defect_fees",
            "postage",
        ];
        assert_eq!(fulfilment, known);
    }
}
