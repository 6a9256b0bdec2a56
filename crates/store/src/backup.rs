//! Backups: everything that is kept, in one file that either engine takes back.
//!
//! The rows are read in one transaction that sees one moment, so others may go on writing meanwhile:
//! on SQLite a snapshot of the write-ahead log, on PostgreSQL a repeatable read. Leases and
//! sessions are left out: they are worth nothing later. Sealed credentials stay sealed.

mod file;

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::file::{Reader, Writer};
use crate::{
    Store,
    audit::{self, AuditCheck, ChainEnd, NewEvent},
    engine::{Access, Row, Tx, Value},
    error::{Error, Fault, about},
    migrations::LATEST,
};

/// A table as it is copied.
struct Table {
    name: &'static str,
    /// What its rows are ordered by, and told apart.
    key: &'static [&'static str],
    /// A column whose values are given anew, in the same order.
    numbered: Option<&'static str>,
    /// How many rows are in memory at once.
    batch: u64,
}

const fn table(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key, numbered: None, batch: 500 }
}

/// Every table but the leases and the sessions, each behind those that it refers to.
const TABLES: &[Table] = &[
    Table { batch: 4, ..table("documents", &["hash"]) },
    table("reports", &["connection", "report_id"]),
    Table { batch: 50, ..table("settlements", &["connection", "settlement_id"]) },
    table("sightings", &["settlement_id", "connection", "document", "source"]),
    Table { numbered: Some("number"), batch: 50, ..table("postings", &["number"]) },
    table("orders", &["connection", "order_id"]),
    table("shipments", &["connection", "pack_num", "order_id"]),
    table("polls", &["connection", "list"]),
    table("rates", &["connection", "account", "application", "operation"]),
    table("listings", &["connection", "marketplace", "sku"]),
    table("mappings", &["connection", "sku"]),
    table("bank_lines", &["connection", "account", "reference"]),
    table("waivers", &["connection", "settlement_id"]),
    Table { batch: 20, ..table("rules_versions", &["connection", "number"]) },
    Table { batch: 5, ..table("figures", &["connection", "name"]) },
    table("signed_periods", &["connection", "currency", "period", "number"]),
    Table { batch: 20, ..table("accruals", &["connection", "currency", "period"]) },
    table("audit", &["connection", "seq"]),
    table("audit_heads", &["connection"]),
    table("checkpoints", &["connection", "seq"]),
    Table { numbered: Some("number"), ..table("runs", &["number"]) },
    table("schedule", &["connection", "flow"]),
    table("alerts", &["connection", "key"]),
    table("alerts_told", &["connection", "key", "channel"]),
    table("secrets", &["connection", "name"]),
    table("settings", &["name"]),
    table("users", &["name"]),
];

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSummary {
    /// When it was made.
    pub at: Timestamp,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// The end of each chain of the audit log.
    pub audit: BTreeMap<String, ChainEnd>,
    /// The SHA-256 of its uncompressed lines but the last, which holds it.
    pub sha256: String,
}

impl Store {
    /// Writes everything to a new file that only its owner may read. The log must verify.
    ///
    /// # Errors
    /// [`Error::Io`] when the file is there already or cannot be written, [`Error::AuditBroken`] for
    /// a log that was changed, and [`Error::Database`] when the database cannot be read.
    pub async fn backup(&self, path: &Path, at: Timestamp) -> Result<BackupSummary, Error> {
        about("backup", async {
            let mut tx = self.read().await?;
            let chains = audit::verify(&mut tx).await?.chains;
            let mut writer = Writer::create(path, LATEST, at)?;
            let mut rows = BTreeMap::new();
            for table in TABLES {
                rows.insert(table.name.to_owned(), copy_out(&mut tx, table, &mut writer).await?);
            }
            Ok(writer.finish(at, rows, chains)?)
        })
        .await
    }

