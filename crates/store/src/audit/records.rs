//! Which connections have records. Each record was written together with an event, so each of these
//! connections has a chain, and the chain has an event.

use std::collections::BTreeSet;

use crate::{
    engine::{Tx, Value, params},
    error::Fault,
    user::CONSOLE,
};

/// The tables of whose rows each came with an event in the chain of its connection.
const TOLD: &[&str] = &[
    "accruals",
    "bank_lines",
    "mappings",
    "orders",
    "postings",
    "reports",
    "rules_versions",
    "secrets",
    "settlements",
    "shipments",
    "signed_periods",
    "waivers",
];

/// Every connection that has records; users are told of in the chain of the console.
pub(super) async fn connections(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, Fault> {
    found(tx, "", &[]).await
}

/// Whether this connection has records.
pub(super) async fn any(tx: &mut Tx<'_>, connection: &str) -> Result<bool, Fault> {
    let found = found(tx, " WHERE connection = ?1", &params![connection]).await?;
    Ok(found.contains(connection))
}

async fn found(
    tx: &mut Tx<'_>,
    only: &str,
    params: &[Value<'_>],
) -> Result<BTreeSet<String>, Fault> {
    let of_tables =
        TOLD.iter().map(|table| format!("SELECT DISTINCT connection FROM {table}{only}"));
    let of_users = format!(
        "SELECT DISTINCT connection FROM
             (SELECT CAST('{CONSOLE}' AS TEXT) AS connection FROM users) console{only}"
    );
    let all: Vec<_> = of_tables.chain([of_users]).collect();
    let rows = tx.rows(&all.join(" UNION ALL "), params).await?;
    rows.into_iter().map(|mut row| row.text("connection")).collect()
}
