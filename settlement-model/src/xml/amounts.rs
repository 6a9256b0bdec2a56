//! The amounts of one transaction of an XML settlement report, and what Flat File V2 calls them.

use rust_decimal::Decimal;

use super::places::{OtherPart, Place, amount_type_of_component};
use crate::defect::{Defect, Reason, quoted};
use crate::v1;

/// What the elements around an amount say of it. What a nearer one says goes first.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// `Type` of a component or fee.
    kind: String,
    /// `TransactionType` of a transaction that is no order.
    transaction_type: String,
    /// `PaymentReason` or `ReasonDescription`: free text.
    reason: String,
    marketplace: String,
    fulfillment: String,
    order: String,
    sku: String,
    posted: String,
}

impl Facts {
    /// Notes what an element says, if it is one that says something of the amounts beside it.
    pub(super) fn note(&mut self, element: &str, text: &str) {
        let fact = match element {
            "Type" => &mut self.kind,
            "TransactionType" => &mut self.transaction_type,
            "PaymentReason" | "ReasonDescription" => &mut self.reason,
            "MarketplaceName" => &mut self.marketplace,
            "MerchantFulfillmentID" => &mut self.fulfillment,
            "AmazonOrderID" => &mut self.order,
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
            (&mut self.reason, &outer.reason),
            (&mut self.marketplace, &outer.marketplace),
            (&mut self.fulfillment, &outer.fulfillment),
            (&mut self.order, &outer.order),
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

/// The amounts of the transaction at hand.
#[derive(Debug, Default)]
pub(super) struct Amounts(Vec<Amount>);

impl Amounts {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Notes the text of an element, if it is an amount: if it stands where amounts do, is called
    /// one, or says what currency it is in.
    pub(super) fn note(
        &mut self,
        path: &[String],
        text: &str,
        currency: Option<&str>,
        line: u64,
    ) -> Result<(), Defect> {
        let Some(place) = Place::of(path) else {
            let named = path.last().is_some_and(|element| element.ends_with("Amount"));
            if currency.is_some() || (named && !text.is_empty()) {
                return Err(unknown_place(path, text, line));
            }
            return Ok(());
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
    pub(super) fn take_rows(&mut self, settlement_id: &str) -> Result<Vec<(String, u64)>, Defect> {
        let amounts = std::mem::take(&mut self.0);
        check_advertising(&amounts)?;
        let parts_count = check_other_transaction(&amounts)?;
        // The fees of a shipment stand in front of the element that says when it was posted.
        let posted =
            amounts.iter().map(|amount| &amount.facts.posted).find(|text| !text.is_empty());
        let counted = amounts.iter().filter(|amount| match amount.place {
            Place::AdvertisingPart => false,
            Place::OtherPart(_) => parts_count,
            _ => true,
        });
        Ok(counted
            .map(|amount| {
                let facts = &amount.facts;
                let [transaction_type, amount_type, description] = amount.triple();
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
                    &facts.order,
                    &facts.sku,
                ];
                (cells.join("\t"), amount.line)
            })
            .collect())
    }
}

impl Amount {
    /// What Flat File V2 calls the amount.
    fn triple(&self) -> [&str; 3] {
        let Facts { kind, transaction_type: name, reason, .. } = &self.facts;
        match self.place {
            Place::Part { transaction_type, amount_type } => {
                [transaction_type, amount_type_of_component(amount_type, kind), kind]
            }
            Place::Tax { transaction_type, description } => {
                [transaction_type, "ItemPrice", description]
            }
            Place::Other | Place::OtherPart(OtherPart::Item) => {
                let (transaction_type, amount_type) = v1::other_transaction(name);
                [transaction_type, amount_type, name]
            }
            Place::OtherPart(OtherPart::Fee) => [name, "Fees", kind],
            Place::OtherPart(OtherPart::Charge) => [name, "Charge", kind],
            Place::Advertising | Place::AdvertisingPart => {
                let refund = name.eq_ignore_ascii_case("Refund");
                let what = if refund { "Refund for Advertiser" } else { "Cost of Advertising" };
                ["ServiceFee", what, "TransactionTotalAmount"]
            }
            Place::SellerPayment => [name, kind, reason],
            Place::TaxWithholding => ["TaxWithholding", "TaxWithholding", name],
            Place::OtherFee => ["OtherFee", "other-fee", reason],
            Place::MiscEvent => ["MiscEvent", "misc-fee", "misc-fee"],
        }
    }
}

/// The sum of some amounts; `None` when one is no number, which is found out when it is read.
fn sum<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Option<Decimal> {
    let mut amounts = amounts.map(|amount| Decimal::from_str_exact(amount.text.trim()).ok());
    amounts.try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(amount?))
}

/// The amount of an advertising bill is the sum of its base and its tax, where these are given.
fn check_advertising(amounts: &[Amount]) -> Result<(), Defect> {
    let of = |place| amounts.iter().filter(move |amount| amount.place == place);
    let Some(part) = of(Place::AdvertisingPart).next() else { return Ok(()) };
    let total = sum(of(Place::Advertising));
    if total.is_some() && total == sum(of(Place::AdvertisingPart)) {
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

/// Whether the amounts within an `OtherTransaction` are counted. They are when it states no amount
/// of its own and there is one kind of them; where it states one, they are what that consists of.
/// Anything else can be read in two ways.
fn check_other_transaction(amounts: &[Amount]) -> Result<bool, Defect> {
    let of = |place| amounts.iter().filter(move |amount| amount.place == place);
    let kinds = [OtherPart::Item, OtherPart::Fee, OtherPart::Charge].map(Place::OtherPart);
    let mut present = kinds.into_iter().filter(|kind| of(*kind).next().is_some()).peekable();
    let Some(first) = present.peek().and_then(|kind| of(*kind).next()) else { return Ok(false) };
    let whole = of(Place::Other).next().is_some();
    let clear = if whole {
        let stated = sum(of(Place::Other));
        stated.is_some() && present.all(|kind| sum(of(kind)) == stated)
    } else {
        present.count() == 1
    };
    if clear {
        return Ok(!whole);
    }
    Err(Defect {
        reason: Reason::UnknownAmount,
        line: Some(first.line),
        column: Some("OtherTransaction".to_owned()),
        message: "An OtherTransaction holds amounts that do not add up to its own, so it is not \
                  clear which of them count. Enter this settlement by hand and report the document \
                  to the maker of this software."
            .to_owned(),
    })
}

pub(super) fn unknown_place(path: &[String], text: &str, line: u64) -> Defect {
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
