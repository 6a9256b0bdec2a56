//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::RedactedUrl;

#[cfg(test)]
mod tests;

/// An id of Amazon's: opaque, and unique for one seller only.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// An id as Amazon gave it.
            #[must_use]
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of a report (`reportId`). Opaque, and unique for one seller only.
    ReportId
}
id! {
    /// The id of a report's document (`reportDocumentId`). Opaque, and unique for one seller only.
    ReportDocumentId
}

/// What Amazon tells about a report (`Report`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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

/// How far a report is (`processingStatus`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum ProcessingStatus {
    /// `CANCELLED`: on request, for want of data, or for being asked for too often.
    Cancelled,
    /// `DONE`: there is a document.
    Done,
    /// `FATAL`: it failed.
    Fatal,
    /// `IN_PROGRESS`.
    InProgress,
    /// `IN_QUEUE`.
    InQueue,
    /// A status that is new to this version.
    Other(String),
}

impl ProcessingStatus {
    /// Amazon's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cancelled => "CANCELLED",
            Self::Done => "DONE",
            Self::Fatal => "FATAL",
            Self::InProgress => "IN_PROGRESS",
            Self::InQueue => "IN_QUEUE",
            Self::Other(other) => other,
        }
    }
}

impl From<String> for ProcessingStatus {
    fn from(text: String) -> Self {
        match text.as_str() {
            "CANCELLED" => Self::Cancelled,
            "DONE" => Self::Done,
            "FATAL" => Self::Fatal,
            "IN_PROGRESS" => Self::InProgress,
            "IN_QUEUE" => Self::InQueue,
            _ => Self::Other(text),
        }
    }
}

impl AsRef<str> for ProcessingStatus {
    fn as_ref(&self) -> &str {
        self.as_str()
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

/// How a document is compressed (`compressionAlgorithm`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum CompressionAlgorithm {
    /// `GZIP`.
    Gzip,
    /// An algorithm that is new to this version, which cannot read it.
    Other(String),
}

impl From<String> for CompressionAlgorithm {
    fn from(text: String) -> Self {
        if text == "GZIP" { Self::Gzip } else { Self::Other(text) }
    }
}
