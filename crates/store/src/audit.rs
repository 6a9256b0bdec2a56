//! The audit log: append-only, each event chained by SHA-256 to the one before it of the same
//! connection. The README says how a chain is made and how to check it with `sqlite3` and
//! `sha256sum`.

mod chain;
mod records;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Store, checkpoint,
    document::DocumentHash,
    engine::{Row, Tx, Value as Param, params},
    error::{Error, Fault, about, refused},
};

pub use chain::{AuditCheck, AuditLine, ChainEnd};

/// What stands before the first event.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Something that happened, as the caller tells it. It must hold no secret and no personal data.
///
/// For a transition the store writes `from` and `to` itself, from the states it compared and set,
/// so that the log cannot disagree with the record.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// When it happened, by the caller's clock.
    pub at: Timestamp,
    /// Who did it: a person's login, or `connector` for the program itself.
    pub actor: String,
    /// The connection (one selling account and one company), by its configured name.
    pub connection: String,
    /// The settlement id or report id whose story this belongs to; a posting's is what it is written for.
    pub record: String,
    /// What it happened to: `settlement 810`, `posting <key>`, `report 123`.
    pub subject: String,
    /// What happened, as a verb: `discovered`, `approved`, `sent`.
    pub action: String,
    /// The state before, if the event is a transition.
    pub from: Option<String>,
    /// The state after, if the event is a transition.
    pub to: Option<String>,
    /// Whatever explains it: amounts, counts, Epicor's answer.
    pub detail: Value,
}

/// A recorded event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number within its connection's chain: 1, 2, 3 … without a gap.
    pub seq: u64,
    /// See [`NewEvent::at`].
    pub at: Timestamp,
    /// See [`NewEvent::actor`].
    pub actor: String,
    /// See [`NewEvent::connection`].
    pub connection: String,
    /// See [`NewEvent::record`].
    pub record: String,
    /// See [`NewEvent::subject`].
    pub subject: String,
    /// See [`NewEvent::action`].
    pub action: String,
    /// See [`NewEvent::from`].
    pub from: Option<String>,
    /// See [`NewEvent::to`].
    pub to: Option<String>,
    /// See [`NewEvent::detail`].
    pub detail: Value,
    /// SHA-256 over `previous` and the event's line, in hexadecimal.
    pub hash: String,
    /// The hash of the connection's event before it; 64 zeros for the first.
    pub previous: String,
}

/// The line that is kept and hashed. The order of its fields is the order in the text.
#[derive(Serialize, Deserialize)]
struct Line {
    seq: u64,
    at: String,
    actor: String,
    connection: String,
    record: String,
    subject: String,
    action: String,
    from: Option<String>,
    to: Option<String>,
    detail: Value,
}

/// How many events a check holds in memory at once.
const BATCH: u64 = 1000;

const COLUMNS: &str = "connection, seq, previous, event, hash, record, subject";

/// A row of the table, before it is believed.
struct Kept {
    line: AuditLine,
    record: String,
    subject: String,
}

impl Kept {
    fn read(mut row: Row) -> Result<Self, Fault> {
        let line = AuditLine {
            connection: row.text("connection")?,
            seq: row.number("seq")?,
            previous: row.text("previous")?,
            event: row.text("event")?,
            hash: row.text("hash")?,
        };
        Ok(Self { line, record: row.text("record")?, subject: row.text("subject")? })
    }

    fn believed(self) -> Result<Event, Error> {
        let Self { line: kept, record, subject } = self;
        let broken = |what: String| broken(&kept.connection, kept.seq, what);
        let line = kept.parsed()?;
        let at = line
            .at
            .parse()
            .map_err(|error: jiff::Error| broken(format!("its time cannot be read ({error})")))?;
        if sought(&line.record) != record || sought(&line.subject) != subject {
            return Err(broken("it is listed under another record".to_owned()));
        }
        Ok(Event {
            seq: kept.seq,
            at,
            actor: line.actor,
            connection: line.connection,
            record: line.record,
            subject: line.subject,
            action: line.action,
            from: line.from,
            to: line.to,
            detail: line.detail,
            hash: kept.hash,
            previous: kept.previous,
        })
    }
}

fn broken(connection: &str, seq: u64, what: impl Into<String>) -> Error {
    Error::AuditBroken { connection: connection.to_owned(), seq, what: what.into() }
}

/// There are records whose writes were told, and not one event.
fn gone(connection: &str) -> Error {
    broken(connection, 1, "it is missing, though there are records of the connection")
}

/// A record or subject as it is looked up: PostgreSQL keeps no NUL in a text.
fn sought(name: &str) -> String {
    name.replace('\0', "\u{fffd}")
}

