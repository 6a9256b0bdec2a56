//! The amounts of one transaction of an XML settlement report, and what Flat File V2 calls them.

use rust_decimal::Decimal;

use crate::defect::{Defect, Reason, quoted};
use crate::v1;

/// What the elements around an amount say of it. What a nearer one says goes first.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// `Type` of a component or fee.
    kind: String,
    /// `TransactionType` of a transaction that is no order.
    transaction_type: String,
    marketplace: String,
    fulfillment: String,
    sku: String,
    posted: String,
}

impl Facts {
    /// Notes what an element says, if it is one that says something of the amounts beside it.
    pub(super) fn note(&mut self, element: &str, text: &str) {
        let fact = match element {
            "Type" => &mut self.kind,
            "TransactionType" => &mut self.transaction_type,
            "MarketplaceName" => &mut self.marketplace,
            "MerchantFulfillmentID" => &mut self.fulfillment,
            "SKU" => &mut self.sku,
            "PostedDate" => &mut self.posted,
            _ => return,
        };
        text.clone_into(fact);
    }

    fn inherit(&mut self, outer: &Self) {
        let facts = [
            (&mut self.kind, &outer.kind),
            (&mut self.transaction_type, &outer.transaction_type),
            (&mut self.marketplace, &outer.marketplace),
            (&mut self.fulfillment, &outer.fulfillment),
            (&mut self.sku, &outer.sku),
            (&mut self.posted, &outer.posted),
        ];
        for (own, outer) in facts {
            if own.is_empty() {
                own.clone_from(outer);
            }
        }
    }
}

/// An amount and where it stood.
#[derive(Debug)]
pub(super) struct Amount {
    place: Place,
    text: String,
    currency: String,
    facts: Facts,
    line: u64,
}

/// The places of amounts that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A part of an order or a refund; the `amount-type` of Flat File V2.
    Part(&'static str),
    /// `OtherTransaction/Amount`
    Other,
    /// `AdvertisingTransactionDetails/TransactionAmount`: what is charged.
    Advertising,
    /// `BaseAmount` and `TaxAmount` beside it, of which it is the sum. They are not counted.
    AdvertisingPart,
}

impl Place {
    /// `path` goes from the transaction to the amount, both included.
    fn of(path: &[String]) -> Option<Self> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["OtherTransaction", "Amount"] => Some(Self::Other),
            ["AdvertisingTransactionDetails", "TransactionAmount"] => Some(Self::Advertising),
            ["AdvertisingTransactionDetails", "BaseAmount" | "TaxAmount"] => {
                Some(Self::AdvertisingPart)
            }
            [transaction, .., list, one, "Amount"] if order_type(transaction).is_some() => {
                let amount_type = match (*list, *one) {
                    ("ItemPrice" | "ItemPriceAdjustments", "Component") => "ItemPrice",
                    ("ItemFees" | "ItemFeeAdjustments", "Fee") => "ItemFees",
                    ("ShipmentFees" | "ShipmentFeeAdjustments", "Fee") => "ShipmentFees",
                    ("OrderFees" | "OrderFeeAdjustments", "Fee") => "OrderFees",
                    (_, "Promotion" | "PromotionAdjustment") => "Promotion",
                    _ => return None,
                };
                Some(Self::Part(amount_type))
            }
            _ => None,
        }
    }
}

/// The `transaction-type` of Flat File V2 for an element that is built as an order is.
fn order_type(element: &str) -> Option<&'static str> {
    Some(match element {
        "Order" => "Order",
        "Refund" => "Refund",
        "Chargeback" => "Chargeback Refund",
        "GuaranteeClaim" => "A-to-z Guarantee Refund",
        _ => return None,
    })
}

/// The amounts of the transaction at hand.
#[derive(Debug, Default)]
pub(super) struct Amounts(Vec<Amount>);

