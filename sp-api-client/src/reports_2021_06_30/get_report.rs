//! `getReport`: how far one report is.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{ROOT, Report, ReportId, Reports};
use crate::Error;
use crate::client::{Call, Operation, call};
use crate::polling;

struct GetReport<'a>(&'a ReportId);

impl Call for GetReport<'_> {
    const OPERATION: Operation = Operation {
        name: "getReport",
        class: Class::Safe,
        // 2 a second.
        plan: Plan { interval: Duration::from_millis(500), burst: 15 },
    };
    type Answer = Report;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("reportId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &["reports", id])?)
    }
}

impl Reports<'_> {
    /// `getReport`: one report.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, or too old, and those of any
    /// call.
    pub async fn get_report(self, id: &ReportId) -> Result<Report, Error> {
        self.client.call(&GetReport(id)).await
    }

    /// `getReport`, again and again until the report is through or `patience` is over: the report
    /// as it was told last.
    ///
    /// It asks after 5 seconds, and then half as often each time, down to once a minute. Nothing
    /// is lost when it is broken off: ask again with the same id.
    ///
    /// # Errors
    /// Those of [`get_report`](Self::get_report).
    pub async fn wait_for_report(self, id: &ReportId, patience: Duration) -> Result<Report, Error> {
        let call = GetReport(id);
        polling::until_final(self.client, patience, &call, |report| &report.processing_status).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(id: &str) -> Result<http::Request<Bytes>, Error> {
        let base = Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap();
        GetReport(&ReportId::new(id)).request(&base)
    }

    #[test]
    fn the_id_is_one_segment_encoded_once() {
        for (id, path) in [
            ("50011", "/reports/2021-06-30/reports/50011"),
            ("a/b c%2F?d", "/reports/2021-06-30/reports/a%2Fb%20c%252F%3Fd"),
        ] {
            let request = request(id).unwrap();
            assert_eq!(request.method(), http::Method::GET);
            assert_eq!(request.uri().path_and_query().unwrap(), path);
            assert!(request.body().is_empty() && request.headers().is_empty());
        }
    }

    #[test]
    fn what_would_be_another_path_is_no_id() {
        for id in ["", ".", ".."] {
            let error = request(id).unwrap_err();
            assert!(matches!(error, Error::InvalidParameter { parameter: "reportId", .. }), "{id}");
        }
    }
}
