//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::RedactedUrl;

use crate::download::CompressionAlgorithm;
use crate::polling::ProcessingStatus;
use crate::text::{id, open_enum};

#[cfg(test)]
mod tests;

id! {
    /// The id of a report (`reportId`). Opaque, and unique for one seller only.
    ReportId
}
id! {
    /// The id of a schedule of reports (`reportScheduleId`). Unique for one seller only.
    ReportScheduleId
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
    pub report_schedule_id: Option<ReportScheduleId>,
    /// `processingStartTime`.
    pub processing_start_time: Option<Timestamp>,
    /// `processingEndTime`.
    pub processing_end_time: Option<Timestamp>,
    /// `reportDocumentId`: there when the report is `DONE`, and sometimes, with an explanation in
    /// the document, when it is `FATAL`.
    pub report_document_id: Option<ReportDocumentId>,
}

/// A schedule: reports that Amazon makes by the calendar (`ReportSchedule`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportSchedule {
    /// `reportScheduleId`.
    pub report_schedule_id: ReportScheduleId,
    /// `reportType`.
    pub report_type: String,
    /// `marketplaceIds`: the stores the reports are about. Empty when Amazon names none.
    #[serde(default)]
    pub marketplace_ids: Vec<String>,
    /// `reportOptions`: what else was said about the reports.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub report_options: BTreeMap<String, String>,
    /// `period`: how often, as ISO 8601 tells it, like `PT8H`.
    pub period: SchedulePeriod,
    /// `nextReportCreationTime`.
    pub next_report_creation_time: Option<Timestamp>,
}

open_enum! {
    /// How often a schedule makes a report (`period`).
    SchedulePeriod {
        /// `PT5M`.
        FiveMinutes = "PT5M",
        /// `PT15M`.
        FifteenMinutes = "PT15M",
        /// `PT30M`.
        ThirtyMinutes = "PT30M",
        /// `PT1H`.
        OneHour = "PT1H",
        /// `PT2H`.
        TwoHours = "PT2H",
        /// `PT4H`.
        FourHours = "PT4H",
        /// `PT8H`.
        EightHours = "PT8H",
        /// `PT12H`.
        TwelveHours = "PT12H",
        /// `P1D`.
        OneDay = "P1D",
        /// `P2D`.
        TwoDays = "P2D",
        /// `P3D`.
        ThreeDays = "P3D",
        /// `PT84H`: half a week.
        EightyFourHours = "PT84H",
        /// `P7D`.
        SevenDays = "P7D",
        /// `P14D`.
        FourteenDays = "P14D",
        /// `P15D`.
        FifteenDays = "P15D",
        /// `P18D`.
        EighteenDays = "P18D",
        /// `P30D`.
        ThirtyDays = "P30D",
        /// `P1M`.
        OneMonth = "P1M",
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
