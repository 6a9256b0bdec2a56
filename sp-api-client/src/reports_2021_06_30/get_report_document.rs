//! `getReportDocument`: where a report's document is.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{Download, ROOT, ReportDocument, ReportDocumentId, Reports};
use crate::Error;
use crate::client::{Call, Operation, call};
use crate::download;

struct GetReportDocument<'a>(&'a ReportDocumentId);

impl Call for GetReportDocument<'_> {
    const OPERATION: Operation = Operation {
        name: "getReportDocument",
        class: Class::Safe,
        // 0.0167 a second.
        plan: Plan { interval: Duration::from_mins(1), burst: 15 },
    };
    type Answer = ReportDocument;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("reportDocumentId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &["documents", id])?)
    }
}

impl Reports<'_> {
    /// `getReportDocument`: the presigned address of a document, valid for five minutes.
    ///
    /// At one call a minute, after the first fifteen, it is what limits a backfill.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, or too old, and those of any
    /// call.
    pub async fn get_report_document(self, id: &ReportDocumentId) -> Result<ReportDocument, Error> {
        self.client.call(&GetReportDocument(id)).await
    }

    /// Begins to download a document. An address that is past its five minutes is fetched anew, now
    /// or when the connection breaks off later.
    ///
    /// The access token is not sent along: the address is its own permission. It must lead to
    /// Amazon's storage, to a host allowed at the builder, or to this machine when the service
    /// itself is there.
    ///
    /// # Errors
    /// [`Error::DownloadExpired`] when each new address is past its time, too,
    /// [`Error::ForeignDownloadHost`] or [`Error::Insecure`] for an address that is not called, [`Error::DownloadDamaged`] for an
    /// empty document that should be compressed, and those of any call.
    pub async fn download(self, document: &ReportDocument) -> Result<Download, Error> {
        let told = GetReportDocument::OPERATION.name;
        let id = document.id().clone();
        let renew: download::Renew = Box::new(move |client| {
            let id = id.clone();
            Box::pin(
                async move { Ok(client.reports().get_report_document(&id).await?.url().clone()) },
            )
        });
        download::download(self.client, told, document.url(), document.compression(), renew).await
    }

    /// The whole document of this id, inflated, when it is at most `limit` bytes.
    ///
    /// A document that arrives damaged is fetched anew, from its address on, as often as the
    /// client's retry policy has attempts.
    ///
    /// # Errors
    /// Those of [`get_report_document`](Self::get_report_document), [`download`](Self::download)
    /// and [`Download::read_to_end`].
    pub async fn read_document(self, id: &ReportDocumentId, limit: usize) -> Result<Bytes, Error> {
        download::read_whole(self.client, limit, async || {
            let document = self.get_report_document(id).await?;
            self.download(&document).await
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request() {
        let base = Url::parse("http://localhost:8080/stand-in/").unwrap();
        let id = ReportDocumentId::new("amzn1.spdoc.1.4.na.x/y");
        let request = GetReportDocument(&id).request(&base).unwrap();
        let expected =
            "http://localhost:8080/stand-in/reports/2021-06-30/documents/amzn1.spdoc.1.4.na.x%2Fy";
        assert_eq!(request.uri(), expected);
        assert!(GetReportDocument(&ReportDocumentId::new("..")).request(&base).is_err());
    }
}
