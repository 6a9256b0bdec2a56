//! What the bank received from Amazon, and what people decided about it.

use jiff::civil::Date;

use crate::{
    Store, audit,
    audit::NewEvent,
    document::{self, DocumentHash},
    engine::{Row, params},
    error::{Error, Fault, about},
    settlement::SettlementKey,
};

/// A line of a bank statement, as it was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLineRecord {
    /// The account, as the statement names it; empty when it does not.
    pub account: String,
    /// The bank's reference, unique within connection and account.
    pub reference: String,
    /// The value date.
    pub date: Date,
    /// ISO 4217 code of the amount.
    pub currency: String,
    /// Decimal text; positive is money received.
    pub amount: String,
    /// What the bank says about it.
    pub text: String,
    /// The kept statement it was read from.
    pub document: DocumentHash,
    /// Whose deposit it is, when a person said so.
    pub settlement_id: Option<String>,
}

impl BankLineRecord {
    /// What tells it apart from every other line of its connection: `account/reference`, or the
    /// reference alone where the statement names no account. A reference is unique within its account
    /// only, as an OFX `FITID` is.
    #[must_use]
    pub fn id(&self) -> String {
        match self.account.as_str() {
            "" => self.reference.clone(),
            account => format!("{account}/{}", self.reference),
        }
    }

    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            account: row.text("account")?,
            reference: row.text("reference")?,
            date: row.parsed("value_date")?,
            currency: row.text("currency")?,
            amount: row.text("amount")?,
            text: row.text("text")?,
            document: row.parsed("document")?,
            settlement_id: row.text_if_any("settlement_id")?,
        })
    }
}

/// What was written off of a settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverRecord {
    /// The settlement.
    pub settlement_id: String,
    /// Decimal text in the settlement's currency; positive is money that Amazon owed.
    pub amount: String,
    /// The day of the entry in the ledger that wrote it off; `None` when nobody said.
    pub day: Option<Date>,
}

impl Store {
    /// Records lines of a kept statement: all of them or none. Lines that are known stay as they
    /// are. Returns how many were new; the event is appended when any was.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the statement is not kept. [`Error::Corrupt`] when a known line
    /// comes again with another date or amount.
    pub async fn bank_lines_imported(
        &self,
        connection: &str,
        lines: &[BankLineRecord],
        event: &NewEvent,
    ) -> Result<u64, Error> {
        about(&format!("bank lines of {connection}"), async {
            let mut tx = self.write(connection).await?;
            let mut new = 0;
            for line in lines {
                document::required(&mut tx, &line.document).await?;
                let added = tx
                    .execute(
                        "INSERT INTO bank_lines (connection, account, reference, value_date,
                            currency, amount, text, document)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
                        &params![
                            connection,
                            &line.account,
                            &line.reference,
                            line.date,
                            &line.currency,
                            &line.amount,
                            &line.text,
                            line.document,
                        ],
                    )
                    .await?;
                new += added;
                if added == 0 {
                    let known = "SELECT * FROM bank_lines
                         WHERE connection = ?1 AND account = ?2 AND reference = ?3";
                    let params = params![connection, &line.account, &line.reference];
                    let known =
                        tx.row(known, &params).await?.map(BankLineRecord::read).transpose()?;
                    unchanged(known.as_ref(), line)?;
                }
            }
            if new > 0 {
                audit::append(&mut tx, event).await?;
            }
            tx.commit().await?;
            Ok(new)
        })
        .await
    }

    /// The bank lines of a connection, by date, account and reference.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn bank_lines(&self, connection: &str) -> Result<Vec<BankLineRecord>, Error> {
        about(&format!("bank lines of {connection}"), async {
            let query = "SELECT * FROM bank_lines WHERE connection = ?1
                 ORDER BY value_date, account, reference";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            rows.into_iter().map(BankLineRecord::read).collect()
        })
        .await
    }

    /// Notes whose deposit the line of an account with that reference is; `None` takes it back.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is no such line.
    pub async fn bank_line_assigned(
        &self,
        connection: &str,
        (account, reference): (&str, &str),
        settlement_id: Option<&str>,
        event: &NewEvent,
    ) -> Result<(), Error> {
        let record = format!("bank line {reference} of {connection}");
        about(&record, async {
            let mut tx = self.write(connection).await?;
            let query = "UPDATE bank_lines SET settlement_id = ?4
                 WHERE connection = ?1 AND account = ?2 AND reference = ?3";
            let params = params![connection, account, reference, settlement_id];
            if tx.execute(query, &params).await? != 1 {
                return Err(Error::Unknown { record: record.clone() }.into());
            }
            audit::append(&mut tx, event).await?;
            tx.commit().await
        })
        .await
    }

    /// Notes what a person has written off of a settlement in the ledger, and on which day there; a
    /// second one replaces the first.
    ///
    /// # Errors
    /// [`Error::Database`] when there is no such settlement.
    pub async fn waived(
        &self,
        settlement: &SettlementKey,
        (amount, day): (&str, Date),
        event: &NewEvent,
    ) -> Result<(), Error> {
        about(&settlement.to_string(), async {
            let mut tx = self.write(&settlement.connection).await?;
            let query = "INSERT INTO waivers (connection, settlement_id, amount, day)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (connection, settlement_id) DO UPDATE SET amount = ?3, day = ?4";
            let params = params![&settlement.connection, &settlement.settlement_id, amount, day];
            tx.execute(query, &params).await?;
            audit::append(&mut tx, event).await?;
            tx.commit().await
        })
        .await
    }

    /// What was written off, by settlement.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn waivers(&self, connection: &str) -> Result<Vec<WaiverRecord>, Error> {
        about(&format!("waivers of {connection}"), async {
            let query = "SELECT settlement_id, amount, day FROM waivers WHERE connection = ?1
                 ORDER BY settlement_id";
            let rows = self.read().await?.rows(query, &params![connection]).await?;
            let read = |mut row: Row| {
                let settlement_id = row.text("settlement_id")?;
                let (amount, day) = (row.text("amount")?, row.parsed_if_any("day")?);
                Ok(WaiverRecord { settlement_id, amount, day })
            };
            rows.into_iter().map(read).collect()
        })
        .await
    }
}

/// Refuses a line that says something else under a known reference: one of the two is wrong.
fn unchanged(known: Option<&BankLineRecord>, line: &BankLineRecord) -> Result<(), Error> {
    let same = |known: &BankLineRecord| {
        (known.date, &known.currency, &known.amount) == (line.date, &line.currency, &line.amount)
    };
    if known.is_none_or(same) {
        return Ok(());
    }
    let what = "it was imported before with another date or amount".to_owned();
    Err(Error::Corrupt { record: format!("bank line {}", line.id()), what })
}
