use rust_decimal::Decimal;
use serde_json::json;

use super::create::{MASTER_UPDATE, Saved};
use super::{NewOrderCharge, NewOrderLine, ReleaseFrom, SalesOrders};
use crate::dataset::{Dataset, Row, decimal_value};
use crate::dialogue::{newest, newest_mut, question};
use crate::error::{Error, ReadAnswer};
use crate::odata::Guid;

const GET_NEW_LINE: &str = "Erp.BO.SalesOrderSvc/GetNewOrderDtl";
const CHANGE_PART: &str = "Erp.BO.SalesOrderSvc/ChangePartNumMaster";
const CHANGE_QUANTITY: &str = "Erp.BO.SalesOrderSvc/ChangeSellingQtyMaster";
const CHANGE_PRICE: &str = "Erp.BO.SalesOrderSvc/ChangeUnitPrice";
const GET_NEW_CHARGE: &str = "Erp.BO.SalesOrderSvc/GetNewOHOrderMsc";
const CHANGE_CHARGE: &str = "Erp.BO.SalesOrderSvc/ChangeMiscCode";

/// What Epicor says of a parameter that a call leaves out.
const NO_PARAMETER: &str = "is not found in the input object";

/// The tables of lines, releases, and charges on the whole order.
pub(super) const LINES: &str = "OrderDtl";
pub(super) const RELEASES: &str = "OrderRel";
pub(super) const CHARGES: &str = "OHOrderMsc";

