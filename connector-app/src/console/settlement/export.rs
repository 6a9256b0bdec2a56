//! The journal as CSV, and the document as Amazon sent it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ledger_mapper::{Account, Role};
use rust_decimal::Decimal;
use settlement_model::Money;

use super::{Found, Named};
use crate::console::page::PageError;
use crate::console::seat::Seat;
use crate::ledger::Document;
use crate::pipeline::{KeptPlan, kept_document};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/settlements/{connection}/{id}/journal.csv", get(journal))
        .route("/settlements/{connection}/{id}/document", get(document))
}

/// A file to be kept by the browser.
fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    // The name comes from outside: only what cannot end or split the header is left of it.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let name: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

async fn document(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
) -> Result<Response, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let (document, id) = (&found.record.document, &found.record.key.settlement_id);
    let stored = kept_document(&found.store, document, id).await?;
    Ok(file(&stored.name, "application/octet-stream", stored.bytes))
}

async fn journal(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
) -> Result<Response, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let id = found.record.key.settlement_id.clone();
    let documents = found.plan.map(KeptPlan::into_documents).unwrap_or_default();
    let name = format!("settlement-{id}-journal.csv");
    Ok(file(&name, "text/csv; charset=utf-8", csv_of(&id, &documents)?))
}

/// The documents line by line.
fn csv_of(settlement: &str, documents: &[Document]) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([
        "settlement",
        "document",
        "key",
        "period",
        "date",
        "currency",
        "account",
        "account name",
        "role",
        "debit",
        "credit",
        "rows",
    ])?;
    let zero = Decimal::ZERO;
    for document in documents {
        let (period, date, currency) = match document {
            Document::Journal(journal) => (&journal.period, journal.date, journal.currency),
            Document::ApInvoice(invoice) => (&invoice.period, invoice.date, invoice.currency),
            Document::SalesOrder(_)
            | Document::ShipmentConfirmation(_)
            | Document::CrossReference(_)
            | Document::CustomerShipment(_) => continue,
        };
        let mut line = |account: &Account,
                        name: Option<&str>,
                        role: Role,
                        (debit, credit): (Decimal, Decimal),
                        rows: u64| {
            let text = |amount| anyhow::Ok(Money::new(amount, currency)?.amount_text());
            out.write_record([
                settlement,
                document.kind().as_str(),
                &document.key(),
                period,
                &date.to_string(),
                currency.code(),
                &literal(account.as_str()),
                &literal(name.unwrap_or_default()),
                role.as_str(),
                &text(debit)?,
                &text(credit)?,
                &rows.to_string(),
            ])?;
            anyhow::Ok(())
        };
        match document {
            Document::Journal(journal) => {
                for one in &journal.lines {
                    let sides = (one.debit, one.credit);
                    line(&one.account, one.account_name.as_deref(), one.role, sides, one.rows)?;
                }
            }
            Document::ApInvoice(invoice) => {
                for one in &invoice.lines {
                    let sides = (one.amount.max(zero), (-one.amount).max(zero));
                    line(&one.account, one.account_name.as_deref(), one.role, sides, one.rows)?;
                }
            }
            Document::SalesOrder(_)
            | Document::ShipmentConfirmation(_)
            | Document::CrossReference(_)
            | Document::CustomerShipment(_) => {}
        }
    }
    Ok(out.into_inner()?)
}

/// A text that a spreadsheet takes for a text and never for a formula.
fn literal(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_DISPOSITION;

    use super::*;

    #[test]
    fn a_file_name_from_outside_cannot_write_headers() {
        let answer = file("a\"b\r\nSet-Cookie: x.txt", "text/csv", Vec::new());
        let told = answer.headers()[CONTENT_DISPOSITION].to_str().expect("text");
        assert_eq!(told, "attachment; filename=\"a_b__Set-Cookie_ x.txt\"");
    }

    #[test]
    fn no_cell_becomes_a_formula() {
        assert_eq!(literal("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(literal("4000-00-00"), "4000-00-00");
    }
}
