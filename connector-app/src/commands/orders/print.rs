//! What runs over orders and shipments print.

use anstyle::Style;
use serde_json::{Value, json};
use store::OrderRecord;

use super::Ran;
use crate::commands::App;
use crate::config::{Config, Connection};
use crate::exit::Exit;
use crate::ledger::sales_order::SalesOrder;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, Table, grouped, state_style, styled};
use crate::pipeline::order::{Event, State};
use crate::pipeline::{HeldReason, Judged, Loaded, Standing};
use crate::sync::orders::{OrdersSummary, Proved};
use crate::sync::shipments::ShipmentsSummary;

pub(super) fn ran(app: &App, connection: &str, ran: &Ran) -> Exit {
    match ran {
        Ran::Synced(summary) => print_summary(app, connection, summary),
        Ran::Shipped(summary) => print_shipments(app, connection, summary),
        Ran::Drafts(drafts) => print_drafts(app, connection, drafts),
        Ran::Proved(proved) => print_proofs(app, connection, proved),
    }
}

fn print_summary(app: &App, connection: &str, summary: &OrdersSummary) -> Exit {
    let (polled, loaded) = (&summary.polled, &summary.loaded);
    if app.common.json {
        let moved = summary.moved.iter();
        let moved: Vec<_> =
            moved.map(|(id, state)| json!({ "order_id": id, "state": state.as_str() })).collect();
        output::line(json!({
            "connection": connection, "calls": polled.pages, "told": polled.told,
            "new": polled.new, "changed": polled.changed, "moved": moved,
            "refused": summary.refused,
            "loaded": { "reports": loaded.reports, "reports_left": loaded.reports_left,
                        "orders": loaded.reported, "new": loaded.new, "read": loaded.read,
                        "not_given": loaded.not_given, "left": loaded.left },
            "failures": failures(&summary.failures),
        }));
    } else {
        output::line(format!(
            "{}  {} orders told in {} calls: {} new, {} changed; {} moved",
            styled(HEAD, connection),
            polled.told,
            polled.pages,
            polled.new,
            polled.changed,
            summary.moved.len(),
        ));
        if let Some(refused) = &summary.refused {
            output::line(format!("  {} {refused}", styled(ATTENTION, "refused:")));
        }
        print_loaded(loaded);
        print_failures(&summary.failures);
    }
    let held = summary.moved.values().any(|state| matches!(state, State::Held | State::Waiting));
    exit_of(&summary.failures, held)
}

fn print_loaded(loaded: &Loaded) {
    if *loaded == Loaded::default() {
        return;
    }
    output::line(format!(
        "  first load: {} orders in {} reports, {} of them new; {} read one by one, {} not given by the \
         Orders API",
        loaded.reported, loaded.reports, loaded.new, loaded.read, loaded.not_given,
    ));
    if loaded.reports_left > 0 || loaded.left > 0 {
        output::line(format!(
            "  {} {} reports and {} orders are still to be read; the next run goes on",
            styled(ATTENTION, "first load:"),
            loaded.reports_left,
            loaded.left,
        ));
    }
}

/// How far a first load is.
pub(super) fn load(app: &App, config: &Config, connection: &Connection, standing: &Standing) {
    if app.common.json {
        output::line(json!({ "connection": connection.name, "first_load": standing }));
        return;
    }
    let (reports, orders) = (standing.reports_left.len(), standing.orders_left);
    let about = app.about(config, connection, "first load:");
    output::line(format!("  {about} {reports} reports and {orders} orders are still to be read"));
    for (window, far) in &standing.reports_left {
        output::line(format!("    orders of {window}: report {far}"));
    }
}

fn print_shipments(app: &App, connection: &str, summary: &ShipmentsSummary) -> Exit {
    use crate::pipeline::shipment::State as Shipment;
    if app.common.json {
        let moved = summary.moved.iter();
        let moved: Vec<_> = moved
            .map(|(name, state)| json!({ "shipment": name, "state": state.as_str() }))
            .collect();
        output::line(json!({ "connection": connection, "packs": summary.packs, "moved": moved,
                             "failures": failures(&summary.failures) }));
    } else {
        let confirmed = summary.moved.values().filter(|state| **state == Shipment::Confirmed);
        output::line(format!(
            "{}  {} packs read, {} shipments confirmed",
            styled(HEAD, connection),
            summary.packs,
            confirmed.count(),
        ));
        for (name, state) in summary.moved.iter().filter(|(_, s)| **s != Shipment::Confirmed) {
            output::line(format!("  {name}: {}", styled(state_style(state.as_str()), state)));
        }
        print_failures(&summary.failures);
    }
    let stopped = |state: &Shipment| matches!(state, Shipment::Held | Shipment::Waiting);
    exit_of(&summary.failures, summary.moved.values().any(stopped))
}

fn print_drafts(app: &App, connection: &str, drafts: &[(OrderRecord, Judged)]) -> Exit {
    if !app.common.json {
        let acts = drafts.iter().filter(|(_, judged)| acts(judged)).count();
        output::line(format!(
            "{}  {} orders looked at, {acts} would be written; nothing was",
            styled(HEAD, connection),
            drafts.len(),
        ));
    }
    let mut held = false;
    for (record, judged) in drafts {
        held |= judged.event == Event::Missing;
        if acts(judged) || !judged.reasons.is_empty() {
            judgement(app, record, judged);
        }
    }
    if held { Exit::Held } else { Exit::Ok }
}

