//! `getReportDocument`: where a report's document is.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{ROOT, ReportDocument, ReportDocumentId, Reports};
use crate::Error;
use crate::client::{Call, Operation, call};

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
        call::get(&call::address(base, &[&ROOT[..], &["documents", id]].concat())?)
    }
}

impl Reports<'_> {
    /// `getReportDocument`: the presigned address of a document, valid for five minutes.
    ///
    /// At one call a minute it is what limits a backfill.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, or too old, and those of any
    /// call.
    pub async fn get_report_document(self, id: &ReportDocumentId) -> Result<ReportDocument, Error> {
        self.client.call(&GetReportDocument(id)).await
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
