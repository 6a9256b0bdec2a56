//! A sales order: entered by the customer's PO number, changed line by line.

use async_trait::async_trait;
use epicor_odata_client::Error;
use epicor_odata_client::once::{Document as _, Found as InEpicor};
use epicor_odata_client::sales_order::{
    LineChange, NewOrderCharge, NewOrderLine, NewSalesOrder, OneTimeShipTo, SalesOrder as Kept,
    SalesOrderDocument, ShipTo,
};
use ledger_mapper::{DraftLine, OrderChange, ShipTo as Address};
use rust_decimal::Decimal;

use super::not_done::NotDone;
use super::{EpicorLedger, Written};
use crate::ledger::sales_order::{Change, SalesOrder};
use crate::ledger::{Draft, Seen};
use crate::pipeline::posting::Found;

/// A new order as Epicor knows it: by the customer and Amazon's order id in the PO number, and by its
/// token at the start of its comment.
pub(super) struct NewOrder<'a> {
    pub(super) ledger: &'a EpicorLedger,
    pub(super) draft: &'a Draft,
    pub(super) order: &'a SalesOrder,
}

impl<'a> NewOrder<'a> {
    fn document(&self, address: Option<Address>) -> Result<SalesOrderDocument<'a>, NotDone> {
        let orders = self.ledger.client.sales_orders();
        Ok(orders.document(self.new_order(address))?)
    }

    fn new_order(&self, address: Option<Address>) -> NewSalesOrder {
        let (draft, fields) = (&self.order.draft, &self.order.fields);
        let ship_to = match (address, fields.one_time_country) {
            (Some(address), Some(country)) => ShipTo::OneTime(one_time(address, country)),
            _ => ShipTo::Customer,
        };
        NewSalesOrder {
            cust_num: fields.cust_num,
            cust_id: draft.customer.clone(),
            po_num: draft.po_number.clone(),
            comment: format!(
                "{} Amazon order {}. ml-connector key {}",
                self.draft.token, draft.po_number, self.draft.key
            ),
            order_date: draft.date,
            request_date: draft.ship_by,
            need_by_date: draft.ship_by,
            currency_code: draft.currency.code().to_owned(),
            ship_via_code: fields.ship_via.clone(),
            terms_code: fields.terms.clone(),
            tax_region_code: fields.tax_region.clone(),
            ship_to,
            lines: draft.lines.iter().map(new_line).collect(),
            charges: draft
                .charges
                .iter()
                .map(|charge| NewOrderCharge {
                    misc_code: charge.code.clone(),
                    description: String::new(),
                    amount: charge.amount.amount(),
                })
                .collect(),
        }
    }

    /// The buyer's address, when the order goes there.
    async fn address(&self) -> Result<Option<Address>, NotDone> {
        if self.order.fields.one_time_country.is_none() {
            return Ok(None);
        }
        let id = &self.order.draft.po_number;
        let Some(book) = &self.ledger.addresses else {
            return Err(NotDone::NotSent("there is nobody to ask for the address".to_owned()));
        };
        match book.address(id).await {
            Ok(Some(address)) => Ok(Some(address)),
            Ok(None) => Err(NotDone::Refused(format!(
                "Amazon gives no address of order {id} any more; the administrator checks the role \
                 Direct-to-Consumer Delivery"
            ))),
            Err(error) => Err(NotDone::NotSent(format!("{error:#}"))),
        }
    }
}

#[async_trait]
impl Written for NewOrder<'_> {
    async fn look_up(&self) -> anyhow::Result<Seen> {
        let (found, number, note) = match self.document(None)?.find().await? {
            InEpicor::Absent => (Found::Absent, None, String::new()),
            InEpicor::Unfinished | InEpicor::Remains => {
                (Found::Partial, None, "it is not whole".to_owned())
            }
            InEpicor::Differs(what) => (Found::Different, None, what),
            InEpicor::Whole(number) => {
                let kept = self.ledger.client.sales_orders().by_order_num(number).await?;
                let wrong = kept.and_then(|kept| wrong_total(&kept, self.order));
                let found = if wrong.is_some() { Found::Different } else { Found::Entered };
                (found, Some(number.to_string()), wrong.unwrap_or_default())
            }
        };
        Ok(Seen { found, number, note })
    }

    async fn write(&self) -> Result<(), NotDone> {
        let address = self.address().await?;
        self.document(address)?.enter().await?;
        Ok(())
    }

    async fn post(&self) -> Result<(), NotDone> {
        Err(NotDone::Refused("a sales order is not posted".to_owned()))
    }

    async fn remove(&self) -> Result<(), NotDone> {
        Ok(self.document(None)?.remove().await?)
    }

    async fn count(&self) -> anyhow::Result<u32> {
        let (cust_num, po_num) = (self.order.fields.cust_num, &self.order.draft.po_number);
        let heads = self.ledger.client.sales_orders().by_po_num(cust_num, po_num).await?;
        Ok(u32::try_from(heads.iter().filter(|head| !head.void).count())?)
    }
}

