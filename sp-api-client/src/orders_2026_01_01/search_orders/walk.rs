//! Reading a window to its end, though the tokens of its pages live for a day only.

use std::collections::HashSet;
use std::pin::Pin;

use futures_core::Stream;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::{OrdersPage, SearchOrders};
use crate::Error;
use crate::orders_2026_01_01::{Order, OrderId, Orders};

type Pages<'a> = Pin<Box<dyn Stream<Item = Result<OrdersPage, Error>> + Send + 'a>>;

/// A reading under way.
pub(super) struct Walk<'a> {
    orders: Orders<'a>,
    query: SearchOrders,
    pages: Pages<'a>,
    /// What was given already: an order as it was at its last change.
    given: HashSet<(OrderId, Timestamp)>,
    /// Whether anything new came since the window was begun.
    advanced: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(orders: Orders<'a>, query: SearchOrders) -> Self {
        let pages = Box::pin(orders.search_orders_pages(query.clone()));
        Self { orders, query, pages, given: HashSet::new(), advanced: false }
    }

    /// The orders of the next page that were not given yet.
    pub(super) async fn step(mut self) -> Result<Option<(Vec<Order>, Self)>, Error> {
        loop {
            match self.pages.try_next().await {
                Ok(None) => return Ok(None),
                Ok(Some(page)) => {
                    let new = self.take(page);
                    return Ok(Some((new, self)));
                }
                // Without something new since the last time it would go round for ever.
                Err(Error::BadRequest(_)) if self.advanced => self.restart(),
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self, page: OrdersPage) -> Vec<Order> {
        // From now on it is this window, however late the next page is asked for.
        self.query.until = self.query.until.or(page.until);
        let mut new = page.orders;
        new.retain(|order| self.given.insert((order.order_id.clone(), order.last_updated_time)));
        self.advanced |= !new.is_empty();
        new
    }

    fn restart(&mut self) {
        tracing::debug!("the token of the next page was refused; reading the window again");
        self.query.pagination_token = None;
        self.advanced = false;
        self.pages = Box::pin(self.orders.search_orders_pages(self.query.clone()));
    }
}
