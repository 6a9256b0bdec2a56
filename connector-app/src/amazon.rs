//! What one selling account has: its settlement reports, its orders and its listings.

mod listings;
mod on_request;
mod order_facts;
mod order_report;
mod orders;
mod payouts;
mod transactions;

pub use listings::{LISTINGS_REPORT, ListedOffer, listed_offers};
pub use on_request::ReportsOnRequest;
pub(crate) use order_facts::ship_to;
pub use order_facts::{OrderFacts, Reported, order_facts};
pub use order_report::{
    ORDERS_BY_CHANGE, ORDERS_BY_DATE, ORDERS_REPORT_MAX, ReportedOrder, reported_orders,
};
pub use orders::{FULFILMENT, FeedEnd, OrdersSeen, SellerOrders, WindowRefused};
pub use payouts::{PaidOut, Payouts, Witness, payouts, refresh_payouts};
pub use transactions::transactions;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus, Report, ReportDocumentId};
use sp_api_client::{Client, SecretInUse};

/// The one settlement form that Amazon still publishes.
pub const SETTLEMENT_REPORT: &str = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2";

/// A settlement of ten million rows is about two gigabytes; more is not a settlement.
const DOCUMENT_BYTES_MAX: usize = 4 << 30;

/// A downloaded document.
#[derive(Debug)]
pub struct Downloaded {
    /// Its bytes, inflated.
    pub bytes: Vec<u8>,
    /// The charset that its `Content-Type` named, if it did.
    pub charset: Option<String>,
}

/// Lists and downloads settlement reports. Settlements cannot be requested: Amazon publishes them
/// and keeps them listed for 90 days.
#[derive(Debug)]
pub struct SettlementReports {
    client: Client,
}

impl SettlementReports {
    /// Over a client of the selling account.
    #[must_use]
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    /// The orders of the same selling account, by the same client: its limits are one. `personal`
    /// asks for buyers' addresses, too.
    #[must_use]
    pub fn orders(&self, personal: bool) -> SellerOrders {
        SellerOrders::new(self.client.clone(), personal)
    }

    /// The reports of the same selling account that are made on request.
    #[must_use]
    pub fn on_request(&self) -> ReportsOnRequest {
        ReportsOnRequest::new(self.client.clone())
    }

    /// Whether the client secret that is to take the place of another was accepted.
    #[must_use]
    pub fn accepted_new_secret(&self) -> bool {
        self.client.secret_in_use() == Some(SecretInUse::New)
    }

    /// Every settlement report Amazon lists now, with a document to download.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn list(&self) -> Result<Vec<(Report, ReportDocumentId)>, sp_api_client::Error> {
        self.listed(settlements()).await
    }

    /// As [`list`](Self::list), of the reports that were published in a window.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn list_within(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Report, ReportDocumentId)>, sp_api_client::Error> {
        self.listed(settlements().created_since(since).created_until(until)).await
    }

    async fn listed(
        &self,
        query: GetReports,
    ) -> Result<Vec<(Report, ReportDocumentId)>, sp_api_client::Error> {
        let reports: Vec<Report> =
            self.client.reports().get_reports_stream(query).try_collect().await?;
        Ok(reports
            .into_iter()
            .filter_map(|report| {
                let document = report.report_document_id.clone()?;
                Some((report, document))
            })
            .collect())
    }

    /// Downloads one document, inflated.
    ///
    /// # Errors
    /// The client's errors; a document that is cut short is an error, never a short answer.
    pub async fn download(
        &self,
        id: &ReportDocumentId,
    ) -> Result<Downloaded, sp_api_client::Error> {
        download(&self.client, id).await
    }
}

async fn download(
    client: &Client,
    id: &ReportDocumentId,
) -> Result<Downloaded, sp_api_client::Error> {
    let reports = client.reports();
    let document = reports.get_report_document(id).await?;
    let download = reports.download(&document).await?;
    let charset = download.charset().map(str::to_owned);
    let bytes = download.read_to_end(DOCUMENT_BYTES_MAX).await?;
    Ok(Downloaded { bytes: bytes.into(), charset })
}

/// The settlement reports that are ready.
fn settlements() -> GetReports {
    GetReports::of_types([SETTLEMENT_REPORT])
        .processing_statuses([ProcessingStatus::Done])
        .page_size(100)
}
