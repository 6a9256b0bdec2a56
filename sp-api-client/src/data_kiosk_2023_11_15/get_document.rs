//! `getDocument`: where a query's document is.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{DataKiosk, Document, DocumentId, Download, ROOT};
use crate::client::{Call, Operation, call};
use crate::{Error, download};

pub(super) struct GetDocument<'a>(pub(super) &'a DocumentId);

impl Call for GetDocument<'_> {
    const OPERATION: Operation = Operation {
        name: "getDocument",
        class: Class::Safe,
        // 0.0167 a second.
        plan: Plan { interval: Duration::from_mins(1), burst: 15 },
    };
    type Answer = Document;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("documentId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &["documents", id])?)
    }
}

impl DataKiosk<'_> {
    /// `getDocument`: the presigned address of a document, valid for five minutes.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, or too old, and those of any
    /// call.
    pub async fn get_document(self, id: &DocumentId) -> Result<Document, Error> {
        self.client.call(&GetDocument(id)).await
    }

    /// Begins to download a document. The access token is not sent along. An address that
    /// is past its five minutes is fetched anew.
    ///
    /// # Errors
    /// Those of [`Reports::download`](crate::Reports::download).
    pub async fn download(self, document: &Document) -> Result<Download, Error> {
        // Its compression is not announced; it shows.
        let told = GetDocument::OPERATION.name;
        let id = document.id().clone();
        let renew: download::Renew = Box::new(move |client| {
            let id = id.clone();
            Box::pin(async move { Ok(client.data_kiosk().get_document(&id).await?.url().clone()) })
        });
        download::download(self.client, told, document.url(), None, renew).await
    }

    /// The whole document of this id, inflated, when it is at most `limit` bytes; fetched anew
    /// while it arrives damaged.
    ///
    /// # Errors
    /// Those of [`get_document`](Self::get_document), [`download`](Self::download) and
    /// [`Download::read_to_end`].
    pub async fn read_document(self, id: &DocumentId, limit: usize) -> Result<Bytes, Error> {
        download::read_whole(self.client, limit, async || {
            let document = self.get_document(id).await?;
            self.download(&document).await
        })
        .await
    }
}