fn chained(previous: &str, event: &str) -> String {
    DocumentHash::of(format!("{previous}\n{event}\n").as_bytes()).to_string()
}

/// Locks the connection's chain until the transaction ends, so that its events get their numbers
/// one after the other. Everything that is written about a connection waits in this line.
pub(crate) async fn lock(tx: &mut Tx<'_>, connection: &str) -> Result<(), Fault> {
    // A chain without its end is a broken one, not a new one.
    let begin = "INSERT INTO audit_heads (connection, seq, hash)
         SELECT ?1, 0, ?2 WHERE NOT EXISTS (SELECT 1 FROM audit WHERE connection = ?1)
         ON CONFLICT (connection) DO NOTHING";
    tx.execute(begin, &params![connection, GENESIS]).await?;
    let (events, _) = end(tx, connection).await?;
    // Neither is one without events whose connection has records: nothing was ever recorded without one.
    if events == 0 && records::any(tx, connection).await? {
        return Err(gone(connection).into());
    }
    Ok(())
}

/// The number and hash of a chain's newest event; 0 and [`GENESIS`] before the first.
pub(crate) async fn end(tx: &mut Tx<'_>, connection: &str) -> Result<(u64, String), Fault> {
    let query =
        format!("SELECT seq, hash FROM audit_heads WHERE connection = ?1{}", tx.for_update());
    let Some(mut row) = tx.row(&query, &params![connection]).await? else {
        return Err(broken(connection, 0, "the note of the newest event is gone").into());
    };
    Ok((row.number("seq")?, row.text("hash")?))
}

/// Appends an event as the last step of the caller's transaction, which [locked](lock) the chain.
pub(crate) async fn append(tx: &mut Tx<'_>, new: &NewEvent) -> Result<u64, Fault> {
    let (last, previous) = end(tx, &new.connection).await?;
    let seq = last + 1;
    let line = Line {
        seq,
        at: new.at.to_string(),
        actor: new.actor.clone(),
        connection: new.connection.clone(),
        record: new.record.clone(),
        subject: new.subject.clone(),
        action: new.action.clone(),
        from: new.from.clone(),
        to: new.to.clone(),
        detail: new.detail.clone(),
    };
    let event = serde_json::to_string(&line).map_err(|error| Error::Database {
        record: new.subject.clone(),
        source: Box::new(error),
    })?;
    let hash = chained(&previous, &event);
    tx.execute(
        "INSERT INTO audit (connection, seq, previous, event, hash, record, subject)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &params![
            &new.connection,
            seq,
            &previous,
            &event,
            &hash,
            sought(&new.record),
            sought(&new.subject),
        ],
    )
    .await?;
    let advance = "UPDATE audit_heads SET seq = ?2, hash = ?3 WHERE connection = ?1 AND seq = ?4";
    let changed = tx.execute(advance, &params![&new.connection, seq, &hash, last]).await?;
    if changed != 1 {
        return Err(broken(&new.connection, seq, "the note of the newest event moved").into());
    }
    checkpoint::when_due(tx, &new.connection, seq, &hash, new.at).await?;
    Ok(seq)
}

/// Appends the event of a transition, with the states that were compared and set.
pub(crate) async fn append_move(
    tx: &mut Tx<'_>,
    new: &NewEvent,
    from: Option<&str>,
    to: &str,
) -> Result<u64, Fault> {
    let moved = NewEvent { from: from.map(str::to_owned), to: Some(to.to_owned()), ..new.clone() };
    append(tx, &moved).await
}

