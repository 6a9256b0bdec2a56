//! What stands in the way of documents: read before anything is sent.

use std::collections::BTreeSet;

use epicor_odata_client::gl_journal::GlAccount;
use epicor_odata_client::master::Book;
use jiff::civil::Date;
use ledger_mapper::Account;

use super::EpicorLedger;
use crate::ledger::{Document, Obstacle};

/// What documents need of the company.
#[derive(Default)]
struct Needs<'a> {
    accounts: BTreeSet<&'a Account>,
    dates: BTreeSet<Date>,
    vendors: BTreeSet<&'a str>,
}

impl<'a> Needs<'a> {
    fn of(documents: &'a [Document]) -> Self {
        let mut needs = Self::default();
        for document in documents {
            match document {
                Document::Journal(journal) => {
                    needs.accounts.extend(journal.lines.iter().map(|line| &line.account));
                    needs.dates.insert(journal.date);
                }
                Document::ApInvoice(invoice) => {
                    needs.accounts.extend(invoice.lines.iter().map(|line| &line.account));
                    needs.dates.insert(invoice.date);
                    needs.vendors.insert(&invoice.vendor);
                }
                // What orders need is judged before there is a document.
                Document::SalesOrder(_)
                | Document::ShipmentConfirmation(_)
                | Document::CrossReference(_)
                | Document::CustomerShipment(_) => {}
            }
        }
        needs
    }
}

pub(super) async fn of(
    ledger: &EpicorLedger,
    documents: &[Document],
) -> anyhow::Result<Vec<Obstacle>> {
    let needs = Needs::of(documents);
    let book = ledger.book().await?;
    let mut obstacles = accounts(ledger, book, &needs.accounts).await?;
    obstacles.extend(periods(ledger, book, &needs.dates).await?);
    obstacles.extend(vendors(ledger, &needs.vendors).await?);
    Ok(obstacles)
}

async fn accounts(
    ledger: &EpicorLedger,
    book: &Book,
    accounts: &BTreeSet<&Account>,
) -> anyhow::Result<Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    let mut wanted: Vec<GlAccount> = Vec::new();
    for account in accounts {
        match ledger.account(account) {
            Ok(account) => wanted.push(account),
            Err(why) => obstacles.push(Obstacle { reason: "account_missing", message: why }),
        }
    }
    wanted.sort();
    let known = ledger.client.gl_accounts().states(&book.coa_code, &wanted).await?;
    for account in &wanted {
        let wire = account.to_string();
        match known.iter().find(|state| state.account == wire) {
            None => obstacles.push(Obstacle {
                reason: "account_missing",
                message: format!(
                    "account {wire} is not in chart {} of Epicor; the finance clerk names another in the rules, or an Epicor admin adds it",
                    book.coa_code
                ),
            }),
            Some(state) if !state.active => obstacles.push(Obstacle {
                reason: "account_inactive",
                message: format!(
                    "account {wire} ({}) is inactive in Epicor; the finance clerk names another in the rules, or an Epicor admin activates it",
                    state.description
                ),
            }),
            Some(_) => {}
        }
    }
    Ok(obstacles)
}

async fn periods(
    ledger: &EpicorLedger,
    book: &Book,
    dates: &BTreeSet<Date>,
) -> anyhow::Result<Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    for date in dates {
        let period = ledger.client.book_periods().holding(&book.book_id, *date).await?;
        let (reason, word) = match &period {
            Some(period) if !period.closed => continue,
            Some(_) => ("period_closed", "closed"),
            None => ("period_missing", "not set up"),
        };
        obstacles.push(Obstacle {
            reason,
            message: format!(
                "the period of {date} is {word} in book {} of Epicor; the controller opens it, then the next run goes on",
                book.book_id
            ),
        });
    }
    Ok(obstacles)
}

async fn vendors(ledger: &EpicorLedger, vendors: &BTreeSet<&str>) -> anyhow::Result<Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    for id in vendors {
        match ledger.client.vendors().by_vendor_id(id).await? {
            None => obstacles.push(vendor_missing(ledger, id)),
            Some(vendor) if vendor.inactive => obstacles.push(Obstacle {
                reason: "vendor_inactive",
                message: format!(
                    "vendor {id} ({}) is inactive in Epicor; the purchasing clerk activates it, or an IT admin names another as `posting.vendor`",
                    vendor.name
                ),
            }),
            Some(_) => {}
        }
    }
    Ok(obstacles)
}

pub(super) fn vendor_missing(ledger: &EpicorLedger, id: &str) -> Obstacle {
    Obstacle {
        reason: "vendor_missing",
        message: format!(
            "company {} has no vendor {id}; the purchasing clerk adds it in Epicor, or an IT admin names another as `posting.vendor`",
            ledger.client.company()
        ),
    }
}
