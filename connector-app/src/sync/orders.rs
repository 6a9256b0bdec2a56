//! One run over a connection's orders: what is new at Amazon goes as far as it can towards Epicor.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use store::{OrderKey, OrderRecord, Poll};

use crate::amazon::{ORDERS_BY_DATE, ORDERS_REPORT_MAX, OrderFacts, reported_orders};
use crate::day::{begin_of, day_of};
use crate::pipeline::order::State;
use crate::pipeline::order_proof::{Difference, KnownOrder, Proof, prove};
use crate::pipeline::{
    Judged, Loaded, OrderIntake, OrderLoad, OrderWork, OrderWorker, Polled, Unready, Wanted,
};

/// The name of the proofs' list in the store.
const PROVED: &str = "orders-proof";

/// The name of the request for the report that a window is proved by.
const PROOF_REPORT: &str = "orders-proof-report";

/// A day is closed when it is this long over: then its orders are in reports and searches.
const CLOSED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What a run did.
#[derive(Debug, Default)]
pub struct OrdersSummary {
    /// What Amazon told.
    pub polled: Polled,
    /// What was loaded by reports.
    pub loaded: Loaded,
    /// What is said of a first run when older orders are wanted than Amazon keeps.
    pub refused: Option<String>,
    /// Orders that changed their state in this run, with the state reached.
    pub moved: BTreeMap<String, State>,
    /// Orders that could not go on; the others did.
    pub failures: Vec<(String, anyhow::Error)>,
}

/// What the proofs came to.
#[derive(Debug, Default)]
pub struct Proved {
    /// The windows that were proved in this run.
    pub proofs: Vec<Proof>,
    /// Why the next one could not be: Amazon's report is not there.
    pub unready: Option<Unready>,
}

impl Proved {
    /// Whether every window that was proved is complete.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.proofs.iter().all(Proof::holds)
    }
}

impl<'a> OrderWork<'a> {
    /// Reads what changed at Amazon, then takes every order as far as it goes. One that fails never
    /// stops the others.
    ///
    /// # Errors
    /// Only what concerns the whole run: the store, or an ERP that cannot be asked for its masters.
    pub async fn once(&self) -> anyhow::Result<OrdersSummary> {
        let refused = self.intake().refused().await?;
        let mut summary = OrdersSummary { refused, ..OrdersSummary::default() };
        self.load().begin().await?;
        match self.intake().poll().await {
            Ok(polled) => summary.polled = polled,
            // What is known goes on; the next run reads on from the last page.
            Err(error) => summary.failures.push(("orders of Amazon".to_owned(), error)),
        }
        self.load_on(&mut summary).await;
        self.go_on(&mut summary).await?;
        Ok(summary)
    }

    /// Goes on with what is to be loaded by reports; what fails is left to the next run.
    async fn load_on(&self, summary: &mut OrdersSummary) {
        let reports = self.load().read_reports(&mut summary.loaded).await;
        let orders = self.load().read_wanted(&mut summary.loaded).await;
        for (what, went) in [("reports of all orders", reports), ("orders of reports", orders)] {
            match went {
                Ok(mut failures) => summary.failures.append(&mut failures),
                Err(error) => summary.failures.push((what.to_owned(), error)),
            }
        }
    }

    async fn go_on(&self, summary: &mut OrdersSummary) -> anyhow::Result<()> {
        let worker = self.worker();
        let records = self.undone().await?;
        let masters = worker.masters(&records).await?;
        for record in records {
            let id = record.key.order_id.clone();
            match worker.run(&record.key, &masters).await {
                Ok(state) if state.as_str() == record.state => {}
                Ok(state) => {
                    summary.moved.insert(id, state);
                }
                Err(error) => summary.failures.push((format!("order {id}"), error)),
            }
        }
        Ok(())
    }

    /// The orders that something may be done about.
    async fn undone(&self) -> anyhow::Result<Vec<OrderRecord>> {
        let mut records = Vec::new();
        for state in State::ALL.into_iter().filter(|s| s.is_judged() || s.is_under_way()) {
            let connection = Some(self.site.connection.as_str());
            records.extend(self.store.orders(connection, Some(state.as_str())).await?);
        }
        records.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(records)
    }

    /// What would be done about the orders that are known, and about those that changed at Amazon
    /// since; nothing is recorded and nothing is sent.
    ///
    /// # Errors
    /// The errors of the store and of both systems.
    pub async fn drafts(&self) -> anyhow::Result<Vec<(OrderRecord, Judged)>> {
        let mut records: BTreeMap<OrderKey, OrderRecord> =
            self.undone().await?.into_iter().map(|record| (record.key.clone(), record)).collect();
        for record in self.intake().preview().await? {
            records.insert(record.key.clone(), record);
        }
        let records: Vec<OrderRecord> = records.into_values().collect();
        let worker = self.worker();
        let masters = worker.masters(&records).await?;
        let mut drafts = Vec::new();
        for record in records {
            let judged = worker.judge(&record, &masters).await?;
            drafts.push((record, judged));
        }
        Ok(drafts)
    }

