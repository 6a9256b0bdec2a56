//! How much there is of everything, in a few numbers: what health checks and metrics ask.

use jiff::Timestamp;

use crate::{
    Store,
    engine::{Engine, Row, Tx, params},
    error::{Error, Fault, about},
};

/// Counts over the whole store, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Settlements by state.
    pub settlements: Vec<(String, u64)>,
    /// Reports that are held: their documents could not be read.
    pub reports_held: u64,
    /// Documents for Epicor by step.
    pub postings: Vec<(String, u64)>,
    /// Flows of connections, by flow and the outcome of the last run; no outcome where none ended.
    pub flows: Vec<FlowCount>,
    /// Lanes held now, by owner. On SQLite there are none.
    pub lanes: Vec<(String, u64)>,
}

/// How many connections' last run of a flow had an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowCount {
    /// The flow.
    pub flow: String,
    /// The outcome of the last run; `None` where none ended yet.
    pub outcome: Option<String>,
    /// How many connections.
    pub connections: u64,
    /// The earliest time that one of them is due; `None` where only a person starts them.
    pub due: Option<Timestamp>,
}

impl Store {
    /// When the credential of this name was set, by connection. None is read.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a time cannot be read back.
    pub async fn secrets_set_at(&self, name: &str) -> Result<Vec<(String, Timestamp)>, Error> {
        about(&format!("secrets {name}"), async {
            let query = "SELECT connection, set_at FROM secrets WHERE name = ?1
                 ORDER BY connection";
            let rows = self.read().await?.rows(query, &params![name]).await?;
            let read = |mut row: Row| Ok((row.text("connection")?, row.parsed("set_at")?));
            rows.into_iter().map(read).collect()
        })
        .await
    }

    /// Counts everything.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn overview(&self) -> Result<Overview, Error> {
        about("overview", async {
            let mut tx = self.read().await?;
            let flows = "SELECT flow, outcome, count(*) AS amount, min(due) AS due FROM schedule
                 GROUP BY flow, outcome ORDER BY flow, outcome";
            let flows = tx.rows(flows, &params![]).await?;
            let held = "SELECT count(*) AS amount FROM reports WHERE state = 'held'";
            let held = tx.row(held, &params![]).await?;
            Ok(Overview {
                settlements: by(&mut tx, "settlements", "state").await?,
                reports_held: held.map_or(Ok(0), |mut row| row.number("amount"))?,
                postings: by(&mut tx, "postings", "step").await?,
                flows: flows.into_iter().map(flow_count).collect::<Result<_, _>>()?,
                lanes: match &*self.engine {
                    Engine::Sqlite(_) => Vec::new(),
                    Engine::Postgres(_) => {
                        let held = "lanes WHERE until > clock_timestamp()";
                        by(&mut tx, held, "owner").await?
                    }
                },
            })
        })
        .await
    }
}

/// The rows of a table by a column. Both are this module's own words.
async fn by(tx: &mut Tx<'_>, table: &str, column: &str) -> Result<Vec<(String, u64)>, Fault> {
    let query = format!(
        "SELECT {column} AS word, count(*) AS amount FROM {table} GROUP BY {column} ORDER BY {column}"
    );
    let rows = tx.rows(&query, &params![]).await?;
    rows.into_iter().map(|mut row| Ok((row.text("word")?, row.number("amount")?))).collect()
}

fn flow_count(mut row: Row) -> Result<FlowCount, Fault> {
    Ok(FlowCount {
        flow: row.text("flow")?,
        outcome: row.text_if_any("outcome")?,
        connections: row.number("amount")?,
        due: row.parsed_if_any("due")?,
    })
}
