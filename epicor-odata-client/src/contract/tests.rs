use std::collections::BTreeSet;

use super::*;
use crate::client::builder::ClientBuilder;
use crate::credentials::{ApiKey, Identity};

const SERVICE: &str = "Erp.BO.APInvGrpSvc";

fn described(text: &str) -> ServiceDescription {
    ServiceDescription::read(SERVICE, text.as_bytes()).unwrap()
}

fn client(set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let identity = Identity::Basic { user: "connector".to_owned(), password: "x".into() };
    let base = "https://erp.example.com/KineticLive".parse().unwrap();
    set(Client::builder(base, "EPIC06", ApiKey::from("key"), identity)).build().unwrap()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn both_forms_of_openapi_are_read() {
    let second = described(
        r##"{"swagger": "2.0", "paths": {
            "/Erp.BO.APInvGrpSvc/UnlockGroup": {"post": {"parameters": [
                {"name": "parameters", "in": "body", "schema": {"$ref": "#/definitions/Unlock_input"}}]}},
            "/GetByID": {"get": {"parameters": [{"name": "groupID", "in": "query"}]}}},
           "definitions": {"Unlock_input": {"properties": {"InGroupID": {"type": "string"}}}}}"##,
    );
    let third = described(
        r##"{"openapi": "3.0.1", "paths": {
            "/UnlockGroup": {"post": {"requestBody": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Unlock_input"}}}}}},
            "/GetByID": {"get": {"parameters": [{"name": "groupID", "in": "query"}]},
                         "parameters": []}},
           "components": {"schemas": {"Unlock_input": {"properties": {"InGroupID": {}}}}}}"##,
    );
    assert_eq!(second, third);
    assert_eq!(second.parameters("UnlockGroup"), Some(&set(&["InGroupID"])));
    assert_eq!(second.parameters("GetByID"), Some(&set(&["groupID"])));
    for nothing in ["", "[]", "{}", "<html>", r#"{"paths": 3}"#] {
        assert_eq!(ServiceDescription::read(SERVICE, nothing.as_bytes()), None, "{nothing}");
    }
}

#[test]
fn what_is_wanted_unknown_or_gone_is_named() {
    let description = described(
        r#"{"paths": {
            "/DeleteByID": {"post": {"requestBody": {"content": {"application/json": {
                "schema": {"properties": {"groupID": {}, "force": {}}}}}}}},
            "/GetNewAPInvGrpNoLock": {"post": {"parameters": []}},
            "/PrePostGroupInvoices": {"post": {"parameters": [{"in": "query", "name": "PostGroupID"}]}},
            "/Update": {"post": {"parameters": [{"in": "query", "name": "ds"}]}}}}"#,
    );
    let told = |client: &Client| {
        description.differences(client).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let rest = [
        "Erp.BO.APInvGrpSvc/GetNewAPInvGrpNoLock does not know ds",
        "Erp.BO.APInvGrpSvc/UnlockGroup is not there",
    ];
    let all = [&["Erp.BO.APInvGrpSvc/DeleteByID also asks for force"], &rest[..]].concat();
    assert_eq!(told(&client(|builder| builder)), all);
    let told_more = client(|builder| {
        builder.further_parameter("Erp.BO.APInvGrpSvc/DeleteByID", "force", false)
    });
    assert_eq!(told(&told_more), rest);
}
