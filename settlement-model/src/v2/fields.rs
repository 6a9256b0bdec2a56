//! The cells of one row as what they mean: money, dates, settlements.

use super::columns::Column;
use super::explain;
use super::row::{RowCells, SettlementRow};
use crate::date::Dates;
use crate::defect::Defect;
use crate::money::{Currency, Money};
use crate::number::{NumberProblem, Numbers};
use crate::settlement::{ReportTime, SettlementId};
use crate::v1::{AmountColumns, Part};

/// The settlement row has the facts of the settlement and no kind of transaction.
pub(super) fn is_settlement_row(row: &RowCells<'_>) -> bool {
    let blank = |column| row.get(column).is_empty();
    let facts = [
        Column::TotalAmount,
        Column::SettlementStartDate,
        Column::SettlementEndDate,
        Column::DepositDate,
    ];
    blank(Column::TransactionType) && blank(Column::AmountType) && !facts.into_iter().all(blank)
}

pub(super) fn read_settlement(
    row: &RowCells<'_>,
    numbers: &mut Numbers,
    dates: &mut Dates,
    line: u64,
) -> Result<SettlementRow, Defect> {
    let id = row.get(Column::SettlementId);
    let v1 = row.columns.v1().into_iter().flat_map(AmountColumns::amounts);
    let amounts = v1.map(|(_, name, position)| (name, row.trimmed(position)));
    let amount = (Column::Amount.name(), row.get(Column::Amount));
    for (name, amount) in amounts.chain([amount]) {
        if !amount.is_empty() {
            return Err(explain::amount_on_settlement_row(name, amount, line));
        }
    }
    let currency = row.get(Column::Currency);
    let currency = Currency::parse(currency).map_err(|_| explain::currency(currency, line))?;
    if row.get(Column::TotalAmount).is_empty() {
        return Err(explain::missing_total(id, line));
    }
    let total = read_money(row, Column::TotalAmount, currency, numbers, line)?;
    let deposit_date = match row.get(Column::DepositDate) {
        "" => None,
        _ => Some(read_date(row, dates, Column::DepositDate, line)?),
    };
    Ok(SettlementRow {
        id: SettlementId::parse(id).map_err(|_| explain::settlement_id(id, line))?,
        start: read_date(row, dates, Column::SettlementStartDate, line)?,
        end: read_date(row, dates, Column::SettlementEndDate, line)?,
        deposit_date,
        total,
        line,
    })
}

pub(super) fn read_money(
    row: &RowCells<'_>,
    column: Column,
    currency: Currency,
    numbers: &mut Numbers,
    line: u64,
) -> Result<Money, Defect> {
    let text = row.get(column);
    numbers
        .money(text, currency, line)
        .map_err(|problem| explain::number(problem, column.name(), text, line))
}

pub(super) fn read_date(
    row: &RowCells<'_>,
    dates: &mut Dates,
    column: Column,
    line: u64,
) -> Result<ReportTime, Defect> {
    let text = row.get(column);
    dates.read(text).map_err(|problem| explain::date(problem, column.name(), text, line))
}

/// Checks the amounts of a row whose currency is not known.
pub(super) fn check_amounts(
    row: &RowCells<'_>,
    numbers: &mut Numbers,
    line: u64,
) -> Result<(), Defect> {
    let mut check = |name: &str, text: &str| {
        numbers.check(text, line).map_err(|problem| explain::number(problem, name, text, line))
    };
    let Some(amounts) = row.columns.v1() else {
        return check(Column::Amount.name(), row.get(Column::Amount));
    };
    for (_, name, position) in amounts.amounts() {
        match row.trimmed(position) {
            "" => {}
            text => check(name, text)?,
        }
    }
    Ok(())
}

/// Reads the amounts of a row of Flat File V1. A row without any has a quantity.
pub(super) fn read_parts(
    row: &RowCells<'_>,
    amounts: &AmountColumns,
    currency: Currency,
    numbers: &mut Numbers,
    parts: &mut Vec<Part>,
    line: u64,
) -> Result<(), Defect> {
    parts.clear();
    let transaction_type = row.get(Column::TransactionType);
    for (index, name, position) in amounts.amounts() {
        let text = row.trimmed(position);
        let kind = amounts.kind(index).map_or("", |position| row.trimmed(position));
        if text.is_empty() {
            if !kind.is_empty() {
                return Err(explain::number(NumberProblem::Blank, name, text, line));
            }
            continue;
        }
        let explained = |problem| explain::number(problem, name, text, line);
        let amount = numbers.money(text, currency, line).map_err(explained)?;
        let part = Part { index, amount };
        match parts.last_mut() {
            Some(base) if part.joins(*base, transaction_type, kind) => {
                let sum = base.amount.checked_add(amount);
                base.amount = sum.map_err(|_| explained(NumberProblem::TooLarge))?;
            }
            _ => parts.push(part),
        }
    }
    if parts.is_empty() && row.get(Column::QuantityPurchased).is_empty() {
        return Err(explain::neither_amount_nor_quantity(line));
    }
    Ok(())
}

/// The exact time where there is one, the date otherwise.
pub(super) fn read_posted(
    row: &RowCells<'_>,
    dates: &mut Dates,
    last: &mut Option<(String, ReportTime)>,
    line: u64,
) -> Result<ReportTime, Defect> {
    let column = match row.get(Column::PostedDateTime) {
        "" => Column::PostedDate,
        _ => Column::PostedDateTime,
    };
    let text = row.get(column);
    match last {
        Some((known, posted)) if known == text => Ok(*posted),
        _ => {
            let posted = read_date(row, dates, column, line)?;
            *last = Some((text.to_owned(), posted));
            Ok(posted)
        }
    }
}
