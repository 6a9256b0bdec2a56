//! Why an order is not entered.

use settlement_model::{Currency, Money, MoneyError};
use thiserror::Error;

use super::ChargeKind;

/// One reason why an order waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OrderHold {
    /// No customer is named for the marketplace.
    #[error(
        "Order {order} is from {marketplace}, which has no customer. Finance names one for the \
         marketplace; then the order is entered."
    )]
    NoCustomer {
        /// Amazon's order id.
        order: String,
        /// The marketplace.
        marketplace: String,
    },
    /// No part is known for a SKU.
    #[error(
        "Order {order} has the SKU {sku}, which has no part. Somebody who knows the articles names \
         the part; then the order is entered."
    )]
    NoPart {
        /// Amazon's order id.
        order: String,
        /// The SKU.
        sku: String,
    },
    /// A SKU is said to be none of its part.
    #[error(
        "The SKU {sku} is 0 units of its part. Somebody who knows the articles corrects the multiple."
    )]
    NoMultiple {
        /// The SKU.
        sku: String,
    },
    /// A charge has no code.
    #[error(
        "Order {order} has {amount} for {kind}, which has no charge code. Finance names the \
         code; then the order is entered."
    )]
    NoChargeCode {
        /// Amazon's order id.
        order: String,
        /// What is charged.
        kind: ChargeKind,
        /// How much.
        amount: Money,
    },
    /// The seller ships, and Amazon gives no address.
    #[error(
        "Order {order} is for the seller to ship, but Amazon gives no address. The administrator \
         checks that the application has the role Direct-to-Consumer Delivery; then the order is \
         read again."
    )]
    NoAddress {
        /// Amazon's order id.
        order: String,
    },
    /// The items do not add up to the order's total.
    #[error(
        "The items of order {order} add up to {sum} with tax, but Amazon states {total}. Finance \
         compares the order in Seller Central; it is not entered until the two agree."
    )]
    DoesNotTie {
        /// Amazon's order id.
        order: String,
        /// What Amazon states.
        total: Money,
        /// What the items add up to.
        sum: Money,
    },
    /// An amount is in another currency than the order.
    #[error("Order {order} is in {expected}, but one of its amounts is not. It is not entered.")]
    OtherCurrency {
        /// Amazon's order id.
        order: String,
        /// The order's currency.
        expected: Currency,
    },
    /// The amounts cannot be added or divided, for example because they are too large.
    #[error(
        "The amounts of order {order} cannot be computed: {error}. Compare the order in Seller Central."
    )]
    Arithmetic {
        /// Amazon's order id.
        order: String,
        /// What is wrong with them.
        error: MoneyError,
    },
}
