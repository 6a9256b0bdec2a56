//! Epicor's books: one company, and what each kind of document is there.

mod account_lines;
mod ap_invoice;
mod cross_reference;
mod customer_shipment;
mod journal;
mod live_accounts;
mod masters;
mod not_done;
mod obstacles;
mod parts;
mod sales_order;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use epicor_odata_client::gl_journal::GlAccount;
use epicor_odata_client::master::Book;
use epicor_odata_client::{Client, Entry, Error};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, OnceCell};
use wire::{Clock, Transport};

use self::ap_invoice::InvoiceInGroup;
use self::cross_reference::NewReference;
use self::customer_shipment::NewShipment;
use self::journal::JournalInGroup;
use self::not_done::NotDone;
pub use self::parts::PartsFound;
use self::sales_order::{ChangedOrder, NewOrder};
use super::guard::SendGuard;
use super::{AddressBook, Document, DocumentTarget, Draft, Ledger, Obstacle, Seen, Sent};
use crate::config::MappedPart;

/// The fixed fields of one connection's journals, and how its documents are entered.
#[derive(Debug, Clone)]
pub struct JournalFields {
    /// `BookID`; the company's main book when `None`.
    pub book: Option<String>,
    /// `JournalCode`.
    pub journal_code: String,
    /// How many steps of Epicor's dialogue a document is entered by.
    pub entry: Entry,
    /// What separates the segments of an account in the rules.
    pub segment_separator: char,
    /// The connector's own Epicor user: an empty group that another user made is not ours.
    pub user: String,
}

/// One company's books.
pub struct EpicorLedger {
    client: Client,
    guard: Arc<SendGuard>,
    fields: JournalFields,
    book: OnceCell<Book>,
    vendors: Mutex<BTreeMap<String, i64>>,
    addresses: Option<Arc<dyn AddressBook>>,
}

impl fmt::Debug for EpicorLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EpicorLedger").field("fields", &self.fields).finish_non_exhaustive()
    }
}

/// What one kind of document is in Epicor. The sending ones are guarded by [`EpicorLedger`].
#[async_trait]
trait Written: Send + Sync {
    async fn look_up(&self) -> anyhow::Result<Seen>;
    async fn write(&self) -> Result<(), NotDone>;
    async fn post(&self) -> Result<(), NotDone>;
    async fn remove(&self) -> Result<(), NotDone>;
    async fn count(&self) -> anyhow::Result<u32>;
}

/// A document that Epicor does not take.
struct NotHere;

#[async_trait]
impl Written for NotHere {
    async fn look_up(&self) -> anyhow::Result<Seen> {
        anyhow::bail!("this document does not belong in Epicor")
    }

    async fn write(&self) -> Result<(), NotDone> {
        Err(NotDone::Refused("this document does not belong in Epicor".to_owned()))
    }

    async fn post(&self) -> Result<(), NotDone> {
        self.write().await
    }

    async fn remove(&self) -> Result<(), NotDone> {
        self.write().await
    }

    async fn count(&self) -> anyhow::Result<u32> {
        self.look_up().await.map(|_| 0)
    }
}

impl EpicorLedger {
    /// A ledger over the client that `build` makes with the guarded transport it is given.
    ///
    /// # Errors
    /// What `build` refuses.
    pub fn new(
        fields: JournalFields,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        send_grace: SignedDuration,
        build: impl FnOnce(Arc<dyn Transport>) -> Result<Client, Error>,
    ) -> Result<Self, Error> {
        let guard = Arc::new(SendGuard::new(transport, clock, send_grace));
        let client = build(guard.clone())?;
        let (book, vendors) = (OnceCell::new(), Mutex::default());
        Ok(Self { client, guard, fields, book, vendors, addresses: None })
    }

    /// Asks here where orders go.
    #[must_use]
    pub fn with_addresses(self, addresses: Arc<dyn AddressBook>) -> Self {
        Self { addresses: Some(addresses), ..self }
    }

    /// Asks Epicor whether address, key, user and company are right.
    ///
    /// # Errors
    /// The client's error, which names the half that failed.
    pub async fn ping(&self) -> Result<(), Error> {
        self.client.ping().await.map(|_| ())
    }

