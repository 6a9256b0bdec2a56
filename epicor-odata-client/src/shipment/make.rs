use rust_decimal::Decimal;
use serde_json::json;

use super::PackDocument;
use super::document::Kept;
use crate::dataset::{Dataset, decimal_value};
use crate::dialogue::{messages, newest, newest_mut, not_as_sent, question};
use crate::error::{Error, ReadAnswer};
use crate::once::{Document as _, Found};
use crate::sales_order::OrderRelease;

const GET_NEW: &str = "Erp.BO.CustShipSvc/GetNewShipHead";
const HEAD_OF_ORDER: &str = "Erp.BO.CustShipSvc/GetHeadOrderInfo";
const GET_NEW_LINE: &str = "Erp.BO.CustShipSvc/GetNewOrdrShipDtl";
const ORDER: &str = "Erp.BO.CustShipSvc/GetOrderInfo";
const ORDER_LINE: &str = "Erp.BO.CustShipSvc/GetOrderLineInfo";
const RELEASE: &str = "Erp.BO.CustShipSvc/GetOrderRelInfo";
const QUANTITY: &str = "Erp.BO.CustShipSvc/GetQtyInfo";
const UPDATE_MASTER: &str = "Erp.BO.CustShipSvc/UpdateMaster";
const GET_BY_ID: &str = "Erp.BO.CustShipSvc/GetByID";
const DELETE: &str = "Erp.BO.CustShipSvc/DeleteByID";

/// The tables of headers and of lines.
const HEADS: &str = "ShipHead";
const LINES: &str = "ShipDtl";

/// The number of a line that is not saved yet.
const NEW_LINE: i64 = 0;

/// Where a save tells why it did not save.
const MESSAGES: [&str; 10] = [
    "msg",
    "shipCreditMsg",
    "opReleaseMessage",
    "opCompleteMessage",
    "opShippingMessage",
    "opLotMessage",
    "opInventoryMessage",
    "opLockQtyMessage",
    "opAllocationMessage",
    "opPostUpdMessage",
];

/// What one save of a pack is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Save {
    Head,
    Line,
    Shipped,
}

