//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::RedactedUrl;

use crate::text::{id, open_enum};

#[cfg(test)]
mod tests;

id! {
    /// The id of a report (`reportId`). Opaque, and unique for one seller only.
    ReportId
}
id! {
    /// The id of a report's document (`reportDocumentId`). Opaque, and unique for one seller only.
    ReportDocumentId
}

/// What Amazon tells about a report (`Report`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// `reportId`.
    pub report_id: ReportId,
    /// `reportType`, like `GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2`.
    pub report_type: String,
    /// `processingStatus`.
    pub processing_status: ProcessingStatus,
    /// `createdTime`: when the report was made. Lists are not reliably in this order.
    pub created_time: Timestamp,
    /// `marketplaceIds`: the stores it is about. Empty when Amazon names none.
    #[serde(default)]
    pub marketplace_ids: Vec<String>,
    /// `dataStartTime`: the begin of the period it is about.
    pub data_start_time: Option<Timestamp>,
    /// `dataEndTime`: the end of the period it is about.
    pub data_end_time: Option<Timestamp>,
    /// `reportScheduleId`: the schedule that made it, if one did.
    pub report_schedule_id: Option<String>,
    /// `processingStartTime`.
    pub processing_start_time: Option<Timestamp>,
    /// `processingEndTime`.
    pub processing_end_time: Option<Timestamp>,
    /// `reportDocumentId`: there when the report is `DONE`, and sometimes, with an explanation in
    /// the document, when it is `FATAL`.
    pub report_document_id: Option<ReportDocumentId>,
}

open_enum! {
    /// How far a report is (`processingStatus`).
    ProcessingStatus {
        /// `CANCELLED`: on request, for want of data, or for being asked for too often.
        Cancelled = "CANCELLED",
        /// `DONE`: there is a document.
        Done = "DONE",
        /// `FATAL`: it failed.
        Fatal = "FATAL",
        /// `IN_PROGRESS`.
        InProgress = "IN_PROGRESS",
        /// `IN_QUEUE`.
        InQueue = "IN_QUEUE",
    }
}

/// Where a report's document is (`ReportDocument`).
///
/// Whoever has the address can read the document, so `Debug` does not show its query.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireReportDocument")]
pub struct ReportDocument {
    id: ReportDocumentId,
    url: Url,
    compression: Option<CompressionAlgorithm>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireReportDocument {
    report_document_id: ReportDocumentId,
    url: String,
    compression_algorithm: Option<CompressionAlgorithm>,
}

impl TryFrom<WireReportDocument> for ReportDocument {
    type Error = &'static str;

    fn try_from(wire: WireReportDocument) -> Result<Self, Self::Error> {
        // The parser's error is left out: it is for people who may not see the address.
        let url = Url::parse(&wire.url).map_err(|_| "url is no address")?;
        Ok(Self { id: wire.report_document_id, url, compression: wire.compression_algorithm })
    }
}

impl ReportDocument {
    /// `reportDocumentId`.
    #[must_use]
    pub fn id(&self) -> &ReportDocumentId {
        &self.id
    }

    /// `url`: presigned, valid for five minutes. A secret.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// `compressionAlgorithm`, when the document is compressed.
    #[must_use]
    pub fn compression(&self) -> Option<&CompressionAlgorithm> {
        self.compression.as_ref()
    }
}

impl fmt::Debug for ReportDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportDocument")
            .field("id", &self.id)
            .field("url", &RedactedUrl(&self.url))
            .field("compression", &self.compression)
            .finish()
    }
}

open_enum! {
    /// How a document is compressed (`compressionAlgorithm`).
    CompressionAlgorithm {
        /// `GZIP`. No other is read by this version.
        Gzip = "GZIP",
    }
}
