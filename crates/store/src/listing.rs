//! Listings: every offer at Amazon with what it is in Epicor, as the last look found them.

use std::collections::BTreeMap;

use crate::{
    Store, audit,
    audit::NewEvent,
    engine::{Row, Tx, params},
    error::{Error, Fault, about},
};

/// An offer in one marketplace, and what it is in Epicor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingRecord {
    /// Amazon's `marketplaceId`.
    pub marketplace: String,
    /// The seller's own number.
    pub sku: String,
    /// Amazon's number of the article.
    pub asin: String,
    /// Its title.
    pub title: String,
    /// Amazon's word for whether it is offered: `Active`, `Inactive`, `Incomplete`.
    pub status: String,
    /// Amazon's `fulfillment-channel`: `DEFAULT` is the seller's own.
    pub channel: String,
    /// UPC, EAN or another trade item number.
    pub gtin: Option<String>,
    /// `matched`, `inactive`, `ambiguous` or `missing`.
    pub state: String,
    /// Epicor's `PartNum`, if it is one part.
    pub part: Option<String>,
    /// What it is and what it may be, as JSON.
    pub alignment: String,
}

impl ListingRecord {
    fn read(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            marketplace: row.text("marketplace")?,
            sku: row.text("sku")?,
            asin: row.text("asin")?,
            title: row.text("title")?,
            status: row.text("status")?,
            channel: row.text("channel")?,
            gtin: row.text_if_any("gtin")?,
            state: row.text("state")?,
            part: row.text_if_any("part")?,
            alignment: row.text("alignment")?,
        })
    }

    fn key(&self) -> (String, String) {
        (self.marketplace.clone(), self.sku.clone())
    }
}

/// How the listings that were kept differ from those before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListingsKept {
    /// Listings that were not known.
    pub new: u64,
    /// Known ones of which something is new.
    pub changed: u64,
    /// Known ones that are gone.
    pub gone: u64,
}

async fn found(
    tx: &mut Tx<'_>,
    connection: &str,
    state: Option<&str>,
) -> Result<Vec<ListingRecord>, Fault> {
    let query = "SELECT * FROM listings WHERE connection = ?1 AND (?2 IS NULL OR state = ?2)
         ORDER BY sku, marketplace";
    let rows = tx.rows(query, &params![connection, state]).await?;
    rows.into_iter().map(ListingRecord::read).collect()
}

async fn put(tx: &mut Tx<'_>, connection: &str, listing: &ListingRecord) -> Result<(), Fault> {
    tx.execute(
        "INSERT INTO listings (connection, marketplace, sku, asin, title, status, channel, gtin,
            state, part, alignment)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (connection, marketplace, sku) DO UPDATE SET asin = ?4, title = ?5,
            status = ?6, channel = ?7, gtin = ?8, state = ?9, part = ?10, alignment = ?11",
        &params![
            connection,
            &listing.marketplace,
            &listing.sku,
            &listing.asin,
            &listing.title,
            &listing.status,
            &listing.channel,
            listing.gtin.as_ref(),
            &listing.state,
            listing.part.as_ref(),
            &listing.alignment,
        ],
    )
    .await?;
    Ok(())
}

impl Store {
    /// Keeps the listings of a connection in place of those before, with the event: all of it, or
    /// nothing. What did not change is not written again.
    ///
    /// # Errors
    /// [`Error::Database`] when the disk or the database refuses.
    pub async fn listings_kept(
        &self,
        connection: &str,
        listings: &[ListingRecord],
        event: &NewEvent,
    ) -> Result<ListingsKept, Error> {
        about(&format!("listings of {connection}"), async {
            let mut tx = self.write(connection).await?;
            let before = found(&mut tx, connection, None).await?.into_iter();
            let mut before: BTreeMap<_, _> =
                before.map(|listing| (listing.key(), listing)).collect();
            let mut kept = ListingsKept::default();
            for listing in listings {
                match before.remove(&listing.key()) {
                    Some(known) if known == *listing => continue,
                    Some(_) => kept.changed += 1,
                    None => kept.new += 1,
                }
                put(&mut tx, connection, listing).await?;
            }
            for (marketplace, sku) in before.keys() {
                let gone = "DELETE FROM listings
                     WHERE connection = ?1 AND marketplace = ?2 AND sku = ?3";
                kept.gone += tx.execute(gone, &params![connection, marketplace, sku]).await?;
            }
            audit::append(&mut tx, event).await?;
            tx.commit().await?;
            Ok(kept)
        })
        .await
    }

    /// The listings of a connection in this state, or in any; by SKU and marketplace.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a record cannot be read back.
    pub async fn listings(
        &self,
        connection: &str,
        state: Option<&str>,
    ) -> Result<Vec<ListingRecord>, Error> {
        about(&format!("listings of {connection}"), async {
            found(&mut self.read().await?, connection, state).await
        })
        .await
    }
}