    /// Takes a backup into this store, which must be empty: all of it or nothing. Before anything is
    /// kept, the checksum, the counts and the audit log are checked. `event` is appended together
    /// with it, and tells the backup's checksum and when it was made.
    ///
    /// # Errors
    /// [`Error::NotEmpty`] when there is data already, [`Error::BadBackup`] for a file that is
    /// damaged, cut off or another version's, and [`Error::AuditBroken`] when its log was changed.
    pub async fn restore(
        &self,
        path: &Path,
        event: Option<&NewEvent>,
    ) -> Result<BackupSummary, Error> {
        about("restore", async {
            let mut tx = self.begin(Access::Write).await?;
            for table in TABLES {
                if count(&mut tx, table.name).await? > 0 {
                    return Err(Error::NotEmpty { table: table.name.to_owned() }.into());
                }
            }
            let mut reader = Reader::open(path, LATEST)?;
            let summary = loop {
                match reader.next()? {
                    file::Line::Row { table, values } => {
                        put(&mut tx, &reader, &table, values).await?;
                    }
                    file::Line::End(summary) => break summary,
                }
            };
            for table in TABLES {
                let kept = count(&mut tx, table.name).await?;
                let told = summary.rows.get(table.name).copied().unwrap_or(0);
                if kept != told {
                    let what = format!("{kept} rows of {} came, not {told}", table.name);
                    return Err(reader.bad(what).into());
                }
            }
            let AuditCheck { chains, .. } = audit::verify(&mut tx).await?;
            if chains != summary.audit {
                return Err(reader.bad("its audit log does not end where it says").into());
            }
            if let Some(event) = event {
                let detail = json!({ "sha256": summary.sha256, "made": summary.at.to_string() });
                audit::lock(&mut tx, &event.connection).await?;
                audit::append(&mut tx, &NewEvent { detail, ..event.clone() }).await?;
            }
            tx.commit().await?;
            Ok(summary)
        })
        .await
    }
}

async fn count(tx: &mut Tx<'_>, table: &str) -> Result<u64, Fault> {
    let query = format!("SELECT count(*) AS kept FROM {table}");
    let row = tx.row(&query, &[]).await?;
    row.map_or(Ok(0), |mut row| row.number("kept"))
}

/// Copies a table in the order of its key; returns how many rows it has.
async fn copy_out(tx: &mut Tx<'_>, table: &Table, writer: &mut Writer) -> Result<u64, Fault> {
    let Table { name, key, batch, .. } = table;
    let order = key.join(", ");
    let places: Vec<_> = (1..=key.len()).map(|place| format!("?{place}")).collect();
    let behind = format!("WHERE ({order}) > ({})", places.join(", "));
    let mut last: Vec<Value<'static>> = Vec::new();
    let mut copied = 0;
    loop {
        let behind = if last.is_empty() { "" } else { &behind };
        let query = format!("SELECT * FROM {name} {behind} ORDER BY {order} LIMIT {batch}");
        let rows = tx.rows(&query, &last).await?;
        let Some(newest) = rows.last() else { return Ok(copied) };
        last = key.iter().map(|column| newest.peek(column)).collect::<Result<_, _>>()?;
        copied += rows.len() as u64;
        for row in rows {
            let Row { columns, values } = row;
            let of_row = columns.iter().zip(values);
            let kept = of_row.filter(|(column, _)| table.numbered != Some(column.as_str()));
            writer.row(name, kept)?;
        }
    }
}

/// Inserts a row. What is absent in it stays absent.
async fn put(
    tx: &mut Tx<'_>,
    reader: &Reader,
    table: &str,
    values: Vec<(String, Value<'static>)>,
) -> Result<(), Fault> {
    let known = TABLES.iter().find(|known| known.name == table);
    let Some(Table { name, .. }) = known else {
        return Err(reader.bad(format!("it has a table {table}, which is not known")).into());
    };
    // The names become part of the statement.
    let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if let Some((column, _)) = values.iter().find(|(column, _)| !plain(column)) {
        return Err(reader.bad(format!("{table} has a column {column:?}")).into());
    }
    let columns: Vec<_> = values.iter().map(|(column, _)| column.as_str()).collect();
    let places: Vec<_> = (1..=values.len()).map(|place| format!("?{place}")).collect();
    let (columns, places) = (columns.join(", "), places.join(", "));
    let values: Vec<_> = values.iter().map(|(_, value)| value.clone()).collect();
    let insert = format!("INSERT INTO {name} ({columns}) VALUES ({places})");
    tx.execute(&insert, &values).await.map(|_inserted| ())
}
