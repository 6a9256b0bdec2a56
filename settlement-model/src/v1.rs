//! Flat File V1 (`GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE`): several amounts per row.
//!
//! Amazon retired this form in March 2026; archives keep it. Its first twelve columns are those of
//! Flat File V2. Then nine pairs of columns take the place of `amount-type`, `amount-description`
//! and `amount`: one says what is paid, the other how much. A row has none of the nine amounts (the
//! quantity of an item stands on a row of its own), one, or two. Each amount is one row of Flat
//! File V2 and is read as such.

use crate::money::Money;

/// A column that holds money.
#[derive(Debug)]
pub(crate) struct AmountColumn {
    pub(crate) name: &'static str,
    /// The column that says what the amount is for.
    kind: Option<&'static str>,
    /// What Flat File V2 calls such amounts in `amount-type`. Where no V2 spelling is known, it is
    /// the name of the V1 column, so that a ledger holds it until a person says what it is.
    amount_type: &'static str,
}

/// The nine columns whose sum is the settlement's total, in Amazon's order.
pub(crate) static AMOUNTS: [AmountColumn; 9] = [
    amount("shipment-fee-amount", Some("shipment-fee-type"), "ShipmentFees"),
    amount("order-fee-amount", Some("order-fee-type"), "OrderFees"),
    amount("price-amount", Some("price-type"), "ItemPrice"),
    amount("item-related-fee-amount", Some("item-related-fee-type"), "ItemFees"),
    amount("misc-fee-amount", None, "misc-fee"),
    amount("other-fee-amount", Some("other-fee-reason-description"), "other-fee"),
    amount("promotion-amount", Some("promotion-type"), "Promotion"),
    amount("direct-payment-amount", Some("direct-payment-type"), "direct-payment"),
    amount("other-amount", None, OTHER_TRANSACTION),
];

const ITEM_RELATED_FEE: usize = 3;
const OTHER_FEE: usize = 5;
const OTHER_AMOUNT: usize = 8;

/// Amazon leaves these three out of the header when the settlement has no promotion.
const PROMOTION: [&str; 3] = ["promotion-id", "promotion-type", "promotion-amount"];

const SERVICE_FEE: &str = "ServiceFee";
const OTHER_TRANSACTION: &str = "other-transaction";
const REIMBURSEMENT: &str = "FBA Inventory Reimbursement";
const MICRO_DEPOSIT: &str = "Micro Deposit";

/// How Flat File V1 names the reasons for which Amazon pays for a seller's lost or damaged goods.
const REIMBURSEMENTS: [&str; 16] = [
    "COMPENSATED_CLAWBACK",
    "CS_ERROR_ITEMS",
    "FREE_REPLACEMENT_REFUND_ITEMS",
    "INCORRECT_FEES_ITEMS",
    "MISSING_FROM_INBOUND",
    "MISSING_FROM_INBOUND_CLAWBACK",
    "MULTICHANNEL_ORDER_DAMAGED",
    "MULTICHANNEL_ORDER_LATE",
    "RE_EVALUATION",
    "REMOVAL_ORDER_DAMAGED",
    "REMOVAL_ORDER_LOST",
    "REVERSAL_REIMBURSEMENT",
    "WAREHOUSE_DAMAGE",
    "WAREHOUSE_DAMAGE_EXCEPTION",
    "WAREHOUSE_LOST",
    "WAREHOUSE_LOST_MANUAL",
];

const fn amount(
    name: &'static str,
    kind: Option<&'static str>,
    amount_type: &'static str,
) -> AmountColumn {
    AmountColumn { name, kind, amount_type }
}

/// Where the nine amounts of a Flat File V1 stand, each with the column that says what it is for.
#[derive(Debug, Clone)]
pub(crate) struct AmountColumns([Option<Place>; AMOUNTS.len()]);

#[derive(Debug, Clone, Copy)]
struct Place {
    amount: usize,
    kind: Option<usize>,
}

