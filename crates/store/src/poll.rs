//! Polls: how far a list that is read window by window was read.

use jiff::Timestamp;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Row, params},
    error::{Error, Fault, about},
};

/// How far one list was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// Everything that changed before this is known.
    pub since: Timestamp,
    /// The end of the window that is being read.
    pub until: Option<Timestamp>,
    /// Where in it the reading stands, in the caller's words.
    pub page: Option<String>,
}

impl Poll {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            since: row.parsed("since")?,
            until: row.parsed_if_any("until")?,
            page: row.text_if_any("page")?,
        })
    }
}

impl Store {
    /// How far a connection's list was read; `None` before its first window.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn poll(&self, connection: &str, list: &str) -> Result<Option<Poll>, Error> {
        about(&format!("poll of {list} of {connection}"), async {
            let query = "SELECT * FROM polls WHERE connection = ?1 AND list = ?2";
            let row = self.read().await?.row(query, &params![connection, list]).await?;
            row.map(Poll::read).transpose()
        })
        .await
    }

    /// Keeps how far a connection's list was read; with an event when a window is closed.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn polled(
        &self,
        connection: &str,
        list: &str,
        poll: &Poll,
        event: Option<&NewEvent>,
    ) -> Result<(), Error> {
        about(&format!("poll of {list} of {connection}"), async {
            let mut tx = self.write(connection).await?;
            tx.execute(
                "INSERT INTO polls (connection, list, since, until, page)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (connection, list)
                 DO UPDATE SET since = ?3, until = ?4, page = ?5",
                &params![
                    connection,
                    list,
                    poll.since,
                    poll.until.map(|until| until.to_string()).as_ref(),
                    poll.page.as_ref(),
                ],
            )
            .await?;
            if let Some(event) = event {
                audit::append(&mut tx, event).await?;
            }
            tx.commit().await
        })
        .await
    }
}
