//! The first tab: the picture from sales to the deposit, and the journal by account.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use ledger_mapper::{FeeInvoice, Journal, Outcome, Role, RowFacts, Rules, Source};
use rust_decimal::Decimal;
use settlement_model::{Currency, Settlement};

use super::sheet::{Nets, Sheet, nets, sheets};
use super::{Found, Head, Named, Tab};
use crate::console::address;
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::console::waterfall::Waterfall;
use crate::pipeline::settlement::State as Life;
use crate::pipeline::{KeptPlan, kept_document, settlement_of};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements/{connection}/{id}", get(show))
}

/// How many settlements back one with a journal is looked for.
const LOOK_BACK: usize = 6;

#[derive(Template)]
#[template(path = "settlement/journal.html")]
struct JournalPage {
    frame: Frame,
    head: Head,
    picture: Waterfall,
    sheets: Vec<Sheet>,
    /// The settlement that is compared with.
    before: Option<(String, String)>,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
) -> Result<Page<JournalPage>, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let head = found.head(Tab::Journal)?;
    let currency = Currency::parse(&found.record.currency)?;
    let amounts = match &found.plan {
        Some(plan) if !(plan.journals.is_empty() && found.record.hold.is_some()) => {
            amounts_of(plan)
        }
        _ => found.amounts_by_rules_of_now().await?,
    };
    let (before, compared) = found.before().await?;
    let is_by_hand = head.state == Life::ByHand.as_str();
    let plan = found.plan.clone().filter(|_| !is_by_hand);
    let documents = plan.map(KeptPlan::into_documents).unwrap_or_default();
    let sheets = sheets(&documents, Some(&head.base), compared.as_ref());
    let picture = Waterfall::of(amounts, currency);
    Ok(Page(JournalPage { frame: seat.frame(Entry::Settlements), head, picture, sheets, before }))
}

impl Found {
    /// The last settlement before this one that has a journal, as a link, and what it did to the
    /// accounts.
    async fn before(&self) -> anyhow::Result<(Option<(String, String)>, Option<Nets>)> {
        let mut at = self.record.clone();
        // One that is held has no journal to compare with.
        for _ in 0..LOOK_BACK {
            let Some(record) = self.store.settlement_before(&at).await? else { break };
            let plan = record.plan.as_ref().map(|_| KeptPlan::of(&record)).transpose()?;
            if let Some(plan) = plan.filter(|plan| !plan.journals.is_empty()) {
                let link = (record.key.settlement_id.clone(), address::settlement(&record.key));
                return Ok((Some(link), Some(nets(&plan.into_documents()))));
            }
            at = record;
        }
        Ok((None, None))
    }

    /// What is held has no journal: its rows are looked at by the rules of now.
    async fn amounts_by_rules_of_now(&self) -> anyhow::Result<Vec<(Option<Role>, Decimal)>> {
        let id = &self.record.key.settlement_id;
        let stored = kept_document(&self.store, &self.record.document, id).await?;
        let site = self.site()?;
        let (settlement, zone) = settlement_of(&site, &stored, id)?;
        Ok(by_rules(&settlement, &zone, &site.rules))
    }
}

/// What a plan's rows were taken for, with their amounts.
pub(in crate::console) fn amounts(
    (journals, invoices): (&[Journal], &[FeeInvoice]),
    netted_to_zero: &[Source],
) -> Vec<(Option<Role>, Decimal)> {
    let of_journals = journals.iter().flat_map(|one| &one.lines).flat_map(|one| &one.sources);
    let of_invoices = invoices.iter().flat_map(|one| &one.lines).flat_map(|one| &one.sources);
    let sources = of_journals.chain(of_invoices).chain(netted_to_zero);
    sources.map(|source| (Some(source.role), source.amount)).collect()
}

/// Those of a plan that is kept.
pub(super) fn amounts_of(plan: &KeptPlan) -> Vec<(Option<Role>, Decimal)> {
    amounts((&plan.journals, &plan.invoices), &plan.netted_to_zero)
}

/// What these rules take a settlement's rows for.
pub(in crate::console) fn by_rules(
    settlement: &Settlement,
    zone: &jiff::tz::TimeZone,
    rules: &Rules,
) -> Vec<(Option<Role>, Decimal)> {
    let end = settlement.end.date_in(zone);
    let of_group = |group: &settlement_model::Group| {
        let outcome = rules.outcome(&RowFacts::of_group(group, group.date.min(end)));
        (role_of(&outcome), group.amount.amount())
    };
    settlement.groups.iter().map(of_group).collect()
}

/// The role of an outcome, whether or not it has an account.
pub(in crate::console) fn role_of(outcome: &Outcome) -> Option<Role> {
    match outcome {
        Outcome::Posted { role, .. }
        | Outcome::NoAccount { role, .. }
        | Outcome::NoSegment { role, .. } => Some(*role),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ledger_mapper::{Calendar, Context, plan};
    use settlement_model::ReadOptions;

    use super::*;

    #[test]
    fn the_picture_of_a_plan_and_of_its_rows_are_the_same_and_end_at_the_deposit() {
        let document = fixtures::documents::get("us-plain.txt").expect("it ships");
        let read = settlement_model::read(document.bytes.as_slice(), &ReadOptions::default());
        let read = read.expect("readable");
        let (rules, calendar) = (Rules::sample(), Calendar::months());
        let context = Context::new("us", &rules, &calendar, &read.zone);
        let settlement = &read.settlements[0];
        let mut kept = serde_json::to_value(plan(settlement, &context)).expect("a plan");
        kept["invoices"] = serde_json::json!([]);
        let kept: KeptPlan = serde_json::from_value(kept).expect("the same plan");
        let currency = settlement.currency();
        let of_plan = Waterfall::of(amounts_of(&kept), currency);
        let of_rows = Waterfall::of(by_rules(settlement, &read.zone, &rules), currency);
        assert_eq!(of_plan, of_rows);
        let deposit = of_plan.bars.last().expect("the deposit");
        assert_eq!(deposit.amount.text, crate::output::grouped(&settlement.total.amount_text()));
        let balance: Decimal = nets(&kept.into_documents()).values().sum();
        assert!(balance.is_zero(), "debits are credits");
    }
}
