//! What was read in another system last.

use jiff::Timestamp;

use crate::{
    Store,
    engine::{Row, params},
    error::{Error, Fault, about},
};

/// Figures as they were read in another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresRecord {
    /// When they were read, by the caller's clock.
    pub read: Timestamp,
    /// The figures, as JSON.
    pub content: String,
}

impl Store {
    /// Keeps figures in place of those of the same name that were read before.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be written.
    pub async fn figures_read(
        &self,
        connection: &str,
        name: &str,
        figures: &FiguresRecord,
    ) -> Result<(), Error> {
        about(&format!("{name} of {connection}"), async {
            let mut tx = self.write(connection).await?;
            let query = "INSERT INTO figures (connection, name, read, content)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (connection, name) DO UPDATE SET read = ?3, content = ?4";
            let params = params![connection, name, figures.read, &figures.content];
            tx.execute(query, &params).await?;
            tx.commit().await
        })
        .await
    }

    /// The figures of that name; `None` when they were never read.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the record cannot be read back.
    pub async fn figures(
        &self,
        connection: &str,
        name: &str,
    ) -> Result<Option<FiguresRecord>, Error> {
        about(&format!("{name} of {connection}"), async {
            let query = "SELECT read, content FROM figures WHERE connection = ?1 AND name = ?2";
            let row = self.read().await?.row(query, &params![connection, name]).await?;
            let read = |mut row: Row| -> Result<_, Fault> {
                Ok(FiguresRecord { read: row.parsed("read")?, content: row.text("content")? })
            };
            row.map(read).transpose()
        })
        .await
    }
}
