//! The first load of a connection's orders: Amazon's reports tell which orders there are, thirty days a
//! report, and those that the policy wants are then read one by one.
//!
//! All reports are asked for at once. Each has its own kept request, so a run that ends anywhere goes on with
//! the same reports; one that Amazon cancels or cannot make keeps its window, and the others are read. What an
//! order is, a report tells without item ids: such an order is *pending* until it is read, *excluded* when the
//! policy does not want it, and *waiting*, by its id, when the Orders API does not give it.
//!
//! What changes meanwhile is told by the search, which begins where the reports end.

mod left;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use ledger_mapper::OrderStatus;
use serde_json::{Value, json};
use store::{NewEvent, OrderKey, OrderRecord, OrderTold, Poll};

use self::left::{Load, Unread, Window, windows};
pub use self::left::{Standing, standing};
use super::audit::Scribe;
use super::order_intake::{LIST, state_of};
use super::{Actor, HeldReason, OrderIntake, OrderWork, Recorded, Requested, Wanted};
use crate::amazon::{ORDERS_BY_CHANGE, OrderFacts, Reported, ReportedOrder, reported_orders};
use crate::day::day_of;

/// The name of the last look for orders that the Orders API did not give.
const NOT_GIVEN: &str = "orders-not-given";

/// What changed this lately may be in no report yet; the search tells it.
const REPORTS_LAG: SignedDuration = SignedDuration::from_hours(1);

/// How many orders are read one by one in a run: half an hour by Amazon's plan, so that what is new is
/// searched for, and settlements run, in between.
const READ_MAX: usize = 900;

/// After so many orders that Amazon refuses to tell, it is no single order's trouble.
const REFUSED_MAX: usize = 10;

/// What the Orders API did not give is looked for again a day later.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Loads the orders of one connection.
#[derive(Debug, Clone, Copy)]
pub struct OrderLoad<'a> {
    /// The connection's orders.
    pub work: OrderWork<'a>,
}

/// What a run brought of a load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Reports read.
    pub reports: u32,
    /// Orders in them.
    pub reported: u64,
    /// Of those, orders that were not known before.
    pub new: u64,
    /// Orders read one by one.
    pub read: u64,
    /// Orders that the Orders API did not give; they wait by their id.
    pub not_given: u64,
    /// Reports still to be read by a later run.
    pub reports_left: usize,
    /// Orders still to be read by a later run.
    pub left: usize,
}