/// Why an order in Epicor is not what Amazon charges: its total must be equal to the cent, and
/// without a tax of its own.
fn wrong_total(kept: &Kept, order: &SalesOrder) -> Option<String> {
    let (head, wanted) = (&kept.head, order.draft.total);
    (head.amount != wanted.amount()).then(|| {
        format!(
            "order {} is {} in Epicor with {} of tax, and {wanted} at Amazon without tax, which \
             Amazon has charged already; set `orders.tax_region` to one without taxes",
            head.order_num, head.amount, head.tax
        )
    })
}

fn new_line(line: &DraftLine) -> NewOrderLine {
    NewOrderLine {
        part_num: line.part.clone(),
        quantity: Decimal::from(line.quantity),
        unit: line.uom.clone(),
        unit_price: line.unit_price,
        discount: line.discount.amount(),
        description: String::new(),
        tax_category: String::new(),
        release: None,
    }
}

fn one_time(address: Address, country_num: i64) -> OneTimeShipTo {
    let mut lines = address.lines.into_iter();
    let mut next = || lines.next().unwrap_or_default();
    let [first, second] = [next(), next()];
    OneTimeShipTo {
        name: address.name,
        // A fourth line goes with the third rather than nowhere.
        address: [first, second, lines.collect::<Vec<_>>().join(", ")],
        city: address.city,
        state: address.state.unwrap_or_default(),
        zip: address.postal_code.unwrap_or_default(),
        country_num,
        contact: String::new(),
        phone: address.phone.unwrap_or_default(),
    }
}

/// A change of an order that was entered. Each of its steps sets values, so that what was done
/// already does no harm when the change is made again.
pub(super) struct ChangedOrder<'a> {
    pub(super) ledger: &'a EpicorLedger,
    pub(super) order: &'a SalesOrder,
    pub(super) change: &'a Change,
}