impl AmountColumns {
    /// Finds the columns in a header. `None` when it is not one of Flat File V1, `Err` with a
    /// column that it lacks.
    pub(crate) fn find(names: &[String]) -> Option<Result<Self, &'static str>> {
        let position = |name: &str| names.iter().position(|known| known.eq_ignore_ascii_case(name));
        if position("amount").is_some() || !AMOUNTS.iter().any(|one| position(one.name).is_some()) {
            return None;
        }
        let promotions = PROMOTION.iter().any(|name| position(name).is_some());
        let mut places = [None; AMOUNTS.len()];
        for (place, column) in places.iter_mut().zip(&AMOUNTS) {
            if PROMOTION.contains(&column.name) && !promotions {
                continue;
            }
            let Some(amount) = position(column.name) else { return Some(Err(column.name)) };
            let kind = column.kind.map(|name| position(name).ok_or(name)).transpose();
            match kind {
                Ok(kind) => *place = Some(Place { amount, kind }),
                Err(lacking) => return Some(Err(lacking)),
            }
        }
        Some(Ok(Self(places)))
    }

    /// The name and the place of each amount, in the order of [`AMOUNTS`].
    pub(crate) fn amounts(&self) -> impl Iterator<Item = (usize, &'static str, usize)> {
        let places = self.0.iter().zip(&AMOUNTS).enumerate();
        places.filter_map(|(index, (place, column))| {
            Some((index, column.name, place.as_ref()?.amount))
        })
    }

    /// The place of the column that says what an amount is for.
    pub(crate) fn kind(&self, index: usize) -> Option<usize> {
        self.0.get(index)?.as_ref()?.kind
    }

    /// Whether Flat File V1 has a column of this name that Flat File V2 does not have.
    pub(crate) fn has(name: &str) -> bool {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        AMOUNTS.iter().any(|column| is(column.name) || column.kind.is_some_and(is))
            || PROMOTION.into_iter().any(is)
    }
}

/// The `transaction-type` and the `amount-type` of Flat File V2 for an amount that this form, as the
/// XML one, names by its transaction type alone. That name is the `amount-description`.
pub(crate) fn other_transaction(name: &str) -> (&'static str, &'static str) {
    match name {
        MICRO_DEPOSIT => ("Transfers", MICRO_DEPOSIT),
        name if REIMBURSEMENTS.contains(&name) => (OTHER_TRANSACTION, REIMBURSEMENT),
        _ => (OTHER_TRANSACTION, OTHER_TRANSACTION),
    }
}

/// One amount of a row of Flat File V1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// Which of [`AMOUNTS`] it is.
    pub(crate) index: usize,
    pub(crate) amount: Money,
}

/// What Flat File V2 says of such an amount, given the cells of its row in Flat File V1.
impl Part {
    /// Advertising and other services are billed with their tax on one row, in two amounts. Flat
    /// File V2 gives the sum.
    pub(crate) fn joins(self, base: Self, transaction_type: &str, kind: &str) -> bool {
        base.index == ITEM_RELATED_FEE
            && self.index == OTHER_FEE
            && transaction_type == SERVICE_FEE
            && kind == "TaxAmount"
    }

    fn is_service(self, transaction_type: &str) -> bool {
        self.index == ITEM_RELATED_FEE && transaction_type == SERVICE_FEE
    }

    pub(crate) fn transaction_type(self, transaction_type: &str) -> &str {
        match self.index {
            OTHER_AMOUNT => other_transaction(transaction_type).0,
            _ => transaction_type,
        }
    }

    pub(crate) fn amount_type<'r>(self, transaction_type: &'r str, kind: &'r str) -> &'r str {
        match self.index {
            OTHER_AMOUNT => other_transaction(transaction_type).1,
            _ if self.is_service(transaction_type) => kind,
            index => AMOUNTS.get(index).map_or("", |column| column.amount_type),
        }
    }

    pub(crate) fn amount_description<'r>(
        self,
        transaction_type: &'r str,
        kind: &'r str,
    ) -> &'r str {
        match self.index {
            OTHER_AMOUNT => transaction_type,
            _ if self.is_service(transaction_type) => "TransactionTotalAmount",
            _ => kind,
        }
    }
}