/// Whether something would be written.
const fn acts(judged: &Judged) -> bool {
    judged.document.is_some() || judged.pack.is_some()
}

fn print_proofs(app: &App, connection: &str, proved: &Proved) -> Exit {
    for proof in &proved.proofs {
        if app.common.json {
            output::line(json!({ "connection": connection, "holds": proof.holds(),
                                 "proof": proof }));
            continue;
        }
        let word = if proof.holds() { styled(GOOD, "complete") } else { styled(BAD, "differs") };
        let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
        output::line(format!(
            "{}  {} to {}: {word}: {} reported, {} searched = {} in Epicor + {} waiting + {} excluded",
            styled(HEAD, connection),
            day(proof.since),
            day(proof.until),
            proof.reported,
            proof.searched,
            proof.entered,
            proof.waiting,
            proof.excluded,
        ));
        for difference in &proof.differences {
            output::line(format!("  {} {difference}", styled(ATTENTION, "differs:")));
        }
    }
    if let Some(unready) = &proved.unready {
        if app.common.json {
            output::line(json!({ "connection": connection, "not_proved": unready.to_string() }));
        } else {
            output::line(format!("  {} {unready}", styled(ATTENTION, "not proved yet:")));
        }
    }
    exit_of_proofs(proved)
}

/// What differs counts more than a report that is not there yet.
pub(super) fn exit_of_proofs(proved: &Proved) -> Exit {
    match &proved.unready {
        _ if !proved.holds() => Exit::NotReconciled,
        Some(_) => Exit::Failed,
        None => Exit::Ok,
    }
}

fn failures(failures: &[(String, anyhow::Error)]) -> Vec<Value> {
    failures
        .iter()
        .map(|(record, error)| json!({ "record": record, "error": format!("{error:#}") }))
        .collect()
}

fn print_failures(failures: &[(String, anyhow::Error)]) {
    for (record, error) in failures {
        output::line(format!("  {} {record}: {error:#}", styled(BAD, "failed:")));
    }
}

fn exit_of(failures: &[(String, anyhow::Error)], held: bool) -> Exit {
    match failures.first() {
        Some((_, error)) => Exit::of(error),
        None if held => Exit::Held,
        None => Exit::Ok,
    }
}

pub(super) fn judgement(app: &App, record: &OrderRecord, judged: &Judged) {
    if app.common.json {
        output::line(json!({
            "order_id": record.key.order_id, "connection": record.key.connection,
            "state": record.state, "judged": judged.event.name(), "held": judged.reasons,
            "order": judged.document.as_ref().map(|document| &document.draft),
            "changes": judged.document.as_ref().and_then(|document| document.change.as_ref())
                .map(|change| &change.changes),
            "pack": judged.pack,
        }));
        return;
    }
    output::line(format!(
        "{}  {} ({})",
        styled(HEAD, format!("Order {}", record.key.order_id)),
        judged.event.name(),
        record.state
    ));
    for reason in &judged.reasons {
        output::line(format!("  {} {}", styled(ATTENTION, "waits:"), reason.message));
    }
    if let Some(pack) = &judged.pack {
        let of = pack.order_num;
        output::line(format!("  order {of}: one pack of all that is open, shipped {}", pack.day));
    }
    if let Some(document) = &judged.document {
        for line in document_lines(document) {
            output::line(line);
        }
    }
}

/// An order for people: what is written, line by line.
fn document_lines(document: &SalesOrder) -> Vec<String> {
    if let Some(change) = &document.change {
        let of = change.entered.order_num;
        let changes = change.changes.iter().map(|change| format!("  order {of}: {change}"));
        return changes.collect();
    }
    let draft = &document.draft;
    let mut table = Table::new(&[
        ("Part", Align::Left),
        ("SKU", Align::Left),
        ("Quantity", Align::Right),
        ("Unit price", Align::Right),
        ("Discount", Align::Right),
        ("Amount", Align::Right),
    ])
    .indent(2);
    for line in &draft.lines {
        table.row(
            Style::new(),
            [
                line.part.clone(),
                line.sku.clone(),
                format!("{} {}", line.quantity, line.uom),
                line.unit_price.to_string(),
                grouped(&line.discount.amount_text()),
                grouped(&line.amount.amount_text()),
            ],
        );
    }
    for charge in &draft.charges {
        let empty = String::new;
        let amount = grouped(&charge.amount.amount_text());
        let code = charge.code.clone();
        table.row(Style::new(), [code, charge.kind.to_string(), empty(), empty(), empty(), amount]);
    }
    let mut lines = vec![format!("  for {} on {}", draft.customer, draft.date)];
    lines.extend(table.lines());
    lines.push(format!("  {}", styled(HEAD, format!("total {}", draft.total))));
    lines
}

pub(super) fn hold(name: &str, state: &str, hold: Option<&str>) {
    for reason in HeldReason::parse_all(hold) {
        output::line(format!(
            "  {} {}",
            styled(ATTENTION, format!("{state} {name}:")),
            reason.message
        ));
    }
}
