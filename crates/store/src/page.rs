//! Lists for people: a page at a time, and settlements without what is to be posted.

use jiff::Timestamp;

use crate::{
    Store,
    document::DocumentHash,
    engine::{Row, params},
    error::{Error, Fault, about},
    order::OrderRecord,
    posting::PostingRecord,
    settlement::{SettlementKey, SettlementRecord},
};

/// Which settlements or orders are listed. The default lists all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListFilter<'a> {
    /// Those of one connection.
    pub connection: Option<&'a str>,
    /// Those in one state.
    pub state: Option<&'a str>,
}

/// A settlement as a list shows it. See [`SettlementRecord`] for the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of the record by the same name")]
pub struct SettlementSummary {
    pub key: SettlementKey,
    pub document: DocumentHash,
    pub currency: String,
    pub deposit: String,
    pub start: String,
    pub end: String,
    pub rows: u64,
    pub state: String,
    pub hold: Option<String>,
    pub created: Timestamp,
    pub updated: Timestamp,
}

/// What a summary is read from: everything but the plan, which is large.
const COLUMNS: &str =
    "connection, settlement_id, document, currency, deposit, start_date, end_date,
     row_count, state, hold, created, updated";

impl SettlementSummary {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            key: SettlementKey {
                connection: row.text("connection")?,
                settlement_id: row.text("settlement_id")?,
            },
            document: row.parsed("document")?,
            currency: row.text("currency")?,
            deposit: row.text("deposit")?,
            start: row.text("start_date")?,
            end: row.text("end_date")?,
            rows: row.number("row_count")?,
            state: row.text("state")?,
            hold: row.text_if_any("hold")?,
            created: row.parsed("created")?,
            updated: row.parsed("updated")?,
        })
    }
}

impl Store {
    /// A page of the settlements that pass the filter, the newest first, and how many there are.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn settlement_page(
        &self,
        filter: ListFilter<'_>,
        offset: u64,
        limit: u64,
    ) -> Result<(Vec<SettlementSummary>, u64), Error> {
        about("settlements", async {
            let passing = "(?1 IS NULL OR connection = ?1) AND (?2 IS NULL OR state = ?2)";
            let mut tx = self.read().await?;
            let count = format!("SELECT count(*) AS amount FROM settlements WHERE {passing}");
            let params = params![filter.connection, filter.state];
            let count = tx.row(&count, &params).await?;
            let count = count.map_or(Ok(0), |mut row| row.number("amount"))?;
            let page = format!(
                "SELECT {COLUMNS} FROM settlements WHERE {passing}
                 ORDER BY end_date DESC, settlement_id DESC, connection LIMIT ?3 OFFSET ?4"
            );
            let params = params![filter.connection, filter.state, limit, offset];
            let rows = tx.rows(&page, &params).await?;
            let rows: Result<Vec<_>, _> = rows.into_iter().map(SettlementSummary::read).collect();
            Ok((rows?, count))
        })
        .await
    }

    /// The settlement of the same connection and currency that ended last before this one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn settlement_before(
        &self,
        record: &SettlementRecord,
    ) -> Result<Option<SettlementRecord>, Error> {
        let SettlementKey { connection, settlement_id } = &record.key;
        let before = about(&record.key.to_string(), async {
            let query = "SELECT settlement_id FROM settlements
                 WHERE connection = ?1 AND currency = ?2
                     AND (end_date < ?3 OR (end_date = ?3 AND settlement_id < ?4))
                 ORDER BY end_date DESC, settlement_id DESC LIMIT 1";
            let params = params![connection, &record.currency, &record.end, settlement_id];
            let row = self.read().await?.row(query, &params).await?;
            row.map(|mut row| row.text("settlement_id")).transpose()
        })
        .await?;
        let Some(settlement_id) = before else { return Ok(None) };
        self.settlement(&SettlementKey { connection: connection.clone(), settlement_id }).await
    }
}

impl Store {
    /// The documents that are known by this text on either side: our key or token, the group they
    /// were entered in, or the other system's number. At most twenty.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn postings_known_by(&self, text: &str) -> Result<Vec<PostingRecord>, Error> {
        about("postings", async {
            // The number stands in the outcome as JSON; neither engine may take it for a pattern.
            let quoted = serde_json::Value::from(text).to_string();
            let plain = quoted.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let query = "SELECT * FROM postings
                 WHERE key = ?1 OR token = ?1 OR group_id = ?1 OR outcome LIKE ?2 ESCAPE '\\'
                 ORDER BY number LIMIT 20";
            let params = params![text, format!("%\"number\":{plain}%")];
            let rows = self.read().await?.rows(query, &params).await?;
            rows.into_iter().map(PostingRecord::read).collect()
        })
        .await
    }

    /// A page of the orders of one connection, or of all, in this state, or in any, what changed
    /// last first, and how many there are.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn order_page(
        &self,
        filter: ListFilter<'_>,
        offset: u64,
        limit: u64,
    ) -> Result<(Vec<OrderRecord>, u64), Error> {
        about("orders", async {
            let passing = "(?1 IS NULL OR connection = ?1) AND (?2 IS NULL OR state = ?2)";
            let mut tx = self.read().await?;
            let count = format!("SELECT count(*) AS amount FROM orders WHERE {passing}");
            let count = tx.row(&count, &params![filter.connection, filter.state]).await?;
            let count = count.map_or(Ok(0), |mut row| row.number("amount"))?;
            let page = format!(
                "SELECT * FROM orders WHERE {passing}
                 ORDER BY changed DESC, order_id DESC, connection LIMIT ?3 OFFSET ?4"
            );
            let params = params![filter.connection, filter.state, limit, offset];
            let rows = tx.rows(&page, &params).await?;
            let rows: Result<Vec<_>, _> = rows.into_iter().map(OrderRecord::read).collect();
            Ok((rows?, count))
        })
        .await
    }
}
