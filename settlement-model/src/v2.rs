//! Flat File V2 (`GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2`): one amount per row. The other forms
//! are read as rows of this one.

mod columns;
mod explain;
mod fields;
mod laid_out;
mod parser;
mod reader;
mod repeats;
mod row;

pub(crate) use laid_out::{LaidOut, Look};
pub use reader::RowReader;
pub(crate) use reader::add_up;
pub use row::{Item, Row, SettlementRow};