impl Amounts {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Notes the text of an element, if it is an amount: if it stands where amounts do, or says
    /// what currency it is in.
    pub(super) fn note(
        &mut self,
        path: &[String],
        text: &str,
        currency: Option<&str>,
        line: u64,
    ) -> Result<(), Defect> {
        let Some(place) = Place::of(path) else {
            return match currency {
                Some(_) => Err(unknown_place(path, text, line)),
                None => Ok(()),
            };
        };
        self.0.push(Amount {
            place,
            text: text.to_owned(),
            currency: currency.unwrap_or_default().to_owned(),
            facts: Facts::default(),
            line,
        });
        Ok(())
    }

    /// Tells the amounts from the given one on what the element says that holds them.
    pub(super) fn within(&mut self, first: usize, facts: &Facts) {
        for amount in self.0.iter_mut().skip(first) {
            amount.facts.inherit(facts);
        }
    }

    /// Ends the transaction: each amount as a row of Flat File V2, in the order of
    /// [`COLUMNS`](super::COLUMNS), with its line.
    pub(super) fn take_rows(
        &mut self,
        transaction: &str,
        settlement_id: &str,
    ) -> Result<Vec<(String, u64)>, Defect> {
        let amounts = std::mem::take(&mut self.0);
        check_advertising(&amounts)?;
        // The fees of a shipment stand in front of the element that says when it was posted.
        let posted =
            amounts.iter().map(|amount| &amount.facts.posted).find(|text| !text.is_empty());
        let counted = amounts.iter().filter(|amount| amount.place != Place::AdvertisingPart);
        Ok(counted
            .map(|amount| {
                let facts = &amount.facts;
                let [transaction_type, amount_type, description] = amount.triple(transaction);
                let posted = if facts.posted.is_empty() { posted } else { Some(&facts.posted) };
                let cells = [
                    settlement_id,
                    "",
                    "",
                    "",
                    "",
                    &amount.currency,
                    transaction_type,
                    &facts.marketplace,
                    amount_type,
                    description,
                    &amount.text,
                    &facts.fulfillment,
                    posted.map_or("", String::as_str),
                    &facts.sku,
                ];
                (cells.join("\t"), amount.line)
            })
            .collect())
    }
}

impl Amount {
    fn triple<'a>(&'a self, transaction: &'a str) -> [&'a str; 3] {
        let name = self.facts.transaction_type.as_str();
        match self.place {
            Place::Part(amount_type) => {
                [order_type(transaction).unwrap_or(transaction), amount_type, &self.facts.kind]
            }
            Place::Other => {
                let (transaction_type, amount_type) = v1::other_transaction(name);
                [transaction_type, amount_type, name]
            }
            Place::Advertising | Place::AdvertisingPart => {
                let refund = name.eq_ignore_ascii_case("Refund");
                let what = if refund { "Refund for Advertiser" } else { "Cost of Advertising" };
                ["ServiceFee", what, "TransactionTotalAmount"]
            }
        }
    }
}

/// The amount of an advertising bill is the sum of its base and its tax, where these are given.
fn check_advertising(amounts: &[Amount]) -> Result<(), Defect> {
    let of = |place| amounts.iter().filter(move |amount| amount.place == place);
    let Some(part) = of(Place::AdvertisingPart).next() else { return Ok(()) };
    let sum = |place| {
        of(place).try_fold(Decimal::ZERO, |sum, amount| {
            sum.checked_add(Decimal::from_str_exact(amount.text.trim()).ok()?)
        })
    };
    let total = sum(Place::Advertising);
    if total.is_some() && total == sum(Place::AdvertisingPart) {
        return Ok(());
    }
    Err(Defect {
        reason: Reason::BadNumber,
        line: Some(part.line),
        column: Some("TransactionAmount".to_owned()),
        message: "The amount of an advertising bill is not the sum of its base and its tax. \
                  Download the report again and do not save it with another program."
            .to_owned(),
    })
}

fn unknown_place(path: &[String], text: &str, line: u64) -> Defect {
    Defect {
        reason: Reason::UnknownAmount,
        line: Some(line),
        column: path.last().cloned(),
        message: format!(
            "The amount {} stands in {}, where no amount is known, so it is not clear what it is \
             for. Enter this settlement by hand and report the element to the maker of this \
             software.",
            quoted(text),
            quoted(&path.join("/"))
        ),
    }
}
