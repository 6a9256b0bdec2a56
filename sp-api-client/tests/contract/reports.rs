//! Reports 2021-06-30.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::reports_2021_06_30::{
    CreateReport, CreateReportSchedule, GetReports, ProcessingStatus, ReportDocumentId, ReportId,
    ReportScheduleId, SchedulePeriod,
};

use crate::service::check;

#[tokio::test]
async fn get_reports() {
    let query = GetReports::of_types(["FEE_DISCOUNTS_REPORT"])
        .processing_statuses([ProcessingStatus::InQueue, ProcessingStatus::InProgress])
        .marketplace_ids(["ATVPDKIKX0DER"])
        .page_size(100)
        .created_since("2026-11-01T00:00:00Z".parse().unwrap())
        .created_until("2026-11-02T00:00:00Z".parse().unwrap());
    let call = async |client: &Client| {
        let page = client.reports().get_reports(&query).await?;
        Ok(json!({"reports": page.items, "nextToken": page.next_token}))
    };
    check("reports_2021-06-30/getReports", call, &[]).await;
}

#[tokio::test]
async fn get_report() {
    let call = async |client: &Client| {
        Ok(json!(client.reports().get_report(&ReportId::new("ID323")).await?))
    };
    check("reports_2021-06-30/getReport", call, &[]).await;
}

#[tokio::test]
async fn get_report_document() {
    let call = async |client: &Client| {
        let id = ReportDocumentId::new("0356cf79-b8b0-4226-b4b9-0ee058ea5760");
        let document = client.reports().get_report_document(&id).await?;
        let (id, url) = (document.id(), document.url().as_str());
        let compression = document.compression();
        Ok(json!({"reportDocumentId": id, "url": url, "compressionAlgorithm": compression}))
    };
    check("reports_2021-06-30/getReportDocument", call, &[]).await;
}

#[tokio::test]
async fn create_report() {
    let report = CreateReport::new("GET_MERCHANT_LISTINGS_ALL_DATA", ["A1PA6795UKMFR9"])
        .data_from("2026-11-01T00:00:00Z".parse().unwrap())
        .data_until("2026-11-02T00:00:00Z".parse().unwrap())
        .option("custom", "true");
    let call = async |client: &Client| {
        Ok(json!({"reportId": client.reports().create_report(&report).await?}))
    };
    check("reports_2021-06-30/createReport", call, &[]).await;
}

#[tokio::test]
async fn cancel_report() {
    let call = async |client: &Client| {
        client.reports().cancel_report(&ReportId::new("ID")).await?;
        Ok(json!(null))
    };
    check("reports_2021-06-30/cancelReport", call, &[]).await;
}

#[tokio::test]
async fn get_report_schedules() {
    let call = async |client: &Client| {
        let schedules = client.reports().get_report_schedules(["FEE_DISCOUNTS_REPORT"]).await?;
        Ok(json!({"reportSchedules": schedules}))
    };
    check("reports_2021-06-30/getReportSchedules", call, &[]).await;
}

#[tokio::test]
async fn create_report_schedule() {
    let schedule =
        CreateReportSchedule::new("FEE_DISCOUNTS_REPORT", ["M"], SchedulePeriod::FiveMinutes)
            .first_at("2026-11-01T00:00:00Z".parse().unwrap());
    let call = async |client: &Client| {
        let id = client.reports().create_report_schedule(&schedule).await?;
        Ok(json!({"reportScheduleId": id}))
    };
    check("reports_2021-06-30/createReportSchedule", call, &[]).await;
}

#[tokio::test]
async fn get_report_schedule() {
    let call = async |client: &Client| {
        Ok(json!(client.reports().get_report_schedule(&ReportScheduleId::new("ID")).await?))
    };
    check("reports_2021-06-30/getReportSchedule", call, &[]).await;
}

#[tokio::test]
async fn cancel_report_schedule() {
    let call = async |client: &Client| {
        client.reports().cancel_report_schedule(&ReportScheduleId::new("ID")).await?;
        Ok(json!(null))
    };
    check("reports_2021-06-30/cancelReportSchedule", call, &[]).await;
}
