//! The selling account: login, rights, stores, orders, clock. Everything is a read.

mod orders;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus};
use sp_api_client::sellers_v1::MarketplaceParticipation;
use sp_api_client::{Client, Error, ErrorKind};

use super::clock::{self, Dated};
use super::{Finding, Part, Who, chain};
use crate::amazon::SETTLEMENT_REPORT;
use crate::config;
use crate::exit::Exit;

/// What is asked of the selling account.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Which orders become sales orders, where any do.
    pub orders: Option<&'a config::Orders>,
    /// Now.
    pub now: Timestamp,
}

impl Asked<'_> {
    /// Asks Amazon. The dated transport is the client's own.
    pub async fn findings(&self, client: &Client, dated: &Dated) -> Vec<Finding> {
        let mut findings = Vec::new();
        let logged_in = || Finding::ok(Part::Amazon, "login", "Amazon accepts the login");
        match read_settlements(client).await {
            Ok(()) => {
                findings.push(logged_in());
                let message = "settlement reports may be read";
                findings.push(Finding::ok(Part::Amazon, "settlements", message));
            }
            Err(error) if !is_an_answer(&error) => {
                findings.push(refusal("login", "", &error));
                return findings;
            }
            Err(error) => {
                findings.push(logged_in());
                findings.push(refusal("settlements", "Finance and Accounting", &error));
            }
        }
        match client.sellers().get_marketplace_participations().await {
            Ok(stores) => findings.push(marketplaces(&stores)),
            Err(error) => {
                // Settlements come without it.
                let told = refusal("marketplaces", "Selling Partner Insights", &error);
                let who = told.who().unwrap_or(Who::ItAdmin);
                findings.push(Finding::warning(Part::Amazon, "marketplaces", who, told.message));
            }
        }
        if let Some(setting) = self.orders {
            orders::findings(setting, client, self.now, &mut findings).await;
        }
        findings.push(clock::finding(Part::Amazon, dated.ahead()));
        findings
    }
}

/// A harmless read: one page of what a run reads anyway.
async fn read_settlements(client: &Client) -> Result<(), Error> {
    read_reports(client, SETTLEMENT_REPORT).await
}

/// One page of the reports of a type.
async fn read_reports(client: &Client, report_type: &str) -> Result<(), Error> {
    let query = GetReports::of_types([report_type])
        .processing_statuses([ProcessingStatus::Done])
        .page_size(10);
    let mut reports = std::pin::pin!(client.reports().get_reports_stream(query));
    reports.try_next().await.map(|_first| ())
}

/// Whether the login was good, and the answer is about the read.
fn is_an_answer(error: &Error) -> bool {
    use ErrorKind as Kind;
    !matches!(error.kind(), Kind::Login | Kind::Unauthorized | Kind::Unreachable | Kind::Insecure)
}

/// Why Amazon said no, and what it takes.
fn refusal(what: &'static str, role: &str, error: &Error) -> Finding {
    let text = chain(error);
    let act = match error.kind() {
        ErrorKind::Login if error.retryable() => (Who::ItAdmin, Exit::Failed),
        ErrorKind::Login => (Who::ItAdmin, Exit::NotAuthorised),
        ErrorKind::Unauthorized | ErrorKind::Forbidden => (Who::SellerCentral, Exit::NotAuthorised),
        ErrorKind::Throttled => (Who::ItAdmin, Exit::Throttled),
        ErrorKind::Insecure | ErrorKind::InvalidParameter => (Who::ItAdmin, Exit::Configuration),
        _ => (Who::ItAdmin, Exit::Failed),
    };
    let message = match error.kind() {
        ErrorKind::Forbidden if !role.is_empty() => format!(
            "{text}. It takes the role \"{role}\": add it to the application and authorise the \
             application again"
        ),
        _ => text,
    };
    Finding::failed(Part::Amazon, what, act, message)
}

/// Where the account sells.
fn marketplaces(stores: &[MarketplaceParticipation]) -> Finding {
    let selling = stores.iter().filter(|store| store.participation.is_participating);
    let (mut names, mut suspended) = (Vec::new(), Vec::new());
    for store in selling {
        let marketplace = &store.marketplace;
        let currency = marketplace.default_currency_code.as_deref().unwrap_or("?");
        names.push(format!("{} ({currency})", marketplace.domain_name));
        if store.participation.has_suspended_listings {
            suspended.push(marketplace.domain_name.as_str());
        }
    }
    let warning =
        |message| Finding::warning(Part::Amazon, "marketplaces", Who::SellerCentral, message);
    if names.is_empty() {
        return warning(
            "the account sells in no store of this region; check `region` and which account \
             authorised the application"
                .to_owned(),
        );
    }
    let names = names.join(", ");
    if suspended.is_empty() {
        return Finding::ok(Part::Amazon, "marketplaces", format!("the account sells in {names}"));
    }
    let suspended = suspended.join(", ");
    warning(format!("the account sells in {names}; Amazon has suspended offers in {suspended}"))
}
