//! The id that every version of Orders, and Finances too, knows an order by.

use crate::text::id;

id! {
    /// The id of an order (`orderId`, `AmazonOrderId`), like `171-9876543-2109876`.
    OrderId
}