impl ChangedOrder<'_> {
    async fn kept(&self) -> Result<Option<Kept>, Error> {
        let orders = self.ledger.client.sales_orders();
        orders.by_order_num(self.change.entered.order_num).await
    }

    /// The number of a line, by the item and the share that it is of.
    fn number(&self, line: &DraftLine) -> Result<i64, NotDone> {
        let number = self.change.entered.line_of(&line.item, line.share);
        number.ok_or_else(|| {
            NotDone::Refused(format!("no line of item {} was entered before", line.item))
        })
    }

    fn is_done(&self, kept: &Kept, change: &OrderChange) -> Result<bool, NotDone> {
        let line = |number: i64| kept.lines.iter().find(|line| line.line == number);
        Ok(match change {
            OrderChange::Cancel => !kept.head.open,
            OrderChange::AddLine { line: new } => {
                // Added lines come after those that were entered.
                let entered = self.change.entered.clone().changed(&self.order.draft);
                let number = entered.line_of(&new.item, new.share);
                number.and_then(line).is_some_and(|line| {
                    line.part_num.eq_ignore_ascii_case(&new.part)
                        && line.quantity == Decimal::from(new.quantity)
                })
            }
            OrderChange::ChangeLine { line: now, .. } => {
                line(self.number(now)?).is_some_and(|line| {
                    line.quantity == Decimal::from(now.quantity)
                        && line.unit_price == now.unit_price
                        && line.discount == now.discount.amount()
                })
            }
            OrderChange::CancelLine { line: old } => {
                line(self.number(old)?).is_none_or(|line| !line.open && line.unit_price.is_zero())
            }
            OrderChange::Charge { code, amount, .. } => {
                let mut charges = kept.charges.iter().filter(|charge| charge.misc_code == *code);
                let sum: Decimal = charges.by_ref().map(|charge| charge.amount).sum();
                sum == amount.amount()
            }
            other => return Err(NotDone::Refused(format!("this version cannot do: {other}"))),
        })
    }

    async fn make(&self, change: &OrderChange) -> Result<(), NotDone> {
        let orders = self.ledger.client.sales_orders();
        let order_num = self.change.entered.order_num;
        match change {
            OrderChange::Cancel => self.cancel().await?,
            OrderChange::AddLine { line } => orders.add_line(order_num, &new_line(line)).await?,
            OrderChange::ChangeLine { line, .. } => {
                let change = LineChange {
                    quantity: Some(Decimal::from(line.quantity)),
                    unit_price: Some(line.unit_price),
                    discount: Some(line.discount.amount()),
                    ..LineChange::default()
                };
                orders.change_line(order_num, self.number(line)?, change).await?;
            }
            OrderChange::CancelLine { line } => {
                // A closed line still counts in the order's total, so it is for nothing first.
                let nothing = LineChange {
                    unit_price: Some(Decimal::ZERO),
                    discount: Some(Decimal::ZERO),
                    ..LineChange::default()
                };
                let number = self.number(line)?;
                orders.change_line(order_num, number, nothing).await?;
                orders.close_line(order_num, number).await?;
            }
            OrderChange::Charge { code, amount, .. } => {
                let charge = NewOrderCharge {
                    misc_code: code.clone(),
                    description: String::new(),
                    amount: amount.amount(),
                };
                orders.set_charge(order_num, &charge).await?;
            }
            other => return Err(NotDone::Refused(format!("this version cannot do: {other}"))),
        }
        Ok(())
    }

    async fn cancel(&self) -> Result<(), NotDone> {
        let orders = self.ledger.client.sales_orders();
        let order_num = self.change.entered.order_num;
        if self.change.delete {
            match orders.delete_order(order_num).await.map_err(NotDone::from) {
                // Something of it was shipped.
                Err(NotDone::Refused(_)) => {}
                other => return other,
            }
        }
        Ok(orders.close_order(order_num).await?)
    }
}

#[async_trait]
impl Written for ChangedOrder<'_> {
    async fn look_up(&self) -> anyhow::Result<Seen> {
        let number = Some(self.change.entered.order_num.to_string());
        let cancels = self.change.changes.contains(&OrderChange::Cancel);
        let Some(kept) = self.kept().await? else {
            let (found, note) = if cancels {
                (Found::Entered, "it is deleted".to_owned())
            } else {
                (Found::Different, "the order is not in Epicor any more".to_owned())
            };
            return Ok(Seen { found, number, note });
        };
        if !kept.head.comment.starts_with(&self.change.entered.token) {
            let note = format!("order {} is not ours any more", kept.head.order_num);
            return Ok(Seen { found: Found::Different, number, note });
        }
        for change in &self.change.changes {
            if !self.is_done(&kept, change)? {
                return Ok(Seen { found: Found::Absent, number, note: String::new() });
            }
        }
        let wrong = if cancels { None } else { wrong_total(&kept, self.order) };
        let found = if wrong.is_some() { Found::Different } else { Found::Entered };
        Ok(Seen { found, number, note: wrong.unwrap_or_default() })
    }

    async fn write(&self) -> Result<(), NotDone> {
        for change in &self.change.changes {
            // Each step is looked at on its own: the one before changed the order.
            let Some(kept) = self.kept().await? else {
                return Err(NotDone::Refused("the order is not in Epicor any more".to_owned()));
            };
            if !self.is_done(&kept, change)? {
                self.make(change).await?;
            }
        }
        Ok(())
    }

    async fn post(&self) -> Result<(), NotDone> {
        Err(NotDone::Refused("a sales order is not posted".to_owned()))
    }

    /// Half a change is finished, never withdrawn.
    async fn remove(&self) -> Result<(), NotDone> {
        Ok(())
    }

    /// A change is no document of its own: its order is counted under its own key.
    async fn count(&self) -> anyhow::Result<u32> {
        Ok(1)
    }
}
