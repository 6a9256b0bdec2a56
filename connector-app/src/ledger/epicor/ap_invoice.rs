//! A supplier invoice, or a debit memo, in a group of its own.

use async_trait::async_trait;
use epicor_odata_client::GroupId;
use epicor_odata_client::ap_invoice::{ApGroup, ApInvoiceDocument, NewApInvoice, NewApLine};
use epicor_odata_client::odata::Filter;
use epicor_odata_client::once::{Document as _, Found as InEpicor, Postable as _};
use ledger_mapper::FeeInvoice;

use super::not_done::NotDone;
use super::{EpicorLedger, Written};
use crate::ledger::{Draft, Seen};
use crate::pipeline::posting::Found;

/// An invoice as Epicor knows it: by the vendor and the vendor's number, which Epicor takes once,
/// and by its token at the start of its description.
pub(super) struct InvoiceInGroup<'a> {
    pub(super) ledger: &'a EpicorLedger,
    pub(super) draft: &'a Draft,
    pub(super) invoice: &'a FeeInvoice,
}

impl<'a> InvoiceInGroup<'a> {
    fn group_id(&self) -> Result<GroupId, NotDone> {
        GroupId::new(&self.draft.group_id).map_err(|error| NotDone::Refused(error.to_string()))
    }

    async fn document(&self) -> Result<ApInvoiceDocument<'a>, NotDone> {
        let vendor_num = self.ledger.vendor_num(&self.invoice.vendor).await?;
        let invoice = self.new_invoice(vendor_num).map_err(NotDone::Refused)?;
        let invoices = self.ledger.client.ap_invoices().entry(self.ledger.fields.entry);
        Ok(invoices.document(self.group_id()?, self.invoice.date, invoice)?)
    }

    fn new_invoice(&self, vendor_num: i64) -> Result<NewApInvoice, String> {
        let invoice = self.invoice;
        let mut lines = Vec::with_capacity(invoice.lines.len());
        for line in &invoice.lines {
            let name = line.account_name.as_deref().unwrap_or(line.role.as_str());
            lines.push(NewApLine {
                part_num: line.role.as_str().to_owned(),
                description: name.to_owned(),
                amount: line.amount,
                account: Some(self.ledger.account(&line.account)?),
            });
        }
        let of = format!("Amazon fees {}", invoice.number);
        Ok(NewApInvoice {
            vendor_num,
            vendor_id: invoice.vendor.clone(),
            invoice_num: invoice.number.clone(),
            description: self.ledger.fitted(self.draft, &of)?,
            comment: format!(
                "{of}. ml-connector key {}; journal {}",
                self.draft.key, invoice.journal
            ),
            invoice_date: invoice.date,
            currency_code: invoice.currency.code().to_owned(),
            terms_code: None,
            invoice_ref: invoice.reverses.clone(),
            lines,
        })
    }

    /// Why an empty group under our id is somebody else's.
    async fn not_ours(&self, group: &ApGroup) -> Result<Option<String>, NotDone> {
        let id = &self.draft.group_id;
        if !self.ledger.is_ours(&group.created_by) {
            return Ok(Some(format!("group {id} was made by {}", group.created_by)));
        }
        let others =
            self.ledger.client.ap_invoices().matching(Filter::eq("GroupID", id.as_str())).await?;
        Ok(others.first().map(|other| {
            format!(
                "group {id} holds invoice {}, which is not ours, or which somebody has changed",
                other.invoice_num
            )
        }))
    }

    async fn group(&self) -> Result<Option<ApGroup>, NotDone> {
        Ok(self.ledger.client.ap_invoices().group(&self.group_id()?).await?)
    }
}

#[async_trait]
impl Written for InvoiceInGroup<'_> {
    async fn look_up(&self) -> anyhow::Result<Seen> {
        let found = self.document().await?.find().await?;
        let number = Some(self.invoice.number.clone());
        let seen = |found, number, note: String| Ok(Seen { found, number, note });
        match found {
            InEpicor::Whole(state) if state.posted => seen(Found::Posted, number, String::new()),
            InEpicor::Whole(_) => {
                let group = self.group().await?;
                let log = group.map(|group| group.post_error_log).unwrap_or_default();
                seen(Found::Entered, number, log)
            }
            InEpicor::Remains => seen(Found::Partial, number, "it is not whole".to_owned()),
            InEpicor::Differs(what) => seen(Found::Different, None, what),
            InEpicor::Absent => seen(Found::Absent, None, String::new()),
            InEpicor::Unfinished => {
                let group = self.group().await?;
                let foreign = match &group {
                    Some(group) => self.not_ours(group).await?,
                    None => None,
                };
                match foreign {
                    Some(what) => seen(Found::Different, None, what),
                    None => seen(Found::Partial, None, "the group is empty".to_owned()),
                }
            }
        }
    }

    async fn write(&self) -> Result<(), NotDone> {
        self.document().await?.enter().await?;
        Ok(())
    }

    async fn post(&self) -> Result<(), NotDone> {
        Ok(self.document().await?.post().await?)
    }

    async fn remove(&self) -> Result<(), NotDone> {
        self.document().await?.remove().await?;
        let Some(group) = self.group().await? else { return Ok(()) };
        if let Some(why) = self.not_ours(&group).await? {
            return Err(NotDone::Refused(why));
        }
        Ok(self.ledger.client.ap_invoices().remove_group(&self.group_id()?).await?)
    }

    async fn count(&self) -> anyhow::Result<u32> {
        let ours = Filter::startswith("Description", &self.draft.token);
        let found = self.ledger.client.ap_invoices().matching(ours).await?;
        Ok(u32::try_from(found.len())?)
    }
}
