use jiff::civil::Date;
use serde_json::json;

use super::{ApInvoice, ApInvoices, NewApInvoice};
use crate::error::Error;
use crate::group_id::GroupId;
use crate::limit;
use crate::once::{Document, Found, Postable};

const DELETE: &str = "Erp.BO.APInvoiceSvc/DeleteByID";

/// An AP invoice in a group of its own, entered once and posted once. Its key is the vendor and
/// the vendor's number, which Epicor takes once; whether it is ours, the first word of its
/// description tells.
#[derive(Clone, Debug)]
pub struct ApInvoiceDocument<'a> {
    invoices: ApInvoices<'a>,
    group_id: GroupId,
    apply_date: Date,
    invoice: NewApInvoice,
}

/// Where an AP invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApInvoiceState {
    /// Whether it is posted, rather than in entry.
    pub posted: bool,
}

impl<'a> ApInvoices<'a> {
    /// An invoice to be entered once, by [`Client::ensure`](crate::Client::ensure), and posted
    /// once, by [`Client::ensure_posted`](crate::Client::ensure_posted).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an invoice that does not fit.
    pub fn document(
        &self,
        group_id: GroupId,
        apply_date: Date,
        invoice: NewApInvoice,
    ) -> Result<ApInvoiceDocument<'a>, Error> {
        invoice.can_be_sent(self.client.description_length())?;
        Ok(ApInvoiceDocument { invoices: *self, group_id, apply_date, invoice })
    }
}

impl ApInvoiceDocument<'_> {
    async fn found(&self) -> Result<Option<ApInvoice>, Error> {
        self.invoices.by_number(self.invoice.vendor_num, &self.invoice.invoice_num).await
    }

    fn compare(&self, found: &ApInvoice) -> Found<ApInvoiceState> {
        let state = ApInvoiceState { posted: found.head.posted };
        let Some(difference) = found.difference(&self.invoice) else {
            return Found::Whole(state);
        };
        let remains = self.is_ours_in_entry(found) && found.is_begun(&self.invoice);
        if remains { Found::Remains } else { Found::Differs(difference) }
    }

    fn is_ours_in_entry(&self, found: &ApInvoice) -> bool {
        !found.head.posted
            && found.head_difference(&self.invoice).is_none()
            && found.head.group_id == self.group_id.as_str()
    }
}

impl Document for ApInvoiceDocument<'_> {
    type Key = ApInvoiceState;

    async fn find(&self) -> Result<Found<ApInvoiceState>, Error> {
        if let Some(found) = self.found().await? {
            return Ok(self.compare(&found));
        }
        Ok(match self.invoices.group(&self.group_id).await? {
            None => Found::Absent,
            Some(group) if group.apply_date == Some(self.apply_date) => Found::Unfinished,
            Some(group) => {
                let (id, by) = (&self.group_id, &group.created_by);
                Found::Differs(format!("group {id} was made by {by} for another day"))
            }
        })
    }

    async fn enter(&self) -> Result<ApInvoiceState, Error> {
        self.invoices.create_group(&self.group_id, self.apply_date).await?;
        self.finish().await
    }

    /// The group is there, and the number is free.
    async fn finish(&self) -> Result<ApInvoiceState, Error> {
        self.invoices.create_invoice(&self.group_id, &self.invoice).await?;
        Ok(ApInvoiceState { posted: false })
    }

    async fn remove(&self) -> Result<(), Error> {
        match self.found().await? {
            // Taking away what a person has worked on would undo that.
            Some(found)
                if self.is_ours_in_entry(&found) && found.is_untouched_part_of(&self.invoice) =>
            {
                let parameters = json!({
                    "vendorNum": self.invoice.vendor_num,
                    "invoiceNum": self.invoice.invoice_num,
                });
                self.invoices.client.delete(DELETE, &parameters).await
            }
            // The next look says what it is.
            _ => Ok(()),
        }
    }
}

impl Postable for ApInvoiceDocument<'_> {
    fn is_posted(key: &ApInvoiceState) -> bool {
        key.posted
    }

    async fn post(&self) -> Result<(), Error> {
        let note = limit::first_word(&self.invoice.description);
        self.invoices.post_group(&self.group_id, note).await?;
        // The posting program says nothing; what it could not post, it notes with the group. When that
        // cannot be read, the next look tells what became of it.
        let Ok(Some(group)) = self.invoices.group(&self.group_id).await else { return Ok(()) };
        if group.post_error_log.is_empty() || group.post_in_process {
            return Ok(());
        }
        // It may be about another invoice, which a person put into the group.
        match self.found().await {
            Ok(Some(found)) if !found.head.posted => Err(Error::NotPosted {
                group_id: self.group_id.to_string(),
                message: group.post_error_log,
            }),
            _ => Ok(()),
        }
    }
}
