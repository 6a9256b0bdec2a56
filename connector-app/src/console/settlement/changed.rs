//! What is different from the settlement before; and if Amazon issued this one again, from itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use ledger_mapper::Role;
use rust_decimal::Decimal;
use serde_json::Value;
use settlement_model::Currency;

use super::journal::amounts_of;
use super::{Found, Head, Named, Tab};
use crate::console::address;
use crate::console::figures::{self, Figure, change, figure};
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::pipeline::{HeldReason, KeptPlan};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements/{connection}/{id}/changed", get(show))
}

#[derive(Template)]
#[template(path = "settlement/changed.html")]
struct ChangedPage {
    frame: Frame,
    head: Head,
    before: Option<Before>,
    roles: Vec<RoleLine>,
    reissue: Vec<ReissueLine>,
}

/// The settlement that is compared with.
struct Before {
    id: String,
    href: String,
    to: String,
    deposit: Figure,
    /// Whether both were made by the same rules, in words.
    rules: String,
}

/// A role then and now.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RoleLine {
    title: String,
    before: String,
    now: String,
    change: String,
}

/// A kind of row of the content that was known, and of the one that came.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ReissueLine {
    what: String,
    before: String,
    now: String,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
) -> Result<Page<ChangedPage>, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let head = found.head(Tab::Changed)?;
    let currency = Currency::parse(&found.record.currency)?;
    let record = found.store.settlement_before(&found.record).await?;
    let plan_before =
        record.as_ref().filter(|record| record.plan.is_some()).map(KeptPlan::of).transpose()?;
    let roles = match (&plan_before, &found.plan) {
        (Some(before), Some(now)) => compare(&by_role(before), &by_role(now), currency),
        _ => Vec::new(),
    };
    let before = record.map(|record| Before {
        href: address::settlement(&record.key),
        to: figures::day(&record.end),
        deposit: figures::stored(&record.deposit),
        rules: same_rules(plan_before.as_ref(), found.plan.as_ref()).to_owned(),
        id: record.key.settlement_id,
    });
    let reissue = head.held.iter().flat_map(reissued).collect();
    Ok(Page(ChangedPage { frame: seat.frame(Entry::Settlements), head, before, roles, reissue }))
}

fn same_rules(before: Option<&KeptPlan>, now: Option<&KeptPlan>) -> &'static str {
    match (before, now) {
        (Some(before), Some(now)) if before.rules == now.rules => {
            "Both were mapped by the same rules."
        }
        (Some(_), Some(_)) => "The rules were changed between the two: a shift may be theirs.",
        _ => "One of the two is not mapped yet.",
    }
}

fn by_role(plan: &KeptPlan) -> BTreeMap<Role, Decimal> {
    let mut roles = BTreeMap::new();
    for (role, amount) in amounts_of(plan) {
        if let Some(role) = role {
            *roles.entry(role).or_insert(Decimal::ZERO) += amount;
        }
    }
    roles
}

/// Each role of either, the largest change first.
fn compare(
    before: &BTreeMap<Role, Decimal>,
    now: &BTreeMap<Role, Decimal>,
    currency: Currency,
) -> Vec<RoleLine> {
    let roles: std::collections::BTreeSet<_> = before.keys().chain(now.keys()).copied().collect();
    let mut compared: Vec<_> = roles
        .into_iter()
        .map(|role| (role, before.get(&role).copied(), now.get(&role).copied()))
        .collect();
    let size = |(_, before, now): &(Role, Option<Decimal>, Option<Decimal>)| {
        (now.unwrap_or_default() - before.unwrap_or_default()).abs()
    };
    compared.sort_by_key(|one| std::cmp::Reverse(size(one)));
    let text = |amount: Option<Decimal>| {
        amount.map_or_else(String::new, |amount| figure(amount, currency).text)
    };
    compared
        .into_iter()
        .map(|(role, before, now)| RoleLine {
            title: role.info().title.clone(),
            before: text(before),
            now: text(now),
            change: match now {
                Some(now) => change(now, before, currency),
                None => "gone".to_owned(),
            },
        })
        .collect()
}

/// What the reason that holds a settlement that came again says of each kind of row.
fn reissued(reason: &HeldReason) -> Vec<ReissueLine> {
    let changes = reason.facts.get("changes").and_then(Value::as_array);
    let text = |change: &Value, name: &str| {
        change.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let side = |change: &Value, amount: &str, rows: &str| match text(change, amount).as_str() {
        "" => "none".to_owned(),
        amount => {
            let rows = change.get(rows).and_then(Value::as_u64).unwrap_or_default();
            format!("{} in {}", figures::stored(amount).text, figures::counted(rows, "row"))
        }
    };
    let line = |change: &Value| ReissueLine {
        what: ["transaction_type", "amount_type", "amount_description"]
            .map(|name| text(change, name))
            .join(" / "),
        before: side(change, "amount", "rows"),
        now: side(change, "amount_now", "rows_now"),
    };
    changes.into_iter().flatten().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_change_comes_first_and_what_is_gone_says_so() {
        let role = |name: &str| Role::named(name).expect("a role");
        let cents = |cents| Decimal::new(cents, 2);
        let before = [(role("product_sales"), cents(10_000)), (role("advertising"), cents(-500))];
        let now = [(role("product_sales"), cents(10_100)), (role("storage_fees"), cents(-50))];
        let usd = Currency::parse("USD").expect("a code");
        let lines = compare(&before.into(), &now.into(), usd);
        let told: Vec<_> =
            lines.iter().map(|line| (line.title.as_str(), line.change.as_str())).collect();
        assert_eq!(
            told,
            [("Advertising", "gone"), ("Product sales", "+1.00 (+1 %)"), ("Storage fees", "new")]
        );
        assert_eq!((lines[0].before.as_str(), lines[0].now.as_str()), ("-5.00", ""));
    }

    #[test]
    fn another_content_is_told_by_kind_of_row() {
        let mut reason = HeldReason::new("reissued", "it came again");
        let changes = serde_json::json!([{
            "transaction_type": "Order", "amount_type": "ItemFees", "amount_description": "Commission",
            "rows": 2, "amount": "-3.00", "rows_now": 0, "amount_now": null,
        }]);
        reason.facts.insert("changes".to_owned(), changes);
        let lines = reissued(&reason);
        assert_eq!(lines[0].what, "Order / ItemFees / Commission");
        assert_eq!((lines[0].before.as_str(), lines[0].now.as_str()), ("-3.00 in 2 rows", "none"));
    }
}
