//! `cancelReport`: takes a request for a report back.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{ROOT, ReportId, Reports};
use crate::Error;
use crate::client::{Call, Operation, call};

pub(super) struct CancelReport<'a>(pub(super) &'a ReportId);

impl Call for CancelReport<'_> {
    const OPERATION: Operation = Operation {
        name: "cancelReport",
        class: Class::Idempotent,
        // 0.0222 a second.
        plan: Plan { interval: Duration::from_secs(45), burst: 10 },
    };
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("reportId", self.0.as_str())?;
        call::delete(&call::address(base, &ROOT, &["reports", id])?)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl Reports<'_> {
    /// `cancelReport`: takes a request back while the report is `IN_QUEUE`.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is no longer in the queue, and those of any call. That may be the doing
    /// of an earlier attempt whose answer was lost: [`get_report`](Self::get_report) then tells
    /// `CANCELLED`.
    pub async fn cancel_report(self, id: &ReportId) -> Result<(), Error> {
        self.client.call(&CancelReport(id)).await
    }
}
