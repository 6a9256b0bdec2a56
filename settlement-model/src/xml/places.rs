//! Where amounts stand in an XML settlement, and what Flat File V2 calls them there.
//!
//! Where no spelling of Flat File V2 is known, the words of this form are kept, so that a ledger
//! holds the amount until a person says what it is.

/// The places of amounts that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A part of an order, a refund or the like; its `Type` is the `amount-description`.
    Part { transaction_type: &'static str, amount_type: &'static str },
    /// A tax that is charged to the buyer again, named by its element.
    Tax { transaction_type: &'static str, description: &'static str },
    /// `OtherTransaction/Amount`
    Other,
    /// An amount within an `OtherTransaction`: what its `Amount` consists of, or, where it has
    /// none, what is counted.
    OtherPart(OtherPart),
    /// `AdvertisingTransactionDetails/TransactionAmount`: what is charged.
    Advertising,
    /// `BaseAmount` and `TaxAmount` beside it, of which it is the sum. They are not counted.
    AdvertisingPart,
    /// The fee of a `SellerCouponPayment` or a `SellerDealPayment`.
    SellerPayment,
    /// `TaxWithholding/TransactionAmount`
    TaxWithholding,
    /// `OtherFee/Amount`: a fee outside of any item.
    OtherFee,
    /// `MiscEvent/Amount`
    MiscEvent,
}

/// The kinds of amounts within an `OtherTransaction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherPart {
    /// `OtherTransactionItem/Amount`: the share of one SKU.
    Item,
    /// `Fees/Fee/Amount`
    Fee,
    /// `Charge/Amount`
    Charge,
}

impl Place {
    /// `path` goes from the transaction to the amount, both included.
    pub(super) fn of(path: &[String]) -> Option<Self> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        Some(match path.as_slice() {
            ["OtherTransaction", within @ ..] => Self::in_other_transaction(within)?,
            ["AdvertisingTransactionDetails", "TransactionAmount"] => Self::Advertising,
            ["AdvertisingTransactionDetails", "BaseAmount" | "TaxAmount"] => Self::AdvertisingPart,
            ["SellerCouponPayment", "CouponFee", "Amount"]
            | ["SellerDealPayment", "DealFee", "Amount"] => Self::SellerPayment,
            ["TaxWithholding", "TransactionAmount"] => Self::TaxWithholding,
            ["OtherFee", "Amount"] => Self::OtherFee,
            ["MiscEvent", "Amount"] => Self::MiscEvent,
            [transaction @ ("Retrocharge" | "RetrochargeReversal"), within @ ..] => {
                Self::in_retrocharge(transaction, within)?
            }
            ["Liquidations", "Item", "Component", "Amount"] => {
                Self::Part { transaction_type: "Liquidations", amount_type: "ItemPrice" }
            }
            [transaction, .., list, one, "Amount"] => Self::Part {
                transaction_type: order_type(transaction)?,
                amount_type: amount_type(list, one)?,
            },
            _ => return None,
        })
    }

    fn in_other_transaction(within: &[&str]) -> Option<Self> {
        Some(match within {
            ["Amount"] => Self::Other,
            ["OtherTransactionItem", "Amount"] => Self::OtherPart(OtherPart::Item),
            ["Fees", "Fee", "Amount"] | ["Fee", "Amount"] => Self::OtherPart(OtherPart::Fee),
            ["Charge", "Amount"] => Self::OtherPart(OtherPart::Charge),
            _ => return None,
        })
    }

    /// A reversal has the opposite signs; Flat File V2 calls the two by the order and its refund.
    fn in_retrocharge(transaction: &str, within: &[&str]) -> Option<Self> {
        let transaction_type = match transaction {
            "Retrocharge" => "Order_Retrocharge",
            _ => "Refund_Retrocharge",
        };
        Some(match within {
            ["BaseTax"] | ["BaseTax", "Amount"] => {
                Self::Tax { transaction_type, description: "Tax" }
            }
            ["ShippingTax"] | ["ShippingTax", "Amount"] => {
                Self::Tax { transaction_type, description: "ShippingTax" }
            }
            ["Charge", "Amount"] => Self::Part { transaction_type, amount_type: "ItemPrice" },
            _ => return None,
        })
    }
}

/// The `transaction-type` of Flat File V2 for an element that is built as an order is.
fn order_type(element: &str) -> Option<&'static str> {
    Some(match element {
        "Order" => "Order",
        "Refund" => "Refund",
        "Chargeback" => "Chargeback Refund",
        "GuaranteeClaim" => "A-to-z Guarantee Refund",
        // The name of refunds in the first edition of the form.
        "Adjustment" => "Adjustment",
        _ => return None,
    })
}

/// The `amount-type` of Flat File V2 for a list of amounts and one of its entries.
fn amount_type(list: &str, one: &str) -> Option<&'static str> {
    Some(match (list, one) {
        ("ItemPrice" | "ItemPriceAdjustments", "Component") => "ItemPrice",
        ("ItemFees" | "ItemFeeAdjustments", "Fee") => "ItemFees",
        ("ShipmentFees" | "ShipmentFeeAdjustments", "Fee") => "ShipmentFees",
        ("OrderFee" | "OrderFees" | "OrderFeeAdjustment" | "OrderFeeAdjustments", "Fee") => {
            "OrderFees"
        }
        ("DirectPayment", "Component") => "direct-payment",
        (_, "Promotion" | "PromotionAdjustment") => "Promotion",
        _ => return None,
    })
}

/// What Flat File V2 lists apart from the price of an item, and this form among its components.
pub(super) fn amount_type_of_component<'a>(amount_type: &'a str, kind: &str) -> &'a str {
    const WITHHELD: [&str; 2] = ["MarketplaceFacilitator", "LowValueGoodsTax"];
    let is = |prefix: &str| kind.starts_with(prefix);
    match amount_type {
        "ItemPrice" if WITHHELD.into_iter().any(is) => "ItemWithheldTax",
        "ItemPrice" if is("TCS-") => "ItemTCS",
        "ItemPrice" if is("TDS") => "ItemTDS",
        "ItemPrice" if kind == "LiquidationsBrokerageFee" => "ItemFees",
        other => other,
    }
}
