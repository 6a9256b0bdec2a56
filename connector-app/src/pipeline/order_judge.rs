//! What is to become of an order: what Amazon says of it, by the connection's policy and what Epicor knows
//! of its customer and its SKUs.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::tz::TimeZone;
use ledger_mapper::{
    AmazonOrder, FulfilledBy, OrderHold, OrderStatus, OrderStep, SalesOrderDraft, order_step,
};
use settlement_model::Marketplace;
use store::OrderRecord;

use super::elsewhere;
use super::order::{Event, InEpicor};
use super::{HeldReason, OrderWorker, Site, mapped_parts};
use crate::amazon::{OrderFacts, Reported};
use crate::config::{Cancelled, ShipToPolicy};
use crate::ledger::PartsFound;
use crate::ledger::customer_shipment::CustomerShipment;
use crate::ledger::sales_order::{Change, Entered, OrderFields, SalesOrder};

/// What Epicor says of the customers and SKUs of some orders.
#[derive(Debug, Clone, Default)]
pub struct Masters {
    customers: BTreeMap<String, i64>,
    parts: BTreeMap<String, PartsFound>,
}

/// What is to become of an order.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What the judgement says.
    pub event: Event,
    /// What is missing.
    pub reasons: Vec<HeldReason>,
    /// What is to be written.
    pub document: Option<SalesOrder>,
    /// The pack that is to be made.
    pub pack: Option<CustomerShipment>,
}

impl Judged {
    fn missing(reasons: Vec<HeldReason>) -> Self {
        Self { event: Event::Missing, reasons, document: None, pack: None }
    }
}

/// What is stored with an order, read.
pub(super) struct Known {
    pub(super) facts: OrderFacts,
    pub(super) entered: Option<Entered>,
}

impl Known {
    pub(super) fn of(record: &OrderRecord) -> anyhow::Result<Self> {
        let id = &record.key.order_id;
        let facts = serde_json::from_str(&record.told.payload)
            .with_context(|| format!("order {id}: its stored form"))?;
        let entered = record.entered.as_deref().map(serde_json::from_str).transpose();
        let entered = entered.with_context(|| format!("order {id}: what Epicor has of it"))?;
        Ok(Self { facts, entered })
    }

    pub(super) fn has(&self) -> InEpicor {
        match &self.entered {
            None => InEpicor::Nothing,
            Some(entered) if entered.draft.lines.is_empty() => InEpicor::Cancelled,
            Some(Entered { pack: Some(_), .. }) => InEpicor::Packed,
            Some(_) => InEpicor::Order,
        }
    }
}

