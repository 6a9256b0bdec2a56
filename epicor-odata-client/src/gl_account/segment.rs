use jiff::civil::Date;

use crate::client::Client;
use crate::error::Error;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// A segment of a chart's accounts: a row of `COASegment`.
    Segment in "Erp.BO.COASvc/COASegments" by ["COACode", "SegmentNbr"] {
        /// The chart of accounts.
        coa: String = "COACode",
        /// Its place in the account, from 1.
        number: i64 = "SegmentNbr",
        name: String = "SegmentName",
        /// The shortest value, in characters.
        min_length: i64 = "MinLength",
        /// The longest value, in characters.
        max_length: i64 = "MaxLength",
        /// Its values may be left out of accounts.
        dynamic: bool = "Dynamic",
    }
}

record! {
    /// A value a segment may take: a row of `COASegValues`.
    SegmentValue in "Erp.BO.COASegValuesSvc/COASegValues"
    by ["COACode", "SegmentNbr", "SegmentCode"] {
        /// The chart of accounts.
        coa: String = "COACode",
        /// The segment's place in the account.
        segment: i64 = "SegmentNbr",
        /// The value itself.
        code: String = "SegmentCode",
        name: String = "SegmentName",
        active: bool = "ActiveFlag",
        /// `None` for no limit.
        effective_from: Option<Date> = "EffectiveFrom",
        /// `None` for no limit.
        effective_to: Option<Date> = "EffectiveTo",
        /// The account category, which decides between balance sheet and income statement.
        category: String = "Category",
    }
}

impl Client {
    /// The segments of all charts. A child table: read as a whole, because Epicor applies a
    /// filter on it to the charts instead.
    #[must_use]
    pub fn gl_segments(&self) -> Records<'_, Segment> {
        self.records()
    }

    /// The values of all segments.
    #[must_use]
    pub fn gl_segment_values(&self) -> Records<'_, SegmentValue> {
        self.records()
    }
}

impl Records<'_, Segment> {
    /// The segments of one chart, in the order of its accounts.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn of_chart(&self, coa: &str) -> Result<Vec<Segment>, Error> {
        let mut segments = self.all().await?;
        segments.retain(|segment| segment.coa == coa);
        Ok(segments)
    }
}

impl Records<'_, SegmentValue> {
    /// The values of one segment of one chart, by code.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn of_segment(&self, coa: &str, segment: i64) -> Result<Vec<SegmentValue>, Error> {
        self.matching(Filter::eq("COACode", coa).and(Filter::eq("SegmentNbr", segment))).await
    }
}
