//! A customer part cross reference: one row, known by its own columns.

use async_trait::async_trait;
use epicor_odata_client::once::{Document as _, Found as InEpicor};
use epicor_odata_client::part::{CrossReferenceDocument, NewCrossReference};

use super::not_done::NotDone;
use super::{EpicorLedger, Written};
use crate::ledger::Seen;
use crate::ledger::cross_reference::CrossReference;
use crate::pipeline::posting::Found;

/// The row of one customer and SKU.
pub(super) struct NewReference<'a> {
    pub(super) ledger: &'a EpicorLedger,
    pub(super) reference: &'a CrossReference,
}

impl<'a> NewReference<'a> {
    fn document(&self) -> Result<CrossReferenceDocument<'a>, NotDone> {
        let CrossReference { cust_num, sku, part, .. } = self.reference;
        let new = NewCrossReference {
            cust_num: *cust_num,
            x_part_num: sku.clone(),
            part_num: part.clone(),
            description: String::new(),
        };
        Ok(self.ledger.client.part_cross_references().document(new)?)
    }
}

#[async_trait]
impl Written for NewReference<'_> {
    async fn look_up(&self) -> anyhow::Result<Seen> {
        let (found, note) = match self.document()?.find().await? {
            InEpicor::Absent => (Found::Absent, String::new()),
            InEpicor::Unfinished | InEpicor::Remains => {
                (Found::Partial, "it is not whole".to_owned())
            }
            InEpicor::Differs(what) => (Found::Different, what),
            InEpicor::Whole(()) => (Found::Entered, String::new()),
        };
        Ok(Seen { found, number: None, note })
    }

    async fn write(&self) -> Result<(), NotDone> {
        Ok(self.document()?.enter().await?)
    }

    async fn post(&self) -> Result<(), NotDone> {
        Err(NotDone::Refused("a cross reference is not posted".to_owned()))
    }

    async fn remove(&self) -> Result<(), NotDone> {
        Ok(())
    }

    async fn count(&self) -> anyhow::Result<u32> {
        let found = self.look_up().await?.found;
        Ok(u32::from(found == Found::Entered))
    }
}
