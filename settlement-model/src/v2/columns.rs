//! The header of a flat file: which column stands where, and what a document without such a header
//! is instead.

use crate::defect::{Defect, Reason, quoted};
use crate::records::Delimiter;
use crate::v1::AmountColumns;

/// The 24 columns of Flat File V2, in Amazon's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    SettlementId,
    SettlementStartDate,
    SettlementEndDate,
    DepositDate,
    TotalAmount,
    Currency,
    TransactionType,
    OrderId,
    MerchantOrderId,
    AdjustmentId,
    ShipmentId,
    MarketplaceName,
    AmountType,
    AmountDescription,
    Amount,
    FulfillmentId,
    PostedDate,
    PostedDateTime,
    OrderItemCode,
    MerchantOrderItemId,
    MerchantAdjustmentItemId,
    Sku,
    QuantityPurchased,
    PromotionId,
}

/// Every column with its name in the header.
const COLUMNS: [(Column, &str); 24] = {
    use Column as C;
    [
        (C::SettlementId, "settlement-id"),
        (C::SettlementStartDate, "settlement-start-date"),
        (C::SettlementEndDate, "settlement-end-date"),
        (C::DepositDate, "deposit-date"),
        (C::TotalAmount, "total-amount"),
        (C::Currency, "currency"),
        (C::TransactionType, "transaction-type"),
        (C::OrderId, "order-id"),
        (C::MerchantOrderId, "merchant-order-id"),
        (C::AdjustmentId, "adjustment-id"),
        (C::ShipmentId, "shipment-id"),
        (C::MarketplaceName, "marketplace-name"),
        (C::AmountType, "amount-type"),
        (C::AmountDescription, "amount-description"),
        (C::Amount, "amount"),
        (C::FulfillmentId, "fulfillment-id"),
        (C::PostedDate, "posted-date"),
        (C::PostedDateTime, "posted-date-time"),
        (C::OrderItemCode, "order-item-code"),
        (C::MerchantOrderItemId, "merchant-order-item-id"),
        (C::MerchantAdjustmentItemId, "merchant-adjustment-item-id"),
        (C::Sku, "sku"),
        (C::QuantityPurchased, "quantity-purchased"),
        (C::PromotionId, "promotion-id"),
    ]
};

/// Without these a settlement cannot be tied out or mapped. `posted-date` or `posted-date-time`
/// is needed too.
const NEEDED: [Column; 11] = [
    Column::SettlementId,
    Column::SettlementStartDate,
    Column::SettlementEndDate,
    Column::TotalAmount,
    Column::Currency,
    Column::TransactionType,
    Column::AmountType,
    Column::AmountDescription,
    Column::Amount,
    Column::MarketplaceName,
    Column::FulfillmentId,
];

/// Header names this many of which make a document a Flat File V2, if perhaps an incomplete one.
const RECOGNISED_BY: usize = 5;

impl Column {
    pub(super) fn name(self) -> &'static str {
        COLUMNS[self as usize].1
    }

    fn by_name(name: &str) -> Option<Self> {
        COLUMNS
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(name))
            .map(|(column, _)| *column)
    }

    /// Flat File V1 has other columns in place of these.
    fn holds_the_amount(self) -> bool {
        matches!(self, Self::AmountType | Self::AmountDescription | Self::Amount)
    }

    /// Amazon leaves these off at the end of some rows (liquidations, Vine and coupon fees).
    fn may_be_left_off(self) -> bool {
        self as usize > Self::PostedDateTime as usize
    }
}

/// Where the columns of one document stand.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// The position of each [`Column`], by its number.
    positions: [Option<usize>; COLUMNS.len()],
    /// The header's names, trimmed.
    names: Vec<String>,
    /// A row with fewer cells lacks one that matters.
    least_cells: usize,
    /// How many columns from the first on stand where Flat File V2 has them.
    amazons: usize,
    /// The columns of money, when the header is one of Flat File V1.
    v1: Option<AmountColumns>,
}

