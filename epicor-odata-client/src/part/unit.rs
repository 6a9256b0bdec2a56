use rust_decimal::Decimal;

use crate::client::Client;
use crate::dataset::Row;
use crate::error::{Error, ReadAnswer};
use crate::record::{Record, Records, record};

const GET_BY_ID: &str = "Erp.BO.PartSvc/GetByID";

record! {
    /// A unit a part is counted in: a row of `PartUOM`.
    PartUnit in "Erp.BO.PartSvc/PartUOMs" by ["PartNum", "UOMCode"] {
        part_num: String = "PartNum",
        unit: String = "UOMCode",
        /// How [`factor`](Self::factor) leads to the base unit: `*` or `/`.
        operator: String = "ConvOperator",
        factor: Decimal = "ConvFactor",
        active: bool = "Active",
        /// The UPC of a package of this unit; empty when there is none.
        upc12: String = "UPC12",
        /// The EAN of a package of this unit; empty when there is none.
        ean13: String = "EAN13",
        /// The GTIN of a package of this unit; empty when there is none.
        gtin14: String = "GTIN14",
    }
}

impl Client {
    /// The units of parts. A child table: filters on it are applied to the parts, so ask for
    /// [one part's](Records::of_part), or for all.
    #[must_use]
    pub fn part_units(&self) -> Records<'_, PartUnit> {
        self.records()
    }
}

impl Records<'_, PartUnit> {
    /// The units of one part; none when there is no such part.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn of_part(&self, part_num: &str) -> Result<Vec<PartUnit>, Error> {
        let parameters = serde_json::json!({ "partNum": part_num });
        let ds = self.client.document_by(GET_BY_ID, &parameters).await?.unwrap_or_default();
        let units = ds.rows("PartUOM").iter().map(|row: &Row| PartUnit::from_row(row));
        units.collect::<Result<_, _>>().in_answer_to(GET_BY_ID)
    }
}