    /// Proves every closed window that was not proved yet. An order that only the report knows is
    /// read on its own and goes on.
    ///
    /// # Errors
    /// The errors of the store and of both systems.
    pub async fn prove(&self) -> anyhow::Result<Proved> {
        let mut proved = Proved::default();
        while let Some(window) = self.next_window().await? {
            let proof = match self.prove_window(window).await {
                Ok(proof) => proof,
                Err(error) => {
                    proved.unready = Some(error.downcast()?);
                    break;
                }
            };
            let holds = proof.holds();
            proved.proofs.push(proof);
            if !holds {
                // It is proved again when what differs was looked at.
                break;
            }
            let until = Poll { since: window.1, until: None, page: None };
            self.store.polled(&self.site.connection, PROVED, &until, None).await?;
        }
        Ok(proved)
    }

    /// The next window whose orders can all be known; none while it is too young, or not read yet.
    async fn next_window(&self) -> anyhow::Result<Option<(Timestamp, Timestamp)>> {
        let connection = &self.site.connection;
        let Some(read) = self.store.poll(connection, "orders").await? else { return Ok(None) };
        if self.load().is_under_way().await? {
            return Ok(None);
        }
        let proved = self.store.poll(connection, PROVED).await?.map(|poll| poll.since);
        let since = proved.unwrap_or_else(|| self.intake().first_day(self.clock.now()));
        let closed = (self.clock.now() - CLOSED_AFTER).min(read.since - CLOSED_AFTER);
        let until = begin_of(day_of(closed)).min(since.checked_add(ORDERS_REPORT_MAX)?);
        Ok((since < until).then_some((since, until)))
    }

    async fn prove_window(&self, window: (Timestamp, Timestamp)) -> anyhow::Result<Proof> {
        let amazon = self.amazon.on_request();
        let marketplaces = self.reported_marketplaces(&amazon).await?;
        let wanted = Wanted {
            list: PROOF_REPORT,
            report_type: ORDERS_BY_DATE,
            marketplaces: &marketplaces,
            window: Some(window),
        };
        let report = self.requested(&amazon).fetch(&wanted).await?;
        let nothing = || Ok(BTreeMap::new());
        let reported = report.map_or_else(nothing, |report| reported_orders(&report.bytes))?;
        let reported: BTreeSet<String> = reported.into_keys().collect();
        let known = self.known(window).await?;
        let read_now = self.read_missed(&reported, &known).await?;
        let known = if read_now.is_empty() { known } else { self.known(window).await? };
        let in_epicor = self.in_epicor(window.0).await?;
        let known: Vec<KnownOrder> = known.into_iter().map(|(order, _)| order).collect();
        let mut proof = prove(window, &reported, &known, &in_epicor);
        let healed = read_now.into_iter();
        proof
            .differences
            .extend(healed.map(|order| Difference::NotSearched { order, read_now: true }));
        proof.differences.sort();
        // What differs is proved again by a report of then.
        self.requested(&amazon).done(&wanted).await?;
        Ok(proof)
    }

    /// The orders that were made in a window, with their facts.
    async fn known(
        &self,
        window: (Timestamp, Timestamp),
    ) -> anyhow::Result<Vec<(KnownOrder, OrderFacts)>> {
        let mut known = Vec::new();
        for record in self.store.orders(Some(&self.site.connection), None).await? {
            let id = record.key.order_id;
            let facts: OrderFacts = serde_json::from_str(&record.told.payload)
                .with_context(|| format!("order {id}: its stored form"))?;
            if (window.0..window.1).contains(&facts.order.created) {
                let state = State::parse(&record.state)
                    .with_context(|| format!("order {id} is \"{}\"", record.state))?;
                let entered = record.order_num.is_some();
                known.push((KnownOrder { id, state, entered }, facts));
            }
        }
        Ok(known)
    }

    /// Reads the orders that Amazon reports and the search never told.
    async fn read_missed(
        &self,
        reported: &BTreeSet<String>,
        known: &[(KnownOrder, OrderFacts)],
    ) -> anyhow::Result<Vec<String>> {
        let ids: BTreeSet<&str> = known.iter().map(|(order, _)| order.id.as_str()).collect();
        let mut read = Vec::new();
        for id in reported.iter().filter(|id| !ids.contains(id.as_str())) {
            if let Some(order) = self.amazon.order(id).await? {
                self.intake().record(&order).await?;
                read.push(id.clone());
            }
        }
        if !read.is_empty() {
            self.go_on(&mut OrdersSummary::default()).await?;
        }
        Ok(read)
    }

    /// Every sales order of the customers, by its PO number, from a day before the window on.
    async fn in_epicor(&self, since: Timestamp) -> anyhow::Result<BTreeMap<String, Vec<i64>>> {
        let from = day_of(since - SignedDuration::from_hours(24));
        let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for cust_id in self.setting.all_customers() {
            let Some(customer) = self.ledger.customer(cust_id).await? else { continue };
            for head in self.ledger.orders_from(customer.cust_num, from).await? {
                if !head.void {
                    found.entry(head.po_num).or_default().push(head.order_num);
                }
            }
        }
        Ok(found)
    }

    /// What records the orders of this run.
    #[must_use]
    pub fn intake(self) -> OrderIntake<'a> {
        OrderIntake { work: self }
    }

    /// What loads the orders of this run.
    #[must_use]
    pub fn load(self) -> OrderLoad<'a> {
        OrderLoad { work: self }
    }

    /// What moves the orders of this run.
    #[must_use]
    pub fn worker(self) -> OrderWorker<'a> {
        OrderWorker { work: self }
    }
}
