//! The audit log: append-only, each event chained to the one before it by SHA-256.
//! The README says how the chain is made and how to check it with `sqlite3` and `sha256sum`.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Store,
    document::DocumentHash,
    error::{Error, Fault},
};

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
    /// The settlement id or report id whose story this belongs to; a posting's is its settlement.
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
    /// Its number: 1, 2, 3 … without a gap.
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
    /// The hash of the event before it; 64 zeros for the first.
    pub previous: String,
}

/// What a check of the whole log found, when nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCheck {
    /// How many events there are.
    pub events: u64,
    /// The hash of the newest; noted elsewhere, it proves later that the log only grew.
    pub head: String,
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

/// A row of the table, before it is believed.
struct Kept {
    seq: u64,
    previous: String,
    event: String,
    hash: String,
}

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get("seq")?,
            previous: row.get("previous")?,
            event: row.get("event")?,
            hash: row.get("hash")?,
        })
    }

    fn believed(self) -> Result<Event, Error> {
        let broken = |what: String| Error::AuditBroken { seq: self.seq, what };
        let line: Line = serde_json::from_str(&self.event)
            .map_err(|error| broken(format!("its text cannot be read ({error})")))?;
        let at = line
            .at
            .parse()
            .map_err(|error: jiff::Error| broken(format!("its time cannot be read ({error})")))?;
        if line.seq != self.seq {
            return Err(broken(format!("it calls itself event {}", line.seq)));
        }
        Ok(Event {
            seq: self.seq,
            at,
            actor: line.actor,
            connection: line.connection,
            record: line.record,
            subject: line.subject,
            action: line.action,
            from: line.from,
            to: line.to,
            detail: line.detail,
            hash: self.hash,
            previous: self.previous,
        })
    }
}

fn chained(previous: &str, event: &str) -> String {
    DocumentHash::of(format!("{previous}\n{event}\n").as_bytes()).to_string()
}

/// The number and hash of the newest event; 0 and [`GENESIS`] before the first.
fn head(transaction: &Transaction<'_>) -> Result<(u64, String), Fault> {
    transaction
        .query_row("SELECT seq, hash FROM audit_head", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(broken_head)
}

fn broken_head() -> Fault {
    Error::AuditBroken { seq: 0, what: "the note of the newest event is gone".to_owned() }.into()
}

/// Appends an event as the last step of the caller's transaction.
pub(crate) fn append(transaction: &Transaction<'_>, new: &NewEvent) -> Result<u64, Fault> {
    let (last, previous) = head(transaction)?;
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
    let event = serde_json::to_string(&line)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let hash = chained(&previous, &event);
    transaction.execute(
        "INSERT INTO audit (seq, previous, event, hash) VALUES (?1, ?2, ?3, ?4)",
        params![seq, previous, event, hash],
    )?;
    let changed = transaction.execute(
        "UPDATE audit_head SET seq = ?1, hash = ?2 WHERE seq = ?3",
        params![seq, hash, last],
    )?;
    if changed != 1 {
        return Err(broken_head());
    }
    Ok(seq)
}

/// Appends the event of a transition, with the states that were compared and set.
pub(crate) fn append_move(
    transaction: &Transaction<'_>,
    new: &NewEvent,
    from: Option<&str>,
    to: &str,
) -> Result<u64, Fault> {
    let moved = NewEvent { from: from.map(str::to_owned), to: Some(to.to_owned()), ..new.clone() };
    append(transaction, &moved)
}

impl Store {
    /// Appends an event that is no transition, for example a look-up or a refused approval, and
    /// returns its number.
    ///
    /// # Errors
    /// [`Error::Sqlite`] when the disk or the database refuses.
    pub fn append(&self, event: &NewEvent) -> Result<u64, Error> {
        self.write(&event.subject, |transaction| append(transaction, event))
    }

    /// The whole story of a settlement, oldest first: its own events, those of its postings, and
    /// those of every report whose document showed it.
    ///
    /// `about` is a settlement id or a report id. It may also be a subject (`posting <key>`) or the
    /// first words of one (`posting` tells of all postings; `settlement 81` never of `810`).
    ///
    /// # Errors
    /// [`Error::AuditBroken`] when an event cannot be read. The chain is checked by
    /// [`verify_audit`](Self::verify_audit) alone.
    pub fn events_of(&self, about: &str) -> Result<Vec<Event>, Error> {
        // A space sorts just before `!`: the range holds the subjects that go on with a next word.
        self.events_where(
            "SELECT seq FROM audit WHERE record = ?1
             UNION SELECT seq FROM audit WHERE subject = ?1
             UNION SELECT seq FROM audit WHERE subject > ?1 || ' ' AND subject < ?1 || '!'
             UNION SELECT a.seq FROM sightings s
                JOIN reports r ON r.connection = s.connection AND r.document = s.document
                JOIN audit a ON a.record = r.report_id
                WHERE s.settlement_id = ?1 AND a.subject = 'report ' || r.report_id",
            about,
        )
    }

    fn events_where(&self, chosen: &str, about: &str) -> Result<Vec<Event>, Error> {
        self.read("audit log", |transaction| {
            let mut statement = transaction.prepare_cached(&format!(
                "SELECT seq, previous, event, hash FROM audit WHERE seq IN ({chosen}) ORDER BY seq"
            ))?;
            let mut rows = statement.query([about])?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                events.push(Kept::read(row)?.believed()?);
            }
            Ok(events)
        })
    }

    /// Recomputes the whole chain from the first event to the newest.
    ///
    /// It finds any event that was edited, removed, inserted, re-ordered or cut off the end. Who
    /// can rewrite the whole file can also rewrite the whole chain: note [`AuditCheck::head`]
    /// somewhere else to detect that.
    ///
    /// # Errors
    /// [`Error::AuditBroken`] with the first event that does not fit.
    pub fn verify_audit(&self) -> Result<AuditCheck, Error> {
        self.read("audit log", |transaction| {
            let mut check = AuditCheck { events: 0, head: GENESIS.to_owned() };
            let mut statement =
                transaction.prepare("SELECT seq, previous, event, hash FROM audit ORDER BY seq")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                check.follow(Kept::read(row)?)?;
            }
            let (seq, hash) = head(transaction)?;
            if (seq, &hash) == (check.events, &check.head) {
                return Ok(check);
            }
            let what = format!("the log ends at event {}, not at event {seq}", check.events);
            Err(Error::AuditBroken { seq: check.events.min(seq) + 1, what }.into())
        })
    }
}

impl AuditCheck {
    /// Checks the next event and moves on to it.
    fn follow(&mut self, kept: Kept) -> Result<(), Error> {
        let seq = self.events + 1;
        let broken = |what: &str| Err(Error::AuditBroken { seq, what: what.to_owned() });
        if kept.seq != seq {
            return broken("it is missing");
        }
        if kept.previous != self.head {
            return broken("it does not follow the event before it");
        }
        if chained(&kept.previous, &kept.event) != kept.hash {
            return broken("its text was changed");
        }
        let event = kept.believed()?;
        *self = Self { events: seq, head: event.hash };
        Ok(())
    }
}