impl OrderLoad<'_> {
    /// Plans a load where nothing was read of the connection yet and its first day is far enough back.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn begin(&self) -> anyhow::Result<()> {
        let OrderWork { site, setting, store, .. } = self.work;
        if store.poll(&site.connection, LIST).await?.is_some() {
            return Ok(());
        }
        let load = if let Some(load) = self.kept().await? {
            load
        } else {
            let now = Timestamp::from_second(self.work.clock.now().as_second())?;
            let first = self.intake().first_day(now);
            if now.duration_since(first) <= setting.report_after() {
                return Ok(());
            }
            let until = now - REPORTS_LAG;
            let load = Load { until, left: windows(first - setting.overlap(), until) };
            let detail = json!({ "since": first.to_string(), "until": until.to_string(),
                                 "reports": load.left.len() });
            self.keep(&load, &self.event("first load of orders".to_owned(), "begun", detail))
                .await?;
            load
        };
        let search = Poll { since: load.until, until: None, page: None };
        Ok(store.polled(&site.connection, LIST, &search, None).await?)
    }

    /// Adds a time to what is to be reported; what is known of it already stays as it is.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn plan(&self, since: Timestamp, until: Timestamp) -> anyhow::Result<()> {
        self.begin().await?;
        let ready = Timestamp::from_second(self.work.clock.now().as_second())? - REPORTS_LAG;
        let mut load = self.kept().await?.unwrap_or(Load { until: ready, left: Vec::new() });
        let more: Vec<Window> = windows(since, until.min(ready))
            .into_iter()
            .filter(|window| !load.left.contains(window))
            .collect();
        let detail = json!({ "since": since.to_string(), "until": until.to_string(),
                             "reports": more.len() });
        load.left.extend(more);
        self.keep(&load, &self.event("backfill of orders".to_owned(), "begun", detail)).await
    }

    /// Has Amazon make the reports that are left, and records the orders in them. The windows that could
    /// not be read, with why; each stays for a later run.
    ///
    /// # Errors
    /// The store's errors, and Amazon's when a report cannot be asked for.
    pub async fn read_reports(
        &self,
        loaded: &mut Loaded,
    ) -> anyhow::Result<Vec<(String, anyhow::Error)>> {
        let mut failures = Vec::new();
        let Some(mut load) = self.kept().await?.filter(|load| !load.left.is_empty()) else {
            return Ok(failures);
        };
        let amazon = self.work.amazon.on_request();
        let marketplaces = self.work.reported_marketplaces(&amazon).await?;
        let requested = self.work.requested(&amazon);
        let lists: Vec<(Window, String)> =
            load.left.iter().map(|window| (*window, window.list())).collect();
        for (window, list) in &lists {
            requested.ask(&wanted(*window, list, &marketplaces)).await?;
        }
        for (window, list) in &lists {
            if self.work.watch.stopping() {
                break;
            }
            let wanted = wanted(*window, list, &marketplaces);
            match self.read_report(&requested, &wanted, loaded).await {
                Ok(detail) => {
                    load.left.retain(|left| left != window);
                    let event = self.event(format!("orders of {window}"), "reported", detail);
                    self.keep(&load, &event).await?;
                    requested.done(&wanted).await?;
                    loaded.reports += 1;
                }
                // The others would meet the same.
                Err(error) if error.is::<sp_api_client::Error>() || error.is::<store::Error>() => {
                    failures.push((format!("orders of {window}"), error));
                    break;
                }
                Err(error) => failures.push((format!("orders of {window}"), error)),
            }
        }
        loaded.reports_left = load.left.len();
        Ok(failures)
    }

    /// Records the orders of one report that are not known yet; what the search told is newer.
    async fn read_report(
        &self,
        requested: &Requested<'_>,
        wanted: &Wanted<'_>,
        loaded: &mut Loaded,
    ) -> anyhow::Result<Value> {
        let report = requested.fetch(wanted).await?;
        let nothing = || Ok(BTreeMap::new());
        let orders = report.map_or_else(nothing, |report| reported_orders(&report.bytes))?;
        let mut new = 0;
        for order in orders.values() {
            let key = self.key(order);
            let known = self.work.store.order(&key).await?.is_some();
            if !known {
                let by = "the report of all orders";
                let recorded = self.intake().take(&key, None, told(order)?, by).await?;
                new += u64::from(recorded == Recorded::New);
            }
        }
        let reported = orders.len() as u64;
        loaded.reported += reported;
        loaded.new += new;
        Ok(json!({ "orders": reported, "new": new }))
    }

    /// Reads the wanted orders that only a report has told, the newest first and no more than a run may. Those
    /// that Amazon refuses to tell, with why; a later run asks again.
    ///
    /// # Errors
    /// The store's errors and Amazon's; the next run goes on with the others.
    pub async fn read_wanted(
        &self,
        loaded: &mut Loaded,
    ) -> anyhow::Result<Vec<(String, anyhow::Error)>> {
        let mut failures = Vec::new();
        let OrderWork { site, setting, store, clock, .. } = self.work;
        let last_look = store.poll(&site.connection, NOT_GIVEN).await?.map(|poll| poll.since);
        let again = last_look.is_none_or(|last| clock.now().duration_since(last) >= AGAIN_AFTER);
        let Unread { mut due, missed } = Unread::of(store, &site.connection, setting).await?;
        loaded.left = due.len();
        if again {
            due.extend(missed);
        }
        for (record, facts) in due.into_iter().take(READ_MAX) {
            if self.work.watch.stopping() || failures.len() >= REFUSED_MAX {
                return Ok(failures);
            }
            let id = &record.key.order_id;
            let found = match self.work.amazon.order(id).await {
                Ok(found) => found,
                Err(error) if is_refusal(&error) => {
                    failures.push((format!("order {id}"), error));
                    continue;
                }
                Err(error) => return Err(error),
            };
            let is_first_look = facts.reported == Some(Reported::Unread);
            match found {
                Some(order) => {
                    self.intake().record(&order).await?;
                    loaded.read += 1;
                }
                None if is_first_look => {
                    self.not_given(&record, facts).await?;
                    loaded.not_given += 1;
                }
                None => loaded.not_given += 1,
            }
            loaded.left -= usize::from(is_first_look);
        }
        if again && loaded.not_given > 0 {
            let look = Poll { since: clock.now(), until: None, page: None };
            store.polled(&site.connection, NOT_GIVEN, &look, None).await?;
        }
        Ok(failures)
    }

    /// The order is in Amazon's report and nowhere else.
    async fn not_given(&self, record: &OrderRecord, facts: OrderFacts) -> anyhow::Result<()> {
        let id = &record.key.order_id;
        let message = format!(
            "order {id} of {} is in Amazon's report of all orders ({}), and the Orders API does not give it. \
             It is looked for again every day; if Epicor must have it, finance enters it there by hand, \
             with {id} as its PO number",
            day_of(facts.order.created),
            record.told.status,
        );
        let mut facts = OrderFacts { reported: Some(Reported::NotGiven), ..facts };
        facts.unclear.insert(0, HeldReason::new("not_given", message));
        let payload = serde_json::to_string(&facts)?;
        let told = OrderTold { payload, ..record.told.clone() };
        let from = state_of(&record.key, &record.state)?;
        self.intake().take(&record.key, Some(from), told, "the report of all orders alone").await?;
        Ok(())
    }

    /// Whether reports are still to be read.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn is_under_way(&self) -> anyhow::Result<bool> {
        Ok(self.kept().await?.is_some_and(|load| !load.left.is_empty()))
    }

    async fn kept(&self) -> anyhow::Result<Option<Load>> {
        Load::kept(self.work.store, &self.work.site.connection).await
    }

    async fn keep(&self, load: &Load, event: &NewEvent) -> anyhow::Result<()> {
        load.keep(self.work.store, &self.work.site.connection, event).await
    }

    fn event(&self, subject: String, action: &str, detail: Value) -> NewEvent {
        Scribe { connection: &self.work.site.connection, at: self.work.clock.now() }.event(
            &Actor::Connector,
            LIST,
            subject,
            action,
            (None, None),
            detail,
        )
    }

    fn key(&self, order: &ReportedOrder) -> OrderKey {
        OrderKey {
            connection: self.work.site.connection.clone(),
            order_id: order.facts.order.id.clone(),
        }
    }

    fn intake(&self) -> OrderIntake<'_> {
        OrderIntake { work: self.work }
    }
}

/// Amazon will not have this one request; others may go on.
fn is_refusal(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(sp_api_client::Error::BadRequest(_)))
}

fn wanted<'a>(window: Window, list: &'a str, marketplaces: &'a [String]) -> Wanted<'a> {
    let window = Some((window.since, window.until));
    Wanted { list, report_type: ORDERS_BY_CHANGE, marketplaces, window }
}

/// What is kept of an order that only a report has told, with the status in the Orders API's words.
fn told(order: &ReportedOrder) -> anyhow::Result<OrderTold> {
    let status = match order.facts.order.status {
        OrderStatus::Pending => "PENDING",
        OrderStatus::Unshipped => "UNSHIPPED",
        OrderStatus::PartiallyShipped => "PARTIALLY_SHIPPED",
        OrderStatus::Shipped => "SHIPPED",
        OrderStatus::Cancelled => "CANCELLED",
        OrderStatus::Unfulfillable => "UNFULFILLABLE",
    };
    Ok(OrderTold {
        status: status.to_owned(),
        changed: order.changed,
        payload: serde_json::to_string(&order.facts)?,
    })
}
