//! What is held until a person looks: settlements, accruals, reports, orders, shipments, cross references, and
//! documents that do not stand in Epicor once.

use store::{RecordKey, Store};

use super::shortened;
use crate::alert::{Alert, Kind, Message};
use crate::pipeline::settlement::State;
use crate::pipeline::{HeldReason, Incident, accrual, mapping, order, shipment};

/// Everything of a connection that is held.
pub(super) async fn all(store: &Store, connection: &str) -> anyhow::Result<Vec<Alert>> {
    let mut found = settlements(store, connection).await?;
    found.extend(accruals(store, connection).await?);
    for posting in store.incidents(Some(connection)).await? {
        if let Some(incident) = Incident::of(&posting) {
            found.push(of_incident(connection, &incident));
        }
    }
    found.extend(reports(store, connection).await?);
    found.extend(orders(store, connection).await?);
    found.extend(shipments(store, connection).await?);
    found.extend(mappings(store, connection).await?);
    Ok(found)
}

async fn settlements(store: &Store, connection: &str) -> anyhow::Result<Vec<Alert>> {
    let mut records = store.settlements(Some(connection)).await?;
    records.retain(|record| record.state == State::Held.as_str());
    let alerts = records.into_iter().map(|record| {
        let id = &record.key.settlement_id;
        of_hold(format!("settlement {id}"), record.hold.as_deref(), release(id, connection))
    });
    Ok(alerts.collect())
}

/// How a settlement or an order goes on.
fn release(id: &str, connection: &str) -> String {
    format!(
        "run `ml-connector status {id} --connection {connection}`, mend what it says, then \
         `ml-connector release {id} --connection {connection}`"
    )
}

async fn accruals(store: &Store, connection: &str) -> anyhow::Result<Vec<Alert>> {
    let mut records = store.accruals(Some(connection)).await?;
    records.retain(|record| record.state == accrual::State::Held.as_str());
    let alerts = records.into_iter().map(|record| {
        let RecordKey { id, .. } = RecordKey::from(&record.key);
        let next = format!(
            "run `ml-connector accrue --period {} --connection {connection}`, mend what it says, \
             then the same with `--release`",
            record.key.period
        );
        of_hold(format!("accrual {id}"), record.hold.as_deref(), next)
    });
    Ok(alerts.collect())
}

async fn reports(store: &Store, connection: &str) -> anyhow::Result<Vec<Alert>> {
    let alerts = store.reports_held(Some(connection)).await?.into_iter().map(|report| {
        let next = format!(
            "run `ml-connector status --connection {connection}`; download the report from \
             Seller Central and take it in with `ml-connector import FILE`"
        );
        of_hold(format!("report {}", report.report_id), report.hold.as_deref(), next)
    });
    Ok(alerts.collect())
}

async fn orders(store: &Store, connection: &str) -> anyhow::Result<Vec<Alert>> {
    let records = store.orders(Some(connection), Some(order::State::Held.as_str())).await?;
    let alerts = records.into_iter().map(|record| {
        let id = &record.key.order_id;
        of_hold(format!("order {id}"), record.hold.as_deref(), release(id, connection))
    });
    Ok(alerts.collect())
}

async fn shipments(store: &Store, connection: &str) -> anyhow::Result<Vec<Alert>> {
    let records = store.shipments(Some(connection), Some(shipment::State::Held.as_str())).await?;
    let alerts = records.into_iter().map(|record| {
        let (id, pack) = (&record.key.order_id, &record.key.pack_num);
        let name = format!("pack {pack} of order {id}");
        of_hold(name, record.hold.as_deref(), release(id, connection))
    });
    Ok(alerts.collect())
}

async fn mappings(store: &Store, connection: &str) -> anyhow::Result<Vec<Alert>> {
    let held = mapping::State::Held.as_str();
    let records = store.mappings_in(Some(connection), held).await?;
    let alerts = records.into_iter().map(|record| {
        let (sku, part) = (&record.key.sku, &record.to.part);
        let next = format!(
            "correct the cross reference in Epicor, then run `ml-connector catalog accept {sku} \
             {part} --connection {connection}`, or accept another part"
        );
        of_hold(format!("cross reference of SKU {sku}"), record.hold.as_deref(), next)
    });
    Ok(alerts.collect())
}

pub(super) fn of_hold(record: String, hold: Option<&str>, next: String) -> Alert {
    let reasons = HeldReason::parse_all(hold);
    let codes: Vec<_> = reasons.iter().map(|reason| reason.reason.as_str()).collect();
    let first = reasons.first().map_or("without a reason", |reason| reason.message.as_str());
    let more = match reasons.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    Alert {
        kind: Kind::Held,
        stage: codes.join(" "),
        message: Message {
            record,
            what: format!("is held: {}{more}", shortened(first)),
            who: "the accountant, unless the reason names someone else".to_owned(),
            next,
        },
    }
}

fn of_incident(connection: &str, incident: &Incident) -> Alert {
    Alert {
        kind: Kind::Held,
        stage: incident.reason.clone(),
        message: Message {
            record: format!("document {}", incident.key),
            what: format!("needs a look: {}", shortened(&incident.message)),
            who: "the accountant, unless the reason names someone else".to_owned(),
            next: format!("run `ml-connector status --connection {connection}`"),
        },
    }
}
