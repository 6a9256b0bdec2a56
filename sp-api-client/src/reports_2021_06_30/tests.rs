use serde_json::json;

use super::cancel_report::CancelReport;
use super::schedules::{CancelReportSchedule, GetReportSchedule, GetReportSchedules};
use super::*;
use crate::Error;
use crate::client::call::testing::{body, line};

#[test]
fn what_is_asked_for() {
    let report = CreateReport::new("T", ["M1", "M2"])
        .data_from("2026-11-01T00:00:00Z".parse().unwrap())
        .data_until("2026-11-08T00:00:00+01:00".parse().unwrap())
        .option("custom", "true");
    assert_eq!(line(&report).unwrap(), "POST /reports/2021-06-30/reports");
    let expected = json!({
        "reportType": "T", "marketplaceIds": ["M1", "M2"],
        "dataStartTime": "2026-11-01T00:00:00Z", "dataEndTime": "2026-11-07T23:00:00Z",
        "reportOptions": {"custom": "true"},
    });
    assert_eq!(body(&report), expected);
    let least = CreateReport::new("T", ["M"]);
    assert_eq!(body(&least), json!({"reportType": "T", "marketplaceIds": ["M"]}));

    let schedule = CreateReportSchedule::new("T", ["M"], SchedulePeriod::EightHours);
    assert_eq!(line(&schedule).unwrap(), "POST /reports/2021-06-30/schedules");
    let expected = json!({"reportType": "T", "marketplaceIds": ["M"], "period": "PT8H"});
    assert_eq!(body(&schedule), expected);
}

#[test]
fn where_it_is_asked() {
    let (report, schedule) = (ReportId::new("1/2"), ReportScheduleId::new("3 4"));
    for (asked, expected) in [
        (line(&CancelReport(&report)), "DELETE /reports/2021-06-30/reports/1%2F2"),
        (line(&GetReportSchedule(&schedule)), "GET /reports/2021-06-30/schedules/3%204"),
        (line(&CancelReportSchedule(&schedule)), "DELETE /reports/2021-06-30/schedules/3%204"),
        (
            line(&GetReportSchedules(vec!["A".to_owned(), "B".to_owned()])),
            "GET /reports/2021-06-30/schedules?reportTypes=A%2CB",
        ),
    ] {
        assert_eq!(asked.unwrap(), expected);
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let (early, late) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
    let many = (0..26).map(|number| number.to_string());
    for (asked, expected) in [
        (line(&CreateReport::new("", ["M"])), "reportType"),
        (
            line(&CreateReport::new("GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2", ["M"])),
            "reportType",
        ),
        (line(&CreateReport::new("T", [""; 0])), "marketplaceIds"),
        (line(&CreateReport::new("T", many)), "marketplaceIds"),
        (line(&CreateReport::new("T", ["M"]).data_from(late).data_until(early)), "dataEndTime"),
        (line(&GetReportSchedules(vec![])), "reportTypes"),
        (line(&CancelReport(&ReportId::new(".."))), "reportId"),
        (line(&GetReportSchedule(&ReportScheduleId::new(""))), "reportScheduleId"),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}
