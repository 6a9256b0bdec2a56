//! Takes one order as far as it goes: judged, entered, changed, read back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::tz::TimeZone;
use ledger_mapper::{FulfilledBy, OrderHold, OrderStatus, OrderStep, SalesOrderDraft, order_step};
use serde_json::{Value, json};
use settlement_model::Marketplace;
use store::{OrderKey, OrderMove, OrderRecord, Store};
use wire::Clock;

use super::audit::Scribe;
use super::order::{Event, InEpicor, State, decide};
use super::order_intake::state_of;
use super::run_posting::{PostingEnd, PostingRunner, intent_of};
use super::{Actor, HeldReason, Site, Watch};
use crate::amazon::{OrderFacts, SellerOrders};
use crate::config::{Cancelled, Orders, ShipToPolicy};
use crate::ledger::sales_order::{Change, Entered, OrderFields, SalesOrder};
use crate::ledger::{Document, Draft, EpicorLedger, PartsFound};

/// Moves orders of one connection through their life.
#[derive(Clone, Copy)]
pub struct OrderWorker<'a> {
    /// The connection.
    pub site: &'a Site,
    /// Its configuration of orders.
    pub setting: &'a Orders,
    /// Its state.
    pub store: &'a Store,
    /// The company.
    pub ledger: &'a EpicorLedger,
    /// The selling account, for buyers' addresses.
    pub amazon: &'a SellerOrders,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told about waits.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for OrderWorker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderWorker").field("site", &self.site).finish_non_exhaustive()
    }
}

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
}

impl Judged {
    fn missing(reasons: Vec<HeldReason>) -> Self {
        Self { event: Event::Missing, reasons, document: None }
    }
}

/// What is stored with an order, read.
struct Known {
    facts: OrderFacts,
    entered: Option<Entered>,
}

impl Known {
    fn of(record: &OrderRecord) -> anyhow::Result<Self> {
        let id = &record.key.order_id;
        let facts = serde_json::from_str(&record.told.payload)
            .with_context(|| format!("order {id}: its stored form"))?;
        let entered = record.entered.as_deref().map(serde_json::from_str).transpose();
        let entered = entered.with_context(|| format!("order {id}: what Epicor has of it"))?;
        Ok(Self { facts, entered })
    }

    fn has(&self) -> InEpicor {
        match &self.entered {
            None => InEpicor::Nothing,
            Some(entered) if entered.draft.lines.is_empty() => InEpicor::Cancelled,
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
        let wanted = self.setting.policy(BTreeMap::new()).wanted;
        let mut skus: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for record in records {
            let order = Known::of(record)?.facts.order;
            let idle = matches!(order.status, OrderStatus::Pending | OrderStatus::Cancelled);
            if idle || !wanted.contains(&order.fulfilled_by) {
                continue;
            }
            if let Some(customer) = self.setting.customer(&order.marketplace) {
                let items = order.items.into_iter().filter(|item| item.quantity > 0);
                skus.entry(customer).or_default().extend(items.map(|item| item.sku));
            }
        }
        let mut masters = Masters::default();
        for (cust_id, skus) in skus {
            let Some(customer) = self.ledger.customer(cust_id).await? else { continue };
            let number = customer.cust_num;
            let parts = self.ledger.parts_of(number, &skus, &self.setting.parts).await?;
            masters.customers.insert(cust_id.to_owned(), number);
            masters.parts.insert(cust_id.to_owned(), parts);
        }
        Ok(masters)
    }

    /// Goes on with an order from where it stands; returns where it got to.
    ///
    /// # Errors
    /// The store's errors, and those of a system that cannot be asked now.
    pub async fn run(&self, key: &OrderKey, masters: &Masters) -> anyhow::Result<State> {
        let mut record = self.record(key).await?;
        let mut state = state_of(key, &record.state)?;
        // Judged, written, and judged again if Amazon told something meanwhile.
        for _ in 0..4 {
            if state.is_judged() {
                let judged = self.judge_whole(&record, masters).await?;
                state = self.take(&record, state, judged).await?;
            }
            if !state.is_under_way() {
                break;
            }
            record = self.record(key).await?;
            let Some(reached) = self.write(&record, state, masters).await? else { break };
            state = reached;
            record = self.record(key).await?;
        }
        Ok(state)
    }

    /// What is to become of an order as it is stored, without what only the buyer's address tells.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    pub fn judge(&self, record: &OrderRecord, masters: &Masters) -> anyhow::Result<Judged> {
        self.judge_known(record, &Known::of(record)?, masters)
    }

