use serde_json::{Value, json};

use super::{NewSalesOrder, SalesOrders, ShipTo};
use crate::dataset::{Dataset, Row};
use crate::dialogue::{messages, newest, newest_mut, not_as_sent, question};
use crate::error::{Error, ReadAnswer};

const GET_NEW: &str = "Erp.BO.SalesOrderSvc/GetNewOrderHed";
const CHANGE_CUSTOMER: &str = "Erp.BO.SalesOrderSvc/ChangeOrderHedCustomerCustID";
const CHANGE_SHIP_TO: &str = "Erp.BO.SalesOrderSvc/ChangeShipToID";
const USE_OTS: &str = "Erp.BO.SalesOrderSvc/ChangeHedUseOTS";
const OTS_COUNTRY: &str = "Erp.BO.SalesOrderSvc/ChangeHedOTSCountryNum";
const SET_READY: &str = "Erp.BO.SalesOrderSvc/SetReadyToCalc";
pub(super) const MASTER_UPDATE: &str = "Erp.BO.SalesOrderSvc/MasterUpdate";

/// The table of headers.
pub(super) const HEADERS: &str = "OrderHed";

/// An order that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEntered {
    /// `OrderNum`: given by Epicor.
    pub order_num: i64,
    /// What Epicor had to say that stopped nothing: credit limits, holds, dates.
    pub messages: Vec<String>,
}

/// What a save gave back.
pub(super) struct Saved {
    pub(super) ds: Dataset,
    pub(super) messages: Vec<String>,
}

impl SalesOrders<'_> {
    /// Enters an order: header, lines, charges. Reads it back, and compares.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an order that does not fit, before anything is sent;
    /// [`Error::BusinessRule`] when Epicor asks a question where no person sits;
    /// [`Error::NotAsSent`] when something else was saved; [`Error::OutcomeUnknown`] when a part
    /// may have been saved or not. After any error but the first the header and some lines may
    /// stand.
    pub async fn create_order(&self, order: &NewSalesOrder) -> Result<OrderEntered, Error> {
        order.can_be_sent()?;
        let (ds, order_num, mut messages) = self.save_header(order).await?;
        messages.extend(self.save_rest(order, order_num, ds, 0, 0).await?);
        Ok(OrderEntered { order_num, messages })
    }

    /// Adds what an order lacks behind its first `lines` lines and `charges` charges.
    pub(super) async fn save_rest(
        &self,
        order: &NewSalesOrder,
        order_num: i64,
        ds: Dataset,
        lines: usize,
        charges: usize,
    ) -> Result<Vec<String>, Error> {
        let (mut ds, mut messages) = (ds, Vec::new());
        for line in order.lines.iter().skip(lines) {
            let saved = self.save_line(order.cust_num, order_num, line, &ds).await?;
            messages.extend(saved.messages);
            ds = saved.ds;
        }
        for charge in order.charges.iter().skip(charges) {
            let saved = self.save_charge(order.cust_num, order_num, charge, &ds).await?;
            messages.extend(saved.messages);
            ds = saved.ds;
        }
        let parameters = json!({ "ipOrderNum": order_num, "ds": ds });
        self.client.write(SET_READY, &parameters).await?;
        let entered = self.by_order_num(order_num).await?;
        match entered.as_ref().map(|entered| entered.difference(order)) {
            Some(None) => Ok(messages),
            Some(Some(difference)) => Err(not_as_sent(MASTER_UPDATE, difference)),
            None => Err(not_as_sent(MASTER_UPDATE, "the order is not there")),
        }
    }

    async fn save_header(
        &self,
        order: &NewSalesOrder,
    ) -> Result<(Dataset, i64, Vec<String>), Error> {
        let ds = self.client.step(GET_NEW, &json!({ "ds": {} })).await?;
        let parameters = json!({
            "orderNum": 0, "proposedCustomerCustID": order.cust_id, "ds": ds,
        });
        let answer = self.client.ask(CHANGE_CUSTOMER, &parameters).await?;
        let mut messages = messages(answer.outputs(), &["creditLimitMessage", "agingMessage"]);
        let mut ds = answer.dataset().in_answer_to(CHANGE_CUSTOMER)?;
        if let ShipTo::Number(number) = &order.ship_to {
            newest_mut(&mut ds, HEADERS, CHANGE_CUSTOMER)?.set_text("ShipToNum", number);
            ds = self.client.step(CHANGE_SHIP_TO, &json!({ "ds": ds })).await?;
        }
        write_header(order, newest_mut(&mut ds, HEADERS, CHANGE_CUSTOMER)?);
        if let ShipTo::OneTime(address) = &order.ship_to {
            address.write_to(newest_mut(&mut ds, HEADERS, USE_OTS)?);
            ds = self.client.step(USE_OTS, &json!({ "ds": ds })).await?;
            // The step before may have put the customer's own address there.
            address.write_to(newest_mut(&mut ds, HEADERS, USE_OTS)?);
            ds = self.client.step(OTS_COUNTRY, &json!({ "ds": ds })).await?;
        }
        let saved = self.master_update(HEADERS, order.cust_num, 0, &ds).await?;
        let order_num = newest(&saved.ds, HEADERS, MASTER_UPDATE)
            .and_then(|row| row.integer("OrderNum").in_answer_to(MASTER_UPDATE))
            .map_err(|error| error.outcome_unknown(MASTER_UPDATE))?;
        messages.extend(saved.messages);
        Ok((saved.ds, order_num, messages))
    }

    /// Saves what changed in one table. Epicor says by out parameters when it did not.
    pub(super) async fn master_update(
        &self,
        table: &'static str,
        cust_num: i64,
        order_num: i64,
        ds: &Dataset,
    ) -> Result<Saved, Error> {
        let parameters: Value = json!({
            "lCheckForOrderChangedMsg": true,
            "lcheckForResponse": true,
            "cTableName": table,
            "iCustNum": cust_num,
            "iOrderNum": order_num,
            "lweLicensed": false,
            "ds": ds,
        });
        let answer = self.client.write(MASTER_UPDATE, &parameters).await?;
        let unknown = |error: Error| error.outcome_unknown(MASTER_UPDATE);
        let outputs = answer.outputs();
        let saved = outputs.boolean("lContinue").in_answer_to(MASTER_UPDATE).map_err(unknown)?;
        let said = messages(
            outputs,
            &[
                "cResponseMsg",
                "cResponseMsgOrdRel",
                "cDisplayMsg",
                "cCompliantMsg",
                "cAgingMessage",
                "cShipByDateMessage",
                "cNeedByDateMessage",
            ],
        );
        if !saved {
            return Err(question(MASTER_UPDATE, said.join("; ")));
        }
        let ds = answer.dataset().in_answer_to(MASTER_UPDATE).map_err(unknown)?;
        Ok(Saved { ds, messages: said })
    }
}

fn write_header(order: &NewSalesOrder, row: &mut Row) {
    row.set_text("PONum", &order.po_num);
    row.set_text("OrderComment", &order.comment);
    row.set_date("OrderDate", order.order_date);
    row.set_text("CurrencyCode", &order.currency_code);
    for (column, day) in [("RequestDate", order.request_date), ("NeedByDate", order.need_by_date)] {
        if let Some(day) = day {
            row.set_date(column, day);
        }
    }
    for (column, value) in [
        ("ShipViaCode", &order.ship_via_code),
        ("TermsCode", &order.terms_code),
        ("TaxRegionCode", &order.tax_region_code),
    ] {
        if let Some(value) = value {
            row.set_text(column, value);
        }
    }
    row.set_text("RowMod", "A");
}
