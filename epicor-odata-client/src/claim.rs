//! Claims: rows of a UD table whose key Epicor takes once, which makes a claim atomic on Epicor's
//! side. The customer must agree to the table (`UD01`) being used for it.

use serde_json::json;

use crate::client::Client;
use crate::error::Error;
use crate::limit;
use crate::odata::Filter;
use crate::once::{Document, Found};
use crate::record::{Records, record};

const SET: &str = "Ice.BO.UD01Svc/UD01s";

/// What a UD table's key columns and short texts take, in characters.
const KEY_LENGTH: usize = 50;

record! {
    /// A claim: a row of `UD01`.
    Claim in "Ice.BO.UD01Svc/UD01s" by ["Key1", "Key2", "Key3", "Key4", "Key5"] {
        key_1: String = "Key1",
        key_2: String = "Key2",
        key_3: String = "Key3",
        key_4: String = "Key4",
        key_5: String = "Key5",
        /// Who claimed it: the token of the one who may go on.
        owner: String = "ShortChar01",
        /// What for, in words for people.
        note: String = "Character01",
    }
}

/// A claim to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClaim {
    /// `Key1` to `Key5`, at most 50 characters each; empty ones count like any other.
    pub key: [String; 5],
    /// `ShortChar01`: who claims. Only a row with the same owner is taken for one's own.
    pub owner: String,
    /// `Character01`: what for, in words for people.
    pub note: String,
}

impl Client {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> Records<'_, Claim> {
        self.records()
    }
}

impl<'a> Records<'a, Claim> {
    /// The claim with this key.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_key(&self, key: &[String; 5]) -> Result<Option<Claim>, Error> {
        let columns = ["Key1", "Key2", "Key3", "Key4", "Key5"];
        let equal = columns.iter().zip(key).map(|(column, part)| Filter::eq(column, part.as_str()));
        let Some(filter) = equal.reduce(Filter::and) else {
            return Ok(None);
        };
        self.only(filter).await
    }

    /// A claim to be made once, by [`Client::ensure`]. When somebody else has it, that ends in
    /// [`NotEnsured::Differs`](crate::once::NotEnsured::Differs).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a key or owner that is too long, or no owner.
    pub fn document(&self, new: NewClaim) -> Result<ClaimDocument<'a>, Error> {
        limit::filled("Key1", &new.key[0], KEY_LENGTH)?;
        for part in &new.key {
            limit::fits("a key of the claim", part, KEY_LENGTH)?;
        }
        limit::filled("ShortChar01", &new.owner, KEY_LENGTH)?;
        Ok(ClaimDocument { records: *self, new })
    }
}

/// A claim that is made once.
#[derive(Clone, Debug)]
pub struct ClaimDocument<'a> {
    records: Records<'a, Claim>,
    new: NewClaim,
}

impl Document for ClaimDocument<'_> {
    /// A claim is known by its own key.
    type Key = ();

    async fn find(&self) -> Result<Found<()>, Error> {
        Ok(match self.records.by_key(&self.new.key).await? {
            None => Found::Absent,
            Some(claim) if claim.owner == self.new.owner => Found::Whole(()),
            Some(claim) => Found::Differs(format!("it is claimed by {}", claim.owner)),
        })
    }

    async fn enter(&self) -> Result<(), Error> {
        let client = self.records.client;
        let [key_1, key_2, key_3, key_4, key_5] = &self.new.key;
        let row = json!({
            "Company": client.company(),
            "Key1": key_1, "Key2": key_2, "Key3": key_3, "Key4": key_4, "Key5": key_5,
            "ShortChar01": self.new.owner,
            "Character01": self.new.note,
        });
        client.insert(SET, &row).await
    }

    async fn finish(&self) -> Result<(), Error> {
        // One row is never half made.
        self.enter().await
    }

    async fn remove(&self) -> Result<(), Error> {
        Ok(())
    }
}