    fn judge_known(
        &self,
        record: &OrderRecord,
        known: &Known,
        masters: &Masters,
    ) -> anyhow::Result<Judged> {
        let order = &known.facts.order;
        let customer = self.setting.customer(&order.marketplace);
        let parts = customer.and_then(|customer| masters.parts.get(customer));
        let usable = parts.map(|found| found.parts.clone()).unwrap_or_default();
        let mut policy = self.setting.policy(usable);
        policy.one_time_ship_to = false;
        let entered = known.entered.as_ref().map(|entered| &entered.draft);
        let step = order_step(order, entered, &policy, &self.zone(&order.marketplace));
        let acts = !matches!(step, OrderStep::Nothing | OrderStep::Wait);
        if acts && !known.facts.unclear.is_empty() {
            return Ok(Judged::missing(known.facts.unclear.clone()));
        }
        let event = Event::of(&step, known.has());
        let (draft, change) = match step {
            OrderStep::Create(draft) => (*draft, None),
            OrderStep::Change { now, changes } => {
                let delete = self.setting.cancelled == Cancelled::Delete;
                let entered = known.entered.clone();
                let change = entered.map(|entered| Change { entered, changes, delete });
                (*now, change)
            }
            OrderStep::Hold(holds) => {
                let reasons = holds.iter().map(|hold| held(hold, parts)).collect();
                return Ok(Judged::missing(reasons));
            }
            _ => return Ok(Judged { event, reasons: Vec::new(), document: None }),
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
        Ok(Judged { event, reasons: Vec::new(), document: Some(document) })
    }

    fn document(
        &self,
        record: &OrderRecord,
        known: &Known,
        (draft, change): (SalesOrderDraft, Option<Change>),
        cust_num: i64,
    ) -> SalesOrder {
        let terms = self.setting.net_terms.clone().filter(|_| known.facts.net_terms);
        SalesOrder {
            connection: self.site.connection.clone(),
            revision: record.revision,
            draft,
            fields: OrderFields {
                cust_num,
                tax_region: self.setting.tax_region.clone(),
                ship_via: self.setting.ship_via.clone(),
                terms,
                one_time_country: None,
            },
            change,
        }
    }

    /// As [`judge`](Self::judge), with the address of an order that goes to its buyer.
    async fn judge_whole(&self, record: &OrderRecord, masters: &Masters) -> anyhow::Result<Judged> {
        let mut judged = self.judge(record, masters)?;
        let Some(document) = &mut judged.document else { return Ok(judged) };
        let goes_to_buyer = document.change.is_none()
            && self.setting.ship_to == ShipToPolicy::OneTime
            && document.draft.fulfilled_by == FulfilledBy::Merchant;
        if !goes_to_buyer {
            return Ok(judged);
        }
        let id = &record.key.order_id;
        let Some(address) = self.amazon.address(id).await? else {
            let hold = OrderHold::NoAddress { order: id.clone() };
            return Ok(Judged::missing(vec![held(&hold, None)]));
        };
        let Some(country) = self.setting.countries.get(&address.country) else {
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

    /// One transition by a judgement; nothing is written when nothing is new.
    async fn take(
        &self,
        record: &OrderRecord,
        state: State,
        judged: Judged,
    ) -> anyhow::Result<State> {
        let next = decide(state, judged.event)?;
        let hold = (next == State::Waiting).then(|| HeldReason::to_stored(&judged.reasons));
        if next == state && hold == record.hold {
            return Ok(state);
        }
        let detail = match &judged.document {
            None => json!({ "reasons": judged.reasons }),
            Some(order) => json!({
                "total": order.draft.total.to_string(),
                "changes": order.change.as_ref().map(|change| {
                    change.changes.iter().map(ToString::to_string).collect::<Vec<_>>()
                }),
            }),
        };
        let change = OrderMove { hold: Some(hold), ..OrderMove::default() };
        let event = self.event(&record.key, &Actor::Connector, judged.event, (state, next), detail);
        let (from, to) = (state.as_str(), next.as_str());
        match judged.document {
            None => self.store.order_advance(&record.key, from, to, &change, &event).await?,
            Some(order) => {
                let intent = intent_of(&Draft::new(Document::SalesOrder(order)))?;
                let (key, moved) = (&record.key, (from, to));
                self.store.order_intended(key, moved, &change, &[intent], &event).await?;
            }
        }
        Ok(next)
    }

    /// Runs the order's newest document; `None` when it cannot go on now.
    async fn write(
        &self,
        record: &OrderRecord,
        state: State,
        masters: &Masters,
    ) -> anyhow::Result<Option<State>> {
        let runner = PostingRunner {
            store: self.store,
            target: self.ledger,
            clock: self.clock,
            watch: self.watch,
            policy: &self.site.posting,
        };
        let id = &record.key.order_id;
        let postings = self.store.postings_of(&record.key).await?;
        let posting = postings.last().with_context(|| format!("order {id} has no document"))?;
        let mut change = OrderMove::default();
        let (event, detail) = match runner.run(&posting.key).await? {
            PostingEnd::Later(why) => {
                self.watch.note(&format!("order {id}: {why}; the next run goes on"));
                return Ok(None);
            }
            PostingEnd::Held(why) => {
                let message = format!(
                    "order {id} is not in Epicor: {why}. Solve it there, then run \
                     `ml-connector release {id}`"
                );
                let reason = HeldReason::new("posting_held", message);
                change.hold = Some(Some(HeldReason::to_stored(std::slice::from_ref(&reason))));
                (Event::PostingHeld, json!({ "reasons": [reason] }))
            }
            PostingEnd::Confirmed(number) => {
                let entered = entered_by(&posting.payload, number.as_deref())?;
                self.amazon.forget_address(id);
                let event = self.confirmed(record, &entered, masters)?;
                change.entered = Some(serde_json::to_string(&entered)?);
                change.order_num = Some(entered.order_num.to_string());
                (event, json!({ "order_num": entered.order_num }))
            }
        };
        let next = decide(state, event)?;
        let audit = self.event(&record.key, &Actor::Connector, event, (state, next), detail);
        let (from, to) = (state.as_str(), next.as_str());
        self.store.order_advance(&record.key, from, to, &change, &audit).await?;
        Ok(Some(next))
    }

    /// Whether Amazon's order is another by now than what Epicor has confirmed.
    fn confirmed(
        &self,
        record: &OrderRecord,
        entered: &Entered,
        masters: &Masters,
    ) -> anyhow::Result<Event> {
        let known = Known { entered: Some(entered.clone()), ..Known::of(record)? };
        let again = self.judge_known(record, &known, masters)?.event;
        let retold = !matches!(again, Event::NothingToDo(_) | Event::NotPaid);
        Ok(Event::Confirmed { retold, cancelled: entered.draft.lines.is_empty() })
    }

    /// The zone in which the day of an order is told.
    fn zone(&self, marketplace: &str) -> TimeZone {
        let of_store = Marketplace::by_name(marketplace);
        let of_store = of_store.and_then(|store| TimeZone::get(store.zone).ok());
        self.site.zone.clone().or(of_store).unwrap_or(TimeZone::UTC)
    }

    fn event(
        &self,
        key: &OrderKey,
        actor: &Actor,
        event: Event,
        (from, to): (State, State),
        detail: Value,
    ) -> store::NewEvent {
        audit_event(key, actor, event, (from, to), detail, self.clock)
    }

    async fn record(&self, key: &OrderKey) -> anyhow::Result<OrderRecord> {
        self.store.order(key).await?.with_context(|| format!("there is no {key}"))
    }
}

/// Lets a held order go on.
///
/// # Errors
/// [`super::order::Illegal`] when it is not held, or the store's errors.
pub async fn release(
    store: &Store,
    key: &OrderKey,
    actor: &Actor,
    clock: &dyn Clock,
) -> anyhow::Result<State> {
    let record = store.order(key).await?.with_context(|| format!("there is no {key}"))?;
    let state = state_of(key, &record.state)?;
    let postings = store.postings_of(key).await?;
    let open = postings.last().is_some_and(|posting| posting.step != "confirmed");
    let document = open.then(|| match record.entered {
        None => InEpicor::Nothing,
        Some(_) => InEpicor::Order,
    });
    person(store, &record, state, Event::Release { document }, (actor, None), clock).await
}

/// Stops an order.
///
/// # Errors
/// [`super::order::Illegal`] when it is on its way, or the store's errors.
pub async fn hold(
    store: &Store,
    key: &OrderKey,
    (actor, reason): (&Actor, Option<&str>),
    clock: &dyn Clock,
) -> anyhow::Result<State> {
    let record = store.order(key).await?.with_context(|| format!("there is no {key}"))?;
    let state = state_of(key, &record.state)?;
    person(store, &record, state, Event::Hold, (actor, reason), clock).await
}

async fn person(
    store: &Store,
    record: &OrderRecord,
    state: State,
    event: Event,
    (actor, reason): (&Actor, Option<&str>),
    clock: &dyn Clock,
) -> anyhow::Result<State> {
    let next = decide(state, event)?;
    let held = HeldReason::new("held_by_person", reason.unwrap_or("no reason given"));
    let hold = (event == Event::Hold).then(|| HeldReason::to_stored(&[held]));
    let change = OrderMove { hold: Some(hold), ..OrderMove::default() };
    let detail = json!({ "reason": reason });
    let audit = audit_event(&record.key, actor, event, (state, next), detail, clock);
    store.order_advance(&record.key, state.as_str(), next.as_str(), &change, &audit).await?;
    Ok(next)
}

fn audit_event(
    key: &OrderKey,
    actor: &Actor,
    event: Event,
    (from, to): (State, State),
    detail: Value,
    clock: &dyn Clock,
) -> store::NewEvent {
    Scribe { connection: &key.connection, at: clock.now() }.event(
        actor,
        &key.order_id,
        format!("order {}", key.order_id),
        event.name(),
        (Some(from.as_str()), Some(to.as_str())),
        detail,
    )
}

/// What Epicor has once a document is confirmed.
fn entered_by(payload: &str, number: Option<&str>) -> anyhow::Result<Entered> {
    let draft: Draft = serde_json::from_str(payload).context("the stored document")?;
    let Document::SalesOrder(order) = &draft.document else {
        anyhow::bail!("the document {} is no sales order", draft.key);
    };
    if let Some(change) = &order.change {
        return Ok(change.entered.clone().changed(&order.draft));
    }
    let number = number.and_then(|number| number.parse().ok());
    let number = number.with_context(|| format!("{} has no order number", draft.key))?;
    Ok(Entered::new(number, &draft.token, &order.draft))
}

/// A reason to wait, with what Epicor said about the SKU.
fn held(hold: &OrderHold, parts: Option<&PartsFound>) -> HeldReason {
    let mut message = hold.to_string();
    let (reason, sku) = match hold {
        OrderHold::NoCustomer { .. } => ("no_customer", None),
        OrderHold::NoPart { sku, .. } => ("no_part", Some(sku)),
        OrderHold::NoMultiple { sku } => ("no_multiple", Some(sku)),
        OrderHold::NoChargeCode { .. } => ("no_charge_code", None),
        OrderHold::NoAddress { .. } => ("no_address", None),
        OrderHold::DoesNotTie { .. } => ("does_not_tie", None),
        OrderHold::OtherCurrency { .. } => ("other_currency", None),
        _ => ("arithmetic", None),
    };
    let problem = sku.and_then(|sku| parts?.problems.get(sku));
    if let (OrderHold::NoPart { order, .. }, Some(problem)) = (hold, problem) {
        message = format!("order {order}: {problem}");
    }
    let mut held = HeldReason::new(reason, message);
    if let Some(sku) = sku {
        held.facts.insert("sku".to_owned(), sku.clone().into());
    }
    held
}