/// Ends a compare-and-set within the caller's transaction: exactly one row moved, and the event is
/// appended; otherwise the record was elsewhere, as `state` (a query for its column `state`) tells.
pub(crate) async fn moved(
    tx: &mut Tx<'_>,
    changed: u64,
    (record, from, to): (&str, &str, &str),
    (state, key): (&str, &[Param<'_>]),
    event: &NewEvent,
) -> Result<(), Fault> {
    if changed == 1 {
        return append_move(tx, event, Some(from), to).await.map(|_seq| ());
    }
    let actual = tx.row(state, key).await?.map(|mut row| row.text("state")).transpose()?;
    Err(refused(record, from, actual).into())
}

impl Store {
    /// Appends an event that is no transition, for example a look-up or a refused approval, and
    /// returns its number.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn append(&self, event: &NewEvent) -> Result<u64, Error> {
        about(&event.subject, async {
            let mut tx = self.write(&event.connection).await?;
            let seq = append(&mut tx, event).await?;
            tx.commit().await?;
            Ok(seq)
        })
        .await
    }

    /// The whole story of a settlement, oldest first: its own events, those of its postings, and
    /// those of every report whose document showed it. What two connections tell comes one
    /// connection after the other.
    ///
    /// `about` is a settlement id or a report id. It may also be a subject (`posting <key>`) or the
    /// first words of one (`posting` tells of all postings; `settlement 81` never of `810`).
    ///
    /// # Errors
    /// [`Error::AuditBroken`] when an event cannot be read. The chain is checked by
    /// [`verify_audit`](Self::verify_audit) alone.
    pub async fn events_of(&self, about: &str) -> Result<Vec<Event>, Error> {
        // A space sorts just before `!`: the range holds the subjects that go on with a next word.
        let query = format!(
            "SELECT {COLUMNS} FROM audit a
             WHERE record = ?1 OR subject = ?1 OR (subject > ?1 || ' ' AND subject < ?1 || '!')
                OR EXISTS (
                    SELECT 1 FROM sightings s JOIN reports r
                        ON r.connection = s.connection AND r.document = s.document
                    WHERE s.settlement_id = ?1 AND s.connection = a.connection
                        AND a.record = r.report_id AND a.subject = 'report ' || r.report_id
                )
             ORDER BY connection, seq"
        );
        crate::error::about("audit log", async {
            let rows = self.read().await?.rows(&query, &params![sought(about)]).await?;
            rows.into_iter().map(|row| Ok(Kept::read(row)?.believed()?)).collect()
        })
        .await
    }

    /// The next lines of a connection's chain, behind event `after`, for an export; none at its end.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be read.
    pub async fn audit_lines(&self, connection: &str, after: u64) -> Result<Vec<AuditLine>, Error> {
        about("audit log", async {
            let rows = next_rows(&mut self.read().await?, connection, after).await?;
            rows.into_iter().map(|row| Ok(Kept::read(row)?.line)).collect()
        })
        .await
    }

    /// Recomputes every chain from its first event to the newest.
    ///
    /// It finds any event that was edited, removed, inserted, re-ordered or cut off the end, and a
    /// chain that is gone while there are records of its connection. Who can rewrite the whole
    /// database can also rewrite a whole chain: then it no longer meets its checkpoints, whose
    /// signatures the caller checks.
    ///
    /// # Errors
    /// [`Error::AuditBroken`] with the first event of the first chain that does not fit.
    pub async fn verify_audit(&self) -> Result<AuditCheck, Error> {
        about("audit log", async { verify(&mut self.read().await?).await }).await
    }
}

/// Recomputes every chain as the transaction sees it.
pub(crate) async fn verify(tx: &mut Tx<'_>) -> Result<AuditCheck, Fault> {
    let chains = "SELECT connection FROM audit_heads
         UNION SELECT DISTINCT connection FROM audit
         UNION SELECT DISTINCT connection FROM checkpoints";
    let told = records::connections(tx).await?;
    let mut names = told.clone();
    for mut row in tx.rows(chains, &[]).await? {
        names.insert(row.text("connection")?);
    }
    let mut check = AuditCheck::default();
    for connection in names {
        verify_chain(tx, &connection, told.contains(&connection), &mut check).await?;
    }
    check.ended()?;
    Ok(check)
}

async fn verify_chain(
    tx: &mut Tx<'_>,
    connection: &str,
    has_records: bool,
    check: &mut AuditCheck,
) -> Result<(), Fault> {
    for checkpoint in checkpoint::of_chain(tx, connection).await? {
        check.expect(checkpoint);
    }
    let mut chain = ChainEnd::genesis();
    // Every round moves on, or it is the last.
    loop {
        let rows = next_rows(tx, connection, chain.events).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let kept = Kept::read(row)?;
            check.follow(&kept.line)?;
            chain = ChainEnd { events: kept.line.seq, head: kept.line.hash.clone() };
            kept.believed()?;
        }
    }
    if chain.events == 0 && has_records {
        return Err(gone(connection).into());
    }
    let note = "SELECT seq, hash FROM audit_heads WHERE connection = ?1";
    let Some(mut row) = tx.row(note, &params![connection]).await? else {
        return Err(broken(connection, 0, "the note of the newest event is gone").into());
    };
    let (seq, hash): (u64, _) = (row.number("seq")?, row.text("hash")?);
    if (seq, &hash) != (chain.events, &chain.head) {
        let what = format!("the log ends at event {}, not at event {seq}", chain.events);
        return Err(broken(connection, chain.events.min(seq) + 1, what).into());
    }
    check.chains.insert(connection.to_owned(), chain);
    Ok(())
}

/// At most [`BATCH`] rows of a chain, behind event `after`.
async fn next_rows(tx: &mut Tx<'_>, connection: &str, after: u64) -> Result<Vec<Row>, Fault> {
    let query = format!(
        "SELECT {COLUMNS} FROM audit WHERE connection = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
    );
    tx.rows(&query, &params![connection, after, BATCH]).await
}
