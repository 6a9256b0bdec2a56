//! A sheet of the workbook: a heading, then a row after the other.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use settlement_model::{Currency, Money};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    title: &'static str,
    is_number: bool,
}

impl Column {
    pub(super) const fn text(title: &'static str) -> Self {
        Self { title, is_number: false }
    }

    pub(super) const fn money(title: &'static str) -> Self {
        Self { title, is_number: true }
    }

    pub(super) const fn count(title: &'static str) -> Self {
        Self { title, is_number: true }
    }
}

/// What a cell holds.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Text(String),
    Amount(Money),
    Count(u64),
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Money> for Cell {
    fn from(money: Money) -> Self {
        Self::Amount(money)
    }
}

impl From<Option<Money>> for Cell {
    fn from(money: Option<Money>) -> Self {
        money.map_or(Self::Empty, Self::Amount)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

/// A sheet that is being filled.
pub(super) struct Sheet<'b> {
    sheet: &'b mut Worksheet,
    money: Format,
    next: u32,
}

impl<'b> Sheet<'b> {
    pub(super) fn new(
        book: &'b mut Workbook,
        name: &str,
        currency: Currency,
        columns: &[Column],
    ) -> Result<Self, XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        for (at, column) in (0..).zip(columns) {
            let head = Format::new().set_bold();
            let head = if column.is_number { head.set_align(FormatAlign::Right) } else { head };
            sheet.write_with_format(0, at, column.title, &head)?;
        }
        Ok(Self { sheet, money: in_decimals(currency.exponent()), next: 1 })
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        for (at, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                // Never a formula, whatever it begins with.
                Cell::Text(text) => drop(self.sheet.write_string(self.next, at, text)?),
                Cell::Amount(money) => {
                    self.sheet.write_with_format(self.next, at, money.amount(), &self.money)?;
                }
                Cell::Count(count) => {
                    self.sheet.write(self.next, at, Decimal::from(*count))?;
                }
            }
        }
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    pub(super) fn end(self) {
        self.sheet.autofit();
    }
}

/// Thousands apart, with the currency's decimals.
fn in_decimals(decimals: u32) -> Format {
    let zeros = "0".repeat(decimals as usize);
    let format = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{zeros}") };
    Format::new().set_num_format(format)
}