impl PackDocument<'_> {
    /// Makes the pack where nothing of it is.
    pub(super) async fn make(&self) -> Result<i64, Error> {
        let client = self.packs.client;
        let order = client.sales_orders().by_order_num(self.new.order_num).await?;
        let releases = order.into_iter().flat_map(|order| order.releases);
        let open: Vec<_> = releases.filter(|release| release.open && !release.void).collect();
        if open.is_empty() {
            let reason = format!("nothing of order {} is open", self.new.order_num);
            return Err(Error::InvalidParameter { parameter: "the pack", reason });
        }
        let (ds, pack_num) = self.save_head().await?;
        self.save_rest(pack_num, ds, &open).await
    }

    /// Adds what a pack that was begun lacks.
    pub(super) async fn go_on(&self) -> Result<i64, Error> {
        let kept = self.kept().await?;
        let begun = kept.as_ref().and_then(|kept| Some((kept.unfinished()?, kept)));
        let Some((pack_num, kept)) = begun else {
            let reason = "it changed while it was looked at".to_owned();
            return Err(Error::InvalidParameter { parameter: "the pack", reason });
        };
        let open: Vec<_> = Kept::open(kept).cloned().collect();
        let ds = self.dataset(pack_num).await?;
        self.save_rest(pack_num, ds, &open).await
    }

    /// Deletes a pack that has not left.
    pub(super) async fn delete(&self, pack_num: i64) -> Result<(), Error> {
        self.packs.client.delete(DELETE, &json!({ "packNum": pack_num })).await
    }

    /// Header without lines. From here on the pack is found by its token.
    async fn save_head(&self) -> Result<(Dataset, i64), Error> {
        let client = self.packs.client;
        let ds = client.step(GET_NEW, &json!({ "ds": {} })).await?;
        let parameters = json!({ "orderNum": self.new.order_num, "ds": ds });
        let mut ds = client.step(HEAD_OF_ORDER, &parameters).await?;
        let row = newest_mut(&mut ds, HEADS, HEAD_OF_ORDER)?;
        row.set_text("ShipComment", &self.new.comment);
        row.set_date("ShipDate", self.new.ship_date);
        row.set_text("RowMod", "A");
        let saved = self.update_master(Save::Head, 0, &ds).await?;
        let pack_num = newest(&saved, HEADS, UPDATE_MASTER)
            .and_then(|row| row.integer("PackNum").in_answer_to(UPDATE_MASTER))
            .map_err(|error| error.outcome_unknown(UPDATE_MASTER))?;
        Ok((saved, pack_num))
    }

    async fn save_rest(
        &self,
        pack_num: i64,
        ds: Dataset,
        open: &[OrderRelease],
    ) -> Result<i64, Error> {
        let mut ds = ds;
        for release in open {
            ds = self.save_line(pack_num, release, ds).await?;
        }
        // Each line changed the header, so it is read again before it is changed once more.
        let kept = self.dataset(pack_num).await?;
        let head = newest(&kept, HEADS, GET_BY_ID)?.clone();
        let mut shipped = Dataset::new();
        shipped.push_update(HEADS, head, |row| row.set_boolean("ReadyToInvoice", true));
        self.update_master(Save::Shipped, pack_num, &shipped).await?;
        match self.find().await? {
            Found::Whole(number) => Ok(number),
            Found::Differs(difference) => Err(not_as_sent(UPDATE_MASTER, difference)),
            _ => Err(not_as_sent(UPDATE_MASTER, "the pack is not marked as shipped")),
        }
    }

    /// Packs all that is open of a release, as Epicor reckons it.
    async fn save_line(
        &self,
        pack_num: i64,
        release: &OrderRelease,
        ds: Dataset,
    ) -> Result<Dataset, Error> {
        let client = self.packs.client;
        let order_num = self.new.order_num;
        let parameters = json!({ "ds": ds, "packNum": pack_num, "orderNum": order_num });
        let ds = client.step(GET_NEW_LINE, &parameters).await?;
        let ds = client.step(ORDER, &json!({ "orderNum": order_num, "ds": ds })).await?;
        let parameters = json!({
            "ds": ds, "packLine": NEW_LINE, "orderLine": release.line, "subsPart": "",
        });
        let ds = client.step(ORDER_LINE, &parameters).await?;
        let parameters = json!({
            "ds": ds, "packLine": NEW_LINE, "orderRelNum": release.release, "allowNewShipTo": true,
        });
        let ds = client.step(RELEASE, &parameters).await?;
        // In the inventory unit, in which the step before fills in the quantities.
        let open: Decimal =
            newest(&ds, LINES, RELEASE)?.decimal("OurRemainQty").in_answer_to(RELEASE)?;
        let parameters = json!({
            "ds": ds, "packLine": NEW_LINE, "displayInvQty": decimal_value(open), "ourJobShipQty": 0,
        });
        let mut ds = client.step(QUANTITY, &parameters).await?;
        newest_mut(&mut ds, LINES, QUANTITY)?.set_text("RowMod", "A");
        self.update_master(Save::Line, pack_num, &ds).await
    }

    async fn dataset(&self, pack_num: i64) -> Result<Dataset, Error> {
        let parameters = json!({ "packNum": pack_num });
        let ds = self.packs.client.document_by(GET_BY_ID, &parameters).await?;
        ds.ok_or_else(|| not_as_sent(UPDATE_MASTER, "the pack is not there"))
    }

    /// Saves what changed. Epicor says by out parameters when it did not. The goods have left already,
    /// so neither the customer's credit nor whether the order is complete is asked about.
    async fn update_master(
        &self,
        save: Save,
        pack_num: i64,
        ds: &Dataset,
    ) -> Result<Dataset, Error> {
        let bill_to = newest(ds, HEADS, UPDATE_MASTER)?.integer("BTCustNum");
        let parameters = json!({
            "ds": ds,
            "doValidateCreditHold": false,
            "doCheckShipDtl": save == Save::Line,
            "doLotValidation": false,
            "doCheckOrderComplete": false,
            "doPostUpdate": false,
            "doCheckCompliance": false,
            "ipShippedFlagChanged": save == Save::Shipped,
            "ipPackNum": pack_num,
            "ipBTCustNum": bill_to.in_answer_to(UPDATE_MASTER)?,
        });
        let answer = self.packs.client.write(UPDATE_MASTER, &parameters).await?;
        let unknown = |error: Error| error.outcome_unknown(UPDATE_MASTER);
        let outputs = answer.outputs();
        let complete = outputs.boolean("updateComplete").in_answer_to(UPDATE_MASTER);
        if !complete.map_err(unknown)? {
            let said = messages(outputs, &MESSAGES);
            let said =
                if said.is_empty() { "it does not say why".to_owned() } else { said.join("; ") };
            return Err(question(UPDATE_MASTER, said));
        }
        answer.dataset().in_answer_to(UPDATE_MASTER).map_err(unknown)
    }
}