impl SalesOrders<'_> {
    /// Whether this Epicor's order entry takes the parameters that are sent: newer versions ask for
    /// more. One step is tried on an order without lines; nothing is saved.
    ///
    /// # Errors
    /// [`Error::BusinessRule`] that names the parameter which is asked for; any other that says
    /// that the step may not be called.
    pub async fn try_parameters(&self) -> Result<(), Error> {
        let no_line = NewOrderLine {
            part_num: String::new(),
            quantity: Decimal::ONE,
            unit: String::new(),
            unit_price: Decimal::ZERO,
            discount: Decimal::ZERO,
            description: String::new(),
            tax_category: String::new(),
            release: None,
        };
        match self.change_part(&no_line, &Dataset::new()).await {
            // It got as far as looking for the line.
            Err(Error::BusinessRule { message, .. }) if !message.contains(NO_PARAMETER) => Ok(()),
            Err(error) if error.is_missing_record() => Ok(()),
            Err(Error::InvalidResponse { from_epicor: true, .. }) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn save_line(
        &self,
        cust_num: i64,
        order_num: i64,
        line: &NewOrderLine,
        ds: &Dataset,
    ) -> Result<Saved, Error> {
        let parameters = json!({ "orderNum": order_num, "ds": ds });
        let ds = self.client.step(GET_NEW_LINE, &parameters).await?;
        let mut ds = self.change_part(line, &ds).await?;
        let row = newest_mut(&mut ds, LINES, CHANGE_PART)?;
        for (column, text) in [
            ("SalesUM", &line.unit),
            ("LineDesc", &line.description),
            ("TaxCatID", &line.tax_category),
        ] {
            if !text.is_empty() {
                row.set_text(column, text);
            }
        }
        ds = self.change_quantity(line.quantity, &line.part_num, &ds).await?;
        let row = newest_mut(&mut ds, LINES, CHANGE_QUANTITY)?;
        row.set_decimal("DocUnitPrice", line.unit_price);
        // Without these a later recalculation puts list prices back.
        row.set("LockPrice", json!(true));
        row.set("OverridePriceList", json!(true));
        ds = self.change_price(&ds).await?;
        let row = newest_mut(&mut ds, LINES, CHANGE_PRICE)?;
        if !line.discount.is_zero() {
            row.set_decimal("DocDiscount", line.discount);
        }
        row.set_text("RowMod", "A");
        let mut saved = self.master_update(LINES, cust_num, order_num, &ds).await?;
        if let Some(from) = &line.release {
            let messages = saved.messages;
            let line = newest(&saved.ds, LINES, MASTER_UPDATE)?.integer("OrderLine");
            let line = line.in_answer_to(MASTER_UPDATE)?;
            saved = self.change_release(cust_num, (order_num, line), from, saved.ds).await?;
            saved.messages.extend(messages);
        }
        Ok(saved)
    }

    async fn change_part(&self, line: &NewOrderLine, ds: &Dataset) -> Result<Dataset, Error> {
        let parameters = json!({
            "partNum": line.part_num,
            "lSubstitutePartExist": false,
            "lIsPhantom": false,
            "uomCode": line.unit,
            "SysRowID": Guid::NIL,
            "rowType": "",
            "salesKitView": false,
            "removeKitComponents": false,
            "suppressUserPrompts": true,
            "getPartXRefInfo": true,
            "checkPartRevisionChange": true,
            "checkChangeKitParent": true,
            "ds": ds,
        });
        let answer = self.client.ask(CHANGE_PART, &parameters).await?;
        let outputs = answer.outputs();
        let mut questions = Vec::new();
        for name in ["questionString", "cMsgType", "cSubPartMessage", "explodeBOMerrMessage"] {
            let text = outputs.text(name).in_answer_to(CHANGE_PART)?;
            questions.extend(Some(text.to_owned()).filter(|text| !text.is_empty()));
        }
        if outputs.boolean("multipleMatch").in_answer_to(CHANGE_PART)? {
            questions.push(format!("{} leads to several parts", line.part_num));
        }
        if !questions.is_empty() {
            return Err(question(CHANGE_PART, questions.join("; ")));
        }
        answer.dataset().in_answer_to(CHANGE_PART)
    }

    pub(super) async fn change_quantity(
        &self,
        quantity: Decimal,
        part_num: &str,
        ds: &Dataset,
    ) -> Result<Dataset, Error> {
        let parameters = json!({
            "ds": ds,
            "ipSellingQuantity": decimal_value(quantity),
            "chkSellQty": false,
            "negInvTest": false,
            "chgSellQty": true,
            "chgDiscPer": false,
            "suppressUserPrompts": true,
            "lKeepUnitPrice": true,
            "pcPartNum": part_num,
            "pcWhseCode": "",
            "pcBinNum": "",
            "pcLotNum": "",
            "pcAttributeSetID": 0,
            "pcDimCode": "",
            "pdDimConvFactor": 1,
        });
        self.client.step(CHANGE_QUANTITY, &parameters).await
    }

    pub(super) async fn change_price(&self, ds: &Dataset) -> Result<Dataset, Error> {
        self.client.step(CHANGE_PRICE, &json!({ "ds": ds })).await
    }

    /// The line's release was made with it; where it is shipped from can be changed.
    pub(super) async fn change_release(
        &self,
        cust_num: i64,
        (order_num, line): (i64, i64),
        from: &ReleaseFrom,
        ds: Dataset,
    ) -> Result<Saved, Error> {
        let mut ds = ds;
        let of_line = |row: &&mut Row| row.integer("OrderLine") == Ok(line);
        let row = ds.rows_mut(RELEASES).iter_mut().find(of_line).ok_or_else(|| {
            Error::invalid_response(MASTER_UPDATE, format!("line {line} has no row of {RELEASES}"))
        })?;
        for (column, text) in [
            ("Plant", &from.plant),
            ("WarehouseCode", &from.warehouse_code),
            ("ShipViaCode", &from.ship_via_code),
        ] {
            if !text.is_empty() {
                row.set_text(column, text);
            }
        }
        row.set_text("RowMod", "U");
        self.master_update(RELEASES, cust_num, order_num, &ds).await
    }

    pub(super) async fn save_charge(
        &self,
        cust_num: i64,
        order_num: i64,
        charge: &NewOrderCharge,
        ds: &Dataset,
    ) -> Result<Saved, Error> {
        let parameters = json!({ "orderNum": order_num, "orderLine": 0, "ds": ds });
        let mut ds = self.client.step(GET_NEW_CHARGE, &parameters).await?;
        newest_mut(&mut ds, CHARGES, GET_NEW_CHARGE)?.set_text("MiscCode", &charge.misc_code);
        let parameters = json!({ "ds": ds, "tableName": CHARGES });
        ds = self.client.step(CHANGE_CHARGE, &parameters).await?;
        let row = newest_mut(&mut ds, CHARGES, CHANGE_CHARGE)?;
        row.set_decimal("DocMiscAmt", charge.amount);
        if !charge.description.is_empty() {
            row.set_text("Description", &charge.description);
        }
        row.set_text("RowMod", "A");
        self.master_update(CHARGES, cust_num, order_num, &ds).await
    }
}
