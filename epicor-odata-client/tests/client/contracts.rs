//! Every method, parameter and column we send is checked against the published schemas, where
//! `EPICOR_SCHEMAS` names their folder.

use std::collections::BTreeSet;

use crate::schemas::schema;
use crate::support::*;
use epicor_odata_client::gl_journal::{GlAccount, PostedQuery};
use jiff::civil::date;
use serde_json::Value;

/// Makes every request the client knows.
async fn call_everything(kinetic: &Kinetic) {
    let client = kinetic.client();
    let journals = client.gl_journals();
    let query = PostedQuery {
        group_id: group_id(),
        token: "ML7Q2K9X4ABC".to_owned(),
        je_date_from: date(2026, 5, 1),
    };
    client.ping().await.unwrap();
    journals.create_group(&new_group()).await.unwrap();
    journals.create_journal(&group_id(), &new_journal()).await.unwrap();
    journals.unlock_group(&group_id()).await.unwrap();
    journals.post_group(&group_id()).await.unwrap();
    journals.posted(&query).await.unwrap();
    journals.group(&group_id()).await.unwrap();
    journals.remove_unposted(&group_id()).await.unwrap();
    client.book_periods().holding("MAIN", date(2026, 5, 31)).await.unwrap();
    client.gl_books().all().await.unwrap();
    let account = GlAccount::parse("5100-00", '-').unwrap();
    client.gl_accounts().states("MainCOA", &[account]).await.unwrap();
}

fn names(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => BTreeSet::new(),
    }
}

/// The columns a query names: those selected, ordered by, and compared in the filter.
fn columns_of(asked: &Asked) -> BTreeSet<String> {
    let filter = asked.option("$filter").replace("startswith(", " ").replace(['(', ','], " ");
    let words: Vec<&str> = filter.split_whitespace().collect();
    let operators = ["eq", "ge", "le"];
    let compared = words.windows(2).filter(|pair| operators.contains(&pair[1])).map(|pair| pair[0]);
    let listed = ["$select", "$orderby"].into_iter().flat_map(|name| asked.option(name).split(','));
    let function = filter.contains("Description").then_some("Description");
    let all = compared.chain(listed).chain(function);
    all.filter(|column| !column.is_empty()).map(str::to_owned).collect()
}

fn check_read(asked: &Asked, contract: &Value, set: &str) {
    let facts = &contract["entity_sets"][set];
    let known = names(&contract["tables"][facts["row"].as_str().unwrap()]);
    let used = columns_of(asked);
    assert!(!used.is_empty() && used.is_subset(&known), "{set}: {:?}", &used - &known);
    if asked.option("$top") != "1" {
        let mut order: BTreeSet<String> =
            asked.option("$orderby").split(',').map(str::to_owned).collect();
        order.insert("Company".to_owned());
        assert!(names(&facts["key"]).is_subset(&order), "{set}: {order:?} is not the whole key");
    }
}

fn check_method(asked: &Asked, contract: &Value, method: &str) {
    let methods = contract["methods"].as_array().unwrap();
    let facts = methods.iter().find(|facts| facts["name"] == method);
    let facts = facts.unwrap_or_else(|| panic!("{} is no method", asked.operation));
    assert_eq!(facts["http"], "POST", "{}", asked.operation);
    assert_eq!(names(&asked.body), names(&facts["required"]), "{}", asked.operation);
    for (table, rows) in asked.body["ds"].as_object().into_iter().flatten() {
        let known = names(&contract["tables"][format!("{table}Row")]);
        for row in rows.as_array().unwrap() {
            let unknown = &names(row) - &known;
            assert!(unknown.is_empty(), "{}: {table} has no {unknown:?}", asked.operation);
        }
    }
}

#[tokio::test]
async fn what_we_send_is_in_the_contracts() {
    let kinetic = Kinetic::start().await;
    call_everything(&kinetic).await;
    let mut checked = BTreeSet::new();
    for asked in kinetic.asked().await {
        let (service, name) = asked.operation.split_once('/').unwrap();
        let Some(contract) = schema(service) else { return };
        if asked.body.is_null() {
            check_read(&asked, &contract, name);
        } else {
            check_method(&asked, &contract, name);
        }
        checked.insert(asked.operation);
    }
    assert_eq!(checked.len(), 22, "{checked:#?}");
}

#[tokio::test]
async fn a_journal_takes_eleven_to_fourteen_requests() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    let journals = client.gl_journals();
    journals.create_group(&new_group()).await.unwrap();
    journals.create_journal(&group_id(), &new_journal()).await.unwrap();
    journals.unlock_group(&group_id()).await.unwrap();
    journals.post_group(&group_id()).await.unwrap();
    assert_eq!(kinetic.asked().await.len(), 14);
}