impl Columns {
    /// Reads a header. `Err` holds every defect of it.
    pub(super) fn parse<'c>(
        cells: impl Iterator<Item = &'c str>,
        line: u64,
    ) -> Result<Self, Vec<Defect>> {
        let names: Vec<String> = cells.map(|cell| header_name(cell).to_owned()).collect();
        let mut positions = [None; COLUMNS.len()];
        let mut defects = Vec::new();
        for (position, name) in names.iter().enumerate() {
            let Some(column) = Column::by_name(name) else {
                continue;
            };
            if positions[column as usize].replace(position).is_some() {
                defects.push(header_defect(
                    Reason::DuplicateColumn,
                    line,
                    column.name(),
                    "The header names this column twice, so it is not clear which one counts.",
                ));
            }
        }
        let has = |column: Column| positions[column as usize].is_some();
        let dated = has(Column::PostedDate) || has(Column::PostedDateTime);
        let (v1, lacking) = match AmountColumns::find(&names).transpose() {
            Ok(v1) => (v1, None),
            Err(lacking) => (None, Some(lacking)),
        };
        let is_v2 = v1.is_none() && lacking.is_none();
        let missing = NEEDED
            .iter()
            .filter(|column| !has(**column) && (is_v2 || !column.holds_the_amount()))
            .copied()
            .chain((!dated).then_some(Column::PostedDateTime))
            .map(Column::name);
        for name in missing.chain(lacking) {
            defects.push(header_defect(
                Reason::MissingColumn,
                line,
                name,
                "The header lacks this column, and without it the settlement cannot be read.",
            ));
        }
        if !defects.is_empty() {
            return Err(defects);
        }
        let last_needed = COLUMNS
            .iter()
            .filter(|(column, _)| !column.may_be_left_off())
            .filter_map(|(column, _)| positions[*column as usize])
            .chain(v1.iter().flat_map(AmountColumns::amounts).map(|(_, _, position)| position))
            .max();
        Ok(Self {
            positions,
            names,
            least_cells: last_needed.map_or(0, |position| position + 1),
            amazons: match v1 {
                Some(_) => 0,
                None => (0..COLUMNS.len()).take_while(|at| positions[*at] == Some(*at)).count(),
            },
            v1,
        })
    }

    /// Where the money of a Flat File V1 stands; `None` in a Flat File V2.
    pub(super) fn v1(&self) -> Option<&AmountColumns> {
        self.v1.as_ref()
    }

    pub(super) fn position(&self, column: Column) -> Option<usize> {
        self.positions[column as usize]
    }

    pub(super) fn position_named(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.eq_ignore_ascii_case(name.trim()))
    }

    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Whether the columns up to this one are those of Flat File V2, in its order: each is at its own
    /// number.
    pub(super) fn are_amazons_up_to(&self, column: Column) -> bool {
        (column as usize) < self.amazons
    }

    pub(super) fn least_cells(&self) -> usize {
        self.least_cells
    }

    /// The first column that a row of so few cells lacks and must not.
    pub(super) fn first_lacking(&self, cells: usize) -> Option<&'static str> {
        let of_v1 = self.v1.iter().flat_map(AmountColumns::amounts);
        COLUMNS
            .iter()
            .filter(|(column, _)| !column.may_be_left_off())
            .filter_map(|(column, name)| Some((self.position(*column)?, *name)))
            .chain(of_v1.map(|(_, name, position)| (position, name)))
            .filter(|(position, _)| *position >= cells)
            .min()
            .map(|(_, name)| name)
    }

    /// The columns that the form of the header does not have.
    pub(super) fn extra(&self) -> impl Iterator<Item = &str> {
        let is_known = |name: &str| {
            Column::by_name(name).is_some() || (self.v1.is_some() && AmountColumns::has(name))
        };
        let names = self.names.iter().map(String::as_str);
        names.filter(move |name| !name.is_empty() && !is_known(name))
    }

    /// Whether a cell of the `settlement-id` column is that column's name: a repeated header.
    pub(super) fn is_header_cell(cell: &str) -> bool {
        header_name(cell).eq_ignore_ascii_case(Column::SettlementId.name())
    }
}

