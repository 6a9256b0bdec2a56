//! The defects of a Flat File V2 in words: what is there, what it means, what to do.

use super::columns::Column;
use super::row::SettlementRow;
use crate::date::DateProblem;
use crate::defect::{Defect, Reason, quoted};
use crate::number::NumberProblem;

/// What a person does about a document that arrived damaged or was changed on the way.
const GET_IT_AGAIN: &str = "Download the report again and do not save it with another program.";

fn cell(reason: Reason, column: &str, line: u64, message: String) -> Defect {
    Defect { reason, line: Some(line), column: Some(column.to_owned()), message }
}

fn row(reason: Reason, line: u64, message: String) -> Defect {
    Defect { reason, line: Some(line), column: None, message }
}

pub(super) fn bad_quoting(line: u64) -> Defect {
    let message = format!("A quoted cell goes on behind its closing quote. {GET_IT_AGAIN}");
    row(Reason::BadQuoting, line, message)
}

/// The defect that stands for all of a repeated header.
pub(super) fn first(defects: Vec<Defect>, line: u64) -> Defect {
    defects.into_iter().next().unwrap_or_else(|| {
        let message = format!("The header is repeated with other columns. {GET_IT_AGAIN}");
        row(Reason::MissingColumn, line, message)
    })
}

pub(super) fn too_few_cells(cells: usize, columns: usize, lacking: &str, line: u64) -> Defect {
    Defect {
        reason: Reason::TooFewCells,
        line: Some(line),
        column: Some(lacking.to_owned()),
        message: format!(
            "The row has {cells} of {columns} cells and ends before {lacking}, which it needs. \
             {GET_IT_AGAIN}"
        ),
    }
}

pub(super) fn too_many_cells(cells: usize, columns: usize, line: u64) -> Defect {
    let message = format!(
        "The row has {cells} cells, but the header has {columns} columns, so it is not clear what \
         belongs where. {GET_IT_AGAIN}"
    );
    row(Reason::TooManyCells, line, message)
}

pub(super) fn settlement_id(text: &str, line: u64) -> Defect {
    let message = if text.is_empty() {
        format!("The row names no settlement. {GET_IT_AGAIN}")
    } else {
        format!(
            "{} is not a settlement id, which is digits only. A spreadsheet may have changed it. \
             {GET_IT_AGAIN}",
            quoted(text)
        )
    };
    cell(Reason::BadSettlementId, Column::SettlementId.name(), line, message)
}

pub(super) fn row_before_settlement(id: &str, line: u64) -> Defect {
    let message = format!(
        "Settlement {id} has no settlement row before this row, so there is no total to check \
         it against. {GET_IT_AGAIN}"
    );
    cell(Reason::RowBeforeSettlement, Column::SettlementId.name(), line, message)
}

pub(super) fn other_settlement_row(first: &SettlementRow, line: u64) -> Defect {
    let message = format!(
        "Settlement {} has other dates or another total here than on line {} ({}). Keep one \
         version of the settlement per document.",
        first.id, first.line, first.total
    );
    row(Reason::DuplicateSettlementRow, line, message)
}

pub(super) fn too_many_settlements(limit: usize, line: u64) -> Defect {
    let message =
        format!("The document holds more than {limit} settlements. Split it, or raise the limit.");
    row(Reason::LimitExceeded, line, message)
}

pub(super) fn neither_amount_nor_quantity(line: u64) -> Defect {
    let message = format!("The row has neither an amount nor a quantity. {GET_IT_AGAIN}");
    row(Reason::BadNumber, line, message)
}

pub(super) fn amount_on_settlement_row(column: &str, amount: &str, line: u64) -> Defect {
    let message = format!(
        "The settlement row holds the amount {} of a transaction without saying what it is for. \
         {GET_IT_AGAIN}",
        quoted(amount)
    );
    cell(Reason::BadNumber, column, line, message)
}

pub(super) fn currency(text: &str, line: u64) -> Defect {
    let message = if text.is_empty() {
        format!("The settlement row names no currency. {GET_IT_AGAIN}")
    } else {
        format!("{} is not an ISO 4217 currency code. {GET_IT_AGAIN}", quoted(text))
    };
    cell(Reason::UnknownCurrency, Column::Currency.name(), line, message)
}

pub(super) fn other_currency(text: &str, settlement: &SettlementRow, line: u64) -> Defect {
    let message = format!(
        "The row is in {}, but settlement {} is in {}. {GET_IT_AGAIN}",
        quoted(text),
        settlement.id,
        settlement.currency()
    );
    cell(Reason::CurrencyMismatch, Column::Currency.name(), line, message)
}

pub(super) fn missing_total(id: &str, line: u64) -> Defect {
    let message = format!(
        "Settlement {id} states no total, so there is nothing to check its rows against. \
         {GET_IT_AGAIN}"
    );
    cell(Reason::MissingTotal, Column::TotalAmount.name(), line, message)
}

pub(super) fn number(problem: NumberProblem, column: &str, text: &str, line: u64) -> Defect {
    let shown = quoted(text);
    let what = match problem {
        NumberProblem::Blank => "The amount is blank.".to_owned(),
        NumberProblem::NotANumber => format!("{shown} is not an amount."),
        NumberProblem::Ambiguous => format!(
            "{shown} can be read in two ways, and nothing before it in the document tells whether \
             the separator marks thousands or decimals."
        ),
        NumberProblem::Contradicts { settled_on } => {
            format!("{shown} has another decimal sign than the amounts since line {settled_on}.")
        }
        NumberProblem::TooLarge => format!("{shown} is too large to be computed exactly."),
        NumberProblem::TooManyDecimals => {
            format!("{shown} has more decimals than the settlement's currency.")
        }
    };
    cell(problem.reason(), column, line, format!("{what} {GET_IT_AGAIN}"))
}

pub(super) fn date(problem: DateProblem, column: &str, text: &str, line: u64) -> Defect {
    let shown = quoted(text);
    let (reason, what) = match problem {
        DateProblem::Blank => (Reason::BadDate, "The date is blank.".to_owned()),
        DateProblem::NotADate => {
            (Reason::BadDate, format!("{shown} is not a date as settlement reports write it."))
        }
        DateProblem::DayOrMonth => (
            Reason::AmbiguousDate,
            format!(
                "{shown} does not tell which number is the day and which the month, and no date at \
                 the top of the document does."
            ),
        ),
        DateProblem::Contradicts => (
            Reason::ContradictoryDates,
            format!("{shown} has day and month the other way round than dates before it."),
        ),
        DateProblem::NoZone => (
            Reason::AmbiguousDate,
            format!("{shown} has a time but no time zone, so the day is not certain."),
        ),
    };
    cell(reason, column, line, format!("{what} {GET_IT_AGAIN}"))
}