    /// What the draft's document is in Epicor.
    fn written<'a>(&'a self, draft: &'a Draft) -> Box<dyn Written + 'a> {
        match &draft.document {
            Document::Journal(journal) => Box::new(JournalInGroup { ledger: self, draft, journal }),
            Document::ApInvoice(invoice) => {
                Box::new(InvoiceInGroup { ledger: self, draft, invoice })
            }
            Document::SalesOrder(order) => match &order.change {
                None => Box::new(NewOrder { ledger: self, draft, order }),
                Some(change) => Box::new(ChangedOrder { ledger: self, order, change }),
            },
            Document::CrossReference(reference) => {
                Box::new(NewReference { ledger: self, reference })
            }
            Document::CustomerShipment(shipment) => {
                Box::new(NewShipment { ledger: self, draft, shipment })
            }
            Document::ShipmentConfirmation(_) => Box::new(NotHere),
        }
    }

    /// The book journals are entered into.
    async fn book(&self) -> anyhow::Result<&Book> {
        self.book
            .get_or_try_init(|| async {
                let books = self.client.gl_books().all().await?;
                let wanted = self.fields.book.as_deref();
                let found = books.into_iter().find(|book| match wanted {
                    Some(id) => book.book_id == id,
                    None => book.main_book,
                });
                found.ok_or_else(|| {
                    anyhow::anyhow!(
                        "company {} has no {}; an IT admin must set `epicor.book` to one of its books",
                        self.client.company(),
                        wanted.map_or("main book".to_owned(), |id| format!("book {id}")),
                    )
                })
            })
            .await
    }

    /// The number that Epicor gave a vendor; it never changes.
    async fn vendor_num(&self, vendor_id: &str) -> Result<i64, NotDone> {
        let mut known = self.vendors.lock().await;
        if let Some(number) = known.get(vendor_id) {
            return Ok(*number);
        }
        let Some(vendor) = self.client.vendors().by_vendor_id(vendor_id).await? else {
            return Err(NotDone::Refused(obstacles::vendor_missing(self, vendor_id).message));
        };
        known.insert(vendor_id.to_owned(), vendor.vendor_num);
        Ok(vendor.vendor_num)
    }

    fn account(&self, account: &ledger_mapper::Account) -> Result<GlAccount, String> {
        GlAccount::parse(account.as_str(), self.fields.segment_separator)
            .map_err(|error| error.to_string())
    }

    /// A description that starts with the draft's token, cut to its column.
    fn fitted(&self, draft: &Draft, text: &str) -> Result<String, String> {
        let text = format!("{} {text}", draft.token);
        self.client.gl_journals().fit_description(&text).map_err(|error| error.to_string())
    }

    /// Whether a group was made by the connector's own user.
    fn is_ours(&self, maker: &str) -> bool {
        maker.is_empty() || maker.eq_ignore_ascii_case(&self.fields.user)
    }
}

#[async_trait]
impl DocumentTarget for EpicorLedger {
    async fn look_up(&self, draft: &Draft) -> anyhow::Result<Seen> {
        self.written(draft).look_up().await
    }

    async fn write(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.guard.allow_until(not_after);
        self.written(draft).write().await.into()
    }

    async fn post(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.guard.allow_until(not_after);
        self.written(draft).post().await.into()
    }

    async fn remove(&self, draft: &Draft, not_after: Timestamp) -> Sent {
        self.guard.allow_until(not_after);
        self.written(draft).remove().await.into()
    }

    async fn count(&self, draft: &Draft) -> anyhow::Result<u32> {
        self.written(draft).count().await
    }
}

#[async_trait]
impl Ledger for EpicorLedger {
    async fn obstacles(&self, documents: &[Document]) -> anyhow::Result<Vec<Obstacle>> {
        obstacles::of(self, documents).await
    }

    async fn lacking_parts(
        &self,
        customers: &[String],
        skus: &BTreeSet<String>,
        mapped: &BTreeMap<String, MappedPart>,
    ) -> anyhow::Result<Vec<Obstacle>> {
        let customers = self.cust_nums(customers).await?;
        let found = self.parts_of(&customers, skus, mapped).await?;
        Ok(found.problems.into_values().collect())
    }
}