/// A header cell without blanks and without the byte order mark that concatenated files leave.
fn header_name(cell: &str) -> &str {
    cell.trim_start_matches('\u{feff}').trim()
}

fn header_defect(reason: Reason, line: u64, column: &str, what: &str) -> Defect {
    Defect {
        reason,
        line: Some(line),
        column: Some(column.to_owned()),
        message: format!(
            "{what} Download the report again as Flat File V2 and leave its header as it is."
        ),
    }
}

/// How the cells of the document are separated, judged by its header; or what the document is
/// when its first line is not the header of a Flat File V2. `opening` is its first few thousand
/// characters.
pub(super) fn delimiter_of(
    first_line: &str,
    opening: &str,
    line: u64,
) -> Result<Delimiter, Defect> {
    let candidates =
        [(Delimiter::Tab, '\t'), (Delimiter::Quoted(b','), ','), (Delimiter::Quoted(b';'), ';')];
    for (delimiter, separator) in candidates {
        let names = || {
            let cells = first_line.split(separator);
            cells.map(|cell| header_name(cell).trim_matches('"').trim())
        };
        let known = names().filter(|name| Column::by_name(name).is_some());
        if known.count() >= RECOGNISED_BY {
            return Ok(delimiter);
        }
    }
    if is_date_range(opening) {
        return Err(Defect {
            reason: Reason::DateRangeReport,
            line: Some(line),
            column: None,
            message: "The document is a date range (unified transaction) report, which is no \
                      settlement: it states no total to tie to. Use it to check or to accrue, and \
                      post from the settlement's Flat File V2."
                .to_owned(),
        });
    }
    match recognise(opening) {
        Some(other) => Err(not_a_settlement(other, line)),
        None => Err(Defect {
            reason: Reason::NotASettlementReport,
            line: Some(line),
            column: None,
            message: format!(
                "The document does not begin with the header of a settlement report but with {}. \
                 Choose the report named Flat File V2.",
                quoted(first_line)
            ),
        }),
    }
}

fn not_a_settlement(other: &str, line: u64) -> Defect {
    Defect {
        reason: Reason::NotASettlementReport,
        line: Some(line),
        column: None,
        message: format!(
            "The document looks like {other}. Download the settlement as Flat File V2 instead."
        ),
    }
}

/// Whether a document begins as a date range report does: with the name of a programme, in a quoted
/// preamble of any language, or with the column of dates.
fn is_date_range(opening: &str) -> bool {
    // English, German, French, Italian, Spanish, Portuguese and Japanese.
    const DATE_TIME: [&str; 7] = [
        "date/time",
        "datum/uhrzeit",
        "date/heure",
        "data/ora",
        "fecha y hora",
        "data/hora",
        "日付/時間",
    ];
    let start = opening.trim_start_matches('\u{feff}').trim_start();
    let quoted = start.strip_prefix('"');
    let named = quoted.is_some_and(|text| text.contains("Amazon Marketplace"));
    let first_cell = quoted.unwrap_or(start).split(['"', ',', ';', '\t', '\n']).next();
    let first_cell = first_cell.unwrap_or_default().trim_end_matches(':').to_lowercase();
    named || DATE_TIME.contains(&first_cell.as_str())
}

/// What else people and download links deliver.
fn recognise(opening: &str) -> Option<&'static str> {
    let start = opening.trim_start_matches('\u{feff}').trim_start();
    let holds = |text: &str| start.contains(text);
    if start.starts_with('<') {
        return Some(if holds("AmazonEnvelope") || holds("SettlementReport") {
            "an XML settlement report, whose rows cannot be read one by one"
        } else if holds("<Error>") {
            "an error page of Amazon's storage, as an expired download link gives"
        } else if holds("<html") || holds("<HTML") {
            "a web page, as an expired login gives"
        } else {
            "an XML document"
        });
    }
    start.starts_with(['{', '[']).then_some("a JSON document, such as an error message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_the_number_of_its_name() {
        for (position, (column, name)) in COLUMNS.into_iter().enumerate() {
            assert_eq!(column as usize, position);
            assert_eq!(column.name(), name);
        }
    }
}