impl OrderWorker<'_> {
    /// Asks Epicor for the customers and parts of these orders, all at once.
    ///
    /// # Errors
    /// The ERP's errors.
    pub async fn masters(&self, records: &[OrderRecord]) -> anyhow::Result<Masters> {
        let mut skus: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for record in records {
            let OrderFacts { order, reported, .. } = Known::of(record)?.facts;
            let idle = matches!(order.status, OrderStatus::Pending | OrderStatus::Cancelled)
                || reported.is_some();
            if idle || !self.work.setting.wants(order.fulfilled_by) {
                continue;
            }
            if let Some(customer) = self.work.setting.customer(&order.marketplace) {
                let items = order.items.into_iter().filter(|item| item.quantity > 0);
                skus.entry(customer).or_default().extend(items.map(|item| item.sku));
            }
        }
        let Site { connection, .. } = self.work.site;
        let mapped = mapped_parts(self.work.store, connection, &self.work.setting.parts).await?;
        let mut masters = Masters::default();
        for (cust_id, skus) in skus {
            let Some(customer) = self.work.ledger.customer(cust_id).await? else { continue };
            let number = customer.cust_num;
            let parts = self.work.ledger.parts_of(&[number], &skus, &mapped).await?;
            masters.customers.insert(cust_id.to_owned(), number);
            masters.parts.insert(cust_id.to_owned(), parts);
        }
        Ok(masters)
    }

    /// What is to become of an order as it is stored, without what only the buyer's address tells. One that
    /// another connection has, too, is not entered.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    pub async fn judge(&self, record: &OrderRecord, masters: &Masters) -> anyhow::Result<Judged> {
        let judged = self.judge_known(record, &Known::of(record)?, masters)?;
        if judged.document.as_ref().is_none_or(|document| document.change.is_some()) {
            return Ok(judged);
        }
        let elsewhere = elsewhere::look_for_order(self.work.store, &record.key).await?;
        Ok(elsewhere.map_or(judged, |reason| Judged::missing(vec![reason])))
    }

    pub(super) fn judge_known(
        &self,
        record: &OrderRecord,
        known: &Known,
        masters: &Masters,
    ) -> anyhow::Result<Judged> {
        let order = &known.facts.order;
        if let Some(reported) = known.facts.reported {
            return Ok(self.judge_reported(known, reported));
        }
        let customer = self.work.setting.customer(&order.marketplace);
        let parts = customer.and_then(|customer| masters.parts.get(customer));
        let usable = parts.map(|found| found.parts.clone()).unwrap_or_default();
        let mut policy = self.work.setting.policy(usable);
        policy.one_time_ship_to = false;
        let entered = known.entered.as_ref().map(|entered| &entered.draft);
        let step = order_step(order, entered, &policy, &self.zone(&order.marketplace));
        let is_entered = matches!(step, OrderStep::Nothing);
        let packs = is_entered.then(|| self.judge_pack(record, known)).flatten();
        let acts = !matches!(step, OrderStep::Nothing | OrderStep::Wait);
        if (acts || packs.is_some()) && !known.facts.unclear.is_empty() {
            return Ok(Judged::missing(known.facts.unclear.clone()));
        }
        if let Some(judged) = packs {
            return Ok(judged);
        }
        let event = Event::of(&step, known.has());
        let (draft, change) = match step {
            OrderStep::Create(draft) => (*draft, None),
            OrderStep::Change { now, changes } => {
                let delete = self.work.setting.cancelled == Cancelled::Delete;
                let entered = known.entered.clone();
                let change = entered.map(|entered| Change { entered, changes, delete });
                (*now, change)
            }
            OrderStep::Hold(holds) => {
                let reasons = holds.iter().map(|hold| held(hold, parts)).collect();
                return Ok(Judged::missing(reasons));
            }
            _ => return Ok(Judged { event, reasons: Vec::new(), document: None, pack: None }),
        };
        let cust_num = customer.and_then(|customer| masters.customers.get(customer));
        let cancels = draft.lines.is_empty();
        let Some(cust_num) = cust_num.copied().or(cancels.then_some(0)) else {
            let message = format!(
                "order {}: Epicor has no customer {}. Finance makes it or names another in \
                 `orders.customers`; then the order is entered",
                order.id, draft.customer
            );
            return Ok(Judged::missing(vec![HeldReason::new("customer_missing", message)]));
        };
        let document = self.document(record, known, (draft, change), cust_num);
        Ok(Judged { event, reasons: Vec::new(), document: Some(document), pack: None })
    }

    /// An order that only a report has told: whether it is wanted can be said, and no more.
    fn judge_reported(&self, known: &Known, reported: Reported) -> Judged {
        let AmazonOrder { status, fulfilled_by, .. } = &known.facts.order;
        let is_odd = reported == Reported::Unread && !known.facts.unclear.is_empty();
        let left_alone =
            *status == OrderStatus::Cancelled || !self.work.setting.wants(*fulfilled_by);
        let event = match reported {
            _ if left_alone && !is_odd => Event::NothingToDo(InEpicor::Nothing),
            Reported::NotGiven => return Judged::missing(known.facts.unclear.clone()),
            Reported::Unread => Event::NotPaid,
        };
        Judged { event, reasons: Vec::new(), document: None, pack: None }
    }

    fn document(
        &self,
        record: &OrderRecord,
        known: &Known,
        (draft, change): (SalesOrderDraft, Option<Change>),
        cust_num: i64,
    ) -> SalesOrder {
        let terms = self.work.setting.net_terms.clone().filter(|_| known.facts.net_terms);
        SalesOrder {
            connection: self.work.site.connection.clone(),
            revision: record.revision,
            draft,
            fields: OrderFields {
                cust_num,
                tax_region: self.work.setting.tax_region.clone(),
                ship_via: self.work.setting.ship_via.clone(),
                terms,
                one_time_country: None,
            },
            change,
        }
    }

    /// As [`judge`](Self::judge), with the address of an order that goes to its buyer.
    pub(super) async fn judge_whole(
        &self,
        record: &OrderRecord,
        masters: &Masters,
    ) -> anyhow::Result<Judged> {
        let mut judged = self.judge(record, masters).await?;
        let Some(document) = &mut judged.document else { return Ok(judged) };
        let goes_to_buyer = document.change.is_none()
            && self.work.setting.ship_to == ShipToPolicy::OneTime
            && document.draft.fulfilled_by == FulfilledBy::Merchant;
        if !goes_to_buyer {
            return Ok(judged);
        }
        let id = &record.key.order_id;
        let Some(address) = self.work.amazon.address(id).await? else {
            let hold = OrderHold::NoAddress { order: id.clone() };
            return Ok(Judged::missing(vec![held(&hold, None)]));
        };
        let Some(country) = self.work.setting.countries.get(&address.country) else {
            let message = format!(
                "order {id} goes to {}, whose number in Epicor is not known. The administrator adds \
                 it to `orders.countries`; then the order is entered",
                address.country
            );
            return Ok(Judged::missing(vec![HeldReason::new("no_country", message)]));
        };
        document.fields.one_time_country = Some(*country);
        Ok(judged)
    }

    /// The zone in which the day of an order is told.
    pub(super) fn zone(&self, marketplace: &str) -> TimeZone {
        let of_store = Marketplace::by_name(marketplace);
        let of_store = of_store.and_then(|store| TimeZone::get(store.zone).ok());
        self.work.site.zone.clone().or(of_store).unwrap_or(TimeZone::UTC)
    }
}

/// A reason to wait, with what Epicor said about the SKU.
fn held(hold: &OrderHold, parts: Option<&PartsFound>) -> HeldReason {
    let mut message = hold.to_string();
    let (mut reason, sku) = match hold {
        OrderHold::NoCustomer { .. } => ("no_customer", None),
        OrderHold::NoPart { sku, .. } => ("part_missing", Some(sku)),
        OrderHold::NoMultiple { sku } => ("no_multiple", Some(sku)),
        OrderHold::NoChargeCode { .. } => ("no_charge_code", None),
        OrderHold::NoAddress { .. } => ("no_address", None),
        OrderHold::DoesNotTie { .. } => ("does_not_tie", None),
        OrderHold::OtherCurrency { .. } => ("other_currency", None),
        _ => ("arithmetic", None),
    };
    let problem = sku.and_then(|sku| parts?.problems.get(sku));
    if let (OrderHold::NoPart { order, .. }, Some(problem)) = (hold, problem) {
        reason = problem.reason;
        message = format!("order {order}: {}", problem.message);
    }
    let mut held = HeldReason::new(reason, message);
    if let Some(sku) = sku {
        held.facts.insert("sku".to_owned(), sku.clone().into());
    }
    held
}
