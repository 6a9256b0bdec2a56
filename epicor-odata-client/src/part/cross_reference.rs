use serde_json::json;

use crate::client::Client;
use crate::error::Error;
use crate::limit;
use crate::odata::Filter;
use crate::once::{Document, Found};
use crate::record::{Records, record};

const SET: &str = "Erp.BO.CustomerPartXRefSvc/CustomerPartXRefs";

record! {
    /// A customer's own number for a part: a row of `CustXPrt`.
    CrossReference in "Erp.BO.CustomerPartXRefSvc/CustomerPartXRefs"
    by ["CustNum", "PartNum", "XPartNum", "SysRowID"] {
        cust_num: i64 = "CustNum",
        part_num: String = "PartNum",
        /// The customer's number: a marketplace's SKU or ASIN.
        x_part_num: String = "XPartNum",
        description: String = "PartDescription",
        /// The row's identity, which belongs to its key: Epicor itself takes two equal rows.
        row_id: String = "SysRowID",
    }
}

/// What a customer's number leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrossReferenceMatch {
    /// Nothing.
    None,
    /// One part.
    One(CrossReference),
    /// Several parts: an error in the master data, for a person to mend.
    Several(Vec<CrossReference>),
}

/// A cross reference to be made. Its own columns are its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCrossReference {
    /// `CustNum`.
    pub cust_num: i64,
    /// `XPartNum`: the customer's number, at most 50 characters.
    pub x_part_num: String,
    /// `PartNum` it stands for, at most 50 characters.
    pub part_num: String,
    /// `PartDescription`: the customer's name for it.
    pub description: String,
}

impl Client {
    /// The customers' own numbers for parts.
    #[must_use]
    pub fn part_cross_references(&self) -> Records<'_, CrossReference> {
        self.records()
    }
}

impl<'a> Records<'a, CrossReference> {
    /// What a customer's number leads to.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn resolve(
        &self,
        cust_num: i64,
        x_part_num: &str,
    ) -> Result<CrossReferenceMatch, Error> {
        let filter = Filter::eq("CustNum", cust_num).and(Filter::eq("XPartNum", x_part_num));
        let mut rows = self.matching(filter).await?;
        Ok(match rows.len() {
            0 => CrossReferenceMatch::None,
            1 => rows.pop().map_or(CrossReferenceMatch::None, CrossReferenceMatch::One),
            _ => CrossReferenceMatch::Several(rows),
        })
    }

    /// A cross reference to be made once, by [`Client::ensure`].
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a number that is empty or too long.
    pub fn document(&self, new: NewCrossReference) -> Result<CrossReferenceDocument<'a>, Error> {
        limit::filled("XPartNum", &new.x_part_num, limit::PART_NUM)?;
        limit::filled("PartNum", &new.part_num, limit::PART_NUM)?;
        Ok(CrossReferenceDocument { records: *self, new })
    }
}

/// A cross reference that is made once.
#[derive(Clone, Debug)]
pub struct CrossReferenceDocument<'a> {
    records: Records<'a, CrossReference>,
    new: NewCrossReference,
}

impl Document for CrossReferenceDocument<'_> {
    /// A row has no name besides its columns.
    type Key = ();

    async fn find(&self) -> Result<Found<()>, Error> {
        let NewCrossReference { cust_num, x_part_num, part_num, .. } = &self.new;
        Ok(match self.records.resolve(*cust_num, x_part_num).await? {
            CrossReferenceMatch::None => Found::Absent,
            CrossReferenceMatch::One(row) if row.part_num.eq_ignore_ascii_case(part_num) => {
                Found::Whole(())
            }
            CrossReferenceMatch::One(row) => {
                let other = &row.part_num;
                Found::Differs(format!("{x_part_num} stands for part {other}, not {part_num}"))
            }
            CrossReferenceMatch::Several(rows) => {
                Found::Differs(format!("{x_part_num} stands for {} parts already", rows.len()))
            }
        })
    }

    async fn enter(&self) -> Result<(), Error> {
        let client = self.records.client;
        let row = json!({
            "Company": client.company(),
            "CustNum": self.new.cust_num,
            "PartNum": self.new.part_num,
            "XPartNum": self.new.x_part_num,
            "PartDescription": self.new.description,
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
