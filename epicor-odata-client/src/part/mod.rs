//! Parts: what they are, their units of measure with UPC codes, and the customers' own numbers
//! for them.
//!
//! ```no_run
//! # async fn run(client: &epicor_odata_client::Client) -> Result<(), epicor_odata_client::Error> {
//! use epicor_odata_client::part::CrossReferenceMatch;
//!
//! let parts = client.parts().by_part_nums(["DCD777C2", "DCD996B"]).await?;
//! let units = client.part_units().of_part("DCD777C2").await?;
//! let found = client.part_cross_references().resolve(1204, "B0ABCD1234").await?;
//! if let CrossReferenceMatch::Several(rows) = found {
//!     println!("{} parts carry this number: a person must choose", rows.len());
//! }
//! # Ok(()) }
//! ```

mod cross_reference;
mod item;
mod unit;

pub use cross_reference::{
    CrossReference, CrossReferenceDocument, CrossReferenceMatch, NewCrossReference,
};
pub use item::Part;
pub use unit::PartUnit;
