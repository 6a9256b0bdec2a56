use rust_decimal::Decimal;

use crate::client::Client;
use crate::error::Error;
use crate::record::{Records, record};

record! {
    /// A part: a row of `Part`.
    Part in "Erp.BO.PartSvc/Parts" by ["PartNum"] {
        /// At most 50 characters; Epicor does not tell upper from lower case here.
        part_num: String = "PartNum",
        description: String = "PartDescription",
        class_id: String = "ClassID",
        product_group: String = "ProdCode",
        /// `M` manufactured, `P` purchased, `B` sales kit.
        kind: String = "TypeCode",
        /// The unit it is stocked in.
        inventory_unit: String = "IUM",
        /// The unit it is sold in.
        sales_unit: String = "SalesUM",
        unit_class: String = "UOMClassID",
        /// In the base currency, per [`price_per`](Self::price_per).
        unit_price: Decimal = "UnitPrice",
        /// `E` each, `C` hundred, `M` thousand.
        price_per: String = "PricePerCode",
        upc_1: String = "UPCCode1",
        upc_2: String = "UPCCode2",
        upc_3: String = "UPCCode3",
        tax_category: String = "TaxCatID",
        /// May not be sold any more.
        inactive: bool = "InActive",
        /// Stock is not counted.
        non_stock: bool = "NonStock",
        track_lots: bool = "TrackLots",
        track_serial_numbers: bool = "TrackSerialNum",
        /// Rises with each change.
        revision: i64 = "SysRevID",
    }
}

impl Part {
    /// The UPC codes that are filled in.
    pub fn upc_codes(&self) -> impl Iterator<Item = &str> {
        let codes = [&self.upc_1, &self.upc_2, &self.upc_3];
        codes.into_iter().map(String::as_str).filter(|code| !code.is_empty())
    }
}

impl Client {
    /// The parts, inactive ones included.
    #[must_use]
    pub fn parts(&self) -> Records<'_, Part> {
        self.records()
    }
}

impl Records<'_, Part> {
    /// The parts with these numbers, in as few queries as fit. A number Epicor does not have is
    /// left out.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn by_part_nums<'v>(
        &self,
        part_nums: impl IntoIterator<Item = &'v str>,
    ) -> Result<Vec<Part>, Error> {
        self.any_of("PartNum", part_nums, None).await
    }
}
